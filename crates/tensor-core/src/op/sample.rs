//! Images read at places that a grid gives, between elements too, and the grids of affine maps. The derivatives with respect to
//! image and grid are operations here, too.

use super::{Op, Plan};
use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{DType, Dims, IntoShape, Layout, Result, Tensor, bail, shape};

/// A reading of images at places, or a derivative of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sample {
    /// Inputs (images `[n, c, …]`, grid `[n, …, 2 or 3]`): the images at the grid's places.
    Forward(Sampling),
    /// Inputs (g, grid): the gradient of the images.
    Image(Sampling),
    /// Inputs (g, images, grid): the gradient of the grid.
    Grid(Sampling),
}

/// How images are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sampling {
    /// The images' size, for their gradient; two dimensions stand last.
    pub size: [u32; 3],
    /// Between elements.
    pub mode: SampleMode,
    /// Outside the image.
    pub padding: SamplePadding,
    /// Whether −1 and 1 are the centres of the outer elements, rather than their outer edges.
    pub align: bool,
}

/// What is read between elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SampleMode {
    /// Neighbours weighted by their distance.
    #[default]
    Bilinear,
    /// The nearest element.
    Nearest,
    /// Sixteen neighbours weighted by cubic polynomials; of images only.
    Bicubic,
}

/// What is read outside the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SamplePadding {
    /// Zeros.
    #[default]
    Zeros,
    /// The outer elements.
    Border,
    /// The image, mirrored at its borders as often as needed.
    Reflection,
}

/// The optional arguments of [`Tensor::grid_sample`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridSample {
    /// What is read between elements.
    pub mode: SampleMode,
    /// What is read outside the image.
    pub padding_mode: SamplePadding,
    /// Whether −1 and 1 are the centres of the outer elements, rather than their outer edges.
    pub align_corners: bool,
}

impl Sampling {
    /// The same for images of another size.
    pub fn of_size(self, sizes: &[usize]) -> Sampling {
        let mut size = [1; 3];
        let rank = sizes.len() - 2;
        size[3 - rank..].iter_mut().zip(&sizes[2..]).for_each(|(to, size)| *to = *size as u32);
        Sampling { size, ..self }
    }
}

impl Sample {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let (x, grid) = (inputs[0], inputs[inputs.len() - 1]);
        let rank = x.ndim() - 2;
        let shape: Dims = match self {
            Sample::Forward(_) => x.shape()[..2].iter().chain(&grid.shape()[1..=rank]).copied().collect(),
            Sample::Image(sampling) => x.shape()[..2]
                .iter()
                .copied()
                .chain(sampling.size[3 - rank..].iter().map(|size| *size as usize))
                .collect(),
            Sample::Grid(_) => grid.shape().clone(),
        };
        shape::checked_numel(&shape)?;
        let dtype = x.dtype();
        if !dtype.is_floating_point() {
            bail!(DType, "\"grid_sampler_{rank}d_cpu_kernel_impl\" not implemented for '{}'", dtype.type_name());
        }
        Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: dtype })
    }
}

/// The places of `count` elements from −1 to 1, and ones to be multiplied by what is added.
fn places(count: usize, align: bool) -> Vec<f64> {
    if count <= 1 {
        return vec![0.0; count];
    }
    let edge = if align { 1.0 } else { (count as f64 - 1.0) / count as f64 };
    (0..count).map(|i| (2.0 * i as f64 / (count as f64 - 1.0) - 1.0) * edge).collect()
}

