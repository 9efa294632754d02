//! The tensor: a handle to an object with an identity, over a storage that views share. What operations do is in `op/`; how
//! they run is in `apply.rs`.

use crate::history::{Past, Slot};
use crate::{DType, Device, Dims, Error, ErrorKind, Layout, Result, bail, same_device};
use std::sync::Arc;
use storage::Storage;

/// An n-dimensional array. Clones are the same tensor, as with PyTorch's references: a write, a gradient or
/// `requires_grad_` through one is seen through all.
///
/// ```
/// use tensor_core::DType;
/// # use ops_cpu::cpu;
/// # use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2], cpu());
/// assert_eq!(x.shape()[..], [2, 2]);
/// assert_eq!(x.dtype(), DType::F32);
/// let row = x.select(0, 1); // a view: the same memory
/// assert!(row.shares_storage(&x));
/// ```
#[derive(Clone)]
pub struct Tensor(pub(crate) Arc<TensorImpl>);

pub(crate) struct TensorImpl {
    pub(crate) storage: Arc<Storage>,
    pub(crate) layout: Layout,
    pub(crate) dtype: DType,
    pub(crate) device: &'static dyn Device,
    /// The tensor that this one is a view of (never itself a view), for writes through the view to reach its history.
    pub(crate) base: Option<Tensor>,
    pub(crate) slot: Slot,
}

impl Tensor {
    /// Wraps a storage that nobody shares yet.
    #[inline]
    pub(crate) fn assemble(storage: Storage, layout: Layout, dtype: DType, device: &'static dyn Device) -> Tensor {
        let storage = Arc::new(storage);
        Tensor(Arc::new(TensorImpl { storage, layout, dtype, device, base: None, slot: Slot::default() }))
    }

    /// The sizes, one per dimension.
    #[inline]
    pub fn shape(&self) -> &Dims {
        self.0.layout.shape()
    }

    /// The size of dimension `dim`, counted from the end if negative.
    ///
    /// # Panics
    /// If the tensor has no such dimension.
    #[track_caller]
    pub fn size(&self, dim: i64) -> usize {
        crate::or_panic(self.try_size(dim))
    }

    /// As [`size`](Tensor::size), but returns misuse as an error.
    pub fn try_size(&self, dim: i64) -> Result<usize> {
        let at = crate::shape::checked_dim(dim, self.ndim())?;
        match self.shape().get(at) {
            Some(size) => Ok(*size),
            None => bail!(Dim, "Dimension specified as {dim} but tensor has no dimensions"),
        }
    }

    /// The strides, in elements, one per dimension.
    #[inline]
    pub fn stride(&self) -> &Dims {
        self.0.layout.strides()
    }

    /// Elements in the storage before this tensor's first one.
    pub fn storage_offset(&self) -> usize {
        self.0.layout.offset()
    }

    /// Whether the elements lie in row-major order without gaps.
    pub fn is_contiguous(&self) -> bool {
        self.0.layout.is_contiguous()
    }

    /// The number of elements.
    #[inline]
    pub fn numel(&self) -> usize {
        self.0.layout.numel()
    }

    /// The number of dimensions.
    #[inline]
    pub fn ndim(&self) -> usize {
        self.0.layout.rank()
    }

    /// Another name of [`ndim`](Tensor::ndim).
    pub fn dim(&self) -> usize {
        self.ndim()
    }

    /// Shape, strides and offset together.
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// The type of the elements.
    #[inline]
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// Bytes per element.
    pub fn element_size(&self) -> usize {
        self.dtype().size()
    }

