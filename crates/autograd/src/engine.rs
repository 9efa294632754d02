//! The backward pass: visits nodes from the youngest to the oldest, so that every gradient is whole before it is used.
//! Neither recursion nor a sort of the graph: a node's consumers are all younger than it.

use crate::anomaly;
use crate::kept::Kept;
use crate::node::{Kind, Node};
use crate::rules::{self, Formula, Input, Pull, PullAll, Rule};
use smallvec::SmallVec;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, PoisonError};
use tensor_core::mode::Recording;
use tensor_core::{Dims, Error, ErrorKind, Result, Tensor, bail};

/// How to run a backward pass.
#[derive(Clone, Copy, Default)]
pub struct Backward<'a> {
    /// The gradient of the tensor itself, of its shape; for a single element it may be left out, and is one then.
    pub gradient: Option<&'a Tensor>,
    /// Keeps what backward needs, so that it can run again.
    pub retain_graph: bool,
    /// Records the backward pass itself, for derivatives of derivatives; implies `retain_graph`.
    pub create_graph: bool,
}

/// How [`grad_with`] computes.
#[derive(Clone, Copy, Default)]
pub struct GradOptions<'a> {
    /// The gradients of the outputs, in order; ones where left out.
    pub grad_outputs: Option<&'a [Tensor]>,
    /// As in [`Backward`].
    pub retain_graph: bool,
    /// As in [`Backward`].
    pub create_graph: bool,
}

type Gradient = (Arc<Node>, Tensor);

/// Nodes that have a gradient and wait for their turn, by birth. Graphs are mostly narrow: a sorted list serves up to a few
/// dozen entries, a tree beyond.
enum Pending {
    Few(SmallVec<[Gradient; 8]>),
    Many(BTreeMap<u64, Gradient>),
}

impl Pending {
    fn pop_youngest(&mut self) -> Option<Gradient> {
        match self {
            Pending::Few(list) => list.pop(),
            Pending::Many(tree) => tree.pop_last().map(|(_, gradient)| gradient),
        }
    }

    /// Adds `grad` to what `node` has already.
    fn add(&mut self, node: &Arc<Node>, grad: Tensor) {
        let sum = |old: &mut Tensor, grad: Tensor| *old = &*old + &grad;
        match self {
            Pending::Few(list) => match list.binary_search_by_key(&node.born, |(node, _)| node.born) {
                Ok(at) => sum(&mut list[at].1, grad),
                Err(at) if list.len() < 64 => list.insert(at, (node.clone(), grad)),
                Err(_) => {
                    let tree = list.drain(..).map(|gradient| (gradient.0.born, gradient)).collect();
                    *self = Pending::Many(tree);
                    self.add(node, grad);
                }
            },
            Pending::Many(tree) => match tree.get_mut(&node.born) {
                Some((_, old)) => sum(old, grad),
                None => drop(tree.insert(node.born, (node.clone(), grad))),
            },
        }
    }
}

/// Nodes whose gradients are wanted, and the births of those on the way to them.
type Wanted<'a> = (&'a [Option<Arc<Node>>], HashSet<u64>);

/// One backward pass.
struct Pass<'a> {
    retain: bool,
    create: bool,
    /// Where `grad` was asked for: the nodes whose gradients are wanted, and the nodes on the way to them. Leaves accumulate
    /// only where it was not.
    wanted: Option<Wanted<'a>>,
    found: Vec<Option<Tensor>>,
}

