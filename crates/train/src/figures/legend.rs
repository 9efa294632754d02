//! The names of a figure's parts with their colours, in lines between title and picture, where they hide nothing.

use super::canvas::{Area, Drawn, INK, colour, dashed, text, width};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

const LINE: i32 = 22;
const SIZE: f64 = 13.0;
const SAMPLE: i32 = 24;
const GAP: i32 = 22;

/// How a part is shown beside its name.
#[derive(Clone, Copy)]
pub enum Sample {
    /// A piece of a line.
    Line,
    /// A dot.
    Dot,
}

/// One part: its number, which says the colour, its name and its form.
pub type Entry<'a> = (usize, &'a str, Sample);

/// Draws the legend from `top` on; returns where it ends.
pub fn draw(area: &Area<'_>, top: i32, entries: &[Entry<'_>]) -> Drawn<i32> {
    let (whole, _) = area.dim_in_pixel();
    let lines = lines(entries, whole as i32 - 40);
    let end = top + LINE * lines.len() as i32;
    for (row, line) in lines.into_iter().enumerate() {
        let y = top + LINE * row as i32 + LINE / 2;
        let mut x = (whole as i32 - line.iter().map(|entry| extent(entry)).sum::<i32>() + GAP) / 2;
        for entry in line {
            let (number, name, sample) = *entry;
            let piece =
                |from: i32, to: i32| PathElement::new([(x + from, y), (x + to, y)], colour(number).stroke_width(3));
            match sample {
                Sample::Line if dashed(number) => {
                    area.draw(&piece(0, 7))?;
                    area.draw(&piece(11, 18))?;
                }
                Sample::Line => area.draw(&piece(0, 18))?,
                Sample::Dot => area.draw(&Circle::new((x + 12, y), 4, colour(number).filled()))?,
            }
            area.draw(&Text::new(name, (x + SAMPLE, y), text(SIZE, INK, HPos::Left)))?;
            x += extent(entry);
        }
    }
    Ok(end)
}

fn extent(entry: &Entry<'_>) -> i32 {
    SAMPLE + width(entry.1, SIZE) + GAP
}

/// The entries in lines of at most `most` pixels.
fn lines<'a, 'b>(entries: &'a [Entry<'b>], most: i32) -> Vec<Vec<&'a Entry<'b>>> {
    let mut lines: Vec<Vec<&Entry<'_>>> = Vec::new();
    let mut used = i32::MAX;
    for entry in entries {
        used = used.saturating_add(extent(entry));
        if used > most {
            lines.push(Vec::new());
            used = extent(entry);
        }
        lines.last_mut().expect("the first entry begins a line").push(entry);
    }
    lines
}
