//! Matrices as products of simpler ones. The signs of vectors are not determined by a decomposition; docs/numbers.md says which are
//! PyTorch's.

use super::{QrMode, is_watched, run, run_parts};
use crate::op::Linalg;
use crate::op::linalg::matrix;
use crate::twins::{functions, twins};
use crate::{Result, Tensor, bail};

/// Whether `uplo` means the upper triangle.
fn is_upper(uplo: char) -> Result<bool> {
    match uplo.to_ascii_uppercase() {
        'L' => Ok(false),
        'U' => Ok(true),
        _ => bail!(Value, "Expected UPLO argument to be 'L' or 'U', but got {uplo}"),
    }
}

functions! {
    /// The lower triangular L with A = L Lᵀ, or Lᵀ if `upper`, of a symmetric positive-definite A, of which only that triangle is
    /// read. PyTorch's default for `upper` is false.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![4.0f64, 2.0, 2.0, 2.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(linalg::cholesky(&a, false).to_vec::<f64>(), [2.0, 0.0, 1.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If A is not square or not positive-definite.
    pub fn cholesky | try_cholesky(a: &Tensor, upper: bool) -> Tensor {
        if !upper {
            return run(Linalg::Cholesky, &[a]);
        }
        matrix("linalg.cholesky", a, "A")?;
        run(Linalg::Cholesky, &[&a.try_mt()?])?.try_mt()
    }

    /// A = Q R, Q with orthonormal columns, R upper triangular: (Q, R). PyTorch's default for `mode` is `QrMode::Reduced`; with
    /// `QrMode::R` the Q is empty, and there is no derivative.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg::{self, QrMode}};
    /// let a = Tensor::from_vec(vec![3.0f64, 4.0], [2, 1], ops_cpu::cpu());
    /// let (q, r) = linalg::qr(&a, QrMode::Reduced);
    /// assert!((q.matmul(&r) - &a).abs().max().item::<f64>() < 1e-15);
    /// assert!((r.item::<f64>() + 5.0).abs() < 1e-15);
    /// ```
    pub fn qr | try_qr(a: &Tensor, mode: QrMode) -> (Tensor, Tensor) {
        let mut parts = run_parts(Linalg::Qr(mode), a)?;
        let r = parts.pop().expect("R is always there");
        let q = match parts.pop() {
            Some(q) => q,
            None => Tensor::try_full_on([0], 0, a.dtype(), a.device())?,
        };
        Ok((q, r))
    }

    /// A = U diag(S) Vᵀ, U and V with orthonormal columns, S from the largest to the smallest: (U, S, Vᵀ). U and V are square
    /// if `full_matrices`, which is PyTorch's default.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![0.0f64, 2.0, -3.0, 0.0], [2, 2], ops_cpu::cpu());
    /// let (u, s, vh) = linalg::svd(&a, false);
    /// assert_eq!(s.to_vec::<f64>(), [3.0, 2.0]);
    /// assert!(((u * s).matmul(&vh) - a).abs().max().item::<f64>() < 1e-15);
    /// ```
    ///
    /// # Errors
    /// If A holds numbers that are not finite.
    pub fn svd | try_svd(a: &Tensor, full_matrices: bool) -> (Tensor, Tensor, Tensor) {
        match <[Tensor; 3]>::try_from(run_parts(Linalg::Svd { full: full_matrices }, a)?) {
            Ok([u, s, vh]) => Ok((u, s, vh)),
            Err(_) => unreachable!("there are three parts"),
        }
    }

    /// The singular values, from the largest to the smallest.
    pub fn svdvals | try_svdvals(a: &Tensor) -> Tensor {
        match is_watched(a) {
            // The derivative needs the vectors.
            true => Ok(try_svd(a, false)?.1),
            false => run(Linalg::Svdvals, &[a]),
        }
    }

    /// A = V diag(L) Vᵀ of a symmetric A, V orthogonal, L from the smallest to the largest: (L, V). Only one triangle of A is
    /// read, the lower one for `'L'`, PyTorch's default, the upper one for `'U'`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![0.0f64, 1.0, 1.0, 0.0], [2, 2], ops_cpu::cpu());
    /// let (l, v) = linalg::eigh(&a, 'L');
    /// assert!((v.matmul(&l.diag(0)).matmul(&v.t()) - a).abs().max().item::<f64>() < 1e-15);
    /// ```
    pub fn eigh | try_eigh(a: &Tensor, uplo: char) -> (Tensor, Tensor) {
        match <[Tensor; 2]>::try_from(run_parts(Linalg::Eigh { upper: is_upper(uplo)? }, a)?) {
            Ok([l, v]) => Ok((l, v)),
            Err(_) => unreachable!("there are two parts"),
        }
    }

    /// The eigenvalues of symmetric matrices, from the smallest to the largest; `uplo` as for [`eigh`].
    pub fn eigvalsh | try_eigvalsh(a: &Tensor, uplo: char) -> Tensor {
        match is_watched(a) {
            true => Ok(try_eigh(a, uplo)?.0),
            false => run(Linalg::Eigvalsh { upper: is_upper(uplo)? }, &[a]),
        }
    }
}

twins! {
    /// [`linalg::svd`](svd()) in its older form: V itself, and `some` in place of not `full_matrices`. PyTorch's default is true.
    pub fn svd | try_svd(self, some: bool) -> (Tensor, Tensor, Tensor) {
        if self.ndim() < 2 {
            bail!(Shape, "linalg.svd: input should have at least 2 dimensions, but has {} dimensions instead", self.ndim());
        }
        let (u, s, vh) = try_svd(self, !some)?;
        Ok((u, s, vh.try_mt()?))
    }
}
