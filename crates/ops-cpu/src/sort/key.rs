//! Elements as whole numbers of the same order, and packed with their positions.

use storage::Bool;

/// An element as a whole number of the same order; NaN is the largest, the two zeros are equal.
pub trait Key: Copy + Send + Sync {
    /// Low bytes of the key that are in use.
    const BYTES: usize;
    /// All bits in use.
    const ALL_BITS: u64 = u64::MAX >> (64 - 8 * Self::BYTES);
    /// The key.
    fn key(self) -> u64;
}

macro_rules! whole {
    ($($t:ty as $unsigned:ty, $flip:expr;)*) => { $(
        impl Key for $t {
            const BYTES: usize = size_of::<$t>();
            #[inline(always)]
            fn key(self) -> u64 { (self as $unsigned ^ $flip) as u64 }
        }
    )* };
}
whole! { u8 as u8, 0; i8 as u8, 1 << 7; i16 as u16, 1 << 15; i32 as u32, 1 << 31; i64 as u64, 1 << 63; }

macro_rules! real {
    ($($t:ty as $signed:ty, $unsigned:ty;)*) => { $(
        impl Key for $t {
            const BYTES: usize = size_of::<$t>();
            #[inline(always)]
            fn key(self) -> u64 {
                // Adding +0 makes −0 of it +0.
                let bits = (self + 0.0).to_bits() as $signed;
                // Below zero all bits turn, above only the sign.
                let turned = bits ^ ((bits >> (<$signed>::BITS - 1)) | <$signed>::MIN);
                if self.is_nan() { <$unsigned>::MAX as u64 } else { turned as $unsigned as u64 }
            }
        }
    )* };
}
real! { f32 as i32, u32; f64 as i64, u64; }

impl Key for Bool {
    const BYTES: usize = 1;
    #[inline(always)]
    fn key(self) -> u64 {
        (self.0 != 0) as u64
    }
}

/// A key above a position.
pub trait Packed: Copy + Ord + Default + Send {
    /// Bytes of the position, below the key.
    const POSITION_BYTES: usize;
    /// Both together.
    fn pack(key: u64, position: usize) -> Self;
    /// The position.
    fn position(self) -> usize;
    /// Byte number `i`, from the lowest.
    fn byte(self, i: usize) -> usize;
}

impl Packed for u64 {
    const POSITION_BYTES: usize = 4;
    #[inline(always)]
    fn pack(key: u64, position: usize) -> u64 {
        key << 32 | position as u64
    }
    #[inline(always)]
    fn position(self) -> usize {
        self as u32 as usize
    }
    #[inline(always)]
    fn byte(self, i: usize) -> usize {
        (self >> (8 * i)) as u8 as usize
    }
}

impl Packed for u128 {
    const POSITION_BYTES: usize = 8;
    #[inline(always)]
    fn pack(key: u64, position: usize) -> u128 {
        (key as u128) << 64 | position as u128
    }
    #[inline(always)]
    fn position(self) -> usize {
        self as u64 as usize
    }
    #[inline(always)]
    fn byte(self, i: usize) -> usize {
        (self >> (8 * i)) as u8 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_order_of_the_elements() {
        let sorted = [f32::NEG_INFINITY, -1.5, -1e-40, 0.0, 1e-40, 2.0, f32::MAX, f32::INFINITY, f32::NAN];
        assert!(sorted.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert_eq!((-0.0f64).key(), 0.0f64.key());
        assert_eq!((-f64::NAN).key(), f64::NAN.key());
        assert!([i8::MIN, -1, 0, 1, i8::MAX].windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert!((i64::MIN.key(), i64::MAX.key()) == (0, u64::MAX));
        assert_eq!(u64::pack(f32::NAN.key() ^ f32::ALL_BITS, 7).position(), 7);
    }
}
