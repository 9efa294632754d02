//! How one node looks: its colours, the shape around its symbol, the texts beside it, and how much room all that
//! takes. It does not know where the node stands.

use super::placement::Reach;
use super::{Direction, Mark, Role, one_line};

/// Font sizes in pixels.
const SYMBOL_SIZE: f64 = 19.0;
const LETTER_SIZE: f64 = 16.0;
const WORD_SIZE: f64 = 13.5;
pub(super) const VALUE_SIZE: f64 = 12.0;
pub(super) const CAPTION_SIZE: f64 = 10.0;

/// The distance between two lines of captions.
pub(super) const CAPTION_LINE: f64 = 12.0;

/// The radius of an operation's circle.
const RADIUS: f64 = 18.0;

/// The distance between the two lines around an output, which mark it without colour.
pub(super) const RING: f64 = 3.0;

/// The room before a node for the ends of wires whose beginnings are not drawn.
pub(super) const CUT_LENGTH: f64 = 26.0;

/// Fill and stroke of a node. The hues are those of Okabe and Ito's palette for all kinds of colour vision ("Color
/// universal design", 2008), lightened for the fills and darkened for the texts, which have a contrast above 4.5 on
/// white; no meaning rests on hue alone.
pub(super) struct Palette {
    pub(super) fill: &'static str,
    pub(super) stroke: &'static str,
}

impl Palette {
    pub(super) const VALUE: &'static str = "#00694d";
    pub(super) const GRADIENT: &'static str = "#b23b00";
    pub(super) const CAPTION: &'static str = "#5f6670";
    pub(super) const TEXT: &'static str = "#1b1f24";
    pub(super) const WIRE: &'static str = "#5a6069";
    pub(super) const BACKGROUND: &'static str = "#ffffff";

    /// The colours of a node.
    pub(super) fn of(role: Role) -> Palette {
        let (fill, stroke) = match role {
            Role::Leaf => ("#e2f0fb", "#0072b2"),
            Role::Constant => ("#f1f2f4", "#868d96"),
            Role::Operation => ("#fff5dc", "#b07a00"),
            Role::Output => ("#f9e8f1", "#a8447f"),
        };
        Palette { fill, stroke }
    }
}

/// A node as it is drawn, apart from its position.
pub(super) struct Figure {
    pub(super) symbol: String,
    pub(super) symbol_size: f64,
    /// A circle, or else a box with rounded corners.
    pub(super) round: bool,
    /// Half the width and height of the shape.
    pub(super) half: (f64, f64),
    /// The name and the shape, in small print.
    pub(super) captions: Vec<String>,
    pub(super) value: Option<String>,
    pub(super) gradient: Option<String>,
    /// The length of the straight edge that leaves the shape and bears value and gradient.
    pub(super) stub: f64,
    /// Reach from the centre along the edges, before and after.
    pub(super) along: Reach,
    /// Reach from the centre across the edges, before and after.
    pub(super) across: Reach,
}

