//! What a rule named, kept from the forward pass for the backward one: inputs with their histories, the output without (it
//! would hold its own node), each with the version it had. It knows no formulas.

use crate::node::{Dying, Inputs, Node, let_go};
use crate::rules::Rule;
use smallvec::SmallVec;
use std::sync::Arc;
use tensor_core::op::{Index, Join};
use tensor_core::{Error, ErrorKind, Layout, Op, Result, Tensor};

/// Bits of what a rule names.
pub(crate) const INPUT_0: u8 = 1;
pub(crate) const INPUT_1: u8 = 2;
pub(crate) const INPUT_2: u8 = 4;
pub(crate) const OUTPUT: u8 = 8;
/// The position tensors of an index operation, however many; all inputs of a recurrent layer, of
/// attention or of `ctc_loss`.
pub(crate) const POSITIONS: u8 = 16;
/// Not values but the layouts of a base and of its part.
pub(crate) const LAYOUTS: u8 = 32;
/// Not values but where each input begins along the joined dimension.
pub(crate) const STARTS: u8 = 64;
/// Not a tensor but the operation's own number. PyTorch keeps it as one, so a second backward pass is refused here, too.
pub(crate) const NUMBER: u8 = 128;

/// The union of what the rules of those inputs name that want a gradient.
pub(crate) fn names(rules: &[Rule], parents: &Inputs) -> u8 {
    let last = rules.len() - 1;
    let wanted = parents.iter().enumerate().filter(|(_, parent)| parent.is_some());
    wanted.fold(0, |names, (i, _)| names | rules[i.min(last)].keeps)
}

/// What is not a tensor.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "always behind a box")]
pub(crate) enum Facts {
    Layouts(Layout, Layout),
    Starts(Vec<usize>),
}

pub(crate) struct Saved {
    tensor: Tensor,
    version: u32,
}

/// The tensors that an operation's rules named.
#[derive(Default)]
pub(crate) enum Kept {
    /// Nothing was named.
    #[default]
    Nothing,
    /// Only the operation's number was named.
    Number,
    /// The named tensors, in the order of their bits.
    Tensors { names: u8, saved: SmallVec<[Saved; 2]>, facts: Option<Box<Facts>> },
    /// Released by a backward pass.
    Released,
}

impl Kept {
    /// Keeps what `names` says.
    #[inline]
    pub(crate) fn named(names: u8, op: &Op, inputs: &[&Tensor], output: &Tensor) -> Kept {
        if names == 0 {
            return Kept::Nothing;
        }
        if names == NUMBER {
            return Kept::Number;
        }
        let mut saved = SmallVec::new();
        let mut keep = |tensor: Tensor| {
            let version = tensor.version();
            saved.push(Saved { tensor, version });
        };
        for (i, bit) in [INPUT_0, INPUT_1, INPUT_2].into_iter().enumerate() {
            if names & bit != 0 {
                keep(inputs[i].clone());
            }
        }
        if names & OUTPUT != 0 {
            keep(output.detach());
        }
        if names & POSITIONS != 0 {
            inputs[first_position(op)..].iter().for_each(|index| keep((*index).clone()));
        }
        let facts = match op {
            _ if names & LAYOUTS != 0 => {
                let part = if let [_, part, ..] = inputs { part.layout() } else { output.layout() };
                Some(Box::new(Facts::Layouts(inputs[0].layout().clone(), part.clone())))
            }
            Op::Join(Join::Cat { dim, .. }) => {
                let sizes = inputs.iter().map(|x| x.shape()[*dim as usize]);
                let ends = sizes.scan(0, |end, size| Some(std::mem::replace(end, *end + size)));
                Some(Box::new(Facts::Starts(ends.collect())))
            }
            _ => None,
        };
        Kept::Tensors { names, saved, facts }
    }

    /// The kept tensors, checked against their versions; an error if they are gone.
    pub(crate) fn unpack(&self, op: &Op, owner: &Arc<Node>, attach: bool) -> Result<Unpacked> {
        let (names, saved, facts) = match self {
            Kept::Nothing | Kept::Number => return Ok(Unpacked { names: 0, tensors: SmallVec::new(), facts: None }),
            Kept::Released => return Err(Error::new(ErrorKind::Autograd, TWICE)),
            Kept::Tensors { names, saved, facts } => (*names, saved, facts.clone()),
        };
        let output_at = (names & (INPUT_0 | INPUT_1 | INPUT_2)).count_ones() as usize;
        let mut tensors = SmallVec::new();
        for (i, Saved { tensor, version }) in saved.iter().enumerate() {
            let now = tensor.version();
            if now != *version {
                return Err(modified(op, owner, tensor, i == output_at && names & OUTPUT != 0, *version, now));
            }
            let is_output = names & OUTPUT != 0 && i == output_at;
            tensors.push(if is_output && attach {
                let output = tensor.detach();
                output.set_history(Some(owner.clone()), true);
                output
            } else {
                tensor.clone()
            });
        }
        Ok(Unpacked { names, tensors, facts })
    }

