//! One number for each spatial dimension, as convolutions, pools and paddings take them: one for all, or a list. It knows no
//! operation.

use crate::shape::Whole;
use crate::{Result, bail};

/// One number for each of up to three spatial dimensions: `2.into()` for all of them, `[2, 1].into()` or `(2, 1).into()` for
/// each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Spatial {
    values: [i64; 3],
    len: u8,
}

impl Spatial {
    /// The numbers as written.
    pub fn as_slice(&self) -> &[i64] {
        &self.values[..self.len as usize]
    }

    /// The numbers of `rank` dimensions, if there is one for all or one for each.
    pub fn each(&self, rank: usize) -> Option<[i64; 3]> {
        match self.len {
            1 => Some([self.values[0]; 3]),
            len if len as usize == rank => Some(self.values),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Spatial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<W: Whole> From<W> for Spatial {
    fn from(value: W) -> Spatial {
        Spatial { values: [value.whole(), 0, 0], len: 1 }
    }
}

macro_rules! lists {
    ($($len:literal $tuple:ty, [$($at:tt)*];)*) => { $(
        impl<W: Whole> From<[W; $len]> for Spatial {
            fn from(list: [W; $len]) -> Spatial {
                let mut values = [0; 3];
                values.iter_mut().zip(list).for_each(|(value, given)| *value = given.whole());
                Spatial { values, len: $len }
            }
        }
        impl<W: Whole> From<$tuple> for Spatial {
            fn from(tuple: $tuple) -> Spatial {
                [$(tuple.$at),*].into()
            }
        }
    )* };
}
lists! { 1 (W,), [0]; 2 (W, W), [0 1]; 3 (W, W, W), [0 1 2]; }

/// Whole numbers packed as an operation holds them.
pub(crate) fn packed(values: [i64; 3]) -> Result<[u16; 3]> {
    let mut packed = [0; 3];
    for (to, value) in packed.iter_mut().zip(values) {
        match u16::try_from(value) {
            Ok(value) => *to = value,
            Err(_) => bail!(Unsupported, "sizes and distances of windows may be at most 65535, but got {value}"),
        }
    }
    Ok(packed)
}

/// Sizes as PyTorch's texts list them: `2 x 3`.
pub(crate) fn by(sizes: &[i64]) -> String {
    sizes.iter().map(i64::to_string).collect::<Vec<_>>().join(" x ")
}
