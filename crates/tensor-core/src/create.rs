//! Tensors from host data: vectors, nested arrays, bytes. Which device is the default one is for a layer above.

use crate::{DType, Device, Dims, Element, IntoShape, Layout, Result, Tensor, bail, or_panic, shape};
use storage::Storage;

/// The dtype that a literal stands for: Rust's untyped `7` (`i32`) and `1.5` (`f64`) become PyTorch's `int64` and `float32`,
/// as Python's do; all other types stay what they are.
pub const fn default_literal_dtype(dtype: DType) -> DType {
    match dtype {
        DType::I32 => DType::I64,
        DType::F64 => DType::F32,
        other => other,
    }
}

/// Numbers nested in arrays and vectors: `7`, `[1, 2]`, `vec![[1.0, 2.0]; 3]`.
pub trait Nested {
    /// The innermost numbers.
    type Number: Element;
    /// Appends the sizes, outermost first.
    ///
    /// # Errors
    /// If vectors at one level differ in length.
    fn sizes(&self, shape: &mut Vec<usize>) -> Result<()>;
    /// Appends the numbers, row-major.
    fn flatten(&self, out: &mut Vec<Self::Number>);
}

macro_rules! numbers {
    ($($t:ty)*) => { $(
        impl Nested for $t {
            type Number = $t;
            fn sizes(&self, _: &mut Vec<usize>) -> Result<()> { Ok(()) }
            fn flatten(&self, out: &mut Vec<$t>) { out.push(*self); }
        }
    )* };
}
numbers! { bool u8 i8 i16 i32 i64 storage::f16 storage::bf16 f32 f64 }

impl<T: Nested> Nested for [T] {
    type Number = T::Number;
    fn sizes(&self, shape: &mut Vec<usize>) -> Result<()> {
        shape.push(self.len());
        let Some((first, rest)) = self.split_first() else { return Ok(()) };
        let depth = shape.len();
        first.sizes(shape)?;
        for (i, item) in rest.iter().enumerate() {
            let mut sizes = vec![];
            item.sizes(&mut sizes)?;
            if sizes[..] != shape[depth..] {
                let (expected, got) = (shape.get(depth).unwrap_or(&0), sizes.first().unwrap_or(&0));
                bail!(Shape, "expected sequence of length {expected} at dim {depth} (got {got}) in item {}", i + 1);
            }
        }
        Ok(())
    }
    fn flatten(&self, out: &mut Vec<T::Number>) {
        self.iter().for_each(|item| item.flatten(out));
    }
}

macro_rules! lists {
    ($([$($generics:tt)*] $t:ty;)*) => { $(
        impl<$($generics)*> Nested for $t {
            type Number = T::Number;
            fn sizes(&self, shape: &mut Vec<usize>) -> Result<()> { self[..].sizes(shape) }
            fn flatten(&self, out: &mut Vec<T::Number>) { self[..].flatten(out) }
        }
    )* };
}
lists! { [T: Nested, const N: usize] [T; N]; [T: Nested] Vec<T>; [T: Nested] &[T]; }

impl Tensor {
    /// A tensor of `shape` with the numbers of `data`, row-major, of exactly their Rust type's dtype.
    ///
    /// # Panics
    /// If the number of elements differs from the shape's.
    #[track_caller]
    pub fn from_vec<T: Element>(data: Vec<T>, shape: impl IntoShape, device: &'static dyn Device) -> Tensor {
        or_panic(Tensor::try_from_slice(&data, shape, device))
    }

    /// As [`from_vec`](Tensor::from_vec), from borrowed numbers, returning misuse as an error.
    pub fn try_from_slice<T: Element>(
        data: &[T],
        shape: impl IntoShape,
        device: &'static dyn Device,
    ) -> Result<Tensor> {
        let shape = shape::checked_shape(&shape)?;
        let numel: usize = shape.iter().product();
        if numel != data.len() {
            bail!(Shape, "shape '{shape:?}' is invalid for input of size {}", data.len());
        }
        let stored: Vec<T::Stored> = data.iter().map(|x| x.store()).collect();
        Tensor::from_bytes(bytemuck::cast_slice(&stored), shape, T::DTYPE, device)
    }

    /// A tensor from nested numbers, converted to `dtype`.
    pub fn try_from_nested<N: Nested + ?Sized>(data: &N, dtype: DType, device: &'static dyn Device) -> Result<Tensor> {
        let mut sizes = vec![];
        data.sizes(&mut sizes)?;
        let mut flat = vec![];
        data.flatten(&mut flat);
        Tensor::try_from_slice(&flat, sizes, device)?.try_to_dtype(dtype)
    }

