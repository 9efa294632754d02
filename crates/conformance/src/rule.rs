//! Elements made by rule, so that a short text describes an input and fixtures hold results only. The same rules, in Python,
//! are `fixtures/value_inputs.py`; that they agree is tested by every case of the values suite. It knows no layouts.

use tensor_core::{DType, Device, Element, Scalar, Tensor, bf16, f16};

/// The dtype that fixtures call `name`: `b u8 i8 i16 i32 i64 f16 bf16 f32 f64`.
///
/// ```
/// assert_eq!(conformance::rule::dtype("bf16"), tensor_core::DType::BF16);
/// ```
///
/// # Panics
/// If the name is none of them.
pub fn dtype(name: &str) -> DType {
    match name {
        "b" => DType::Bool,
        "u8" => DType::U8,
        "i8" => DType::I8,
        "i16" => DType::I16,
        "i32" => DType::I32,
        "i64" => DType::I64,
        "f16" => DType::F16,
        "bf16" => DType::BF16,
        "f32" => DType::F32,
        "f64" => DType::F64,
        _ => panic!("no dtype is called {name:?}"),
    }
}

/// A hash of an element's number and the seed: Wellons' `lowbias32`
/// (<https://nullprogram.com/blog/2018/07/31/>) of a linear combination.
fn hash(i: usize, seed: u32) -> u32 {
    let mut h = (i as u32).wrapping_mul(0x9E37_79B9).wrapping_add(seed.wrapping_mul(0x85EB_CA6B));
    h = (h ^ (h >> 16)).wrapping_mul(0x7FEB_352D);
    h = (h ^ (h >> 15)).wrapping_mul(0x846C_A68B);
    h ^ (h >> 16)
}

/// Numbers at which functions and conversions are most likely to go wrong.
fn specials(dtype: DType) -> Vec<Scalar> {
    let (least, most) = match dtype {
        DType::Bool => return vec![Scalar::Bool(false), Scalar::Bool(true)],
        DType::U8 => (0, u8::MAX as i64),
        DType::I8 => (i8::MIN as i64, i8::MAX as i64),
        DType::I16 => (i16::MIN as i64, i16::MAX as i64),
        DType::I32 => (i32::MIN as i64, i32::MAX as i64),
        DType::I64 => (i64::MIN, i64::MAX),
        DType::F16 | DType::BF16 | DType::F32 | DType::F64 => {
            let (most, tiny) = match dtype {
                DType::F16 => (f16::MAX.to_f64(), f16::MIN_POSITIVE.to_f64()),
                DType::BF16 => (bf16::MAX.to_f64(), bf16::MIN_POSITIVE.to_f64()),
                DType::F32 => (f32::MAX as f64, f32::MIN_POSITIVE as f64),
                _ => (f64::MAX, f64::MIN_POSITIVE),
            };
            let plain = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.0, -7.0, 0.25];
            let all = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].into_iter().chain(plain);
            return all.chain([most, -most, tiny, tiny / 4.0]).map(Scalar::Float).collect();
        }
    };
    [0, 1, 2, 3, 7, most, least, most - 1, least + 1].map(Scalar::Int).to_vec()
}

/// Element `i` by `rule`.
fn element(dtype: DType, rule: &str, seed: u32, i: usize) -> Scalar {
    let bounds = || rule[1..].split_once('~').expect("two bounds");
    match rule.as_bytes()[0] {
        b'c' => Scalar::Int(i as i64 + seed as i64),
        kind @ (b's' | b't') => {
            let mut values = specials(dtype);
            values.truncate(if kind == b't' { 16 } else { usize::MAX });
            values[i / seed as usize % values.len()]
        }
        b'=' => Scalar::Int(rule[1..].split(',').nth(i).expect("enough numbers").parse().expect("a number")),
        b'k' => {
            let (low, high): (i64, i64) =
                (bounds().0.parse().expect("a number"), bounds().1.parse().expect("a number"));
            Scalar::Int(hash(i, seed) as i64 % (high - low) + low)
        }
        b'u' if dtype == DType::Bool => Scalar::Bool(hash(i, seed) >> 31 == 1),
        b'u' => {
            let (low, high): (f64, f64) =
                (bounds().0.parse().expect("a number"), bounds().1.parse().expect("a number"));
            let value = low + (high - low) * (hash(i, seed) as f64 / 4_294_967_296.0);
            if dtype.is_floating_point() { Scalar::Float(value) } else { Scalar::Int(value.floor() as i64) }
        }
        _ => panic!("no rule is called {rule:?}"),
    }
}

/// A vector of `count` elements made by `rule`:
///
/// - `uLO~HI`: reals, evenly from LO to HI, by a hash of the element's number and the seed; rounded down for whole numbers, one
///   bit of the hash for `bool`;
/// - `kLO~HI`: whole numbers from LO to HI − 1, by the same hash;
/// - `c`: the element's number plus the seed;
/// - `s`: the dtype's special values (NaN, infinities, zeros, the largest …), each repeated `seed` times;
/// - `t`: the first 16 of them, without the largest and the smallest;
/// - `=A,B,C`: these whole numbers.
///
/// ```
/// use tensor_core::DType;
/// let x = conformance::rule::vector(DType::F32, "c", 1, 3, ops_cpu::cpu());
/// assert_eq!(x.to_vec::<f32>(), [1.0, 2.0, 3.0]);
/// ```
///
/// # Panics
/// If the rule is none of these.
pub fn vector(dtype: DType, rule: &str, seed: u32, count: usize, device: &'static dyn Device) -> Tensor {
    fn make<T: Element>(rule: &str, seed: u32, count: usize, device: &'static dyn Device) -> Tensor {
        let data = (0..count).map(|i| T::from_scalar(element(T::DTYPE, rule, seed, i))).collect();
        Tensor::from_vec::<T>(data, [count], device)
    }
    match dtype {
        DType::Bool => make::<bool>(rule, seed, count, device),
        DType::U8 => make::<u8>(rule, seed, count, device),
        DType::I8 => make::<i8>(rule, seed, count, device),
        DType::I16 => make::<i16>(rule, seed, count, device),
        DType::I32 => make::<i32>(rule, seed, count, device),
        DType::I64 => make::<i64>(rule, seed, count, device),
        DType::F16 => make::<f16>(rule, seed, count, device),
        DType::BF16 => make::<bf16>(rule, seed, count, device),
        DType::F32 => make::<f32>(rule, seed, count, device),
        DType::F64 => make::<f64>(rule, seed, count, device),
    }
}
