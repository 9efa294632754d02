//! A drawing as a self-contained SVG picture. It puts figures at the coordinates that the layout has found and joins
//! them by curves; which layer and which place a node gets is decided elsewhere.
//!
//! The picture uses presentation attributes and no style sheet, ids or scripts, so that several can stand in one page.

use std::fmt::{Display, Formatter, Write};

use super::figure::{CAPTION_LINE, CAPTION_SIZE, Palette, RING, VALUE_SIZE, text_width};
use super::picture::Picture;
use super::{Direction, Drawing, Mark, Role, xml_escaped};

/// The most nodes that a picture shows.
const NODE_LIMIT: usize = 400;
/// The space around the picture.
const MARGIN: f64 = 20.0;

impl Drawing {
    /// The graph as an SVG picture, from left to right.
    ///
    /// Operations are circles or rounded boxes with their symbols, leaves are boxes with their names; forward values
    /// stand above the edge that leaves a node and gradients below it, as they are written by hand. The picture has
    /// a light background of its own, is described for screen readers, and scales. Of a graph with more than 400
    /// nodes it shows the newest 400 and says how many it leaves out.
    ///
    /// ```
    /// # let drawing = autograd::draw::Drawing::default();
    /// let svg = drawing.to_svg();
    /// assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    /// ```
    pub fn to_svg(&self) -> String {
        self.to_svg_in(Direction::LeftToRight)
    }

    /// The graph as an SVG picture, as by [`Drawing::to_svg`], in the given direction.
    pub fn to_svg_in(&self, direction: Direction) -> String {
        let (picture, omitted) = Picture::of(self, direction, NODE_LIMIT);
        picture.write(self.title.as_deref(), omitted)
    }
}

