//! How shapes and dimensions are written in calls: arrays, tuples, vectors, single numbers, negative dimensions counted from
//! the end. It knows no strides.

use crate::{Dims, Result, bail};

/// A shape as an argument: `[2, 3]`, `(2, 3)`, `5`, `vec![2, 3]`, `x.shape()`, `()` for a single number.
pub trait IntoShape {
    /// The sizes; negative ones are an error except where a method gives `-1` a meaning.
    fn sizes(&self) -> Sizes;

    /// The sizes as dimensions, if none is negative.
    #[inline]
    fn dims(&self) -> Option<Dims> {
        let sizes = self.sizes();
        let whole = sizes.iter().all(|size| *size >= 0);
        whole.then(|| sizes.iter().map(|size| *size as usize).collect())
    }
}

/// Sizes as written, before negative ones have been given their meaning.
pub type Sizes = smallvec::SmallVec<[i64; 6]>;

/// A whole number that can stand for a size or a dimension.
pub trait Whole: Copy {
    /// As a signed number; what is too large stays large, and is no −1.
    fn whole(self) -> i64;
}

macro_rules! whole {
    ($($t:ty)*) => { $(
        impl Whole for $t {
            #[inline]
            fn whole(self) -> i64 { i64::try_from(self).unwrap_or(i64::MAX) }
        }
        impl IntoShape for $t {
            #[inline]
            fn sizes(&self) -> Sizes { Sizes::from_slice(&[self.whole()]) }
        }
    )* };
}
whole! { i32 i64 isize usize u32 }

macro_rules! lists {
    ($([$($generics:tt)*] $t:ty;)*) => { $(
        impl<$($generics)*> IntoShape for $t {
            #[inline]
            fn sizes(&self) -> Sizes { self.iter().map(|size| size.whole()).collect() }
            #[inline]
            fn dims(&self) -> Option<Dims> {
                let whole = self.iter().all(|size| size.whole() >= 0);
                whole.then(|| self.iter().map(|size| size.whole() as usize).collect())
            }
        }
    )* };
}
lists! { [W: Whole, const N: usize] [W; N]; [W: Whole, const N: usize] &[W; N]; [W: Whole] &[W]; [W: Whole] Vec<W>; [W: Whole] &Vec<W>; }

impl IntoShape for Dims {
    fn sizes(&self) -> Sizes {
        (&self[..]).sizes()
    }
    #[inline]
    fn dims(&self) -> Option<Dims> {
        Some(self.clone())
    }
}
impl IntoShape for &Dims {
    fn sizes(&self) -> Sizes {
        (&self[..]).sizes()
    }
    #[inline]
    fn dims(&self) -> Option<Dims> {
        Some(Dims::clone(self))
    }
}
impl IntoShape for () {
    fn sizes(&self) -> Sizes {
        Sizes::new()
    }
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => { $(
        #[allow(non_snake_case, reason = "one name serves as type and variable")]
        impl<$($name: Whole),*> IntoShape for ($($name,)*) {
            fn sizes(&self) -> Sizes {
                let ($($name,)*) = *self;
                [$($name.whole()),*].into_iter().collect()
            }
        }
    )* };
}
tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// The sizes of a new tensor: none negative, their product within what memory can address.
#[inline]
pub fn checked_shape(shape: &(impl IntoShape + ?Sized)) -> Result<Dims> {
    match shape.dims() {
        Some(dims) => {
            checked_numel(&dims)?;
            Ok(dims)
        }
        None => {
            let sizes = shape.sizes();
            let size = sizes.iter().find(|size| **size < 0).unwrap_or(&0);
            bail!(Value, "Trying to create tensor with negative dimension {size}: {sizes:?}")
        }
    }
}

/// No tensor has more dimensions: sets of them are the bits of one word, as in PyTorch's reductions.
pub const MOST_DIMS: usize = 64;

/// An error for more than [`MOST_DIMS`] dimensions.
#[inline]
pub fn check_rank(rank: usize) -> Result<()> {
    if rank > MOST_DIMS {
        bail!(Dim, "only tensors with up to {MOST_DIMS} dims are supported");
    }
    Ok(())
}

/// The number of elements of a shape, if its bytes can be addressed.
#[inline]
pub fn checked_numel(shape: &[usize]) -> Result<usize> {
    // Sizes that fit 10 bits, up to 6 of them, cannot overflow: the common case costs no multiplication with a check.
    if shape.len() <= 6 && shape.iter().fold(0, |all, size| all | size) < 1 << 10 {
        return Ok(shape.iter().product());
    }
    check_rank(shape.len())?;
    match countable(shape) {
        Some(_) if shape.contains(&0) => Ok(0),
        Some(n) => Ok(n),
        // There would be no elements, but strides there are.
        None if shape.contains(&0) => bail!(Memory, "Stride calculation overflowed"),
        None => bail!(Memory, "Storage size calculation overflowed with sizes={shape:?}"),
    }
}

