//! Views: every change of layout, on layouts of every form.

use crate::samples::*;
use tensor_core::op::{Origin, View};
use tensor_core::{Tensor, op::join::cat};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [View; 14] = [
    View::Reshape,
    View::UnsafeView,
    View::Permute { order: [0; 8] },
    View::Transpose { a: 0, b: 1 },
    View::T,
    View::Expand,
    View::Select { dim: 0, index: 0, origin: Origin::Itself },
    View::Slice { dim: 0, start: 0, step: 1, origin: Origin::Itself },
    View::Squeeze { mask: 1, origin: Origin::Itself },
    View::Unsqueeze { dim: 0 },
    View::Diagonal { offset: 0, dim1: 0, dim2: 1 },
    View::Unfold { dim: 0, step: 1 },
    View::AsStrided,
    View::Scatter,
];

/// Checks a view of a sample in every form, both as the leaf itself and of a computed tensor, and with a use of its own.
fn check_view(what: &str, shape: &[usize], view: impl Fn(&Tensor) -> Tensor) {
    for form in FORMS {
        let inputs = [sample(shape, form, -1.0..1.0, 81)];
        check(what, |x| view(&x[0]), &inputs);
        check(what, |x| view(&x[0].exp()).sin(), &inputs);
    }
}

#[test]
fn every_view() {
    for op in KINDS {
        let what = format!("{op:?}");
        match op {
            View::Reshape => {
                check_view(&what, &[2, 6], |x| x.reshape([3, 4]));
                check_view(&what, &[2, 6], |x| x.reshape([2, -1, 2]));
                check_view(&what, &[2, 3], |x| x.flatten());
                check_view(&what, &[1, 1], |x| x.reshape(()));
                check_view(&what, &[], |x| x.view([1, 1]));
                check_view(&what, &[0, 3], |x| x.reshape([3, 0]));
            }
            View::UnsafeView => check_view(&what, &[2, 3], |x| x.t().reshape(6)),
            View::Permute { .. } => {
                check_view(&what, &[2, 3, 2], |x| x.permute([2, 0, 1]));
                check_view(&what, &[2, 3, 2], |x| x.movedim(0, -1));
                check_view(&what, &[], |x| x.permute(()));
                // More dimensions than the parameters hold.
                let shape = [1, 2, 1, 1, 2, 1, 1, 1, 2];
                check(&what, |x| x[0].permute([8, 4, 1, 0, 2, 3, 7, 5, 6]), &[any(&shape)]);
            }
            View::Transpose { .. } => {
                check_view(&what, &[2, 3, 2], |x| x.transpose(0, 2));
                check_view(&what, &[2, 3], |x| x.mt());
                check_view(&what, &[3], |x| x.transpose(0, 0));
                check_view(&what, &[], |x| x.transpose(0, 0));
            }
            View::T => {
                check_view(&what, &[2, 3], |x| x.t());
                check_view(&what, &[3], |x| x.t());
                check_view(&what, &[], |x| x.t());
            }
            View::Expand => {
                check_view(&what, &[2, 1], |x| x.expand([2, 3]));
                check_view(&what, &[1, 3], |x| x.expand([2, 2, 3]));
                check_view(&what, &[], |x| x.expand([2]));
                check_view(&what, &[1, 2], |x| x.expand([0, 2]));
                check_view(&what, &[2, 1], |x| x.expand([-1, 2]));
            }
            View::Diagonal { .. } => {
                for (offset, a, b) in [(0, 0, 1), (1, 0, 1), (-1, -1, 0), (5, 0, 1)] {
                    check_view(&what, &[2, 3], |x| x.diagonal(offset, a, b));
                }
                check_view(&what, &[2, 2, 3], |x| x.diagonal(0, 2, 0));
                check_view(&what, &[3], |x| x.diag_embed(-1, 0, 1));
                check_view(&what, &[2, 2], |x| x.diag_embed(0, -2, -1));
                check_view(&what, &[2, 2], |x| x.diagflat(1));
                check("diagonal_scatter", |x| x[0].diagonal_scatter(&x[1], 1, 0, 1), &[any(&[2, 3]), any(&[2])]);
            }
            View::Unfold { .. } => {
                for (size, step) in [(2, 1), (3, 2), (2, 3), (0, 1)] {
                    check_view(&what, &[2, 5], |x| x.unfold(1, size, step));
                    check_view(&what, &[5, 2], |x| x.unfold(0, size, step));
                }
                check_view(&what, &[], |x| x.unfold(0, 1, 1));
            }
            View::Select { .. } => {
                check_view(&what, &[2, 3], |x| x.select(0, 1));
                check_view(&what, &[2, 3], |x| x.select(-1, -1));
                check_view(&what, &[3], |x| x.select(0, 0));
                check_view("unbind", &[2, 3], |x| {
                    let rows = x.unbind(1);
                    &rows[0] * &rows[2]
                });
            }
            View::Slice { .. } => {
                check_view(&what, &[5, 2], |x| x.slice(0, 1, 5, 1));
                check_view(&what, &[5, 2], |x| x.slice(0, 0, i64::MAX, 2));
                check_view(&what, &[5, 2], |x| x.slice(0, 1, -1, 3));
                check_view(&what, &[3, 5], |x| x.slice(1, 4, 2, 2));
                check_view(&what, &[3, 5], |x| x.narrow(1, 1, 3));
                check_view("split", &[5, 2], |x| {
                    let parts = x.split(2, 0);
                    cat(&[&parts[2], &parts[0]], 0)
                });
                check_view("split_sizes", &[2, 5], |x| x.split_sizes(&[1, 4], 1).swap_remove(1));
                check_view("chunk", &[5], |x| {
                    let parts = x.chunk(2, 0);
                    cat(&[&parts[1], &parts[1], &parts[0]], 0)
                });
            }
            View::Squeeze { .. } => {
                check_view(&what, &[1, 2, 1], |x| x.squeeze());
                check_view(&what, &[1, 2, 1], |x| x.squeeze_dim(0));
                check_view(&what, &[1, 2, 1], |x| x.squeeze_dim([0, -1]));
                check_view(&what, &[2], |x| x.squeeze_dim(0));
                check_view(&what, &[], |x| x.squeeze());
            }
            View::Unsqueeze { .. } => {
                for dim in [0, 1, 2, -1] {
                    check_view(&what, &[2, 3], |x| x.unsqueeze(dim));
                }
                check_view(&what, &[], |x| x.unsqueeze(0));
            }
            View::AsStrided => as_strided(&what),
            // The record of a write through a view.
            View::Scatter => {
                check_view(&what, &[3, 2], |x| {
                    let b = x * 1.0;
                    b.t().select(0, 1).mul_(x.select(1, 0));
                    b.slice(0, 0, 3, 2).mul_(b.select(0, 1).clone_());
                    b
                });
                check_view(&what, &[], |x| {
                    let b = x * 1.0;
                    b.view(1).exp_();
                    b
                });
            }
        }
    }
}

