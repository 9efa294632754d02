//! Products: the primitive forms, and `matmul` in all combinations of ranks.

use crate::samples::*;
use tensor_core::op::Matmul;
use tensor_core::{Op, Tensor, or_panic};

type Pair = (&'static [usize], &'static [usize]);

/// Operand shapes of each primitive form. No wildcard: a new form needs shapes.
fn shapes(op: Matmul) -> &'static [Pair] {
    match op {
        Matmul::Mm => &[(&[2, 3], &[3, 4]), (&[1, 3], &[3, 1]), (&[2, 0], &[0, 3]), (&[0, 2], &[2, 2])],
        Matmul::Bmm => &[(&[2, 2, 3], &[2, 3, 2]), (&[1, 1, 2], &[1, 2, 3]), (&[0, 2, 3], &[0, 3, 2])],
        Matmul::Mv => &[(&[2, 3], &[3]), (&[3, 1], &[1]), (&[2, 0], &[0])],
        Matmul::Dot => &[(&[3], &[3]), (&[0], &[0])],
    }
}

#[test]
fn every_product() {
    for op in Matmul::ALL {
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Matmul(*op), &[&x[0], &x[1]]));
        for (a, b) in shapes(*op) {
            check_each(op.name(), f, &[any(a), any(b)]);
        }
        let (a, b) = shapes(*op)[0];
        for first in FORMS {
            for second in FORMS {
                check(op.name(), f, &[sample(a, first, -1.0..1.0, 51), sample(b, second, -1.0..1.0, 52)]);
            }
        }
    }
    check("a matrix by itself", |x| x[0].mm(&x[0]), &[any(&[3, 3])]);
    check("a matrix by its transpose", |x| x[0].mm(&x[0].t()), &[any(&[2, 3])]);
}

#[test]
fn all_combinations_of_ranks() {
    let operands: [(&[usize], &[usize]); 13] = [
        (&[3], &[3]),
        (&[2, 3], &[3]),
        (&[3], &[3, 2]),
        (&[2, 3], &[3, 2]),
        (&[2, 2, 3], &[3]),
        (&[3], &[2, 3, 2]),
        (&[2, 2, 3], &[3, 2]),
        (&[2, 3], &[2, 3, 2]),
        (&[2, 2, 3], &[2, 3, 2]),
        (&[2, 1, 2, 3], &[2, 3, 2]),
        (&[1, 2, 3], &[2, 3, 1]),
        (&[2, 1, 1, 3], &[3, 2]),
        (&[3], &[1, 2, 3, 2]),
    ];
    for (a, b) in operands {
        check("matmul", |x| x[0].matmul(&x[1]), &[any(a), any(b)]);
        let inputs = [sample(a, Form::Transposed, -1.0..1.0, 53), sample(b, Form::Sliced, -1.0..1.0, 54)];
        check("matmul", |x| x[0].matmul(&x[1]), &inputs);
    }
}
