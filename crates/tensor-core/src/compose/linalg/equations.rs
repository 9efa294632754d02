//! Inverses, linear equations, and determinants.

use super::run;
use crate::op::Linalg;
use crate::op::linalg::{check_dtype, matrix, square};
use crate::twins::{functions, twins};
use crate::{DType, Dims, Result, Tensor, bail, shape};

/// Both operands with the same dimensions before those of the matrices.
fn same_batch(a: &Tensor, b: &Tensor) -> Result<(Tensor, Tensor)> {
    let (a_lead, a_last) = a.shape().split_at(a.ndim() - 2);
    let (b_lead, b_last) = b.shape().split_at(b.ndim() - 2);
    if a_lead == b_lead {
        return Ok((a.clone(), b.clone()));
    }
    // In this order PyTorch names them where they do not fit.
    let lead = shape::broadcast(b_lead, a_lead)?;
    let whole = |last: &[usize]| lead.iter().chain(last).copied().collect::<Dims>();
    Ok((a.try_expand(whole(a_last))?, b.try_expand(whole(b_last))?))
}

/// An error unless A X = B, or X A = B, has shapes that fit.
fn check_sides(name: &str, a: &Tensor, b: &Tensor, left: bool) -> Result<()> {
    let (n, _) = square(name, a)?;
    let (rows, columns, _) = matrix(name, b, "B")?;
    if n != if left { rows } else { columns } {
        let equation = if left { "AX = B" } else { "XA = B" };
        bail!(
            Shape,
            "{name}: Incompatible shapes of A and B for the equation {equation} ({n}x{n} and {rows}x{columns})"
        );
    }
    Ok(())
}

fn product(sizes: &[usize]) -> usize {
    sizes.iter().product()
}

functions! {
    /// The inverse of square matrices.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![1.0f64, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// let identity = a.matmul(&linalg::inv(&a));
    /// assert!((identity.trace().item::<f64>() - 2.0).abs() < 1e-14);
    /// assert_eq!(
    ///     linalg::try_inv(&(a * 0)).unwrap_err().text(),
    ///     "linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular."
    /// );
    /// ```
    ///
    /// # Errors
    /// If they are not square, or singular.
    pub fn inv | try_inv(a: &Tensor) -> Tensor {
        run(Linalg::Inverse { strict: true }, &[a])
    }

    /// The X for which A X = B, or X A = B if not `left`; PyTorch's default is true. B is a matrix, or a vector where that is what
    /// fits (A X = B alone). Batches broadcast.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![2.0f64, 0.0, 0.0, 4.0], [2, 2], ops_cpu::cpu());
    /// let b = Tensor::from_vec(vec![1.0f64, 1.0], [2], ops_cpu::cpu());
    /// assert_eq!(linalg::solve(&a, &b, true).to_vec::<f64>(), [0.5, 0.25]);
    /// ```
    ///
    /// # Errors
    /// If shapes or dtypes do not fit, or A is singular.
    pub fn solve | try_solve(a: &Tensor, b: &Tensor, left: bool) -> Tensor {
        let name = "linalg.solve";
        let (_, lead) = square(name, a)?;
        check_dtype(name, a, Some("lu_cpu"))?;
        if a.dtype() != b.dtype() {
            bail!(
                DType,
                "{name}: Expected A and B to have the same dtype, but found A of type {} and B of type {} instead",
                a.dtype().type_name(),
                b.dtype().type_name()
            );
        }
        let is_vector = b.ndim() == 1 || (a.ndim() == b.ndim() + 1 && b.shape()[..] == a.shape()[..b.ndim()]);
        let b = if is_vector { b.try_unsqueeze(-1)? } else { b.clone() };
        check_sides(name, a, &b, left)?;
        // A vector of its own stands for one in each matrix's equation.
        let b = if is_vector && b.ndim() == 2 && !lead.is_empty() {
            b.try_expand(lead.iter().chain(&b.shape()[..]).copied().collect::<Dims>())?
        } else {
            b
        };
        let (a, b) = same_batch(a, &b)?;
        let x = match left {
            true => run(Linalg::Solve, &[&a, &b])?,
            false => run(Linalg::Solve, &[&a.try_mt()?, &b.try_mt()?])?.try_mt()?,
        };
        if is_vector { x.try_squeeze_dim(-1) } else { Ok(x) }
    }

    /// [`solve`] for a triangular A, of which only the `upper` or the lower triangle is read, and the diagonal, which is taken for
    /// ones if `unitriangular`. PyTorch's defaults are `left` true, `unitriangular` false. B is a matrix.
    ///
    /// # Errors
    /// If shapes or dtypes do not fit. A zero on the diagonal is none: it gives infinities.
    pub fn solve_triangular | try_solve_triangular(
        a: &Tensor, b: &Tensor, upper: bool, left: bool, unitriangular: bool,
    ) -> Tensor {
        check_sides("linalg.solve_triangular", a, b, left)?;
        let (a, b) = same_batch(a, b)?;
        let unit = unitriangular;
        match left {
            true => run(Linalg::Triangular { upper, unit }, &[&a, &b]),
            false => run(Linalg::Triangular { upper: !upper, unit }, &[&a.try_mt()?, &b.try_mt()?])?.try_mt(),
        }
    }

    /// The determinants of square matrices.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![1.0f64, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// assert!((linalg::det(&a).item::<f64>() + 2.0).abs() < 1e-15);
    /// ```
    pub fn det | try_det(a: &Tensor) -> Tensor {
        run(Linalg::Det, &[a])
    }

    /// The determinants' signs, and the logarithms of their sizes: what of them does not overflow.
    pub fn slogdet | try_slogdet(a: &Tensor) -> (Tensor, Tensor) {
        let both = run(Linalg::Slogdet, &[a])?;
        Ok((both.try_select(0, 0)?, both.try_select(0, 1)?))
    }

    /// The X for which `tensordot(X, self)` is the identity, dimensions before `ind` taken as rows, the others as columns.
    /// PyTorch's default is 2.
    pub fn tensorinv | try_tensorinv(a: &Tensor, ind: usize) -> Tensor {
        if ind == 0 {
            bail!(Value, "Expected a strictly positive integer for 'ind', but got 0");
        }
        let (rows, columns) = a.shape().split_at(ind.min(a.ndim()));
        let (m, n) = (product(rows), product(columns));
        if m != n {
            let text = "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind])";
            bail!(Shape, "{text}, but got {n} != {m}");
        }
        let shape: Dims = columns.iter().chain(rows).copied().collect();
        try_inv(&a.try_reshape([m, n])?)?.try_reshape(shape)
    }

    /// The X for which `tensordot(A, X, X.ndim())` is B, after dimensions `dims` of A, if given, have been moved to the end.
    pub fn tensorsolve | try_tensorsolve(a: &Tensor, b: &Tensor, dims: Option<&[i64]>) -> Tensor {
        let a = match dims {
            Some(dims) => a.try_movedim(dims, (0..dims.len() as i64).map(|i| i - dims.len() as i64).collect::<Vec<_>>())?,
            None => a.clone(),
        };
        let (rows, columns) = a.shape().split_at(b.ndim().min(a.ndim()));
        let (m, n) = (product(rows), product(columns));
        if m != n {
            let text = "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim])";
            bail!(Shape, "{text}, but got {n} != {m}");
        }
        let columns = Dims::from(columns);
        try_solve(&a.try_reshape([m, n])?, &b.try_flatten()?, true)?.try_reshape(columns)
    }
}

