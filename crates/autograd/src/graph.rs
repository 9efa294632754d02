//! The graph of a result, ready to be drawn: operations, leaves, shapes and, where they were kept, values and gradients.

use crate::draw::{Drawing, Mark, Role};
use crate::node::{Kind, Node};
use crate::rules;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, PoisonError};
use tensor_core::display::PrintOptions;
use tensor_core::{Op, Tensor};

thread_local! {
    static KEEPS_VALUES: Cell<bool> = const { Cell::new(false) };
}

/// Whether new nodes keep their values for pictures.
#[inline]
pub(crate) fn keeps_values() -> bool {
    KEEPS_VALUES.get()
}

/// Runs `body`; every tensor computed in it keeps its value and, after backward, its gradient, so that a drawn graph shows
/// them.
pub fn keep_values<T>(body: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            KEEPS_VALUES.set(self.0);
        }
    }
    let _restore = Restore(KEEPS_VALUES.replace(true));
    body()
}

/// The graph behind a tensor.
///
/// ```
/// use autograd::{Gradient, Graph, keep_values};
/// use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![3.0f32], [1], ops_cpu::cpu()).requires_grad_(true).named("x");
/// let y = keep_values(|| &x * &x);
/// y.backward();
/// let text = Graph::of(&y).to_text();
/// assert!(text.contains("MulBackward0(x, x)"), "{text}");
/// ```
pub struct Graph {
    drawing: Drawing,
}

impl Graph {
    /// The graph of everything that `output` was computed from.
    pub fn of(output: &Tensor) -> Graph {
        let mut nodes: BTreeMap<u64, Arc<Node>> = BTreeMap::new();
        let mut open: Vec<Arc<Node>> = Node::of(output).into_iter().collect();
        let root = open.first().map(|node| node.born);
        while let Some(node) = open.pop() {
            if let Entry::Vacant(place) = nodes.entry(node.born) {
                open.extend(node.inputs.iter().flatten().cloned());
                place.insert(node);
            }
        }
        let mut drawing = Drawing::default();
        let mut places: BTreeMap<u64, usize> = BTreeMap::new();
        for (born, node) in &nodes {
            let place = drawing.nodes.len();
            places.insert(*born, place);
            drawing.nodes.push(mark(node, Some(*born) == root));
            drawing.edges.extend(node.inputs.iter().flatten().map(|input| (places[&input.born], place)));
        }
        if nodes.is_empty() {
            drawing.nodes.push(Mark {
                role: Role::Constant,
                name: String::new(),
                result: String::new(),
                operation: String::new(),
                shape: shape(output.shape()),
                value: Some(short(output)),
                gradient: None,
            });
        }
        Graph { drawing }
    }

    /// With a title.
    pub fn titled(mut self, title: &str) -> Graph {
        self.drawing.title = Some(title.to_string());
        self
    }

    /// The plain data, to draw it in another way.
    pub fn drawing(&self) -> &Drawing {
        &self.drawing
    }

    /// One line per node, inputs first.
    pub fn to_text(&self) -> String {
        self.drawing.to_text()
    }

    /// Graphviz's language.
    pub fn to_dot(&self) -> String {
        self.drawing.to_dot()
    }

    /// A picture that needs no other program.
    pub fn to_svg(&self) -> String {
        self.drawing.to_svg()
    }
}

fn shape(dims: &[usize]) -> String {
    if dims.is_empty() { String::new() } else { format!("{dims:?}") }
}

/// A tensor's elements on one line, few of them.
fn short(tensor: &Tensor) -> String {
    let options = PrintOptions { threshold: 6, edgeitems: 2, linewidth: 10_000, ..PrintOptions::default() };
    let text = tensor.detach().repr(&options);
    let inner = text.strip_prefix("tensor(").and_then(|text| text.strip_suffix(')')).unwrap_or(&text);
    let inner = inner.split(", dtype=").next().unwrap_or(inner);
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn mark(node: &Arc<Node>, is_root: bool) -> Mark {
    let extras = node.extras.get();
    let given = extras.and_then(|extras| extras.name());
    let result = given.clone().filter(|_| !node.is_leaf()).unwrap_or_default();
    let (role, name, operation, gradient) = match &node.kind {
        Kind::Leaf { grad, .. } => {
            let grad = grad.lock().unwrap_or_else(PoisonError::into_inner).clone();
            (Role::Leaf, given.unwrap_or_else(|| "leaf".into()), String::new(), grad)
        }
        Kind::Op { op, .. } => {
            let role = if is_root { Role::Output } else { Role::Operation };
            (role, rules::name(op).into_owned(), symbol(op, given), extras.and_then(|extras| extras.retained()))
        }
        Kind::Custom(custom) => {
            let role = if is_root { Role::Output } else { Role::Operation };
            (role, custom.name(), given.unwrap_or_default(), extras.and_then(|extras| extras.retained()))
        }
    };
    Mark {
        role,
        name,
        result,
        operation,
        shape: shape(&node.shape),
        value: extras.and_then(|extras| extras.value()).map(short),
        gradient: gradient.as_ref().map(short),
    }
}

/// What stands in the circle: the operation as it is written by hand, led by the name of its result if it has one.
fn symbol(op: &Op, given: Option<String>) -> String {
    let name = rules::name(op);
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("Backward");
    let written = match (op, plain) {
        (Op::Scalar { number, .. }, "Add") => format!("+ {number}"),
        (Op::Scalar { number, reversed: false, .. }, "Sub") => format!("− {number}"),
        (Op::Scalar { number, .. }, "Mul") => format!("× {number}"),
        (Op::Scalar { number, .. }, "Div") => format!("÷ {number}"),
        (Op::Scalar { number, reversed: false, .. }, "Pow") => format!("^ {number}"),
        (Op::Scalar { number, .. }, "Rsub") => format!("{number} −"),
        (_, "Add") => "+".into(),
        (_, "Sub") => "−".into(),
        (_, "Mul") => "×".into(),
        (_, "Div") => "÷".into(),
        (_, "Mm" | "Bmm" | "Mv") => "@".into(),
        (_, "Dot") => "·".into(),
        (_, "Neg") => "neg".into(),
        (_, "Reciprocal") => "1 / x".into(),
        (_, other) => other.to_lowercase(),
    };
    match given {
        Some(given) => format!("{given}: {written}"),
        None => written,
    }
}

impl std::fmt::Display for Graph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}
