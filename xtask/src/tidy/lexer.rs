//! Just enough of Rust's lexical rules to look at code without its comments and literals. It knows no grammar.

/// `text` with the contents of comments, strings and character literals replaced by spaces, so that whatever is found in it
/// is code, on the line where it stands.
pub fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word_before = out.chars().next_back().is_some_and(is_word);
        let (length, keep) = match literal(rest, word_before) {
            Some(length) => (length, false),
            None => (c.len_utf8(), true),
        };
        let (piece, after) = rest.split_at(length);
        match keep {
            true => out.push_str(piece),
            false => out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
        }
        rest = after;
    }
    out
}

/// Whether `c` may stand in a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `word` stands in `code` as a whole word, in bytes.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !code[..*at].chars().next_back().is_some_and(is_word)
            && !code[at + word.len()..].chars().next().is_some_and(is_word)
    })
}

/// The line, counted from 1, of a place in bytes.
pub fn line(text: &str, at: usize) -> usize {
    1 + text[..at].bytes().filter(|byte| *byte == b'\n').count()
}

/// The length of the comment or literal that `rest` begins with.
fn literal(rest: &str, word_before: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if rest.starts_with('"') {
        return Some(quoted(rest, 1, '"'));
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    if word_before {
        return None;
    }
    ["b\"", "c\""].iter().find(|p| rest.starts_with(**p)).map(|_| quoted(rest, 2, '"')).or_else(|| raw(rest))
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let tail = &rest[at..];
        let step = match tail {
            _ if tail.starts_with("/*") => {
                depth += 1;
                2
            }
            _ if tail.starts_with("*/") => {
                depth -= 1;
                2
            }
            _ => tail.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at.min(rest.len())
}

/// The length of a literal that begins with `start` bytes and ends with `end`, with escapes.
fn quoted(rest: &str, start: usize, end: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == end => return start + at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `'a'` or `'\n'`; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut inner = rest[1..].chars();
    let first = inner.next()?;
    if first == '\\' {
        return Some(quoted(rest, 1, '\''));
    }
    (inner.next() == Some('\'')).then(|| 2 + first.len_utf8())
}

/// The length of `r"…"`, `r#"…"#`, `br"…"`.
fn raw(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].iter().find(|p| rest.starts_with(**p) && !rest[p.len()..].starts_with(is_word))?;
    let hashes = rest[prefix.len()..].chars().take_while(|c| *c == '#').count();
    let start = prefix.len() + hashes;
    if !rest[start..].starts_with('"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    Some(rest[start + 1..].find(&end).map_or(rest.len(), |at| start + 1 + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_stay() {
        let text =
            "a // unsafe\n\"un\\\"safe\nx\" b /* static /* x */ */ c r#\"\"todo!\"# d b'\\'' '\"' e<'f> 'g: loop";
        let code = blank(text);
        let words: Vec<&str> = code.split_whitespace().collect();
        assert_eq!(words, ["a", "b", "c", "d", "b", "e<'f>", "'g:", "loop"]);
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn names_that_begin_like_literals_stay() {
        assert_eq!(blank("bar br rb\"x\" r r#type"), "bar br rb    r r#type");
    }

    #[test]
    fn words_are_whole() {
        let found: Vec<usize> = words("unsafe_code unsafe{ xunsafe", "unsafe").collect();
        assert_eq!(found, [12]);
        assert_eq!(line("a\nb\nc", 4), 3);
    }
}
