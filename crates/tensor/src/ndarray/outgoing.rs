//! Tensors to arrays, as copies or over the tensor's own memory. It knows of other devices only that their memory is out of
//! reach, and of gradients only who wants one.

use autograd::Gradient;
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn, ShapeBuilder, StrideShape};
use storage::{Single, Writing};
use tensor_core::{DType, Element, Layout, Result, Source, Target, Tensor, bail, mode, or_panic};

/// Tensors as arrays of the crate `ndarray`. `T` is the Rust type of the tensor's dtype, which is never converted in silence.
///
/// All of these refuse what PyTorch's `numpy()` refuses: tensors on another device than the host, and, while operations are
/// recorded, those that require grad.
pub trait Ndarray: Sized {
    /// A row-major array of copies of the elements.
    ///
    /// ```
    /// use tensor::{Ndarray, ndarray::array, tensor};
    /// let x = tensor![[1, 2], [3, 4]];
    /// assert_eq!(x.to_ndarray::<i64>(), array![[1, 2], [3, 4]].into_dyn());
    /// ```
    ///
    /// # Panics
    /// Where [`try_to_ndarray`](Ndarray::try_to_ndarray) returns an error.
    #[track_caller]
    fn to_ndarray<T: Element>(&self) -> ArrayD<T> {
        or_panic(self.try_to_ndarray())
    }

    /// As [`to_ndarray`](Ndarray::to_ndarray), but returns misuse as an error.
    ///
    /// # Errors
    /// If `T` is not the tensor's dtype, the tensor is on another device, or it requires grad.
    fn try_to_ndarray<T: Element>(&self) -> Result<ArrayD<T>>;

    /// What `read` makes of the tensor's own memory, seen as an array with the tensor's strides: nothing is copied but tensors of
    /// at most 16 bytes.
    ///
    /// The memory stays locked for reading until `read` returns, so `read` should use the array alone: an operation that writes to
    /// the tensor or to a view of it would wait forever, and one that reads it may, where another thread is about to write.
    ///
    /// ```
    /// use tensor::{Ndarray, tensor};
    /// let x = tensor![[1.0, 2.0], [3.0, 4.0]].t();
    /// assert_eq!(x.with_ndarray::<f32, _>(|a| (a[[0, 1]], a.sum())), (3.0, 10.0));
    /// ```
    ///
    /// # Panics
    /// Where [`try_with_ndarray`](Ndarray::try_with_ndarray) returns an error.
    #[track_caller]
    fn with_ndarray<T: Element, R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> R {
        or_panic(self.try_with_ndarray(read))
    }

    /// As [`with_ndarray`](Ndarray::with_ndarray), but returns misuse as an error.
    ///
    /// # Errors
    /// As [`try_to_ndarray`](Ndarray::try_to_ndarray); also if a `bool` tensor holds bytes that are no Rust `bool`.
    fn try_with_ndarray<T: Element, R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> Result<R>;

