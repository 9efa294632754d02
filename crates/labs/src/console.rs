//! A transcript on the console: headings, wrapped paragraphs, code led by `>`, what it printed indented. In colour on a terminal,
//! unless `NO_COLOR` asks for none (<https://no-color.org>). It does not know what the pieces are about.

use crate::highlight::{self, Kind};
use crate::transcript::Block;
use sconce::python_float;
use std::io::{IsTerminal, Write};

/// Paragraphs are wrapped at this many characters, headings ruled to it.
const WIDTH: usize = 96;

/// Where a transcript is written while it runs.
#[derive(Clone, Copy)]
pub struct Console {
    shown: bool,
    coloured: bool,
}

/// ANSI's "select graphic rendition" parameters. Plain colours of the terminal's own palette, which suits its background.
#[derive(Clone, Copy)]
enum Style {
    Plain,
    Title,
    Heading,
    Prompt,
    Keyword,
    Number,
    Text,
    Comment,
    Good,
    Bad,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Title => "1",
            Style::Heading => "1;36",
            Style::Prompt | Style::Comment => "2",
            Style::Keyword => "35",
            Style::Number => "36",
            Style::Text => "33",
            Style::Good => "32",
            Style::Bad => "1;31",
        }
    }
}

impl From<Kind> for Style {
    fn from(kind: Kind) -> Style {
        match kind {
            Kind::Plain => Style::Plain,
            Kind::Keyword => Style::Keyword,
            Kind::Number => Style::Number,
            Kind::Text => Style::Text,
            Kind::Comment => Style::Comment,
        }
    }
}

impl Console {
    /// Standard output.
    pub fn standard() -> Console {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Console { shown: true, coloured: std::io::stdout().is_terminal() && !no_color && !dumb }
    }

    /// None.
    pub fn silent() -> Console {
        Console { shown: false, coloured: false }
    }

    /// A reader that has gone away (`labs 1 | head`) is no failure of the lab.
    fn line(&self, text: &str) {
        if self.shown {
            let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
        }
    }

    fn styled(&self, style: Style, text: &str) -> String {
        match style.code() {
            code if self.coloured && !code.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_string(),
        }
    }

    /// An empty line.
    pub fn blank(&self) {
        self.line("");
    }

    /// The title of a lab.
    pub fn title(&self, text: &str) {
        self.line(&self.styled(Style::Title, text));
        self.line(&self.styled(Style::Title, &"═".repeat(text.chars().count())));
        self.blank();
    }

    /// A line of the program about itself.
    pub fn note(&self, text: &str) {
        self.line(text);
    }

    /// A statement that is about to show what it printed.
    pub fn code(&self, code: &str) {
        for (number, line) in code.lines().enumerate() {
            let prompt = self.styled(Style::Prompt, if number == 0 { "  > " } else { "  . " });
            let pieces = highlight::pieces(line).into_iter();
            let coloured: String = pieces.map(|(kind, piece)| self.styled(kind.into(), piece)).collect();
            self.line(&format!("{prompt}{coloured}"));
        }
    }

    /// What a statement printed.
    pub fn output(&self, text: &str) {
        text.lines().for_each(|line| self.line(&format!("    {line}")));
    }

    /// A piece of a transcript; the statements of a block of code come one by one, through [`code`](Console::code).
    pub fn block(&self, block: &Block) {
        match block {
            Block::Heading(text) => {
                let rule = "─".repeat(WIDTH.saturating_sub(text.chars().count() + 4));
                self.line(&self.styled(Style::Heading, &format!("── {text} {rule}")));
                self.blank();
            }
            Block::Prose(text) => {
                wrapped(text, WIDTH).iter().for_each(|line| self.line(line));
                self.blank();
            }
            Block::Code(_) => {}
            Block::Graph { caption, text, .. } => {
                self.line(&self.styled(Style::Heading, &format!("    Graph: {caption}")));
                self.output(text);
                self.blank();
            }
            Block::Figure { caption, .. } => {
                self.line(&self.styled(Style::Heading, &format!("    Picture: {caption} (on the page of --report)")));
                self.blank();
            }
            Block::Claim { text, holds } => {
                let style = if *holds { Style::Good } else { Style::Bad };
                self.line(&self.styled(style, &format!("    {} {text}", if *holds { "✓" } else { "✗" })));
                self.blank();
            }
            Block::Agreement(agreement) => {
                let widest = agreement.values.iter().map(|(way, _)| way.chars().count()).max().unwrap_or(0);
                self.line(&self.styled(Style::Heading, &format!("    Check: {}", agreement.quantity)));
                for (way, value) in &agreement.values {
                    let padding = " ".repeat(widest - way.chars().count());
                    self.line(&format!("    {way}{padding}  {}", python_float(*value)));
                }
                self.line(&match &agreement.failure {
                    None => self.styled(Style::Good, "    ✓ they agree"),
                    Some(_) => self.styled(Style::Bad, "    ✗ they differ"),
                });
                self.blank();
            }
        }
    }
}

/// The words of a paragraph in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("∂z/∂a ∂z/∂b", 5), ["∂z/∂a", "∂z/∂b"]);
    }

    #[test]
    fn colours_are_left_out_where_they_are_not_wanted() {
        let plain = Console { shown: true, coloured: false };
        assert_eq!(plain.styled(Style::Good, "yes"), "yes");
        let coloured = Console { shown: true, coloured: true };
        assert_eq!(coloured.styled(Style::Good, "yes"), "\x1b[32myes\x1b[0m");
    }
}
