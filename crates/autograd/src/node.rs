//! A node of the graph: how one tensor was made, from which nodes, and what its derivative needs. It knows no formulas.

use crate::extras::Extras;
use crate::function::CustomNode;
use crate::kept::{self, Kept};
use crate::{anomaly, graph, rules};
use smallvec::SmallVec;
use std::any::Any;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tensor_core::{DType, Device, Dims, History, Layout, Op, Parents, Past, Record, Tensor};

/// The nodes of an operation's inputs; `None` where no gradient is wanted.
pub(crate) type Inputs = SmallVec<[Option<Arc<Node>>; 2]>;

/// How one tensor was made.
pub struct Node {
    /// Later than every ancestor's: the order in which backward must visit nodes, reversed.
    pub(crate) born: u64,
    pub(crate) shape: Dims,
    pub(crate) dtype: DType,
    pub(crate) device: &'static dyn Device,
    pub(crate) inputs: Inputs,
    pub(crate) kind: Kind,
    /// Hooks, names and kept values: rare, and allocated only when asked for.
    pub(crate) extras: OnceLock<Box<Extras>>,
}

pub(crate) enum Kind {
    /// A value that the user made; its gradient accumulates here.
    Leaf { layout: Layout, grad: Mutex<Option<Tensor>> },
    /// The result of an operation, and what its rules named.
    Op { op: Op, kept: Mutex<Kept> },
    /// The result of a function with a derivative of its own.
    Custom(Box<CustomNode>),
}

/// Relaxed suffices: the reads and writes of one atomic are ordered, also across threads that hand tensors to each other.
static BIRTHS: AtomicU64 = AtomicU64::new(0);

impl Node {
    pub(crate) fn new(output: &Tensor, inputs: Inputs, kind: Kind) -> Arc<Node> {
        let node = Arc::new(Node {
            born: BIRTHS.fetch_add(1, Ordering::Relaxed),
            shape: output.shape().clone(),
            dtype: output.dtype(),
            device: output.device(),
            inputs,
            kind,
            extras: OnceLock::new(),
        });
        if graph::keeps_values() {
            node.extras().set_value(output.detach());
        }
        if anomaly::is_anomaly_enabled() {
            node.extras().set_trace();
        }
        node
    }

    /// A leaf for a tensor that the user made.
    pub(crate) fn leaf(tensor: &Tensor) -> Arc<Node> {
        let kind = Kind::Leaf { layout: tensor.layout().clone(), grad: Mutex::new(None) };
        Node::new(tensor, Inputs::new(), kind)
    }

    /// The node behind a history.
    pub(crate) fn from_past(past: Past) -> Option<Arc<Node>> {
        let any: Arc<dyn Any + Send + Sync> = past;
        any.downcast().ok()
    }

    /// The node of a watched tensor.
    pub(crate) fn of(tensor: &Tensor) -> Option<Arc<Node>> {
        if tensor.is_tracked() { tensor.history().and_then(Node::from_past) } else { None }
    }

    pub(crate) fn extras(&self) -> &Extras {
        self.extras.get_or_init(Box::default)
    }

    pub(crate) fn is_leaf(&self) -> bool {
        matches!(self.kind, Kind::Leaf { .. })
    }

    /// PyTorch's name of the node.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match &self.kind {
            Kind::Leaf { .. } => Cow::Borrowed("AccumulateGrad"),
            Kind::Op { op, .. } => rules::name(op),
            Kind::Custom(custom) => Cow::Owned(custom.name()),
        }
    }
}

/// A node for `output`, if `op` has a derivative there.
fn record(op: &Op, inputs: &[&Tensor], mut parents: Parents, output: &Tensor) -> Option<Past> {
    let rules = rules::of(op);
    if rules.is_empty() || !output.dtype().is_floating_point() {
        return None;
    }
    let mut node = |i: usize| parents[i].take().and_then(Node::from_past);
    let parents = match inputs.len() {
        1 => Inputs::from_buf_and_len([node(0), None], 1),
        2 => Inputs::from_buf([node(0), node(1)]),
        many => (0..many).map(node).collect(),
    };
    let kept = Kept::named(kept::names(rules, &parents), op, inputs, output);
    Some(Node::new(output, parents, Kind::Op { op: *op, kept: Mutex::new(kept) }))
}

impl History for Node {
    fn recorder(&self) -> Record {
        record
    }

    fn before_overwrite(&self, op: &Op, inputs: &[&Tensor], parents: &Parents) -> Option<Tensor> {
        let rules = rules::of(op);
        let wanted = (0..parents.len()).filter(|i| parents[*i].is_some());
        let names = wanted.map(|i| rules.get(i).or(rules.last()).map_or(0, |rule| rule.keeps)).fold(0, |a, b| a | b);
        (names & kept::INPUT_0 != 0).then(|| {
            let copy = inputs[0].detach().clone_();
            copy.set_history(parents[0].clone(), parents[0].is_some());
            copy
        })
    }

    fn replaced_by(&self, next: &dyn History) {
        // Who asked for a computed tensor's gradient means the tensor, whatever it is made of by now.
        let next: &dyn Any = next;
        if let (Some(extras), Some(next)) = (self.extras.get(), next.downcast_ref::<Node>())
            && !self.is_leaf()
        {
            extras.pass_on(next.extras());
        }
    }

    fn is_leaf(&self) -> bool {
        self.is_leaf()
    }

    fn name(&self) -> Cow<'static, str> {
        self.name()
    }
}

/// A chain of a million operations must not need a stack of a million frames: nodes that die with this one are taken apart
/// in a loop. What is kept goes first, because kept tensors hold nodes of their own.
impl Drop for Node {
    fn drop(&mut self) {
        let mut dying: Dying = Vec::new();
        self.dismantle(&mut dying);
        while let Some(mut node) = dying.pop() {
            // Taken apart where it lies: a node is too large to be moved for nothing.
            if let Some(node) = Arc::get_mut(&mut node) {
                node.dismantle(&mut dying);
            }
        }
    }
}

/// Nodes that die with another one.
pub(crate) type Dying = Vec<Arc<Node>>;

/// Lets go of a node; if nobody else holds it, it joins `dying` instead of being dropped within the drop of another.
#[inline]
pub(crate) fn let_go(node: Arc<Node>, dying: &mut Dying) {
    if Arc::strong_count(&node) == 1 {
        dying.push(node);
    } else if let Some(node) = Arc::into_inner(node) {
        // The other holder, on another thread, let go just now.
        dying.push(Arc::new(node));
    }
}

impl Node {
    /// Lets go of everything that may hold other nodes; those that nobody else holds move into `dying`.
    fn dismantle(&mut self, dying: &mut Dying) {
        match &mut self.kind {
            Kind::Op { kept, .. } => {
                let kept = kept.get_mut().unwrap_or_else(PoisonError::into_inner);
                std::mem::take(kept).dismantle(dying);
            }
            Kind::Custom(custom) => custom.dismantle(dying),
            // Only with `create_graph` does a gradient have a history.
            Kind::Leaf { grad, .. } => {
                let grad = grad.get_mut().unwrap_or_else(PoisonError::into_inner).take();
                grad.into_iter().for_each(|grad| kept::release(grad, dying));
            }
        }
        if let Some(extras) = self.extras.take() {
            extras.into_retained().into_iter().for_each(|grad| kept::release(grad, dying));
        }
        self.inputs.drain(..).flatten().for_each(|input| let_go(input, dying));
    }
}
