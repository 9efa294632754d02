//! Matrices taken apart: inverses, solutions of linear equations, determinants, and the decompositions. The last two dimensions are
//! the matrices', all dimensions before them a batch. The functions that users call are in `compose/linalg`.
//!
//! Results lie as LAPACK's do, and so as PyTorch's: each matrix column by column.

use super::Plan;
use crate::{DType, Dims, Layout, Result, Tensor, bail, shape};

/// Which factors of A = Q R are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum QrMode {
    /// Q with as many columns as the smaller side of A.
    #[default]
    Reduced,
    /// Q square.
    Complete,
    /// R alone.
    R,
}

/// An operation on matrices. Several results lie one after the other in one row per matrix; [`parts`](Linalg::parts) says where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Linalg {
    /// A⁻¹.
    Inverse {
        /// Whether a singular matrix is an error; if not, its inverse has infinities and NaN.
        strict: bool,
    },
    /// Inputs (A, B) of the same batch: the X for which A X = B.
    Solve,
    /// As `Solve`, A triangular; its other triangle is not read.
    Triangular {
        /// Whether the upper triangle is meant.
        upper: bool,
        /// Whether the diagonal is not read either, but taken for ones.
        unit: bool,
    },
    /// The lower triangular L with A = L Lᵀ. The upper triangle is not read.
    Cholesky,
    /// The determinant.
    Det,
    /// The cofactors det(A) A⁻ᵀ, which exist for singular matrices, too: the derivative of `Det`.
    Cofactors,
    /// The sign of the determinant and the logarithm of its size, `[2, batch]`.
    Slogdet,
    /// A = Q R, Q orthogonal, R upper triangular: Q (but for `QrMode::R`), then R.
    Qr(QrMode),
    /// A = U diag(S) Vᵀ: U, S from the largest to the smallest, Vᵀ.
    Svd {
        /// Whether U and V are square.
        full: bool,
    },
    /// The S of `Svd` alone.
    Svdvals,
    /// A = V diag(L) Vᵀ of a symmetric matrix: L from the smallest to the largest, then V.
    Eigh {
        /// Whether the upper triangle is read, and not the lower one.
        upper: bool,
    },
    /// The L of `Eigh` alone.
    Eigvalsh {
        /// As for `Eigh`.
        upper: bool,
    },
    /// The pseudoinverse: singular values up to max(`atol`, `rtol` · the largest) count as zero.
    Pinv {
        /// The absolute bound.
        atol: f64,
        /// The relative bound.
        rtol: f64,
        /// Whether the matrices are symmetric, and only their lower triangle is read.
        hermitian: bool,
    },
}

/// Rows and columns, and the dimensions before them.
pub(crate) fn matrix(name: &str, x: &Tensor, argument: &str) -> Result<(usize, usize, Dims)> {
    match x.shape().split_last_chunk::<2>() {
        Some((lead, &[rows, columns])) => Ok((rows, columns, lead.into())),
        None => bail!(Shape, "{name}: The input tensor {argument} must have at least 2 dimensions."),
    }
}

/// The size of square matrices, and the dimensions before them.
pub(crate) fn square(name: &str, x: &Tensor) -> Result<(usize, Dims)> {
    let (rows, columns, lead) = matrix(name, x, "A")?;
    if rows != columns {
        bail!(Shape, "{name}: A must be batches of square matrices, but they are {rows} by {columns} matrices");
    }
    Ok((rows, lead))
}

/// An error unless the elements are of `float32` or `float64`. `kernel` is whom PyTorch names when they are of a half type;
/// some functions refuse those by themselves.
pub(crate) fn check_dtype(name: &str, x: &Tensor, kernel: Option<&str>) -> Result<()> {
    let dtype = x.dtype().type_name();
    match (x.dtype(), kernel) {
        (DType::F32 | DType::F64, _) => Ok(()),
        (DType::F16 | DType::BF16, Some(kernel)) => bail!(DType, "\"{kernel}\" not implemented for '{dtype}'"),
        (DType::F16 | DType::BF16, None) => bail!(DType, "{name}: Low precision dtypes not supported. Got {dtype}"),
        _ => bail!(DType, "{name}: Expected a floating point or complex tensor as input. Got {dtype}"),
    }
}

