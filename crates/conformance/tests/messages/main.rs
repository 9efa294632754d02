//! What every misuse says, and where: the panic of each method carries PyTorch's text, letter by letter, and points to the
//! line of the call; its `try_` twin returns the same text with a kind. The texts are `fixtures/messages.tsv`, made by
//! `fixtures/make_messages.py`; a case is called by the line of Python that says it there. Each file here is a table of cases.

/// Defines `CASES` from lines of the form `"name" Kind { statements before }: call, twin;`. The name is the misuse in Python;
/// the call is the same misuse here and panics; the twin returns it. The kind `fine` stands for what PyTorch does not refuse.
macro_rules! misuses {
    ($($name:literal $kind:ident $({ $($before:tt)* })?: $call:expr $(, $twin:expr)?;)*) => {
        pub const CASES: &[$crate::Case] = &[$(
            $crate::Case {
                name: $name,
                file: file!(),
                kind: misuses!(@kind $kind),
                call: || { $($($before)*)? let _ = $call; },
                twin: misuses!(@twin { $($($before)*)? } $($twin)?),
            },
        )*];
    };
    (@kind fine) => { None };
    (@kind $kind:ident) => { Some(tensor_core::ErrorKind::$kind) };
    (@twin { $($before:tt)* }) => { None };
    (@twin { $($before:tt)* } $twin:expr) => { Some(|| { $($before)* $twin.map(|_| ()) }) };
}

mod activation;
mod arranging;
mod autograd;
mod creation;
mod deviations;
mod devices;
mod elementwise;
mod functions;
mod in_place;
mod indexing;
mod linalg;
mod losses;
mod matmul;
mod names;
mod noise;
mod panics;
mod random;
mod reading;
mod reductions;
mod rust_alone;
mod shapes;
mod together;
mod windows;

use deviations::DEVIATIONS;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use tensor_core::{ErrorKind, Result};

/// A misuse.
pub struct Case {
    /// The misuse in Python: its name in the fixture.
    name: &'static str,
    /// The file it stands in.
    file: &'static str,
    /// What kind of error it is; `None` if it is none in PyTorch.
    kind: Option<ErrorKind>,
    /// The form that panics.
    call: fn(),
    /// The form that returns.
    twin: Option<fn() -> Result<()>>,
}

const THEMES: &[&[Case]] = &[
    creation::CASES,
    shapes::CASES,
    elementwise::CASES,
    reductions::CASES,
    matmul::CASES,
    indexing::CASES,
    in_place::CASES,
    autograd::CASES,
    reading::CASES,
    random::CASES,
    devices::CASES,
    activation::CASES,
    arranging::CASES,
    functions::CASES,
    linalg::CASES,
    losses::CASES,
    noise::CASES,
    together::CASES,
    windows::CASES,
];

/// The text of the fixture without its escapes.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\\\").map(|part| part.replace("\\n", "\n").replace("\\t", "\t"));
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |all, part| all + "\\" + &part)
}

impl Case {
    /// What is wrong with the case, if `expected` is what it has to say.
    fn failure(&self, expected: Option<&str>) -> Option<String> {
        match (panics::caught(self.call), expected) {
            (None, None) => return None,
            (None, Some(text)) => return Some(format!("is accepted; expected: {text}")),
            (Some(panic), None) => return Some(format!("is refused: {}", panic.text)),
            (Some(panic), Some(text)) if panic.text != text => {
                return Some(format!("says:     {}\n    expected: {text}", panic.text));
            }
            (Some(panic), Some(_)) if !self.is_place(&panic.file, panic.line) => {
                return Some(format!("points to {}:{}", panic.file, panic.line));
            }
            (Some(_), Some(_)) => {}
        }
        let Some(twin) = self.twin else { return Some("has no twin".into()) };
        let mut outcome = Ok(());
        if let Some(panic) = panics::caught(AssertUnwindSafe(|| outcome = twin())) {
            return Some(format!("the twin panics: {}", panic.text));
        }
        match outcome {
            Ok(()) => Some("is accepted by its twin".into()),
            Err(error) if Some(error.text()) != expected => Some(format!("the twin says: {error}")),
            Err(error) if Some(error.kind()) != self.kind => Some(format!("is of kind {:?}", error.kind())),
            Err(_) => None,
        }
    }

    /// Whether a line of a file belongs to this case: it begins with the name and ends before the next one.
    fn is_place(&self, file: &str, line: u32) -> bool {
        // Both paths begin at the root of the workspace, which need not be where the test runs.
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let Ok(text) = std::fs::read_to_string(&path) else { return false };
        let lines: Vec<&str> = text.lines().collect();
        let Some(to_here) = lines.get(..line as usize).filter(|_| file == self.file) else { return false };
        let is_head = |line: &&&str| line.starts_with("    \"") || line.starts_with("    r#\"");
        to_here.iter().rev().find(is_head).is_some_and(|head| head.contains(&format!("\"{}\"", self.name)))
    }
}

#[test]
fn misuses_of_rust_alone_say_what_stands_beside_them() {
    panics::watch();
    let failures: Vec<String> = rust_alone::CASES
        .iter()
        .filter_map(|case| {
            let text = rust_alone::TEXTS.iter().find(|(name, _)| *name == case.name).map(|(_, text)| *text);
            Some(format!("{}\n    {}", case.name, case.failure(text)?))
        })
        .collect();
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn each_misuse_says_what_pytorch_says_where_it_happens() {
    panics::watch();
    let fixture = conformance::fixture_text("messages.tsv");
    let lines = fixture.lines().map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, exception, text] = columns[..] else { panic!("three columns: {line}") };
        (name, (exception != "-").then(|| unescaped(text)))
    });
    let mut expected: BTreeMap<&str, Option<String>> = lines.collect();
    let mut failures = vec![];
    let mut deviated = BTreeSet::new();
    let cases: Vec<&Case> = THEMES.iter().copied().flatten().collect();
    for case in &cases {
        let Some(text) = expected.remove(case.name) else {
            failures.push(format!("{}\n    stands twice, or not in the fixture", case.name));
            continue;
        };
        let deviation = DEVIATIONS.iter().find(|deviation| deviation.name == case.name);
        let text = match deviation {
            Some(deviation) => {
                assert!(!deviation.reason.is_empty());
                assert_ne!(deviation.text, text.as_deref(), "{} does not differ", case.name);
                deviated.insert(case.name);
                deviation.text
            }
            None => text.as_deref(),
        };
        failures.extend(case.failure(text).map(|why| format!("{}\n    {why}", case.name)));
    }
    failures.extend(expected.keys().map(|name| format!("{name}\n    is in no table")));
    for deviation in DEVIATIONS.iter().filter(|deviation| !deviated.contains(deviation.name)) {
        failures.push(format!("{}\n    is no case", deviation.name));
    }
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
    println!("{} cases, of which {} differ deliberately", cases.len(), deviated.len());
}
