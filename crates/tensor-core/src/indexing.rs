//! `x[…]` as PyTorch has it: numbers, ranges, steps, ellipsis, new axes, position tensors and masks, to read
//! ([`Tensor::i`]) and to write ([`Tensor::i_put`]).

use crate::op::Origin;
use crate::shape::Whole;
use crate::twins::twins;
use crate::{DType, IntoOperand, Operand, Result, Tensor, bail};
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo};

/// One entry of an index.
#[derive(Clone, Debug)]
pub enum At {
    /// One position; the dimension disappears.
    Position(i64),
    /// Positions `start`, `start + step`, … before `end`.
    Slice {
        /// The first position; from the end if negative.
        start: i64,
        /// The bound; from the end if negative.
        end: i64,
        /// The distance.
        step: i64,
    },
    /// As many whole dimensions as are left over.
    Ellipsis,
    /// A new dimension of size one.
    NewAxis,
    /// Positions (`int64`), or a mask (`bool`) over as many dimensions as it has.
    Tensor(Tensor),
    /// A list of positions.
    List(Vec<i64>),
}

/// As many whole dimensions as are left over: Python's `...`.
#[derive(Clone, Copy, Debug)]
pub struct Ellipsis;

/// A new dimension of size one: Python's `None`.
#[derive(Clone, Copy, Debug)]
pub struct NewAxis;

/// Every `step`-th position of a range: Python's `a:b:step`.
///
/// ```
/// use tensor_core::{Tensor, indexing::step};
/// let x = Tensor::from_vec(vec![0i64, 1, 2, 3, 4], [5], ops_cpu::cpu());
/// assert_eq!(x.i(step(1.., 2)).to_vec::<i64>(), [1, 3]);
/// ```
pub fn step(range: impl Into<At>, step: i64) -> At {
    match range.into() {
        At::Slice { start, end, .. } => At::Slice { start, end, step },
        other => other,
    }
}

const END: i64 = i64::MAX;

impl From<RangeFull> for At {
    fn from(_: RangeFull) -> At {
        At::Slice { start: 0, end: END, step: 1 }
    }
}
impl From<Ellipsis> for At {
    fn from(_: Ellipsis) -> At {
        At::Ellipsis
    }
}
impl From<NewAxis> for At {
    fn from(_: NewAxis) -> At {
        At::NewAxis
    }
}
impl From<&Tensor> for At {
    fn from(positions: &Tensor) -> At {
        At::Tensor(positions.clone())
    }
}
impl From<Tensor> for At {
    fn from(positions: Tensor) -> At {
        At::Tensor(positions)
    }
}

macro_rules! positions {
    ($($t:ty)*) => { $(
        impl From<$t> for At {
            fn from(position: $t) -> At { At::Position(position.whole()) }
        }
        impl From<Range<$t>> for At {
            fn from(r: Range<$t>) -> At { At::Slice { start: r.start.whole(), end: r.end.whole(), step: 1 } }
        }
        impl From<RangeFrom<$t>> for At {
            fn from(r: RangeFrom<$t>) -> At { At::Slice { start: r.start.whole(), end: END, step: 1 } }
        }
        impl From<RangeTo<$t>> for At {
            fn from(r: RangeTo<$t>) -> At { At::Slice { start: 0, end: r.end.whole(), step: 1 } }
        }
        impl From<RangeInclusive<$t>> for At {
            /// An end of −1 is the last position, and included.
            fn from(r: RangeInclusive<$t>) -> At {
                let end = match r.end().whole() { -1 => END, end => end.saturating_add(1) };
                At::Slice { start: r.start().whole(), end, step: 1 }
            }
        }
        impl<const N: usize> From<[$t; N]> for At {
            fn from(list: [$t; N]) -> At { At::List(list.iter().map(|p| p.whole()).collect()) }
        }
        impl From<Vec<$t>> for At {
            fn from(list: Vec<$t>) -> At { At::List(list.iter().map(|p| p.whole()).collect()) }
        }
    )* };
}
positions! { i32 i64 isize usize }

/// The entries of an index.
pub type Entries = smallvec::SmallVec<[At; 4]>;

/// An index as an argument: one entry, or a tuple of entries.
pub trait IntoIndex {
    /// The entries, in order.
    fn entries(self) -> Entries;
}

