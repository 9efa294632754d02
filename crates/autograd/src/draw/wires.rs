//! The wires of a picture as SVG paths: for each node one path with all its forks, curved between the layers and
//! straight within them, and the arrow heads. It does not decide where anything stands.

use std::fmt::Write;

use super::figure::{CUT_LENGTH, Palette};
use super::picture::{ARROW, Picture};
use super::svg::Number;

impl Picture<'_> {
    /// One path for the wire of each node with all its forks, and the arrow heads.
    pub(super) fn write_wires(&self, svg: &mut String) {
        let (mut paths, mut cuts, mut heads) = (String::new(), String::new(), String::new());
        for node in 0..self.layers.nodes {
            let mut path = String::new();
            let (layer, across) = (self.layers.layer[node], self.across[node]);
            let start = self.along[layer] + self.half_along(node, 0.0);
            let border = self.along[layer] + self.reach[layer].1;
            let figure = &self.figures[node];
            if self.layers.after[node].is_empty() && figure.stub > 0.0 {
                let tip = start + figure.stub + ARROW.0;
                self.segment(&mut path, (start, across), (tip - ARROW.0, across));
                self.arrow(&mut heads, tip, across);
            } else if !self.layers.after[node].is_empty() && start < border {
                self.segment(&mut path, (start, across), (border, across));
            }
            // The node and the bends of its wire.
            let mut open = vec![node];
            while let Some(item) = open.pop() {
                let from =
                    (self.along[self.layers.layer[item]] + self.reach[self.layers.layer[item]].1, self.across[item]);
                let mut previous = usize::MAX;
                for &next in &self.layers.after[item] {
                    // An operand that is used twice is listed twice in a row; all its ports are served at once.
                    if next != std::mem::replace(&mut previous, next) {
                        self.reach_item(&mut path, &mut heads, from, item, next);
                        if self.layers.is_bend(next) {
                            open.push(next);
                        }
                    }
                }
            }
            if !path.is_empty() {
                let _ = writeln!(paths, "<path d=\"{}\"/>", path.trim_end());
            }
            for port in self.ports[node].iter().rev().take(self.cut[node]) {
                let tip = self.along[layer] - self.half_along(node, *port);
                let begin = self.along[layer] - self.half_along(node, 0.0) - CUT_LENGTH;
                let mut path = String::new();
                self.segment(&mut path, (begin, across + port), (tip - ARROW.0, across + port));
                let _ = writeln!(cuts, "<path d=\"{}\"/>", path.trim_end());
                self.arrow(&mut heads, tip, across + port);
            }
        }
        let wire = Palette::WIRE;
        let _ = writeln!(svg, "<g fill=\"none\" stroke=\"{wire}\" stroke-width=\"1.4\" stroke-linejoin=\"round\">");
        svg.push_str(&paths);
        svg.push_str("</g>\n");
        if !cuts.is_empty() {
            let _ = writeln!(svg, "<g fill=\"none\" stroke=\"{wire}\" stroke-width=\"1.4\" stroke-dasharray=\"3 3\">");
            svg.push_str(&cuts);
            svg.push_str("</g>\n");
        }
        if !heads.is_empty() {
            let _ = writeln!(svg, "<path fill=\"{wire}\" d=\"{}\"/>", heads.trim_end());
        }
    }

    /// The way from the end of one layer into an item of the next: a curve through the space between the layers, then
    /// straight to the shape, or, for a bend, straight through the layer.
    fn reach_item(&self, path: &mut String, heads: &mut String, from: (f64, f64), item: usize, next: usize) {
        let layer = self.layers.layer[next];
        let (anchor, (before, after)) = (self.along[layer], self.reach[layer]);
        for (&input, &port) in self.layers.before[next].iter().zip(&self.ports[next]) {
            if input != item {
                continue;
            }
            let across = self.across[next] + port;
            let tip = if self.layers.is_bend(next) { anchor + after } else { anchor - self.half_along(next, port) };
            let end = if self.layers.is_bend(next) { tip } else { tip - ARROW.0 };
            if (across - from.1).abs() < 0.05 {
                self.segment(path, from, (end, from.1));
            } else {
                let border = (anchor - before).min(end);
                let bend = (border - from.0) * 0.5;
                let points = [from, (from.0 + bend, from.1), (border - bend, across), (border, across)]
                    .map(|(along, across)| self.point(along, across))
                    .map(|(x, y)| format!("{} {}", Number(x), Number(y)));
                let _ = write!(path, "M{} C{} {} {} ", points[0], points[1], points[2], points[3]);
                let (x, y) = self.point(end, across);
                if end > border {
                    let _ = write!(path, "L{} {} ", Number(x), Number(y));
                }
            }
            if !self.layers.is_bend(next) {
                self.arrow(heads, tip, across);
            }
        }
    }

    fn segment(&self, path: &mut String, from: (f64, f64), to: (f64, f64)) {
        let (from, to) = (self.point(from.0, from.1), self.point(to.0, to.1));
        let _ = write!(path, "M{} {} L{} {} ", Number(from.0), Number(from.1), Number(to.0), Number(to.1));
    }

    fn arrow(&self, heads: &mut String, along: f64, across: f64) {
        let corners = [(along, across), (along - ARROW.0, across - ARROW.1), (along - ARROW.0, across + ARROW.1)];
        let [a, b, c] = corners.map(|(along, across)| self.point(along, across));
        let numbers = [a.0, a.1, b.0, b.1, c.0, c.1].map(Number);
        let [x0, y0, x1, y1, x2, y2] = numbers;
        let _ = write!(heads, "M{x0} {y0} L{x1} {y1} L{x2} {y2} Z ");
    }
}
