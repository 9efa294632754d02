//! What can be drawn as a row of numbers: slices, vectors, arrays and tensors. It knows no picture.

use tensor::{DType, Place, Tensor};

/// A row of numbers: `[f32]`, `[f64]`, `[usize]`, `[i64]`, vectors and arrays of these, tensors of any shape and dtype.
///
/// ```
/// use train::figures::Numbers;
/// assert_eq!([1.5f32, 2.0].numbers(), [1.5, 2.0]);
/// assert_eq!(tensor::tensor![[1, 2], [3, 4]].numbers(), [1.0, 2.0, 3.0, 4.0]);
/// ```
pub trait Numbers {
    /// The numbers, in order; a tensor's row by row.
    fn numbers(&self) -> Vec<f64>;
}

macro_rules! rows {
    ($($number:ty),*) => { $(
        impl Numbers for [$number] {
            fn numbers(&self) -> Vec<f64> {
                self.iter().map(|number| *number as f64).collect()
            }
        }
        impl<const N: usize> Numbers for [$number; N] {
            fn numbers(&self) -> Vec<f64> {
                self.as_slice().numbers()
            }
        }
        impl Numbers for Vec<$number> {
            fn numbers(&self) -> Vec<f64> {
                self.as_slice().numbers()
            }
        }
    )* };
}

rows!(f32, f64, usize, i64);

impl Numbers for Tensor {
    fn numbers(&self) -> Vec<f64> {
        self.detach().to(tensor::cpu()).to_dtype(DType::F64).to_vec()
    }
}

/// The smallest and the largest finite number.
pub fn extent(numbers: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = numbers.into_iter().filter(|number| number.is_finite());
    finite.fold(None, |extent, number| {
        let (low, high) = extent.unwrap_or((number, number));
        Some((low.min(number), high.max(number)))
    })
}
