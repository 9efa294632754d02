//! Integers: `randint` and the three forms of `random_`, for all ten dtypes.
//!
//! A draw is a word, or two for a wide range, modulo the range: no value is rejected, so that every value takes the
//! same number of words. Ranges that a dtype cannot hold are the caller's to refuse.
//!
//! Source: PyTorch 2.15, `random_from_to`, `random_full_64_bits_range` and `random_kernel`.

use half::{bf16, f16};
use tensor_core::random::Mt19937;

use super::{fill_u32, fill_u64, sealed};

/// Ranges of at least this many values take two words for a value.
const WIDE_RANGE: u64 = 1 << 28;

/// A dtype that integers can be drawn for: all ten.
pub trait IntegerTarget: Copy + PartialEq + sealed::Sealed + Send + Sync + 'static {
    /// The bits of a floating dtype's significand, counting the hidden one; `None` for an integer dtype.
    const DIGITS: Option<u32>;
    /// How many values, from 0 up, `random_()` without bounds draws from.
    const RANDOM_RANGE: u64;
    /// The largest value of an integer dtype, and 2^digits for a floating one: where `random_(lo, None)` ends.
    const LAST: i64;

    /// The value cast to the dtype: wrapped (integers), compared with 0 (bool), or rounded (the half types twice, by
    /// way of f32).
    fn from_i64(value: i64) -> Self;

    /// The nearest integer towards zero, or the least i64 where there is none, which is what x86 conversions give.
    fn to_i64(self) -> i64;
}

macro_rules! integer {
    ($t:ty, $last:expr, $from:expr) => {
        impl IntegerTarget for $t {
            const DIGITS: Option<u32> = None;
            const RANDOM_RANGE: u64 = ($last as u64).wrapping_add(1);
            const LAST: i64 = $last as i64;
            #[inline(always)]
            fn from_i64(value: i64) -> Self {
                $from(value)
            }
            #[inline(always)]
            fn to_i64(self) -> i64 {
                self as i64
            }
        }
    };
}
integer!(bool, 1, |v| v != 0);
integer!(u8, u8::MAX, |v| v as u8);
integer!(i8, i8::MAX, |v| v as i8);
integer!(i16, i16::MAX, |v| v as i16);
integer!(i32, i32::MAX, |v| v as i32);
integer!(i64, i64::MAX, |v| v);

macro_rules! float {
    ($t:ty, $digits:expr, $from:expr) => {
        impl IntegerTarget for $t {
            const DIGITS: Option<u32> = Some($digits);
            const RANDOM_RANGE: u64 = (1 << $digits) + 1;
            const LAST: i64 = 1 << $digits;
            #[inline(always)]
            fn from_i64(value: i64) -> Self {
                $from(value)
            }
            #[inline(always)]
            fn to_i64(self) -> i64 {
                let value = f64::from(self);
                // 2^63 is the first double beyond the range; `as` would saturate.
                if value < 9_223_372_036_854_775_808.0 { value as i64 } else { i64::MIN }
            }
        }
    };
}
float!(f32, f32::MANTISSA_DIGITS, |v| v as f32);
float!(f64, f64::MANTISSA_DIGITS, |v| v as f64);
float!(f16, f16::MANTISSA_DIGITS, |v| f16::from_f32(v as f32));
float!(bf16, bf16::MANTISSA_DIGITS, |v| bf16::from_f32(v as f32));

/// Fills `out` with integers in [lo, hi), as `randint(lo, hi, …)` and `random_(lo, hi)`.
///
/// One word for a value, or two where the range has 2^28 values or more. For a floating dtype, bounds whose neighbours
/// round out of the range are first moved inwards, as in PyTorch.
///
/// # Panics
/// If `lo >= hi`.
///
/// ```
/// use ops_cpu::random::randint;
/// use tensor_core::random::Mt19937;
///
/// let mut values = [0_i64; 8];
/// randint(&mut Mt19937::new(0), &mut values, 0, 10);
/// assert_eq!(values, [4, 9, 3, 0, 3, 9, 7, 3]);
/// ```
#[track_caller]
pub fn randint<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T], lo: i64, hi: i64) {
    assert!(lo < hi, "random_ expects 'from' to be less than 'to', but got from={lo} >= to={hi}");
    let (lo, hi) = (lower_bound::<T>(lo), upper_bound::<T>(hi));
    assert!(lo < hi, "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype");
    fill_range(engine, out, lo, hi.wrapping_sub(lo) as u64);
}

