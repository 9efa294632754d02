//! Sizes that take several kernels, parts or dimensions of a grid.

use super::{both, gpu, numbers, own_gpu};
use sconce::{DType, Tensor};

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

/// Panics unless the tensors have the same bytes.
fn same_bytes(name: &str, ours: &Tensor, theirs: &Tensor) {
    let ours = ours.try_to_device(sconce::cpu()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(ours.eq(theirs).all().item::<bool>(), "{name}");
}

#[test]
fn tensors_of_more_bytes_than_a_kernel_sees() {
    let (Some(gpu), Some(own)) = (gpu(), own_gpu()) else { return };
    if own.info().bindable_bytes >= 160_000_000 {
        return;
    }
    let count = 40_000_003;
    let x = sconce::arange(count as i64).remainder(1009).to_dtype(DType::F32) - 500.0;
    let there = x.try_to_device(gpu).unwrap();
    same_bytes("add", &(&there + &there), &(&x + &x));
    same_bytes("scalar", &(&there * 0.5), &(&x * 0.5));
    same_bytes("copy", &there.clone_(), &x);
    same_bytes("cast", &there.to_dtype(DType::Bool), &x.to_dtype(DType::Bool));
    same_bytes("halves", &there.to_dtype(DType::F16), &x.to_dtype(DType::F16));
    same_bytes("comparison", &there.gt(3.0), &x.gt(3.0));
    let exp = |x: &Tensor| (x * 0.01).exp().narrow(0, 33_500_000, 100_000);
    super::compare(&exp(&there), &exp(&x), 1.0).expect("exp");
    // A part of the tensor that begins at no word's start, and a broadcast row.
    let bytes = there.to_dtype(DType::Bool).narrow(0, 3, 39_999_998).clone_();
    same_bytes("narrowed", &bytes, &x.to_dtype(DType::Bool).narrow(0, 3, 39_999_998));
    let part = |x: &Tensor| x.narrow(0, 1, 40_000_000).reshape([40_000, 1000]) + x.narrow(0, 5, 1000);
    same_bytes("broadcast", &part(&there), &part(&x));
    // In place.
    there.narrow(0, 2, count - 2).add_(1.0);
    x.narrow(0, 2, count - 2).add_(1.0);
    same_bytes("in place", &there, &x);
    there.fill_(2.5);
    x.fill_(2.5);
    same_bytes("fill", &there, &x);
    let error = there.try_cumsum(0).unwrap_err().to_string();
    assert!(error.contains("too large for the kernels") && error.contains("see at most"), "{error}");
}
