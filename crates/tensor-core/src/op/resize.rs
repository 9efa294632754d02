//! Images in other sizes: each element of the output is a weighted sum of up to four neighbours along each dimension. How
//! it is asked for is in `compose/interpolate.rs`.

use super::Plan;
use crate::{DType, Dims, Layout, Result, Tensor, bail, shape};

/// Images in another size, or the derivative of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resize {
    /// The images in the size.
    Forward(Resizing),
    /// The gradient of images of the size, from that of the result.
    Gradient(Resizing),
}

/// How images change their size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resizing {
    /// The factor between the sizes where it is not their quotient; zero where it is.
    pub scale: f64,
    /// The result's size; of fewer than three dimensions the first entries.
    pub size: [u32; 3],
    /// How many last dimensions change.
    pub dims: u8,
    /// What each element is made of.
    pub kind: Kind,
    /// Whether the outer elements of input and output lie on each other, rather than their outer edges.
    pub align: bool,
}

/// What an element of the output is made of along each dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The element at or before its place.
    Nearest,
    /// The element nearest to its centre.
    NearestExact,
    /// Two neighbours, weighted by their distance.
    Linear,
    /// Four neighbours, weighted by a cubic polynomial (α = −0.75).
    Cubic,
}

impl Resizing {
    /// The same for images of other size.
    pub fn of_size(self, sizes: &[usize]) -> Resizing {
        let mut size = [0; 3];
        size.iter_mut().zip(&sizes[sizes.len() - self.dims as usize..]).for_each(|(to, size)| *to = *size as u32);
        Resizing { size, ..self }
    }
}

impl Resize {
    pub(crate) fn plan(self, x: &Tensor) -> Result<Plan> {
        let (Resize::Forward(resizing) | Resize::Gradient(resizing)) = self;
        let dims = resizing.dims as usize;
        let (images, _) = x.shape().split_at(x.ndim() - dims);
        let shape: Dims =
            images.iter().copied().chain(resizing.size[..dims].iter().map(|size| *size as usize)).collect();
        shape::checked_numel(&shape)?;
        let dtype = x.dtype();
        let (name, whole) = match resizing.kind {
            Kind::Nearest | Kind::NearestExact => ("nearest", dtype == DType::U8),
            Kind::Linear => ("linear", false),
            Kind::Cubic => ("cubic", false),
        };
        if !dtype.is_floating_point() && !whole {
            bail!(DType, "\"compute_indices_weights_{name}\" not implemented for '{}'", dtype.type_name());
        }
        Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: dtype })
    }
}
