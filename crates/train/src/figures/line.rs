//! Curves and dots in fractions of pixels, as SVG text: the backend's whole pixels would show as steps. They know no axes.

use super::canvas::{colour, dashed};
use std::fmt::Write;

/// Points closer than this to the last one drawn are left out, in pixels.
const NEAR: f64 = 0.4;

/// A line from point to point, in the colour of the part with this number.
pub fn line(points: &[(f64, f64)], number: usize) -> String {
    let mut path = String::new();
    let mut last = (f64::NAN, f64::NAN);
    for (at, point) in points.iter().enumerate() {
        let near = (point.0 - last.0).hypot(point.1 - last.1) < NEAR;
        if !near || at + 1 == points.len() {
            _ = write!(path, "{:.1},{:.1} ", point.0, point.1);
            last = *point;
        }
    }
    let dashes = if dashed(number) { " stroke-dasharray=\"7 4\"" } else { "" };
    format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\"{dashes}/>\n",
        path.trim_end(),
        hex(number)
    )
}

/// A dot with a white rim.
pub fn dot((x, y): (f64, f64), radius: u32, number: usize) -> String {
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{}\" stroke=\"#FFFFFF\" stroke-width=\"1.5\"/>\n",
        hex(number)
    )
}

fn hex(number: usize) -> String {
    let colour = colour(number);
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}

#[cfg(test)]
mod tests {
    #[test]
    fn neighbours_within_a_pixel_are_one() {
        let svg = super::line(&[(0.0, 0.0), (0.1, 0.0), (5.0, 1.0), (5.0, 1.2)], 0);
        assert!(svg.contains("points=\"0.0,0.0 5.0,1.0 5.0,1.2\"") && !svg.contains("dash"), "{svg}");
        assert!(super::line(&[(0.0, 0.0), (1.0, 0.0)], 7).contains("stroke-dasharray"));
    }
}
