//! The command line. Hand-written: seven options do not need a parser, and the labs start in a millisecond. It knows the list of
//! labs, to name what exists when something else was asked for.

use crate::course::{self, Lab};
use std::path::PathBuf;

/// What the command line asks for.
pub enum Command {
    /// The usage.
    Help,
    /// The table of labs and exercises.
    List,
    /// A lab.
    Run(Request),
}

/// Which lab, and how.
pub struct Request {
    /// The lab.
    pub lab: &'static Lab,
    /// One exercise instead of everything.
    pub exercise: Option<u32>,
    /// A seed instead of the exercises' own.
    pub seed: Option<u64>,
    /// `cpu` or `gpu`.
    pub device: Option<String>,
    /// How often training goes through its data, instead of each exercise's own number.
    pub epochs: Option<usize>,
    /// The folder of the real data.
    pub data: Option<PathBuf>,
    /// The folder for the page, and for a training that is interrupted.
    pub report: Option<PathBuf>,
    /// The file of an interrupted training.
    pub resume: Option<PathBuf>,
}

impl Request {
    /// The command that asks for the same, but for `--resume`.
    pub fn again(&self) -> String {
        let mut text = format!("labs {}", self.lab.number);
        let mut add = |name: &str, value: Option<String>| {
            text.extend(value.map(|value| format!(" --{name} {value}")));
        };
        add("exercise", self.exercise.map(|number| number.to_string()));
        add("seed", self.seed.map(|seed| seed.to_string()));
        add("device", self.device.clone());
        add("epochs", self.epochs.map(|epochs| epochs.to_string()));
        add("data", self.data.as_ref().map(|folder| folder.display().to_string()));
        add("report", self.report.as_ref().map(|folder| folder.display().to_string()));
        text
    }
}

/// The usage.
pub fn help() -> String {
    let numbers: Vec<String> = course::LABS.iter().map(|lab| lab.number.to_string()).collect();
    format!(
        "The labs of the course, as guided transcripts: the Rust lines that ran and what they printed.\n\
         \n\
         Usage: cargo xtask labN [options]      or: labs N [options]\n\
         \x20      cargo xtask labs                 or: labs list\n\
         \n\
         N is the number of a lab: {}.\n\
         \n\
         Options:\n\
         \x20 --exercise N       run only exercise N\n\
         \x20 --seed S           draw random numbers from seed S instead of each exercise's own\n\
         \x20 --device cpu|gpu   where tensors go in the exercises that use a GPU; without it, a GPU if there is one\n\
         \x20 --epochs N         train for N epochs instead of each exercise's own number; 1 shows a lab quickly\n\
         \x20 --data FOLDER      where the real data lie: mnist, fashion-mnist and others, a folder each; without them the\n\
         \x20                    labs use handwritten digits that they carry\n\
         \x20 --report FOLDER    also write the transcript, with its pictures, as one page labN.html into FOLDER\n\
         \x20 --resume FILE      go on with a training that Ctrl-C interrupted: what comes before it runs again, the training from\n\
         \x20                    where it was\n\
         \x20 --help             this text\n",
        numbers.join(", ")
    )
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// What is wrong and what to do instead.
pub fn parse(arguments: &[String]) -> Result<Command, String> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(Command::Help);
    }
    let Some((first, rest)) = arguments.split_first() else {
        return Err(format!("which lab? Give its number\n\n{}", help()));
    };
    if first == "list" {
        return match rest {
            [] => Ok(Command::List),
            [extra, ..] => Err(format!("'list' takes nothing else, but '{extra}' follows it")),
        };
    }
    let mut request = Request {
        lab: lab(first)?,
        exercise: None,
        seed: None,
        device: None,
        epochs: None,
        data: None,
        report: None,
        resume: None,
    };
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (argument.as_str(), None),
        };
        let mut value = |what: &str| match attached.clone().or_else(|| rest.next().cloned()) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(format!("{name} needs {what}, as in: {name} {}", sample(name))),
        };
        match name {
            "--exercise" => request.exercise = Some(exercise(request.lab, &value("a number")?)?),
            "--seed" => {
                let text = value("a number")?;
                let seed = text.parse().map_err(|_| format!("--seed needs a whole number from 0 on, not '{text}'"))?;
                request.seed = Some(seed);
            }
            "--device" => match value("cpu or gpu")? {
                device if device == "cpu" || device == "gpu" => request.device = Some(device),
                other => return Err(format!("--device is cpu or gpu, not '{other}'")),
            },
            "--epochs" => {
                let text = value("a number")?;
                let epochs = text.parse().ok().filter(|epochs| *epochs > 0);
                request.epochs = Some(epochs.ok_or(format!("--epochs needs a whole number from 1 on, not '{text}'"))?);
            }
            "--data" => {
                let folder = PathBuf::from(value("a folder")?);
                if !folder.is_dir() {
                    return Err(format!("--data needs a folder that there is, not '{}'", folder.display()));
                }
                request.data = Some(folder);
            }
            "--report" => request.report = Some(value("a folder")?.into()),
            "--resume" => request.resume = Some(value("a file")?.into()),
            _ => {
                let known = "--exercise, --seed, --device, --epochs, --data, --report, --resume and --help";
                return Err(format!("'{argument}' is no option of the labs; these are: {known}"));
            }
        }
    }
    Ok(Command::Run(request))
}

