//! Tensors whose first dimension counts the items. It knows nothing of what they mean.

use crate::dataset::gather;
use crate::{Collate, Dataset};
use tensor::Tensor;

/// One to four tensors, each item a row of each.
pub trait Tensors: Collate<Batch = Self> + Clone + Send + Sync + 'static {
    /// The tensors in order.
    fn tensors(&self) -> Vec<&Tensor>;
    /// Each tensor through `f`.
    fn each(&self, f: impl Fn(&Tensor) -> Tensor) -> Self;
}

macro_rules! tensors {
    ($($($name:ident $at:tt $ty:ident),+;)*) => { $(
        impl Tensors for ($($ty,)+) {
            fn tensors(&self) -> Vec<&Tensor> {
                vec![$(&self.$at),+]
            }
            fn each(&self, f: impl Fn(&Tensor) -> Tensor) -> Self {
                ($(f(&self.$at),)+)
            }
        }
    )* };
}
tensors! {
    a 0 Tensor;
    a 0 Tensor, b 1 Tensor;
    a 0 Tensor, b 1 Tensor, c 2 Tensor;
    a 0 Tensor, b 1 Tensor, c 2 Tensor, d 3 Tensor;
}

/// What [`TensorDataset::new`] takes: a tuple of tensors, or one tensor, which stands for a tuple of one.
pub trait IntoTensors {
    /// The tuple.
    type Tuple: Tensors;
    /// As a tuple.
    fn into_tensors(self) -> Self::Tuple;
}

impl<T: Tensors> IntoTensors for T {
    type Tuple = T;
    fn into_tensors(self) -> T {
        self
    }
}

impl IntoTensors for Tensor {
    type Tuple = (Tensor,);
    fn into_tensors(self) -> (Tensor,) {
        (self,)
    }
}

/// Tensors of equally many rows; item i is the tuple of their rows i. Nothing is copied: the set holds the tensors given.
///
/// ```
/// use data::{Dataset, TensorDataset};
/// use tensor::tensor;
/// let set = TensorDataset::new((tensor![[1.0, 2.0], [3.0, 4.0]], tensor![0, 1]));
/// assert_eq!(set.len(), 2);
/// let (x, y) = set.get(1);
/// assert_eq!(x.to_string(), "tensor([3., 4.])");
/// assert_eq!(y.to_string(), "tensor(1)");
/// ```
#[derive(Clone, Debug)]
pub struct TensorDataset<T> {
    tensors: T,
    len: usize,
}

impl<T: Tensors> TensorDataset<T> {
    /// A set of these tensors.
    ///
    /// # Panics
    /// If one has no dimension, or their first sizes differ.
    #[track_caller]
    pub fn new(tensors: impl IntoTensors<Tuple = T>) -> TensorDataset<T> {
        let tensors = tensors.into_tensors();
        let sizes: Vec<usize> = tensors.tensors().iter().map(|tensor| tensor.size(0)).collect();
        assert!(sizes.iter().all(|&size| size == sizes[0]), "Size mismatch between tensors");
        TensorDataset { tensors, len: sizes[0] }
    }

    /// The tensors.
    pub fn tensors(&self) -> &T {
        &self.tensors
    }
}

impl<T: Tensors> Dataset for TensorDataset<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.len
    }

    #[track_caller]
    fn get(&self, index: usize) -> T {
        self.tensors.each(|tensor| tensor.select(0, index as i64))
    }

    fn batch(&self, indices: &[usize]) -> T {
        self.tensors.each(|tensor| gather(tensor, indices))
    }
}
