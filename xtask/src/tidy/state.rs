//! Global mutable state: below `tensor` there is none beyond a few named places, so that what an operation does follows
//! from its operands.

use super::Finding;
use super::layers::level;
use super::lexer::{line, words};
use super::tree::{File, Tree};

/// The places that may have state, and what it is.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/storage/src/pool.rs", "the pool of buffers"),
    ("crates/ops-cpu/src/team/", "the team of threads"),
    ("crates/ops-cpu/src/isa.rs", "the choice of vector instructions, made once"),
    ("crates/ops-cpu/src/matmul/amx.rs", "whether the system lets the process use AMX, asked once"),
    ("crates/ops-wgpu/src/devices.rs", "the list of GPUs, each opened once"),
    ("crates/tensor-core/src/mode.rs", "whether the thread records"),
    ("crates/autograd/src/node.rs", "the creation counter"),
    ("crates/autograd/src/anomaly.rs", "whether the thread records where operations were called"),
    ("crates/autograd/src/graph.rs", "whether the thread records values for pictures"),
];

/// Types that change behind a shared reference.
const CHANGING: &[&str] = &["Atomic", "Cell", "Lock", "Mutex", "Once", "Condvar"];

/// Below `tensor`, no `static` that can change and no `thread_local!` outside the allowed places; and no permission that
/// nobody needs.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let tensor = level("tensor").expect("a layer");
    let below = tree.rust().filter(|file| level(file.package()).is_some_and(|level| level < tensor));
    let mut findings = vec![];
    for file in below.filter(|file| file.inner_path().starts_with("src/")) {
        if !ALLOWED.iter().any(|(place, _)| file.path.starts_with(place)) {
            let text =
                "global mutable state: below `tensor` only the places listed in xtask/src/tidy/state.rs have any";
            findings.extend(state(file).map(|at| Finding::new(&file.path, line(&file.code, at), text)));
        }
    }
    for (place, what) in ALLOWED {
        let mut there = tree.rust().filter(|file| file.path.starts_with(place)).peekable();
        if there.peek().is_some() && there.all(|file| state(file).next().is_none()) {
            findings.push(Finding::new(*place, 0, format!("has no state any more ({what}): withdraw the permission")));
        }
    }
    findings
}

/// Where state is declared.
fn state(file: &File) -> impl Iterator<Item = usize> {
    let locals = words(&file.code, "thread_local");
    let statics = words(&file.code, "static").filter(|at| {
        // A lifetime is no item.
        let item = !file.code[..*at].ends_with('\'');
        let declaration = file.code[at + "static".len()..].split(['=', ';']).next().unwrap_or_default();
        let mutable = words(declaration, "mut").next().is_some();
        let declared_type = declaration.split_once(':').map_or("", |(_, declared)| declared);
        item && (mutable || CHANGING.iter().any(|part| declared_type.contains(part)))
    });
    locals.chain(statics)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn state_is_found_below_tensor() {
        let bad = "\nstatic SEEN: AtomicU64 = AtomicU64::new(0);\nthread_local! {\n    static A: Cell<u8> = 0;\n}\nstatic mut X: u8 = 1;";
        let mut found = lines("crates/tensor-core/src/tensor.rs", bad);
        found.sort_unstable();
        assert_eq!(found, [2, 3, 4, 6]);
        assert_eq!(lines("crates/ops-cpu/src/unary.rs", "fn f() { static T: OnceLock<u8> = OnceLock::new(); }"), [1]);
    }

    #[test]
    fn constants_fields_and_upper_layers_are_free() {
        let good = "static CPU: Cpu = Cpu;\nstruct A { x: OnceLock<u8> }\nfn f(x: &'static Mutex<u8>) {}";
        assert_eq!(lines("crates/ops-cpu/src/lib.rs", good), [0; 0]);
        assert_eq!(lines("crates/tensor/src/seed.rs", "static X: Mutex<u8> = Mutex::new(0);"), [0; 0]);
        assert_eq!(lines("crates/storage/src/pool.rs", "static X: Mutex<u8> = Mutex::new(0);"), [0; 0]);
    }

    #[test]
    fn a_permission_without_need_is_found() {
        assert_eq!(lines("crates/storage/src/pool.rs", "fn nothing() {}"), [0]);
    }
}