impl<A: Into<At>> IntoIndex for A {
    #[inline]
    fn entries(self) -> Entries {
        smallvec::smallvec![self.into()]
    }
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => { $(
        #[allow(non_snake_case, reason = "one name serves as type and variable")]
        impl<$($name: Into<At>),*> IntoIndex for ($($name,)*) {
            #[inline]
            fn entries(self) -> Entries {
                let ($($name,)*) = self;
                smallvec::smallvec![$($name.into()),*]
            }
        }
    )* };
}
tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// Whether a tensor of no dimensions with this dtype is a position as a number is one: PyTorch makes no difference.
fn is_number(dtype: DType) -> bool {
    matches!(dtype, DType::I8 | DType::I16 | DType::I32 | DType::I64)
}

/// A view by the plain entries, and the positions that remain to be looked up in it.
struct Resolved {
    view: Tensor,
    /// How many of the tensor's own dimensions the entries so far were for.
    used: usize,
    dims: u64,
    positions: Vec<Tensor>,
}

impl Tensor {
    fn resolve(&self, mut entries: Entries) -> Result<Resolved> {
        let used: usize = entries
            .iter()
            .map(|entry| match entry {
                At::Position(_) | At::Slice { .. } | At::List(_) => 1,
                At::Tensor(mask) if matches!(mask.dtype(), DType::Bool | DType::U8) => mask.ndim(),
                At::Tensor(_) => 1,
                At::Ellipsis | At::NewAxis => 0,
            })
            .sum();
        if self.ndim() == 0 && matches!(entries[..], [At::Position(_)]) {
            bail!(
                Index,
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim \
                 tensor to a number"
            );
        }
        if self.ndim() == 0 && matches!(entries[..], [At::Slice { .. }]) {
            bail!(Dim, "slice() cannot be applied to a 0-dim tensor.");
        }
        if used > self.ndim() {
            bail!(Index, "too many indices for tensor of dimension {}", self.ndim());
        }
        let at = entries.iter().position(|entry| matches!(entry, At::Ellipsis)).unwrap_or(entries.len());
        if entries.iter().skip(at + 1).any(|entry| matches!(entry, At::Ellipsis)) {
            bail!(Index, "an index can only have a single ellipsis ('...')");
        }
        if at < entries.len() {
            entries.remove(at);
        }
        entries.insert_many(at, std::iter::repeat_n(At::from(..), self.ndim() - used));

        let mut resolved = Resolved { view: self.clone(), used: 0, dims: 0, positions: vec![] };
        let mut dim = 0;
        for entry in entries {
            dim = resolved.enter(entry, dim)?;
        }
        Ok(resolved)
    }
}

impl Resolved {
    /// Applies one entry to dimension `dim` of the view; returns the dimension that the next entry is for.
    fn enter(&mut self, entry: At, dim: usize) -> Result<usize> {
        let own = self.used;
        let entry = match entry {
            At::Tensor(position) if position.ndim() == 0 && is_number(position.dtype()) => {
                At::Position(position.try_item()?)
            }
            entry => entry,
        };
        self.used += match &entry {
            At::NewAxis => 0,
            At::Tensor(mask) if matches!(mask.dtype(), DType::Bool | DType::U8) => mask.ndim(),
            _ => 1,
        };
        match entry {
            At::Position(position) => {
                let size = self.view.shape()[dim] as i64;
                if !(-size..size).contains(&position) {
                    bail!(Index, "index {position} is out of bounds for dimension {own} with size {size}");
                }
                self.view = self.view.try_select_as(dim as i64, position, Origin::Itself)?;
            }
            At::Slice { start: 0, end: END, step: 1 } => return Ok(dim + 1),
            At::Slice { start, end, step } => {
                self.view = self.view.try_slice(dim as i64, start, end, step)?;
                return Ok(dim + 1);
            }
            At::NewAxis => {
                self.view = self.view.try_unsqueeze(dim as i64)?;
                return Ok(dim + 1);
            }
            At::Ellipsis => unreachable!("replaced by whole slices"),
            At::List(list) => {
                let positions = Tensor::try_from_slice(&list, list.len(), self.view.device())?;
                return self.look_up(positions, dim);
            }
            At::Tensor(mask) if matches!(mask.dtype(), DType::Bool | DType::U8) => {
                let shape = self.view.shape();
                for (i, size) in mask.shape().iter().enumerate() {
                    if shape[dim + i] != *size {
                        bail!(
                            Index,
                            "The shape of the mask {:?} at index {i} does not match the shape of the indexed tensor {shape:?} at index {}",
                            mask.shape(),
                            dim + i
                        );
                    }
                }
                if mask.ndim() == 0 {
                    self.view = self.view.try_unsqueeze(dim as i64)?;
                }
                let (dims, columns) = mask.try_mask_positions(dim)?;
                self.dims |= dims;
                let next = dim + columns.len();
                self.positions.extend(columns);
                return Ok(next);
            }
            At::Tensor(positions) => return self.look_up(positions, dim),
        }
        Ok(dim)
    }