twins! {
    /// [`linalg::inv`](inv) as a method.
    pub fn inverse | try_inverse(self) -> Tensor {
        try_inv(self)
    }

    /// [`linalg::det`](det()) as a method.
    pub fn det | try_det(self) -> Tensor {
        try_det(self)
    }

    /// [`linalg::slogdet`](slogdet()) as a method.
    pub fn slogdet | try_slogdet(self) -> (Tensor, Tensor) {
        try_slogdet(self)
    }

    /// The logarithm of the determinant, NaN where that is negative.
    pub fn logdet | try_logdet(self) -> Tensor {
        square("logdet", self)?;
        check_dtype("logdet", self, None)?;
        let (sign, size) = try_slogdet(self)?;
        size.try_masked_fill(&sign.try_eq(-1)?, f64::NAN)
    }

    /// The X for which L Lᵀ X is this tensor, or Uᵀ U X if `upper`: `factor` is what [`cholesky`](super::cholesky) gives. PyTorch's default
    /// is false.
    ///
    /// # Errors
    /// If shapes or dtypes do not fit.
    pub fn cholesky_solve | try_cholesky_solve(self, factor: &Tensor, upper: bool) -> Tensor {
        for (x, name) in [(self, "b"), (factor, "u")] {
            if x.ndim() < 2 {
                bail!(Shape, "{name} should have at least 2 dimensions, but has {} dimensions instead", x.ndim());
            }
        }
        if self.dtype() != factor.dtype() {
            bail!(
                DType,
                "Expected b and A to have the same dtype, but found b of type {} and A of type {} instead.",
                self.dtype().type_name(),
                factor.dtype().type_name()
            );
        }
        let ((rows, columns, _), (n, m, _)) = (matrix("", self, "b")?, matrix("", factor, "u")?);
        if n != m {
            bail!(Shape, "A must be batches of square matrices, but they are {n} by {m} matrices");
        }
        if n != rows {
            bail!(
                Shape,
                "Incompatible matrix sizes for cholesky_solve: each A matrix is {n} by {n} but each b matrix is {rows} by \
                 {columns}"
            );
        }
        if !matches!(self.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "\"cholesky_solve_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        let (b, factor) = same_batch(self, factor)?;
        let (first, second) = if upper { (factor.try_mt()?, factor) } else { (factor.clone(), factor.try_mt()?) };
        let half = try_solve_triangular(&first, &b, false, true, false)?;
        try_solve_triangular(&second, &half, true, true, false)
    }

    /// The inverse of L Lᵀ, or Uᵀ U if `upper`, where this tensor is what [`cholesky`](super::cholesky) gives. PyTorch's default is false.
    ///
    /// # Errors
    /// If the matrices are not square, or a diagonal has a zero.
    pub fn cholesky_inverse | try_cholesky_inverse(self, upper: bool) -> Tensor {
        let name = "cholesky_inverse";
        let (n, lead) = square(name, self)?;
        if !matches!(self.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "\"cholesky_inverse_out_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        let zeros = self.detach().try_diagonal(0, -2, -1)?.try_contiguous()?.try_eq(0)?.to_vec::<bool>();
        if let Some(at) = zeros.iter().position(|zero| *zero) {
            let batch = if lead.is_empty() { String::new() } else { format!("(Batch element {}): ", at / n) };
            bail!(
                Value,
                "{name}: {batch}The diagonal element {} is zero, the inversion could not be completed because the input matrix is \
                 singular.",
                at % n + 1
            );
        }
        let ones = Tensor::try_full_on([n], 1, self.dtype(), self.device())?.try_diag_embed(0, -2, -1)?;
        ones.try_expand(self.shape())?.try_cholesky_solve(self, upper)
    }
}