impl Pass<'_> {
    fn run(&mut self, roots: Vec<Gradient>) -> Result<()> {
        let mut pending = Pending::Few(SmallVec::new());
        for (node, grad) in roots {
            pending.add(&node, grad);
        }
        let _mode = Recording::set(self.create);
        while let Some((node, grad)) = pending.pop_youngest() {
            self.visit(&node, grad, &mut pending)?;
        }
        Ok(())
    }

    fn is_needed(&self, node: &Node) -> bool {
        self.wanted.as_ref().is_none_or(|(_, on_the_way)| on_the_way.contains(&node.born))
    }

    fn visit(&mut self, node: &Arc<Node>, mut grad: Tensor, pending: &mut Pending) -> Result<()> {
        if let Some(extras) = node.extras.get() {
            grad = extras.run_hooks(grad)?;
            if extras.retains_grad() && !node.is_leaf() {
                extras.set_retained(Some(if self.create { grad.clone() } else { grad.detach() }));
            }
        }
        if let Some((targets, _)) = &self.wanted {
            for (target, found) in targets.iter().zip(&mut self.found) {
                if target.as_ref().is_some_and(|target| Arc::ptr_eq(target, node)) {
                    *found = Some(grad.clone());
                }
            }
        }
        // A target that leads to no other one is not entered: what it keeps stays for a later pass.
        if self.wanted.is_some() && !node.inputs.iter().flatten().any(|input| self.is_needed(input)) {
            return Ok(());
        }
        match &node.kind {
            Kind::Leaf { .. } if self.wanted.is_some() => {}
            Kind::Leaf { .. } => accumulate(node, grad, self.create),
            Kind::Op { op, kept } => {
                let unpacked = {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    let unpacked = kept.unpack(op, node, self.create)?;
                    if !self.retain && !matches!(*kept, Kept::Nothing) {
                        *kept = Kept::Released;
                    }
                    unpacked
                };
                let rules = rules::of(op);
                if let [Rule { formula: Formula::All(pull), .. }] = rules {
                    let wanted: SmallVec<[bool; 8]> = node
                        .inputs
                        .iter()
                        .map(|parent| parent.as_ref().is_some_and(|parent| self.is_needed(parent)))
                        .collect();
                    let grads = pull(&PullAll { g: &grad, kept: &unpacked, op, wanted: &wanted });
                    return self.spread(node, grads, pending);
                }
                let last = rules.len() - 1;
                for (place, parent) in node.inputs.iter().enumerate() {
                    let Some(parent) = parent.as_ref().filter(|parent| self.is_needed(parent)) else { continue };
                    let input = Input { node: parent, place };
                    let pull = Pull { g: &grad, kept: &unpacked, op, input };
                    let Formula::One(formula) = rules[place.min(last)].formula else {
                        unreachable!("a rule for all inputs is the only one")
                    };
                    let mine = formula(&pull);
                    anomaly::check(node, place, &mine)?;
                    pending.add(parent, fit(mine, node, place, parent)?);
                }
            }
            Kind::Custom(custom) => {
                let grads = custom.pull(node, &grad, self.retain)?;
                self.spread(node, grads, pending)?;
            }
        }
        Ok(())
    }

    /// Gives a node's inputs their gradients, as far as there are some and they are wanted.
    fn spread(
        &self,
        node: &Arc<Node>,
        grads: impl IntoIterator<Item = Option<Tensor>>,
        pending: &mut Pending,
    ) -> Result<()> {
        for (place, (parent, mine)) in node.inputs.iter().zip(grads).enumerate() {
            let Some(parent) = parent.as_ref().filter(|parent| self.is_needed(parent)) else { continue };
            let Some(mine) = mine else { continue };
            anomaly::check(node, place, &mine)?;
            pending.add(parent, fit(mine, node, place, parent)?);
        }
        Ok(())
    }
}

/// Undoes broadcasting and promotion: the gradient in the shape and dtype of the value that it belongs to.
#[inline]
fn fit(grad: Tensor, child: &Node, place: usize, node: &Node) -> Result<Tensor> {
    let grad = if *grad.shape() == node.shape { grad } else { sum_to(&grad, &node.shape, child, place)? };
    grad.try_to_dtype(node.dtype)
}

/// Sums over the dimensions that broadcasting repeated.
fn sum_to(grad: &Tensor, shape: &Dims, child: &Node, place: usize) -> Result<Tensor> {
    let broadcasts = tensor_core::shape::broadcast(shape, grad.shape()).is_ok_and(|both| both == *grad.shape());
    if !broadcasts {
        bail!(
            Autograd,
            "Function {} returned an invalid gradient at index {place} - got {:?} but expected shape compatible with {shape:?}",
            child.name(),
            grad.shape()
        );
    }
    let lead = grad.ndim() - shape.len();
    let repeated: Vec<usize> =
        (0..grad.ndim()).filter(|dim| *dim < lead || (shape[dim - lead] == 1 && grad.shape()[*dim] != 1)).collect();
    let summed = if repeated.is_empty() { grad.clone() } else { grad.try_sum_dim(repeated, true)? };
    summed.try_reshape(shape)
}

/// Adds a gradient to a leaf. The first one is taken over if nobody else holds it and it lies in memory as the leaf does.
fn accumulate(node: &Arc<Node>, grad: Tensor, create: bool) {
    let Kind::Leaf { layout, grad: slot } = &node.kind else { unreachable!("only leaves accumulate") };
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let next = match slot.take() {
        // The graph may share the tensor with others, but no other owner may write to it.
        None if create => {
            if grad.is_sole() {
                grad
            } else {
                tensor_core::or_panic(grad.try_clone())
            }
        }
        None => {
            let same_order = match layout.is_dense() {
                true => grad.stride() == layout.strides(),
                false => grad.is_contiguous(),
            };
            if same_order && grad.is_sole() {
                grad
            } else {
                let own = tensor_core::or_panic(grad.try_empty_for(layout));
                own.copy_(&grad);
                own
            }
        }
        Some(old) if create => &old + &grad,
        Some(old) => {
            old.add_(&grad);
            old
        }
    };
    *slot = Some(next);
}

