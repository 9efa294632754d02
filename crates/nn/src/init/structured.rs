//! Initial values with a structure: identities, orthogonal and sparse matrices.

use tensor::{Fill, Tensor, randperm};

/// A matrix of ones on the diagonal and zeros elsewhere.
///
/// # Panics
/// If the tensor is no matrix.
#[track_caller]
pub fn eye_(tensor: &Tensor) -> Tensor {
    assert!(tensor.ndim() == 2, "Only tensors with 2 dimensions are supported");
    let tensor = tensor.detach();
    let (rows, columns) = (tensor.size(0), tensor.size(1));
    tensor.fill_(0);
    tensor.i((..rows.min(columns) as i64, ..)).diagonal(0, 0, 1).fill_(1);
    tensor
}

/// A kernel of a convolution that hands its input on: as many channels as there are of both.
#[track_caller]
pub fn dirac_(tensor: &Tensor) -> Tensor {
    dirac_groups_(tensor, 1)
}

/// As [`dirac_`], for a convolution of several groups, each of which hands its input on.
///
/// # Panics
/// If the tensor has not 3 to 5 dimensions, or its first size does not divide by `groups`.
#[track_caller]
pub fn dirac_groups_(tensor: &Tensor, groups: usize) -> Tensor {
    let sizes = tensor.shape().to_vec();
    assert!((3..=5).contains(&sizes.len()), "Only tensors with 3, 4, or 5 dimensions are supported");
    assert!(groups > 0 && sizes[0].is_multiple_of(groups), "dim 0 must be divisible by groups");
    let tensor = tensor.detach();
    tensor.fill_(0);
    let outputs = sizes[0] / groups;
    for group in 0..groups {
        for channel in 0..outputs.min(sizes[1]) {
            let mut tap = tensor.select(0, (group * outputs + channel) as i64).select(0, channel as i64);
            for size in &sizes[2..] {
                tap = tap.select(0, (size / 2) as i64);
            }
            tap.fill_(1);
        }
    }
    tensor
}

/// A matrix whose rows or columns, whichever are fewer, are orthonormal, times `gain` (PyTorch's default is 1); further
/// dimensions count as columns. Saxe et al. (2013), "Exact solutions to the nonlinear dynamics of learning in deep linear neural
/// networks". The numbers drawn are PyTorch's; the result is up to rounding. Needs the feature `linalg`.
///
/// # Panics
/// If the tensor has fewer than two dimensions.
#[track_caller]
pub fn orthogonal_(tensor: &Tensor, gain: f64) -> Tensor {
    assert!(tensor.ndim() >= 2, "Only tensors with 2 or more dimensions are supported");
    let tensor = tensor.detach();
    if tensor.numel() == 0 {
        return tensor;
    }
    let rows = tensor.size(0);
    let columns = tensor.numel() / rows;
    let flat = tensor::empty_like(&tensor.reshape([rows, columns])).normal_(0.0, 1.0);
    let flat = if rows < columns { flat.t() } else { flat };
    let (q, r) = tensor::linalg::qr(&flat, tensor::linalg::QrMode::Reduced);
    // The signs make the distribution even.
    let q = &q * &r.diagonal(0, 0, 1).sign();
    let q = if rows < columns { q.t() } else { q };
    tensor.copy_(&q.reshape(tensor.shape()));
    tensor.mul_(gain)
}

/// A matrix whose columns have this share of zeros, rounded up, and normal numbers elsewhere; PyTorch's default deviation is
/// 0.01. Martens (2010), "Deep learning via Hessian-free optimization".
///
/// # Panics
/// If the tensor is no matrix.
#[track_caller]
pub fn sparse_(tensor: &Tensor, sparsity: f64, std: f64) -> Tensor {
    assert!(tensor.ndim() == 2, "Only tensors with 2 dimensions are supported");
    let tensor = tensor.detach();
    let (rows, columns) = (tensor.size(0), tensor.size(1));
    let zeros = (sparsity * rows as f64).ceil() as i64;
    tensor.normal_(0.0, std);
    for column in 0..columns {
        let chosen = randperm(rows).i(..zeros);
        tensor.select(1, column as i64).index_fill_(0, &chosen, 0);
    }
    tensor
}
