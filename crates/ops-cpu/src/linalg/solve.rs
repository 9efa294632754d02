//! Equations and determinants: the LU factorization with partial pivoting, triangular systems, and Cholesky's factorization.

use super::{Matrices, each, over};
use crate::dense::{self, Places};
use crate::memory::Write;
use crate::team;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::factor as llt;
use faer::linalg::lu::partial_pivoting::{factor, inverse as inverting, solve as solving};
use faer::linalg::triangular_solve as triangle;
use faer::perm::PermRef;
use faer::{MatMut, MatRef, Par};
use tensor_core::{DType, Result};

/// Both triangles, and the rows' order.
pub(super) struct Factors {
    n: usize,
    lu: Vec<f64>,
    order: Vec<usize>,
    inverse: Vec<usize>,
    swaps: usize,
}

impl Factors {
    pub(super) fn new(n: usize) -> Factors {
        Factors { n, lu: vec![0.0; n * n], order: vec![0; n], inverse: vec![0; n], swaps: 0 }
    }

    pub(super) fn scratch(n: usize) -> StackReq {
        StackReq::any_of(&[
            factor::lu_in_place_scratch::<usize, f64>(n, n, Par::Seq, Default::default()),
            inverting::inverse_scratch::<usize, f64>(n, Par::Seq),
        ])
    }

    pub(super) fn of(&mut self, a: &[f64], stack: &mut MemStack) {
        self.lu.copy_from_slice(a);
        let Factors { n, lu, order, inverse, .. } = self;
        let (info, _) = factor::lu_in_place(over(lu, *n, *n), order, inverse, Par::Seq, stack, Default::default());
        self.swaps = info.transposition_count;
    }

    fn matrix(&self) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(&self.lu, self.n, self.n)
    }

    fn order(&self) -> PermRef<'_, usize> {
        PermRef::new_checked(&self.order, &self.inverse, self.n)
    }

    pub(super) fn diagonal(&self) -> impl Iterator<Item = f64> + '_ {
        self.lu.iter().step_by(self.n + 1).copied()
    }

    /// Which pivot is zero, counted from one.
    pub(super) fn zero(&self) -> Option<u32> {
        self.diagonal().position(|x| x == 0.0).map(|i| i as u32 + 1)
    }

    pub(super) fn determinant(&self) -> f64 {
        let sign = if self.swaps.is_multiple_of(2) { 1.0 } else { -1.0 };
        self.diagonal().fold(sign, |product, x| product * x)
    }

    pub(super) fn invert(&self, y: MatMut<'_, f64>, stack: &mut MemStack) {
        inverting::inverse(y, self.matrix(), self.matrix(), self.order(), Par::Seq, stack);
    }
}

pub(super) fn inverse(a: &Matrices, strict: bool, out: &Write<'_>) -> Result<()> {
    let n = a.rows;
    let text = |at| {
        format!(
            "The diagonal element {at} is zero, the inversion could not be completed because the input matrix is singular."
        )
    };
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let mut factors = Factors::new(n);
        factors.of(a.elements(i), stack);
        match factors.zero().filter(|_| strict) {
            Some(at) => Err(at),
            None => {
                factors.invert(over(y, n, n), stack);
                Ok(())
            }
        }
    };
    each(a, out, true, Factors::scratch(n), work, text, "linalg.inv")
}

pub(super) fn solve(a: &Matrices, b: &Matrices, out: &Write<'_>) -> Result<()> {
    let (n, columns) = (b.rows, b.columns);
    let scratch =
        StackReq::any_of(&[Factors::scratch(n), solving::solve_in_place_scratch::<usize, f64>(n, columns, Par::Seq)]);
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let mut factors = Factors::new(n);
        factors.of(a.elements(i), stack);
        if let Some(at) = factors.zero() {
            return Err(at);
        }
        y.copy_from_slice(b.elements(i));
        let (lu, order) = (factors.matrix(), factors.order());
        solving::solve_in_place(lu, lu, order, over(y, n, columns), Par::Seq, stack);
        Ok(())
    };
    let text = |_| "The solver failed because the input matrix is singular.".to_string();
    each(a, out, true, scratch, work, text, "torch.linalg.solve")
}

