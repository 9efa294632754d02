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

/// How a kernel sees the array behind an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Element by element.
    Elements,
    /// Four neighbours at once, too: `x_quad(q)` gives the elements from position 4q on. An output has `y_quad_put(q, v)` alone.
    Quads,
    /// As `Quads`, of `float16` as the language's own numbers of 16 bits, which adapters need not have.
    #[cfg(feature = "cooperative")]
    Halves,
}

impl View {
    /// The type of the array's items for elements of `dtype`.
    pub(crate) fn item(self, dtype: DType) -> String {
        match (self, lanes(dtype)) {
            (View::Elements, _) | (View::Quads, 4) => stored(dtype).to_string(),
            (View::Quads, 2) => "vec2<u32>".to_string(),
            (View::Quads, _) => format!("vec4<{}>", stored(dtype)),
            #[cfg(feature = "cooperative")]
            (View::Halves, _) => "vec4<f16>".to_string(),
        }
    }

    /// The word of number `at`, an expression of the element's position `i`, of the operand `name`.
    pub(crate) fn word(self, name: &str, dtype: DType, at: &str) -> String {
        match (self, lanes(dtype)) {
            (View::Elements, _) => format!("{name}_[{at}]"),
            (_, 4) => format!("{name}_[i >> 2u]"),
            (_, lanes) => format!("{name}_[i >> 2u][({at}) & {}u]", 4 / lanes - 1),
        }
    }
}

/// Which word of a quad each of its elements is in.
fn words_of_quad(dtype: DType, quad: &str) -> [String; 4] {
    match lanes(dtype) {
        2 => ["x", "x", "y", "y"].map(|part| format!("{quad}.{part}")),
        4 => [(); 4].map(|()| quad.to_string()),
        _ => ["x", "y", "z", "w"].map(|part| format!("{quad}.{part}")),
    }
}

/// The function that reads four neighbours of an operand seen in quads.
pub(crate) fn quad_reader(name: &str, dtype: DType, kind: Kind) -> String {
    let k = kind.name();
    if lanes(dtype) == 1 {
        debug_assert_eq!(Kind::of(dtype), kind, "quads are of the kind that is computed in");
        return format!("fn {name}_quad(q: u32) -> vec4<{k}> {{ return {name}_[q]; }}\n");
    }
    let [a, b, c, d] = words_of_quad(dtype, "quad");
    let value = cast(&decode(dtype, |_| "word".to_string()), Kind::of(dtype), kind);
    format!(
        "fn {name}_of(word: u32, i: u32) -> {k} {{ return {value}; }}\n\
         fn {name}_quad(q: u32) -> vec4<{k}> {{\n    let quad = {name}_[q];\n    \
         return vec4<{k}>({name}_of({a}, 0u), {name}_of({b}, 1u), {name}_of({c}, 2u), {name}_of({d}, 3u));\n}}\n"
    )
}

/// The function that writes four neighbours of an output seen in quads.
pub(crate) fn quad_writer(name: &str, dtype: DType, kind: Kind) -> String {
    let (k, encoded) = (kind.name(), encode(dtype, kind));
    let bits = |part: &str, shift: u32| format!("({name}_bits(v.{part}) << {shift}u)");
    let value = match lanes(dtype) {
        1 => format!("vec4({})", ["x", "y", "z", "w"].map(|part| format!("{name}_bits(v.{part})")).join(", ")),
        2 => format!("vec2({} | {}, {} | {})", bits("x", 0), bits("y", 16), bits("z", 0), bits("w", 16)),
        _ => [("x", 0), ("y", 8), ("z", 16), ("w", 24)].map(|(part, shift)| bits(part, shift)).join(" | "),
    };
    format!(
        "fn {name}_bits(v: {k}) -> {} {{ return {encoded}; }}\n\
         fn {name}_quad_put(q: u32, v: vec4<{k}>) {{ {name}_[q] = {value}; }}\n",
        stored(dtype)
    )
}

/// The conversions between halves and `f32`, bit for bit: the shading language leaves their rounding open.
pub(crate) const HALVES: &str = include_str!("../shaders/halves.wgsl");
