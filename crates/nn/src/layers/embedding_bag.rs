//! Sums, means and maxima of vectors by number, as a layer.

use super::embedding::{padding, pretrained, table};
use super::{Creation, EmbeddingOptions};
use crate::{Module, observe};
use tensor::{Options, Tensor, cat, full_with, zeros_with};

/// What becomes of the vectors of a bag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BagMode {
    /// Their sum.
    Sum,
    /// Their mean.
    #[default]
    Mean,
    /// Their maximum.
    Max,
}

tensor::settings! {
    /// What an embedding of bags takes beside its sizes.
    pub struct EmbeddingBagOptions {
        /// Vectors of a larger norm are scaled down to it when they are looked up.
        max_norm: into Option<f64> = None,
        /// The power of that norm.
        norm_type: f64 = 2.0,
        /// Whether a vector's gradient is divided by how often its number occurs.
        scale_grad_by_freq: bool = false,
        /// What becomes of the vectors of a bag.
        mode: BagMode = BagMode::Mean,
        /// Whether the last offset is where the last bag ends, not where another one starts.
        include_last_offset: bool = false,
        /// The number that does not count; negative ones count from the end.
        padding_idx: into Option<i64> = None,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// The sum, mean or maximum of each bag of vectors: `torch.nn.EmbeddingBag`.
///
/// Weight (num_embeddings, embedding_dim) is drawn from the normal distribution.
///
/// ```
/// use nn::{BagMode, EmbeddingBag};
/// use tensor::tensor;
/// let bags = EmbeddingBag::with(10, 3, |bags| bags.mode(BagMode::Sum));
/// // Two bags, of which the second starts at the fifth number.
/// let y = bags.forward(&tensor![1, 2, 4, 5, 4, 3, 2, 9], Some(&tensor![0, 4]), None);
/// assert_eq!(y.shape(), &[2, 3]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct EmbeddingBag {
    /// (num_embeddings, embedding_dim)
    pub weight: Tensor,
    #[skip]
    table: EmbeddingOptions,
    #[skip]
    mode: BagMode,
    include_last_offset: bool,
}

impl EmbeddingBag {
    /// Of means.
    #[track_caller]
    pub fn new(num_embeddings: usize, embedding_dim: usize) -> EmbeddingBag {
        EmbeddingBag::with(num_embeddings, embedding_dim, |bags| bags)
    }

    /// With other settings than the default ones.
    ///
    /// # Panics
    /// If there is no such padding index.
    #[track_caller]
    pub fn with(
        num_embeddings: usize,
        embedding_dim: usize,
        settings: impl FnOnce(EmbeddingBagOptions) -> EmbeddingBagOptions,
    ) -> EmbeddingBag {
        let settings = settings(EmbeddingBagOptions::default());
        let index = padding(settings.padding_idx, num_embeddings, "padding_idx");
        let weight = table(&[num_embeddings, embedding_dim], index, settings.creation);
        EmbeddingBag::of(weight, settings)
    }

    /// With a weight from elsewhere, which is trained unless `freeze`.
    ///
    /// # Panics
    /// If the weight is no matrix or there is no such padding index.
    #[track_caller]
    pub fn from_pretrained(
        embeddings: &Tensor,
        freeze: bool,
        settings: impl FnOnce(EmbeddingBagOptions) -> EmbeddingBagOptions,
    ) -> EmbeddingBag {
        EmbeddingBag::of(pretrained(embeddings, freeze), settings(EmbeddingBagOptions::default()))
    }

    #[track_caller]
    fn of(weight: Tensor, settings: EmbeddingBagOptions) -> EmbeddingBag {
        let EmbeddingBagOptions {
            max_norm,
            norm_type,
            scale_grad_by_freq,
            mode,
            include_last_offset,
            padding_idx,
            creation,
        } = settings;
        let padding_idx = padding(padding_idx, weight.size(0), "padding_idx");
        let table = EmbeddingOptions { padding_idx, max_norm, norm_type, scale_grad_by_freq, creation };
        EmbeddingBag { weight, table, mode, include_last_offset }
    }

    /// A row for each bag. Bags are the rows of a matrix of numbers, or start at `offsets` in a vector of numbers. With
    /// `per_sample_weights`, of the numbers' shape, the vectors are scaled before they are summed.
    ///
    /// # Panics
    /// If the arguments do not fit together, with PyTorch's text.
    #[track_caller]
    pub fn forward(&self, input: &Tensor, offsets: Option<&Tensor>, per_sample_weights: Option<&Tensor>) -> Tensor {
        if let Some(weights) = per_sample_weights {
            assert!(
                weights.shape() == input.shape(),
                "embedding_bag: If per_sample_weights (torch.Size({:?})) is not None, then it must have the same shape as the input \
                 (torch.Size({:?}))",
                weights.shape(),
                input.shape()
            );
        }
        let ends = self.ends(input, offsets);
        assert!(
            self.mode != BagMode::Max || !self.table.scale_grad_by_freq,
            "max mode does not support scaling the gradient by the frequency"
        );
        let mode = format!("{:?}", self.mode).to_lowercase();
        assert!(
            per_sample_weights.is_none() || self.mode == BagMode::Sum,
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got \
             mode='{mode}'). Please open a feature request on GitHub."
        );
        let numbers = input.reshape([-1]);
        let mut vectors = self.table.lookup(&numbers, &self.weight);
        if let Some(weights) = per_sample_weights {
            vectors = vectors * weights.reshape([-1, 1]);
        }
        let skipped = match self.table.padding_idx {
            Some(index) => numbers.eq(index).to_vec::<bool>(),
            None => vec![false; numbers.numel()],
        };
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let kept = |(start, end): (usize, &usize)| (start..*end).filter(|place| !skipped[*place]).collect();
        let bags: Vec<Vec<usize>> = starts.zip(&ends).map(kept).collect();
        observe(self, input, self.reduced(&vectors, &bags))
    }

    /// Where each bag ends in the row of all numbers.
    #[track_caller]
    fn ends(&self, input: &Tensor, offsets: Option<&Tensor>) -> Vec<usize> {
        let offsets = match (input.ndim(), offsets) {
            (1, Some(offsets)) => offsets,
            (1, None) => panic!("offsets has to be a 1D Tensor but got None"),
            (2, None) => return (1..=input.size(0)).map(|bag| bag * input.size(1)).collect(),
            (2, Some(_)) => panic!(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. \
                 However, found offsets of type <class 'torch.Tensor'>"
            ),
            (rank, _) => panic!("input has to be 1D or 2D Tensor, but got Tensor of dimension {rank}"),
        };
        assert!(offsets.ndim() == 1, "offsets has to be a 1D Tensor");
        let starts = offsets.to_vec::<i64>();
        assert!(
            starts.first().is_none_or(|first| *first == 0),
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got {}",
            starts[0]
        );
        let last = starts.last().copied().unwrap_or(0);
        let count = input.numel() as i64;
        assert!(
            last <= count,
            "offsets[-1] can not be greater than input's length {count} but got offsets[-1] of {last}"
        );
        assert!(starts.windows(2).all(|pair| pair[0] <= pair[1]), "Expected offsets that do not fall, got {starts:?}");
        let end = (!self.include_last_offset).then_some(count);
        starts.into_iter().skip(1).chain(end).map(|end| end as usize).collect()
    }

    /// One row for each bag of rows.
    #[track_caller]
    fn reduced(&self, vectors: &Tensor, bags: &[Vec<usize>]) -> Tensor {
        let (width, device) = (vectors.size(1), vectors.device());
        let options = Options::from(vectors.dtype()).device(device);
        let positions = |values: Vec<i64>| Tensor::from_vec(values.clone(), [values.len()], device);
        if self.mode == BagMode::Max {
            // Bags in rows of one length, with what is less than all behind the last.
            let longest = bags.iter().map(Vec::len).max().unwrap_or(0).max(1);
            let least = full_with([1, width], f64::NEG_INFINITY, options);
            let place = |bag: &Vec<usize>, i: usize| bag.get(i).map_or(vectors.size(0), |place| *place) as i64;
            let places = bags.iter().flat_map(|bag| (0..longest).map(move |i| place(bag, i)));
            let rows = cat(&[vectors.clone(), least], 0).index_select(0, &positions(places.collect()));
            let largest = rows.view([bags.len(), longest, width]).max_dim(1, false).values;
            let empty: Vec<bool> = bags.iter().map(Vec::is_empty).collect();
            return largest.masked_fill(&Tensor::from_vec(empty, [bags.len(), 1], device), 0.0);
        }
        let places = positions(bags.iter().flatten().map(|place| *place as i64).collect());
        let owners = bags.iter().enumerate().flat_map(|(i, bag)| std::iter::repeat_n(i as i64, bag.len()));
        let owners = positions(owners.collect());
        let sums = zeros_with([bags.len(), width], options).index_add(0, &owners, &vectors.index_select(0, &places));
        if self.mode == BagMode::Sum {
            return sums;
        }
        let counts: Vec<f64> = bags.iter().map(|bag| bag.len().max(1) as f64).collect();
        sums / Tensor::from_vec(counts, [bags.len(), 1], device).to_dtype(vectors.dtype())
    }

    fn extra_repr(&self) -> String {
        let padding = self.table.padding_idx.map_or(String::new(), |index| format!(", padding_idx={index}"));
        let mode = format!("{:?}", self.mode).to_lowercase();
        let norms = self.table.norms();
        format!("{}, {}{norms}, mode='{mode}'{padding}", self.weight.size(0), self.weight.size(1))
    }
}
