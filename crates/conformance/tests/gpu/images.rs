//! Images in other sizes and at places of a grid, larger than the database's, forward and gradients.

use super::{compare, computes, gpu};
use sconce::{DType, Device, Gradient, Tensor};
use tensor_core::op::sample::{SampleMode, SamplePadding};
use tensor_core::op::{GridSample, Interpolate, InterpolateMode};

fn numbers(shape: &[usize], range: f64, dtype: DType, seed: u64, device: &'static dyn Device) -> Tensor {
    let count: usize = shape.iter().product();
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / (1u64 << 31) as f64 * 2.0 - 1.0
    };
    let list: Vec<f64> = (0..count).map(|_| next() * range).collect();
    Tensor::from_vec(list, shape, sconce::cpu()).to_dtype(dtype).try_to_device(device).unwrap()
}

fn both(what: &str, dtype: DType, factor: f64, run: impl Fn(&'static dyn Device) -> Vec<Tensor>) {
    let Some(gpu) = gpu() else { return };
    if computes(gpu, dtype) {
        for (i, (ours, theirs)) in run(gpu).iter().zip(&run(sconce::cpu())).enumerate() {
            compare(ours, theirs, factor).unwrap_or_else(|why| panic!("{what} {dtype} {i}: {why}"));
        }
    }
}

#[test]
fn sizes_up_and_down() {
    for dtype in [DType::F32, DType::F16, DType::F64] {
        for (mode, align) in [
            (InterpolateMode::Nearest, None),
            (InterpolateMode::NearestExact, None),
            (InterpolateMode::Bilinear, Some(false)),
            (InterpolateMode::Bilinear, Some(true)),
            (InterpolateMode::Bicubic, Some(false)),
            (InterpolateMode::Bicubic, Some(true)),
        ] {
            for size in [[61, 19], [31, 58], [7, 100], [1, 1], [62, 29]] {
                let options =
                    Interpolate { size: Some(size.into()), mode, align_corners: align, ..Interpolate::default() };
                both(&format!("{mode:?} {size:?}"), dtype, 40.0, |device| {
                    let x = numbers(&[2, 3, 31, 29], 1.0, dtype, 1, device).requires_grad_(true);
                    let y = x.interpolate(options);
                    y.backward_from(&numbers(y.shape(), 1.0, dtype, 2, device));
                    vec![y, x.grad().unwrap()]
                });
            }
            for factor in [0.7, 1.03, 2.6] {
                let scale_factor = Some([factor, 1.9].into());
                let options = Interpolate { scale_factor, mode, align_corners: align, ..Interpolate::default() };
                both(&format!("{mode:?} {factor}"), dtype, 40.0, |device| {
                    let x = numbers(&[2, 3, 31, 29], 1.0, dtype, 1, device).requires_grad_(true);
                    let y = x.interpolate(options);
                    y.backward_from(&numbers(y.shape(), 1.0, dtype, 2, device));
                    vec![y, x.grad().unwrap()]
                });
            }
        }
    }
}

#[test]
fn places_inside_and_outside() {
    for mode in [SampleMode::Bilinear, SampleMode::Nearest, SampleMode::Bicubic] {
        for padding_mode in [SamplePadding::Zeros, SamplePadding::Border, SamplePadding::Reflection] {
            for align_corners in [false, true] {
                let options = GridSample { mode, padding_mode, align_corners };
                both(&format!("{options:?}"), DType::F32, 40.0, |device| {
                    let x = numbers(&[2, 3, 31, 29], 1.0, DType::F32, 1, device).requires_grad_(true);
                    let grid = numbers(&[2, 40, 53, 2], 1.7, DType::F32, 2, device).requires_grad_(true);
                    let y = x.grid_sample(&grid, options);
                    y.backward_from(&numbers(y.shape(), 1.0, DType::F32, 3, device));
                    vec![y, x.grad().unwrap(), grid.grad().unwrap()]
                });
            }
        }
    }
}
