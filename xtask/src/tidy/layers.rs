//! Which crate may see which: a crate depends on crates below it, never on its siblings and never upwards.

use super::Finding;
use super::tree::Tree;

/// The layers, lowest first; those in one row are siblings that cannot see each other.
const LAYERS: &[&[&str]] = &[
    &["storage"],
    &["tensor-core"],
    &["autograd", "ops-cpu", "ops-wgpu"],
    &["tensor", "nn-derive"],
    &["nn", "optim", "data"],
    &["train"],
    &["sconce"],
    &["labs"],
    &["conformance"],
];

/// Crates that may not name a backend, though one lies below them.
const WITHOUT_BACKEND: &[&str] = &["nn", "optim", "data", "train"];

/// The layer of a crate, counted from the lowest.
pub fn level(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// What a crate is compiled with must lie below it. Development dependencies are free: tests of the core need a device.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for package in &tree.packages {
        let own = package.dependencies.iter().filter(|dependency| dependency.own && !dependency.dev);
        let mut found = |text: String| findings.push(Finding::new(&package.manifest, 0, text));
        if package.name == "xtask" {
            own.for_each(|below| found(format!("xtask must build in seconds, but depends on {}", below.name)));
            continue;
        }
        let Some(layer) = level(&package.name) else {
            found(format!("{} has no place among the layers in xtask/src/tidy/layers.rs", package.name));
            continue;
        };
        for below in own {
            if level(&below.name).is_none_or(|other| other >= layer) {
                found(format!("{} depends on {}, which is not below it", package.name, below.name));
            } else if WITHOUT_BACKEND.contains(&&*package.name) && below.name.starts_with("ops-") {
                found(format!("{} must not name a backend, but depends on {}", package.name, below.name));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(tree: Tree) -> Vec<String> {
        check(&tree).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn downwards_is_fine() {
        let tree = Tree::default().with("tensor-core", &["storage", "libm", "dev ops-cpu"]).with("labs", &["sconce"]);
        assert_eq!(check(&tree), vec![]);
    }

    #[test]
    fn upwards_sideways_and_unknown_are_found() {
        assert_eq!(texts(Tree::default().with("storage", &["tensor-core"])).len(), 1);
        assert_eq!(texts(Tree::default().with("autograd", &["ops-cpu"])).len(), 1);
        assert!(texts(Tree::default().with("nn", &["ops-cpu"]))[0].contains("backend"));
        assert!(texts(Tree::default().with("toolbox", &[]))[0].contains("no place"));
        assert!(texts(Tree::default().with("xtask", &["sconce"]))[0].contains("seconds"));
    }
}
