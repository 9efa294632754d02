//! Tables of vectors by number, as a layer.

use super::{Creation, forward, python};
use crate::Module;
use tensor::{Fill, Gradient, Tensor, empty_with, python_float};

tensor::settings! {
    /// What an embedding takes beside its sizes.
    pub struct EmbeddingOptions {
        /// The number whose vector is zero when new and has no gradient; negative ones count from the end.
        padding_idx: into Option<i64> = None,
        /// Vectors of a larger norm are scaled down to it when they are looked up.
        max_norm: into Option<f64> = None,
        /// The power of that norm.
        norm_type: f64 = 2.0,
        /// Whether a vector's gradient is divided by how often its number occurs.
        scale_grad_by_freq: bool = false,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// A vector for each number: `torch.nn.Embedding`.
///
/// Weight (num_embeddings, embedding_dim) is drawn from the normal distribution.
///
/// ```
/// use nn::{Embedding, Forward};
/// use tensor::tensor;
/// let embedding = Embedding::with(10, 3, |embedding| embedding.padding_idx(0));
/// let y = embedding.forward(&tensor![[0, 2, 4, 5]]);
/// assert_eq!(y.shape(), &[1, 4, 3]);
/// assert_eq!(y.i((0, 0)).to_vec::<f32>(), [0.0; 3]);
/// assert_eq!(embedding.to_string(), "Embedding(10, 3, padding_idx=0)");
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Embedding {
    /// (num_embeddings, embedding_dim)
    pub weight: Tensor,
    #[skip]
    settings: EmbeddingOptions,
}

impl Embedding {
    /// Without padding.
    #[track_caller]
    pub fn new(num_embeddings: usize, embedding_dim: usize) -> Embedding {
        Embedding::with(num_embeddings, embedding_dim, |embedding| embedding)
    }

    /// With other settings than the default ones.
    ///
    /// # Panics
    /// If there is no such padding index.
    #[track_caller]
    pub fn with(
        num_embeddings: usize,
        embedding_dim: usize,
        settings: impl FnOnce(EmbeddingOptions) -> EmbeddingOptions,
    ) -> Embedding {
        let mut settings = settings(EmbeddingOptions::default());
        settings.padding_idx = padding(settings.padding_idx, num_embeddings, "Padding_idx");
        let weight = table(&[num_embeddings, embedding_dim], settings.padding_idx, settings.creation);
        Embedding { weight, settings }
    }

    /// With a weight from elsewhere, which is not trained (PyTorch's default; `requires_grad_` thaws it).
    ///
    /// ```
    /// use nn::{Embedding, Forward};
    /// use tensor::{Gradient, tensor};
    /// let embedding = Embedding::from_pretrained(&tensor![[1.0, 2.3, 3.0], [4.0, 5.1, 6.3]]);
    /// assert_eq!(embedding.forward(&tensor![1]).to_vec::<f32>(), [4.0, 5.1, 6.3]);
    /// assert!(!embedding.weight.requires_grad());
    /// ```
    #[track_caller]
    pub fn from_pretrained(embeddings: &Tensor) -> Embedding {
        Embedding::from_pretrained_with(embeddings, true, |embedding| embedding)
    }

    /// [`from_pretrained`](Embedding::from_pretrained) with other settings than the default ones.
    ///
    /// # Panics
    /// If the weight is no matrix.
    #[track_caller]
    pub fn from_pretrained_with(
        embeddings: &Tensor,
        freeze: bool,
        settings: impl FnOnce(EmbeddingOptions) -> EmbeddingOptions,
    ) -> Embedding {
        let mut settings = settings(EmbeddingOptions::default());
        let weight = pretrained(embeddings, freeze);
        settings.padding_idx = padding(settings.padding_idx, weight.size(0), "Padding_idx");
        Embedding { weight, settings }
    }

    fn extra_repr(&self) -> String {
        let padding = self.settings.padding_idx.map_or(String::new(), |index| format!(", padding_idx={index}"));
        format!("{}, {}{padding}{}", self.weight.size(0), self.weight.size(1), self.settings.norms())
    }
}

forward!(Embedding, |self, x| self.settings.lookup(x, &self.weight));

impl EmbeddingOptions {
    /// The printed form of what tables of all kinds have.
    pub(super) fn norms(&self) -> String {
        let mut text = self.max_norm.map_or(String::new(), |norm| format!(", max_norm={}", python_float(norm)));
        if self.norm_type != 2.0 {
            text += &format!(", norm_type={}", python_float(self.norm_type));
        }
        if self.scale_grad_by_freq {
            text += &format!(", scale_grad_by_freq={}", python(true));
        }
        text
    }

    /// The vectors of `numbers`.
    #[track_caller]
    pub(super) fn lookup(&self, numbers: &Tensor, weight: &Tensor) -> Tensor {
        if let Some(max_norm) = self.max_norm {
            renormalize(numbers, weight, max_norm, self.norm_type);
        }
        let vectors = numbers.embedding(weight, self.padding_idx);
        if self.scale_grad_by_freq && vectors.requires_grad() {
            let flat = numbers.reshape([-1]);
            let counts = flat.bincount(None, weight.size(0)).index_select(0, &flat);
            let counts = counts.reshape(numbers.shape()).unsqueeze(-1).to_dtype(weight.dtype());
            vectors.register_hook(move |grad| Some(grad / &counts));
        }
        vectors
    }
}

/// Scales down, in place, the vectors of `numbers` that are too long.
#[track_caller]
fn renormalize(numbers: &Tensor, weight: &Tensor, max_norm: f64, norm_type: f64) {
    let weight = weight.detach();
    let numbers = numbers.detach().unique();
    let vectors = weight.index_select(0, &numbers);
    let norms = vectors.norm_dim(norm_type, 1, true);
    // The summand is PyTorch's.
    let factors = norms.gt(max_norm).where_(&(max_norm / (&norms + 1e-7)), 1.0);
    weight.index_copy_(0, &numbers, &(vectors * factors));
}

/// A padding index counted from the start.
#[track_caller]
pub(super) fn padding(index: Option<i64>, count: usize, name: &str) -> Option<i64> {
    let count = count as i64;
    index.map(|index| {
        assert!((-count..count).contains(&index), "{name} must be within num_embeddings");
        index.rem_euclid(count)
    })
}

/// A new table.
#[track_caller]
pub(super) fn table(shape: &[usize], padding: Option<i64>, creation: Creation) -> Tensor {
    let weight = empty_with(shape, creation).normal_(0.0, 1.0);
    if let Some(index) = padding {
        weight.i(index).fill_(0);
    }
    crate::parameter(weight)
}

/// A table from elsewhere.
#[track_caller]
pub(super) fn pretrained(embeddings: &Tensor, freeze: bool) -> Tensor {
    assert!(embeddings.ndim() == 2, "Embeddings parameter is expected to be 2-dimensional");
    embeddings.detach().requires_grad_(!freeze)
}
