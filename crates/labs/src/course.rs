//! What a lab is, which labs there are, and how one runs. It knows the exercises' titles, not their contents.

use crate::arguments::Request;
use crate::console::Console;
use crate::settings::Settings;
use crate::transcript::{self, Source, Transcript};
use crate::{lab1, lab2, lab3, lab4, lab6, lab7};
use sconce::autograd::keep_values;
use std::fmt::Write;

/// A lab of the course.
pub struct Lab {
    /// Its number in the manual.
    pub number: u32,
    /// What it is about.
    pub title: &'static str,
    /// What a student shall know before the first line.
    pub introduction: &'static str,
    /// Whether graphs are drawn with the value of every node, which are kept for that.
    pub keeps_values: bool,
    /// Lessons and exercises, in order.
    pub parts: &'static [Part],
}

/// A lesson or an exercise.
pub struct Part {
    /// The number of an exercise; lessons have none.
    pub exercise: Option<u32>,
    /// What it is about.
    pub title: &'static str,
    /// The file it stands in.
    pub source: Source,
    /// Runs it.
    pub run: fn(&Settings),
}

/// The parts of a lab from their files: `lesson module "title"` and `exercise N module "title"`, for modules beside the file
/// that lists them.
macro_rules! parts {
    (@number lesson) => { None };
    (@number exercise $number:literal) => { Some($number) };
    ($($kind:ident $($number:literal)? in $module:ident: $title:literal;)*) => { &[$(
        $crate::course::Part {
            exercise: $crate::course::parts!(@number $kind $($number)?),
            title: $title,
            source: $crate::transcript::Source {
                name: concat!(stringify!($module), ".rs"),
                text: include_str!(concat!(stringify!($module), ".rs")),
            },
            run: $module::run,
        },
    )*] };
}
pub(crate) use parts;

/// All labs, in order.
pub const LABS: &[&Lab] = &[&lab1::LAB, &lab2::LAB, &lab3::LAB, &lab4::LAB, &lab6::LAB, &lab7::LAB];

impl Part {
    fn heading(&self) -> String {
        match self.exercise {
            Some(number) => format!("Exercise {number}: {}", self.title),
            None => self.title.to_string(),
        }
    }
}

/// The labs and their exercises, one per line.
pub fn list() -> String {
    let mut text = String::new();
    for lab in LABS {
        let _ = writeln!(text, "Lab {}: {}  (cargo xtask lab{})", lab.number, lab.title, lab.number);
        for part in lab.parts {
            let number = part.exercise.map(|number| number.to_string()).unwrap_or_default();
            let _ = writeln!(text, "  {number:>2}  {}", part.title);
        }
        text.push('\n');
    }
    text.push_str("Numbered lines are the manual's exercises: --exercise N runs one of them alone.\n");
    text
}

/// Runs what was asked for, on the console.
pub fn run(request: &Request) -> Transcript {
    let lab = request.lab;
    let (settings, notice) = Settings::of(request);
    transcript::start(&format!("Lab {}: {}", lab.number, lab.title), Console::standard());
    if request.exercise.is_none() {
        transcript::say(lab.introduction);
    }
    if let Some(notice) = notice {
        transcript::say(&notice);
    }
    for part in lab.parts {
        if request.exercise.is_none() || part.exercise == request.exercise {
            transcript::heading(&part.heading(), part.source);
            if lab.keeps_values {
                keep_values(|| (part.run)(&settings));
            } else {
                (part.run)(&settings);
            }
        }
    }
    transcript::finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exercises_are_numbered_from_one_without_gaps() {
        for lab in LABS {
            let numbers: Vec<u32> = lab.parts.iter().filter_map(|part| part.exercise).collect();
            assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>(), "lab {}", lab.number);
        }
    }
}
