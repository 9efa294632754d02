//! Operations as data: one closed enum, a variant per family. A family's file says which operations it has, what they need
//! of their inputs and what their results look like; how they are computed and differentiated is for other crates.

pub mod activation;
pub mod attend;
pub mod binary;
pub mod conv;
pub mod convert;
pub mod ctc;
pub mod fold;
pub mod index;
pub mod join;
pub mod linalg;
pub mod loss;
pub mod matmul;
pub mod norm;
pub mod origin;
pub mod pad;
pub mod pool;
pub mod random;
pub mod recurrent;
pub mod reduce;
pub mod resize;
pub mod sample;
pub mod scan;
pub mod select;
pub mod sort;
mod split;
pub mod ternary;
pub mod unary;
pub mod update;
pub mod view;

pub use crate::compose::elementwise::Rounding;
pub use crate::compose::interpolate::{Interpolate, InterpolateMode, ScaleFactor};
pub use crate::compose::loss::{
    BceWithLogits, CrossEntropy, MultiMargin, NllLoss, Reduction, TripletMargin, TripletMarginWithDistance,
};
pub use crate::compose::pool::MaxUnpool;
pub use crate::compose::recurrent::RnnOptions;
pub use activation::Activation;
pub use attend::Attend;
pub use binary::Binary;
pub use conv::Conv;
pub use convert::Convert;
pub use ctc::{Ctc, CtcLoss};
pub use fold::{Fold, FoldOptions};
pub use index::Index;
pub use join::Join;
pub use linalg::{Linalg, QrMode};
pub use loss::Loss;
pub use matmul::Matmul;
pub use norm::Norm;
pub use origin::Origin;
pub use pad::{Pad, PadMode};
pub use pool::Pool;
pub use recurrent::Recurrent;
pub use reduce::Reduce;
pub use resize::Resize;
pub use sample::{GridSample, Sample};
pub use scan::Scan;
pub use select::Select;
pub use sort::Sort;
pub use ternary::Ternary;
pub use unary::Unary;
pub use view::View;

use crate::{DType, Dims, Layout, Result, Tensor};
use storage::Scalar;

/// One operation with its parameters. Each layer matches it exhaustively, so that a new variant makes the compiler name
/// every place that has to know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// A function of each element.
    Unary(Unary),
    /// A function of two tensors' elements, broadcast.
    Binary(Binary),
    /// A binary function of each element and one number; `reversed`: the number is the left operand.
    Scalar {
        /// The function.
        op: Binary,
        /// The number.
        number: Scalar,
        /// Whether the number stands on the left.
        reversed: bool,
    },
    /// An activation of each element, or its gradient.
    Activation(Activation),
    /// A choice between values, element by element.
    Select(Select),
    /// A function of three tensors' elements, broadcast.
    Ternary(Ternary),
    /// The same values in another place or type.
    Convert(Convert),
    /// Many elements into one.
    Reduce(Reduce),
    /// Matrices taken apart.
    Linalg(Linalg),
    /// Products that sum over an index.
    Matmul(Matmul),
    /// Reading and writing at positions given by tensors.
    Index(Index),
    /// Tensors put together, or turned around.
    Join(Join),
    /// Convolutions and their gradients.
    Conv(Conv),
    /// Elements added at the ends of dimensions, or taken away.
    Pad(Pad),
    /// Windows of images into one element each, and back.
    Pool(Pool),
    /// Blocks of images as columns, and back.
    Fold(Fold),
    /// Images in other sizes.
    Resize(Resize),
    /// Images read at given places.
    Sample(Sample),
    /// Queries that meet keys and take their values.
    Attend(Attend),
    /// Losses of classes, of differences and of answers.
    Loss(Loss),
    /// Labels that last for several steps.
    Ctc(Ctc),
    /// Elements brought to a common scale.
    Norm(Norm),
    /// Layers in which a step needs the step before.
    Recurrent(Recurrent),
    /// Running totals along a dimension.
    Scan(Scan),
    /// Positions by order.
    Sort(Sort),
    /// The same memory under another layout; never reaches a device.
    View(View),
}

