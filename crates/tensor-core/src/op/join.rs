//! Tensors put together, or turned around: `cat`, `stack`, `flip`.

use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, IntoAxes, IntoShape, Layout, Result, Tensor, bail, or_panic, shape};

/// Putting together or turning around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// The inputs one after the other along `dim`.
    Cat {
        /// The dimension.
        dim: u8,
        /// On whose behalf.
        origin: Origin,
    },
    /// The input with its elements moved `by` places along `dim`, those beyond the end to the beginning.
    Roll {
        /// The dimension.
        dim: u8,
        /// Less than the dimension's size.
        by: usize,
    },
    /// The input with the order of elements reversed along each of these dimensions (bits).
    Flip {
        /// The dimensions.
        axes: u64,
    },
}

impl Join {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        match self {
            Join::Roll { .. } => Ok(Plan::new(inputs[0].shape().clone(), inputs[0].dtype())),
            Join::Flip { .. } => {
                let x = inputs[0];
                Ok(Plan { layout: x.layout().preserved(), dtype: x.dtype(), compute: x.dtype() })
            }
            Join::Cat { dim, .. } => {
                let dim = dim as usize;
                let mut shape = inputs[0].shape().clone();
                let mut dtype = inputs[0].dtype();
                for (i, x) in inputs.iter().enumerate().skip(1) {
                    if x.ndim() != shape.len() {
                        bail!(
                            Shape,
                            "Tensors must have same number of dimensions: got {} and {}",
                            shape.len(),
                            x.ndim()
                        );
                    }
                    if let Some(at) = (0..shape.len()).find(|at| *at != dim && x.shape()[*at] != shape[*at]) {
                        bail!(
                            Shape,
                            "Sizes of tensors must match except in dimension {dim}. Expected size {} but got size {} for tensor \
                             number {i} in the list.",
                            inputs[0].shape()[at],
                            x.shape()[at]
                        );
                    }
                    shape[dim] += x.shape()[dim];
                    dtype = dtype.promote(x.dtype());
                }
                shape::checked_numel(&shape)?;
                Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: dtype })
            }
        }
    }
}

/// The tensors one after the other along `dim`; they agree in all other dimensions. Empty vectors are skipped, as in PyTorch.
///
/// ```
/// # use tensor_core::{Tensor, op::join::cat};
/// let x = Tensor::from_vec(vec![1.0f32, 2.0], [1, 2], ops_cpu::cpu());
/// assert_eq!(cat(&[&x, &x], 0).shape()[..], [2, 2]);
/// ```
///
/// # Panics
/// Where [`try_cat`] returns an error.
#[track_caller]
pub fn cat<T: AsRef<Tensor>>(tensors: &[T], dim: i64) -> Tensor {
    or_panic(try_cat(tensors, dim))
}

/// As [`cat`], but returns misuse as an error.
pub fn try_cat<T: AsRef<Tensor>>(tensors: &[T], dim: i64) -> Result<Tensor> {
    cat_as(tensors, dim, Origin::Itself)
}

fn cat_as<T: AsRef<Tensor>>(tensors: &[T], dim: i64, origin: Origin) -> Result<Tensor> {
    if tensors.is_empty() {
        bail!(Value, "expected a non-empty list of Tensors");
    }
    if let Some(i) = tensors.iter().position(|x| x.as_ref().ndim() == 0) {
        bail!(Shape, "zero-dimensional tensor (at position {i}) cannot be concatenated");
    }
    let full: Vec<&Tensor> = tensors.iter().map(AsRef::as_ref).filter(|x| x.shape()[..] != [0]).collect();
    let mut inputs = if full.is_empty() { vec![tensors[0].as_ref()] } else { full };
    let dim = shape::checked_dim(dim, inputs[0].ndim())?;
    // A skipped vector still counts in promotion.
    let dtype = tensors.iter().map(|x| x.as_ref().dtype()).reduce(DType::promote).expect("at least one tensor");
    let first;
    if inputs.iter().map(|x| x.dtype()).reduce(DType::promote) != Some(dtype) {
        first = inputs[0].try_to_dtype(dtype)?;
        inputs[0] = &first;
    }
    Tensor::apply(Op::Join(Join::Cat { dim: dim as u8, origin }), &inputs)
}