/// Layouts that do and do not overlap, over inputs that do and do not.
fn as_strided(what: &str) {
    let plain = |shape| [sample(shape, Form::Contiguous, -1.0..1.0, 82)];
    check(what, |x| x[0].as_strided([2, 2], [3, 1], 1), &plain(&[2, 3]));
    check(what, |x| x[0].as_strided([4], [1], 0).exp(), &plain(&[2, 3]));
    check(what, |x| x[0].exp().as_strided([2, 2], [1, 1], 2), &plain(&[2, 3]));
    check(what, |x| x[0].as_strided([3, 2], [0, 1], 1).sin(), &plain(&[2, 3]));
    check(what, |x| x[0].as_strided((), (), 4), &plain(&[2, 3]));
    check(what, |x| x[0].as_strided([0, 2], [1, 1], 0), &plain(&[2, 3]));
    // Of views: the offset counts from the start of the storage.
    check(what, |x| (&x[0] * 1.0).t().as_strided([2, 2], [2, 1], 1), &plain(&[2, 3]));
    check(what, |x| (&x[0] * 1.0).select(0, 1).as_strided([2], [1], 4).exp(), &plain(&[2, 3]));
    check(what, |x| (&x[0] * 1.0).select(0, 1).as_strided([2], [1], 3).exp(), &plain(&[2, 3]));
    // Writes through overlapping neighbours of one base.
    check(
        what,
        |x| {
            let b = &x[0] * 1.0;
            b.as_strided([2], [2], 1).mul_(3.0);
            b.as_strided([3], [1], 2).mul_(x[0].select(0, 1));
            b.as_strided([2, 2], [1, 1], 0).clone_()
        },
        &plain(&[2, 3]),
    );
}

#[test]
fn what_lies_outside_a_view_belongs_to_nobody() {
    // PyTorch, too, counts only elements that the input has; of an expanded input, each place's gradient is shared out.
    let x = sample(&[2, 3], Form::Contiguous, -1.0..1.0, 83);
    let y = (&x * 1.0).select(0, 1).as_strided([6], [1], 0);
    assert_gradient(&x, &y, &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    let y = (&x * 1.0).select(0, 0).expand([4, 3]).as_strided([2], [2], 0);
    assert_gradient(&x, &y, &[1.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
}