    /// Moves the nodes of kept inputs that nobody else holds into `dying`.
    pub(crate) fn dismantle(self, dying: &mut Dying) {
        if let Kept::Tensors { saved, .. } = self {
            saved.into_iter().for_each(|saved| release(saved.tensor, dying));
        }
    }
}

/// Drops a tensor. Its node, and its base's, move into `dying` if nobody else holds them: they may hold long chains.
pub(crate) fn release(tensor: Tensor, dying: &mut Dying) {
    if !tensor.is_tracked() && !tensor.is_view() {
        return;
    }
    let node = |tensor: &Tensor| tensor.own_history().and_then(Node::from_past);
    let nodes = [node(&tensor), tensor.base().and_then(node)];
    // The tensor goes first, or the nodes would never be nobody's.
    drop(tensor);
    nodes.into_iter().flatten().for_each(|node| let_go(node, dying));
}

/// Where the position tensors of an index operation begin among its inputs.
fn first_position(op: &Op) -> usize {
    match op {
        Op::Index(Index::Put { .. }) => 2,
        Op::Recurrent(_) | Op::Ctc(_) | Op::Attend(_) => 0,
        _ => 1,
    }
}

pub(crate) const TWICE: &str = "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). \
     Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True \
     if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.";

/// PyTorch's text for a kept tensor that was written over.
fn modified(op: &Op, owner: &Arc<Node>, tensor: &Tensor, is_output: bool, kept: u32, now: u32) -> Error {
    // PyTorch names the operation here, not its node.
    let of = |name: &str| {
        let plain = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("Backward");
        // C++ says where a class without a generated name lives.
        let home = if plain == "CopySlices" { "torch::autograd::" } else { "" };
        format!(", which is output 0 of {home}{plain},")
    };
    let maker = match tensor.history().and_then(Node::from_past) {
        _ if is_output => of(&crate::rules::name(op)),
        Some(node) if !node.is_leaf() => of(&node.name()),
        _ => String::new(),
    };
    let text = format!(
        "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.{}Tensor {:?}]{maker} is \
         at version {now}; expected version {kept} instead. Hint: {}",
        tensor.dtype().type_name(),
        tensor.shape(),
        match owner.extras.get().and_then(|extras| extras.trace()) {
            Some(_) =>
                "the backtrace further above shows the operation that failed to compute its gradient. The variable in \
                        question was changed in there or anywhere later. Good luck!",
            None =>
                "enable anomaly detection to find the operation that failed to compute its gradient, with \
                     torch.autograd.set_detect_anomaly(True, check_nan=False).",
        }
    );
    Error::new(ErrorKind::Autograd, text)
}

/// Kept tensors, ready for the rules.
pub(crate) struct Unpacked {
    names: u8,
    tensors: SmallVec<[Tensor; 2]>,
    facts: Option<Box<Facts>>,
}

impl Unpacked {
    /// The tensor kept under `bit`.
    pub(crate) fn get(&self, bit: u8) -> &Tensor {
        debug_assert!(self.names & bit != 0, "the rule did not name this");
        &self.tensors[(self.names & (bit - 1)).count_ones() as usize]
    }

    /// The position tensors.
    pub(crate) fn positions(&self) -> &[Tensor] {
        &self.tensors[(self.names & (POSITIONS - 1)).count_ones() as usize..]
    }

    /// The layouts of a base and of its part.
    pub(crate) fn layouts(&self) -> (&Layout, &Layout) {
        match self.facts.as_deref() {
            Some(Facts::Layouts(base, part)) => (base, part),
            _ => unreachable!("the rule did not name the layouts"),
        }
    }

    /// Where each input begins along the joined dimension.
    pub(crate) fn starts(&self) -> &[usize] {
        match self.facts.as_deref() {
            Some(Facts::Starts(starts)) => starts,
            _ => unreachable!("the rule did not name the starts"),
        }
    }
}