    fn look_up(&mut self, positions: Tensor, dim: usize) -> Result<usize> {
        self.dims |= 1 << dim;
        self.positions.push(positions);
        Ok(dim + 1)
    }
}

twins! {
    /// The elements at `index`: PyTorch's `x[index]`. Numbers, ranges, [`step`], [`Ellipsis`] and [`NewAxis`] give a view; position
    /// tensors, lists and masks a copy. A position tensor of no dimensions counts as the number in it.
    ///
    /// ```
    /// use tensor_core::Tensor;
    /// use tensor_core::indexing::{Ellipsis, NewAxis};
    /// let x = Tensor::from_vec((0..24i64).collect(), [2, 3, 4], ops_cpu::cpu());
    /// assert_eq!(x.i((0, 1..3, -1)).to_vec::<i64>(), [7, 11]);
    /// assert_eq!(x.i((Ellipsis, 0)).shape()[..], [2, 3]);
    /// assert_eq!(x.i((.., NewAxis)).shape()[..], [2, 1, 3, 4]);
    /// assert_eq!(x.i((1, [0, 2], 0)).to_vec::<i64>(), [12, 20]);
    /// assert_eq!(x.i(&x.gt(21)).to_vec::<i64>(), [22, 23]);
    /// ```
    ///
    /// # Errors
    /// If a position is outside its dimension, there are more entries than dimensions, or a mask does not fit.
    pub fn i | try_i [I: IntoIndex] (self, index: I) -> Tensor {
        let mut entries = index.entries();
        // One number or range on the first dimension is most of all indexing.
        match entries[..] {
            [At::Tensor(ref mask)] if mask.dtype() == DType::Bool && mask.shape() == self.shape() => {
                return self.try_masked_select_as(mask, Origin::Itself);
            }
            [At::Position(position)] if self.ndim() > 0 => return self.try_select_as(0, position, Origin::Itself),
            [At::Slice { start, end, step }] if self.ndim() > 0 => return self.try_slice(0, start, end, step),
            _ => {}
        }
        let Resolved { view, dims, positions, .. } = self.resolve(std::mem::take(&mut entries))?;
        if positions.is_empty() {
            // Indexing with nothing but whole slices is still a new tensor.
            return if view.is_same(self) { Ok(view.alias()) } else { Ok(view) };
        }
        view.try_index_get(dims, &positions.iter().collect::<Vec<_>>())
    }

    /// Writes `value`, a tensor or a number, broadcast, over the elements at `index`: PyTorch's `x[index] = value`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32; 6], [2, 3], ops_cpu::cpu());
    /// x.i_put((0, ..), 1.0);
    /// x.i_put((.., [0, 2]), 5.0);
    /// assert_eq!(x.to_vec::<f32>(), [5.0, 1.0, 5.0, 5.0, 0.0, 5.0]);
    /// ```
    ///
    /// # Errors
    /// As [`i`](Tensor::i), and if the value does not broadcast or the tensor may not be written in place.
    pub fn i_put | try_i_put [I: IntoIndex, V: IntoOperand] (self, index: I, value: V) -> () {
        let Resolved { view, dims, positions, .. } = self.resolve(index.entries())?;
        let value = match value.operand() {
            Operand::Number(number) if positions.is_empty() => return view.try_fill_(number).map(drop),
            Operand::Number(number) => Tensor::try_full_on((), number, self.dtype(), self.device())?,
            Operand::Tensor(x) => x.clone(),
            Operand::Owned(x) => x,
        };
        // As PyTorch: leading dimensions of size one are dropped, as the destination may lack them.
        let lead = value.shape().iter().take_while(|size| **size == 1).count();
        let value = if lead > 0 { value.try_reshape(&value.shape()[lead..])? } else { value };
        if positions.is_empty() {
            return view.try_copy_(&value.try_expand(view.shape())?).map(drop);
        }
        view.try_put_at_(dims, &positions.iter().collect::<Vec<_>>(), &value, false)
    }
}

impl Tensor {
    /// The same elements under another identity, as a view.
    fn alias(&self) -> Tensor {
        self.apply_view(crate::op::View::Reshape, self.layout().clone())
    }
}