/// What an operation's result will be, before it is computed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The result's shape and strides, from the start of a fresh storage.
    pub layout: Layout,
    /// The result's dtype.
    pub dtype: DType,
    /// The dtype that inputs are converted to before computing.
    pub compute: DType,
}

impl Plan {
    /// A row-major result that is computed in its own dtype.
    pub fn new(shape: Dims, dtype: DType) -> Plan {
        Plan { layout: Layout::contiguous(shape), dtype, compute: dtype }
    }
}

impl Op {
    /// Checks `inputs` and says what the result will be.
    #[inline]
    pub fn plan(&self, inputs: &[&Tensor]) -> Result<Plan> {
        match self {
            Op::Unary(op) => op.plan(inputs[0]),
            Op::Binary(op) => op.plan(inputs[0], inputs[1]),
            Op::Scalar { op, number, reversed } => op.plan_scalar(inputs[0], *number, *reversed),
            Op::Activation(op) => op.plan(inputs),
            Op::Select(op) => op.plan(inputs),
            Op::Ternary(op) => op.plan(inputs),
            Op::Convert(op) => op.plan(inputs),
            Op::Reduce(op) => op.plan(inputs[0]),
            Op::Linalg(op) => op.plan(inputs),
            Op::Matmul(op) => op.plan(inputs),
            Op::Index(op) => op.plan(inputs),
            Op::Join(op) => op.plan(inputs),
            Op::Conv(op) => op.plan(inputs),
            Op::Pad(op) => op.plan(inputs[0]),
            Op::Pool(op) => op.plan(inputs),
            Op::Fold(op) => op.plan(inputs[0]),
            Op::Resize(op) => op.plan(inputs[0]),
            Op::Sample(op) => op.plan(inputs),
            Op::Attend(op) => op.plan(inputs),
            Op::Loss(op) => op.plan(inputs),
            Op::Ctc(op) => op.plan(inputs),
            Op::Norm(op) => op.plan(inputs),
            Op::Recurrent(op) => op.plan(inputs),
            Op::Scan(op) => op.plan(inputs),
            Op::Sort(op) => op.plan(inputs),
            Op::View(_) => unreachable!("views are planned by their own methods"),
        }
    }

    /// The dtypes of result and computation, if the result's layout is that of the first input: the common case of
    /// element-wise operations, found without building a plan. `None` otherwise.
    #[inline]
    pub(crate) fn plan_alike(&self, inputs: &[&Tensor]) -> Result<Option<(DType, DType)>> {
        let plain = |x: &Tensor| x.layout().is_plain();
        match (self, inputs) {
            (Op::Binary(op), [a, b]) if a.dtype() == b.dtype() && plain(a) && a.layout() == b.layout() => {
                op.dtypes(a.dtype()).map(Some)
            }
            (Op::Scalar { op, number, reversed }, [x]) if plain(x) => {
                op.scalar_dtypes(x.dtype(), *number, *reversed).map(Some)
            }
            (Op::Unary(op), [x]) if plain(x) => op.dtypes(x.dtype()).map(Some),
            (Op::Activation(op), [x]) if plain(x) => op.dtypes(x.dtype()).map(Some),
            (Op::Activation(op), [g, x]) if plain(x) && g.layout() == x.layout() => op.dtypes(x.dtype()).map(Some),
            _ => Ok(None),
        }
    }

    /// Sets every element to `number`.
    pub fn fill(number: impl Into<Scalar>) -> Op {
        Op::Convert(Convert::Fill(number.into()))
    }

    /// Whether the operation takes its output's shape as it is.
    pub(crate) fn fills(&self) -> bool {
        matches!(self, Op::Convert(Convert::Fill(_)))
    }

    /// Whether the operation, in place, writes over its output without reading it.
    pub(crate) fn replaces(&self) -> bool {
        matches!(self, Op::Convert(Convert::Fill(_) | Convert::Copy))
    }

    /// Whether the operation may write any dtype, also to the loss of digits.
    pub(crate) fn casts_freely(&self) -> bool {
        matches!(self, Op::Convert(_))
    }
}

const _: () = assert!(std::mem::size_of::<Op>() <= 40);
