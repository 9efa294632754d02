//! Pools of all kinds of window.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::op::pool::{AvgPoolOptions, MaxPoolOptions, Pooling};
use tensor_core::op::{MaxUnpool, Pool};
use tensor_core::{Op, Tensor, or_panic};

const WINDOWS: Pooling = Pooling {
    kernel: [2, 3],
    stride: [2, 1],
    padding: [1, 1],
    dilation: [1, 1],
    size: [3, 4],
    divisor: 0,
    ceil: false,
    counts_padding: true,
};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Pool; 5] = [
    Pool::Max(WINDOWS),
    Pool::MaxIndex(WINDOWS),
    Pool::MaxGradient(WINDOWS),
    Pool::Mean(WINDOWS),
    Pool::MeanGradient(WINDOWS),
];

#[test]
fn every_pool() {
    let (input, output): ([usize; 4], [usize; 4]) = ([1, 2, 3, 4], [1, 2, 2, 4]);
    for op in KINDS {
        let what = format!("{op:?}");
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Pool(op), &[&x[0]]));
        for form in FORMS {
            // Elements that are one place cannot be moved apart.
            if form == Form::Expanded && matches!(op, Pool::Max(_) | Pool::MaxGradient(_)) {
                continue;
            }
            let x = sample(&input, form, -1.0..1.0, 41);
            match op {
                Pool::Max(_) | Pool::Mean(_) => check(&what, f, &[x]),
                Pool::MaxIndex(_) => check_flat(&what, Tensor::apply(Op::Pool(op), &[&x])),
                Pool::MaxGradient(_) => {
                    let values = x.detach();
                    let f = |g: &[Tensor]| or_panic(Tensor::apply(Op::Pool(op), &[&g[0], &values]));
                    check(&what, f, &[sample(&output, form, -1.0..1.0, 42)]);
                }
                Pool::MeanGradient(_) => check(&what, f, &[sample(&output, form, -1.0..1.0, 42)]),
            }
        }
    }
}

#[test]
fn every_method() {
    let image = sample(&[2, 5, 6], Form::Contiguous, -9.0..9.0, 43);
    let line = sample(&[1, 2, 7], Form::Contiguous, -9.0..9.0, 44);
    for (stride, padding, ceil_mode) in [(None, 0, false), (Some(1.into()), 1, true), (Some(3.into()), 1, true)] {
        let max = MaxPoolOptions { stride, padding: padding.into(), ceil_mode, ..MaxPoolOptions::default() };
        check("max_pool2d", |x| x[0].max_pool2d(2, max), &[image.clone()]);
        check("max_pool1d", |x| x[0].max_pool1d(3, max), &[line.clone()]);
        for (count_include_pad, divisor_override) in [(true, None), (false, None), (true, Some(7))] {
            let mean =
                AvgPoolOptions { stride, padding: padding.into(), ceil_mode, count_include_pad, divisor_override };
            check("avg_pool2d", |x| x[0].avg_pool2d([2, 3], mean), &[image.clone()]);
            check("avg_pool1d", |x| x[0].avg_pool1d(2, mean), &[line.clone()]);
        }
    }
    check(
        "dilated",
        |x| x[0].max_pool2d(2, MaxPoolOptions { dilation: 2.into(), ..Default::default() }),
        &[image.clone()],
    );
    for size in [[1, 1], [2, 4], [5, 6], [7, 3]] {
        check("adaptive_avg_pool2d", |x| x[0].adaptive_avg_pool2d(size), &[image.clone()]);
        check("adaptive_max_pool2d", |x| x[0].adaptive_max_pool2d(size), &[image.clone()]);
    }
    check("adaptive_avg_pool1d", |x| x[0].adaptive_avg_pool1d(3), &[line.clone()]);
    check("adaptive_max_pool1d", |x| x[0].adaptive_max_pool1d(3), &[line]);
}

#[test]
fn pools_of_bodies_and_of_powers() {
    let body = sample(&[1, 2, 3, 4, 4], Form::Contiguous, -9.0..9.0, 46);
    let max = MaxPoolOptions { stride: Some([1, 2, 2].into()), padding: 1.into(), ..MaxPoolOptions::default() };
    check("max_pool3d", |x| x[0].max_pool3d([2, 3, 2], max), &[body.clone()]);
    for divisor_override in [None, Some(5)] {
        let mean = AvgPoolOptions { padding: [0, 1, 1].into(), divisor_override, ..AvgPoolOptions::default() };
        check("avg_pool3d", |x| x[0].avg_pool3d([2, 2, 3], mean), &[body.clone()]);
    }
    check("adaptive_avg_pool3d", |x| x[0].adaptive_avg_pool3d([2, 3, 2]), &[body.clone()]);
    check("adaptive_max_pool3d", |x| x[0].adaptive_max_pool3d([2, 3, 2]), &[body.clone()]);
    let positive = sample(&[2, 4, 4], Form::Contiguous, 0.5..2.0, 47);
    check("lp_pool2d", |x| x[0].lp_pool2d(3.0, 2, None, true), &[positive.clone()]);
    check("lp_pool1d", |x| x[0].lp_pool1d(1.5, 2, Some(1), false), &[positive.clone()]);
    let (values, places) = positive.detach().max_pool2d_with_indices(2, MaxPoolOptions::default());
    let f = |x: &[Tensor]| x[0].max_unpool2d(&places, 2, MaxUnpool::default());
    check("max_unpool2d", f, &[values.requires_grad_(true)]);
}

#[test]
fn pairs_that_cover_an_image_are_pooled_as_other_windows() {
    // Equal elements in most windows, and NaN in some.
    let number = |i: usize| if i % 11 == 5 { f64::NAN } else { (i * 7 % 4) as f64 };
    let image = Tensor::from_vec((0..70).map(number).collect(), [2, 5, 7], ops_cpu::cpu()).requires_grad_(true);
    let g = sample(&[2, 2, 3], FORMS[0], -1.0..1.0, 5).detach();
    let gradient = |y: Tensor| {
        image.set_grad(None);
        y.backward_from(&g);
        image.grad().expect("a gradient").to_vec::<f64>()
    };
    let covered = image.narrow(1, 0, 4).narrow(2, 0, 6).contiguous();
    let pairs = gradient(covered.max_pool2d(2, MaxPoolOptions::default()));
    assert!(pairs.iter().filter(|x| **x != 0.0).count() == 12);
    assert_eq!(pairs, gradient(image.max_pool2d(2, MaxPoolOptions::default())));
}
