//! Linear algebra.

use crate::names::*;
use sconce::linalg::{self, Order, QrMode, Tolerances};

fn identity(n: usize) -> tensor_core::Tensor {
    f([n]).diag(0)
}

misuses! {
    "torch.linalg.inv(f(3))" Shape: linalg::inv(&f([3])), linalg::try_inv(&f([3]));
    "torch.linalg.inv(f(2, 3))" Shape: linalg::inv(&f([2, 3])), linalg::try_inv(&f([2, 3]));
    "torch.linalg.inv(n(3, 3))" DType: linalg::inv(&n([3, 3])), linalg::try_inv(&n([3, 3]));
    "torch.linalg.inv(f(3, 3).to(float16))" DType: linalg::inv(&f([3, 3]).to_dtype(float16)), linalg::try_inv(&f([3, 3]).to_dtype(float16));
    "torch.linalg.inv(f(3, 3))" Value: linalg::inv(&f([3, 3])), linalg::try_inv(&f([3, 3]));
    "torch.linalg.inv(f(2, 3, 3))" Value: linalg::inv(&f([2, 3, 3])), linalg::try_inv(&f([2, 3, 3]));
    "f(2, 3).inverse()" Shape: f([2, 3]).inverse(), f([2, 3]).try_inverse();
    "f(2, 3).det()" Shape: f([2, 3]).det(), f([2, 3]).try_det();
    "f(2, 2).to(float16).det()" DType: f([2, 2]).to_dtype(float16).det(), f([2, 2]).to_dtype(float16).try_det();
    "n(2, 2).slogdet()" DType: n([2, 2]).slogdet(), n([2, 2]).try_slogdet();
    "f(2).logdet()" Shape: f([2]).logdet(), f([2]).try_logdet();
    "f(2, 2).to(bfloat16).logdet()" DType: f([2, 2]).to_dtype(bfloat16).logdet(), f([2, 2]).to_dtype(bfloat16).try_logdet();
    "torch.linalg.solve(f(3), f(3))" Shape: linalg::solve(&f([3]), &f([3]), true), linalg::try_solve(&f([3]), &f([3]), true);
    "torch.linalg.solve(f(2, 3), f(3))" Shape: linalg::solve(&f([2, 3]), &f([3]), true), linalg::try_solve(&f([2, 3]), &f([3]), true);
    "torch.linalg.solve(eye(3), f(3).to(float64))" DType: linalg::solve(&identity(3), &f([3]).to_dtype(float64), true), linalg::try_solve(&identity(3), &f([3]).to_dtype(float64), true);
    "torch.linalg.solve(n(3, 3), n(3))" DType: linalg::solve(&n([3, 3]), &n([3]), true), linalg::try_solve(&n([3, 3]), &n([3]), true);
    "torch.linalg.solve(eye(3), f(4, 2))" Shape: linalg::solve(&identity(3), &f([4, 2]), true), linalg::try_solve(&identity(3), &f([4, 2]), true);
    "torch.linalg.solve(eye(3), f())" Shape: linalg::solve(&identity(3), &f([]), true), linalg::try_solve(&identity(3), &f([]), true);
    "torch.linalg.solve(eye(3), f(3, 2), left=False)" Shape: linalg::solve(&identity(3), &f([3, 2]), false), linalg::try_solve(&identity(3), &f([3, 2]), false);
    "torch.linalg.solve(eye(3).expand(2, 3, 3), f(3, 3, 2))" Shape: linalg::solve(&identity(3).expand([2, 3, 3]), &f([3, 3, 2]), true), linalg::try_solve(&identity(3).expand([2, 3, 3]), &f([3, 3, 2]), true);
    "torch.linalg.solve(f(3, 3), f(3))" Value: linalg::solve(&f([3, 3]), &f([3]), true), linalg::try_solve(&f([3, 3]), &f([3]), true);
    "torch.linalg.solve(f(2, 3, 3), f(3, 1))" Value: linalg::solve(&f([2, 3, 3]), &f([3, 1]), true), linalg::try_solve(&f([2, 3, 3]), &f([3, 1]), true);
    "torch.linalg.solve_triangular(eye(3), f(3), upper=True)" Shape: linalg::solve_triangular(&identity(3), &f([3]), true, true, false), linalg::try_solve_triangular(&identity(3), &f([3]), true, true, false);
    "torch.linalg.solve_triangular(n(3, 3), n(3, 1), upper=True)" DType: linalg::solve_triangular(&n([3, 3]), &n([3, 1]), true, true, false), linalg::try_solve_triangular(&n([3, 3]), &n([3, 1]), true, true, false);
    "torch.linalg.solve_triangular(eye(3), f(4, 1), upper=True, left=False)" Shape: linalg::solve_triangular(&identity(3), &f([4, 1]), true, false, false), linalg::try_solve_triangular(&identity(3), &f([4, 1]), true, false, false);
    "torch.linalg.cholesky(f(2, 3))" Shape: linalg::cholesky(&f([2, 3]), false), linalg::try_cholesky(&f([2, 3]), false);
    "torch.linalg.cholesky(f(2, 2).to(float16))" DType: linalg::cholesky(&f([2, 2]).to_dtype(float16), false), linalg::try_cholesky(&f([2, 2]).to_dtype(float16), false);
    "torch.linalg.cholesky(f(2, 2))" Value: linalg::cholesky(&f([2, 2]), false), linalg::try_cholesky(&f([2, 2]), false);
    "torch.linalg.cholesky(-f(2, 1, 1))" Value: linalg::cholesky(&(-f([2, 1, 1])), false), linalg::try_cholesky(&(-f([2, 1, 1])), false);
    "torch.linalg.qr(n(2, 2))" DType: linalg::qr(&n([2, 2]), QrMode::Reduced), linalg::try_qr(&n([2, 2]), QrMode::Reduced);
    "torch.linalg.qr(f(2, 2).to(float16))" DType: linalg::qr(&f([2, 2]).to_dtype(float16), QrMode::Reduced), linalg::try_qr(&f([2, 2]).to_dtype(float16), QrMode::Reduced);
    "torch.linalg.svd(f(2))" Shape: linalg::svd(&f([2]), true), linalg::try_svd(&f([2]), true);
    "torch.linalg.svd(f(2, 2) / 0 - f(2, 2) / 0)" Value: linalg::svd(&(f([2, 2]) / 0 - f([2, 2]) / 0), true), linalg::try_svd(&(f([2, 2]) / 0 - f([2, 2]) / 0), true);
    "f(2).svd()" Shape: f([2]).svd(true), f([2]).try_svd(true);
    "torch.linalg.svdvals(f(2, 2).to(float16))" DType: linalg::svdvals(&f([2, 2]).to_dtype(float16)), linalg::try_svdvals(&f([2, 2]).to_dtype(float16));
    "torch.linalg.eigh(n(2, 2))" DType: linalg::eigh(&n([2, 2]), 'L'), linalg::try_eigh(&n([2, 2]), 'L');
    "torch.linalg.eigh(f(2, 3))" Shape: linalg::eigh(&f([2, 3]), 'L'), linalg::try_eigh(&f([2, 3]), 'L');
    "torch.linalg.eigh(f(2, 2), 'K')" Value: linalg::eigh(&f([2, 2]), 'K'), linalg::try_eigh(&f([2, 2]), 'K');
    "torch.linalg.matrix_rank(f(2))" Shape: linalg::matrix_rank(&f([2]), Tolerances::default()), linalg::try_matrix_rank(&f([2]), Tolerances::default());
    "torch.linalg.matrix_rank(n(2, 2))" DType: linalg::matrix_rank(&n([2, 2]), Tolerances::default()), linalg::try_matrix_rank(&n([2, 2]), Tolerances::default());
    "torch.linalg.pinv(n(2, 2))" DType: linalg::pinv(&n([2, 2]), Tolerances::default()), linalg::try_pinv(&n([2, 2]), Tolerances::default());
    "f(3).pinverse()" Shape: f([3]).pinverse(1e-15), f([3]).try_pinverse(1e-15);
    "torch.linalg.cond(f(2))" Shape: linalg::cond(&f([2]), Order::P(2.0)), linalg::try_cond(&f([2]), Order::P(2.0));
    "torch.linalg.cond(f(2, 3), 1)" Shape: linalg::cond(&f([2, 3]), Order::P(1.0)), linalg::try_cond(&f([2, 3]), Order::P(1.0));
    "torch.linalg.cond(f(2, 2), 3)" Value: linalg::cond(&f([2, 2]), Order::P(3.0)), linalg::try_cond(&f([2, 2]), Order::P(3.0));
    "torch.linalg.matrix_norm(n(2, 2))" DType: linalg::matrix_norm(&n([2, 2]), Order::Fro, [-2, -1], false), linalg::try_matrix_norm(&n([2, 2]), Order::Fro, [-2, -1], false);
    "torch.linalg.matrix_norm(f(2, 2), 3)" Value: linalg::matrix_norm(&f([2, 2]), Order::P(3.0), [-2, -1], false), linalg::try_matrix_norm(&f([2, 2]), Order::P(3.0), [-2, -1], false);
    "torch.linalg.matrix_norm(f(2, 2), 'fro', (0, 0))" Dim: linalg::matrix_norm(&f([2, 2]), Order::Fro, [0, 0], false), linalg::try_matrix_norm(&f([2, 2]), Order::Fro, [0, 0], false);
    "torch.linalg.matrix_norm(f(2, 2).to(float16), 'nuc')" DType: linalg::matrix_norm(&f([2, 2]).to_dtype(float16), Order::Nuc, [-2, -1], false), linalg::try_matrix_norm(&f([2, 2]).to_dtype(float16), Order::Nuc, [-2, -1], false);
    "torch.linalg.lstsq(f(2), f(2))" Shape: linalg::lstsq(&f([2]), &f([2]), None), linalg::try_lstsq(&f([2]), &f([2]), None);
    "torch.linalg.lstsq(f(3, 2), f(4, 2))" Shape: linalg::lstsq(&f([3, 2]), &f([4, 2]), None), linalg::try_lstsq(&f([3, 2]), &f([4, 2]), None);
    "torch.linalg.lstsq(f(3, 2), f(3, 2).to(float64))" DType: linalg::lstsq(&f([3, 2]), &f([3, 2]).to_dtype(float64), None), linalg::try_lstsq(&f([3, 2]), &f([3, 2]).to_dtype(float64), None);
    "torch.linalg.lstsq(f(3, 2), f())" Shape: linalg::lstsq(&f([3, 2]), &f([]), None), linalg::try_lstsq(&f([3, 2]), &f([]), None);
    "torch.linalg.tensorinv(f(2, 3), 0)" Value: linalg::tensorinv(&f([2, 3]), 0), linalg::try_tensorinv(&f([2, 3]), 0);
    "torch.linalg.tensorinv(f(2, 3))" Shape: linalg::tensorinv(&f([2, 3]), 2), linalg::try_tensorinv(&f([2, 3]), 2);
    "torch.linalg.tensorsolve(f(2, 3), f(2))" Shape: linalg::tensorsolve(&f([2, 3]), &f([2]), None), linalg::try_tensorsolve(&f([2, 3]), &f([2]), None);
    "f(3, 1).cholesky_solve(eye(2))" Shape: f([3, 1]).cholesky_solve(&identity(2), false), f([3, 1]).try_cholesky_solve(&identity(2), false);
    "f(3).cholesky_solve(eye(3))" Shape: f([3]).cholesky_solve(&identity(3), false), f([3]).try_cholesky_solve(&identity(3), false);
    "f(3, 1).cholesky_solve(f(3, 2))" Shape: f([3, 1]).cholesky_solve(&f([3, 2]), false), f([3, 1]).try_cholesky_solve(&f([3, 2]), false);
    "f(3, 1).cholesky_solve(eye(3).to(float64))" DType: f([3, 1]).cholesky_solve(&identity(3).to_dtype(float64), false), f([3, 1]).try_cholesky_solve(&identity(3).to_dtype(float64), false);
    "n(3, 1).cholesky_solve(n(3, 3))" DType: n([3, 1]).cholesky_solve(&n([3, 3]), false), n([3, 1]).try_cholesky_solve(&n([3, 3]), false);
    "f(3).cholesky_inverse()" Shape: f([3]).cholesky_inverse(false), f([3]).try_cholesky_inverse(false);
    "n(3, 3).cholesky_inverse()" DType: n([3, 3]).cholesky_inverse(false), n([3, 3]).try_cholesky_inverse(false);
    "(f(2, 2) - 1).cholesky_inverse()" Value: (f([2, 2]) - 1).cholesky_inverse(false), (f([2, 2]) - 1).try_cholesky_inverse(false);
    "f(3, 3).matrix_power(-1)" Value: f([3, 3]).matrix_power(-1), f([3, 3]).try_matrix_power(-1);
}
