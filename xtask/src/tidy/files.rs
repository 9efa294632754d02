//! What every file must be: introduced at its head, short, well named, finished, and bound to no machine.

use super::Finding;
use super::lexer::line;
use super::tree::{File, Tree};

/// No file is longer.
const LONGEST: usize = 500;
/// Half of the files are shorter.
const MEDIAN: usize = 150;
/// Long files that are nothing but data.
const TABLES: &[&str] = &[];
/// Pages with a bound of their own.
const PAGES: &[(&str, usize)] = &[("docs/architecture.md", 149)];
/// Names that say nothing of what is in a file.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "base", "misc"];

/// Every file of Rust begins by saying what it is.
pub fn check_heads(tree: &Tree) -> Vec<Finding> {
    let bare = tree.rust().filter(|file| !file.package().is_empty() && !file.text.starts_with("//! "));
    bare.map(|file| Finding::new(&file.path, 1, "begins without a `//!` paragraph that says what the file is"))
        .collect()
}

fn is_code(file: &File) -> bool {
    [".rs", ".py", ".wgsl"].iter().any(|ending| file.path.ends_with(ending)) && !TABLES.contains(&&*file.path)
}

/// The lengths of all files of code, shortest first.
pub fn lengths(tree: &Tree) -> Vec<usize> {
    let mut lengths: Vec<usize> =
        tree.files.iter().filter(|file| is_code(file)).map(|f| f.text.lines().count()).collect();
    lengths.sort_unstable();
    lengths
}

/// The middle one of sorted lengths.
pub fn median(sorted: &[usize]) -> usize {
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// No file is too long, and most are short.
pub fn check_lengths(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for file in &tree.files {
        let page = PAGES.iter().find(|(path, _)| *path == file.path).map(|(_, limit)| *limit);
        let limit = page.or(is_code(file).then_some(LONGEST));
        let lines = file.text.lines().count();
        if let Some(limit) = limit.filter(|limit| lines > *limit) {
            findings.push(Finding::new(&file.path, limit + 1, format!("{lines} lines; the limit is {limit}")));
        }
    }
    let middle = median(&lengths(tree));
    if middle >= MEDIAN {
        findings.push(Finding::new(
            "crates",
            0,
            format!("the median file has {middle} lines; it should have fewer than {MEDIAN}"),
        ));
    }
    findings
}

/// Folders under names that users look for: `torch.nn.utils`.
const GIVEN_NAMES: &[&str] = &["crates/nn/src/utils/"];

/// No file or folder is named for what it is not.
pub fn check_names(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    let named_here = |path: &str| !GIVEN_NAMES.iter().any(|folder| path.starts_with(folder));
    for file in tree.files.iter().filter(|file| !file.package().is_empty() && named_here(&file.path)) {
        let mut parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or_default());
        if let Some(part) = parts.find(|part| EMPTY_NAMES.contains(part)) {
            findings.push(Finding::new(&file.path, 0, format!("`{part}` says nothing of what is in it")));
        }
    }
    findings
}

/// No code waits to be written, and no test is switched off.
pub fn check_unfinished(tree: &Tree) -> Vec<Finding> {
    let marks = ["todo!(", "unimplemented!(", "#[ignore"];
    let hits = tree.rust().flat_map(|file| marks.iter().flat_map(move |mark| places(file, &file.code, mark)));
    hits.map(|(path, line, mark)| Finding::new(path, line, format!("`{mark}`: finish it or leave it out"))).collect()
}

/// No path of a particular machine: what is written in the repository holds on every one.
pub fn check_places(tree: &Tree) -> Vec<Finding> {
    let roots = ["tmp", "root", "home", "work", "opt", "Users"].map(|name| format!("/{name}/"));
    let hits = tree.files.iter().flat_map(|file| roots.iter().flat_map(move |root| places(file, &file.text, root)));
    hits.map(|(path, line, root)| Finding::new(path, line, format!("`{root}` is a place of one machine"))).collect()
}

/// Where `mark` stands in the text of a file, not as the continuation of a word or a longer path.
fn places<'a>(file: &'a File, text: &'a str, mark: &'a str) -> impl Iterator<Item = (&'a str, usize, &'a str)> {
    let alone = |c: char| !(c.is_alphanumeric() || "_.-}~".contains(c));
    text.match_indices(mark)
        .filter(move |(at, _)| text[..*at].chars().next_back().is_none_or(alone))
        .map(move |(at, _)| (&*file.path, line(text, at), mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_head_is_found() {
        let tree = Tree::of(&[("xtask/src/a.rs", "fn f() {}"), ("xtask/src/b.rs", "//! B.\n")]);
        assert_eq!(check_heads(&tree).len(), 1);
    }

    #[test]
    fn long_files_and_a_high_median_are_found() {
        let (long, short) = ("x\n".repeat(501), "x\n".repeat(500));
        let tree = Tree::of(&[("crates/a/src/a.rs", &long), ("crates/a/src/b.rs", "x"), ("crates/a/src/c.rs", "x")]);
        assert_eq!(check_lengths(&tree), vec![Finding::new("crates/a/src/a.rs", 501, "501 lines; the limit is 500")]);
        assert!(check_lengths(&Tree::of(&[("crates/a/src/a.rs", &short)]))[0].text.contains("median file has 500"));
        assert_eq!(check_lengths(&Tree::of(&[("docs/architecture.md", &"x\n".repeat(150))])).len(), 1);
        assert_eq!(check_lengths(&Tree::of(&[("crates/a/fixtures/a.tsv", &long)])), vec![]);
    }

    #[test]
    fn empty_names_are_found() {
        let bad = ["crates/a/src/utils.rs", "crates/a/src/common/mod.rs", "xtask/bench/helpers.py"];
        for path in bad {
            assert_eq!(check_names(&Tree::of(&[(path, "")])).len(), 1, "{path}");
        }
        assert_eq!(check_names(&Tree::of(&[("crates/a/src/base64.rs", "")])), vec![]);
    }

    #[test]
    fn unfinished_code_is_found_and_talk_of_it_is_not() {
        let bad = "fn f() {\n    todo!()\n}\n#[ignore = \"slow\"]\n";
        let lines: Vec<usize> =
            check_unfinished(&Tree::of(&[("a.rs", bad)])).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 4]);
        assert_eq!(check_unfinished(&Tree::of(&[("a.rs", "// todo!()\nlet s = \"#[ignore]\";")])), vec![]);
    }

    #[test]
    fn places_of_machines_are_found() {
        let place = |name: &str| format!("path = \"/{name}/x\"");
        for name in ["tmp", "home", "root", "work"] {
            assert_eq!(check_places(&Tree::of(&[("a.md", &place(name))])).len(), 1, "{name}");
        }
        assert_eq!(check_places(&Tree::of(&[("a.md", "src/tmp/x crates/home/y .github/work/z")])), vec![]);
    }
}
