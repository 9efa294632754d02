//! Pictures of a training as SVG text: to be put into a page as they are, or kept in files. One file per kind of picture; all
//! share the look of `canvas`. They know numbers and tensors, and no loop that made them.
//!
//! ```
//! use train::figures::{Curves, Figure};
//! let svg = Curves::new("Loss").axes("epoch", "loss").curve("train", &[2.3, 0.9, 0.4]).curve("test", &[2.2, 1.0, 0.6]).svg();
//! assert!(svg.starts_with("<svg") && svg.contains("epoch"));
//! ```

mod axis;
mod canvas;
mod confusion;
mod contour;
mod curves;
mod embedded;
mod grid;
mod histograms;
mod isolines;
mod legend;
mod line;
mod numbers;
mod scatter;

pub use self::confusion::Confusion;
pub use self::contour::Contour;
pub use self::curves::Curves;
pub use self::grid::ImageGrid;
pub use self::histograms::Histograms;
pub use self::numbers::Numbers;
pub use self::scatter::Scatter;
use std::path::Path;
use tensor::{Error, ErrorKind, Result};

/// What can be drawn.
pub trait Figure {
    /// The picture as SVG. It has a background of its own, and so looks the same on a light page and on a dark one.
    fn svg(&self) -> String;

    /// Writes the picture to a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<()>
    where
        Self: Sized,
    {
        let path = path.as_ref();
        std::fs::write(path, self.svg())
            .map_err(|error| Error::new(ErrorKind::Io, format!("{} cannot be written: {error}", path.display())))
    }
}
