//! How elements lie in buffers, and the types that kernels compute in. Bytes are the CPU's: types below 32 bits are packed
//! several to a word, and kernels see them through functions that take them out and put them in.

use storage::{DType, Scalar};

/// What a kernel computes in. Halves are computed as `F32`; `bool` and small whole numbers as `I32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    F32,
    I32,
    I64,
    F64,
}

impl Kind {
    /// What elements of `dtype` are computed in.
    pub(crate) fn of(dtype: DType) -> Kind {
        match dtype {
            DType::Bool | DType::U8 | DType::I8 | DType::I16 | DType::I32 => Kind::I32,
            DType::I64 => Kind::I64,
            DType::F16 | DType::BF16 | DType::F32 => Kind::F32,
            DType::F64 => Kind::F64,
        }
    }

    /// The name in WGSL.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::F32 => "f32",
            Kind::I32 => "i32",
            Kind::I64 => "Long",
            Kind::F64 => "f64",
        }
    }

    pub(crate) fn is_float(self) -> bool {
        matches!(self, Kind::F32 | Kind::F64)
    }

    /// A number as this type's bits in parameter words.
    pub(crate) fn words(self, number: Scalar) -> [u32; 2] {
        let wide = |bits: u64| [bits as u32, (bits >> 32) as u32];
        match self {
            Kind::F32 => [(number.to_f64() as f32).to_bits(), 0],
            Kind::I32 => [number.to_i64() as u32, 0],
            Kind::I64 => wide(number.to_i64() as u64),
            Kind::F64 => wide(number.to_f64().to_bits()),
        }
    }
}

/// Elements per word; one where an element has a word of its own, or two.
pub(crate) fn lanes(dtype: DType) -> usize {
    (4 / dtype.size()).max(1)
}

/// The element type of a buffer's array.
pub(crate) fn stored(dtype: DType) -> &'static str {
    match dtype {
        DType::F32 => "f32",
        DType::I32 => "i32",
        DType::I64 => "Long",
        DType::F64 => "f64",
        DType::Bool | DType::U8 | DType::I8 | DType::I16 | DType::F16 | DType::BF16 => "u32",
    }
}

/// An expression that takes the element at `i` out of the word that `fetch` gives for a word's index, in its own kind.
pub(crate) fn decode(dtype: DType, fetch: impl Fn(&str) -> String) -> String {
    match dtype {
        DType::F32 | DType::I32 | DType::I64 | DType::F64 => fetch("i"),
        DType::Bool | DType::U8 => format!("i32(extractBits({}, (i & 3u) * 8u, 8u))", fetch("i >> 2u")),
        DType::I8 => format!("extractBits(bitcast<i32>({}), (i & 3u) * 8u, 8u)", fetch("i >> 2u")),
        DType::I16 => format!("extractBits(bitcast<i32>({}), (i & 1u) * 16u, 16u)", fetch("i >> 1u")),
        DType::F16 => format!("half_in(extractBits({}, (i & 1u) * 16u, 16u))", fetch("i >> 1u")),
        DType::BF16 => format!("bitcast<f32>(extractBits({}, (i & 1u) * 16u, 16u) << 16u)", fetch("i >> 1u")),
    }
}

/// An expression of `dtype`'s own kind, or the bits in a word's lowest place, for the value `v` of `kind`.
pub(crate) fn encode(dtype: DType, kind: Kind) -> String {
    let own = cast("v", kind, Kind::of(dtype));
    match dtype {
        DType::F32 | DType::I32 | DType::I64 | DType::F64 => own,
        DType::Bool => format!("select(0u, 1u, {})", is_nonzero("v", kind)),
        DType::U8 | DType::I8 => format!("(bitcast<u32>({own}) & 0xffu)"),
        DType::I16 => format!("(bitcast<u32>({own}) & 0xffffu)"),
        DType::F16 => format!("half_out({own})"),
        DType::BF16 => format!("brain_out({own})"),
    }
}

/// The expression `x` of kind `from` as kind `to`.
pub(crate) fn cast(x: &str, from: Kind, to: Kind) -> String {
    match (from, to) {
        _ if from == to => x.to_string(),
        (Kind::I32, Kind::I64) => format!("widened({x})"),
        (Kind::I64, Kind::I32) => format!("narrowed({x})"),
        (Kind::F32, Kind::I64) => format!("long_of({x})"),
        (Kind::I64, Kind::F32) => format!("float_of({x})"),
        _ => format!("{}({x})", to.name()),
    }
}

/// Whether `x` differs from zero; NaN does, which compilers may not believe unless they look at bits.
pub(crate) fn is_nonzero(x: &str, kind: Kind) -> String {
    match kind {
        Kind::F32 => format!("((bitcast<u32>({x}) << 1u) != 0u)"),
        Kind::F64 => format!("((bitcast<u64>({x}) << 1u) != 0lu)"),
        Kind::I32 => format!("({x} != 0i)"),
        Kind::I64 => format!("is_set({x})"),
    }
}

/// The conversions between halves and `f32`, bit for bit: the shading language leaves their rounding open.
pub(crate) const HALVES: &str = include_str!("../shaders/halves.wgsl");
