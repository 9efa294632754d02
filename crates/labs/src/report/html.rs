//! The page's HTML. It knows the pieces of a transcript, not where they come from; how they look is `page.css`.

use crate::check::Agreement;
use crate::highlight::{self, Kind};
use crate::transcript::{Block, Transcript};
use sconce::python_float;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(transcript: &Transcript) -> String {
    let title = escaped(&transcript.title);
    let (mut contents, mut body) = (String::new(), String::new());
    let mut sections = 0;
    for block in &transcript.blocks {
        if let Block::Heading(text) = block {
            sections += 1;
            let _ = writeln!(contents, "<li><a href=\"#s{sections}\">{}</a></li>", escaped(text));
            let _ = writeln!(body, "<h2 id=\"s{sections}\">{}</h2>", escaped(text));
        } else {
            push(&mut body, block);
        }
    }
    let verdict = verdict(transcript);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<nav aria-label=\"Contents\">\n<p>Contents</p>\n<ul>\n{contents}</ul>\n</nav>\n<main>\n<header>\n<h1>{title}</h1>\n\
         {verdict}</header>\n{body}<footer>Made by Sconce {}. The code is what ran, as it stands in its source; below it is what \
         it printed.</footer>\n</main>\n</body>\n</html>\n",
        escaped(sconce::VERSION)
    )
}

/// How many checks there were, and whether all were passed.
fn verdict(transcript: &Transcript) -> String {
    let is_check = |block: &&Block| matches!(block, Block::Agreement(_) | Block::Claim { .. });
    let checks = transcript.blocks.iter().filter(is_check).count();
    let failures = transcript.failures().count();
    match (checks, failures) {
        (0, _) => String::new(),
        (_, 0) => format!("<p class=\"verdict good\">✓ All {checks} checks hold.</p>\n"),
        _ => format!("<p class=\"verdict bad\">✗ {failures} of {checks} checks fail.</p>\n"),
    }
}

fn push(body: &mut String, block: &Block) {
    match block {
        Block::Heading(_) => {}
        Block::Prose(text) => {
            let _ = writeln!(body, "<p>{}</p>", prose(text));
        }
        Block::Code(steps) => {
            body.push_str("<div class=\"code\">\n");
            for (code, output) in steps {
                let _ = writeln!(body, "<pre class=\"input\"><code>{}</code></pre>", coloured(code));
                if !output.is_empty() {
                    let _ = writeln!(body, "<pre class=\"output\"><samp>{}</samp></pre>", escaped(output));
                }
            }
            body.push_str("</div>\n");
        }
        Block::Graph { caption, text, svg } => {
            let (caption, text) = (escaped(caption), escaped(text));
            let _ = writeln!(
                body,
                "<figure>\n<div class=\"picture\">{svg}</div>\n<figcaption>{caption}</figcaption>\n<details>\
                 <summary>The graph as text</summary>\n<pre class=\"output\"><samp>{text}</samp></pre></details>\n</figure>"
            );
        }
        Block::Figure { caption, svg } => {
            let caption = escaped(caption);
            let _ = writeln!(
                body,
                "<figure>\n<div class=\"picture\">{svg}</div>\n<figcaption>{caption}</figcaption>\n</figure>"
            );
        }
        Block::Agreement(agreement) => push_agreement(body, agreement),
        Block::Claim { text, holds } => {
            let (class, mark) = if *holds { ("good", "✓") } else { ("bad", "✗") };
            let _ = writeln!(body, "<p class=\"claim {class}\">{mark} {}</p>", prose(text));
        }
    }
}

fn push_agreement(body: &mut String, agreement: &Agreement) {
    let (class, mark) = if agreement.failure.is_none() { ("good", "✓") } else { ("bad", "✗") };
    let quantity = escaped(&agreement.quantity);
    let _ = writeln!(body, "<table class=\"check {class}\">\n<caption>{mark} {quantity}</caption>\n<tbody>");
    for (way, value) in &agreement.values {
        let (way, value) = (escaped(way), python_float(*value));
        let _ = writeln!(body, "<tr><th scope=\"row\">{way}</th><td>{value}</td></tr>");
    }
    body.push_str("</tbody>\n</table>\n");
}

/// A paragraph; what stands between backquotes is code.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for (position, piece) in text.split('`').enumerate() {
        let piece = escaped(piece);
        let _ = if position % 2 == 1 { write!(html, "<code>{piece}</code>") } else { write!(html, "{piece}") };
    }
    html
}

fn coloured(code: &str) -> String {
    let mut html = String::new();
    for (kind, piece) in highlight::pieces(code) {
        let piece = escaped(piece);
        let class = match kind {
            Kind::Plain => {
                html.push_str(&piece);
                continue;
            }
            Kind::Keyword => "k",
            Kind::Number => "n",
            Kind::Text => "t",
            Kind::Comment => "c",
        };
        let _ = write!(html, "<span class=\"{class}\">{piece}</span>");
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_keep_their_code_and_lose_their_markup() {
        assert_eq!(prose("`x.i(…)` is `a < b`"), "<code>x.i(…)</code> is <code>a &lt; b</code>");
    }

    #[test]
    fn differing_checks_are_marked() {
        let mut body = String::new();
        push_agreement(&mut body, &Agreement::of("dz/dx", &[("autograd", 13.0), ("formula", 14.0)]));
        assert!(body.contains("check bad") && body.contains("✗ dz/dx") && body.contains("<td>13.0</td>"));
    }
}
