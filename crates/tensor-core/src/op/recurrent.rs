//! Recurrent layers: one direction of one layer over whole sequences. The product with the layer's input is made before, for all
//! steps at once; what is here is the part in which a step needs the step before.
//!
//! Sequences lie one step after the other, those that are still running first, longest first (PyTorch's packed form): rows
//! `[total, …]`, where `sizes` says how many sequences run at each step.

use super::Plan;
use crate::{Dims, Result, Tensor, bail};

/// What a step computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// h' = tanh(a + W h).
    Tanh,
    /// h' = max(a + W h, 0).
    Relu,
    /// Long short-term memory (Hochreiter and Schmidhuber 1997), gates i, f, g, o: c' = f c + i g, h' = o tanh(c').
    Lstm,
    /// The gated recurrent unit (Cho et al. 2014), gates r, z, n: n = tanh(a + r (W h + b)), h' = (1 − z) n + z h.
    Gru,
}

impl Cell {
    /// How many times the hidden size the rows of `pre` and of the weight are.
    pub fn gates(self) -> usize {
        match self {
            Cell::Tanh | Cell::Relu => 1,
            Cell::Lstm => 4,
            Cell::Gru => 3,
        }
    }

    /// The states that go from step to step: h, and the c of an LSTM.
    pub fn states(self) -> usize {
        match self {
            Cell::Lstm => 2,
            Cell::Tanh | Cell::Relu | Cell::Gru => 1,
        }
    }

    /// How many numbers per hidden one a step leaves for the derivative beyond the states.
    pub fn kept(self) -> usize {
        match self {
            Cell::Tanh | Cell::Relu => 0,
            // i, f, g, o.
            Cell::Lstm => 4,
            // r, z, W h + b, n.
            Cell::Gru => 4,
        }
    }

    /// How many gradients per hidden number a step has: those of `pre`, before which a GRU has that of W h + b.
    pub fn pulled(self) -> usize {
        match self {
            Cell::Gru => 4,
            Cell::Tanh | Cell::Relu | Cell::Lstm => self.gates(),
        }
    }

    /// Whether there is an input after the weight: an LSTM's first c, a GRU's b.
    pub fn has_extra(self) -> bool {
        matches!(self, Cell::Lstm | Cell::Gru)
    }
}

/// One direction of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What a step computes.
    pub cell: Cell,
    /// Whether the last step comes first.
    pub reverse: bool,
}

/// A layer, or its derivative. `pre` is `[total, gates · H]`, h and c are `[N, H]`, the weight is `[gates · H, H]`, `sizes` are
/// `int64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrent {
    /// Inputs (pre, h, weight[, extra], sizes): the states of all steps, `[states, total, H]`, as one row, with what the
    /// derivative needs behind them if `keeps`.
    Trace {
        /// The layer.
        layer: Layer,
        /// Whether a derivative will be asked for.
        keeps: bool,
    },
    /// Inputs of `Trace`, and its result: the states alone.
    States(Layer),
    /// Inputs (g, trace, h, weight[, extra], sizes), g the gradient of `States`: the gradients of W h + b (GRU alone) and of
    /// `pre`, side by side for each row, then of the first h and c, as one row.
    Backward(Layer),
}

impl Recurrent {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let like = |shape: Dims| Plan { compute: inputs[0].dtype(), ..Plan::new(shape, inputs[0].dtype()) };
        let (first, hidden) = match self {
            Recurrent::Trace { .. } | Recurrent::States(_) => (inputs[0], inputs[1]),
            Recurrent::Backward(_) => (inputs[1], inputs[2]),
        };
        if !first.dtype().is_floating_point() {
            bail!(DType, "recurrent layers are not implemented for '{}'", first.dtype().type_name());
        }
        let (size, width) = (inputs[0].shape()[0], hidden.shape()[1]);
        Ok(match self {
            Recurrent::Trace { layer: Layer { cell, .. }, keeps } => {
                let kept = if keeps { cell.kept() } else { 0 };
                like([size * width * (cell.states() + kept)].as_slice().into())
            }
            Recurrent::States(Layer { cell, .. }) => like([cell.states(), size, width].as_slice().into()),
            Recurrent::Backward(Layer { cell, .. }) => {
                let total = inputs[0].shape()[1];
                like([total * width * cell.pulled() + hidden.numel() * cell.states()].as_slice().into())
            }
        })
    }
}
