//! The text of what runs: finds the statements of a `show!` block in the source that was compiled. It does not run anything.

/// One statement of a shown block, as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// The lines, without the block's indentation.
    pub code: String,
    /// The number of its first line in the file.
    pub first_line: u32,
    /// The number of its last line in the file.
    pub last_line: u32,
}

/// The statements of the block whose `show! {` is on `line` (counted from 1): a statement begins at the block's indentation,
/// and deeper lines, closing brackets, chained methods and `else` go on with it.
///
/// # Panics
/// If there is no such block: the source shown is not the one that was compiled.
pub fn statements(source: &str, line: u32) -> Vec<Statement> {
    let mut lines = source.lines().enumerate().skip(line as usize - 1);
    let (_, opening) = lines.next().expect("the line is in the source");
    assert_eq!(opening.trim(), "show! {", "line {line} of the source shown does not open a block");
    let closing = format!("{}}}", &opening[..indentation(opening)]);
    let mut statements: Vec<Statement> = Vec::new();
    let mut margin = None;
    let mut ended_in_comment = false;
    for (number, text) in lines {
        if text == closing {
            return statements;
        }
        let margin = *margin.get_or_insert_with(|| indentation(text));
        let code = text.get(margin..).unwrap_or("");
        let goes_on = code.is_empty() || code.starts_with([' ', '}', ')', ']', '.']) || ended_in_comment;
        ended_in_comment = code.starts_with("//");
        let line = number as u32 + 1;
        match statements.last_mut().filter(|_| goes_on) {
            Some(statement) => {
                statement.code.push('\n');
                statement.code.push_str(code);
                statement.last_line = line;
            }
            None => statements.push(Statement { code: code.to_string(), first_line: line, last_line: line }),
        }
    }
    panic!("the block on line {line} has no end")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_what_stands_in_the_file() {
        let source = "fn run() {\n    show! {\n        let x = f(\n            1,\n        );\n        // Why.\n        g(x);\n        \
                      for i in 0..2 {\n            h(i);\n        }\n    }\n}\n";
        let found = statements(source, 2);
        let code: Vec<&str> = found.iter().map(|statement| statement.code.as_str()).collect();
        assert_eq!(code, ["let x = f(\n    1,\n);", "// Why.\ng(x);", "for i in 0..2 {\n    h(i);\n}"]);
        let lines: Vec<_> = found.iter().map(|statement| (statement.first_line, statement.last_line)).collect();
        assert_eq!(lines, [(3, 5), (6, 7), (8, 10)]);
    }

    #[test]
    #[should_panic(expected = "does not open a block")]
    fn another_source_is_refused() {
        statements("fn run() {}\n", 1);
    }
}
