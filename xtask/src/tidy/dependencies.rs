//! What comes from outside: each dependency has its reason written down, and the graphics library stays in its crate.

use super::lexer::{line, words};
use super::tree::Tree;
use super::{Finding, tree};
use std::collections::BTreeSet;

/// Where the reasons are.
const PAGE: &str = "docs/dependencies.md";

/// Every dependency has a row in the page, and every row is of a dependency.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.file(PAGE) else { return vec![Finding::new(PAGE, 0, "the page is missing")] };
    let named: Vec<(usize, &str)> =
        page.text.lines().enumerate().filter_map(|(i, line)| Some((i + 1, row(line)?))).collect();
    let mut findings = vec![];
    for package in &tree.packages {
        for outer in outside(package).filter(|outer| !named.iter().any(|(_, name)| name == outer)) {
            findings.push(Finding::new(&package.manifest, 0, format!("`{outer}` has no reason in {PAGE}")));
        }
    }
    let used: BTreeSet<&str> = tree.packages.iter().flat_map(outside).collect();
    for (line, name) in named.into_iter().filter(|(_, name)| !used.contains(name)) {
        findings.push(Finding::new(PAGE, line, format!("no crate depends on `{name}` any more")));
    }
    findings
}

fn outside(package: &tree::Package) -> impl Iterator<Item = &str> {
    package.dependencies.iter().filter(|dependency| !dependency.own).map(|dependency| &*dependency.name)
}

/// The name in a row that begins with one.
fn row(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name)
}

/// The types of wgpu never leave ops-wgpu: nobody else depends on it, names it, or gets it handed on.
pub fn check_wgpu(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for package in tree.packages.iter().filter(|package| package.name != "ops-wgpu") {
        for name in outside(package).filter(|name| name.starts_with("wgpu") || *name == "naga") {
            findings.push(Finding::new(&package.manifest, 0, format!("{name} belongs to ops-wgpu")));
        }
    }
    for file in tree.rust() {
        let own = file.package() == "ops-wgpu";
        for at in words(&file.code, "wgpu") {
            let start = file.code[..at].rfind('\n').map_or(0, |at| at + 1);
            let handed_on = file.code[start..at].trim_start().starts_with("pub use");
            if !own || handed_on {
                findings.push(Finding::new(&file.path, line(&file.code, at), "types of wgpu must not leave ops-wgpu"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: (&str, &str) = (PAGE, "| Crate | Why |\n|---|---|\n| `half` | f16 |\n");

    #[test]
    fn reasons_and_dependencies_match() {
        assert_eq!(check(&Tree::of(&[ROWS]).with("storage", &["half"]).with("tensor", &["storage"])), vec![]);
        let missing = check(&Tree::of(&[ROWS]).with("storage", &["half", "libm"]));
        assert_eq!(missing.len(), 1);
        assert!(missing[0].text.contains("`libm`"));
        assert_eq!(check(&Tree::of(&[ROWS]).with("storage", &[]))[0].line, 3);
    }

    #[test]
    fn wgpu_stays_at_home() {
        let inside = ("crates/ops-wgpu/src/lib.rs", "use wgpu::Device;");
        assert_eq!(check_wgpu(&Tree::of(&[inside]).with("ops-wgpu", &["wgpu"])), vec![]);
        assert_eq!(check_wgpu(&Tree::of(&[("crates/tensor/src/a.rs", "\nfn f(d: wgpu::Device) {}")]))[0].line, 2);
        assert_eq!(check_wgpu(&Tree::of(&[("crates/ops-wgpu/src/a.rs", "pub use wgpu::Device;")])).len(), 1);
        assert_eq!(check_wgpu(&Tree::default().with("nn", &["wgpu-types"])).len(), 1);
    }
}
