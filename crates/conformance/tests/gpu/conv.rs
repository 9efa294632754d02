//! Convolutions of a hundred channels and more, forward and both gradients, against the CPU: all tiles of results, whole and
//! partial, sums in parts, groups. The numbers are small and whole, so that no sum rounds.

use super::{compare, computes, gpu};
use sconce::{DType, Device, Gradient, Tensor};
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions};

fn whole(shape: &[usize], dtype: DType, seed: i64, device: &'static dyn Device) -> Tensor {
    let count: usize = shape.iter().product();
    let numbers: Vec<i64> = (0..count as i64).map(|i| (i * 7919 + seed * 104_729) % 1013 % 5 - 2).collect();
    Tensor::from_vec(numbers, shape, sconce::cpu()).to_dtype(dtype).try_to_device(device).unwrap()
}

type Call = fn(&Tensor, &Tensor, Option<&Tensor>, i64, i64, i64, i64) -> Tensor;

fn options(stride: i64, padding: i64, dilation: i64, groups: i64) -> ConvOptions {
    ConvOptions { stride: stride.into(), padding: padding.into(), dilation: dilation.into(), groups }
}

fn check(call: Call, x: &[usize], weight: &[usize], numbers: [i64; 4], bias: usize) {
    let Some(gpu) = gpu() else { return };
    let [stride, padding, dilation, groups] = numbers;
    for dtype in [DType::F32, DType::F16, DType::BF16, DType::F64, DType::I64] {
        if !computes(gpu, dtype) {
            continue;
        }
        let run = |device: &'static dyn Device| {
            let (x, weight) = (whole(x, dtype, 1, device), whole(weight, dtype, 2, device));
            let bias = whole(&[bias], dtype, 3, device);
            if !dtype.is_floating_point() {
                return vec![call(&x, &weight, None, stride, padding, dilation, groups)];
            }
            // Not row-major: what is not must be found all the same.
            let (x, weight) = (x.transpose(-1, -2).contiguous().transpose(-1, -2), weight.requires_grad_(true));
            let x = x.requires_grad_(true);
            let y = call(&x, &weight, Some(&bias), stride, padding, dilation, groups);
            y.backward_from(&whole(y.shape(), dtype, 4, device));
            vec![y, x.grad().unwrap(), weight.grad().unwrap()]
        };
        for (i, (ours, theirs)) in run(gpu).iter().zip(&run(sconce::cpu())).enumerate() {
            compare(ours, theirs, 1.0).unwrap_or_else(|why| panic!("{x:?} {weight:?} {numbers:?} {dtype} {i}: {why}"));
        }
    }
}

#[test]
fn convolutions_of_many_channels() {
    let conv2: Call = |x, weight, bias, s, p, d, g| x.conv2d(weight, bias, options(s, p, d, g));
    for (x, weight, numbers) in [
        ([2, 130, 9, 11], [70, 130, 3, 3], [1, 1, 1, 1]),
        ([3, 128, 8, 8], [130, 64, 3, 2], [2, 1, 1, 2]),
        ([1, 96, 14, 13], [128, 96, 1, 1], [1, 0, 1, 1]),
        ([2, 100, 17, 12], [100, 1, 3, 3], [1, 1, 2, 100]),
        ([5, 3, 33, 32], [66, 3, 7, 7], [2, 3, 1, 1]),
        ([4, 16, 40, 39], [32, 16, 3, 3], [1, 1, 1, 1]),
        ([4, 32, 21, 20], [16, 32, 5, 5], [1, 2, 1, 1]),
        ([2, 24, 19, 18], [20, 12, 2, 2], [2, 0, 1, 2]),
    ] {
        check(conv2, &x, &weight, numbers, weight[0]);
    }
}

#[test]
fn convolutions_of_one_and_three_dimensions() {
    let conv1: Call = |x, weight, bias, s, p, d, g| x.conv1d(weight, bias, options(s, p, d, g));
    check(conv1, &[3, 110, 203], &[72, 110, 5], [3, 2, 2, 1], 72);
    let conv3: Call = |x, weight, bias, s, p, d, g| x.conv3d(weight, bias, options(s, p, d, g));
    check(conv3, &[2, 20, 7, 9, 8], &[40, 20, 3, 3, 2], [2, 1, 1, 1], 40);
}

#[test]
fn transposed_convolutions_of_many_channels() {
    let transposed: Call = |x, weight, bias, s, p, d, g| {
        let options = ConvTransposeOptions {
            stride: s.into(),
            padding: p.into(),
            dilation: d.into(),
            groups: g,
            output_padding: 1.into(),
        };
        x.conv_transpose2d(weight, bias, options)
    };
    check(transposed, &[2, 130, 6, 7], &[130, 35, 3, 4], [2, 1, 1, 2], 70);
}
