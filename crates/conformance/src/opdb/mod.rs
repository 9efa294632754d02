//! PyTorch's own database of operations: its sample inputs, what PyTorch makes of them, and their gradients, read from
//! `fixtures/opdb.*.jsonl` (made by `make_opdb.py`). The tables say under which of the database's names an operation is called here
//! and how its arguments are passed on; the run compares. It knows no kernel and no rule.

mod args;
mod json;
mod outcome;
mod page;
mod run;
pub mod table;

pub use args::Args;
pub use outcome::{IntoOutcome, Outcome};
pub use page::page;
pub use run::{Report, Verdict, run};

use json::Json;
use tensor_core::{DType, Tensor};

/// One sample of one operation.
pub struct Case {
    /// The operation's name in the database.
    pub op: String,
    /// The name of the variant, where one operation has several entries.
    pub variant: String,
    /// The dtype that the sample was made for.
    pub dtype: DType,
    /// What the operation is called with.
    pub args: Args,
    /// What PyTorch got.
    pub want: Vec<Outcome>,
    /// Whether only shapes and dtypes count.
    pub shape_only: bool,
    /// PyTorch's gradients of the arguments that want one, in order.
    pub grads: Option<Vec<Option<Tensor>>>,
}

impl Case {
    /// Reads a line.
    ///
    /// # Panics
    /// If the line is not of the format.
    pub fn parse(line: &str) -> Case {
        let json: Json = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| json[key].as_str().expect("a text").to_string();
        let want = json["out"].as_array().expect("a list");
        let shape_only = want.iter().any(|x| x["d"] == "" && !json::sizes(&x["s"]).contains(&0));
        let grads = json["grads"].as_array();
        Case {
            op: text("op"),
            variant: text("variant"),
            dtype: crate::rule::dtype(&text("dtype")),
            args: Args::parse(&json["args"], &json["kwargs"]),
            want: want.iter().map(Outcome::parse).collect(),
            shape_only,
            grads: grads.map(|all| all.iter().map(|x| x.is_object().then(|| json::tensor(x))).collect()),
        }
    }

    /// The operation with its variant, for reports.
    pub fn name(&self) -> String {
        match &*self.variant {
            "" => self.op.clone(),
            variant => format!("{} ({variant})", self.op),
        }
    }
}

/// How an operation is called.
pub type Call = fn(&Args) -> Vec<Outcome>;

/// The entries of one table: names of the database, and how they are called here.
pub type Table = &'static [(&'static str, Call)];

/// The names of PyTorch's database, each with the dtypes that PyTorch has it for on the CPU.
pub fn names() -> Vec<(String, Vec<DType>)> {
    let text = crate::fixture_text("opdb.names.tsv");
    let line = |line: &str| {
        let (name, dtypes) = line.split_once('\t').expect("two columns");
        (name.to_string(), dtypes.split_whitespace().map(crate::rule::dtype).collect())
    };
    text.lines().map(line).collect()
}
