//! Items drawn by weights, for sets whose classes are uneven.

use super::{Sampler, check_num_samples, lazily};
use tensor::{Generator, Place, Tensor, default_generator, dtype::float64, from_vec, or_panic, try_multinomial};

/// Items drawn with probabilities in proportion to their weights.
///
/// ```
/// use data::{Sampler, WeightedRandomSampler};
/// tensor::manual_seed(0);
/// let sampler = WeightedRandomSampler::new([0.0, 1.0, 0.0], 3, true);
/// assert_eq!(sampler.iter().collect::<Vec<_>>(), [1, 1, 1]);
/// ```
#[derive(Clone, Debug)]
pub struct WeightedRandomSampler {
    weights: Tensor,
    num_samples: usize,
    replacement: bool,
    generator: Option<Generator>,
}

impl WeightedRandomSampler {
    /// `num_samples` items by their `weights`, which need not sum to one, from the default generator.
    ///
    /// # Panics
    /// If no samples are asked for. An epoch panics where [`multinomial`](tensor::multinomial) does: with negative weights, or
    /// with fewer items than samples without replacement.
    #[track_caller]
    pub fn new(weights: impl Into<Vec<f64>>, num_samples: usize, replacement: bool) -> WeightedRandomSampler {
        let weights = weights.into();
        let count = weights.len();
        WeightedRandomSampler::of(&from_vec(weights, count), num_samples, replacement)
    }

    /// As [`new`](WeightedRandomSampler::new), with the weights in a tensor of one dimension.
    #[track_caller]
    pub fn of(weights: &Tensor, num_samples: usize, replacement: bool) -> WeightedRandomSampler {
        check_num_samples(num_samples);
        if weights.ndim() != 1 {
            let shape: Vec<String> = weights.shape().iter().map(|size| size.to_string()).collect();
            panic!("weights should be a 1d sequence but given weights have shape ({})", shape.join(", "));
        }
        WeightedRandomSampler { weights: weights.detach().to(float64), num_samples, replacement, generator: None }
    }

    /// The same, drawn by `generator`.
    #[must_use]
    pub fn generator(mut self, generator: &Generator) -> WeightedRandomSampler {
        self.generator = Some(generator.clone());
        self
    }
}

impl Sampler for WeightedRandomSampler {
    fn len(&self) -> usize {
        self.num_samples
    }

    fn iter(&self) -> Box<dyn Iterator<Item = usize> + Send + '_> {
        lazily(move || {
            let generator = self.generator.clone().unwrap_or_else(default_generator);
            let drawn = or_panic(try_multinomial(&self.weights, self.num_samples, self.replacement, &generator));
            drawn.to_vec::<i64>().into_iter().map(|index| index as usize)
        })
    }
}