fn sample(option: &str) -> &'static str {
    match option {
        "--exercise" => "3",
        "--seed" => "1234",
        "--epochs" => "2",
        "--data" => "data",
        "--device" => "cpu",
        "--resume" => "lab4.safetensors",
        _ => "report",
    }
}

fn lab(text: &str) -> Result<&'static Lab, String> {
    let found = text.parse().ok().and_then(|number: u32| course::LABS.iter().copied().find(|lab| lab.number == number));
    found.ok_or_else(|| {
        let numbers: Vec<String> = course::LABS.iter().map(|lab| lab.number.to_string()).collect();
        format!("there is no lab '{text}'; there are {}. `labs list` shows what is in them", numbers.join(", "))
    })
}

fn exercise(lab: &Lab, text: &str) -> Result<u32, String> {
    let numbers: Vec<u32> = lab.parts.iter().filter_map(|part| part.exercise).collect();
    let found = text.parse().ok().filter(|number| numbers.contains(number));
    found.ok_or_else(|| {
        let last = numbers.iter().max().copied().unwrap_or(0);
        format!("lab {} has no exercise '{text}'; its exercises are 1 to {last}", lab.number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_come_in_any_order_and_with_either_separator() {
        let Ok(Command::Run(request)) = parsed("1 --seed=7 --exercise 11 --device cpu --report out") else {
            panic!("this is a complete command");
        };
        assert_eq!((request.lab.number, request.exercise, request.seed), (1, Some(11), Some(7)));
        assert_eq!(request.device.as_deref(), Some("cpu"));
        assert_eq!(request.report, Some(PathBuf::from("out")));
        assert_eq!(request.again(), "labs 1 --exercise 11 --seed 7 --device cpu --report out");
    }

    #[test]
    fn mistakes_say_what_to_do() {
        let text = |line: &str| parsed(line).err().unwrap_or_default();
        assert!(text("").contains("Usage"));
        assert!(text("9").contains("labs list"));
        assert!(text("1 --exercise 12").contains("1 to 11"));
        assert!(text("1 --exercise").contains("--exercise 3"));
        assert!(text("1 --device tpu").contains("cpu or gpu"));
        assert!(text("1 --epochs 0").contains("from 1 on"));
        assert!(text("1 --data nowhere/at/all").contains("a folder that there is"));
        assert!(text("1 --seed -1").contains("whole number"));
        assert!(text("1 --sead 1").contains("--seed"));
        assert!(text("list all").contains("'all'"));
    }

    #[test]
    fn help_is_given_wherever_it_is_asked_for() {
        assert!(matches!(parsed("1 --seed x --help"), Ok(Command::Help)));
    }
}
