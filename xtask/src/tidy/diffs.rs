//! The documentation shows real diffs. Whatever they add or leave in place is in the files they name, or the page is out of
//! date.

use super::Finding;
use super::tree::Tree;

/// Every line that a diff in docs/ adds or shows as context stands in the file of its `+++` line.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for page in tree.files.iter().filter(|file| file.path.starts_with("docs/") && file.path.ends_with(".md")) {
        let (mut inside, mut target) = (false, None);
        for (number, line) in page.text.lines().enumerate() {
            if line.starts_with("```") {
                (inside, target) = (line == "```diff", None);
            } else if let Some(path) = line.strip_prefix("+++ ").filter(|_| inside) {
                target = tree.file(path);
                if target.is_none() {
                    findings.push(Finding::new(
                        &page.path,
                        number + 1,
                        format!("the diff is of {path}, which is not there"),
                    ));
                }
            } else if let Some(file) = target.filter(|_| inside && line.starts_with(['+', ' '])) {
                let shown = line[1..].trim();
                if !file.text.lines().any(|line| line.trim() == shown) {
                    findings.push(Finding::new(&page.path, number + 1, format!("{} has no line `{shown}`", file.path)));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_that_is_out_of_date_is_found() {
        let page = "```diff\n--- src/a.rs\n+++ src/a.rs\n@@ the table @@\n one;\n-gone;\n+two;\n```\n+++ prose\n";
        let lines = |source: &str| -> Vec<usize> {
            let tree = Tree::of(&[("docs/a.md", page), ("src/a.rs", source)]);
            check(&tree).iter().map(|finding| finding.line).collect()
        };
        assert_eq!(lines("    one;\n    two;\n"), [0; 0]);
        assert_eq!(lines("    one;\n    three;\n"), [7]);
        assert_eq!(lines("    two;\n"), [5]);
        assert_eq!(check(&Tree::of(&[("docs/a.md", page)])).len(), 1);
    }
}