twins! {
    /// The images `[n, c, h, w]` at the places that `grid`, `[n, h', w', 2]`, gives: x, then y, each from −1 at the left or upper
    /// border to 1 at the right or lower one. The result is `[n, c, h', w']`. Bodies `[n, c, d, h, w]` take a grid
    /// `[n, d', h', w', 3]`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::GridSample};
    /// let x = Tensor::from_vec(vec![0.0f32, 4.0], [1, 1, 1, 2], ops_cpu::cpu());
    /// let grid = Tensor::from_vec(vec![-0.5f32, 0.0, 0.0, 0.0], [1, 1, 2, 2], ops_cpu::cpu());
    /// let y = x.grid_sample(&grid, GridSample { align_corners: true, ..GridSample::default() });
    /// assert_eq!(y.to_vec::<f32>(), [1.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If shapes or dtypes do not fit, an image is empty, or cubic polynomials are asked for in bodies.
    pub fn grid_sample | try_grid_sample(self, grid: &Tensor, options: GridSample) -> Tensor {
        let (x, g) = (self.shape(), grid.shape());
        let spatial = self.ndim().saturating_sub(2);
        if x.first() != g.first() {
            bail!(
                Shape,
                "grid_sampler(): expected grid and input to have same batch size, but got input with sizes {x:?} and grid with sizes \
                 {g:?}"
            );
        }
        if g.last() != Some(&spatial) {
            bail!(
                Shape,
                "grid_sampler(): expected grid to have size {spatial} in last dimension, but got grid with sizes {g:?}"
            );
        }
        if let Some(dim) = (2..self.ndim()).find(|dim| x[*dim] == 0) {
            bail!(
                Shape,
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {x:?} with dimension {dim} \
                 being empty"
            );
        }
        if (spatial != 2 && spatial != 3) || self.ndim() != grid.ndim() {
            bail!(
                Shape,
                "grid_sampler(): expected {}D input and grid with same number of dimensions, but got input with sizes {x:?} and grid \
                 with sizes {g:?}",
                if spatial == 2 { "4" } else { "4D or 5" }
            );
        }
        if spatial == 3 && options.mode == SampleMode::Bicubic {
            bail!(Unsupported, "grid_sampler(): bicubic interpolation only supports 4D input");
        }
        if self.dtype() != grid.dtype() {
            bail!(
                DType,
                "expected scalar type {} but found {}",
                self.dtype().type_name(),
                grid.dtype().type_name()
            );
        }
        let GridSample { mode, padding_mode, align_corners } = options;
        let sampling = Sampling { size: [0; 3], mode, padding: padding_mode, align: align_corners };
        Tensor::apply(Op::Sample(Sample::Forward(sampling)), &[self, grid])
    }

    /// The grid that takes images of `size` through the affine maps of this tensor: matrices `[n, 2, 3]` for images
    /// `[n, c, h, w]`, `[n, 3, 4]` for bodies.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let same = Tensor::from_vec(vec![1.0f32, 0.0, 0.0, 0.0, 1.0, 0.0], [1, 2, 3], ops_cpu::cpu());
    /// assert_eq!(same.affine_grid([1, 1, 1, 2], true).to_vec::<f32>(), [-1.0, 0.0, 1.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If matrices and size do not fit each other, or the matrices are no floats.
    pub fn affine_grid | try_affine_grid [S: IntoShape] (self, size: S, align_corners: bool) -> Tensor {
        let size = size.sizes();
        let tuple = format!("({})", size.iter().map(i64::to_string).collect::<Vec<_>>().join(", "));
        if !self.dtype().is_floating_point() {
            bail!(DType, "Expected theta to have floating point type, but got torch.{}", self.dtype().name());
        }
        let rank = size.len().saturating_sub(2);
        if rank != 2 && rank != 3 {
            bail!(
                Unsupported,
                "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size {tuple}."
            );
        }
        if self.ndim() != 3 || self.shape()[1..] != [rank, rank + 1] {
            bail!(
                Value,
                "Expected a batch of {rank}D affine matrices of shape Nx{rank}x{} for size {tuple}. Got torch.Size({:?}).",
                rank + 1,
                self.shape()
            );
        }
        if size.iter().any(|size| *size <= 0) {
            bail!(Value, "Expected non-zero, positive output size. Got {tuple}");
        }
        let sides: Vec<usize> = size[2..].iter().map(|size| *size as usize).collect();
        let (count, points) = (size[0], shape::checked_numel(&sides)?);
        if count != self.shape()[0] as i64 {
            bail!(
                Shape,
                "Expected size for first two dimensions of batch2 tensor to be: [{count}, {}] but got: [{}, {}].",
                rank + 1,
                self.shape()[0],
                rank + 1
            );
        }
        // Columns x, y (, z) and one, each spread over the dimensions that it does not belong to.
        let column = |i: usize| -> Result<Tensor> {
            let mut own = vec![1; rank];
            own[rank - 1 - i] = sides[rank - 1 - i];
            let values = Tensor::from_vec(places(own[rank - 1 - i], align_corners), &own, self.device());
            values.try_expand(&sides)?.try_reshape([points, 1])
        };
        let mut columns = (0..rank).map(column).collect::<Result<Vec<_>>>()?;
        columns.push(Tensor::try_full_on([points, 1], 1.0, DType::F64, self.device())?);
        let base = try_cat(&columns, 1)?.try_to_dtype(self.dtype())?;
        let base = base.try_expand([count, points as i64, rank as i64 + 1])?;
        let shape: Vec<usize> = [count as usize].into_iter().chain(sides).chain([rank]).collect();
        base.try_bmm(&self.try_transpose(1, 2)?)?.try_reshape(shape)
    }
}
