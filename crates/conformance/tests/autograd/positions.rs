//! Reading and writing at positions, and through views.

use crate::Case;
use tensor_core::Tensor;
use tensor_core::indexing::step;

fn index(values: &[i64], shape: &[usize]) -> Tensor {
    Tensor::from_vec(values.to_vec(), shape, ops_cpu::cpu())
}

fn at() -> Tensor {
    index(&[0, 2, 1, 1, 1, 0], &[2, 3])
}

fn rows() -> Tensor {
    index(&[2, 0, 2], &[3])
}

/// A computed tensor after `write`.
fn after(x: &Tensor, write: impl Fn(&Tensor)) -> Tensor {
    let y = x * 1;
    write(&y);
    y
}

pub const CASES: &[Case] = &[
    ("gather", |x| x[0].gather(0, &at())),
    ("index_select", |x| x[0].index_select(0, &rows())),
    ("scatter_add", |x| x[0].scatter_add(0, &at(), &x[1])),
    ("scatter_add_", |x| (&x[0] * 1).scatter_add_(0, &at(), &x[1])),
    ("index_add", |x| x[0].index_add(0, &rows(), &x[1])),
    ("index_add_", |x| (&x[0] * 1).index_add_(0, &rows(), &x[1])),
    ("x[rows]", |x| x[0].i(rows())),
    ("x[list]", |x| x[0].i([0, 2])),
    ("x[:, list]", |x| x[0].i((.., [3, 3, 0]))),
    ("x[mask]", |x| x[0].i(x[0].gt(0.1))),
    ("masked_select", |x| x[0].masked_select(&x[0].gt(0.1))),
    ("x[rows] = s", |x| after(&x[0], |y| y.i_put([2, 0], &x[1]))),
    ("x[mask] = s", |x| after(&x[0], |y| y.i_put(y.gt(0.1), &x[1]))),
    ("x[0] = s", |x| after(&x[0], |y| y.i_put(0, &x[1]))),
    ("x[:, 1] = s", |x| after(&x[0], |y| y.i_put((.., 1), &x[1]))),
    ("x[1:, ::2] = s", |x| after(&x[0], |y| y.i_put((1.., step(.., 2)), &x[1]))),
    ("x[0].mul_(s)", |x| after(&x[0], |y| drop(y.i(0).mul_(&x[1])))),
    ("x.t()[1:].add_(s)", |x| after(&x[0], |y| drop(y.t().i(1..).add_(&x[1])))),
    ("a view of what was written", |x| {
        let y = &x[0] * 1;
        let row = y.i(1);
        y.i((.., 1..)).mul_(&x[1]);
        row
    }),
    ("a view that was written", |x| {
        let y = &x[0] * 1;
        let mut row = y.i(1);
        row *= &x[1];
        row
    }),
];
