//! A grid of images from a tensor, with captions. It shows values; it knows no data set.

use super::canvas::{self, INK, Layers, TITLE, text, width};
use super::numbers::extent;
use super::{Figure, Numbers, embedded};
use crate::picture::{Picture, pictures};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use tensor::{DType, Tensor, or_panic};

const GAP: i32 = 8;
const CAPTION: f64 = 12.0;

/// Images of `[n, 1 or 3, height, width]` in rows.
///
/// Bytes are levels from 0 to 255. Real numbers within 0 … 1 are shown as such; others are stretched so that the smallest of all is
/// black and the largest white, unless [`range`](ImageGrid::range) says otherwise.
///
/// ```
/// use train::figures::{Figure, ImageGrid};
/// let svg = ImageGrid::new("Noise", &tensor::rand([6, 1, 8, 8])).captions(["a", "b"]).columns(3).svg();
/// assert_eq!(svg.matches("<image").count(), 6);
/// ```
#[derive(Clone, Debug)]
pub struct ImageGrid {
    title: String,
    images: Tensor,
    range: Option<(f64, f64)>,
    captions: Vec<String>,
    columns: usize,
    side: Option<i32>,
}

impl ImageGrid {
    /// Eight in a row, without captions.
    #[track_caller]
    pub fn new(title: impl Into<String>, images: &Tensor) -> ImageGrid {
        or_panic(pictures(images, (0.0, 1.0)));
        ImageGrid {
            title: title.into(),
            images: images.detach().clone_(),
            range: None,
            captions: Vec::new(),
            columns: 8,
            side: None,
        }
    }

    /// What is written below the images, from the first on.
    #[must_use]
    pub fn captions(mut self, captions: impl IntoIterator<Item = impl Into<String>>) -> ImageGrid {
        self.captions = captions.into_iter().map(Into::into).collect();
        self
    }

    /// How many images stand in a row.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> ImageGrid {
        self.columns = columns.max(1);
        self
    }

    /// Which real number is black and which white.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> ImageGrid {
        self.range = Some((low, high));
        self
    }

    /// The width of an image on the page, in pixels. Without it small images are enlarged to about 80.
    #[must_use]
    pub fn side(mut self, pixels: usize) -> ImageGrid {
        self.side = Some(pixels.max(1) as i32);
        self
    }

    fn shown(&self) -> Vec<Picture> {
        let whole = || match extent(self.images.numbers()) {
            Some((low, high)) if low < 0.0 || high > 1.0 => (low, if high > low { high } else { low + 1.0 }),
            _ => (0.0, 1.0),
        };
        let range = self.range.unwrap_or_else(|| if self.images.dtype() == DType::U8 { (0.0, 255.0) } else { whole() });
        or_panic(pictures(&self.images, range))
    }
}

impl Figure for ImageGrid {
    fn svg(&self) -> String {
        let shown = self.shown();
        let (across, down) = (self.images.shape()[3] as i32, self.images.shape()[2] as i32);
        let wide = self.side.unwrap_or(across * (80 / across).max(1));
        let tall = (wide * down / across).max(1);
        let caption = if self.captions.is_empty() { 0 } else { 20 };
        let columns = self.columns.min(shown.len().max(1)) as i32;
        let rows = (shown.len() as i32 + columns - 1) / columns;
        let total = columns * (wide + GAP) - GAP;
        let page = (total + 40).max(width(&self.title, 17.0) + 40);
        let left = (page - total) / 2;
        canvas::draw(&self.title, (page, TITLE + rows * (tall + caption + GAP) + 16), |area| {
            let mut layers = Layers::default();
            for (number, picture) in shown.iter().enumerate() {
                let (row, column) = (number as i32 / columns, number as i32 % columns);
                let (x, y) = (left + column * (wide + GAP), TITLE + row * (tall + caption + GAP));
                layers.under += &embedded::image(&picture.png(), (x, y), (wide, tall), true);
                if let Some(caption) = self.captions.get(number) {
                    let style = text(CAPTION, INK, HPos::Center);
                    area.draw(&Text::new(&**caption, (x + wide / 2, y + tall + 11), style))?;
                }
            }
            Ok(layers)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_that_of_the_values() {
        let levels = |grid: ImageGrid| grid.shown()[0].bytes.clone();
        let image = tensor::tensor![[[[-3.0, 0.0, 1.0]]]];
        assert_eq!(levels(ImageGrid::new("", &image)), [0, 191, 255]);
        assert_eq!(levels(ImageGrid::new("", &image).range(0.0, 2.0)), [0, 0, 127]);
        assert_eq!(levels(ImageGrid::new("", &tensor::tensor![[[[0.0, 0.5]]]])), [0, 127]);
        assert_eq!(levels(ImageGrid::new("", &tensor::tensor![[[[0u8, 77]]]])), [0, 77]);
        assert_eq!(levels(ImageGrid::new("", &tensor::tensor![[[[7.0, 7.0]]]])), [0, 0]);
    }

    #[test]
    #[should_panic(expected = "images have the shape [n, 1 or 3, height, width], got torch.Size([2, 8, 8])")]
    fn other_shapes_are_refused() {
        _ = ImageGrid::new("", &tensor::zeros([2, 8, 8]));
    }
}
