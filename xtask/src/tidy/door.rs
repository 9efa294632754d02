//! Every operation enters through one door: only tensor-core's apply.rs asks a device to run anything. What goes around it
//! would be neither checked nor recorded.

use super::Finding;
use super::lexer::line;
use super::tree::Tree;

const DOOR: &str = "crates/tensor-core/src/apply.rs";

/// How a device is asked.
const CALLS: &[&str] = &["device.run(", "device().run(", "cpu().run(", "Device::run("];

/// Nothing but the door asks a device to run an operation. The devices' own crates may, to test themselves.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for file in tree.rust().filter(|file| file.path != DOOR && !file.package().starts_with("ops-")) {
        for call in CALLS {
            for (at, _) in file.code.match_indices(call) {
                let text = format!("only `Tensor::apply` and `Tensor::write` in {DOOR} run operations");
                findings.push(Finding::new(&file.path, line(&file.code, at), text));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_entrance_is_found() {
        let call = "fn f(x: &Tensor) {\n    x.device().run(&op, dtype, &[], &mut out);\n}";
        assert_eq!(check(&Tree::of(&[("crates/autograd/src/engine.rs", call)]))[0].line, 2);
        assert_eq!(check(&Tree::of(&[(DOOR, call), ("crates/ops-cpu/src/unary.rs", call)])), vec![]);
    }
}