impl Picture<'_> {
    fn write(&self, title: Option<&str>, omitted: usize) -> String {
        let (width, height) = self.point(self.size.0, self.size.1);
        let footer = self.footer(omitted);
        let head = if title.is_some() { 30.0 } else { 0.0 };
        let foot = if footer.is_empty() { 0.0 } else { 6.0 + 17.0 * footer.len() as f64 };
        let footer_width = footer.iter().map(|line| text_width(&line.0, 11.0)).fold(0.0, f64::max);
        let full_width = width.max(footer_width).max(title.map_or(0.0, |title| text_width(title, 16.0) * 1.05));
        let (total_width, total_height) = (full_width + 2.0 * MARGIN, height + head + foot + 2.0 * MARGIN);

        let mut svg = String::new();
        let (w, h) = (total_width.ceil(), total_height.ceil());
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             style=\"max-width:100%;height:auto\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', \
             sans-serif\">"
        );
        let _ = writeln!(svg, "<title>{}</title>", xml_escaped(title.unwrap_or("Computation graph")));
        let _ = writeln!(svg, "<desc>{}</desc>", xml_escaped(&self.description(omitted)));
        let _ = writeln!(svg, "<rect width=\"{w}\" height=\"{h}\" rx=\"8\" fill=\"{}\"/>", Palette::BACKGROUND);
        if let Some(title) = title {
            let (x, y) = (Number(total_width / 2.0), Number(MARGIN + 14.0));
            let title = xml_escaped(title);
            let _ = writeln!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"16\" font-weight=\"bold\" text-anchor=\"middle\" \
                 fill=\"{}\">{title}</text>",
                Palette::TEXT
            );
        }
        let (left, top) = (Number(MARGIN + (full_width - width) / 2.0), Number(MARGIN + head));
        let _ = writeln!(svg, "<g transform=\"translate({left} {top})\">");
        self.write_wires(&mut svg);
        for node in 0..self.figures.len() {
            self.write_node(&mut svg, node);
        }
        svg.push_str("</g>\n");
        for (index, (line, color)) in footer.iter().enumerate() {
            let (x, y) = (Number(MARGIN), Number(MARGIN + head + height + 24.0 + 17.0 * index as f64));
            let line = xml_escaped(line);
            let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"11\" fill=\"{color}\">{line}</text>");
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// The legend and what else is to be said below the graph, each line with its colour.
    fn footer(&self, omitted: usize) -> Vec<(String, &'static str)> {
        let (value_side, gradient_side) = match self.direction {
            Direction::LeftToRight => ("above", "below"),
            Direction::TopToBottom => ("left of", "right of"),
        };
        let mut lines = Vec::new();
        if self.figures.iter().any(|figure| figure.value.is_some()) {
            lines.push((format!("{value_side} the edge: forward value"), Palette::VALUE));
        }
        if self.figures.iter().any(|figure| figure.gradient.is_some()) {
            lines.push((format!("{gradient_side} the edge: gradient"), Palette::GRADIENT));
        }
        if omitted > 0 {
            let nodes = if omitted == 1 { "older node is" } else { "older nodes are" };
            lines.push((format!("{omitted} {nodes} not drawn"), Palette::CAPTION));
        }
        lines
    }

    fn description(&self, omitted: usize) -> String {
        let wires: usize = self.layers.before[..self.layers.nodes].iter().map(Vec::len).sum();
        let mut text = format!("A computation graph with {} nodes and {wires} edges.", self.layers.nodes);
        if omitted > 0 {
            let _ = write!(text, " {omitted} older nodes are not drawn.");
        }
        text
    }

    fn write_node(&self, svg: &mut String, node: usize) {
        let (mark, figure) = (self.marks[node], &self.figures[node]);
        let (x, y) = self.point(self.along[self.layers.layer[node]], self.across[node]);
        let _ = writeln!(svg, "<g><title>{}</title>", xml_escaped(&tooltip(mark)));
        let palette = Palette::of(mark.role);
        let stroke = |width: f64| format!("stroke=\"{}\" stroke-width=\"{width}\"", palette.stroke);
        let mut outline = |inset: f64, paint: String| {
            let half = (figure.half.0 - inset, figure.half.1 - inset);
            let _ = if figure.round {
                writeln!(svg, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {paint}/>", Number(x), Number(y), half.0)
            } else {
                let (left, top) = (Number(x - half.0), Number(y - half.1));
                let (width, height, corner) = (Number(2.0 * half.0), Number(2.0 * half.1), 9.0 - 0.5 * inset);
                let place = format!("x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"");
                writeln!(svg, "<rect {place} rx=\"{corner}\" {paint}/>")
            };
        };
        let ring = if mark.role == Role::Output { RING } else { 0.0 };
        if ring > 0.0 {
            outline(0.0, format!("fill=\"{}\" {}", Palette::BACKGROUND, stroke(1.0)));
        }
        outline(ring, format!("fill=\"{}\" {}", palette.fill, stroke(1.6)));
        let mut text = |x: f64, y: f64, size: f64, anchor: &str, color: &str, text: &str| {
            let (x, y, text) = (Number(x), Number(y), xml_escaped(text));
            let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
            let size = Number(size);
            let _ =
                writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor} fill=\"{color}\">{text}</text>");
        };
        text(x, y + 0.35 * figure.symbol_size, figure.symbol_size, "middle", Palette::TEXT, &figure.symbol);
        let below = y + figure.half.1 + 12.0;
        let beside = y + 0.35 * CAPTION_SIZE - CAPTION_LINE * (figure.captions.len() as f64 - 1.0) / 2.0;
        for (index, caption) in figure.captions.iter().enumerate() {
            let line = CAPTION_LINE * index as f64;
            match self.direction {
                Direction::LeftToRight => text(x, below + line, CAPTION_SIZE, "middle", Palette::CAPTION, caption),
                Direction::TopToBottom => {
                    text(x + figure.half.0 + 5.0, beside + line, CAPTION_SIZE, "start", Palette::CAPTION, caption)
                }
            }
        }
        let middle = x + figure.half.0 + figure.stub / 2.0;
        let level = y + figure.half.1 + figure.stub / 2.0 + 0.35 * VALUE_SIZE;
        if let Some(value) = &figure.value {
            match self.direction {
                Direction::LeftToRight => text(middle, y - 5.0, VALUE_SIZE, "middle", Palette::VALUE, value),
                Direction::TopToBottom => text(x - 6.0, level, VALUE_SIZE, "end", Palette::VALUE, value),
            }
        }
        if let Some(gradient) = &figure.gradient {
            match self.direction {
                Direction::LeftToRight => text(middle, y + 14.0, VALUE_SIZE, "middle", Palette::GRADIENT, gradient),
                Direction::TopToBottom => text(x + 6.0, level, VALUE_SIZE, "start", Palette::GRADIENT, gradient),
            }
        }
        svg.push_str("</g>\n");
    }
}

/// All that is known about a node, for the pointer that rests on it.
fn tooltip(mark: &Mark) -> String {
    let entries = [
        ("", mark.name.as_str()),
        ("operation ", &mark.operation),
        ("shape ", &mark.shape),
        ("value ", mark.value.as_deref().unwrap_or("")),
        ("gradient ", mark.gradient.as_deref().unwrap_or("")),
    ];
    let known = entries.into_iter().filter(|(_, text)| !text.is_empty());
    known.map(|(label, text)| format!("{label}{text}")).collect::<Vec<_>>().join("\n")
}

