//! Views and joins.

use crate::Case;
use tensor_core::indexing::{NewAxis, step};
use tensor_core::op::join::{cat, stack};

pub const CASES: &[Case] = &[
    ("cat", |x| cat(x, 1)),
    ("stack", |x| stack(x, 1)),
    ("flip", |x| x[0].flip(1)),
    ("view", |x| x[0].view([3, 4])),
    ("reshape", |x| x[0].reshape([4, 3])),
    ("reshape copy", |x| x[0].t().reshape(12)),
    ("flatten", |x| x[0].flatten()),
    ("flatten_dims", |x| x[0].flatten_dims(1, -1)),
    ("permute", |x| x[0].permute([2, 0, 1])),
    ("movedim", |x| x[0].movedim(0, 1)),
    ("transpose", |x| x[0].transpose(0, 2)),
    ("mt", |x| x[0].mt()),
    ("t", |x| x[0].t()),
    ("expand", |x| x[0].expand([2, 3, 4])),
    ("select", |x| x[0].select(1, 2)),
    ("x[1]", |x| x[0].i(1)),
    ("x[0, 1]", |x| x[0].i((0, 1))),
    ("x[None]", |x| x[0].i(NewAxis)),
    ("x[:, 1:5:2]", |x| x[0].i((.., step(1..5, 2)))),
    ("narrow", |x| x[0].narrow(1, 2, 3)),
    ("squeeze", |x| x[0].squeeze()),
    ("squeeze dim", |x| x[0].squeeze_dim(0)),
    ("squeeze dims", |x| x[0].squeeze_dim([0, 2])),
    ("unsqueeze", |x| x[0].unsqueeze(1)),
    ("as_strided", |x| x[0].as_strided([2, 2], [3, 2], 1)),
    ("as_strided overlapping", |x| x[0].as_strided([3, 3], [2, 1], 1)),
    ("split", |x| x[0].split(4, 1).swap_remove(1)),
    ("split_sizes", |x| x[0].split_sizes(&[1, 5], 1).swap_remove(1)),
    ("chunk", |x| x[0].chunk(3, 1).swap_remove(2)),
    ("unbind", |x| x[0].unbind(1).swap_remove(3)),
];
