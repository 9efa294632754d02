//! The printed form of modules, PyTorch's.

use super::{Module, walk};

/// A module as PyTorch prints it: its name, and indented below it the modules in it with their names.
///
/// ```
/// use nn::{Linear, ReLU, sequential};
/// let net = sequential![Linear::new(2, 3), ReLU::new()];
/// assert_eq!(
///     net.to_string(),
///     "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)"
/// );
/// ```
pub fn repr(module: &dyn Module) -> String {
    let extra = module.extra_repr();
    let mut lines: Vec<String> = Vec::new();
    let children = walk::children(module);
    let texts: Vec<String> = children.iter().map(|(_, child)| repr(*child)).collect();
    if module.type_name() == "ModuleList" {
        lines.extend(runs(&texts));
    } else {
        lines.extend(children.iter().zip(&texts).map(|((name, _), text)| format!("({name}): {text}")));
    }
    let name = module.type_name();
    if lines.is_empty() && !extra.contains('\n') {
        return format!("{name}({extra})");
    }
    let extra_lines = extra.lines().map(str::to_string);
    let body: Vec<String> = extra_lines.chain(lines).map(|line| indented(&line)).collect();
    format!("{name}(\n{}\n)", body.join("\n"))
}

/// Members of a list, equal neighbours in one line: `(0-5): 6 x Linear(…)`.
fn runs(texts: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    for run in texts.chunk_by(|one, next| one == next) {
        let end = start + run.len();
        lines.push(match run.len() {
            1 => format!("({start}): {}", run[0]),
            count => format!("({start}-{}): {count} x {}", end - 1, run[0]),
        });
        start = end;
    }
    lines
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Numbers as Python prints a tuple: `(3,)`, `(3, 4)`.
pub fn python_tuple<T: std::fmt::Display>(values: &[T]) -> String {
    match values {
        [one] => format!("({one},)"),
        many => format!("({})", many.iter().map(T::to_string).collect::<Vec<_>>().join(", ")),
    }
}
