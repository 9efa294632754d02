//! Layers match operations exhaustively, so that a new one makes the compiler name every place that has to know it. An arm
//! `_ =>` among the operations would swallow it. An arm that binds the operation and goes on with it is no such hole.

use super::Finding;
use super::lexer::line;
use super::tree::Tree;

/// The enums whose matches must be exhaustive.
const FAMILIES: &[&str] = &[
    "Op",
    "Activation",
    "Curve",
    "Unary",
    "Binary",
    "Ternary",
    "Select",
    "Convert",
    "Reduce",
    "Matmul",
    "Index",
    "Join",
    "View",
    "Random",
    "Scan",
    "Conv",
    "Pool",
    "Norm",
    "Sort",
];

/// Where operations are matched.
const PLACES: &[&str] =
    &["crates/tensor-core/src/op/", "crates/ops-cpu/src/", "crates/ops-wgpu/src/", "crates/autograd/src/rules/"];

/// No catch-all arm in a match whose other arms name operations. One exception: a match that only takes its one family out
/// of `Op`, where everything else cannot be.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust().filter(|file| PLACES.iter().any(|place| file.path.starts_with(place)));
    let mut findings = vec![];
    for file in files {
        for arms in matches(&file.code) {
            let named = |family: &str| arms.iter().filter(|arm| arm.names(family)).count();
            let total: usize = FAMILIES.iter().map(|family| named(family)).sum();
            for arm in arms.iter().filter(|arm| arm.is_catch_all() && total > 0) {
                let unwraps = named("Op") == 1 && total == 1 && arm.body.starts_with("unreachable!");
                if !unwraps {
                    let text = "a catch-all arm in a match over operations: name every operation, so that a new one is noticed";
                    findings.push(Finding::new(&file.path, line(&file.code, arm.at), text));
                }
            }
        }
    }
    findings
}

/// One arm of a match.
struct Arm<'a> {
    at: usize,
    pattern: &'a str,
    body: &'a str,
}

impl Arm<'_> {
    fn is_catch_all(&self) -> bool {
        self.pattern == "_"
    }

    /// Whether the pattern is of this enum.
    fn names(&self, family: &str) -> bool {
        self.pattern.split('|').any(|one| {
            one.trim().trim_start_matches('&').strip_prefix(family).is_some_and(|rest| rest.starts_with("::"))
        })
    }
}

/// The arms of every block in braces that has arms, nested ones apart.
fn matches(code: &str) -> Vec<Vec<Arm<'_>>> {
    let mut done = vec![];
    // For each open bracket, whether it is a brace, the arms so far, and where the current pattern begins.
    let mut open: Vec<(char, Vec<Arm<'_>>, usize)> = vec![];
    let bytes = code.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' | b'(' | b'[' => open.push((*byte as char, vec![], at + 1)),
            b'}' | b')' | b']' => {
                if let Some((_, arms, _)) = open.pop().filter(|(_, arms, _)| !arms.is_empty()) {
                    done.push(arms);
                }
                // The braces of an arm's body end it, also without a comma.
                if let Some((_, arms, start)) = open.last_mut().filter(|_| *byte == b'}')
                    && arms.last().is_some_and(|arm| arm.body.starts_with('{'))
                {
                    *start = at + 1;
                }
            }
            b',' | b';' => {
                if let Some((_, _, start)) = open.last_mut() {
                    *start = at + 1;
                }
            }
            b'>' if at > 0 && bytes[at - 1] == b'=' => {
                if let Some(('{', arms, start)) = open.last_mut() {
                    let text = &code[*start..at - 1];
                    let begin = *start + (text.len() - text.trim_start().len());
                    arms.push(Arm { at: begin, pattern: text.trim(), body: code[at + 1..].trim_start() });
                    *start = at + 1;
                }
            }
            _ => {}
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(code: &str) -> Vec<usize> {
        check(&Tree::of(&[("crates/autograd/src/rules/unary.rs", code)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_catch_all_among_operations_is_found() {
        assert_eq!(lines("match op {\n    Unary::Exp => a,\n    _ => b,\n}"), [3]);
        assert_eq!(
            lines("match op {\n    Unary::Exp => { a(1, 2) }\n    Unary::Log | Unary::Sin => { b }\n    _ => c,\n}"),
            [4]
        );
        assert_eq!(lines("match op {\n    View::Slice { dim, .. } => a,\n    _ => unreachable!(),\n}"), [3]);
        assert_eq!(
            lines(
                "match *op {\n    Op::Unary(op) => match op {\n        Unary::Exp => a,\n        _ => b,\n    },\n    Op::View(_) => c,\n}"
            ),
            [4]
        );
    }

    #[test]
    fn other_matches_and_unwrapping_pass() {
        assert_eq!(lines("match x {\n    1 => a,\n    _ => b,\n}"), [0; 0]);
        assert_eq!(lines("match op {\n    Op::Reduce(reduce) => *reduce,\n    _ => unreachable!(),\n}"), [0; 0]);
        assert_eq!(
            lines("match op {\n    Unary::Exp => match x { Some(y) => y, _ => z },\n    Unary::Log => a,\n}"),
            [0; 0]
        );
        assert_eq!(lines("match op {\n    Unary::Log1p => a,\n    op => name(op),\n}"), [0; 0]);
        assert_eq!(lines("macro_rules! m {\n    ($x:expr) => { Unary::Exp };\n    ($y:ident) => { _ };\n}"), [0; 0]);
    }
}
