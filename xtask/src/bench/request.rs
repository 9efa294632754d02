//! What is asked of `cargo xtask bench`.

use crate::process::{Failure, Outcome};

const USAGE: &str = "usage: cargo xtask bench [filter …] [--json FILE] [--seconds S] [--rounds N] [--peak] [--device gpu] [--page] \
                     [--against torch [--python PATH]]";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// Parts of names of cases; none for all.
    pub filters: Vec<String>,
    /// How long each case is sampled in a round.
    pub seconds: Option<String>,
    /// How many times everything is measured.
    pub rounds: usize,
    /// Where the lines go.
    pub json: Option<String>,
    /// Whether the memory of training steps is measured instead of time.
    pub peak: bool,
    /// The device whose times stand beside the CPU's.
    pub device: Option<String>,
    /// Whether docs/performance.md gets the table.
    pub page: bool,
    /// Whether PyTorch is measured, too.
    pub torch: bool,
    /// The Python that has it.
    pub python: Option<String>,
}

impl Request {
    /// What both programs are told.
    pub fn options(&self) -> Vec<String> {
        let mut options = self.filters.clone();
        if let Some(seconds) = &self.seconds {
            options.extend(["--seconds".to_string(), seconds.clone()]);
        }
        options
    }
}

/// Reads the arguments.
pub fn parse(args: &[String]) -> Outcome<Request> {
    let mut request = Request {
        filters: vec![],
        seconds: None,
        rounds: 0,
        json: None,
        peak: false,
        device: None,
        page: false,
        torch: false,
        python: None,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().cloned().ok_or_else(|| Failure::Text(format!("{arg} needs a value\n{USAGE}")));
        match &**arg {
            "--json" => request.json = Some(value()?),
            "--seconds" => request.seconds = Some(value()?),
            "--rounds" => match value()?.parse() {
                Ok(rounds) if rounds > 0 => request.rounds = rounds,
                _ => return Err(Failure::Text(format!("--rounds needs a number\n{USAGE}"))),
            },
            "--peak" => request.peak = true,
            "--device" => request.device = Some(value()?),
            "--page" => request.page = true,
            "--python" => request.python = Some(value()?),
            "--against" if value()? == "torch" => request.torch = true,
            option if option.starts_with("--") => return Err(Failure::Text(format!("{option}: {USAGE}"))),
            filter => request.filters.push(filter.to_string()),
        }
    }
    if request.rounds == 0 {
        request.rounds = if request.torch { 3 } else { 1 };
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn options_and_filters_are_told_apart() {
        let request = parse(&words("overhead --json a.json --against torch matmul --python p --seconds 1")).unwrap();
        assert_eq!(request.filters, ["overhead", "matmul"]);
        assert_eq!(request.json.as_deref(), Some("a.json"));
        assert_eq!((request.torch, request.python.as_deref(), request.rounds), (true, Some("p"), 3));
        assert_eq!(request.options(), ["overhead", "matmul", "--seconds", "1"]);
        for wrong in ["--json", "--against numpy", "--rounds 0", "--fast"] {
            assert!(parse(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