/// Fills `out` with integers from `lo` to the largest of the dtype, as `random_(lo, None)`. For a floating dtype the
/// largest is the end of the unbroken run of integers, 2^digits.
///
/// # Panics
/// If `lo` is beyond the largest value.
#[track_caller]
pub fn random_from<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T], lo: i64) {
    let lo = lower_bound::<T>(lo);
    assert!(lo <= T::LAST, "random_ expects 'from' to be at most {}, but got from={lo}", T::LAST);
    fill_range(engine, out, lo, (T::LAST.wrapping_sub(lo) as u64).wrapping_add(1));
}

/// Fills `out` with the integers of `random_()`: 0 to the largest of an integer dtype, 0 to 2^digits of a floating one.
/// i64 and f64 take two words for a value, the others one, whatever their range.
pub fn random<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T]) {
    if T::RANDOM_RANGE <= 1 << 31 {
        fill_narrow(engine, out, 0, T::RANDOM_RANGE as u32);
    } else {
        fill_u64(engine, out, |draw| T::from_i64((draw % T::RANDOM_RANGE) as i64));
    }
}

/// `range` values from `lo` up; 0 stands for all 2^64.
fn fill_range<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T], lo: i64, range: u64) {
    if range == 0 {
        fill_u64(engine, out, |draw| T::from_i64(draw as i64));
    } else if range < WIDE_RANGE {
        fill_narrow(engine, out, lo, range as u32);
    } else {
        fill_u64(engine, out, |draw| T::from_i64(lo.wrapping_add((draw % range) as i64)));
    }
}

fn fill_narrow<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T], lo: i64, range: u32) {
    let remainder = Remainder::by(range);
    fill_u32(engine, out, |word| T::from_i64(lo.wrapping_add(i64::from(remainder.of(word)))));
}

/// The remainder of division by a fixed number, in two multiplications (D. Lemire, O. Kaser and N. Kurz, "Faster
/// remainder by direct computation", Software: Practice and Experience 49(6), 2019).
struct Remainder {
    divisor: u32,
    /// 2^64 / divisor, rounded up, modulo 2^64.
    reciprocal: u64,
}

impl Remainder {
    fn by(divisor: u32) -> Self {
        Remainder { divisor, reciprocal: (u64::MAX / u64::from(divisor)).wrapping_add(1) }
    }

    #[inline(always)]
    fn of(&self, word: u32) -> u32 {
        let fraction = self.reciprocal.wrapping_mul(u64::from(word));
        ((u128::from(fraction) * u128::from(self.divisor)) >> 64) as u32
    }
}

/// `lo`, or the next number that the dtype holds where the one above `lo` rounds to less than it.
fn lower_bound<T: IntegerTarget>(lo: i64) -> i64 {
    let Some(digits) = T::DIGITS else { return lo };
    let above = lo.wrapping_add(1);
    let rounded = T::from_i64(above).to_i64();
    if rounded < lo { rounded.wrapping_add(spacing(above, digits)) } else { lo }
}

/// `hi`, or the number that the dtype holds before it where the one below `hi` rounds to `hi` or more.
fn upper_bound<T: IntegerTarget>(hi: i64) -> i64 {
    let Some(digits) = T::DIGITS else { return hi };
    let below = hi.wrapping_sub(1);
    let rounded = T::from_i64(below).to_i64();
    if rounded >= hi { rounded.wrapping_sub(spacing(below, digits)) } else { hi }
}

/// The distance of neighbouring floating numbers at `value`, which is too large to be represented exactly.
fn spacing(value: i64, digits: u32) -> i64 {
    1 << (value.unsigned_abs().max(1).ilog2() + 1).saturating_sub(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainders_are_exact() {
        let mut engine = Mt19937::new(2);
        for divisor in [1, 2, 3, 10, 255, 641, (1 << 24) + 1, (1 << 28) - 1, 1 << 31, u32::MAX] {
            let remainder = Remainder::by(divisor);
            let edges = [0, 1, divisor - 1, divisor, divisor.wrapping_add(1), u32::MAX - 1, u32::MAX];
            for word in edges.into_iter().chain((0..1000).map(|_| engine.next_u32())) {
                assert_eq!(remainder.of(word), word % divisor, "{word} by {divisor}");
            }
        }
    }

    #[test]
    fn bounds_of_floating_dtypes_move_inwards() {
        assert_eq!(upper_bound::<f16>(65504), 65472);
        assert_eq!(upper_bound::<f16>(2048), 2048);
        assert_eq!(upper_bound::<i64>(i64::MAX), i64::MAX);
        assert_eq!((lower_bound::<bf16>(-1000), lower_bound::<f64>(-1000)), (-1000, -1000));
    }
}
