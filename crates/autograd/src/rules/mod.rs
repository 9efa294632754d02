//! Derivatives as data: for each operation, one formula per input. What a formula names is what the forward pass keeps.
//!
//! In a rule, `g` is the gradient of the result, `x` (or `a`), `b` and `c` are the inputs, `y` is the output, `op` the
//! operation with its parameters, `input` describes the input whose gradient is wanted (shape, dtype, place), `positions`
//! are an index operation's position tensors, `number` is that of an operation with one, `layouts` those of a base and of its part, `starts` where each input begins.
//! Broadcasting and promotion are undone by the engine. Formulas are written in tensor operations, so that they have
//! derivatives themselves. Source of most formulas: PyTorch's `tools/autograd/derivatives.yaml`.

mod activation;
mod attend;
mod binary;
mod conv;
mod convert;
mod ctc;
mod fold;
mod index;
mod join;
mod linalg;
mod loss;
mod matmul;
mod norm;
mod pad;
mod pool;
mod recurrent;
mod reduce;
mod resize;
mod sample;
mod scan;
mod select;
mod sort;
mod ternary;
mod unary;
mod view;

use crate::kept::Unpacked;
use crate::node::Node;
use smallvec::SmallVec;
use std::borrow::Cow;
use tensor_core::{DType, Dims, Op, Tensor};

/// The derivative with respect to one input, or to all of them.
pub(crate) struct Rule {
    /// What the formula names, as bits of `kept`.
    pub(crate) keeps: u8,
    /// The formula.
    pub(crate) formula: Formula,
}

/// How a derivative is computed.
pub(crate) enum Formula {
    /// For one input at a time.
    One(fn(&Pull<'_>) -> Tensor),
    /// For all inputs together, where they share most of the work; an operation with such a rule has no other one. Gradients
    /// that nobody wants may be left out.
    All(fn(&PullAll<'_>) -> Gradients),
}

/// Gradients of an operation's inputs.
pub(crate) type Gradients = SmallVec<[Option<Tensor>; 8]>;

/// What a formula for all inputs sees.
pub(crate) struct PullAll<'a> {
    /// The gradient of the result.
    pub(crate) g: &'a Tensor,
    /// What was kept.
    pub(crate) kept: &'a Unpacked,
    /// The operation.
    pub(crate) op: &'a Op,
    /// Which inputs' gradients are wanted.
    pub(crate) wanted: &'a [bool],
}

/// What a formula sees.
pub(crate) struct Pull<'a> {
    /// The gradient of the result.
    pub(crate) g: &'a Tensor,
    /// What was kept.
    pub(crate) kept: &'a Unpacked,
    /// The operation.
    pub(crate) op: &'a Op,
    /// The input whose gradient is wanted, and its place among the inputs.
    pub(crate) input: Input<'a>,
}

/// The input whose gradient is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) node: &'a Node,
    pub(crate) place: usize,
}

impl<'a> Input<'a> {
    pub(crate) fn shape(self) -> &'a Dims {
        &self.node.shape
    }

    pub(crate) fn dtype(self) -> DType {
        self.node.dtype
    }

    /// Zeros in the input's shape.
    pub(crate) fn zeros(self) -> Tensor {
        tensor_core::or_panic(Tensor::try_full_on(self.shape(), 0, self.dtype(), self.node.device))
    }
}

/// Writes rules as closures over the names of the module's text.
macro_rules! rules {
    ($(|$g:ident $(, $name:ident)*| $body:expr),* $(,)?) => {
        &[$($crate::rules::Rule {
            keeps: 0 $(| $crate::rules::bit!($name))*,
            formula: $crate::rules::Formula::One(|pull: &$crate::rules::Pull<'_>| {
                let $g = pull.g;
                $(let $name = $crate::rules::bind!(pull, $name);)*
                $body
            }),
        }),*]
    };
}

/// What naming something keeps.
macro_rules! bit {
    (x) => {
        $crate::kept::INPUT_0
    };
    (a) => {
        $crate::kept::INPUT_0
    };
    (b) => {
        $crate::kept::INPUT_1
    };
    (c) => {
        $crate::kept::INPUT_2
    };
    (y) => {
        $crate::kept::OUTPUT
    };
    (positions) => {
        $crate::kept::POSITIONS
    };
    (layouts) => {
        $crate::kept::LAYOUTS
    };
    (starts) => {
        $crate::kept::STARTS
    };
    (number) => {
        $crate::kept::NUMBER
    };
    (op) => {
        0
    };
    (input) => {
        0
    };
}

