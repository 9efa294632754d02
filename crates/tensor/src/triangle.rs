//! The positions of the elements of a triangle of a matrix.

use crate::{DType, Options, Tensor};
use tensor_core::{Result, or_panic};

macro_rules! triangles {
    ($($(#[$doc:meta])* $name:ident $with:ident $try_with:ident $upper:literal;)*) => { $(
        $(#[$doc])*
        #[track_caller]
        pub fn $name(rows: usize, columns: usize, offset: i64) -> Tensor {
            or_panic($try_with(rows, columns, offset, Options::new()))
        }

        #[doc = concat!("As [`", stringify!($name), "`], with options.")]
        #[track_caller]
        pub fn $with(rows: usize, columns: usize, offset: i64, options: impl Into<Options>) -> Tensor {
            or_panic($try_with(rows, columns, offset, options))
        }

        #[doc = concat!("As [`", stringify!($with), "`], but returns misuse as an error.")]
        pub fn $try_with(rows: usize, columns: usize, offset: i64, options: impl Into<Options>) -> Result<Tensor> {
            indices(rows, columns, offset, $upper, options.into())
        }
    )* };
}

triangles! {
    /// The rows and columns of the elements on and below a diagonal of a matrix, `[2, n]`, row by row.
    ///
    /// ```
    /// assert_eq!(tensor::tril_indices(2, 2, 0).to_vec::<i64>(), [0, 1, 1, 0, 0, 1]);
    /// ```
    tril_indices tril_indices_with try_tril_indices_with false;
    /// The rows and columns of the elements on and above a diagonal of a matrix, `[2, n]`, row by row.
    triu_indices triu_indices_with try_triu_indices_with true;
}

fn indices(rows: usize, columns: usize, offset: i64, upper: bool, options: Options) -> Result<Tensor> {
    let (mut at, mut across) = (vec![], vec![]);
    for row in 0..rows {
        let cross = (row as i64).saturating_add(offset).saturating_add(!upper as i64).clamp(0, columns as i64) as usize;
        let kept = if upper { cross..columns } else { 0..cross };
        at.extend(kept.clone().map(|_| row as i64));
        across.extend(kept.map(|column| column as i64));
    }
    let count = at.len();
    at.append(&mut across);
    Tensor::try_from_slice(&at, [2, count], options.place())?.try_to_dtype(options.dtype_or(DType::I64))
}
