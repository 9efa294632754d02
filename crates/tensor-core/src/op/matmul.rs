//! Products that sum over an index: four primitive forms, and `matmul`, which brings operands of any rank to them.

use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, Dims, Result, Tensor, bail, shape};

/// A primitive product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matmul {
    /// Matrix by matrix: `[n, k]` · `[k, m]`.
    Mm,
    /// Matrices by matrices, one by one: `[b, n, k]` · `[b, k, m]`.
    Bmm,
    /// Matrix by vector: `[n, k]` · `[k]`.
    Mv,
    /// Vector by vector: `[k]` · `[k]`.
    Dot,
    /// Inputs (base, a, b): `Mm` of the matrices plus the base, which broadcasts.
    Addmm,
}

impl Matmul {
    /// Every product of two operands.
    pub const ALL: &'static [Matmul] = &[Matmul::Mm, Matmul::Bmm, Matmul::Mv, Matmul::Dot];

    /// PyTorch's name.
    pub const fn name(self) -> &'static str {
        match self {
            Matmul::Mm => "mm",
            Matmul::Bmm => "bmm",
            Matmul::Mv => "mv",
            Matmul::Dot => "dot",
            Matmul::Addmm => "addmm",
        }
    }

    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        match (self, inputs) {
            (Matmul::Addmm, [base, a, b]) => plan_added(base, a, b),
            _ => self.plan_product(inputs[0], inputs[1]),
        }
    }

    fn plan_product(self, a: &Tensor, b: &Tensor) -> Result<Plan> {
        let (x, y) = (a.shape(), b.shape());
        let by = |s: &Dims| s.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
        let shape: Dims = match (self, &x[..], &y[..]) {
            (Matmul::Mm, &[n, k], &[l, m]) => {
                if k != l {
                    bail!(Shape, "mm: mat1 and mat2 shapes cannot be multiplied ({} and {})", by(x), by(y));
                }
                [n, m].as_slice().into()
            }
            (Matmul::Bmm, &[p, n, k], &[q, l, m]) => {
                if p != q || k != l {
                    bail!(
                        Shape,
                        "Expected size for first two dimensions of batch2 tensor to be: [{p}, {k}] but got: [{q}, {l}]."
                    );
                }
                [p, n, m].as_slice().into()
            }
            (Matmul::Mv, &[n, k], &[l]) => {
                if k != l {
                    bail!(Shape, "size mismatch, got input ({n}), mat ({n}x{k}), vec ({l})");
                }
                [n].as_slice().into()
            }
            (Matmul::Dot, &[k], &[l]) => {
                if k != l {
                    bail!(
                        Shape,
                        "inconsistent tensor size, expected tensor [{k}] and src [{l}] to have the same number of elements, but \
                         got {k} and {l} elements respectively"
                    );
                }
                Dims::scalar()
            }
            (Matmul::Mm, a, _) if a.len() != 2 => {
                bail!(Shape, "mm: self must be a matrix, got {}-D tensor", a.len())
            }
            (Matmul::Mm, ..) => bail!(Shape, "mm: mat2 must be a matrix, got {}-D tensor", y.len()),
            (Matmul::Bmm, a, _) if a.len() != 3 => bail!(Shape, "batch1 must be a 3D tensor"),
            (Matmul::Bmm, ..) => bail!(Shape, "batch2 must be a 3D tensor"),
            (Matmul::Mv, ..) => bail!(Shape, "vector + matrix @ vector expected, got {}, {}, {}", 1, x.len(), y.len()),
            (Matmul::Addmm, ..) => unreachable!("planned with its base"),
            (Matmul::Dot, ..) => {
                bail!(Shape, "1D tensors expected, but got {}D and {}D tensors", x.len(), y.len())
            }
        };
        if a.dtype() != b.dtype() {
            match self {
                Matmul::Dot => bail!(
                    DType,
                    "dot : expected both vectors to have same dtype, but found {} and {}",
                    a.dtype().type_name(),
                    b.dtype().type_name()
                ),
                Matmul::Mm | Matmul::Addmm => bail!(
                    DType,
                    "expected m1 and m2 to have the same dtype, but got: {} != {}",
                    a.dtype().cpp_name(),
                    b.dtype().cpp_name()
                ),
                Matmul::Bmm => {
                    bail!(DType, "expected scalar type {} but found {}", a.dtype().type_name(), b.dtype().type_name())
                }
                Matmul::Mv => bail!(
                    DType,
                    "addmv input tensors must have the same dtype, but got {vector}, {}, and {vector}",
                    a.dtype().type_name(),
                    vector = b.dtype().type_name()
                ),
            }
        }
        if a.dtype() == DType::Bool {
            let kernel = match self {
                Matmul::Mm | Matmul::Addmm => "addmm_impl_cpu_",
                Matmul::Bmm => "bmm",
                Matmul::Mv => "addmv_impl_cpu",
                Matmul::Dot => "dot",
            };
            bail!(DType, "\"{kernel}\" not implemented for 'Bool'");
        }
        shape::checked_numel(&shape)?;
        Ok(Plan::new(shape, a.dtype()))
    }
}

