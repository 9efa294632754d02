//! Reading and writing at positions given by tensors: gather and scatter, whole slices, embeddings, masks, and the general
//! `x[i, j]`. What each one asks of its operands is in `check.rs`, the methods are in `methods.rs`.

mod check;
mod methods;

use super::{Origin, Plan};
use crate::{DType, Dims, Layout, Result, Tensor, bail, shape};
use check::*;

/// How `scatter_reduce` combines what meets at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// The product.
    Prod,
    /// The larger; NaN if there is one.
    Max,
    /// The smaller; NaN if there is one.
    Min,
}

/// An operation at given positions. Positions are `int64` or `int32` and may count from the end only where
/// it says so; a position outside its dimension is an error when the operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// Inputs (x, positions of x's rank): along `dim`, the element at each position.
    Gather {
        /// The dimension.
        dim: u8,
        /// On whose behalf.
        origin: Origin,
    },
    /// Inputs (x, one-dimensional positions): the slices of x at the positions along `dim`.
    Select {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, positions, values of the positions' shape): x with the values written at the positions along `dim`; of those
    /// at one place, the last one stays.
    Scatter {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, positions, values): x plus the values, added at the positions along `dim`.
    ScatterAdd {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, positions, values of the positions' shape): x combined with the values at the positions along `dim`.
    ScatterReduce {
        /// The dimension.
        dim: u8,
        /// How.
        fold: Fold,
    },
    /// Inputs (x, one-dimensional positions, values): x plus the values' slices, added to its slices at the positions.
    Add {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, one-dimensional positions, values): x with its slices at the positions replaced by the values'.
    Copy {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (matrix, positions of any shape): the matrix's rows at the positions.
    Rows {
        /// The row that gets no gradient; −1 for none.
        padding: i64,
    },
    /// Inputs (rows, positions): a matrix of zeros with each row added at its position, the derivative of `Rows`.
    RowsAdded {
        /// The rows of the matrix.
        count: usize,
        /// The row that stays zero; −1 for none.
        padding: i64,
    },
    /// Inputs (x, positions…): the elements of x where the indexed dimensions (bits) take the positions, which broadcast and
    /// may count from the end. The positions' dimensions stand where the first indexed one was, or first if the indexed
    /// dimensions are not neighbours.
    Get {
        /// The indexed dimensions.
        dims: u64,
        /// On whose behalf.
        origin: Origin,
    },
    /// Inputs (x, values, positions…): x with `Get`'s elements replaced by the values, or with the values added.
    Put {
        /// The indexed dimensions.
        dims: u64,
        /// Whether values are added to what is there.
        accumulate: bool,
    },
    /// Inputs (x, mask of its shape): the `count` elements where the mask holds, as a vector.
    MaskedSelect {
        /// How many there are.
        count: usize,
        /// On whose behalf.
        origin: Origin,
    },
    /// Inputs (x, mask of its shape, vector): x with the elements where the mask holds replaced by the vector's, in their order.
    MaskedScatter,
    /// Input x: how many elements are not zero.
    Count,
    /// Input x: the positions of its `count` non-zero elements, one row each, row-major.
    NonZero {
        /// How many there are.
        count: usize,
    },
}

impl Index {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let same = |layout: Layout| Plan { layout, dtype: x.dtype(), compute: x.dtype() };
        let like = |shape: &Dims| Ok(same(Layout::contiguous(shape.clone())));
        match self {
            Index::Gather { dim, .. } => {
                check_index_dtype("gather", inputs[1])?;
                check_index_shape("gather", dim as usize, x.shape(), inputs[1].shape(), x.shape())?;
                like(inputs[1].shape())
            }
            Index::Select { dim } => {
                check_index_dtype("index_select", inputs[1])?;
                if inputs[1].ndim() > 1 {
                    bail!(Index, "index_select(): Index is supposed to be a vector");
                }
                if x.ndim() == 0 && inputs[1].numel() != 1 {
                    bail!(
                        Shape,
                        "index_select(): Index to scalar can have only 1 value, got {} value(s)",
                        inputs[1].numel()
                    );
                }
                let mut shape = x.shape().clone();
                if let Some(size) = shape.get_mut(dim as usize) {
                    *size = inputs[1].numel();
                }
                like(&shape)
            }
            Index::Scatter { dim } => {
                check_index_dtype("scatter", inputs[1])?;
                check_same_dtype("scatter", x, inputs[2])?;
                check_index_shape("scatter", dim as usize, x.shape(), inputs[1].shape(), inputs[2].shape())?;
                like(x.shape())
            }
            Index::ScatterReduce { dim, .. } => {
                check_index_dtype("scatter", inputs[1])?;
                check_same_dtype("scatter", x, inputs[2])?;
                check_index_shape("scatter", dim as usize, x.shape(), inputs[1].shape(), inputs[2].shape())?;
                like(x.shape())
            }
            Index::ScatterAdd { dim } => {
                check_index_dtype("scatter", inputs[1])?;
                check_same_dtype("scatter", x, inputs[2])?;
                check_index_shape("scatter_add", dim as usize, x.shape(), inputs[1].shape(), inputs[2].shape())?;
                like(x.shape())
            }
            Index::Add { dim } => {
                check_add(dim as usize, x, inputs[1], inputs[2])?;
                like(x.shape())
            }
            Index::Copy { dim } => {
                check_copy(dim as usize, x, inputs[1], inputs[2])?;
                like(x.shape())
            }
            Index::Rows { .. } => {
                check_rows(x, inputs[1])?;
                let shape: Dims = inputs[1].shape().iter().copied().chain([x.shape()[1]]).collect();
                shape::checked_numel(&shape)?;
                like(&shape)
            }
            Index::RowsAdded { count, .. } => like(&[count, *x.shape().last().unwrap_or(&1)].as_slice().into()),
            Index::Get { dims, .. } => like(&get_shape(x.shape(), dims, &inputs[1..])?),
            Index::Put { dims, .. } => {
                let got = get_shape(x.shape(), dims, &inputs[2..])?;
                check_put_dtype(x, inputs[1])?;
                if got != *inputs[1].shape() {
                    bail!(
                        Shape,
                        "shape mismatch: value tensor of shape {:?} cannot be broadcast to indexing result of shape {got:?}",
                        inputs[1].shape()
                    );
                }
                like(x.shape())
            }
            Index::MaskedSelect { count, .. } => like(&[count].as_slice().into()),
            Index::MaskedScatter => {
                if inputs[1].dtype() != DType::Bool {
                    bail!(
                        DType,
                        "masked_scatter_ only supports boolean masks, but got mask with dtype {}",
                        inputs[1].dtype().type_name()
                    );
                }
                if x.dtype() != inputs[2].dtype() {
                    bail!(
                        DType,
                        "masked_scatter: expected self and source to have same dtypes but got{} and {}",
                        x.dtype().type_name(),
                        inputs[2].dtype().type_name()
                    );
                }
                like(x.shape())
            }
            Index::Count => Ok(Plan { compute: x.dtype(), ..Plan::new(Dims::scalar(), DType::I64) }),
            Index::NonZero { count } => {
                Ok(Plan { compute: x.dtype(), ..Plan::new([count, x.ndim()].as_slice().into(), DType::I64) })
            }
        }
    }
}

/// The positions' broadcast shape.
pub fn positions_shape_of<'a>(positions: impl Iterator<Item = &'a Dims> + Clone) -> Result<Dims> {
    let mut shape = Dims::scalar();
    for index in positions.clone() {
        shape = match shape::broadcast(&shape, index) {
            Ok(shape) => shape,
            Err(_) => {
                let all: Vec<String> = positions.map(|p| format!("{p:?}")).collect();
                bail!(
                    Index,
                    "shape mismatch: indexing tensors could not be broadcast together with shapes {}",
                    all.join(", ")
                )
            }
        };
    }
    Ok(shape)
}

/// The dimension of `Get`'s result at which the positions' dimensions begin: in place of the first indexed dimension if the
/// indexed ones are neighbours, else at the front.
pub fn positions_at(dims: u64) -> usize {
    let first = dims.trailing_zeros() as usize;
    let neighbours = (dims >> first).trailing_ones() == dims.count_ones();
    if neighbours { first } else { 0 }
}
