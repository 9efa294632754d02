//! Pools, paddings and folds of larger images in every dtype, with ties and NaN, of views too; forward and gradient.

use super::{compare, computes, gpu};
use sconce::{DType, Device, Gradient, Tensor};
use tensor_core::op::pool::{AvgPoolOptions, MaxPoolOptions};
use tensor_core::op::{FoldOptions, PadMode};

/// Few different numbers, so that there are ties; `holes` makes some of them NaN.
fn image(shape: &[usize], dtype: DType, holes: bool, device: &'static dyn Device) -> Tensor {
    let count: usize = shape.iter().product();
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % 1000
    };
    let numbers: Vec<f64> = (0..count)
        .map(|_| match next() {
            n if n < 60 && holes && dtype.is_floating_point() => f64::NAN,
            n => (n % 13) as f64 - if dtype == DType::U8 { 0.0 } else { 6.0 },
        })
        .collect();
    Tensor::from_vec(numbers, shape, sconce::cpu()).to_dtype(dtype).try_to_device(device).unwrap()
}

/// Runs on both devices, with the gradient where there is one.
fn check(name: &str, shape: &[usize], dtype: DType, holes: bool, factor: f64, run: impl Fn(&Tensor) -> Tensor) {
    let Some(gpu) = gpu() else { return };
    if !computes(gpu, dtype) {
        return;
    }
    let results = |device: &'static dyn Device| {
        let x = image(shape, dtype, holes, device).transpose(-1, -2).contiguous().transpose(-1, -2);
        if !dtype.is_floating_point() {
            return vec![run(&x)];
        }
        let x = x.requires_grad_(true);
        let y = run(&x);
        y.backward_from(&image(y.shape(), dtype, false, device));
        vec![y, x.grad().unwrap()]
    };
    for (i, (ours, theirs)) in results(gpu).iter().zip(&results(sconce::cpu())).enumerate() {
        compare(ours, theirs, factor).unwrap_or_else(|why| panic!("{name} {dtype} {i}: {why}"));
    }
}

const REAL: [DType; 4] = [DType::F32, DType::F16, DType::BF16, DType::F64];

#[test]
fn largest_elements_and_where_they_are() {
    for dtype in DType::ALL.into_iter().filter(|dtype| *dtype != DType::Bool) {
        for (kernel, stride, padding, dilation, ceil) in
            [(2, 2, 0, 1, false), (3, 2, 1, 1, true), (3, 1, 1, 2, false), (5, 3, 2, 1, true)]
        {
            let options = MaxPoolOptions {
                stride: Some(stride.into()),
                padding: padding.into(),
                dilation: dilation.into(),
                ceil_mode: ceil,
            };
            check("max_pool2d", &[3, 5, 31, 29], dtype, true, 1.0, |x| x.max_pool2d(kernel, options));
        }
    }
    let Some(gpu) = gpu() else { return };
    let places = |device| {
        image(&[2, 3, 40, 37], DType::F32, true, device).max_pool2d_with_indices(3, MaxPoolOptions::default()).1
    };
    compare(&places(gpu), &places(sconce::cpu()), 1.0).unwrap();
    for size in [[5, 7], [40, 37], [61, 3]] {
        check("adaptive_max_pool2d", &[2, 3, 40, 37], DType::F32, true, 1.0, |x| x.adaptive_max_pool2d(size));
    }
}

#[test]
fn means_of_windows() {
    for dtype in REAL {
        for (kernel, stride, padding, ceil, counts, divisor) in [
            (2, 2, 0, false, true, None),
            (3, 2, 1, true, true, None),
            (3, 2, 1, true, false, None),
            (4, 1, 2, false, true, Some(-3)),
        ] {
            let options = AvgPoolOptions {
                stride: Some(stride.into()),
                padding: padding.into(),
                ceil_mode: ceil,
                count_include_pad: counts,
                divisor_override: divisor,
            };
            check("avg_pool2d", &[3, 5, 31, 29], dtype, false, 4.0, |x| x.avg_pool2d(kernel, options));
        }
        for size in [[5, 7], [40, 37], [61, 3]] {
            check("adaptive_avg_pool2d", &[2, 3, 40, 37], dtype, false, 4.0, |x| x.adaptive_avg_pool2d(size));
        }
    }
}

#[test]
fn paddings_of_every_dtype() {
    for dtype in DType::ALL {
        check("constant", &[3, 4, 17, 19], dtype, false, 1.0, |x| x.pad([3, -2, -1, 4, 2, 0], 1));
        check("circular", &[3, 4, 17, 19], dtype, false, 4.0, |x| x.pad([9, 3, 17, 5], PadMode::Circular));
        if dtype != DType::Bool {
            check("reflect", &[3, 4, 17, 19], dtype, false, 4.0, |x| x.pad([9, 3, 16, 5], PadMode::Reflect));
            check("replicate", &[3, 4, 17, 19], dtype, false, 4.0, |x| x.pad([9, 3, -3, 50], PadMode::Replicate));
        }
    }
}

#[test]
fn columns_and_images() {
    let options = FoldOptions { dilation: [2, 1].into(), padding: [1, 2].into(), stride: [1, 3].into() };
    for dtype in REAL {
        check("unfold", &[3, 5, 31, 29], dtype, true, 4.0, |x| x.unfold_windows([3, 4], options));
        check("fold", &[3, 60, 290], dtype, false, 4.0, |x| x.fold([31, 29], [3, 4], options));
    }
}

#[test]
fn joins_of_every_dtype() {
    let Some(gpu) = gpu() else { return };
    for dtype in DType::ALL.into_iter().filter(|dtype| computes(gpu, *dtype)) {
        let run = |device: &'static dyn Device| {
            let (a, b) = (image(&[7, 5, 3], dtype, false, device), image(&[7, 2, 3], dtype, false, device));
            let wide = image(&[3, 129, 65], dtype, false, device);
            vec![
                sconce::cat(&[&a, &b, &a.narrow(1, 1, 3)], 1),
                sconce::cat(&[&a.transpose(0, 2), &a.transpose(0, 2)], 0),
                wide.roll([5, -3], [1, 2]),
                wide.transpose(0, 2).roll(7, ()),
                wide.flip([0, 2]),
                wide.transpose(1, 2).flip(1),
            ]
        };
        for (i, (ours, theirs)) in run(gpu).iter().zip(&run(sconce::cpu())).enumerate() {
            compare(ours, theirs, 1.0).unwrap_or_else(|why| panic!("{dtype} {i}: {why}"));
        }
    }
}