/// A coordinate, written with at most one decimal.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) f64);

impl Display for Number {
    fn fmt(&self, formatter: &mut Formatter) -> std::fmt::Result {
        // Adding zero turns a negative zero into a positive one.
        write!(formatter, "{}", (self.0 * 10.0).round() / 10.0 + 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{chain, mark, operations, tangle};
    use super::*;

    /// Panics unless the text is one well-formed XML element: tags balanced, attributes quoted and unique, no stray
    /// markup in character data. Returns the number of elements.
    fn elements(xml: &str) -> usize {
        let (mut open, mut count, mut rest) = (Vec::new(), 0, xml.trim_end());
        while let Some(start) = rest.find('<') {
            check_references(&rest[..start]);
            assert!(!rest[..start].contains('>'), "stray > in {:?}", &rest[..start]);
            assert!(!open.is_empty() || (count == 0 && start == 0), "text outside the root");
            let end = rest.find('>').expect("a tag ends");
            let tag = &rest[start + 1..end];
            rest = &rest[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
                continue;
            }
            count += 1;
            let body = tag.strip_suffix('/').unwrap_or(tag);
            let (name, attributes) = body.split_once(' ').unwrap_or((body, ""));
            check_attributes(attributes);
            if body.len() == tag.len() {
                open.push(name);
            }
        }
        assert!(open.is_empty() && rest.is_empty());
        count
    }

    fn check_attributes(mut attributes: &str) {
        let mut names = Vec::new();
        while !attributes.trim().is_empty() {
            let (name, rest) = attributes.trim_start().split_once("=\"").expect("a quoted attribute");
            assert!(
                name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == ':'),
                "{name}"
            );
            assert!(!names.contains(&name), "{name} is repeated");
            names.push(name);
            let (value, rest) = rest.split_once('"').expect("a closing quote");
            check_references(value);
            attributes = rest;
        }
    }

    fn check_references(text: &str) {
        for (at, _) in text.match_indices('&') {
            let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
            assert!(known.iter().any(|entity| text[at..].starts_with(entity)), "{:?}", &text[at..]);
        }
    }

    #[test]
    fn pictures_are_well_formed_and_deterministic() {
        for seed in 0..10 {
            for direction in [Direction::LeftToRight, Direction::TopToBottom] {
                let drawing = tangle(40, seed);
                let svg = drawing.to_svg_in(direction);
                assert!(elements(&svg) > 3 * 40);
                assert_eq!(svg, drawing.clone().to_svg_in(direction));
                assert!(!svg.contains("NaN") && !svg.contains("inf"));
            }
        }
    }

    #[test]
    fn texts_are_escaped() {
        let mut node = mark(Role::Operation, "</svg>&\"'", "<b>");
        node.value = Some("1 < 2\u{1b}".into());
        let drawing = Drawing { nodes: vec![node], edges: vec![], title: Some("a & <b>".into()) };
        let svg = drawing.to_svg();
        elements(&svg);
        assert!(svg.contains("<title>a &amp; &lt;b&gt;</title>"));
        assert!(svg.contains(">&lt;b&gt;</text>"));
        assert!(!svg.contains('\u{1b}'));
    }

    #[test]
    fn each_node_has_a_shape_and_each_edge_an_arrow_head() {
        let svg = operations(4, &[(0, 1), (0, 1), (1, 2), (0, 3)]).to_svg();
        assert_eq!(svg.matches("<circle").count(), 4);
        assert_eq!(svg.matches(" Z ").count() + svg.matches(" Z\"").count(), 4);
    }

    #[test]
    fn empty_and_isolated_graphs_are_pictures() {
        assert_eq!(elements(&Drawing::default().to_svg()), 6);
        let isolated = operations(3, &[]);
        assert_eq!(isolated.to_svg().matches("<circle").count(), 3);
    }

    #[test]
    fn deep_chains_show_their_newest_part() {
        let svg = chain(100_000).to_svg();
        elements(&svg);
        assert_eq!(svg.matches("<g><title>ExpBackward0").count(), NODE_LIMIT);
        assert!(svg.contains(&format!("{} older nodes are not drawn", 100_001 - NODE_LIMIT)));
        assert_eq!(svg.matches("stroke-dasharray").count(), 1);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.04, -0.04, 12.0, 3.1234].map(|number| Number(number).to_string()), ["0", "0", "12", "3.1"]);
    }
}
