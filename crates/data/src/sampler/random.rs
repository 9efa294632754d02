//! Items in random order, of a whole set or of chosen ones, with PyTorch's draws.

use super::{Length, Sampler, check_num_samples, lazily};
use crate::subset::permutation;
use tensor::{Draw, Generator, default_generator};

tensor::settings! {
    /// What a [`RandomSampler`] takes beside its source.
    pub struct RandomSamplerOptions {
        /// Whether an item may come again before all others have come.
        replacement: bool = false,
        /// How many items an epoch has; those of the source unless given.
        num_samples: into Option<usize> = None::<usize>,
        /// What draws; a new generator each epoch unless given, whose seed the default one gives.
        generator: into Option<Generator> = None::<Generator>,
    }
}

/// Items in random order: each once, or drawn with replacement.
///
/// Without a generator of its own each epoch takes one seed from the default generator. With one, an epoch that is read to its
/// end draws one permutation more than it uses, as PyTorch's does.
///
/// ```
/// use data::{RandomSampler, Sampler};
/// let generator = tensor::Generator::new().manual_seed(0);
/// let sampler = RandomSampler::with(10, |s| s.generator(generator));
/// assert_eq!(sampler.iter().collect::<Vec<_>>(), [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct RandomSampler {
    n: usize,
    num_samples: usize,
    options: RandomSamplerOptions,
}

impl RandomSampler {
    /// Each item of `source` once.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn new(source: impl Length) -> RandomSampler {
        RandomSampler::with(source, |s| s)
    }

    /// Items of `source` as the settings say.
    ///
    /// # Panics
    /// If there are none.
    #[track_caller]
    pub fn with(
        source: impl Length,
        settings: impl FnOnce(RandomSamplerOptions) -> RandomSamplerOptions,
    ) -> RandomSampler {
        let options = settings(RandomSamplerOptions::default());
        let n = source.length();
        let num_samples = options.num_samples.unwrap_or(n);
        check_num_samples(num_samples);
        RandomSampler { n, num_samples, options }
    }
}

/// How many numbers are drawn at once with replacement.
const BLOCK: usize = 32;

impl Sampler for RandomSampler {
    fn len(&self) -> usize {
        self.num_samples
    }

    fn iter(&self) -> Box<dyn Iterator<Item = usize> + Send + '_> {
        let (n, wanted) = (self.n, self.num_samples);
        lazily(move || {
            let generator = match &self.options.generator {
                Some(generator) => generator.clone(),
                None => Generator::new().manual_seed(random_seed(&default_generator())),
            };
            let block = if self.options.replacement { BLOCK } else { n };
            (0..=wanted / block).flat_map(move |i| {
                let size = if i < wanted / block { block } else { wanted % block };
                if self.options.replacement {
                    let numbers = generator.randint(0, n as i64, size).to_vec::<i64>();
                    numbers.into_iter().map(|index| index as usize).collect::<Vec<_>>()
                } else {
                    // The last permutation is drawn whole, even if nothing of it is used.
                    let mut numbers = permutation(n, &generator);
                    numbers.truncate(size);
                    numbers
                }
            })
        })
    }
}

/// A whole number from 0 to 2^63 − 1, as `random_()` without bounds fills an `int64` tensor.
pub(crate) fn random_seed(generator: &Generator) -> u64 {
    generator.lock().next_u64() & i64::MAX as u64
}

/// Chosen items in random order, each once.
///
/// ```
/// use data::{Sampler, SubsetRandomSampler};
/// tensor::manual_seed(0);
/// let sampler = SubsetRandomSampler::new([10, 20, 30]);
/// assert_eq!(sampler.iter().collect::<Vec<_>>(), [30, 10, 20]);
/// ```
#[derive(Clone, Debug)]
pub struct SubsetRandomSampler {
    indices: Vec<usize>,
    generator: Option<Generator>,
}

impl SubsetRandomSampler {
    /// The items at `indices`, shuffled by the default generator.
    pub fn new(indices: impl Into<Vec<usize>>) -> SubsetRandomSampler {
        SubsetRandomSampler { indices: indices.into(), generator: None }
    }

    /// As [`new`](SubsetRandomSampler::new), shuffled by `generator`.
    pub fn with_generator(indices: impl Into<Vec<usize>>, generator: &Generator) -> SubsetRandomSampler {
        SubsetRandomSampler { indices: indices.into(), generator: Some(generator.clone()) }
    }
}

impl Sampler for SubsetRandomSampler {
    fn len(&self) -> usize {
        self.indices.len()
    }

    fn iter(&self) -> Box<dyn Iterator<Item = usize> + Send + '_> {
        lazily(move || {
            let generator = self.generator.clone().unwrap_or_else(default_generator);
            permutation(self.indices.len(), &generator).into_iter().map(|at| self.indices[at])
        })
    }
}
