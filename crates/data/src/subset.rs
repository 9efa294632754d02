//! Parts of a data set: chosen items, and splits at random. It knows nothing of the items.

use crate::{Collate, Dataset};
use tensor::{Draw, Generator, default_generator};

/// The items of a set at chosen numbers, in their order.
///
/// ```
/// use data::{Dataset, Subset};
/// let part = Subset::new(vec!['a', 'b', 'c', 'd'], [3, 1]);
/// assert_eq!((part.len(), part.get(0), part.get(1)), (2, 'd', 'b'));
/// ```
#[derive(Clone, Debug)]
pub struct Subset<D> {
    dataset: D,
    indices: Vec<usize>,
}

impl<D: Dataset> Subset<D> {
    /// The items of `dataset` at `indices`.
    pub fn new(dataset: D, indices: impl Into<Vec<usize>>) -> Subset<D> {
        Subset { dataset, indices: indices.into() }
    }

    /// The whole set.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }

    /// The numbers of the items in the whole set.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }
}

impl<D: Dataset> Dataset for Subset<D> {
    type Item = D::Item;

    fn len(&self) -> usize {
        self.indices.len()
    }

    #[track_caller]
    fn get(&self, index: usize) -> D::Item {
        self.dataset.get(self.indices[index])
    }

    fn batch(&self, indices: &[usize]) -> <D::Item as Collate>::Batch
    where
        D::Item: Collate,
    {
        self.dataset.batch(&indices.iter().map(|&index| self.indices[index]).collect::<Vec<_>>())
    }
}

/// How much of a set a part takes: a number of items, or a fraction.
pub trait PartLength: Copy {
    /// The numbers of items that parts of these lengths take of `total`.
    fn sizes(parts: &[Self], total: usize) -> Vec<usize>;
}

macro_rules! counts {
    ($($int:ty)*) => { $(
        impl PartLength for $int {
            #[track_caller]
            fn sizes(parts: &[$int], _: usize) -> Vec<usize> {
                parts.iter().map(|&part| usize::try_from(part).expect("a length is not negative")).collect()
            }
        }
    )* };
}
counts!(i32 i64 u32 usize);

/// Fractions: of each the whole items, and what remains one by one from the first part on.
impl PartLength for f64 {
    #[track_caller]
    fn sizes(parts: &[f64], total: usize) -> Vec<usize> {
        let sum: f64 = parts.iter().sum();
        // PyTorch takes a sum that is not 1 for lengths, and these do not sum to the set's.
        if sum > 1.0 || (sum - 1.0).abs() > 1e-9 {
            panic!("Sum of input lengths does not equal the length of the input dataset!");
        }
        let mut sizes = vec![];
        for (i, &part) in parts.iter().enumerate() {
            assert!((0.0..=1.0).contains(&part), "Fraction at index {i} is not between 0 and 1");
            sizes.push((total as f64 * part).floor() as usize);
        }
        let remainder = total - sizes.iter().sum::<usize>();
        (0..remainder).for_each(|i| sizes[i % parts.len()] += 1);
        sizes
    }
}

/// Splits a set at random into parts of the given lengths or fractions, with the default generator: the same seed splits as
/// PyTorch's does.
///
/// ```
/// use data::{Dataset, random_split};
/// tensor::manual_seed(0);
/// let [train, validation] = random_split(&vec![0; 10], [0.8, 0.2]);
/// assert_eq!((train.len(), validation.len()), (8, 2));
/// assert_eq!(train.indices(), [4, 1, 7, 5, 3, 9, 0, 8]);
/// ```
///
/// # Panics
/// If lengths do not sum to the set's, or fractions not to 1.
#[track_caller]
pub fn random_split<D: Dataset + Clone, L: PartLength, const N: usize>(dataset: &D, lengths: [L; N]) -> [Subset<D>; N] {
    random_split_with(dataset, lengths, &default_generator())
}

/// As [`random_split`], with a generator of one's own.
#[track_caller]
pub fn random_split_with<D: Dataset + Clone, L: PartLength, const N: usize>(
    dataset: &D,
    lengths: [L; N],
    generator: &Generator,
) -> [Subset<D>; N] {
    let sizes = L::sizes(&lengths, dataset.len());
    if sizes.iter().sum::<usize>() != dataset.len() {
        panic!("Sum of input lengths does not equal the length of the input dataset!");
    }
    let order = permutation(dataset.len(), generator);
    let mut rest = &order[..];
    std::array::from_fn(|i| {
        let (own, others) = rest.split_at(sizes[i]);
        rest = others;
        Subset::new(dataset.clone(), own)
    })
}

/// The numbers below `n` in random order.
pub(crate) fn permutation(n: usize, generator: &Generator) -> Vec<usize> {
    generator.randperm(n).to_vec::<i64>().into_iter().map(|index| index as usize).collect()
}
