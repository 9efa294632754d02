//! New tensors: sizes, numbers and spans that cannot be.

use crate::names::*;

misuses! {
    "zeros(2, -1)" Value: zeros([2, -1]), try_zeros_with([2, -1], Options::new());
    "ones(-1)" Value: ones(-1), try_ones_with(-1, Options::new());
    "empty(3, -5)" Value: empty([3, -5]), try_empty_with([3, -5], Options::new());
    "full((2, -3), 1.0)" Value: full([2, -3], 1.0), try_full_with([2, -3], 1.0, Options::new());
    "zeros(2**40, 2**40)" Memory:
        zeros([1i64 << 40, 1i64 << 40]), try_zeros_with([1i64 << 40, 1i64 << 40], Options::new());
    "zeros(2**62)" Memory: zeros(1i64 << 62), try_zeros_with(1i64 << 62, Options::new());
    "ones(2**63 - 1)" Memory: ones(i64::MAX), try_ones_with(i64::MAX, Options::new());
    "empty(2**63 - 1, 2)" Memory: empty([i64::MAX, 2]), try_empty_with([i64::MAX, 2], Options::new());
    "zeros(0, 2**62, 4)" Memory: zeros([0, 1i64 << 62, 4]), try_zeros_with([0, 1i64 << 62, 4], Options::new());
    "eye(2**40)" Memory: eye(1usize << 40), try_eye_with(1usize << 40, Options::new());
    "full((2,), 300, dtype=uint8)" Value: full_with(2, 300, uint8), try_full_with(2, 300, uint8);
    "full((2,), -300, dtype=uint8)" Value: full_with(2, -300, uint8), try_full_with(2, -300, uint8);
    "full((2,), 200, dtype=int8)" Value: full_with(2, 200, int8), try_full_with(2, 200, int8);
    "full((2,), 2**40, dtype=int32)" Value: full_with(2, 1i64 << 40, int32), try_full_with(2, 1i64 << 40, int32);
    "full((2,), 1e300, dtype=float32)" Value: full_with(2, 1e300, float32), try_full_with(2, 1e300, float32);
    "full((2,), 70000.0, dtype=float16)" Value: full_with(2, 70000.0, float16), try_full_with(2, 70000.0, float16);
    "full((2,), 1e30, dtype=int64)" Value: full_with(2, 1e30, int64), try_full_with(2, 1e30, int64);
    "full((2,), nan, dtype=int64)" Value: full_with(2, f64::NAN, int64), try_full_with(2, f64::NAN, int64);
    "full((2,), inf, dtype=float16)" fine: full_with(2, f64::INFINITY, float16);
    "full_like(n(2).to(uint8), 300)" Value: full_like(&n([2]).to(uint8), 300), try_full_like_with(&n([2]).to(uint8), 300, Options::new());
    "full_like(f(2), 1e300)" Value: full_like(&f([2]), 1e300), try_full_like_with(&f([2]), 1e300, Options::new());
    "arange(0, 5, 0)" Value: arange((0, 5, 0)), try_arange_with((0, 5, 0), Options::new());
    "arange(5, 0)" Value: arange((5, 0)), try_arange_with((5, 0), Options::new());
    "arange(0, 5, -1)" Value: arange((0, 5, -1)), try_arange_with((0, 5, -1), Options::new());
    "arange(nan)" Value: arange(f64::NAN), try_arange_with(f64::NAN, Options::new());
    "arange(0.0, inf)" Value: arange((0.0, f64::INFINITY)), try_arange_with((0.0, f64::INFINITY), Options::new());
    "arange(0.0, 1.0, nan)" Value: arange((0.0, 1.0, f64::NAN)), try_arange_with((0.0, 1.0, f64::NAN), Options::new());
    "arange(0.0, 1.0, 1e-300)" Value: arange((0.0, 1.0, 1e-300)), try_arange_with((0.0, 1.0, 1e-300), Options::new());
    "arange(0, 2**62)" Memory: arange((0, 1i64 << 62)), try_arange_with((0, 1i64 << 62), Options::new());
    "arange(0, 300, dtype=uint8)" fine: arange_with((0, 300), uint8);
    "torch.range(0, 5, 0)" Value: range((0, 5, 0)), try_range_with((0, 5, 0), Options::new());
    "torch.range(5, 0)" Value: range((5, 0)), try_range_with((5, 0), Options::new());
    "torch.range(0.0, nan)" Value: range((0.0, f64::NAN)), try_range_with((0.0, f64::NAN), Options::new());
    "torch.range(0.0, 1.0, 1e-300)" Value:
        range((0.0, 1.0, 1e-300)), try_range_with((0.0, 1.0, 1e-300), Options::new());
    "linspace(0, 1, 2**62)" Memory:
        linspace(0.0, 1.0, 1usize << 62), try_linspace_with(0.0, 1.0, 1usize << 62, Options::new());
    "linspace(0, 1, 0)" fine: linspace(0.0, 1.0, 0);
    "tensor([[1, 2], [3]])" Shape:
        tensor(vec![vec![1, 2], vec![3]]), try_tensor_with(vec![vec![1, 2], vec![3]], Options::new());
    "tensor([[1], [2, 3]])" Shape:
        tensor(vec![vec![1], vec![2, 3]]), try_tensor_with(vec![vec![1], vec![2, 3]], Options::new());
    "tensor([[[1]], [[1, 2]]])" Shape:
        tensor(vec![vec![vec![1]], vec![vec![1, 2]]]),
        try_tensor_with(vec![vec![vec![1]], vec![vec![1, 2]]], Options::new());
    "tensor([[], [1]])" Shape: tensor([vec![], vec![1]]), try_tensor_with([vec![], vec![1]], Options::new());
    "tensor([[[1], [2]], [[3], [4, 5]]])" Shape:
        tensor(vec![vec![vec![1], vec![2]], vec![vec![3], vec![4, 5]]]),
        try_tensor_with(vec![vec![vec![1], vec![2]], vec![vec![3], vec![4, 5]]], Options::new());
    "tensor(300, dtype=uint8)" Value: tensor_with(300, uint8), try_tensor_with(300, uint8);
    "tensor([1, 300], dtype=int8)" Value: tensor_with(vec![1, 300], int8), try_tensor_with(vec![1, 300], int8);
    "tensor(-1, dtype=uint8)" fine: tensor_with(-1, uint8);
    "tensor(2**40, dtype=int32)" Value: tensor_with(1i64 << 40, int32), try_tensor_with(1i64 << 40, int32);
    "tensor(1e300)" fine: tensor(1e300);
    "tensor(1e30, dtype=int64)" Value: tensor_with(1e30, int64), try_tensor_with(1e30, int64);
    "tensor(2.5, dtype=int64)" fine: tensor_with(2.5, int64);
    "tensor(nan, dtype=int64)" Value: tensor_with(f64::NAN, int64), try_tensor_with(f64::NAN, int64);
    "tensor(inf, dtype=int32)" Value: tensor_with(f64::INFINITY, int32), try_tensor_with(f64::INFINITY, int32);
    "tensor(70000.0, dtype=float16)" fine: tensor_with(70000.0, float16);
    "tensor([1, 2], requires_grad=True)" Autograd:
        tensor_with(vec![1, 2], requires_grad()), try_tensor_with(vec![1, 2], requires_grad());
    "zeros(2, dtype=bool, requires_grad=True)" Autograd:
        zeros_with(2, Options::from(bool_).requires_grad(true)),
        try_zeros_with(2, Options::from(bool_).requires_grad(true));
    "f(2).to(dtype=int64).requires_grad_()" Autograd:
        f([2]).to(int64).requires_grad_(true), f([2]).to(int64).try_requires_grad_(true);
    "zeros(2**45)" Memory: zeros(1i64 << 45), try_zeros_with(1i64 << 45, Options::new());
    "full((2**60,), 1, dtype=uint8)" Memory: full_with(1i64 << 60, 1, uint8), try_full_with(1i64 << 60, 1, uint8);
    "arange(0, 2**45)" Memory: arange((0, 1i64 << 45)), try_arange_with((0, 1i64 << 45), Options::new());
    "torch.range(0, 2**45)" Memory: range((0, 1i64 << 45)), try_range_with((0, 1i64 << 45), Options::new());
    "linspace(0, 1, 2**45)" Memory:
        linspace(0.0, 1.0, 1usize << 45), try_linspace_with(0.0, 1.0, 1usize << 45, Options::new());
    "zeros([1] * 64)" fine: zeros([1; 64]);
    "zeros([1] * 65)" Dim: zeros([1; 65]), try_zeros_with([1; 65], Options::new());
    "zeros([1] * 63 + [0])" fine: zeros(many(0));
}
