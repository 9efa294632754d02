//! How large matrices are, how near to singular, and what stands for an inverse where there is none.

use super::decompositions::*;
use super::run;
use crate::op::Linalg;
use crate::op::linalg::{check_dtype, matrix, square};
use crate::twins::{functions, twins};
use crate::{DType, Dims, Result, Tensor, bail, shape};

/// Which norm of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Order {
    /// The root of the sum of all squares: `'fro'`, PyTorch's default.
    #[default]
    Fro,
    /// The sum of the singular values: `'nuc'`.
    Nuc,
    /// ±1: the largest and the smallest sum of a column's sizes; ±∞: of a row's; ±2: the largest and the smallest singular value.
    P(f64),
}

/// From where on singular values, or eigenvalues' sizes, count as zero: the larger one of `atol` and `rtol` · the largest value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tolerances {
    /// The absolute bound, zero if not given.
    pub atol: Option<f64>,
    /// The relative bound; if not given, zero where `atol` is given and not zero, else the dtype's ε times the larger side.
    pub rtol: Option<f64>,
    /// Whether the matrices are symmetric, which makes it faster.
    pub hermitian: bool,
}

/// The space between one and the next larger number.
fn epsilon(dtype: DType) -> f64 {
    if dtype == DType::F64 { f64::EPSILON } else { f32::EPSILON as f64 }
}

impl Tolerances {
    /// The bounds for matrices with these sides.
    fn bounds(self, m: usize, n: usize, dtype: DType) -> (f64, f64) {
        let atol = self.atol.unwrap_or(0.0);
        let relative = || if atol > 0.0 { 0.0 } else { epsilon(dtype) * m.max(n) as f64 };
        (atol, self.rtol.unwrap_or_else(relative))
    }
}

/// max(atol, rtol · the largest size), a number per matrix, as a last dimension of size one.
fn bound(sizes: &Tensor, (atol, rtol): (f64, f64)) -> Result<Tensor> {
    sizes.detach().try_amax(-1, true)?.try_mul(rtol)?.try_clamp_min(atol)
}

