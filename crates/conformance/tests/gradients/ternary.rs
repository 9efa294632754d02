//! Functions of three elements.

use crate::samples::*;
use tensor_core::op::Ternary;
use tensor_core::{Op, Scalar, Tensor, or_panic};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Ternary; 5] = [
    Ternary::Addcmul { value: Scalar::Float(1.5) },
    Ternary::Addcdiv { value: Scalar::Int(-2) },
    Ternary::Lerp,
    Ternary::LerpBy { weight: 0.3 },
    Ternary::LerpBy { weight: 1.7 },
];

#[test]
fn every_function_of_three() {
    for op in KINDS {
        let what = format!("{op:?}");
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Ternary(op), &x.iter().collect::<Vec<_>>()));
        let shapes: &[[&[usize]; 3]] = &[
            [&[2, 3], &[2, 3], &[2, 3]],
            [&[3], &[2, 1], &[2, 3]],
            [&[2, 3], &[], &[3]],
            [&[], &[], &[]],
            [&[0], &[1], &[]],
        ];
        for [x, a, b] in shapes {
            let inputs = [any(x), sample(a, Form::Transposed, -1.0..1.0, 81), sample(b, Form::Sliced, 0.6..1.4, 82)];
            match op {
                Ternary::Addcmul { .. } | Ternary::Addcdiv { .. } | Ternary::Lerp => check_each(&what, f, &inputs),
                Ternary::LerpBy { .. } => check_each(&what, f, &inputs[..2]),
            }
        }
    }
    check_each("in place", |x| x[0].sin().addcmul_(&x[0], &x[1], 0.5).lerp_(&x[1], 0.25), &[any(&[2, 3]), any(&[3])]);
}
