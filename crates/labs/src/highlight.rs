//! Rust source in colours: which part of a line is a keyword, a text, a number or a comment. A sketch of a lexer, enough for
//! statements on tensors; what it does not know is plain.

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names, operators, blanks.
    Plain,
    /// `let`, `for`, …
    Keyword,
    /// A number.
    Number,
    /// A text with its quotes.
    Text,
    /// A comment to the end of its line.
    Comment,
}

const KEYWORDS: &[&str] =
    &["as", "else", "false", "fn", "for", "if", "in", "let", "match", "move", "mut", "return", "true", "use", "while"];

/// The pieces of `code`, in order; together they are the code.
pub fn pieces(code: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = if rest.starts_with("//") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if first == '"' {
            (Kind::Text, text_length(rest))
        } else if first.is_ascii_digit() {
            (Kind::Number, number_length(rest))
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (if KEYWORDS.contains(&&rest[..length]) { Kind::Keyword } else { Kind::Plain }, length)
        } else {
            (Kind::Plain, first.len_utf8())
        };
        let (piece, after) = rest.split_at(length);
        pieces.push((kind, piece));
        rest = after;
    }
    pieces
}

fn text_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !escaped => return at + 1,
            _ => escaped = character == '\\' && !escaped,
        }
    }
    text.len()
}

/// Digits, suffix and exponent, and a point that is followed by a digit: `0..3` and `3.max(4)` begin with a whole number.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let point = *byte == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(byte.is_ascii_alphanumeric() || *byte == b'_' || point) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_code_and_have_their_kinds() {
        let code = "let x = f(\"a \\\" 1\", 0..3, 1.5); // let";
        let found = pieces(code);
        assert_eq!(found.iter().map(|(_, piece)| *piece).collect::<String>(), code);
        let of = |kind| found.iter().filter(|piece| piece.0 == kind).map(|piece| piece.1).collect::<Vec<_>>();
        assert_eq!(of(Kind::Keyword), ["let"]);
        assert_eq!(of(Kind::Text), ["\"a \\\" 1\""]);
        assert_eq!(of(Kind::Number), ["0", "3", "1.5"]);
        assert_eq!(of(Kind::Comment), ["// let"]);
    }
}
