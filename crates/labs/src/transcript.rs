//! What a lab says, runs and finds, in order: written to the console at once, and kept for the report.
//!
//! An exercise is a plain function. Within it, `show!` runs statements and shows them as they stand in the file, and
//! `println!`, which this module redefines, prints below the statement that called it. Both reach the transcript of the
//! thread, so that the code that is shown is code that works in any program.

use crate::check::Agreement;
use crate::console::Console;
use crate::source::{self, Statement};
use sconce::Tensor;
use sconce::autograd::Graph;
use std::cell::RefCell;
use std::collections::VecDeque;

/// Runs statements and shows them: what they bind stays bound.
macro_rules! show {
    ($($statement:tt)*) => {
        $crate::transcript::begin(file!(), line!());
        $($statement)*
        $crate::transcript::end();
    };
}

/// As the standard library's, but into the transcript.
macro_rules! println {
    ($($text:tt)+) => { $crate::transcript::print(line!(), &format!($($text)+)) };
}

/// One piece of a transcript.
pub enum Block {
    /// The beginning of a lesson or an exercise.
    Heading(String),
    /// A paragraph. Code stands between backquotes.
    Prose(String),
    /// Statements that ran together, each with what it printed.
    Code(Vec<(String, String)>),
    /// A computation graph.
    Graph {
        /// What it shows.
        caption: String,
        /// As a listing.
        text: String,
        /// As a picture.
        svg: String,
    },
    /// A picture.
    Figure {
        /// What it shows.
        caption: String,
        /// The picture.
        svg: String,
    },
    /// Several ways to one number.
    Agreement(Agreement),
    /// A sentence that must hold.
    Claim {
        /// The sentence.
        text: String,
        /// Whether it holds.
        holds: bool,
    },
}

/// Everything that a lab has said.
pub struct Transcript {
    /// The title of the lab.
    pub title: String,
    /// The pieces, in order.
    pub blocks: Vec<Block>,
    /// Where they were written.
    pub console: Console,
    source: Source,
    pending: VecDeque<Statement>,
}

/// The file of the exercise that is running.
#[derive(Clone, Copy)]
pub struct Source {
    /// Its name within the lab's folder.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

thread_local! {
    static TRANSCRIPT: RefCell<Transcript> = RefCell::new(Transcript::new("", Console::silent()));
}

impl Transcript {
    fn new(title: &str, console: Console) -> Transcript {
        let source = Source { name: "", text: "" };
        Transcript { title: title.to_string(), blocks: Vec::new(), console, source, pending: VecDeque::new() }
    }

    /// What differed where numbers should have agreed.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Agreement(agreement) => agreement.failure.as_deref(),
            Block::Claim { text, holds: false } => Some(text),
            _ => None,
        })
    }

    fn push(&mut self, block: Block) {
        self.console.block(&block);
        self.blocks.push(block);
    }

    /// Shows the statements up to the one at `line`, unless it has been shown: a loop prints many times.
    fn echo_before(&mut self, line: u32) {
        if self.pending.front().is_some_and(|next| next.first_line <= line) {
            self.echo(line);
        }
    }

    /// Shows the statements up to a line of the source.
    fn echo(&mut self, line: u32) {
        while let Some(statement) = self.pending.pop_front() {
            let reached = statement.last_line >= line;
            self.console.code(statement.code.trim_end());
            if let Some(Block::Code(steps)) = self.blocks.last_mut() {
                steps.push((statement.code, String::new()));
            }
            if reached {
                break;
            }
        }
    }
}

fn with<T>(body: impl FnOnce(&mut Transcript) -> T) -> T {
    TRANSCRIPT.with_borrow_mut(body)
}

/// Starts the thread's transcript anew.
pub fn start(title: &str, console: Console) {
    console.title(title);
    with(|transcript| *transcript = Transcript::new(title, console));
}

/// Takes the finished transcript.
pub fn finish() -> Transcript {
    with(|transcript| std::mem::replace(transcript, Transcript::new("", Console::silent())))
}

/// Begins a lesson or an exercise, whose statements stand in `source`.
pub fn heading(text: &str, source: Source) {
    with(|transcript| {
        transcript.source = source;
        transcript.push(Block::Heading(text.to_string()));
    });
}

/// A paragraph, as it is read: words separated by single spaces, code between backquotes.
pub fn say(text: &str) {
    with(|transcript| transcript.push(Block::Prose(text.split_whitespace().collect::<Vec<_>>().join(" "))));
}

/// Draws the graph behind a tensor.
pub fn draw(output: &Tensor, caption: &str) {
    let graph = Graph::of(output);
    let (text, svg) = (graph.to_text(), graph.to_svg());
    with(|transcript| transcript.push(Block::Graph { caption: caption.to_string(), text, svg }));
}

/// Compares several ways to one number, the most trustworthy last; a difference makes the lab fail at its end.
pub fn agree(quantity: &str, values: &[(&str, f64)]) {
    with(|transcript| transcript.push(Block::Agreement(Agreement::of(quantity, values))));
}

/// Shows a picture.
pub fn figure(svg: String, caption: &str) {
    with(|transcript| transcript.push(Block::Figure { caption: caption.to_string(), svg }));
}

/// States what an exercise has to show; if it does not hold, the lab fails at its end.
pub fn claim(text: &str, holds: bool) {
    with(|transcript| transcript.push(Block::Claim { text: text.to_string(), holds }));
}

/// What `show!` does before its statements.
pub fn begin(file: &str, line: u32) {
    with(|transcript| {
        let Source { name, text } = transcript.source;
        assert!(file.ends_with(name), "{file} shows statements, but the source at hand is {name}");
        transcript.pending = source::statements(text, line).into();
        transcript.push(Block::Code(Vec::new()));
    });
}

/// What `show!` does after its statements.
pub fn end() {
    with(|transcript| {
        transcript.echo(u32::MAX);
        transcript.console.blank();
    });
}

/// What `println!` does.
pub fn print(line: u32, text: &str) {
    with(|transcript| {
        transcript.echo_before(line);
        transcript.console.output(text);
        let Some(Block::Code(steps)) = transcript.blocks.last_mut() else {
            panic!("println! on line {line} is not in a show! block");
        };
        let (_, output) = steps.last_mut().expect("a statement has been shown");
        if !output.is_empty() {
            output.push('\n');
        }
        output.push_str(text);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_shown_as_they_stand_with_what_they_printed() {
        start("a lab", Console::silent());
        heading("an exercise", Source { name: "transcript.rs", text: include_str!("transcript.rs") });
        show! {
            let x   =  2; // Not as rustfmt has it.
            println!(
                "{}",
                x + 1,
            );
            for i in 0..x {
                println!("{i}");
            }
            let _ = x;
        }
        assert_eq!(x, 2, "what a block binds stays bound");
        let transcript = finish();
        let Some(Block::Code(steps)) = transcript.blocks.last() else { panic!("a block of code was shown") };
        let expected = [
            ("let x   =  2; // Not as rustfmt has it.", ""),
            ("println!(\n    \"{}\",\n    x + 1,\n);", "3"),
            ("for i in 0..x {\n    println!(\"{i}\");\n}", "0\n1"),
            ("let _ = x;", ""),
        ];
        assert_eq!(*steps, expected.map(|(code, output)| (code.to_string(), output.to_string())));
    }

    #[test]
    #[should_panic(expected = "the source at hand is other.rs")]
    fn the_source_of_another_file_is_refused() {
        start("a lab", Console::silent());
        heading("an exercise", Source { name: "other.rs", text: "" });
        begin("src/transcript.rs", 1);
    }
}