/// The tensors, all of one shape, along a new dimension before `dim`.
///
/// ```
/// # use tensor_core::{Tensor, op::join::stack};
/// let x = Tensor::from_vec(vec![1.0f32, 2.0], [2], ops_cpu::cpu());
/// assert_eq!(stack(&[&x, &x, &x], 0).shape()[..], [3, 2]);
/// ```
///
/// # Panics
/// Where [`try_stack`] returns an error.
#[track_caller]
pub fn stack<T: AsRef<Tensor>>(tensors: &[T], dim: i64) -> Tensor {
    or_panic(try_stack(tensors, dim))
}

/// As [`stack`], but returns misuse as an error.
pub fn try_stack<T: AsRef<Tensor>>(tensors: &[T], dim: i64) -> Result<Tensor> {
    let Some(first) = tensors.first().map(AsRef::as_ref) else {
        bail!(Value, "stack expects a non-empty TensorList");
    };
    if let Some((i, x)) = tensors.iter().map(AsRef::as_ref).enumerate().find(|(_, x)| x.shape() != first.shape()) {
        bail!(
            Shape,
            "stack expects each tensor to be equal size, but got {:?} at entry 0 and {:?} at entry {i}",
            first.shape(),
            x.shape()
        );
    }
    let dim = shape::checked_dim(dim, first.ndim() + 1)? as i64;
    let rows: Result<Vec<Tensor>> = tensors.iter().map(|x| x.as_ref().try_unsqueeze(dim)).collect();
    cat_as(&rows?, dim, Origin::Stack)
}

impl AsRef<Tensor> for Tensor {
    fn as_ref(&self) -> &Tensor {
        self
    }
}

twins! {
    /// A copy with the order of elements reversed along `dims` (one, several, or `..` for all).
    pub fn flip | try_flip [A: IntoAxes] (self, dims: A) -> Tensor {
        // Here an empty list means what it says, and not all dimensions as in reductions.
        let none = dims.axes().is_some_and(|dims| dims.is_empty());
        let axes = if none { 0 } else { shape::checked_axes(&dims, self.ndim())? };
        Tensor::apply(Op::Join(Join::Flip { axes }), &[self])
    }

    /// The elements moved by `shifts` along `dims`, those beyond the end to the beginning. Without dimensions (`()`) the tensor
    /// is moved as if it were flat.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2, 3, 4], [4], ops_cpu::cpu());
    /// assert_eq!(x.roll(1, 0).to_vec::<i64>(), [4, 1, 2, 3]);
    /// ```
    ///
    /// # Errors
    /// If there is not one shift per dimension, or a dimension is out of range.
    pub fn roll | try_roll [A: IntoShape, B: IntoShape] (self, shifts: A, dims: B) -> Tensor {
        let (shifts, dims) = (shifts.sizes(), dims.sizes());
        if shifts.is_empty() {
            bail!(Value, "`shifts` required");
        }
        if dims.is_empty() && shifts.len() == 1 {
            return self.try_reshape(-1)?.try_roll(shifts[0], 0)?.try_reshape(self.shape());
        }
        if shifts.len() != dims.len() {
            bail!(Shape, "shifts and dimensions must align. shifts: {}, dims:{}", shifts.len(), dims.len());
        }
        if self.numel() == 0 {
            return self.try_clone();
        }
        let mut rolled = None;
        for (shift, dim) in shifts.iter().zip(&dims) {
            let x = rolled.as_ref().unwrap_or(self);
            let dim = shape::checked_dim(*dim, self.ndim())?;
            if self.ndim() == 0 {
                bail!(Dim, "Dimension specified as {dim} but tensor has no dimensions");
            }
            let by = shift.rem_euclid(self.shape()[dim] as i64) as usize;
            rolled = Some(Tensor::apply(Op::Join(Join::Roll { dim: dim as u8, by }), &[x])?);
        }
        rolled.map_or_else(|| self.try_clone(), Ok)
    }

    /// The truth of the only element, for conditions.
    ///
    /// # Errors
    /// If there is not exactly one element.
    pub fn is_true | try_is_true(self) -> bool {
        if self.numel() != 1 {
            bail!(Value, "Boolean value of Tensor with {} is ambiguous", if self.numel() == 0 { "no values" } else { "more than one value" });
        }
        self.try_to_dtype(DType::Bool)?.try_item()
    }
}
