//! Decompositions of matrices, by the crate `faer`, in double precision for `float32` too. The matrices of a batch are shared between
//! threads; each is worked on by one, so that its bits do not depend on their number. Here is what all of them have in common:
//! where matrices lie, and which of them failed. Without the feature `linalg` there is only the refusal.

#[cfg(feature = "linalg")]
mod orthogonal;
#[cfg(feature = "linalg")]
mod solve;

use crate::memory::{Read, Write};
use tensor_core::Result;
use tensor_core::op::Linalg;

/// Refuses.
#[cfg(not(feature = "linalg"))]
pub fn run(op: Linalg, _: &[Read<'_>], _: &Write<'_>) -> Result<()> {
    Err(refusal(op))
}

/// Why nothing is computed. Builds with the feature have it for the test alone.
#[cfg(any(not(feature = "linalg"), test))]
fn refusal(op: Linalg) -> tensor_core::Error {
    let text = format!("{}: this build has no linear algebra; it comes with the feature `linalg`", op.name());
    tensor_core::Error::new(tensor_core::ErrorKind::Unsupported, text)
}

/// Computes an operation on matrices.
#[cfg(feature = "linalg")]
pub fn run(op: Linalg, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let a = Matrices::new(&inputs[0]);
    match op {
        Linalg::Inverse { strict } => solve::inverse(&a, strict, out),
        Linalg::Solve => solve::solve(&a, &Matrices::new(&inputs[1]), out),
        Linalg::Triangular { upper, unit } => solve::triangular(&a, upper, unit, &Matrices::new(&inputs[1]), out),
        Linalg::Cholesky => solve::cholesky(&a, out),
        Linalg::Det => solve::determinant(&a, out),
        Linalg::Cofactors => orthogonal::cofactors(&a, out),
        Linalg::Slogdet => solve::log_determinant(&a, out),
        Linalg::Qr(mode) => orthogonal::qr(&a, op, mode, out),
        Linalg::Svd { full } => orthogonal::svd(&a, op, full, out),
        Linalg::Svdvals => orthogonal::singular_values(&a, out),
        Linalg::Eigh { upper } => orthogonal::eigh(&a, upper, out),
        Linalg::Eigvalsh { upper } => orthogonal::eigenvalues(&a, upper, out),
        Linalg::Pinv { atol, rtol, hermitian: false } => orthogonal::pseudoinverse(&a, atol, rtol, out),
        Linalg::Pinv { atol, rtol, hermitian: true } => orthogonal::symmetric_pseudoinverse(&a, atol, rtol, out),
    }
}

#[cfg(feature = "linalg")]
use batch::*;

#[cfg(feature = "linalg")]
mod batch {
    use crate::dense::{self, Dense, Places};
    use crate::memory::{Read, Write};
    use crate::team;
    use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
    use faer::{MatMut, MatRef};
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use tensor_core::{DType, Error, ErrorKind, Layout, Result};

    /// An operand: a batch of matrices, each column by column.
    pub struct Matrices {
        elements: Dense<f64>,
        pub rows: usize,
        pub columns: usize,
        pub count: usize,
        /// Whether there are dimensions of a batch, which errors then name.
        batched: bool,
    }

    /// With the last two dimensions exchanged.
    fn turned(layout: &Layout) -> Layout {
        let mut order: Vec<usize> = (0..layout.rank()).collect();
        order.swap(layout.rank() - 2, layout.rank() - 1);
        layout.permuted(&order)
    }

    impl Matrices {
        pub fn new(x: &Read<'_>) -> Matrices {
            let layout = turned(x.layout);
            let (lead, last) = layout.shape().split_at(layout.rank() - 2);
            Matrices {
                elements: Dense::new(&x.with_layout(&layout), DType::F64),
                rows: last[1],
                columns: last[0],
                count: lead.iter().product(),
                batched: !lead.is_empty(),
            }
        }

        /// The elements of matrix `i`.
        pub fn elements(&self, i: usize) -> &[f64] {
            let size = self.rows * self.columns;
            &self.elements.all()[i * size..][..size]
        }

        /// Matrix `i`.
        pub fn get(&self, i: usize) -> MatRef<'_, f64> {
            MatRef::from_column_major_slice(self.elements(i), self.rows, self.columns)
        }
    }

    /// The first matrix of a batch that has no result, and what is wrong with it.
    struct Failure(AtomicU64);

    /// Lets `work` compute the `size` numbers of `out` that belong to each matrix of `a`, in scratch memory that is `scratch`
    /// large and not cleared. Where it returns a number, the matrix has no result, and `text` makes an error of it.
    /// `by_columns`: `out` is a batch of matrices, else rows.
    pub fn each(
        a: &Matrices,
        out: &Write<'_>,
        by_columns: bool,
        scratch: StackReq,
        work: impl Fn(usize, &mut [f64], &mut MemStack) -> std::result::Result<(), u32> + Sync,
        text: impl Fn(u32) -> String,
        name: &str,
    ) -> Result<()> {
        let failure = Failure(AtomicU64::new(u64::MAX));
        let size = out.layout.numel() / a.count.max(1);
        let compute = |y: Places<f64>| {
            let sides = a.rows.max(1) * a.columns.max(1);
            let grain = (8192 / (sides * a.rows.min(a.columns).max(1))).max(1);
            team::split(a.count, grain, |range| {
                let mut memory = MemBuffer::new(scratch);
                for i in range {
                    // SAFETY: each matrix's numbers belong to one range.
                    let y = unsafe { y.part(i * size, size) };
                    if let Err(number) = work(i, y, MemStack::new(&mut memory)) {
                        failure.0.fetch_min((i as u64) << 32 | number as u64, Relaxed);
                    }
                }
            });
        };
        match by_columns {
            true => dense::write(&out.with_layout(&turned(out.layout)), DType::F64, compute),
            false => dense::write(out, DType::F64, compute),
        }
        match failure.0.into_inner() {
            u64::MAX => Ok(()),
            found => {
                let batch = if a.batched { format!("(Batch element {}): ", found >> 32) } else { String::new() };
                Err(Error::new(ErrorKind::Value, format!("{name}: {batch}{}", text(found as u32))))
            }
        }
    }

    /// A matrix over `elements`, column by column.
    pub fn over(elements: &mut [f64], rows: usize, columns: usize) -> MatMut<'_, f64> {
        MatMut::from_column_major_slice_mut(elements, rows, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_linear_algebra_names_the_feature() {
        let error = refusal(Linalg::Inverse { strict: true });
        assert_eq!(error.kind(), tensor_core::ErrorKind::Unsupported);
        assert_eq!(error.text(), "linalg.inv: this build has no linear algebra; it comes with the feature `linalg`");
    }
}