/// As [`checked_numel`], for a view, which needs no memory.
pub fn checked_view_numel(shape: &[usize]) -> Result<usize> {
    check_rank(shape.len())?;
    match countable(shape) {
        Some(n) => Ok(if shape.contains(&0) { 0 } else { n }),
        None => bail!(Memory, "numel: integer multiplication overflow"),
    }
}

/// The product of the sizes that are not zero, if that many numbers can be addressed.
fn countable(shape: &[usize]) -> Option<usize> {
    let product = shape.iter().filter(|size| **size != 0).try_fold(1usize, |n, size| n.checked_mul(*size));
    product.filter(|n| *n <= isize::MAX as usize / 8)
}

/// Dimension `dim` of a tensor of `rank`, counted from the end if negative. A single number counts as having one dimension,
/// as in PyTorch.
#[inline]
pub fn checked_dim(dim: i64, rank: usize) -> Result<usize> {
    let span = rank.max(1) as i64;
    if dim >= -span && dim < span {
        return Ok(if dim < 0 { dim + span } else { dim } as usize);
    }
    bail!(Dim, "Dimension out of range (expected to be in range of [{}, {}], but got {dim})", -span, span - 1)
}

/// A set of dimensions as an argument: one (`1`, `-1`), several (`[0, 2]`), or all (`..`).
pub trait IntoAxes {
    /// The dimensions as written; `None` for all.
    fn axes(&self) -> Option<Sizes>;
}

impl IntoAxes for std::ops::RangeFull {
    fn axes(&self) -> Option<Sizes> {
        None
    }
}

impl<S: IntoShape> IntoAxes for S {
    fn axes(&self) -> Option<Sizes> {
        Some(self.sizes())
    }
}

/// All dimensions, whatever their number: what `..` means.
pub const ALL_AXES: u64 = u64::MAX;

/// The dimensions as a set of bits; [`ALL_AXES`] where none is named, as PyTorch's reductions have it.
pub fn checked_axes(axes: &(impl IntoAxes + ?Sized), rank: usize) -> Result<u64> {
    let Some(axes) = axes.axes().filter(|axes| !axes.is_empty()) else { return Ok(ALL_AXES) };
    let mut mask = 0;
    for axis in &axes {
        let dim = checked_dim(*axis, rank)?;
        if mask & (1 << dim) != 0 {
            bail!(Dim, "dim {dim} appears multiple times in the list of dims");
        }
        mask |= 1 << dim;
    }
    Ok(if rank == 0 { 0 } else { mask })
}

/// The shape that several shapes broadcast to: aligned at the last dimension, sizes equal or one.
///
/// # Errors
/// PyTorch's text, if two sizes differ and neither is one.
pub fn broadcast(a: &[usize], b: &[usize]) -> Result<Dims> {
    let rank = a.len().max(b.len());
    let mut shape = Dims::filled(rank, 1);
    // From the last dimension on, which is where PyTorch looks first.
    for i in (0..rank).rev() {
        let at = |s: &[usize]| if i + s.len() >= rank { s[i + s.len() - rank] } else { 1 };
        shape[i] = match (at(a), at(b)) {
            (x, y) if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            (x, y) => bail!(
                Shape,
                "The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {i}"
            ),
        };
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_written_in_many_ways() {
        for sizes in [[2, 3].sizes(), (2, 3).sizes(), vec![2usize, 3].sizes(), (&[2i64, 3][..]).sizes()] {
            assert_eq!(sizes[..], [2, 3]);
        }
        assert!(().sizes().is_empty());
        assert!(checked_shape(&[2, -1]).is_err());
        assert!(checked_shape(&[1usize << 40, 1 << 40]).is_err());
        assert_eq!(checked_numel(&[0, 5]).unwrap(), 0);
        assert!(checked_numel(&[0, 1 << 62, 4]).is_err());
        assert!(checked_numel(&[1; MOST_DIMS]).is_ok() && checked_numel(&[1; MOST_DIMS + 1]).is_err());
    }

    #[test]
    fn axes_count_from_the_end_and_may_not_repeat() {
        assert_eq!(checked_axes(&[-1, 0], 3).unwrap(), 0b101);
        assert_eq!(checked_axes(&.., 2).unwrap(), ALL_AXES);
        assert_eq!(checked_axes(&[1, -1], 2).unwrap_err().text(), "dim 1 appears multiple times in the list of dims");
        assert!(checked_axes(&2, 2).is_err());
    }

    #[test]
    fn broadcasting_aligns_at_the_end() {
        assert_eq!(broadcast(&[3, 1], &[4]).unwrap()[..], [3, 4]);
        assert_eq!(broadcast(&[], &[2]).unwrap()[..], [2]);
        assert_eq!(broadcast(&[0], &[1]).unwrap()[..], [0]);
        assert!(broadcast(&[2], &[3]).is_err());
    }
}
