//! The grid: a family of operations has a file of the same name in each layer, so that whoever looks for the derivative of a
//! reduction knows the room.

use super::Finding;
use super::tree::Tree;

/// Where families are defined: each in a file named like its variant of the enum `Op`.
const DEFINED: &str = "crates/tensor-core/src/op/";

/// The other layers, each with a file or a folder per family, but for those that are excused there.
const LAYERS: &[(&str, &[&str])] = &[
    // Views never reach a device.
    ("crates/ops-cpu/src/", &["view"]),
    ("crates/ops-wgpu/src/", &["view"]),
    ("crates/autograd/src/rules/", &[]),
];

/// Every family of tensor-core has its file in each layer that exists, and autograd has rules for nothing else.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let families = families(tree);
    let mut findings = vec![];
    for (folder, excused) in LAYERS {
        let there = names(tree, folder);
        let wanted = families.iter().filter(|family| !there.is_empty() && !excused.contains(&&***family));
        for family in wanted.filter(|family| !there.contains(family)) {
            findings.push(Finding::new(format!("{DEFINED}{family}.rs"), 0, format!("has no {folder}{family}.rs")));
        }
    }
    let rules = "crates/autograd/src/rules/";
    for orphan in names(tree, rules).into_iter().filter(|name| name != "mod" && !families.contains(name)) {
        let text = format!("is of no family: there is no {DEFINED}{orphan}.rs with a variant of `Op`");
        findings.push(Finding::new(format!("{rules}{orphan}.rs"), 0, text));
    }
    findings
}

/// The files and folders of code in `folder`.
fn names(tree: &Tree, folder: &str) -> Vec<String> {
    let inner = tree.rust().filter_map(|file| file.path.strip_prefix(folder)?.strip_suffix(".rs"));
    inner.map(|name| name.trim_end_matches("/mod").to_string()).filter(|name| !name.contains('/')).collect()
}

/// The files of tensor-core that hold a variant of `Op`.
fn families(tree: &Tree) -> Vec<String> {
    let home = tree.file(&format!("{DEFINED}mod.rs")).map_or("", |file| &file.code);
    let variants = home.split_once("pub enum Op {").map_or("", |(_, after)| after.split("\n}").next().unwrap_or(after));
    let is_variant = |name: &String| {
        let mut letters = name.chars();
        let upper =
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>();
        variants.contains(&format!(" {upper}("))
    };
    names(tree, DEFINED).into_iter().filter(is_variant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[(&str, &str)] = &[
        (
            "crates/tensor-core/src/op/mod.rs",
            "pub enum Op {\n    Reduce(Reduce),\n    View(View),\n}\nfn f() { Origin(1) }",
        ),
        ("crates/tensor-core/src/op/reduce.rs", ""),
        ("crates/tensor-core/src/op/view.rs", ""),
        ("crates/tensor-core/src/op/origin.rs", ""),
        ("crates/ops-cpu/src/lib.rs", ""),
        ("crates/ops-cpu/src/reduce/mod.rs", ""),
        ("crates/autograd/src/rules/mod.rs", ""),
        ("crates/autograd/src/rules/reduce.rs", ""),
        ("crates/autograd/src/rules/view.rs", ""),
    ];

    #[test]
    fn the_whole_grid_passes() {
        assert_eq!(check(&Tree::of(WHOLE)), vec![]);
    }

    #[test]
    fn each_hole_is_found() {
        for hole in [1, 5, 7, 8] {
            let rest: Vec<_> = WHOLE.iter().enumerate().filter(|(i, _)| *i != hole).map(|(_, file)| *file).collect();
            assert_eq!(check(&Tree::of(&rest)).len(), 1, "without {}", WHOLE[hole].0);
        }
    }
}
