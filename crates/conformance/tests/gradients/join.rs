//! Putting together and turning around.

use crate::samples::*;
use tensor_core::op::join::{cat, stack};
use tensor_core::op::{Join, Origin};
use tensor_core::{DType, Op, Tensor, or_panic};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Join; 3] =
    [Join::Cat { dim: 1, origin: Origin::Itself }, Join::Roll { dim: 1, by: 2 }, Join::Flip { axes: 0b10 }];

#[test]
fn every_join() {
    for op in KINDS {
        let what = format!("{op:?}");
        for form in FORMS {
            match op {
                Join::Cat { .. } => {
                    let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Join(op), &[&x[0], &x[1], &x[2]])).sin();
                    let inputs =
                        [sample(&[2, 3], form, -1.0..1.0, 71), any(&[2, 1]), sample(&[2, 2], form, -1.0..1.0, 72)];
                    check_each(&what, f, &inputs);
                    // One that nobody watches lies in between.
                    let [a, b, c] = inputs;
                    check(&what, f, &[a, b.detach(), c]);
                }
                Join::Roll { .. } => {
                    check(&what, |x| x[0].roll(2, 1).sin(), &[sample(&[2, 3], form, -1.0..1.0, 77)]);
                    check(&what, |x| x[0].roll([1, -1], [0, 1]).sin(), &[sample(&[2, 3], form, -1.0..1.0, 78)]);
                    check(&what, |x| x[0].roll(4, ()).sin(), &[sample(&[2, 3], form, -1.0..1.0, 79)]);
                }
                Join::Flip { .. } => {
                    for axes in 0..4 {
                        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Join(Join::Flip { axes }), &[&x[0]])).sin();
                        check(&what, f, &[sample(&[2, 3], form, -1.0..1.0, 73)]);
                    }
                }
            }
        }
    }
}

#[test]
fn along_every_dimension() {
    for dim in [0, 1, 2, -1] {
        check(
            "cat",
            |x| cat(&[&x[0], &x[1], &x[0]], dim),
            &[any(&[2, 2, 2]), sample(&[2, 2, 2], Form::Transposed, -1.0..1.0, 74)],
        );
        check(
            "stack",
            |x| stack(&[&x[0], &x[1], &x[0]], dim),
            &[any(&[2, 3]), sample(&[2, 3], Form::Sliced, -1.0..1.0, 75)],
        );
    }
    check("stack of numbers", |x| stack(&[&x[0], &x[1]], 0), &[any(&[]), any(&[])]);
    check("cat with nothing", |x| cat(&[&x[0], &x[1], &x[2]], 0), &[any(&[0]), any(&[2, 2]), any(&[0, 2])]);
    check("cat of one", |x| cat(&[&x[0]], 0), &[any(&[3])]);
    check("flip of everything", |x| x[0].flip(..), &[any(&[2, 3])]);
    check("flip of a number", |x| x[0].flip(..), &[any(&[])]);
    let single = plain(&[2], Form::Contiguous, -1.0..1.0, 76).to_dtype(DType::F32);
    check("cat of two dtypes", |x| cat(&[&single, &x[0]], 0), &[any(&[2])]);
}
