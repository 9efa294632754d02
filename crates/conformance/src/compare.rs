//! Whether a tensor is what PyTorch got: dtype, shape, strides, memory, and elements within a tolerance. It knows no
//! operation; which tolerance and which strides count is the suite's choice.

use crate::fixture::{Elements, Expected, sampled_place};
use tensor_core::{DType, Element, Tensor, bf16, f16};

/// How far elements may lie from PyTorch's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// Every bit the same, but for the bits of a NaN.
    Exact,
    /// At most this many units in the last place of the dtype, plus an absolute difference.
    Near {
        /// Units in the last place of PyTorch's element.
        ulps: f64,
        /// Added to it: for sums, whose rounding errors grow with the terms and not with the result.
        absolute: f64,
    },
}

/// The bits of all elements, row-major.
pub fn bits(x: &Tensor) -> Vec<u64> {
    fn each<T: Element>(x: &Tensor, bits: impl Fn(T) -> u64) -> Vec<u64> {
        x.to_vec::<T>().into_iter().map(bits).collect()
    }
    match x.dtype() {
        DType::Bool => each::<bool>(x, u64::from),
        DType::U8 => each::<u8>(x, u64::from),
        DType::I8 => each::<i8>(x, |x| x as u8 as u64),
        DType::I16 => each::<i16>(x, |x| x as u16 as u64),
        DType::I32 => each::<i32>(x, |x| x as u32 as u64),
        DType::I64 => each::<i64>(x, |x| x as u64),
        DType::F16 => each::<f16>(x, |x| x.to_bits() as u64),
        DType::BF16 => each::<bf16>(x, |x| x.to_bits() as u64),
        DType::F32 => each::<f32>(x, |x| x.to_bits() as u64),
        DType::F64 => each::<f64>(x, f64::to_bits),
    }
}

/// An element's value from its bits.
pub fn value(dtype: DType, bits: u64) -> f64 {
    match dtype {
        DType::Bool => (bits != 0) as u8 as f64,
        DType::U8 => bits as u8 as f64,
        DType::I8 => bits as u8 as i8 as f64,
        DType::I16 => bits as u16 as i16 as f64,
        DType::I32 => bits as u32 as i32 as f64,
        DType::I64 => bits as i64 as f64,
        DType::F16 => f16::from_bits(bits as u16).to_f64(),
        DType::BF16 => bf16::from_bits(bits as u16).to_f64(),
        DType::F32 => f32::from_bits(bits as u32) as f64,
        DType::F64 => f64::from_bits(bits),
    }
}

/// The distance between neighbouring numbers of a dtype at `x`.
///
/// ```
/// use conformance::compare::ulp;
/// use tensor_core::DType;
/// assert_eq!(ulp(DType::F32, 1.5), f32::EPSILON as f64);
/// assert_eq!(ulp(DType::F16, 0.0), 2f64.powi(-24));
/// ```
pub fn ulp(dtype: DType, x: f64) -> f64 {
    // Digits after the leading one, and the exponent of the smallest normal number.
    let (digits, least) = match dtype {
        DType::F16 => (10, -14),
        DType::BF16 => (7, -126),
        DType::F32 => (23, -126),
        DType::F64 => (52, -1022),
        _ => return 1.0,
    };
    let exponent = if x == 0.0 || !x.is_finite() { least } else { (x.abs().log2().floor() as i32).max(least) };
    // In two steps: 2⁻¹⁰⁷⁴ is a number, but `powi` would find it as one over infinity.
    2f64.powi(exponent + 60) * 2f64.powi(-digits - 60)
}

/// Whether one element is near enough to PyTorch's.
pub fn is_near(dtype: DType, got: u64, want: u64, tolerance: Tolerance) -> bool {
    if got == want {
        return true;
    }
    let (x, y) = (value(dtype, got), value(dtype, want));
    if !dtype.is_floating_point() {
        return false;
    }
    if x.is_nan() || y.is_nan() {
        return x.is_nan() && y.is_nan();
    }
    match tolerance {
        Tolerance::Exact => false,
        Tolerance::Near { ulps, absolute } => {
            x == y || (x.is_finite() && y.is_finite() && (x - y).abs() <= ulps * ulp(dtype, y) + absolute)
        }
    }
}

/// The CRC-32 of bytes, as in zlib (reflected polynomial 0xEDB88320).
///
/// ```
/// assert_eq!(conformance::compare::crc32(b"123456789"), 0xCBF4_3926);
/// ```
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ *byte as u32, |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

/// What of `got` is not as expected, besides strides; `None` if nothing.
pub fn difference(got: &Tensor, want: &Expected, tolerance: Tolerance) -> Option<String> {
    if got.dtype() != want.dtype {
        return Some(format!("dtype {} instead of {}", got.dtype().name(), want.dtype.name()));
    }
    if got.shape()[..] != want.shape[..] {
        return Some(format!("shape {:?} instead of {:?}", got.shape(), want.shape));
    }
    let (dtype, all) = (want.dtype, bits(got));
    let (got, want): (Vec<u64>, &Vec<u64>) = match &want.elements {
        Elements::All(want) => (all, want),
        Elements::Sampled(crc, want) => {
            if tolerance == Tolerance::Exact {
                let bytes: Vec<u8> = all.iter().flat_map(|bits| bits.to_le_bytes()[..dtype.size()].to_vec()).collect();
                if crc32(&bytes) != *crc {
                    let places: Vec<u64> = (0..want.len()).map(|k| all[sampled_place(k, all.len())]).collect();
                    return Some(first_apart(dtype, &places, want, tolerance).unwrap_or("another CRC-32".into()));
                }
            }
            ((0..want.len()).map(|k| all[sampled_place(k, all.len())]).collect(), want)
        }
    };
    if got.len() != want.len() {
        return Some(format!("{} elements instead of {}", got.len(), want.len()));
    }
    first_apart(dtype, &got, want, tolerance)
}

fn first_apart(dtype: DType, got: &[u64], want: &[u64], tolerance: Tolerance) -> Option<String> {
    let apart: Vec<usize> = (0..want.len()).filter(|i| !is_near(dtype, got[*i], want[*i], tolerance)).collect();
    let i = *apart.first()?;
    let (x, y) = (value(dtype, got[i]), value(dtype, want[i]));
    let worst = apart.iter().map(|i| {
        let (x, y) = (value(dtype, got[*i]), value(dtype, want[*i]));
        (x - y).abs() / ulp(dtype, y)
    });
    let worst = worst.fold(0.0, f64::max);
    Some(format!("{} elements differ, first [{i}]: {x:?} instead of {y:?}; worst {worst:.1} ulp", apart.len()))
}
