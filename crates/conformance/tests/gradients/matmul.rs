//! Products: the primitive forms, and `matmul` in all combinations of ranks.

use crate::samples::*;
use tensor_core::compose::attention::Attention;
use tensor_core::compose::einsum::einsum;
use tensor_core::compose::products::multi_dot;
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
        Matmul::Addmm => unreachable!("a product of three operands"),
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

#[test]
fn products_with_a_summand() {
    for base in [&[2, 4][..], &[4], &[2, 1], &[]] {
        for form in FORMS {
            let inputs = [any(base), sample(&[2, 3], form, -1.0..1.0, 55), sample(&[3, 4], form, -1.0..1.0, 56)];
            check_each("addmm", |x| x[0].addmm(&x[1], &x[2], 1, 1), &inputs);
            check("addmm with factors", |x| x[0].addmm(&x[1], &x[2], 0.5, -2.0), &inputs);
        }
    }
    check_each("addmm of nothing", |x| x[0].addmm(&x[1], &x[2], 1, 1), &[any(&[3]), any(&[2, 0]), any(&[0, 3])]);
    let inputs = [any(&[2, 2, 3]), any(&[4, 3]), any(&[4])];
    check_each("linear", |x| x[0].linear(&x[1], Some(&x[2])), &inputs);
    check("addmv", |x| x[0].addmv(&x[1], &x[2], 2.0, 1.0), &[any(&[2]), any(&[2, 3]), any(&[3])]);
    check("addr", |x| x[0].addr(&x[1], &x[2], 1, 3), &[any(&[2, 3]), any(&[2]), any(&[3])]);
    let stacks = [any(&[2, 3]), any(&[4, 2, 2]), any(&[4, 2, 3])];
    check("addbmm", |x| x[0].addbmm(&x[1], &x[2], 1, 1), &stacks);
    check("baddbmm", |x| x[0].baddbmm(&x[1], &x[2], 1, 0.5), &stacks);
}

#[test]
fn composed_products() {
    let pair = |a: &[usize], b: &[usize]| [any(a), sample(b, Form::Transposed, -1.0..1.0, 57)];
    check("outer", |x| x[0].outer(&x[1]), &pair(&[2], &[3]));
    check("inner", |x| x[0].inner(&x[1]), &pair(&[2, 3], &[4, 3]));
    check("kron", |x| x[0].kron(&x[1]), &pair(&[2, 3], &[2]));
    check("tensordot", |x| x[0].tensordot(&x[1], 1), &pair(&[2, 3], &[3, 2]));
    check("tensordot of pairs", |x| x[0].tensordot_dims(&x[1], [0, 2], [1, 0]), &pair(&[2, 2, 3], &[3, 2]));
    check("cross", |x| x[0].cross(&x[1], Some(-1)), &pair(&[2, 3], &[2, 3]));
    check("vecdot", |x| x[0].vecdot(&x[1], -1), &pair(&[2, 3], &[3]));
    check("bilinear", |x| x[0].bilinear(&x[1], &x[2], None), &[any(&[2, 3]), any(&[2, 2]), any(&[4, 3, 2])]);
    check("matrix_power", |x| x[0].matrix_power(3), &[any(&[2, 2, 2])]);
    check("multi_dot", |x| multi_dot(x), &[any(&[2]), any(&[2, 3]), any(&[3, 2])]);
    for equation in ["ij,jk", "ij,kj->", "bij,bjk->bik", "ij,ij->ij", "...i,ji->...j", "ijk,ji->k", "ij,k->ijk"] {
        let shape = |letters: &str| -> Vec<usize> {
            letters.replace("...", "z").bytes().map(|letter| 2 + (letter % 2) as usize).collect()
        };
        let operands: Vec<Tensor> =
            equation.split("->").next().expect("a left side").split(',').map(|part| any(&shape(part))).collect();
        check(equation, |x| einsum(equation, x), &operands);
    }
    check("einsum of a diagonal", |x| einsum("ii->i", x), &[any(&[3, 3])]);
    check("einsum of three", |x| einsum("ij,jk,kl->il", x), &[any(&[2, 3]), any(&[3, 2]), any(&[2, 2])]);
}

#[test]
fn distances_and_attention() {
    for p in [0.5, 1.0, 2.0, 3.0, f64::INFINITY] {
        let inputs = [sample(&[2, 3, 2], Form::Contiguous, 0.0..1.0, 58), sample(&[4, 2], Form::Sliced, 1.2..2.0, 59)];
        check("cdist", |x| x[0].cdist(&x[1], p), &inputs);
        check("pdist", |x| x[0].pdist(p), &[sample(&[4, 2], Form::Contiguous, 0.0..3.0, 60)]);
    }
    let many = [sample(&[26, 2], Form::Contiguous, 0.0..1.0, 61), sample(&[3, 2], Form::Contiguous, 2.0..3.0, 62)];
    check("cdist by a product", |x| x[0].cdist(&x[1], 2.0), &many);
    let inputs = [any(&[2, 3, 4]), any(&[2, 3, 4]), any(&[2, 3, 2])];
    let mask = plain(&[3, 3], Form::Contiguous, -1.0..1.0, 63);
    let seen = mask.gt(0.0);
    let plainly = Attention::default();
    for options in [
        plainly,
        Attention { is_causal: true, scale: Some(0.3), ..plainly },
        Attention { attn_mask: Some(&seen), ..plainly },
    ] {
        check("attention", |x| x[0].scaled_dot_product_attention(&x[1], &x[2], options), &inputs);
    }
    let [a, b, c] = inputs;
    let masked =
        |x: &[Tensor]| x[0].scaled_dot_product_attention(&x[1], &x[2], Attention { attn_mask: Some(&x[3]), ..plainly });
    check("attention with summands", masked, &[a, b, c, any(&[3, 3])]);
}