    /// As [`with_ndarray`](Ndarray::with_ndarray), to write to the tensor's memory. It counts as one write in place: a backward
    /// pass that needs the old values finds out.
    ///
    /// The memory stays locked for writing until `write` returns, so `write` must use the array alone: any operation on the tensor
    /// or on a view of it would wait forever.
    ///
    /// ```
    /// use tensor::{Ndarray, zeros};
    /// let x = zeros([2, 3]);
    /// x.select(1, 2).with_ndarray_mut::<f32, _>(|mut column| column.fill(7.0));
    /// assert_eq!(x.to_string(), "tensor([[0., 0., 7.],\n        [0., 0., 7.]])");
    /// ```
    ///
    /// # Panics
    /// Where [`try_with_ndarray_mut`](Ndarray::try_with_ndarray_mut) returns an error.
    #[track_caller]
    fn with_ndarray_mut<T: Element, R>(&self, write: impl FnOnce(ArrayViewMutD<'_, T>) -> R) -> R {
        or_panic(self.try_with_ndarray_mut(write))
    }

    /// As [`with_ndarray_mut`](Ndarray::with_ndarray_mut), but returns misuse as an error.
    ///
    /// # Errors
    /// As [`try_with_ndarray`](Ndarray::try_with_ndarray), and whatever an operation in place refuses: a leaf that requires grad
    /// while operations are recorded, and elements that share memory with each other.
    fn try_with_ndarray_mut<T: Element, R>(&self, write: impl FnOnce(ArrayViewMutD<'_, T>) -> R) -> Result<R>;
}

impl Ndarray for Tensor {
    fn try_to_ndarray<T: Element>(&self) -> Result<ArrayD<T>> {
        check_readable(self)?;
        let numbers = self.try_to_vec::<T>()?;
        Ok(ArrayD::from_shape_vec(&self.shape()[..], numbers).expect("as many numbers as the shape says"))
    }

    fn try_with_ndarray<T: Element, R>(&self, read: impl FnOnce(ArrayViewD<'_, T>) -> R) -> Result<R> {
        check_readable(self)?;
        check_dtype(self, T::DTYPE)?;
        let held = Single::lock(self.storage());
        let Source::Host(bytes) = held.source() else { unreachable!("the device is the host") };
        match bytemuck::checked::try_cast_slice(&bytes[extent(self)]) {
            Ok(numbers) => Ok(read(ArrayViewD::from_shape(places(self.layout()), numbers).expect(FITS))),
            Err(_) => bail!(Value, "{NO_BOOL}"),
        }
    }

    fn try_with_ndarray_mut<T: Element, R>(&self, write: impl FnOnce(ArrayViewMutD<'_, T>) -> R) -> Result<R> {
        check_on_host(self)?;
        check_dtype(self, T::DTYPE)?;
        if self.check_writable(&[])? {
            // Nobody could tell the gradient what is about to be written.
            bail!(Autograd, "{REQUIRES_GRAD}");
        }
        let mut held = Writing::lock(self.storage(), &[]);
        let (Target::Host(bytes), _) = held.parts() else { unreachable!("the device is the host") };
        match bytemuck::checked::try_cast_slice_mut(&mut bytes[extent(self)]) {
            Ok(numbers) => Ok(write(ArrayViewMutD::from_shape(places(self.layout()), numbers).expect(FITS))),
            Err(_) => bail!(Value, "{NO_BOOL}"),
        }
    }
}

const REQUIRES_GRAD: &str = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.";
const NO_BOOL: &str =
    "a bool tensor holds bytes other than 0 and 1, which Rust's bool cannot be. Use to_ndarray() to copy it.";
const FITS: &str = "the layout lies within the storage";

/// An error for a tensor whose elements must not be read past the operations: the conditions of PyTorch's `numpy()`.
pub(crate) fn check_readable(x: &Tensor) -> Result<()> {
    check_on_host(x)?;
    if mode::is_recording() && x.requires_grad() {
        bail!(Autograd, "{REQUIRES_GRAD}");
    }
    Ok(())
}

fn check_on_host(x: &Tensor) -> Result<()> {
    if !x.device().is_host() {
        bail!(
            Device,
            "can't convert {} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.",
            x.device().name()
        );
    }
    Ok(())
}

fn check_dtype(x: &Tensor, dtype: DType) -> Result<()> {
    if x.dtype() != dtype {
        bail!(DType, "expected scalar type {} but found {}", dtype.type_name(), x.dtype().type_name());
    }
    Ok(())
}

/// The bytes of the storage from a tensor's first element to its last.
fn extent(x: &Tensor) -> std::ops::Range<usize> {
    let (layout, size) = (x.layout(), x.element_size());
    layout.offset() * size..layout.span() * size
}

/// Where the elements lie from the first one on, as `ndarray` says it.
fn places(layout: &Layout) -> StrideShape<IxDyn> {
    match layout.numel() {
        // Strides of nothing may be wider than the storage.
        0 => IxDyn(layout.shape()).into(),
        _ => IxDyn(layout.shape()).strides(IxDyn(layout.strides())),
    }
}
