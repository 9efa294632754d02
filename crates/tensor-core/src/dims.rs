//! A short list of sizes or strides, inline up to six dimensions and boxed beyond. It does not know which of the two it is.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// Dimensions held without an allocation.
const INLINE: usize = 6;

/// Sizes or strides, one per dimension; derefs to `[usize]`.
#[derive(Clone)]
pub struct Dims(Form);

#[derive(Clone)]
enum Form {
    Inline(u8, [usize; INLINE]),
    Boxed(Box<[usize]>),
}

impl Dims {
    /// `rank` entries, all `value`.
    #[inline]
    pub fn filled(rank: usize, value: usize) -> Dims {
        if rank <= INLINE {
            let mut dims = [0; INLINE];
            dims[..rank].fill(value);
            Dims(Form::Inline(rank as u8, dims))
        } else {
            Dims(Form::Boxed(vec![value; rank].into()))
        }
    }

    /// No dimensions: the shape of a single number.
    #[inline]
    pub const fn scalar() -> Dims {
        Dims(Form::Inline(0, [0; INLINE]))
    }

    /// The entries without those at which `drop` holds.
    pub fn without(&self, drop: impl Fn(usize) -> bool) -> Dims {
        self.iter().enumerate().filter(|(i, _)| !drop(*i)).map(|(_, d)| *d).collect()
    }

    /// The entries with `value` inserted before position `at`.
    pub fn with_inserted(&self, at: usize, value: usize) -> Dims {
        self[..at].iter().copied().chain([value]).chain(self[at..].iter().copied()).collect()
    }
}

impl From<&[usize]> for Dims {
    #[inline]
    fn from(entries: &[usize]) -> Dims {
        if entries.len() <= INLINE {
            let mut dims = [0; INLINE];
            dims[..entries.len()].copy_from_slice(entries);
            Dims(Form::Inline(entries.len() as u8, dims))
        } else {
            Dims(Form::Boxed(entries.into()))
        }
    }
}

impl FromIterator<usize> for Dims {
    #[inline]
    fn from_iter<I: IntoIterator<Item = usize>>(entries: I) -> Dims {
        let mut dims = [0; INLINE];
        let mut len = 0;
        let mut entries = entries.into_iter();
        for entry in entries.by_ref() {
            if len == INLINE {
                let rest = [entry].into_iter().chain(entries);
                return Dims(Form::Boxed(dims.into_iter().chain(rest).collect()));
            }
            dims[len] = entry;
            len += 1;
        }
        Dims(Form::Inline(len as u8, dims))
    }
}

impl Deref for Dims {
    type Target = [usize];
    #[inline]
    fn deref(&self) -> &[usize] {
        match &self.0 {
            Form::Inline(len, dims) => &dims[..*len as usize],
            Form::Boxed(dims) => dims,
        }
    }
}

impl DerefMut for Dims {
    #[inline]
    fn deref_mut(&mut self) -> &mut [usize] {
        match &mut self.0 {
            Form::Inline(len, dims) => &mut dims[..*len as usize],
            Form::Boxed(dims) => dims,
        }
    }
}

/// So that `assert_eq!(x.shape(), &[2, 3])` reads as it is meant.
impl<const N: usize> PartialEq<[usize; N]> for Dims {
    fn eq(&self, other: &[usize; N]) -> bool {
        self[..] == other[..]
    }
}

impl PartialEq for Dims {
    #[inline]
    fn eq(&self, other: &Dims) -> bool {
        match (&self.0, &other.0) {
            // Unused entries are zero, so that whole arrays compare without branches and without a loop over the rank.
            (Form::Inline(a, x), Form::Inline(b, y)) => {
                a == b && x.iter().zip(y).fold(0, |differing, (x, y)| differing | (x ^ y)) == 0
            }
            _ => self[..] == other[..],
        }
    }
}

impl Eq for Dims {}

impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_lists_behave_alike() {
        for rank in 0..10 {
            let dims: Dims = (0..rank).collect();
            assert_eq!(dims[..], (0..rank).collect::<Vec<_>>()[..]);
            assert_eq!(dims, Dims::from(&dims[..]));
            let longer = dims.with_inserted(rank / 2, 7);
            assert_eq!(longer.len(), rank + 1);
            assert_eq!(longer.without(|i| i == rank / 2), dims);
            assert_ne!(longer, dims);
        }
    }
}
