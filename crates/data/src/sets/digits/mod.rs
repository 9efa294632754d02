//! The 1,797 handwritten digits of UCI, 8 × 8 pixels, which are part of the library; `CREDIT.md` says whose they are.

use super::images::ImageSet;
use crate::files::unzip;
use tensor::{Result, from_vec};

const COMPRESSED: &[u8] = include_bytes!("digits.gz");
/// Pixels of an image.
const PIXELS: usize = 64;

/// Handwritten digits for tests and first steps: no download, and a linear model learns them in seconds.
///
/// Images are `uint8` [1, 8, 8] with levels from 0 to 16, in the order of scikit-learn's `load_digits`. Alpaydin and Kaynak,
/// *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, CC BY 4.0.
///
/// ```
/// use data::{Dataset, sets::Digits};
/// let digits = Digits::load()?;
/// assert_eq!(digits.len(), 1797);
/// let (image, label) = digits.get(0);
/// assert_eq!((&image.shape()[..], image.max().item::<i64>(), label), (&[1, 8, 8][..], 15, 0));
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Digits;

impl Digits {
    /// The digits.
    ///
    /// # Errors
    /// None, unless the library was built of a damaged file.
    pub fn load() -> Result<ImageSet> {
        let bytes = unzip(COMPRESSED.to_vec(), "digits.gz")?;
        let rows = bytes.chunks_exact(PIXELS + 1);
        let count = rows.len();
        let (pixels, labels): (Vec<&[u8]>, Vec<i64>) = rows.map(|row| (&row[..PIXELS], i64::from(row[PIXELS]))).unzip();
        let classes = (0..10).map(|digit| digit.to_string()).collect();
        ImageSet::new("Digits", from_vec(pixels.concat(), [count, 8, 8]), from_vec(labels, count), classes)
    }
}
