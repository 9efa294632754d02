//! Blocks as columns, and columns as images.

use crate::samples::*;
use tensor_core::op::fold::{Blocks, Fold};
use tensor_core::op::{FoldOptions, Op};
use tensor_core::{Tensor, or_panic};

const BLOCKS: Blocks = Blocks { size: [4, 3], kernel: [2, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2] };

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Fold; 2] = [Fold::Columns(BLOCKS), Fold::Images(BLOCKS)];

#[test]
fn every_fold() {
    for op in KINDS {
        let shape: &[usize] = match op {
            Fold::Columns(_) => &[2, 2, 4, 3],
            Fold::Images(_) => &[2, 8, 3],
        };
        for form in FORMS {
            let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Fold(op), &[&x[0]]));
            check(&format!("{op:?}"), f, &[sample(shape, form, -1.0..1.0, 71)]);
        }
    }
}

#[test]
fn every_method() {
    let options = FoldOptions { padding: 1.into(), stride: [1, 2].into(), ..FoldOptions::default() };
    check("unfold_windows", |x| x[0].unfold_windows([2, 3], options), &[any(&[2, 3, 4])]);
    check("fold", |x| x[0].fold([3, 4], [2, 3], options), &[any(&[12, 8])]);
    check("fold of nothing", |x| x[0].fold([3, 4], [2, 3], options), &[any(&[0, 12, 8])]);
}