pub(super) fn triangular(a: &Matrices, upper: bool, unit: bool, b: &Matrices, out: &Write<'_>) -> Result<()> {
    let work = |i: usize, y: &mut [f64], _: &mut MemStack| {
        y.copy_from_slice(b.elements(i));
        let (a, y) = (a.get(i), over(y, b.rows, b.columns));
        match (upper, unit) {
            (false, false) => triangle::solve_lower_triangular_in_place(a, y, Par::Seq),
            (false, true) => triangle::solve_unit_lower_triangular_in_place(a, y, Par::Seq),
            (true, false) => triangle::solve_upper_triangular_in_place(a, y, Par::Seq),
            (true, true) => triangle::solve_unit_upper_triangular_in_place(a, y, Par::Seq),
        }
        Ok(())
    };
    each(a, out, true, StackReq::EMPTY, work, |_| unreachable!("nothing fails"), "linalg.solve_triangular")
}

pub(super) fn cholesky(a: &Matrices, out: &Write<'_>) -> Result<()> {
    let n = a.rows;
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        y.copy_from_slice(a.elements(i));
        let done = llt::cholesky_in_place(over(y, n, n), Default::default(), Par::Seq, stack, Default::default());
        // The other triangle was scratch memory.
        y.chunks_exact_mut(n.max(1)).enumerate().for_each(|(column, y)| y[..column].fill(0.0));
        match done {
            Err(llt::LltError::NonPositivePivot { index }) => Err(index as u32 + 1),
            // What is not a number is not positive either.
            Ok(_) => match y.iter().step_by(n + 1).position(|x| !(*x > 0.0)) {
                Some(at) => Err(at as u32 + 1),
                None => Ok(()),
            },
        }
    };
    let text = |at| {
        format!(
            "The factorization could not be completed because the input is not positive-definite (the leading minor of order \
             {at} is not positive-definite)."
        )
    };
    let scratch = llt::cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default());
    each(a, out, true, scratch, work, text, "linalg.cholesky")
}

pub(super) fn determinant(a: &Matrices, out: &Write<'_>) -> Result<()> {
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let mut factors = Factors::new(a.rows);
        factors.of(a.elements(i), stack);
        y[0] = factors.determinant();
        Ok(())
    };
    each(a, out, false, Factors::scratch(a.rows), work, |_| unreachable!("nothing fails"), "linalg.det")
}

pub(super) fn log_determinant(a: &Matrices, out: &Write<'_>) -> Result<()> {
    let count = a.count;
    // All signs come before all logarithms.
    let mut found = vec![0.0; 2 * count];
    let places = Places::of(&mut found);
    let grain = (8192 / (a.rows * a.rows * a.rows).max(1)).max(1);
    team::split(count, grain, |range| {
        let mut memory = MemBuffer::new(Factors::scratch(a.rows));
        let mut factors = Factors::new(a.rows);
        for i in range {
            factors.of(a.elements(i), MemStack::new(&mut memory));
            let sign = if factors.swaps.is_multiple_of(2) { 1.0 } else { -1.0 };
            let signs = factors.diagonal().fold(sign, |sign, x| match x {
                x if x > 0.0 => sign,
                x if x < 0.0 => -sign,
                _ => 0.0,
            });
            // SAFETY: each matrix's two places belong to one range.
            unsafe {
                places.part(i, 1)[0] = signs;
                places.part(count + i, 1)[0] = factors.diagonal().map(|x| x.abs().ln()).sum();
            }
        }
    });
    dense::write::<f64>(out, DType::F64, |y| {
        // SAFETY: nobody else writes.
        unsafe { y.part(0, found.len()) }.copy_from_slice(&found);
    });
    Ok(())
}
