//! Images in another size.

use super::Transform;
use super::image::{ImageSize, from_bytes, is_bytes, size};
use super::resample;
use tensor::{Place, Tensor, from_vec};

/// What size an image shall have: its smaller edge, or (height, width).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResizeSize {
    /// The smaller edge; the other keeps its proportion.
    Edge(usize),
    /// Both.
    Exact(ImageSize),
}

impl From<usize> for ResizeSize {
    fn from(edge: usize) -> ResizeSize {
        ResizeSize::Edge(edge)
    }
}

impl From<(usize, usize)> for ResizeSize {
    fn from(size: (usize, usize)) -> ResizeSize {
        ResizeSize::Exact(size.into())
    }
}

tensor::settings! {
    /// What a [`Resize`] takes beside the size.
    pub struct ResizeOptions {
        /// What the longer edge may have at most, if the size is that of the smaller one.
        max_size: into Option<usize> = None::<usize>,
    }
}

/// An image in another size, bilinear with antialiasing: what it becomes smaller is averaged, not skipped. `uint8` images get
/// Pillow's levels.
///
/// ```
/// use data::transforms::{Resize, Transform};
/// let image = tensor::zeros_with([3, 40, 60], tensor::DType::U8);
/// assert_eq!(Resize::new(20).apply(&image).shape()[..], [3, 20, 30]);
/// assert_eq!(Resize::new((8, 8)).apply(&image).shape()[..], [3, 8, 8]);
/// ```
#[derive(Clone)]
pub struct Resize {
    size: ResizeSize,
    options: ResizeOptions,
}

impl Resize {
    /// To this size.
    pub fn new(size: impl Into<ResizeSize>) -> Resize {
        Resize::with(size, |resize| resize)
    }

    /// To this size, as the settings say.
    ///
    /// # Panics
    /// If `max_size` is not above the smaller edge, or given with both edges.
    #[track_caller]
    pub fn with(size: impl Into<ResizeSize>, settings: impl FnOnce(ResizeOptions) -> ResizeOptions) -> Resize {
        let (size, options) = (size.into(), settings(ResizeOptions::default()));
        match (size, options.max_size) {
            (ResizeSize::Edge(edge), Some(max_size)) if max_size <= edge => panic!(
                "max_size = {max_size} must be strictly greater than the requested size for the smaller edge size = {edge}"
            ),
            (ResizeSize::Exact(_), Some(_)) => panic!(
                "max_size should only be passed if size specifies the length of the smaller edge, i.e. size should be an int or \
                 a sequence of length 1 in torchscript mode."
            ),
            _ => Resize { size, options },
        }
    }

    /// The size that an image of size `own` gets.
    fn target(&self, own: ImageSize) -> ImageSize {
        let edge = match self.size {
            ResizeSize::Exact(size) => return size,
            ResizeSize::Edge(edge) => edge,
        };
        let (short, long) = (own.width.min(own.height), own.width.max(own.height));
        let proportion = |whole: usize, part: usize, of: usize| (whole * part) as f64 / of as f64;
        let (mut new_short, mut new_long) = (edge, proportion(edge, long, short) as usize);
        if let Some(most) = self.options.max_size
            && new_long > most
        {
            (new_short, new_long) = (proportion(most, new_short, new_long) as usize, most);
        }
        if own.width <= own.height {
            ImageSize { height: new_long, width: new_short }
        } else {
            ImageSize { height: new_short, width: new_long }
        }
    }
}

/// `image` in `size`.
#[track_caller]
pub(super) fn resize(image: &Tensor, new: ImageSize) -> Tensor {
    let own = size(image);
    if own == new {
        return image.clone();
    }
    if new.height == 0 || new.width == 0 || own.height == 0 || own.width == 0 {
        panic!(
            "Input and output sizes should be greater than 0, but got input {} and output {}",
            own.describe(),
            new.describe()
        );
    }
    if is_bytes(image) {
        let pixels = resample::bytes(&image.to_vec(), (own.height, own.width), (new.height, new.width));
        return from_bytes(pixels, image, new);
    }
    let matrix = |from, to| from_vec(resample::matrix(from, to), [to, from]).to(image.dtype()).to(image.device());
    let wide = image.matmul(&matrix(own.width, new.width).t());
    matrix(own.height, new.height).matmul(&wide)
}

impl Transform for Resize {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        resize(image, self.target(size(image)))
    }

    fn describe(&self) -> String {
        let size = match self.size {
            ResizeSize::Edge(edge) => edge.to_string(),
            ResizeSize::Exact(size) => size.describe(),
        };
        let max_size = self.options.max_size.map_or("None".into(), |most| most.to_string());
        format!("Resize(size={size}, interpolation=bilinear, max_size={max_size}, antialias=True)")
    }
}