/// The node and first gradient of an output.
fn root(number: usize, output: &Tensor, gradient: Option<&Tensor>) -> Result<Gradient> {
    let Some(node) = Node::of(output) else {
        bail!(Autograd, "element {number} of tensors does not require grad and does not have a grad_fn");
    };
    let grad = match gradient {
        Some(gradient) if gradient.shape() != output.shape() => bail!(
            Autograd,
            "Mismatch in shape: grad_output[{number}] has a shape of {} and output[{number}] has a shape of {}.",
            tensor_core::display::torch_size(gradient.shape()),
            tensor_core::display::torch_size(output.shape())
        ),
        Some(gradient) => gradient.try_to_dtype(output.dtype())?,
        None if output.numel() != 1 => bail!(Autograd, "grad can be implicitly created only for scalar outputs"),
        None => Tensor::try_full_on(output.shape(), 1, output.dtype(), output.device())?,
    };
    Ok((node, grad))
}

/// Runs backward from `output`, accumulating into leaves.
pub(crate) fn backward(output: &Tensor, options: Backward<'_>) -> Result<()> {
    let root = root(0, output, options.gradient)?;
    let retain = options.retain_graph || options.create_graph;
    Pass { retain, create: options.create_graph, wanted: None, found: vec![] }.run(vec![root])
}

/// The gradients of the sum of `outputs` with respect to `inputs`, without touching any tensor's `.grad`.
///
/// ```
/// use autograd::{Gradient, grad};
/// use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![3.0f32], [1], ops_cpu::cpu()).requires_grad_(true);
/// let y = &x * &x;
/// assert_eq!(grad(&[&y], &[&x])[0].item::<f32>(), 6.0);
/// ```
///
/// # Panics
/// If an output needs no gradient or has more than one element, or an input is not used by the outputs; [`grad_with`]
/// gives `None` for the latter.
#[track_caller]
pub fn grad(outputs: &[&Tensor], inputs: &[&Tensor]) -> Vec<Tensor> {
    tensor_core::or_panic(try_grad(outputs, inputs))
}

/// As [`grad`], but returns misuse as an error.
pub fn try_grad(outputs: &[&Tensor], inputs: &[&Tensor]) -> Result<Vec<Tensor>> {
    let unused = |i: usize| {
        let text = format!(
            "The differentiated Tensor at index {i} appears to not have been used in the graph. Set allow_unused=True if this is \
             the desired behavior."
        );
        Error::new(ErrorKind::Autograd, text)
    };
    let found = grad_with(outputs, inputs, GradOptions::default())?;
    found.into_iter().enumerate().map(|(i, grad)| grad.ok_or_else(|| unused(i))).collect()
}

/// As [`grad`], with options; `None` for inputs that the outputs do not use.
///
/// # Errors
/// As [`grad`] panics, but for unused inputs.
pub fn grad_with(outputs: &[&Tensor], inputs: &[&Tensor], options: GradOptions<'_>) -> Result<Vec<Option<Tensor>>> {
    let mut roots = vec![];
    if inputs.is_empty() {
        bail!(Autograd, "`inputs` argument to `grad()` cannot be empty.");
    }
    if let Some(grads) = options.grad_outputs.filter(|grads| grads.len() != outputs.len()) {
        bail!(Autograd, "got {} tensors and {} gradients", outputs.len(), grads.len());
    }
    for (i, output) in outputs.iter().enumerate() {
        roots.push(root(i, output, options.grad_outputs.map(|grads| &grads[i]))?);
    }
    if inputs.iter().any(|input| !input.is_tracked()) {
        bail!(Autograd, "One of the differentiated Tensors does not require grad");
    }
    let targets: Vec<Option<Arc<Node>>> = inputs.iter().map(|input| Node::of(input)).collect();
    let on_the_way = leading_to(&targets, &roots);
    let retain = options.retain_graph || options.create_graph;
    let found = vec![None; inputs.len()];
    let mut pass = Pass { retain, create: options.create_graph, wanted: Some((&targets, on_the_way)), found };
    roots.retain(|(node, _)| pass.is_needed(node));
    pass.run(roots)?;
    Ok(pass.found)
}

/// The births of all nodes from which a target can be reached.
fn leading_to(targets: &[Option<Arc<Node>>], roots: &[Gradient]) -> HashSet<u64> {
    let oldest = targets.iter().flatten().map(|node| node.born).min().unwrap_or(u64::MAX);
    let mut reached: BTreeMap<u64, Arc<Node>> = BTreeMap::new();
    let mut open: Vec<Arc<Node>> = roots.iter().map(|(node, _)| node.clone()).collect();
    while let Some(node) = open.pop() {
        // Nothing older than the oldest target leads to one.
        if node.born >= oldest
            && let Entry::Vacant(place) = reached.entry(node.born)
        {
            open.extend(node.inputs.iter().flatten().cloned());
            place.insert(node);
        }
    }
    let mut leading: HashSet<u64> = targets.iter().flatten().map(|node| node.born).collect();
    for (born, node) in &reached {
        if node.inputs.iter().flatten().any(|input| leading.contains(&input.born)) {
            leading.insert(*born);
        }
    }
    leading
}
