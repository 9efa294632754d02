//! Convolutions: the three sums of products, each with the two others as its derivatives.

use crate::samples::*;
use tensor_core::op::Conv;
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions, Padding, Window};
use tensor_core::{Op, Tensor, or_panic};

const WINDOW: Window = Window { stride: [2, 1, 0], padding: [1, 1, 0], dilation: [1, 2, 0], extra: [0; 3], groups: 2 };

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Conv; 3] =
    [Conv::Forward(WINDOW), Conv::Input(WINDOW), Conv::Weight(Window { extra: [2, 2, 0], ..WINDOW })];

#[test]
fn every_convolution() {
    let (x, weight, y): ([usize; 4], [usize; 4], [usize; 4]) = ([1, 4, 4, 3], [2, 2, 2, 2], [1, 2, 3, 3]);
    for op in KINDS {
        let what = format!("{op:?}");
        let two = |x: &[Tensor]| or_panic(Tensor::apply(Op::Conv(op), &[&x[0], &x[1]]));
        let three = |x: &[Tensor]| or_panic(Tensor::apply(Op::Conv(op), &[&x[0], &x[1], &x[2]]));
        let (a, b, bias) = match op {
            Conv::Forward(_) => (x, weight, Some(2)),
            Conv::Input(_) => (y, weight, Some(4)),
            Conv::Weight(_) => (x, y, None),
        };
        check_each(&what, two, &[any(&a), any(&b)]);
        if let Some(channels) = bias {
            check_each(&what, three, &[any(&a), any(&b), any(&[channels])]);
        }
        for form in FORMS {
            check(&what, two, &[sample(&a, form, -1.0..1.0, 31), sample(&b, form, -1.0..1.0, 32)]);
        }
    }
}

#[test]
fn every_method() {
    let options = ConvOptions { padding: Padding::Same, ..ConvOptions::default() };
    let turned = ConvTransposeOptions {
        stride: 2.into(),
        padding: 1.into(),
        output_padding: 1.into(),
        ..ConvTransposeOptions::default()
    };
    // More output padding than stride: the derivative's own convolution would be larger.
    let wide = ConvTransposeOptions {
        stride: 1.into(),
        dilation: 3.into(),
        output_padding: 2.into(),
        ..ConvTransposeOptions::default()
    };
    check("conv1d", |x| x[0].conv1d(&x[1], Some(&x[2]), options), &[any(&[2, 2, 5]), any(&[3, 2, 4]), any(&[3])]);
    check("conv1d of one", |x| x[0].conv1d(&x[1], None, options), &[any(&[2, 5]), any(&[3, 2, 2])]);
    check("conv2d", |x| x[0].conv2d(&x[1], None, options), &[any(&[1, 2, 3, 4]), any(&[2, 2, 2, 3])]);
    check("conv3d", |x| x[0].conv3d(&x[1], None, options), &[any(&[1, 1, 3, 2, 3]), any(&[1, 1, 2, 1, 2])]);
    for options in [turned, wide] {
        let f = |x: &[Tensor]| x[0].conv_transpose1d(&x[1], Some(&x[2]), options);
        check("conv_transpose1d", f, &[any(&[2, 2, 3]), any(&[2, 3, 2]), any(&[3])]);
        let f = |x: &[Tensor]| x[0].conv_transpose2d(&x[1], None, options);
        check("conv_transpose2d", f, &[any(&[2, 2, 2]), any(&[2, 1, 2, 3])]);
        let f = |x: &[Tensor]| x[0].conv_transpose3d(&x[1], None, options);
        check("conv_transpose3d", f, &[any(&[1, 1, 2, 2, 1]), any(&[1, 1, 2, 1, 2])]);
    }
    check("conv2d of nothing", |x| x[0].conv2d(&x[1], None, options), &[any(&[0, 2, 3, 4]), any(&[2, 2, 2, 3])]);
}