functions! {
    /// A norm of matrices, which are the dimensions `dim`; these stay with size one if `keepdim`. PyTorch's defaults are
    /// `Order::Fro`, `[-2, -1]` and false.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg::{self, Order}};
    /// let a = Tensor::from_vec(vec![3.0f32, 0.0, 0.0, -4.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(linalg::matrix_norm(&a, Order::Fro, [-2, -1], false).item::<f32>(), 5.0);
    /// assert_eq!(linalg::matrix_norm(&a, Order::Nuc, [-2, -1], false).item::<f32>(), 7.0);
    /// ```
    ///
    /// # Errors
    /// For whole numbers, an order that there is not, or dimensions that are one.
    pub fn matrix_norm | try_matrix_norm(a: &Tensor, order: Order, dim: [i64; 2], keepdim: bool) -> Tensor {
        let name = "linalg.matrix_norm";
        let rank = a.ndim();
        matrix(name, a, "A")?;
        if !a.dtype().is_floating_point() {
            check_dtype(name, a, None)?;
        }
        let (rows, columns) = (shape::checked_dim(dim[0], rank)?, shape::checked_dim(dim[1], rank)?);
        if rows == columns {
            bail!(Dim, "{name}: dims must be different. Got ({}, {})", dim[0], dim[1]);
        }
        let spectral = |reduced: &dyn Fn(&Tensor) -> Result<Tensor>| -> Result<Tensor> {
            check_dtype(name, a, None)?;
            let order: Vec<usize> =
                (0..rank).filter(|dim| *dim != rows && *dim != columns).chain([rows, columns]).collect();
            let norm = reduced(&try_svdvals(&a.try_permute(order)?)?)?;
            if !keepdim {
                return Ok(norm);
            }
            let (low, high) = (rows.min(columns) as i64, rows.max(columns) as i64);
            norm.try_unsqueeze(low)?.try_unsqueeze(high)
        };
        let extreme = |x: &Tensor, dim: i64, largest: bool, keepdim: bool| {
            if largest && x.size(dim) == 0 {
                return x.try_sum_dim(dim, keepdim);
            }
            if largest { x.try_amax(dim, keepdim) } else { x.try_amin(dim, keepdim) }
        };
        // The sums' dimension is gone, or not, when the extreme one is looked for.
        let of_sums = |summed: usize, kept: usize, largest: bool| -> Result<Tensor> {
            let sums = a.try_abs()?.try_sum_dim(summed as i64, keepdim)?;
            let kept = if !keepdim && summed < kept { kept - 1 } else { kept };
            extreme(&sums, kept as i64, largest, keepdim)
        };
        match order {
            Order::Fro => a.try_norm_dim(2.0, [rows as i64, columns as i64], keepdim),
            Order::Nuc => spectral(&|s| s.try_sum_dim(-1, false)),
            Order::P(2.0) => spectral(&|s| extreme(s, -1, true, false)),
            Order::P(-2.0) => spectral(&|s| extreme(s, -1, false, false)),
            Order::P(1.0) => of_sums(rows, columns, true),
            Order::P(-1.0) => of_sums(rows, columns, false),
            Order::P(f64::INFINITY) => of_sums(columns, rows, true),
            Order::P(f64::NEG_INFINITY) => of_sums(columns, rows, false),
            Order::P(p) => bail!(Value, "{name}: Order {p} not supported."),
        }
    }

    /// By how much a matrix enlarges relative errors: its norm times that of its inverse, ∞ if it is singular. PyTorch's default
    /// for `order` is `Order::P(2.0)`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg::{self, Order}};
    /// let a = Tensor::from_vec(vec![1.0f64, 0.0, 0.0, 4.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(linalg::cond(&a, Order::P(2.0)).item::<f64>(), 4.0);
    /// ```
    ///
    /// # Errors
    /// If the matrices are not square, but for ±2.
    pub fn cond | try_cond(a: &Tensor, order: Order) -> Tensor {
        if a.ndim() < 2 {
            bail!(Shape, "linalg.cond: The input tensor must have at least 2 dimensions.");
        }
        let written = match order {
            Order::Fro => "fro".to_string(),
            Order::Nuc => "nuc".to_string(),
            Order::P(p) if [1.0, 2.0, f64::INFINITY].contains(&p.abs()) => p.to_string(),
            Order::P(p) => bail!(Value, "linalg.cond got an invalid norm type: {p}"),
        };
        if a.numel() == 0 {
            return Tensor::try_full_on(Dims::from(&a.shape()[..a.ndim() - 2]), 0, a.dtype(), a.device());
        }
        if let Order::P(p @ (2.0 | -2.0)) = order {
            let s = try_svdvals(a)?;
            let (first, last) = (s.try_select(-1, 0)?, s.try_select(-1, -1)?);
            return if p > 0.0 { first.try_div(&last) } else { last.try_div(&first) };
        }
        square(&format!("linalg.cond(ord={written})"), a)?;
        let norm = try_matrix_norm(a, order, [-2, -1], false)?;
        if order == Order::Nuc {
            return norm.try_mul(&try_matrix_norm(&a.try_pinverse(1e-15)?, order, [-2, -1], false)?);
        }
        let inverse = run(Linalg::Inverse { strict: false }, &[a])?;
        let singular = run(Linalg::Det, &[&a.detach()])?.try_eq(0)?;
        let product = norm.try_mul(&try_matrix_norm(&inverse, order, [-2, -1], false)?)?;
        product.try_masked_fill(&singular, f64::INFINITY)
    }

    /// How many singular values of a matrix are not zero, as `int64`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg::{self, Tolerances}};
    /// let a = Tensor::from_vec(vec![1.0f32, 2.0, 2.0, 4.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(linalg::matrix_rank(&a, Tolerances::default()).item::<i64>(), 1);
    /// ```
    pub fn matrix_rank | try_matrix_rank(a: &Tensor, tolerances: Tolerances) -> Tensor {
        let (m, n, lead) = matrix("torch.linalg.matrix_rank", a, "input")?;
        if !matches!(a.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "This function doesn't handle types other than float and double");
        }
        if m == 0 || n == 0 {
            return Tensor::try_full_on(lead, 0, DType::I64, a.device());
        }
        let a = a.detach();
        let sizes = if tolerances.hermitian { try_eigvalsh(&a, 'L')?.try_abs()? } else { try_svdvals(&a)? };
        sizes.try_gt(&bound(&sizes, tolerances.bounds(m, n, a.dtype()))?)?.try_sum_dim(-1, false)
    }

    /// The pseudoinverse of Moore and Penrose: A⁺ B is the shortest of all X that bring A X as near to B as can be.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg::{self, Tolerances}};
    /// let a = Tensor::from_vec(vec![2.0f64, 0.0, 0.0, 0.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(linalg::pinv(&a, Tolerances::default()).to_vec::<f64>(), [0.5, 0.0, 0.0, 0.0]);
    /// ```
    pub fn pinv | try_pinv(a: &Tensor, tolerances: Tolerances) -> Tensor {
        let hermitian = tolerances.hermitian;
        if hermitian {
            square("linalg.pinv", a)?;
        }
        let side = |back: usize| a.ndim().checked_sub(back).map_or(0, |dim| a.shape()[dim]);
        let (atol, rtol) = tolerances.bounds(side(2), side(1), a.dtype());
        run(Linalg::Pinv { atol, rtol, hermitian }, &[a])
    }

    /// The shortest X of all that bring A X as near to B, a matrix or a vector, as can be: PyTorch's `lstsq(…).solution`.
    /// Singular values up to `rcond` times the largest count as zero; `None` is the dtype's ε times the larger side.
    ///
    /// ```
    /// # use tensor_core::{Tensor, linalg};
    /// let a = Tensor::from_vec(vec![1.0f64, 1.0], [2, 1], ops_cpu::cpu());
    /// let b = Tensor::from_vec(vec![1.0f64, 2.0], [2], ops_cpu::cpu());
    /// assert!((linalg::lstsq(&a, &b, None).item::<f64>() - 1.5).abs() < 1e-15);
    /// ```
    ///
    /// # Errors
    /// If shapes or dtypes do not fit.
    pub fn lstsq | try_lstsq(a: &Tensor, b: &Tensor, rcond: Option<f64>) -> Tensor {
        let name = "torch.linalg.lstsq";
        if a.ndim() < 2 {
            bail!(Shape, "{name}: input must have at least 2 dimensions.");
        }
        if b.ndim() == 0 {
            bail!(Shape, "{name}: other must have at least 1 dimension.");
        }
        if a.dtype() != b.dtype() {
            bail!(
                DType,
                "{name}: Expected input and other to have the same dtype, but got input's dtype {} and other's dtype {}",
                a.dtype().type_name(),
                b.dtype().type_name()
            );
        }
        let rank = a.ndim();
        let is_vector = b.ndim() + 1 == rank;
        if is_vector && b.shape()[..] != a.shape()[..rank - 1] {
            bail!(
                Shape,
                "{name}: input.size(-2) should match other.size(-1)"
            );
        }
        let b = if is_vector { b.try_unsqueeze(-1)? } else { b.clone() };
        if b.ndim() < 2 || a.shape()[rank - 2] != b.shape()[b.ndim() - 2] {
            bail!(Shape, "{name}: input.size(-2) should match other.size(-2)");
        }
        if !matches!(a.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "This function doesn't handle types other than float and double");
        }
        let x = try_pinv(a, Tolerances { rtol: rcond, ..Tolerances::default() })?.try_matmul(&b)?;
        if is_vector { x.try_squeeze_dim(-1) } else { Ok(x) }
    }
}

twins! {
    /// [`linalg::pinv`](pinv) with `rcond` as its relative bound. PyTorch's default is 1e-15.
    pub fn pinverse | try_pinverse(self, rcond: f64) -> Tensor {
        try_pinv(self, Tolerances { rtol: Some(rcond), ..Tolerances::default() })
    }
}