    /// A tensor from the bytes of its elements, row-major, in this machine's byte order.
    ///
    /// # Errors
    /// If the number of bytes differs from the shape's, or memory cannot be had.
    pub fn from_bytes(bytes: &[u8], shape: Dims, dtype: DType, device: &'static dyn Device) -> Result<Tensor> {
        let numel = shape::checked_numel(&shape)?;
        if numel * dtype.size() != bytes.len() {
            bail!(Shape, "{} bytes do not make a tensor of shape {shape:?} and dtype {dtype}", bytes.len());
        }
        let mut storage = device.allocate(bytes.len())?;
        device.upload(bytes, &mut storage)?;
        Ok(Tensor::assemble(storage, Layout::contiguous(shape), dtype, device))
    }

    /// A tensor over memory of `device` that was made elsewhere, such as a vector taken over without a copy. Nobody shares it
    /// yet.
    ///
    /// ```
    /// use tensor_core::{DType, Dims, Layout, Tensor};
    /// let columns = storage::Storage::from_vec(vec![1i64, 2, 3, 4])?;
    /// let layout = Layout::strided(Dims::from(&[2, 2][..]), Dims::from(&[1, 2][..]), 0);
    /// let x = Tensor::from_storage(columns, layout, DType::I64, ops_cpu::cpu())?;
    /// assert_eq!(x.to_vec::<i64>(), [1, 3, 2, 4]);
    /// # Ok::<(), tensor_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the layout reaches beyond the storage, or the memory is not aligned as the elements have to be.
    pub fn from_storage(storage: Storage, layout: Layout, dtype: DType, device: &'static dyn Device) -> Result<Tensor> {
        shape::checked_numel(layout.shape())?;
        check_bounds(layout.shape(), layout.strides(), layout.offset(), dtype.size(), storage.len())?;
        if device.is_host() && !storage.address().is_multiple_of(dtype.size()) {
            bail!(
                Value,
                "the memory is not aligned for elements of {dtype}: take over a vector of numbers of that size"
            );
        }
        Ok(Tensor::assemble(storage, layout, dtype, device))
    }

    /// A tensor of `shape` with arbitrary contents, on `device`.
    pub fn try_empty_on(shape: impl IntoShape, dtype: DType, device: &'static dyn Device) -> Result<Tensor> {
        let shape = shape::checked_shape(&shape)?;
        let layout = Layout::contiguous(shape);
        let storage = device.allocate(layout.numel() * dtype.size())?;
        Ok(Tensor::assemble(storage, layout, dtype, device))
    }

    /// A tensor with arbitrary contents in the shape of `layout`, and in its order of memory if it has no gaps.
    pub fn try_empty_for(&self, layout: &Layout) -> Result<Tensor> {
        let own = match layout.is_dense() {
            true => Layout::strided(layout.shape().clone(), layout.strides().clone(), 0),
            false => Layout::contiguous(layout.shape().clone()),
        };
        let storage = self.device().allocate(own.numel() * self.element_size())?;
        Ok(Tensor::assemble(storage, own, self.dtype(), self.device()))
    }

    /// A tensor of this one's shape, and of its order in memory where it has no gaps, with arbitrary contents.
    pub fn try_empty_like(&self, dtype: DType) -> Result<Tensor> {
        let layout = if self.layout().is_dense() {
            Layout::strided(self.shape().clone(), self.stride().clone(), 0)
        } else {
            Layout::following(self.shape().clone(), &[self.layout()])
        };
        let storage = self.device().allocate(layout.numel() * dtype.size())?;
        Ok(Tensor::assemble(storage, layout, dtype, self.device()))
    }
}

/// An error if a layout reaches beyond a storage of `held` bytes, or beyond what can be counted.
pub(crate) fn check_bounds(shape: &Dims, strides: &Dims, offset: usize, itemsize: usize, held: usize) -> Result<()> {
    let reach = shape.iter().zip(&strides[..]).try_fold(offset, |reach, (size, stride)| {
        size.saturating_sub(1).checked_mul(*stride).and_then(|more| reach.checked_add(more))
    });
    if !shape.contains(&0) && reach.is_none_or(|reach| reach >= held / itemsize) {
        bail!(
            Shape,
            "setStorage: sizes {shape:?}, strides {strides:?}, storage offset {offset}, and itemsize {itemsize} requiring a \
             storage size of {} are out of bounds for storage of size {held}",
            reach.map_or(usize::MAX, |reach| reach.saturating_add(1).saturating_mul(itemsize))
        );
    }
    Ok(())
}
