//! Reading and writing at positions.

use crate::names::*;

misuses! {
    "f(2, 3)[2]" Index: f([2, 3]).i(2), f([2, 3]).try_i(2);
    "f(2, 3)[-3]" Index: f([2, 3]).i(-3), f([2, 3]).try_i(-3);
    "f(2, 3)[0, 3]" Index: f([2, 3]).i((0, 3)), f([2, 3]).try_i((0, 3));
    "f(2, 3)[0, -4]" Index: f([2, 3]).i((0, -4)), f([2, 3]).try_i((0, -4));
    "f(2, 3)[2**63 - 1]" Index: f([2, 3]).i(i64::MAX), f([2, 3]).try_i(i64::MAX);
    "f(2, 3)[-2**63]" Index: f([2, 3]).i(i64::MIN), f([2, 3]).try_i(i64::MIN);
    "f(2, 3)[0, 0, 0]" Index: f([2, 3]).i((0, 0, 0)), f([2, 3]).try_i((0, 0, 0));
    "f(2, 3)[..., 0, 0, 0]" Index: f([2, 3]).i((Ellipsis, 0, 0, 0)), f([2, 3]).try_i((Ellipsis, 0, 0, 0));
    "f(2, 3)[0, 0, None, :]" Index: f([2, 3]).i((0, 0, NewAxis, ..)), f([2, 3]).try_i((0, 0, NewAxis, ..));
    "f()[0]" Index: f([]).i(0), f([]).try_i(0);
    "f()[0:1]" Dim: f([]).i(0..1), f([]).try_i(0..1);
    "f()[0, 0]" Index: f([]).i((0, 0)), f([]).try_i((0, 0));
    "f()[:]" Dim: f([]).i(..), f([]).try_i(..);
    "f(2, 3)[::0]" Value: f([2, 3]).i(step(.., 0)), f([2, 3]).try_i(step(.., 0));
    "f(2, 3)[::-1]" Value: f([2, 3]).i(step(.., -1)), f([2, 3]).try_i(step(.., -1));
    "f(2, 3)[:, ::-2**63]" Value: f([2, 3]).i((.., step(.., i64::MIN))), f([2, 3]).try_i((.., step(.., i64::MIN)));
    "f(2, 3)[0:2:2**63 - 1]" Memory: f([2, 3]).i(step(0..2, i64::MAX)), f([2, 3]).try_i(step(0..2, i64::MAX));
    "f(2, 3)[5:]" fine: f([2, 3]).i(5..);
    "f(2, 3)[2**63 - 1:]" fine: f([2, 3]).i(i64::MAX..);
    "f(2, 3)[-2**63:2**63 - 1]" fine: f([2, 3]).i(i64::MIN..i64::MAX);
    "f(2, 3).select(0, 2)" Index: f([2, 3]).select(0, 2), f([2, 3]).try_select(0, 2);
    "f(2, 3).select(1, -4)" Index: f([2, 3]).select(1, -4), f([2, 3]).try_select(1, -4);
    "f(2, 3).select(2, 0)" Dim: f([2, 3]).select(2, 0), f([2, 3]).try_select(2, 0);
    "f(2, 3).select(0, -2**63)" Index: f([2, 3]).select(0, i64::MIN), f([2, 3]).try_select(0, i64::MIN);
    "f().select(0, 0)" Dim: f([]).select(0, 0), f([]).try_select(0, 0);
    "f(2, 3)[at(0, 2)]" Index: f([2, 3]).i(at([0, 2])), f([2, 3]).try_i(at([0, 2]));
    "f(2, 3)[at(-3)]" Index: f([2, 3]).i(at([-3])), f([2, 3]).try_i(at([-3]));
    "f(2, 3)[[0, 5]]" Index: f([2, 3]).i([0, 5]), f([2, 3]).try_i([0, 5]);
    "f(2, 3)[:, [3]]" Index: f([2, 3]).i((.., [3])), f([2, 3]).try_i((.., [3]));
    "f(2, 3)[at(2**63 - 1)]" Index: f([2, 3]).i(at([i64::MAX])), f([2, 3]).try_i(at([i64::MAX]));
    "f(2, 3)[at(-2**63)]" Index: f([2, 3]).i(at([i64::MIN])), f([2, 3]).try_i(at([i64::MIN]));
    "f(2, 3)[at(0), at(3)]" Index: f([2, 3]).i((at([0]), at([3]))), f([2, 3]).try_i((at([0]), at([3])));
    "f(2, 3)[at(0, 1), at(0, 1, 2)]" Index:
        f([2, 3]).i((at([0, 1]), at([0, 1, 2]))), f([2, 3]).try_i((at([0, 1]), at([0, 1, 2])));
    "f(2, 3)[at(0), at(0), at(0)]" Index:
        f([2, 3]).i((at([0]), at([0]), at([0]))), f([2, 3]).try_i((at([0]), at([0]), at([0])));
    "f(2, 3)[f(2)]" DType: f([2, 3]).i(f([2])), f([2, 3]).try_i(f([2]));
    "f(2, 3)[n(2).to(int16)]" DType: f([2, 3]).i(n([2]).to(int16)), f([2, 3]).try_i(n([2]).to(int16));
    "f()[at(0)]" Index: f([]).i(at([0])), f([]).try_i(at([0]));
    "f(2, 0)[:, at(0)]" Index: f([2, 0]).i((.., at([0]))), f([2, 0]).try_i((.., at([0])));
    "f(2, 3)[b(3)]" Index: f([2, 3]).i(b([3])), f([2, 3]).try_i(b([3]));
    "f(2, 3)[b(2, 2)]" Index: f([2, 3]).i(b([2, 2])), f([2, 3]).try_i(b([2, 2]));
    "f(2, 3)[:, b(2)]" Index: f([2, 3]).i((.., b([2]))), f([2, 3]).try_i((.., b([2])));
    "f(2, 3)[b(2, 3, 1)]" Index: f([2, 3]).i(b([2, 3, 1])), f([2, 3]).try_i(b([2, 3, 1]));
    "f(2, 3)[b(3, 2).to(uint8)]" Index: f([2, 3]).i(b([3, 2]).to(uint8)), f([2, 3]).try_i(b([3, 2]).to(uint8));
    "f(2, 3)[b(2), b(2)]" Index: f([2, 3]).i((b([2]), b([2]))), f([2, 3]).try_i((b([2]), b([2])));
    "f(2, 3)[b(2), at(0, 1, 2)]" Index: f([2, 3]).i((b([2]), at([0, 1, 2]))), f([2, 3]).try_i((b([2]), at([0, 1, 2])));
    "f(2, 3).__setitem__(2, 1.0)" Index: f([2, 3]).i_put(2, 1.0), f([2, 3]).try_i_put(2, 1.0);
    "f(2, 3).__setitem__((0, 0, 0), 1.0)" Index: f([2, 3]).i_put((0, 0, 0), 1.0), f([2, 3]).try_i_put((0, 0, 0), 1.0);
    "f(2, 3).__setitem__(0, f(2))" Shape: f([2, 3]).i_put(0, f([2])), f([2, 3]).try_i_put(0, f([2]));
    "f(2, 3).__setitem__(slice(0, 1), f(2, 3))" Shape:
        f([2, 3]).i_put(0..1, f([2, 3])), f([2, 3]).try_i_put(0..1, f([2, 3]));
    "f(2, 3).__setitem__(at(0, 5), 1.0)" Index: f([2, 3]).i_put(at([0, 5]), 1.0), f([2, 3]).try_i_put(at([0, 5]), 1.0);
    "f(2, 3).__setitem__(at(0, 1), f(2, 2))" Shape:
        f([2, 3]).i_put(at([0, 1]), f([2, 2])), f([2, 3]).try_i_put(at([0, 1]), f([2, 2]));
    "f(2, 3).__setitem__(at(0, 1), f(3, 3))" Shape:
        f([2, 3]).i_put(at([0, 1]), f([3, 3])), f([2, 3]).try_i_put(at([0, 1]), f([3, 3]));
    "f(2, 3).__setitem__(at(0, 1), n(2, 3))" DType:
        f([2, 3]).i_put(at([0, 1]), n([2, 3])), f([2, 3]).try_i_put(at([0, 1]), n([2, 3]));
    "f(2, 3).__setitem__(at(0, 1), n())" DType:
        f([2, 3]).i_put(at([0, 1]), n([])), f([2, 3]).try_i_put(at([0, 1]), n([]));
    "n(2, 3).__setitem__(at(0, 1), 1.5)" fine: n([2, 3]).i_put(at([0, 1]), 1.5);
    "n(2, 3).__setitem__(0, 1.5)" fine: n([2, 3]).i_put(0, 1.5);
    "n(2, 3).to(uint8).__setitem__(0, 300)" Value:
        n([2, 3]).to(uint8).i_put(0, 300), n([2, 3]).to(uint8).try_i_put(0, 300);
    "n(2, 3).to(uint8).__setitem__(at(0), 300)" Value:
        n([2, 3]).to(uint8).i_put(at([0]), 300), n([2, 3]).to(uint8).try_i_put(at([0]), 300);
    "f(2, 3).__setitem__(b(3), 1.0)" Index: f([2, 3]).i_put(b([3]), 1.0), f([2, 3]).try_i_put(b([3]), 1.0);
    "f(2, 3).__setitem__(b(2, 3), f(5))" Shape:
        f([2, 3]).i_put(b([2, 3]), f([5])), f([2, 3]).try_i_put(b([2, 3]), f([5]));
    "f(2, 3).__setitem__(f(2), 1.0)" DType: f([2, 3]).i_put(f([2]), 1.0), f([2, 3]).try_i_put(f([2]), 1.0);
    "f(2, 3).expand(4, 2, 3).__setitem__(0, 1.0)" fine: f([2, 3]).expand([4, 2, 3]).i_put(0, 1.0);
    "f(3).expand(2, 3).__setitem__(at(0), 1.0)" Overlap:
        f([3]).expand([2, 3]).i_put(at([0]), 1.0), f([3]).expand([2, 3]).try_i_put(at([0]), 1.0);
    "f(2, 3).index_select(0, at(0, 2))" Index:
        f([2, 3]).index_select(0, &at([0, 2])), f([2, 3]).try_index_select(0, &at([0, 2]));
    "f(2, 3).index_select(0, at(-1))" Index:
        f([2, 3]).index_select(0, &at([-1])), f([2, 3]).try_index_select(0, &at([-1]));
    "f(2, 3).index_select(2, at(0))" Dim: f([2, 3]).index_select(2, &at([0])), f([2, 3]).try_index_select(2, &at([0]));
    "f(2, 3).index_select(0, f(1))" DType: f([2, 3]).index_select(0, &f([1])), f([2, 3]).try_index_select(0, &f([1]));
    "f(2, 3).index_select(0, n(1).to(int16))" DType:
        f([2, 3]).index_select(0, &n([1]).to(int16)), f([2, 3]).try_index_select(0, &n([1]).to(int16));
    "f(2, 3).index_select(0, n(1, 1))" Index:
        f([2, 3]).index_select(0, &n([1, 1])), f([2, 3]).try_index_select(0, &n([1, 1]));
    "f().index_select(0, at(0, 0))" Shape: f([]).index_select(0, &at([0, 0])), f([]).try_index_select(0, &at([0, 0]));
    "f().index_select(0, at(1))" Index: f([]).index_select(0, &at([1])), f([]).try_index_select(0, &at([1]));
    "f(2, 3).gather(0, at(0))" Shape: f([2, 3]).gather(0, &at([0])), f([2, 3]).try_gather(0, &at([0]));
    "f(2, 3).gather(2, n(2, 3))" Dim: f([2, 3]).gather(2, &n([2, 3])), f([2, 3]).try_gather(2, &n([2, 3]));
    "f(2, 3).gather(0, n(2, 4))" Shape: f([2, 3]).gather(0, &n([2, 4])), f([2, 3]).try_gather(0, &n([2, 4]));
    "f(2, 3).gather(1, n(3, 1))" Shape: f([2, 3]).gather(1, &n([3, 1])), f([2, 3]).try_gather(1, &n([3, 1]));
    "f(2, 3).gather(0, f(2, 3))" DType: f([2, 3]).gather(0, &f([2, 3])), f([2, 3]).try_gather(0, &f([2, 3]));
    "f(2, 3).gather(0, n(2, 3).int())" fine: f([2, 3]).gather(0, &n([2, 3]).int());
    "f(2, 3).gather(0, n(2, 3) * 2)" Index:
        f([2, 3]).gather(0, &(n([2, 3]) * 2)), f([2, 3]).try_gather(0, &(n([2, 3]) * 2));
    "f(2, 3).gather(0, n(2, 3) * -1)" Index:
        f([2, 3]).gather(0, &(n([2, 3]) * -1)), f([2, 3]).try_gather(0, &(n([2, 3]) * -1));
    "f(2, 3).gather(1, n(2, 3) * -2**63)" Index:
        f([2, 3]).gather(1, &(n([2, 3]) * i64::MIN)), f([2, 3]).try_gather(1, &(n([2, 3]) * i64::MIN));
    "f().gather(0, at(1))" Index: f([]).gather(0, &at([1])), f([]).try_gather(0, &at([1]));
    "f(2, 3).scatter_add(0, at(0), f(1))" Shape:
        f([2, 3]).scatter_add(0, &at([0]), &f([1])), f([2, 3]).try_scatter_add(0, &at([0]), &f([1]));
    "f(2, 3).scatter_add(2, n(2, 3), f(2, 3))" Dim:
        f([2, 3]).scatter_add(2, &n([2, 3]), &f([2, 3])), f([2, 3]).try_scatter_add(2, &n([2, 3]), &f([2, 3]));
    "f(2, 3).scatter_add(0, n(2, 4), f(2, 4))" Shape:
        f([2, 3]).scatter_add(0, &n([2, 4]), &f([2, 4])), f([2, 3]).try_scatter_add(0, &n([2, 4]), &f([2, 4]));
    "f(2, 3).scatter_add(0, n(2, 3), f(2, 2))" Shape:
        f([2, 3]).scatter_add(0, &n([2, 3]), &f([2, 2])), f([2, 3]).try_scatter_add(0, &n([2, 3]), &f([2, 2]));
    "f(2, 3).scatter_add(0, n(2, 3), f(3))" Shape:
        f([2, 3]).scatter_add(0, &n([2, 3]), &f([3])), f([2, 3]).try_scatter_add(0, &n([2, 3]), &f([3]));
    "f(2, 3).scatter_add(0, n(2, 3), n(2, 3))" DType:
        f([2, 3]).scatter_add(0, &n([2, 3]), &n([2, 3])), f([2, 3]).try_scatter_add(0, &n([2, 3]), &n([2, 3]));
    "f(2, 3).scatter_add(0, f(2, 3), f(2, 3))" DType:
        f([2, 3]).scatter_add(0, &f([2, 3]), &f([2, 3])), f([2, 3]).try_scatter_add(0, &f([2, 3]), &f([2, 3]));
    "f(2, 3).scatter_add(0, n(2, 3).int(), f(2, 3))" fine: f([2, 3]).scatter_add(0, &n([2, 3]).int(), &f([2, 3]));
    "f(2, 3).scatter_add(0, n(2, 3) * 2, f(2, 3))" Index:
        f([2, 3]).scatter_add(0, &(n([2, 3]) * 2), &f([2, 3])),
        f([2, 3]).try_scatter_add(0, &(n([2, 3]) * 2), &f([2, 3]));
    "f(2, 3).scatter_add(0, n(2, 3) * -1, f(2, 3))" Index:
        f([2, 3]).scatter_add(0, &(n([2, 3]) * -1), &f([2, 3])),
        f([2, 3]).try_scatter_add(0, &(n([2, 3]) * -1), &f([2, 3]));
    "f(2, 3).scatter_add_(0, n(2, 3) * 2, f(2, 3))" Index:
        f([2, 3]).scatter_add_(0, &(n([2, 3]) * 2), &f([2, 3])),
        f([2, 3]).try_scatter_add_(0, &(n([2, 3]) * 2), &f([2, 3]));
    "f(3).expand(2, 3).scatter_add_(0, n(2, 3), f(2, 3))" Overlap:
        f([3]).expand([2, 3]).scatter_add_(0, &n([2, 3]), &f([2, 3])),
        f([3]).expand([2, 3]).try_scatter_add_(0, &n([2, 3]), &f([2, 3]));
    "f(2, 3).index_add(0, at(0, 2), f(2, 3))" Index:
        f([2, 3]).index_add(0, &at([0, 2]), &f([2, 3])), f([2, 3]).try_index_add(0, &at([0, 2]), &f([2, 3]));
    "f(2, 3).index_add(0, at(-1), f(1, 3))" Index:
        f([2, 3]).index_add(0, &at([-1]), &f([1, 3])), f([2, 3]).try_index_add(0, &at([-1]), &f([1, 3]));
    "f(2, 3).index_add(0, at(0), f(2, 3))" Shape:
        f([2, 3]).index_add(0, &at([0]), &f([2, 3])), f([2, 3]).try_index_add(0, &at([0]), &f([2, 3]));
    "f(2, 3).index_add(0, at(0), f(1, 2))" Shape:
        f([2, 3]).index_add(0, &at([0]), &f([1, 2])), f([2, 3]).try_index_add(0, &at([0]), &f([1, 2]));
    "f(2, 3).index_add(2, at(0), f(1, 3))" Dim:
        f([2, 3]).index_add(2, &at([0]), &f([1, 3])), f([2, 3]).try_index_add(2, &at([0]), &f([1, 3]));
    "f(2, 3).index_add(0, n(1, 1), f(1, 3))" Index:
        f([2, 3]).index_add(0, &n([1, 1]), &f([1, 3])), f([2, 3]).try_index_add(0, &n([1, 1]), &f([1, 3]));
    "f(2, 3).index_add(0, f(1), f(1, 3))" DType:
        f([2, 3]).index_add(0, &f([1]), &f([1, 3])), f([2, 3]).try_index_add(0, &f([1]), &f([1, 3]));
    "f(2, 3).index_add(0, at(0), n(1, 3))" DType:
        f([2, 3]).index_add(0, &at([0]), &n([1, 3])), f([2, 3]).try_index_add(0, &at([0]), &n([1, 3]));
    "f(2, 3).index_add(0, at(0), f(3))" Shape:
        f([2, 3]).index_add(0, &at([0]), &f([3])), f([2, 3]).try_index_add(0, &at([0]), &f([3]));
    "f(2, 3).index_add_(1, at(3), f(2, 1))" Index:
        f([2, 3]).index_add_(1, &at([3]), &f([2, 1])), f([2, 3]).try_index_add_(1, &at([3]), &f([2, 1]));
    "f(2, 3).masked_select(n(2, 3))" DType:
        f([2, 3]).masked_select(&n([2, 3])), f([2, 3]).try_masked_select(&n([2, 3]));
    "f(2, 3).masked_select(n(2, 3).to(uint8))" DType:
        f([2, 3]).masked_select(&n([2, 3]).to(uint8)), f([2, 3]).try_masked_select(&n([2, 3]).to(uint8));
    "f(2, 3).masked_select(b(2))" Shape: f([2, 3]).masked_select(&b([2])), f([2, 3]).try_masked_select(&b([2]));
    "f(2, 3).masked_select(f(2, 3))" DType:
        f([2, 3]).masked_select(&f([2, 3])), f([2, 3]).try_masked_select(&f([2, 3]));
    "f(2, 3)[..., ...]" Index: f([2, 3]).i((Ellipsis, Ellipsis)), f([2, 3]).try_i((Ellipsis, Ellipsis));
    "f(2, 3)[b(2, 3), 0]" Index: f([2, 3]).i((b([2, 3]), 0)), f([2, 3]).try_i((b([2, 3]), 0));
    "f(2, 3)[at(-2**63), 0]" Index: f([2, 3]).i((at([i64::MIN]), 0)), f([2, 3]).try_i((at([i64::MIN]), 0));
    "f(2).view([1] * 63 + [2])[b(2).view([1] * 63 + [2])]" fine: f([2]).view(many(2)).i(b([2]).view(many(2)));
    "f(3).__setitem__(0, f(2))" Shape: f([3]).i_put(0, f([2])), f([3]).try_i_put(0, f([2]));
    "f(3).__setitem__(..., f(4))" Shape: f([3]).i_put(Ellipsis, f([4])), f([3]).try_i_put(Ellipsis, f([4]));
    "f(2, 3).scatter_add(0, n(2, 3), f(2, 3, 1))" Shape:
        f([2, 3]).scatter_add(0, &n([2, 3]), &f([2, 3, 1])), f([2, 3]).try_scatter_add(0, &n([2, 3]), &f([2, 3, 1]));
}
