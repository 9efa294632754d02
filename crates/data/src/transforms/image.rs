//! Images as planes of numbers: sizes, margins, and the host's bytes of `uint8` ones. It knows no transform.

use tensor::{DType, Tensor, from_vec};

/// Height and width, or one number for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// The number of rows.
    pub height: usize,
    /// The number of columns.
    pub width: usize,
}

impl From<usize> for ImageSize {
    fn from(side: usize) -> ImageSize {
        ImageSize { height: side, width: side }
    }
}

impl From<(usize, usize)> for ImageSize {
    fn from((height, width): (usize, usize)) -> ImageSize {
        ImageSize { height, width }
    }
}

impl ImageSize {
    /// As Python prints the tuple.
    pub(super) fn describe(self) -> String {
        format!("({}, {})", self.height, self.width)
    }
}

/// Margins around an image: one number for all, (left and right, top and bottom), or (left, top, right, bottom).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margins {
    /// Left, top, right, bottom.
    pub sides: [usize; 4],
    /// How many numbers were given.
    given: usize,
}

impl From<usize> for Margins {
    fn from(all: usize) -> Margins {
        Margins { sides: [all; 4], given: 1 }
    }
}

impl From<(usize, usize)> for Margins {
    fn from((x, y): (usize, usize)) -> Margins {
        Margins { sides: [x, y, x, y], given: 2 }
    }
}

impl From<(usize, usize, usize, usize)> for Margins {
    fn from((left, top, right, bottom): (usize, usize, usize, usize)) -> Margins {
        Margins { sides: [left, top, right, bottom], given: 4 }
    }
}

impl Margins {
    /// As Python prints what was given.
    pub(super) fn describe(self) -> String {
        let [left, top, right, bottom] = self.sides;
        match self.given {
            1 => left.to_string(),
            2 => format!("({left}, {top})"),
            _ => format!("({left}, {top}, {right}, {bottom})"),
        }
    }
}

/// Height and width of an image.
#[track_caller]
pub(super) fn size(image: &Tensor) -> ImageSize {
    assert!(image.ndim() >= 2, "Tensor is not a torch image.");
    ImageSize { height: image.size(-2), width: image.size(-1) }
}

/// The number of channels; a plane alone is one.
pub(super) fn channels(image: &Tensor) -> usize {
    if image.ndim() == 2 { 1 } else { image.size(-3) }
}

/// That colours are read only from images that have them.
#[track_caller]
pub(super) fn check_channels(image: &Tensor) {
    let channels = channels(image);
    assert!(matches!(channels, 1 | 3), "Input image tensor permitted channel values are [1, 3], but found {channels}");
}

/// Whether the image has whole numbers of eight bits.
pub(super) fn is_bytes(image: &Tensor) -> bool {
    image.dtype() == DType::U8
}

/// The rectangle from (top, left), as a view.
pub(super) fn rectangle(image: &Tensor, top: usize, left: usize, size: ImageSize) -> Tensor {
    image.narrow(-2, top as i64, size.height).narrow(-1, left as i64, size.width)
}

/// An image of the shape of `like`, but of `size`, from its bytes.
pub(super) fn from_bytes(bytes: Vec<u8>, like: &Tensor, size: ImageSize) -> Tensor {
    let mut shape = like.shape().to_vec();
    let n = shape.len();
    (shape[n - 2], shape[n - 1]) = (size.height, size.width);
    from_vec(bytes, shape)
}

/// Red, green and blue of each pixel through `f`, in an image of bytes.
pub(super) fn each_color(image: &Tensor, f: impl Fn([u8; 3]) -> [u8; 3]) -> Tensor {
    let size = size(image);
    let plane = size.height * size.width;
    let mut bytes = image.to_vec::<u8>();
    for image in bytes.chunks_exact_mut(3 * plane) {
        for at in 0..plane {
            let [r, g, b] = f([image[at], image[at + plane], image[at + 2 * plane]]);
            (image[at], image[at + plane], image[at + 2 * plane]) = (r, g, b);
        }
    }
    from_bytes(bytes, image, size)
}