    /// Where the tensor lives.
    #[inline]
    pub fn device(&self) -> &'static dyn Device {
        self.0.device
    }

    /// The address of the first element: equal for tensors that begin at the same place of one storage. Not for access.
    pub fn data_ptr(&self) -> usize {
        self.0.storage.address() + self.storage_offset() * self.element_size()
    }

    /// Whether both tensors are views of one memory.
    pub fn shares_storage(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0.storage, &other.0.storage)
    }

    /// Whether this handle is the only one to the tensor, and the tensor the only one over its storage.
    pub fn is_sole(&self) -> bool {
        Arc::strong_count(&self.0) == 1 && Arc::strong_count(&self.0.storage) == 1
    }

    /// Whether both handles are one tensor.
    pub fn is_same(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How many times the memory was written in place, through any view.
    pub fn version(&self) -> u32 {
        self.0.storage.version()
    }

    /// Whether this tensor is a view of another one.
    pub fn is_view(&self) -> bool {
        self.0.base.is_some()
    }

    /// The tensor that this one is a view of.
    pub fn base(&self) -> Option<&Tensor> {
        self.0.base.as_ref()
    }

    /// The storage, for devices and adapters.
    pub fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// The same memory under another layout, as a view of this tensor. The caller has checked that it fits.
    #[inline]
    pub(crate) fn with_layout(&self, layout: Layout) -> TensorImpl {
        let TensorImpl { storage, dtype, device, base, .. } = &*self.0;
        let base = Some(base.as_ref().unwrap_or(self).clone());
        TensorImpl { storage: storage.clone(), layout, dtype: *dtype, device: *device, base, slot: Slot::default() }
    }

    /// The same memory without a history and without being a view: nothing done to the result reaches this tensor's history.
    pub fn detach(&self) -> Tensor {
        let TensorImpl { storage, layout, dtype, device, .. } = &*self.0;
        Tensor(Arc::new(TensorImpl {
            storage: storage.clone(),
            layout: layout.clone(),
            dtype: *dtype,
            device: *device,
            base: None,
            slot: Slot::default(),
        }))
    }

    /// Whether somebody watches what becomes of this tensor. The word of autograd is `requires_grad`.
    #[inline]
    pub fn is_tracked(&self) -> bool {
        self.0.slot.is_tracked() || self.base().is_some_and(|base| base.0.slot.is_tracked() && self.is_stale())
    }

    /// Whether the base was written in place since this view's history was set.
    fn is_stale(&self) -> bool {
        self.0.slot.version() != self.0.storage.version()
    }

    /// What this tensor remembers, watched or not. A view whose base was written since asks the base.
    pub fn history(&self) -> Option<Past> {
        if let Some(base) = self.base()
            && self.is_stale()
            && let Some(past) = base.0.slot.get().filter(|_| base.0.slot.is_tracked())
            && (!past.is_leaf() || !self.0.slot.is_tracked())
        {
            let op = crate::Op::View(crate::op::view::View::AsStrided);
            let bare = self.detach();
            let mine = past.recorder()(&op, &[base], smallvec::smallvec![Some(past)], &bare);
            let tracked = mine.is_some();
            self.0.slot.set(mine, tracked, self.0.storage.version());
        }
        self.0.slot.get()
    }

    /// What this tensor itself was last given, also where a view would have to ask its base: for taking graphs apart.
    pub fn own_history(&self) -> Option<Past> {
        self.0.slot.get()
    }

    /// Puts a history into this tensor; `watched` says whether operations on the tensor are to be recorded.
    pub fn set_history(&self, past: Option<Past>, watched: bool) {
        self.0.slot.set(past, watched, self.0.storage.version());
    }

    /// The bytes of all elements on the host, row-major.
    pub(crate) fn host_bytes(&self) -> Result<Vec<u8>> {
        let _pause = crate::mode::Recording::set(false);
        let dense = if self.is_contiguous() { self.clone() } else { self.try_contiguous()? };
        let mut all = vec![0; dense.storage().len()];
        dense.device().download(dense.storage(), &mut all)?;
        let start = dense.storage_offset() * dense.element_size();
        let end = start + dense.numel() * dense.element_size();
        if start > 0 || end < all.len() {
            all = all[start..end].to_vec();
        }
        Ok(all)
    }
}

/// The device that all of `tensors` are on. Numbers without dimensions may come from the host.
pub(crate) fn common_device(tensors: &[&Tensor]) -> Result<&'static dyn Device> {
    let Some(first) = tensors.first() else {
        return Err(Error::new(ErrorKind::Device, "an operation without operands needs a device"));
    };
    for other in &tensors[1..] {
        if !same_device(first.device(), other.device()) {
            bail!(
                Device,
                "Expected all tensors to be on the same device, but found at least two devices, {} and {}!",
                first.device().name(),
                other.device().name()
            );
        }
    }
    Ok(first.device())
}
