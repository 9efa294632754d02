//! Shapes and products made of other operations, and distances between rows.

use crate::names::*;

misuses! {
    "torch.cdist(f(2, 3).half(), f(2, 3).half())" DType: f([2, 3]).to_dtype(float16).cdist(&f([2, 3]).to_dtype(float16), 2.0), f([2, 3]).to_dtype(float16).try_cdist(&f([2, 3]).to_dtype(float16), 2.0);
    "torch.cdist(f(2, 3), f(2, 4))" Shape: f([2, 3]).cdist(&f([2, 4]), 2.0), f([2, 3]).try_cdist(&f([2, 4]), 2.0);
    "torch.cdist(f(3), f(2, 3))" Shape: f([3]).cdist(&f([2, 3]), 2.0), f([3]).try_cdist(&f([2, 3]), 2.0);
    "torch.cdist(n(2, 3), n(2, 3))" DType: n([2, 3]).cdist(&n([2, 3]), 2.0), n([2, 3]).try_cdist(&n([2, 3]), 2.0);
    "torch.cdist(f(2, 3), f(2, 3), p=-1.0)" Value: f([2, 3]).cdist(&f([2, 3]), -1.0), f([2, 3]).try_cdist(&f([2, 3]), -1.0);
    "torch.nn.functional.pdist(f(2, 3).half())" DType: f([2, 3]).to_dtype(float16).pdist(2.0), f([2, 3]).to_dtype(float16).try_pdist(2.0);
    "torch.nn.functional.pdist(f(3))" Shape: f([3]).pdist(2.0), f([3]).try_pdist(2.0);
    "torch.nn.functional.pdist(f(2, 3), p=-1.0)" Value: f([2, 3]).pdist(-1.0), f([2, 3]).try_pdist(-1.0);
    "f(2, 3).diagonal(0, 1, 1)" Dim: f([2, 3]).diagonal(0, 1, 1), f([2, 3]).try_diagonal(0, 1, 1);
    "f(2, 3).diagonal(0, 0, 2)" Dim: f([2, 3]).diagonal(0, 0, 2), f([2, 3]).try_diagonal(0, 0, 2);
    "f(2, 3).unfold(1, 4, 1)" Shape: f([2, 3]).unfold(1, 4, 1), f([2, 3]).try_unfold(1, 4, 1);
    "f(2, 3).unfold(1, 2, 0)" Value: f([2, 3]).unfold(1, 2, 0), f([2, 3]).try_unfold(1, 2, 0);
    "f(3).tril()" Shape: f([3]).tril(0), f([3]).try_tril(0);
    "f(2, 3).repeat(2)" Shape: f([2, 3]).repeat([2]), f([2, 3]).try_repeat([2]);
    "f(2, 3).roll((1, 2), (0,))" Shape: f([2, 3]).roll([1, 2], [0]), f([2, 3]).try_roll([1, 2], [0]);
    "f(2, 6).unflatten(1, (2, 4))" Shape: f([2, 6]).unflatten(1, [2, 4]), f([2, 6]).try_unflatten(1, [2, 4]);
    "f(2, 3).outer(f(3))" Shape: f([2, 3]).outer(&f([3])), f([2, 3]).try_outer(&f([3]));
    "f(3).addmm(f(2, 3), f(2, 3))" Shape: f([3]).addmm(&f([2, 3]), &f([2, 3]), 1, 1), f([3]).try_addmm(&f([2, 3]), &f([2, 3]), 1, 1);
    "f(4).addmm(f(2, 3), f(3, 3))" Shape: f([4]).addmm(&f([2, 3]), &f([3, 3]), 1, 1), f([4]).try_addmm(&f([2, 3]), &f([3, 3]), 1, 1);
    "f(2).addmv(f(2, 3), f(2))" Shape: f([2]).addmv(&f([2, 3]), &f([2]), 1, 1), f([2]).try_addmv(&f([2, 3]), &f([2]), 1, 1);
    "f(2, 2, 2).baddbmm(f(2, 2, 3), f(2, 2, 2))" Shape: f([2, 2, 2]).baddbmm(&f([2, 2, 3]), &f([2, 2, 2]), 1, 1), f([2, 2, 2]).try_baddbmm(&f([2, 2, 3]), &f([2, 2, 2]), 1, 1);
    "f(2, 3).inner(f(2, 4))" Shape: f([2, 3]).inner(&f([2, 4])), f([2, 3]).try_inner(&f([2, 4]));
    "torch.nn.functional.linear(f(2, 3), f(4, 5))" Shape: f([2, 3]).linear(&f([4, 5]), None), f([2, 3]).try_linear(&f([4, 5]), None);
    "torch.nn.functional.linear(f(2, 3), f(4, 5), f(4))" Shape: f([2, 3]).linear(&f([4, 5]), Some(&f([4]))), f([2, 3]).try_linear(&f([4, 5]), Some(&f([4])));
    "torch.linalg.cross(f(2, 4), f(2, 4))" Shape: f([2, 4]).cross(&f([2, 4]), Some(-1)), f([2, 4]).try_cross(&f([2, 4]), Some(-1));
}
