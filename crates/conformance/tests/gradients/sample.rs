//! Images read at places: the derivatives of image and grid; the grid's has none, as in PyTorch.

use crate::samples::*;
use autograd::{Tolerance, gradcheck};
use std::panic::AssertUnwindSafe;
use tensor_core::op::sample::{Sample, SampleMode, SamplePadding, Sampling};
use tensor_core::op::{GridSample, Op};
use tensor_core::{Tensor, or_panic};

const MODES: [SampleMode; 3] = [SampleMode::Bilinear, SampleMode::Nearest, SampleMode::Bicubic];
const PADDINGS: [SamplePadding; 3] = [SamplePadding::Zeros, SamplePadding::Border, SamplePadding::Reflection];

#[test]
fn every_reading() {
    for (mode, padding_mode) in MODES.iter().flat_map(|mode| PADDINGS.map(|padding| (*mode, padding))) {
        for align_corners in [false, true] {
            let options = GridSample { mode, padding_mode, align_corners };
            let what = format!("{options:?}");
            for form in [Form::Contiguous, Form::Transposed] {
                let x = sample(&[2, 2, 3, 4], form, -1.0..1.0, 81);
                let grid = sample(&[2, 3, 2, 2], form, -1.3..1.3, 82);
                let f = |x: &[Tensor]| x[0].grid_sample(&x[1], options);
                if let Err(error) = gradcheck(f, &[x.clone(), grid.clone()], Tolerance::default()) {
                    panic!("{what}: {error}");
                }
                let places = grid.detach();
                check(&what, |x| x[0].grid_sample(&places, options), &[x]);
            }
        }
    }
}

#[test]
fn every_derivative() {
    let (size, mode, padding, align) = ([1, 3, 4], SampleMode::Bilinear, SamplePadding::Zeros, false);
    let sampling = Sampling { size, mode, padding, align };
    let (x, g, grid) = (any(&[1, 2, 3, 4]), any(&[1, 2, 2, 3]), sample(&[1, 2, 3, 2], Form::Contiguous, -0.9..0.9, 83));
    // The match has no wildcard: a new kind needs a sample.
    for op in [Sample::Forward(sampling), Sample::Image(sampling), Sample::Grid(sampling)] {
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Sample(op), &x.iter().collect::<Vec<_>>()));
        match op {
            Sample::Forward(_) => gradcheck(f, &[x.clone(), grid.clone()], Tolerance::default()).unwrap(),
            Sample::Image(_) => gradcheck(f, &[g.clone(), grid.clone()], Tolerance::default()).unwrap(),
            Sample::Grid(_) => {
                let text = "derivative for aten::grid_sampler_2d_backward is not implemented";
                let y = f(&[g.clone(), x.clone(), grid.clone()]).sum();
                let panic = std::panic::catch_unwind(AssertUnwindSafe(|| autograd::grad(&[&y], &[&grid]))).unwrap_err();
                assert!(panic.downcast_ref::<String>().is_some_and(|found| found.contains(text)));
            }
        }
    }
}

#[test]
fn bodies_and_affine_maps() {
    let (x, grid) = (any(&[1, 2, 2, 3, 2]), sample(&[1, 2, 1, 2, 3], Form::Contiguous, -1.2..1.2, 84));
    for padding_mode in PADDINGS {
        let options = GridSample { padding_mode, ..GridSample::default() };
        gradcheck(|x| x[0].grid_sample(&x[1], options), &[x.clone(), grid.clone()], Tolerance::default()).unwrap();
    }
    for align in [false, true] {
        check("affine_grid", |x| x[0].affine_grid([2, 1, 3, 2], align), &[any(&[2, 2, 3])]);
        check("affine_grid of bodies", |x| x[0].affine_grid([1, 1, 2, 1, 3], align), &[any(&[1, 3, 4])]);
    }
    // PyTorch's: affine_grid([[[1, 2, 3], [4, 5, 6]]], (1, 1, 2, 3)).
    let map = Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1, 2, 3], ops_cpu::cpu());
    let found = map.affine_grid([1, 1, 2, 3], false).to_vec::<f64>();
    let third = 2.0 / 3.0;
    let expected = [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5].iter().zip([-third, 0.0, third, -third, 0.0, third]);
    let expected = expected.flat_map(|(y, x)| [x + 2.0 * y + 3.0, 4.0 * x + 5.0 * y + 6.0]);
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
}
