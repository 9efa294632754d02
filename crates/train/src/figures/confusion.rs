//! A confusion matrix: how often each class was taken for which. It draws counts; it does not count.

use super::canvas::{self, BACKGROUND, INK, Layers, SOFT, TITLE, colour, text, width};
use super::{Figure, Numbers};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use tensor::Tensor;

const LABEL: f64 = 12.0;

/// Counts by true class (rows) and predicted class (columns), coloured by their share of the row.
///
/// ```
/// use train::figures::{Confusion, Figure};
/// let counts = tensor::tensor![[50, 2], [5, 43]];
/// let svg = Confusion::new("Digits", &counts).labels(["cat", "dog"]).svg();
/// assert!(svg.contains("43") && svg.contains("dog"));
/// ```
#[derive(Clone, Debug)]
pub struct Confusion {
    title: String,
    classes: usize,
    counts: Vec<f64>,
    labels: Vec<String>,
}

impl Confusion {
    /// Of a square matrix. The classes are called 0, 1, 2 …
    #[track_caller]
    pub fn new(title: impl Into<String>, counts: &Tensor) -> Confusion {
        let classes = counts.shape().first().copied().unwrap_or(0);
        assert!(
            counts.shape() == &[classes, classes] && classes > 0,
            "a confusion matrix is square, got a tensor of shape {}",
            tensor::torch_size(counts.shape())
        );
        let labels = (0..classes).map(|class| class.to_string()).collect();
        Confusion { title: title.into(), classes, counts: counts.numbers(), labels }
    }

    /// The classes' names.
    #[must_use]
    #[track_caller]
    pub fn labels(mut self, labels: impl IntoIterator<Item = impl Into<String>>) -> Confusion {
        self.labels = labels.into_iter().map(Into::into).collect();
        assert!(self.labels.len() == self.classes, "{} labels for {} classes", self.labels.len(), self.classes);
        self
    }

    /// Side of a cell and size of its number, so that the longest number fits.
    fn cell(&self) -> (i32, f64) {
        let digits = self.counts.iter().map(|count| count.to_string().len()).max().unwrap_or(1);
        let size = if self.classes <= 12 { 13.0 } else { 11.0 };
        (width(&"0".repeat(digits), size).max(if self.classes <= 12 { 32 } else { 18 }) + 12, size)
    }
}

/// The colour of a share of a row, and that of a number on it.
fn shade(share: f64) -> (RGBColor, RGBColor) {
    let full = colour(0);
    // The square root shows single mistakes among many hits.
    let mix = |full: u8| (255.0 + (f64::from(full) - 255.0) * share.sqrt()).round() as u8;
    (RGBColor(mix(full.0), mix(full.1), mix(full.2)), if share > 0.3 { BACKGROUND } else { INK })
}

impl Figure for Confusion {
    fn svg(&self) -> String {
        let (side, size) = self.cell();
        let classes = self.classes as i32;
        let longest = self.labels.iter().map(|label| width(label, LABEL)).max().unwrap_or(0);
        let slanted = longest > side - 4;
        let left = longest + 40;
        let bottom = if slanted { (longest * 3 / 4).max(24) + 44 } else { 56 };
        let right = if slanted { 40 } else { 28 };
        let wide = (left + side * classes + right).max(width(&self.title, 17.0) + 40);
        let left = left + (wide - left - side * classes - right) / 2;
        let high = TITLE + 8 + side * classes + bottom;
        canvas::draw(&self.title, (wide, high), |area| {
            let top = TITLE + 8;
            for (row, counts) in self.counts.chunks(self.classes).enumerate() {
                let all = counts.iter().sum::<f64>();
                let y = top + row as i32 * side;
                let label = text(LABEL, INK, HPos::Right);
                area.draw(&Text::new(&*self.labels[row], (left - 8, y + side / 2), label))?;
                for (column, count) in counts.iter().enumerate() {
                    let (fill, ink) = shade(if all > 0.0 { (count / all).clamp(0.0, 1.0) } else { 0.0 });
                    let x = left + column as i32 * side;
                    area.draw(&Rectangle::new([(x, y), (x + side, y + side)], fill.filled()))?;
                    let ink = if *count == 0.0 { SOFT } else { ink };
                    let number = text(size, ink, HPos::Center);
                    area.draw(&Text::new(count.to_string(), (x + side / 2, y + side / 2), number))?;
                }
            }
            let end = top + side * classes;
            let frame = [(left, top), (left + side * classes, end)];
            area.draw(&Rectangle::new(frame, SOFT))?;
            let mut layers = Layers::default();
            for (column, label) in self.labels.iter().enumerate() {
                let (x, y) = (left + column as i32 * side + side / 2, end + 14);
                if slanted {
                    layers.under += &format!(
                        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" font-family=\"sans-serif\" font-size=\"{LABEL}\" \
                         fill=\"#26262E\" transform=\"rotate(-45 {x} {y})\">{}</text>\n",
                        canvas::escaped(label)
                    );
                } else {
                    area.draw(&Text::new(&**label, (x, y), text(LABEL, INK, HPos::Center)))?;
                }
            }
            let middle = side * classes / 2;
            area.draw(&Text::new("predicted", (left + middle, high - 18), text(13.0, INK, HPos::Center)))?;
            let upright = text(13.0, INK, HPos::Center).transform(FontTransform::Rotate270);
            area.draw(&Text::new("true", (left - longest - 20, top + middle), upright))?;
            Ok(layers)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_counts_are_white() {
        let svg = Confusion::new("", &tensor::tensor![[0, 0], [1, 3]]).svg();
        assert_eq!(
            svg.matches("fill=\"#FFFFFF\"").count(),
            4,
            "the background, two cells and the number on the darkest"
        );
        assert_eq!(shade(0.0).0, RGBColor(255, 255, 255));
        assert_eq!(shade(1.0), (colour(0), BACKGROUND));
    }

    #[test]
    #[should_panic(expected = "a confusion matrix is square, got a tensor of shape torch.Size([2, 3])")]
    fn other_shapes_are_refused() {
        _ = Confusion::new("", &tensor::zeros([2, 3]));
    }

    #[test]
    #[should_panic(expected = "3 labels for 2 classes")]
    fn labels_are_counted() {
        _ = Confusion::new("", &tensor::zeros([2, 2])).labels(["a", "b", "c"]);
    }
}