/// What a name stands for in a formula.
macro_rules! bind {
    ($pull:ident, positions) => {
        $pull.kept.positions()
    };
    ($pull:ident, layouts) => {
        $pull.kept.layouts()
    };
    ($pull:ident, starts) => {
        $pull.kept.starts()
    };
    ($pull:ident, number) => {
        $crate::rules::binary::number($pull.op)
    };
    ($pull:ident, op) => {
        $pull.op
    };
    ($pull:ident, input) => {
        $pull.input
    };
    ($pull:ident, $name:ident) => {
        $pull.kept.get($crate::rules::bit!($name))
    };
}

pub(crate) use {bind, bit, rules};

/// The rules of `op`, one per input (the last one serves all further inputs); none if it has no derivative.
#[inline]
pub(crate) fn of(op: &Op) -> &'static [Rule] {
    match op {
        Op::Unary(op) => unary::rules(*op),
        Op::Binary(op) => binary::rules(*op),
        Op::Scalar { op, reversed: false, .. } => binary::with_number(*op),
        Op::Scalar { op, reversed: true, .. } => binary::with_number_first(*op),
        Op::Activation(op) => activation::rules(*op),
        Op::Select(op) => select::rules(*op),
        Op::Ternary(op) => ternary::rules(*op),
        Op::Convert(op) => convert::rules(*op),
        Op::Reduce(op) => reduce::rules(*op),
        Op::Matmul(op) => matmul::rules(*op),
        Op::Index(op) => index::rules(*op),
        Op::Join(op) => join::rules(*op),
        Op::Linalg(op) => linalg::rules(*op),
        Op::Conv(op) => conv::rules(*op),
        Op::Pad(op) => pad::rules(*op),
        Op::Pool(op) => pool::rules(*op),
        Op::Fold(op) => fold::rules(*op),
        Op::Resize(op) => resize::rules(*op),
        Op::Sample(op) => sample::rules(*op),
        Op::Attend(op) => attend::rules(*op),
        Op::Loss(op) => loss::rules(*op),
        Op::Ctc(op) => ctc::rules(*op),
        Op::Norm(op) => norm::rules(*op),
        Op::Recurrent(op) => recurrent::rules(*op),
        Op::Scan(op) => scan::rules(*op),
        Op::Sort(op) => sort::rules(*op),
        Op::View(op) => view::rules(*op),
    }
}

/// PyTorch's name of the node that `op` leaves: `MulBackward0`.
pub(crate) fn name(op: &Op) -> Cow<'static, str> {
    match op {
        Op::Unary(op) => unary::name(*op),
        Op::Binary(op) => binary::name(*op),
        Op::Scalar { op, reversed, .. } => binary::name_with_number(*op, *reversed),
        Op::Activation(op) => activation::name(*op).into(),
        Op::Select(op) => select::name(*op).into(),
        Op::Ternary(op) => ternary::name(*op).into(),
        Op::Convert(op) => convert::name(*op).into(),
        Op::Reduce(op) => reduce::name(*op).into(),
        Op::Matmul(op) => matmul::name(*op).into(),
        Op::Index(op) => index::name(*op).into(),
        Op::Join(op) => join::name(*op).into(),
        Op::Linalg(op) => linalg::name(*op).into(),
        Op::Conv(op) => conv::name(*op).into(),
        Op::Pad(op) => pad::name(*op).into(),
        Op::Pool(op) => pool::name(*op).into(),
        Op::Fold(op) => fold::name(*op).into(),
        Op::Resize(op) => resize::name(*op).into(),
        Op::Sample(op) => sample::name(*op).into(),
        Op::Attend(op) => attend::name(*op).into(),
        Op::Loss(op) => loss::name(*op).into(),
        Op::Ctc(op) => ctc::name(*op).into(),
        Op::Norm(op) => norm::name(*op).into(),
        Op::Recurrent(op) => recurrent::name(*op).into(),
        Op::Scan(op) => scan::name(*op).into(),
        Op::Sort(op) => sort::name(*op).into(),
        Op::View(op) => view::name(*op).into(),
    }
}

/// `bitwise_and` as `BitwiseAnd`.
fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| word.chars().enumerate().map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c }))
        .collect()
}
