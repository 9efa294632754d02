//! Computation graphs as pictures: the plain data of a drawing and its three renderings, as text, as Graphviz DOT and
//! as SVG.
//!
//! A drawing is made of strings and indices alone. This module does not know tensors, the tape or how a value is
//! printed: whoever fills in a [`Drawing`] has decided that.

mod dot;
mod figure;
mod graph;
mod layered;
mod picture;
mod placement;
mod svg;
mod text;
mod wires;

/// What a node of a computation graph stands for; it decides the node's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A tensor whose gradient is wanted: a parameter or an input that requires grad.
    Leaf,
    /// A tensor or number through which no gradient flows.
    Constant,
    /// The result of an operation.
    Operation,
    /// The result of the graph, from which backward starts.
    Output,
}

/// The way in which edges run, from inputs to outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Inputs on the left, outputs on the right; forward values above the edge, gradients below it.
    #[default]
    LeftToRight,
    /// Inputs at the top, outputs at the bottom; forward values left of the edge, gradients right of it.
    TopToBottom,
}

/// One node of a [`Drawing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What the node stands for.
    pub role: Role,
    /// The variable's name for a leaf (`"x"`), the grad_fn name for an operation (`"MulBackward0"`).
    pub name: String,
    /// The name that the program gave to the result of an operation (`"y"`); empty where it gave none.
    pub result: String,
    /// The symbol drawn inside an operation, `"×"` or `"mul"`; where it is empty, the name is drawn instead. Leaves
    /// and constants have their names inside, and this, if anything, below.
    pub operation: String,
    /// The shape, `"[2, 3]"`; empty for a scalar.
    pub shape: String,
    /// The forward value as it shall be printed, where it is known.
    pub value: Option<String>,
    /// The gradient as it shall be printed, where backward has computed it.
    pub gradient: Option<String>,
}

impl Mark {
    /// What is written inside the node, and what in small print beside it.
    fn inscription(&self) -> (&str, &str) {
        let (inside, beside) = match self.role {
            Role::Leaf | Role::Constant => (self.name.trim(), self.operation.trim()),
            Role::Operation | Role::Output => (self.operation.trim(), self.name.trim()),
        };
        if inside.is_empty() { (beside, "") } else { (inside, beside) }
    }
}

/// A computation graph ready to be drawn.
///
/// The edges of an operation are listed in the order of its operands, and an operand that is used twice (`y * y`) has
/// two edges. Nodes are best listed in the order of their creation: where the graph leaves a choice, the renderings
/// follow it. Edges that name no node, and edges that would close a cycle, are not drawn.
///
/// ```
/// use autograd::draw::{Drawing, Mark, Role};
///
/// let mark = |role, name: &str, operation: &str, value: &str, gradient: &str| Mark {
///     role,
///     name: name.into(),
///     result: String::new(),
///     operation: operation.into(),
///     shape: String::new(),
///     value: Some(value.into()),
///     gradient: Some(gradient.into()),
/// };
/// let drawing = Drawing {
///     nodes: vec![
///         mark(Role::Leaf, "x", "", "3.0", "6.0"),
///         mark(Role::Output, "MulBackward0", "×", "9.0", "1.0"),
///     ],
///     edges: vec![(0, 1), (0, 1)],
///     title: None,
/// };
/// assert_eq!(
///     drawing.to_text(),
///     "x  = leaf                value 3.0  grad 6.0\n\
///      %1 = MulBackward0(x, x)  value 9.0  grad 1.0  output\n"
/// );
/// assert!(drawing.to_dot().starts_with("digraph"));
/// assert!(drawing.to_svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The nodes.
    pub nodes: Vec<Mark>,
    /// One pair per operand: the index of the input, then the index of the operation that consumes it.
    pub edges: Vec<(usize, usize)>,
    /// A heading.
    pub title: Option<String>,
}

/// The text as character data of XML: the characters that have a meaning there are escaped, those that XML 1.0
/// forbids (control characters, the noncharacters U+FFFE and U+FFFF) become U+FFFD.
fn xml_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if character.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The text on one line of at most `limit` characters: runs of white space become one space, and what is too long
/// ends in an ellipsis.
fn one_line(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let mut short: String = line.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Graphs which the tests of the renderings draw.
#[cfg(test)]
mod samples {
    use super::{Drawing, Mark, Role};

    /// A node without shape, value or gradient.
    pub(super) fn mark(role: Role, name: &str, operation: &str) -> Mark {
        Mark {
            role,
            name: name.into(),
            result: String::new(),
            operation: operation.into(),
            shape: String::new(),
            value: None,
            gradient: None,
        }
    }

    /// `count` operations in a row after one leaf.
    pub(super) fn chain(count: usize) -> Drawing {
        let mut nodes = vec![mark(Role::Leaf, "x", "")];
        nodes.extend((0..count).map(|_| mark(Role::Operation, "ExpBackward0", "exp")));
        Drawing { nodes, edges: (0..count).map(|node| (node, node + 1)).collect(), title: None }
    }

    /// A graph without edges, for tests that add their own.
    pub(super) fn operations(count: usize, edges: &[(usize, usize)]) -> Drawing {
        let nodes = (0..count).map(|_| mark(Role::Operation, "AddBackward0", "+")).collect();
        Drawing { nodes, edges: edges.to_vec(), title: None }
    }

    /// A graph with diamonds, repeated operands, skip connections and isolated nodes, the same for the same seed.
    pub(super) fn tangle(count: usize, seed: u64) -> Drawing {
        let mut state = seed.wrapping_mul(2).wrapping_add(1);
        let mut next = move |bound: usize| {
            // Knuth's MMIX congruential generator; its high bits are the good ones.
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % bound
        };
        let mut edges = Vec::new();
        for node in 1..count {
            for _ in 0..next(4) {
                let reach = if next(5) == 0 { node } else { node.min(6) };
                edges.push((node - 1 - next(reach), node));
            }
        }
        let mut drawing = operations(count, &edges);
        for (index, node) in drawing.nodes.iter_mut().enumerate() {
            node.shape = if index % 3 == 0 { format!("[{index}, 3]") } else { String::new() };
            node.value = (index % 2 == 0).then(|| format!("{index}.25"));
            node.gradient = (index % 5 == 0).then(|| format!("-0.{index}"));
        }
        drawing
    }
}

#[cfg(test)]
mod tests {
    use super::samples::mark;
    use super::{Role, one_line, xml_escaped};

    #[test]
    fn leaves_bear_their_names_and_operations_their_symbols() {
        assert_eq!(mark(Role::Leaf, "x", "AccumulateGrad").inscription(), ("x", "AccumulateGrad"));
        assert_eq!(mark(Role::Output, "MulBackward0", "×").inscription(), ("×", "MulBackward0"));
        assert_eq!(mark(Role::Operation, "MulBackward0", " ").inscription(), ("MulBackward0", ""));
    }

    #[test]
    fn escapes_what_xml_reserves_and_forbids() {
        assert_eq!(xml_escaped("a<b & \"c\" > 'd'\u{1b}"), "a&lt;b &amp; &quot;c&quot; &gt; &#39;d&#39;\u{fffd}");
    }

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(one_line("[[1, 2],\n   [3, 4]]", 20), "[[1, 2], [3, 4]]");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