/// The checks of `addmm`, and what it gives.
fn plan_added(base: &Tensor, a: &Tensor, b: &Tensor) -> Result<Plan> {
    if let (&[n, k], &[l, m]) = (&a.shape()[..], &b.shape()[..])
        && k != l
    {
        bail!(Shape, "addmm: mat1 and mat2 shapes cannot be multiplied ({n}x{k} and {l}x{m})");
    }
    let plan = Matmul::Mm.plan_product(a, b)?;
    if base.dtype() != plan.dtype {
        bail!(
            DType,
            "self and mat2 must have the same dtype, but got {} and {}",
            base.dtype().type_name(),
            plan.dtype.type_name()
        );
    }
    base.layout().expanded(plan.layout.shape())?;
    Ok(plan)
}

twins! {
    /// The matrix product, in all of PyTorch's combinations of ranks: vectors give a number, a matrix and a vector a vector,
    /// and leading dimensions of higher ranks are batches that broadcast.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0], [3], ops_cpu::cpu());
    /// assert_eq!(x.matmul(&x).item::<f32>(), 14.0);
    /// ```
    ///
    /// # Errors
    /// If the inner dimensions differ (`mm: mat1 and mat2 shapes cannot be multiplied (3x2 and 3x2)`), batches do not broadcast,
    /// dtypes differ, or an operand has no dimensions.
    pub fn matmul | try_matmul(self, other: &Tensor) -> Tensor {
        let (a, b) = (self, other);
        match (a.ndim(), b.ndim()) {
            (1, 1) => a.try_dot(b),
            (2, 1) => a.try_mv(b),
            (1, 2) => a.try_unsqueeze(0)?.try_mm(b)?.try_squeeze_as(0, Origin::MatmulVector),
            (2, 2) => a.try_mm(b),
            (0, _) | (_, 0) => bail!(
                Shape,
                "both arguments to matmul need to be at least 1D, but they are {}D and {}D",
                a.ndim(),
                b.ndim()
            ),
            // One product serves when only one side has batches and they fold into its rows.
            (3.., 1..=2) => {
                let (lead, k) = a.shape().split_at(a.ndim() - 1);
                let rows = a.try_reshape([lead.iter().product::<usize>(), k[0]])?;
                match b.ndim() {
                    1 => Ok(rows.try_mv(b)?.unsafe_view(lead.into())),
                    _ => {
                        let product = rows.try_mm(b)?;
                        Ok(product.unsafe_view(lead.iter().copied().chain([b.shape()[1]]).collect()))
                    }
                }
            }
            (1, _) => {
                let product = a.try_unsqueeze(0)?.try_batched(b)?;
                let row = product.ndim() - 2;
                Ok(product.unsafe_view(product.shape().without(|dim| dim == row)))
            }
            _ => a.try_batched(b),
        }
    }

    /// The product of two matrices, `[n, k]` · `[k, m]`.
    pub fn mm | try_mm(self, other: &Tensor) -> Tensor {
        Tensor::apply(Op::Matmul(Matmul::Mm), &[self, other])
    }

    /// The products of two stacks of matrices, `[b, n, k]` · `[b, k, m]`.
    pub fn bmm | try_bmm(self, other: &Tensor) -> Tensor {
        Tensor::apply(Op::Matmul(Matmul::Bmm), &[self, other])
    }

    /// The product of a matrix and a vector, `[n, k]` · `[k]`.
    pub fn mv | try_mv(self, other: &Tensor) -> Tensor {
        Tensor::apply(Op::Matmul(Matmul::Mv), &[self, other])
    }

    /// The sum of the products of two vectors' elements.
    pub fn dot | try_dot(self, other: &Tensor) -> Tensor {
        Tensor::apply(Op::Matmul(Matmul::Dot), &[self, other])
    }
}

impl Tensor {
    /// Matrices with leading dimensions on both sides, at least two dimensions each.
    fn try_batched(&self, other: &Tensor) -> Result<Tensor> {
        let (a, b) = (self, other);
        let (a_lead, a_mat) = a.shape().split_at(a.ndim() - 2);
        let (b_lead, b_mat) = b.shape().split_at(b.ndim() - 2);
        let lead = shape::broadcast(a_lead, b_lead)?;
        let batch = shape::checked_view_numel(&lead)?;
        let stack = |x: &Tensor, mat: &[usize]| {
            let full: Vec<usize> = lead.iter().chain(mat).copied().collect();
            x.try_expand(full)?.try_reshape([batch, mat[0], mat[1]])
        };
        let product = stack(a, a_mat)?.try_bmm(&stack(b, b_mat)?)?;
        Ok(product.unsafe_view(lead.iter().copied().chain([a_mat[0], b_mat[1]]).collect()))
    }
}
