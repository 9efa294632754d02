//! A drawing in the DOT language of Graphviz (<https://graphviz.org/doc/info/lang.html>), for `dot -Tsvg` and the many
//! viewers that read it. It leaves the layout to them.

use std::fmt::Write;

use super::figure::Palette;
use super::graph::Graph;
use super::{Direction, Drawing, Mark, Role, one_line, xml_escaped};

impl Drawing {
    /// The graph as a Graphviz `digraph`, drawn from left to right.
    ///
    /// Each node shows its forward value, its symbol, its name and shape, and its gradient, one above the other.
    ///
    /// ```
    /// use autograd::draw::Drawing;
    ///
    /// let empty = Drawing { title: Some("the \"empty\" graph".into()), ..Drawing::default() };
    /// assert!(empty.to_dot().contains(r#"label="the \"empty\" graph""#));
    /// ```
    pub fn to_dot(&self) -> String {
        self.to_dot_in(Direction::LeftToRight)
    }

    /// The graph as a Graphviz `digraph`, drawn in the given direction.
    pub fn to_dot_in(&self, direction: Direction) -> String {
        let graph = Graph::new(self.nodes.len(), &self.edges);
        let mut dot = String::from("digraph computation {\n");
        let rankdir = match direction {
            Direction::LeftToRight => "LR",
            Direction::TopToBottom => "TB",
        };
        let _ =
            writeln!(dot, "  graph [rankdir={rankdir}, bgcolor=\"#ffffff\", fontname=\"Helvetica\", ranksep=0.45];");
        if let Some(title) = &self.title {
            let _ = writeln!(dot, "  graph [label={}, labelloc=t];", quoted(title));
        }
        dot.push_str("  node [fontname=\"Helvetica\", style=\"filled,rounded\", shape=box, margin=\"0.12,0.06\"];\n");
        dot.push_str("  edge [color=\"#5a5f66\", arrowsize=0.7];\n");
        for (index, mark) in self.nodes.iter().enumerate() {
            let palette = Palette::of(mark.role);
            let border = if mark.role == Role::Output { ", peripheries=2" } else { "" };
            let _ = writeln!(
                dot,
                "  n{index} [label=<{}>, fillcolor=\"{}\", color=\"{}\"{border}];",
                label(mark),
                palette.fill,
                palette.stroke
            );
        }
        for &consumer in &graph.order {
            for &input in &graph.inputs[consumer] {
                let _ = writeln!(dot, "  n{input} -> n{consumer};");
            }
        }
        dot.push_str("}\n");
        dot
    }
}

/// The HTML-like label of a node, without its angle brackets.
fn label(mark: &Mark) -> String {
    let line = |text: &str| xml_escaped(&one_line(text, 60));
    let (symbol, name) = mark.inscription();
    let small = |text: &str, color: &str| format!("<FONT POINT-SIZE=\"10\" COLOR=\"{color}\">{}</FONT>", line(text));
    let mut lines = Vec::new();
    if let Some(value) = mark.value.as_ref().filter(|value| !value.trim().is_empty()) {
        lines.push(small(value, Palette::VALUE));
    }
    // Graphviz rejects an empty <B></B>.
    if !symbol.is_empty() {
        lines.push(format!("<B>{}</B>", line(symbol)));
    }
    for caption in [name, &*mark.shape] {
        if !caption.trim().is_empty() {
            lines.push(small(caption, Palette::CAPTION));
        }
    }
    if let Some(gradient) = mark.gradient.as_ref().filter(|gradient| !gradient.trim().is_empty()) {
        lines.push(small(gradient, Palette::GRADIENT));
    }
    if lines.is_empty() { " ".into() } else { lines.join("<BR/>") }
}

/// A quoted string of the DOT language: quotes and backslashes are escaped, and a newline becomes `\n`, which
/// Graphviz centres on a line of its own.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // Graphviz decodes HTML entities even in quoted strings.
            '&' => quoted.push_str("&amp;"),
            _ if character.is_control() => quoted.push(' '),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::samples::{chain, mark, operations};
    use super::*;

    #[test]
    fn quotes_what_the_language_reserves() {
        assert_eq!(quoted("a \"b\" \\ c\nd & e\u{1}"), r#""a \"b\" \\ c\nd &amp; e ""#);
    }

    #[test]
    fn labels_escape_markup_and_show_all_they_know() {
        let mut node = mark(Role::Operation, "<Mul>", "a & b");
        node.shape = "[2]".into();
        node.value = Some("6".into());
        node.gradient = Some("1".into());
        let label = label(&node);
        let shown = ["6", "<B>a &amp; b</B>", "&lt;Mul&gt;", "[2]", "1"];
        let lines: Vec<&str> = label.split("<BR/>").collect();
        assert_eq!(lines.len(), shown.len());
        for (line, text) in lines.iter().zip(shown) {
            assert!(line.contains(text), "{line} does not show {text}");
        }
    }

    #[test]
    fn repeated_operands_have_an_edge_each() {
        let dot = operations(2, &[(0, 1), (0, 1), (7, 1)]).to_dot();
        assert_eq!(dot.matches("n0 -> n1;").count(), 2);
        assert_eq!(dot.matches("->").count(), 2);
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
    }

    #[test]
    fn a_node_that_says_nothing_still_has_a_label() {
        assert_eq!(label(&mark(Role::Leaf, "", "")), " ");
    }

    #[test]
    fn deep_chains_are_written_in_full() {
        assert_eq!(chain(100_000).to_dot().matches("->").count(), 100_000);
    }
}