/// `lead` with `more` dimensions.
fn joined(lead: &[usize], more: &[usize]) -> Dims {
    lead.iter().chain(more).copied().collect()
}

/// A fresh batch of matrices, each column by column.
fn by_columns(lead: &[usize], rows: usize, columns: usize, dtype: DType) -> Result<Plan> {
    let rank = lead.len() + 2;
    let mut order: Vec<usize> = (0..rank).collect();
    order.swap(rank - 2, rank - 1);
    let turned = joined(lead, &[columns, rows]);
    shape::checked_numel(&turned)?;
    Ok(Plan { layout: Layout::contiguous(turned).permuted(&order), dtype, compute: dtype })
}

impl Linalg {
    /// PyTorch's name of the function.
    pub const fn name(self) -> &'static str {
        match self {
            Linalg::Inverse { .. } => "linalg.inv",
            Linalg::Solve => "linalg.solve",
            Linalg::Triangular { .. } => "linalg.solve_triangular",
            Linalg::Cholesky => "linalg.cholesky",
            Linalg::Det | Linalg::Cofactors => "linalg.det",
            Linalg::Slogdet => "linalg.slogdet",
            Linalg::Qr(_) => "linalg.qr",
            Linalg::Svd { .. } | Linalg::Svdvals => "linalg.svd",
            Linalg::Eigh { .. } | Linalg::Eigvalsh { .. } => "linalg.eigh",
            Linalg::Pinv { .. } => "linalg.pinv",
        }
    }

    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let (x, name) = (inputs[0], self.name());
        let dtype = x.dtype();
        let row = |lead: &[usize], more: &[usize]| {
            let shape = joined(lead, more);
            shape::checked_numel(&shape)?;
            Ok(Plan::new(shape, dtype))
        };
        match self {
            Linalg::Inverse { .. } | Linalg::Cofactors => {
                let (n, lead) = square(name, x)?;
                check_dtype(name, x, None)?;
                by_columns(&lead, n, n, dtype)
            }
            Linalg::Cholesky => {
                let (n, lead) = square(name, x)?;
                check_dtype(name, x, Some("cholesky_cpu"))?;
                by_columns(&lead, n, n, dtype)
            }
            Linalg::Solve | Linalg::Triangular { .. } => {
                let b = inputs[1];
                let (n, lead) = square(name, x)?;
                let (rows, columns, others) = matrix(name, b, "B")?;
                if n != rows {
                    bail!(
                        Shape,
                        "{name}: Incompatible shapes of A and B for the equation AX = B ({n}x{n} and {rows}x{columns})"
                    );
                }
                if lead != others {
                    bail!(Shape, "{name}: the batches {lead:?} and {others:?} differ");
                }
                if dtype != b.dtype() {
                    bail!(
                        DType,
                        "{name}: Expected A and B to have the same dtype, but found A of type {} and B of type {} instead",
                        dtype.type_name(),
                        b.dtype().type_name()
                    );
                }
                match self {
                    Linalg::Solve => check_dtype(name, x, Some("lu_cpu"))?,
                    _ => check_kernel("triangular_solve_cpu", x)?,
                }
                by_columns(&lead, n, columns, dtype)
            }
            Linalg::Det => {
                let (_, lead) = square(name, x)?;
                check_dtype(name, x, Some("lu_cpu"))?;
                row(&lead, &[])
            }
            Linalg::Slogdet => {
                let (_, lead) = square(name, x)?;
                check_dtype(name, x, None)?;
                row(&[2], &lead)
            }
            Linalg::Qr(_) | Linalg::Svd { .. } | Linalg::Svdvals => {
                let (m, n, lead) = matrix(name, x, "A")?;
                let kernel = if matches!(self, Linalg::Qr(_)) { "geqrf_cpu" } else { "linalg_svd_cpu" };
                check_dtype(name, x, Some(kernel))?;
                row(&lead, &[self.sizes(m, n).iter().map(|[rows, columns]| rows * columns).sum()])
            }
            Linalg::Eigh { .. } | Linalg::Eigvalsh { .. } => {
                let (n, lead) = square(name, x)?;
                check_kernel("linalg_eigh_cpu", x)?;
                row(&lead, &[self.sizes(n, n).iter().map(|[rows, columns]| rows * columns).sum()])
            }
            Linalg::Pinv { .. } => {
                let described = format!("{name}({}{{{:?}}})", dtype.type_name(), x.shape());
                let text = "expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types";
                if !matches!(dtype, DType::F32 | DType::F64) {
                    bail!(DType, "{described}: {text}");
                }
                if x.ndim() < 2 {
                    bail!(Shape, "{described}: {text}");
                }
                let (m, n, lead) = matrix(name, x, "A")?;
                by_columns(&lead, n, m, dtype)
            }
        }
    }

    /// Rows and columns of the results that lie in one row, for matrices of `m` by `n`, as they lie there: column by column.
    pub fn sizes(self, m: usize, n: usize) -> Vec<[usize; 2]> {
        let k = m.min(n);
        match self {
            Linalg::Qr(QrMode::Reduced) => vec![[m, k], [k, n]],
            Linalg::Qr(QrMode::Complete) => vec![[m, m], [m, n]],
            Linalg::Qr(QrMode::R) => vec![[k, n]],
            Linalg::Svd { full: false } => vec![[m, k], [k, 1], [n, k]],
            Linalg::Svd { full: true } => vec![[m, m], [k, 1], [n, n]],
            Linalg::Svdvals => vec![[k, 1]],
            Linalg::Eigh { .. } => vec![[n, 1], [n, n]],
            Linalg::Eigvalsh { .. } => vec![[n, 1]],
            Linalg::Inverse { .. }
            | Linalg::Solve
            | Linalg::Triangular { .. }
            | Linalg::Cholesky
            | Linalg::Det
            | Linalg::Cofactors
            | Linalg::Slogdet
            | Linalg::Pinv { .. } => vec![],
        }
    }

    /// The results that lie in `rows`, as views, for matrices of `m` by `n`: (Q, R), (R), (U, S, Vᵀ), (L, V); or their gradients.
    pub fn parts(self, rows: &Tensor, m: usize, n: usize) -> Result<Vec<Tensor>> {
        let (mut start, mut parts) = (0, vec![]);
        for (place, [height, width]) in self.sizes(m, n).into_iter().enumerate() {
            let part = rows.try_narrow(-1, start, height * width)?;
            start += (height * width) as i64;
            parts.push(match (self, place) {
                (Linalg::Svd { .. } | Linalg::Svdvals, 1) | (Linalg::Eigh { .. } | Linalg::Eigvalsh { .. }, 0) => part,
                (Linalg::Svdvals, _) => part,
                // V by columns is Vᵀ by rows.
                (Linalg::Svd { .. }, 2) => part.try_unflatten(-1, [width, height])?,
                _ => part.try_unflatten(-1, [width, height])?.try_mt()?,
            });
        }
        Ok(parts)
    }
}

/// An error unless the elements are of `float32` or `float64`, where PyTorch leaves that to its kernel.
fn check_kernel(kernel: &str, x: &Tensor) -> Result<()> {
    if !matches!(x.dtype(), DType::F32 | DType::F64) {
        bail!(DType, "\"{kernel}\" not implemented for '{}'", x.dtype().type_name());
    }
    Ok(())
}
