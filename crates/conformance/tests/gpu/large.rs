//! Sizes that take several kernels, parts or dimensions of a grid.

use super::{both, numbers};
use sconce::DType;

#[test]
pub(super) fn long_reductions() {
    for shape in [[300_000usize, 1], [3, 100_000], [100_000, 3], [1, 70_001]] {
        let x = numbers(&shape, 1);
        both(&format!("{shape:?}"), &[x.clone()], 60.0, |t| {
            vec![t[0].sum(), t[0].mean_dim(0, false), t[0].var_dim(1, 0.0, false), t[0].amax(0, false), t[0].std()]
        });
        both("positions", &[(x * 50.0).to_dtype(DType::I32)], 1.0, |t| {
            vec![t[0].argmax(), t[0].argmin_dim(0, false), t[0].any(), t[0].sum_dim(0, false)]
        });
    }
}

#[test]
fn long_sorts_and_scans() {
    let x = (numbers(&[2, 5000], 3) * 100.0).round();
    both("sort", &[x.clone()], 1.0, |t| vec![t[0].detach().argsort(1, false), t[0].detach().argsort(1, true)]);
    both("sums", &[x.clone()], 10.0, |t| vec![t[0].cumsum(1)]);
    both("sums of whole numbers", &[x.to_dtype(DType::I64).reshape(10000)], 1.0, |t| vec![t[0].cumsum(0)]);
    both("median", &[x], 1.0, |t| vec![t[0].median_dim(1, false).values]);
}

#[test]
fn more_elements_than_one_dimension_of_a_grid_has_invocations() {
    let x = sconce::arange(17_000_000).remainder(251).to_dtype(DType::U8);
    both("bytes", &[x], 1.0, |t| vec![&t[0] + 3]);
    let x = numbers(&[65535 + 10, 1], 5).expand([65545, 260]);
    both("rows", &[x], 1.0, |t| vec![(&t[0] * 2.0).narrow(0, 65530, 15)]);
}