impl Figure {
    /// The figure of a node at which `ports` wires arrive, `cut` of them from nodes that are not drawn.
    pub(super) fn new(mark: &Mark, direction: Direction, ports: usize, cut: usize) -> Figure {
        let shown =
            |text: &Option<String>| text.as_deref().map(|text| one_line(text, 32)).filter(|text| !text.is_empty());
        let mut value = shown(&mark.value);
        let gradient = shown(&mark.gradient);
        let (symbol, name) = mark.inscription();
        let mut symbol = one_line(symbol, 28);
        if symbol.is_empty() {
            // A constant without a name shows its value in its place.
            symbol = value.take().unwrap_or_default();
        }
        if value.as_ref() == Some(&symbol) {
            value = None;
        }
        let captions = [name, &mark.shape].map(|caption| one_line(caption, 28));
        let captions: Vec<String> = captions.into_iter().filter(|caption| !caption.is_empty()).collect();

        let leaf = matches!(mark.role, Role::Leaf | Role::Constant);
        let letters = symbol.chars().filter(|character| character.is_alphabetic()).count();
        let symbol_size = match (symbol.chars().count(), letters) {
            (1 | 2, 0) if !leaf => SYMBOL_SIZE,
            (1 | 2, 1) if !leaf => LETTER_SIZE,
            _ => WORD_SIZE,
        };
        let width = text_width(&symbol, symbol_size);
        let round = !leaf && width <= 30.0 && ports <= 3;
        let mut half = if round { (RADIUS, RADIUS) } else { ((width / 2.0 + 10.0).max(16.0), 15.0) };
        if mark.role == Role::Output {
            half = (half.0 + RING, half.1 + RING);
        }
        let side = match direction {
            Direction::LeftToRight => &mut half.1,
            Direction::TopToBottom => &mut half.0,
        };
        if ports > 2 && !round {
            // Room for a level wire in the middle and, of a few others, all on one side.
            *side = side.max((9.0 * ports as f64 - 3.0).min(24.0).max(4.5 * ports as f64 + 4.0).min(150.0));
        }

        let wide = |texts: &[String], size| texts.iter().map(|text| text_width(text, size)).fold(0.0, f64::max);
        let caption = wide(&captions, CAPTION_SIZE);
        let value_width = value.as_ref().map_or(0.0, |text| text_width(text, VALUE_SIZE));
        let gradient_width = gradient.as_ref().map_or(0.0, |text| text_width(text, VALUE_SIZE));
        let labelled = value.is_some() || gradient.is_some();
        let cut = if cut > 0 { CUT_LENGTH } else { 0.0 };
        let lines = captions.len() as f64 * CAPTION_LINE;
        let (stub, along, across);
        match direction {
            Direction::LeftToRight => {
                stub = if labelled { value_width.max(gradient_width) + 12.0 } else { 0.0 };
                along = ((half.0 + cut).max(caption / 2.0), (half.0 + stub).max(caption / 2.0));
                let above = if value.is_some() { 18.0 } else { 0.0 };
                let below = if gradient.is_some() { 18.0 } else { 0.0 };
                across = (half.1.max(above), (half.1 + if lines > 0.0 { lines + 3.0 } else { 0.0 }).max(below));
            }
            Direction::TopToBottom => {
                stub = if labelled { 24.0 } else { 0.0 };
                along = ((half.1 + cut).max(lines / 2.0), (half.1 + stub).max(lines / 2.0));
                let right = half.0 + if caption > 0.0 { caption + 6.0 } else { 0.0 };
                across = (half.0.max(value_width + 7.0), right.max(gradient_width + 7.0));
            }
        }
        Figure { symbol, symbol_size, round, half, captions, value, gradient, stub, along, across }
    }
}

/// An estimate of the width of a text in a font like Helvetica, in pixels, rather too wide than too narrow.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | 'I' | '|' | '\'' | '.' | ',' | ':' | ';' | '!' => 0.29,
            ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '"' | '`' => 0.36,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.92,
            'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '×' | '÷' | '−' | '·' => 0.69,
            ' '..='~' => 0.57,
            '\u{1100}'.. if !('\u{2000}'..'\u{2e80}').contains(&character) => 1.0,
            _ => 0.64,
        })
        .sum();
    em * size
}

#[cfg(test)]
mod tests {
    use super::super::samples::mark;
    use super::*;

    #[test]
    fn wider_texts_are_estimated_wider() {
        assert!(text_width("MulBackward0", 10.0) > text_width("Mul", 10.0));
        assert!(text_width("漢字", 10.0) > text_width("ab", 10.0));
        assert_eq!(text_width("", 10.0), 0.0);
    }

    #[test]
    fn symbols_stand_in_circles_and_words_in_boxes_that_hold_them() {
        let circle = Figure::new(&mark(Role::Operation, "MulBackward0", "×"), Direction::LeftToRight, 2, 0);
        assert!(circle.round);
        assert_eq!(circle.captions, ["MulBackward0"]);
        let word = Figure::new(&mark(Role::Operation, "", "log_softmax"), Direction::LeftToRight, 1, 0);
        assert!(!word.round);
        assert!(2.0 * word.half.0 > text_width("log_softmax", WORD_SIZE));
    }

    #[test]
    fn a_nameless_constant_shows_its_value_once() {
        let mut constant = mark(Role::Constant, "", "");
        constant.value = Some("2.0".into());
        let figure = Figure::new(&constant, Direction::LeftToRight, 0, 0);
        assert_eq!((figure.symbol.as_str(), figure.value), ("2.0", None));
    }

    #[test]
    fn many_operands_make_a_node_taller() {
        let stack = mark(Role::Operation, "StackBackward0", "stack");
        let few = Figure::new(&stack, Direction::LeftToRight, 2, 0);
        let many = Figure::new(&stack, Direction::LeftToRight, 12, 0);
        assert!(many.half.1 > few.half.1);
    }
}
