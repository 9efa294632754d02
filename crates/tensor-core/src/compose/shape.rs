//! Other names and special cases of shapes, parts, turns and windows.

use crate::op::{Convert, Op, View};
use crate::twins::twins;
use crate::{IntoShape, Layout, Result, Tensor, bail, shape};

/// Into how many pieces, or where, a dimension is cut.
#[derive(Clone, Debug)]
pub enum Sections {
    /// Pieces, as equal as possible.
    Count(i64),
    /// The positions at which pieces begin.
    At(Vec<i64>),
}

macro_rules! sections {
    ($($t:ty)*) => { $(
        impl From<$t> for Sections {
            fn from(count: $t) -> Sections { Sections::Count(count as i64) }
        }
        impl<const N: usize> From<[$t; N]> for Sections {
            fn from(at: [$t; N]) -> Sections { Sections::At(at.iter().map(|p| *p as i64).collect()) }
        }
        impl From<Vec<$t>> for Sections {
            fn from(at: Vec<$t>) -> Sections { Sections::At(at.iter().map(|p| *p as i64).collect()) }
        }
    )* };
}
sections! { i32 i64 usize }

twins! {
    /// Dimension `dim` as several of the given sizes, one of which may be −1; a view.
    ///
    /// # Errors
    /// If the sizes do not multiply up to the dimension.
    pub fn unflatten | try_unflatten [S: IntoShape] (self, dim: i64, sizes: S) -> Tensor {
        let (dim, sizes) = (shape::checked_dim(dim, self.ndim())?, sizes.sizes());
        if sizes.is_empty() {
            bail!(Shape, "unflatten: sizes must be non-empty");
        }
        let size = self.shape().get(dim).copied().unwrap_or(1);
        let known: i64 = sizes.iter().filter(|s| **s != -1).product();
        let unknown = sizes.iter().filter(|s| **s == -1).count();
        let fits = match unknown {
            0 => known == size as i64,
            1 => known > 0 && (size as i64) % known == 0,
            _ => bail!(Shape, "only one dimension can be inferred"),
        };
        if !fits {
            bail!(
                Shape,
                "unflatten: Provided sizes {sizes:?} don't multiply up to the size of dim {dim} ({size}) in the input tensor"
            );
        }
        let cut = sizes.iter().map(|s| if *s == -1 { size as i64 / known } else { *s });
        let whole = |dims: &[usize]| dims.iter().map(|s| *s as i64).collect::<Vec<_>>();
        let (before, after) = (whole(&self.shape()[..dim]), whole(self.shape().get(dim + 1..).unwrap_or(&[])));
        self.try_view(before.into_iter().chain(cut).chain(after).collect::<Vec<i64>>())
    }

    /// [`expand`](Tensor::expand) under another name.
    pub fn broadcast_to | try_broadcast_to [S: IntoShape] (self, shape: S) -> Tensor {
        self.try_expand(shape)
    }

    /// [`expand`](Tensor::expand) to the other's shape.
    pub fn expand_as | try_expand_as(self, other: &Tensor) -> Tensor {
        self.try_expand(other.shape())
    }

    /// [`view`](Tensor::view) in the other's shape.
    pub fn view_as | try_view_as(self, other: &Tensor) -> Tensor {
        self.try_view(other.shape())
    }

    /// [`reshape`](Tensor::reshape) to the other's shape.
    pub fn reshape_as | try_reshape_as(self, other: &Tensor) -> Tensor {
        self.try_reshape(other.shape())
    }

    /// [`transpose`](Tensor::transpose) under NumPy's name.
    pub fn swapaxes | try_swapaxes(self, a: i64, b: i64) -> Tensor {
        self.try_transpose(a, b)
    }

    /// [`transpose`](Tensor::transpose) under another name.
    pub fn swapdims | try_swapdims(self, a: i64, b: i64) -> Tensor {
        self.try_transpose(a, b)
    }

    /// [`movedim`](Tensor::movedim) under NumPy's name.
    pub fn moveaxis | try_moveaxis [A: IntoShape, B: IntoShape] (self, source: A, destination: B) -> Tensor {
        self.try_movedim(source, destination)
    }

    /// All dimensions in one, row-major: a view if this tensor is contiguous.
    pub fn ravel | try_ravel(self) -> Tensor {
        self.try_contiguous()?.try_view(-1)
    }

    /// At least one dimension.
    pub fn atleast_1d | try_atleast_1d(self) -> Tensor {
        if self.ndim() == 0 { self.try_reshape(1) } else { Ok(self.clone()) }
    }

    /// At least two dimensions, new ones in front.
    pub fn atleast_2d | try_atleast_2d(self) -> Tensor {
        match self.ndim() {
            0 => self.try_reshape([1, 1]),
            1 => self.try_unsqueeze(0),
            _ => Ok(self.clone()),
        }
    }

    /// At least three dimensions: a vector becomes the middle one, a matrix the first two.
    pub fn atleast_3d | try_atleast_3d(self) -> Tensor {
        match self.ndim() {
            0 => self.try_reshape([1, 1, 1]),
            1 => self.try_unsqueeze(0)?.try_unsqueeze(-1),
            2 => self.try_unsqueeze(-1),
            _ => Ok(self.clone()),
        }
    }

    /// A copy with the order of columns reversed.
    ///
    /// # Errors
    /// For tensors of less than two dimensions.
    pub fn fliplr | try_fliplr(self) -> Tensor {
        if self.ndim() < 2 {
            bail!(Shape, "Input must be >= 2-d.");
        }
        self.try_flip(1)
    }

    /// A copy with the order of rows reversed.
    ///
    /// # Errors
    /// For numbers.
    pub fn flipud | try_flipud(self) -> Tensor {
        if self.ndim() < 1 {
            bail!(Shape, "Input must be >= 1-d.");
        }
        self.try_flip(0)
    }

    /// Turned by `k` quarters, from the first of the two `dims` towards the second. PyTorch's defaults are 1 and `[0, 1]`.
    ///
    /// # Errors
    /// If there are not two different dimensions, or the tensor has fewer.
    pub fn rot90 | try_rot90 [S: IntoShape] (self, k: i64, dims: S) -> Tensor {
        let dims = dims.sizes();
        let &[a, b] = &dims[..] else {
            bail!(Dim, "expected total rotation dims == 2, but got dims = {}", dims.len());
        };
        let rank = self.ndim();
        if rank < 2 {
            bail!(Dim, "expected total dims >= 2, but got total dims = {rank}");
        }
        for (i, dim) in [a, b].into_iter().enumerate() {
            if dim >= rank as i64 || dim < -(rank as i64) {
                bail!(Dim, "Rotation dim{i} out of range, dim{i} = {dim}");
            }
        }
        if a.rem_euclid(rank as i64) == b.rem_euclid(rank as i64) {
            bail!(Dim, "expected rotation dims to be different, but got dim0 = {a} and dim1 = {b}");
        }
        match k.rem_euclid(4) {
            1 => self.try_flip(b)?.try_transpose(a, b),
            2 => self.try_flip([a, b]),
            3 => self.try_flip(a)?.try_transpose(a, b),
            _ => Tensor::apply(Op::Convert(Convert::Contiguous), &[self]),
        }
    }

    /// Windows of `size` neighbouring elements along `dim`, `step` apart, as a last dimension; a view.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2, 3, 4, 5], [5], ops_cpu::cpu());
    /// assert_eq!(x.unfold(0, 3, 2).to_vec::<i64>(), [1, 2, 3, 3, 4, 5]);
    /// ```
    ///
    /// # Errors
    /// If a window is larger than the dimension, or the step is zero.
    pub fn unfold | try_unfold(self, dim: i64, size: usize, step: usize) -> Tensor {
        let dim = shape::checked_dim(dim, self.ndim())?;
        let whole = self.shape().get(dim).copied().unwrap_or(1);
        if size > whole {
            bail!(Shape, "maximum size for tensor at dimension {dim} is {whole} but size is {size}");
        }
        if step == 0 {
            bail!(Value, "step is 0 but must be > 0");
        }
        let (mut sizes, mut strides) = (self.shape().clone(), self.stride().clone());
        let stride = strides.get(dim).copied().unwrap_or(1);
        if self.ndim() > 0 {
            sizes[dim] = (whole - size) / step + 1;
            strides[dim] *= step;
        }
        let rank = self.ndim();
        let layout = Layout::strided(
            sizes.with_inserted(rank, size),
            strides.with_inserted(rank, stride),
            self.storage_offset(),
        );
        Ok(self.apply_view(View::Unfold { dim: dim as u8, step }, layout))
    }

    /// Pieces along `dim`, as views: as many as a number says, the first ones longer by one if it does not divide the dimension,
    /// or cut at the given positions.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2, 3, 4, 5], [5], ops_cpu::cpu());
    /// assert_eq!(x.tensor_split(2, 0)[0].to_vec::<i64>(), [1, 2, 3]);
    /// assert_eq!(x.tensor_split([1, 4], 0)[1].to_vec::<i64>(), [2, 3, 4]);
    /// ```
    ///
    /// # Errors
    /// For a number of pieces that is not positive, and for tensors without dimensions.
    pub fn tensor_split | try_tensor_split [S: Into<Sections>] (self, sections: S, dim: i64) -> Vec<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
        }
        let dim = shape::checked_dim(dim, self.ndim())?;
        let size = self.shape()[dim] as i64;
        let ends: Vec<i64> = match sections.into() {
            Sections::Count(count) if count <= 0 => {
                bail!(Value, "number of sections must be larger than 0, got {count}")
            }
            Sections::Count(count) => {
                let (least, longer) = (size / count, size % count);
                (1..=count).map(|i| i * least + i.min(longer)).collect()
            }
            Sections::At(at) => at.into_iter().chain([size]).collect(),
        };
        let mut start = 0;
        let mut piece = |end: &i64| self.try_slice(dim as i64, std::mem::replace(&mut start, *end), *end, 1);
        ends.iter().map(&mut piece).collect()
    }

    /// [`tensor_split`](Tensor::tensor_split) along the columns, or along a vector; equal pieces only.
    pub fn hsplit | try_hsplit [S: Into<Sections>] (self, sections: S) -> Vec<Tensor> {
        self.split_evenly("hsplit", 1, if self.ndim() == 1 { 0 } else { 1 }, sections.into())
    }

    /// [`tensor_split`](Tensor::tensor_split) along the rows of at least a matrix; equal pieces only.
    pub fn vsplit | try_vsplit [S: Into<Sections>] (self, sections: S) -> Vec<Tensor> {
        self.split_evenly("vsplit", 2, 0, sections.into())
    }

    /// [`tensor_split`](Tensor::tensor_split) along the third dimension; equal pieces only.
    pub fn dsplit | try_dsplit [S: Into<Sections>] (self, sections: S) -> Vec<Tensor> {
        self.split_evenly("dsplit", 3, 2, sections.into())
    }
}

impl Tensor {
    fn split_evenly(&self, name: &str, least: usize, dim: usize, sections: Sections) -> Result<Vec<Tensor>> {
        if self.ndim() < least {
            bail!(
                Dim,
                "torch.{name} requires a tensor with at least {least} dimension{}, but got a tensor with {} dimensions!",
                if least == 1 { "" } else { "s" },
                self.ndim()
            );
        }
        if let Sections::Count(count) = sections
            && (count == 0 || self.shape()[dim] as i64 % count != 0)
        {
            bail!(
                Shape,
                "torch.{name} attempted to split along dimension {dim}, but the size of the dimension {} is not divisible by the \
                 split_size {count}!",
                self.shape()[dim]
            );
        }
        self.try_tensor_split(sections, dim as i64)
    }
}
