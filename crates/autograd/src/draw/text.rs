//! A drawing as text: one line per node in topological order, in aligned columns. It does not lay anything out in the
//! plane.

use std::collections::{HashMap, HashSet};

use super::graph::Graph;
use super::{Drawing, Mark, Role, one_line};

/// Columns are aligned up to this many characters; a longer entry moves what follows it to the right.
const WIDEST_COLUMN: usize = 56;

impl Drawing {
    /// The graph as a listing: each node on a line of its own, after its inputs, with its shape, value and gradient
    /// where these are known.
    ///
    /// Leaves and named results carry their names, further ones of the same name a number (`x#2`); other results carry
    /// the index of their node (`%3`). The listing is never shortened.
    ///
    /// ```
    /// use autograd::draw::{Drawing, Mark, Role};
    ///
    /// let mark = |role, name: &str, shape: &str| Mark {
    ///     role,
    ///     name: name.into(),
    ///     result: String::new(),
    ///     operation: String::new(),
    ///     shape: shape.into(),
    ///     value: None,
    ///     gradient: None,
    /// };
    /// let drawing = Drawing {
    ///     nodes: vec![
    ///         mark(Role::Leaf, "a", "[2, 3]"),
    ///         mark(Role::Constant, "b", ""),
    ///         mark(Role::Output, "MulBackward0", "[2, 3]"),
    ///     ],
    ///     edges: vec![(0, 2), (1, 2)],
    ///     title: Some("c = a * b".into()),
    /// };
    /// let listing = "c = a * b\n\n\
    ///                a  = leaf                shape [2, 3]\n\
    ///                b  = constant\n\
    ///                %2 = MulBackward0(a, b)  shape [2, 3]  output\n";
    /// assert_eq!(drawing.to_text(), listing);
    /// ```
    pub fn to_text(&self) -> String {
        let graph = Graph::new(self.nodes.len(), &self.edges);
        let names = identifiers(&self.nodes);
        let rows: Vec<[String; 6]> = graph
            .order
            .iter()
            .map(|&node| {
                let mark = &self.nodes[node];
                let labelled = |label: &str, text: &str| {
                    if text.is_empty() { String::new() } else { format!("{label} {}", one_line(text, usize::MAX)) }
                };
                [
                    names[node].clone(),
                    format!("= {}", definition(mark, &graph.inputs[node], &names)),
                    labelled("shape", &mark.shape),
                    labelled("value", mark.value.as_deref().unwrap_or("")),
                    labelled("grad", mark.gradient.as_deref().unwrap_or("")),
                    if mark.role == Role::Output { "output".into() } else { String::new() },
                ]
            })
            .collect();
        let mut listing = String::new();
        if let Some(title) = &self.title {
            listing.push_str(&one_line(title, usize::MAX));
            listing.push_str(if rows.is_empty() { "\n" } else { "\n\n" });
        }
        let widths: [usize; 6] = std::array::from_fn(|column| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.filter(|&width| width <= WIDEST_COLUMN).max().unwrap_or(0)
        });
        for row in &rows {
            let mut line = String::new();
            for (column, entry) in
                row.iter().enumerate().filter(|&(column, _)| widths[column] > 0 || !row[column].is_empty())
            {
                line.push_str(entry);
                let padding = widths[column].saturating_sub(entry.chars().count());
                line.extend(std::iter::repeat_n(' ', padding + if column == 0 { 1 } else { 2 }));
            }
            listing.push_str(line.trim_end());
            listing.push('\n');
        }
        listing
    }
}

/// What stands right of the equals sign.
fn definition(mark: &Mark, inputs: &[usize], names: &[String]) -> String {
    let called = if mark.name.is_empty() { &mark.operation } else { &mark.name };
    let called = one_line(called, usize::MAX);
    match mark.role {
        Role::Leaf if inputs.is_empty() => "leaf".into(),
        Role::Constant if inputs.is_empty() => "constant".into(),
        Role::Output if inputs.is_empty() => called,
        _ => {
            let arguments: Vec<&str> = inputs.iter().map(|&input| names[input].as_str()).collect();
            format!("{called}({})", arguments.join(", "))
        }
    }
}

/// One name per node, no two alike.
fn identifiers(nodes: &[Mark]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    // Where a name was last numbered, so that many leaves of one name do not each count from two.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(nodes.len());
    for (index, mark) in nodes.iter().enumerate() {
        let own = match mark.role {
            Role::Leaf | Role::Constant => one_line(&mark.name, usize::MAX),
            Role::Operation | Role::Output => one_line(&mark.result, usize::MAX),
        };
        let wanted = if own.is_empty() { format!("%{index}") } else { own };
        let mut name = wanted.clone();
        while !taken.insert(name.clone()) {
            let number = numbers.entry(wanted.clone()).or_insert(1);
            *number += 1;
            name = format!("{wanted}#{number}");
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::Drawing;
    use super::super::samples::{chain, mark};
    use super::Role;

    #[test]
    fn lists_inputs_before_their_consumers_in_aligned_columns() {
        let mut product = mark(Role::Operation, "MulBackward0", "×");
        product.value = Some("6.0".into());
        product.gradient = Some("1.0".into());
        let mut first = mark(Role::Leaf, "weight", "");
        first.shape = "[2]".into();
        first.gradient = Some("-3.25".into());
        let drawing = Drawing {
            nodes: vec![product, first, mark(Role::Leaf, "weight", ""), mark(Role::Constant, "", "")],
            edges: vec![(1, 0), (2, 0), (1, 0)],
            title: None,
        };
        let expected = "\
weight   = leaf                                    shape [2]             grad -3.25
weight#2 = leaf
%0       = MulBackward0(weight, weight#2, weight)             value 6.0  grad 1.0
%3       = constant
";
        assert_eq!(drawing.to_text(), expected);
    }

    #[test]
    fn an_empty_graph_is_its_title() {
        assert_eq!(Drawing::default().to_text(), "");
        assert_eq!(Drawing { title: Some("z".into()), ..Drawing::default() }.to_text(), "z\n");
    }

    #[test]
    fn names_are_unique_even_where_leaves_imitate_them() {
        let leaves = ["x#2", "x", "x", "%4"].map(|name| mark(Role::Leaf, name, ""));
        let mut nodes = leaves.to_vec();
        nodes.push(mark(Role::Operation, "NegBackward0", "−"));
        let names = super::identifiers(&nodes);
        assert_eq!(names, ["x#2", "x", "x#3", "%4", "%4#2"]);
    }

    #[test]
    fn named_results_are_called_by_their_names() {
        let mut square = mark(Role::Operation, "MulBackward0", "×");
        square.result = "y".into();
        let nodes = vec![mark(Role::Leaf, "x", ""), square, mark(Role::Output, "NegBackward0", "neg")];
        let drawing = Drawing { nodes, edges: vec![(0, 1), (0, 1), (1, 2)], title: None };
        assert_eq!(drawing.to_text(), "x  = leaf\ny  = MulBackward0(x, x)\n%2 = NegBackward0(y)     output\n");
    }

    #[test]
    fn deep_chains_are_listed_in_full() {
        assert_eq!(chain(100_000).to_text().lines().count(), 100_001);
    }
}
