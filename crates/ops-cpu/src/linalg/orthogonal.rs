//! Decompositions with orthogonal factors: QR by Householder's reflections, singular values, and the eigenvalues of symmetric
//! matrices, both by divide and conquer.

use super::solve::Factors;
use super::{Matrices, each, over};
use crate::memory::Write;
use faer::diag::DiagMut;
use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::householder as reflections;
use faer::linalg::qr::no_pivoting::factor as qr_factor;
use faer::linalg::svd::{self as singular, ComputeSvdVectors};
use faer::{Conj, MatMut, MatRef, Par};
use tensor_core::Result;
use tensor_core::op::{Linalg, QrMode};

fn never(_: u32) -> String {
    unreachable!("nothing fails")
}

fn not_finite(_: u32) -> String {
    "The algorithm failed to converge because the input matrix contained non-finite values.".to_string()
}

fn no_eigenvalues(code: u32) -> String {
    format!(
        "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated eigenvalues (error \
         code: {code})."
    )
}

/// Ones on the diagonal, else zeros.
fn set_identity(y: &mut [f64], rows: usize) {
    y.fill(0.0);
    y.iter_mut().step_by(rows + 1).for_each(|y| *y = 1.0);
}

pub(super) fn qr(a: &Matrices, op: Linalg, mode: QrMode, out: &Write<'_>) -> Result<()> {
    let (m, n) = (a.rows, a.columns);
    let k = m.min(n);
    let block = qr_factor::recommended_block_size::<f64>(m, n).max(1);
    let width = if mode == QrMode::Complete { m } else { k };
    let scratch = StackReq::any_of(&[
        qr_factor::qr_in_place_scratch::<f64>(m, n, block, Par::Seq, Default::default()),
        reflections::apply_block_householder_sequence_on_the_left_in_place_scratch::<f64>(m, block, width),
    ]);
    let r_size = op.sizes(m, n).last().map_or(0, |[rows, columns]| rows * columns);
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let (q, r) = y.split_at_mut(y.len() - r_size);
        let mut basis = a.elements(i).to_vec();
        let mut factor = vec![0.0; block * k];
        if k > 0 {
            let (basis, factor) = (over(&mut basis, m, n), over(&mut factor, block, k));
            qr_factor::qr_in_place(basis, factor, Par::Seq, stack, Default::default());
        }
        if n > 0 && r_size > 0 {
            let height = r_size / n;
            for (column, (r, basis)) in r.chunks_exact_mut(height).zip(basis.chunks_exact(m)).enumerate() {
                let end = (column + 1).min(k);
                r[..end].copy_from_slice(&basis[..end]);
                r[end..].fill(0.0);
            }
        }
        if !q.is_empty() {
            set_identity(q, m);
            if k > 0 {
                let basis = MatRef::from_column_major_slice(&basis[..m * k], m, k);
                let factor = MatRef::from_column_major_slice(&factor, block, k);
                reflections::apply_block_householder_sequence_on_the_left_in_place_with_conj(
                    basis,
                    factor,
                    Conj::No,
                    over(q, m, width),
                    Par::Seq,
                    stack,
                );
            }
        }
        Ok(())
    };
    each(a, out, false, scratch, work, never, "linalg.qr")
}

/// U, S and V of matrix `i`, as far as there is room for them.
fn decompose(
    a: &Matrices,
    i: usize,
    u: Option<MatMut<'_, f64>>,
    s: &mut [f64],
    v: Option<MatMut<'_, f64>>,
    stack: &mut MemStack,
) -> Result<(), u32> {
    if !a.elements(i).iter().all(|x| x.is_finite()) {
        return Err(1);
    }
    singular::svd(a.get(i), DiagMut::from_slice_mut(s), u, v, Par::Seq, stack, Default::default()).map_err(|_| 1)
}

fn svd_scratch(a: &Matrices, vectors: ComputeSvdVectors) -> StackReq {
    singular::svd_scratch::<f64>(a.rows, a.columns, vectors, vectors, Par::Seq, Default::default())
}

pub(super) fn svd(a: &Matrices, op: Linalg, full: bool, out: &Write<'_>) -> Result<()> {
    let (m, n) = (a.rows, a.columns);
    let sizes = op.sizes(m, n);
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let (u, rest) = y.split_at_mut(sizes[0][0] * sizes[0][1]);
        let (s, v) = rest.split_at_mut(sizes[1][0]);
        if s.is_empty() {
            set_identity(u, m);
            set_identity(v, n);
            return Ok(());
        }
        let (u, v) = (over(u, sizes[0][0], sizes[0][1]), over(v, sizes[2][0], sizes[2][1]));
        decompose(a, i, Some(u), s, Some(v), stack)
    };
    let vectors = if full { ComputeSvdVectors::Full } else { ComputeSvdVectors::Thin };
    each(a, out, false, svd_scratch(a, vectors), work, not_finite, "linalg.svd")
}

pub(super) fn singular_values(a: &Matrices, out: &Write<'_>) -> Result<()> {
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| match y.is_empty() {
        true => Ok(()),
        false => decompose(a, i, None, y, None, stack),
    };
    each(a, out, false, svd_scratch(a, ComputeSvdVectors::No), work, not_finite, "linalg.svd")
}

/// y += Σ f(i) v_i u_iᵀ, column by column; y is [rows of v, rows of u].
fn compose(y: &mut [f64], v: &[f64], f: impl Fn(usize) -> f64, u: &[f64], k: usize) {
    let (rows, columns) = (v.len() / k, u.len() / k);
    let mut scaled = v.to_vec();
    scaled.chunks_exact_mut(rows).enumerate().for_each(|(i, column)| {
        let f = f(i);
        column.iter_mut().for_each(|x| *x *= f);
    });
    faer::linalg::matmul::matmul(
        over(y, rows, columns),
        faer::Accum::Replace,
        MatRef::from_column_major_slice(&scaled, rows, k),
        MatRef::from_column_major_slice(u, columns, k).transpose(),
        1.0,
        Par::Seq,
    );
}

pub(super) fn pseudoinverse(a: &Matrices, atol: f64, rtol: f64, out: &Write<'_>) -> Result<()> {
    let (m, n) = (a.rows, a.columns);
    let k = m.min(n);
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        if k == 0 {
            return Ok(());
        }
        let (mut u, mut s, mut v) = (vec![0.0; m * k], vec![0.0; k], vec![0.0; n * k]);
        decompose(a, i, Some(over(&mut u, m, k)), &mut s, Some(over(&mut v, n, k)), stack)?;
        let bound = atol.max(rtol * s[0]);
        compose(y, &v, |i| if s[i] > bound { 1.0 / s[i] } else { 0.0 }, &u, k);
        Ok(())
    };
    each(a, out, true, svd_scratch(a, ComputeSvdVectors::Thin), work, not_finite, "linalg.svd")
}

/// det(A) A⁻ᵀ: by the inverse where there is one, else det(U) det(V) U diag(Π of the other singular values) Vᵀ.
pub(super) fn cofactors(a: &Matrices, out: &Write<'_>) -> Result<()> {
    let n = a.rows;
    let scratch = StackReq::any_of(&[Factors::scratch(n), svd_scratch(a, ComputeSvdVectors::Thin)]);
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let mut factors = Factors::new(n);
        factors.of(a.elements(i), stack);
        if factors.zero().is_none() {
            let determinant = factors.determinant();
            factors.invert(over(y, n, n).transpose_mut(), stack);
            y.iter_mut().for_each(|y| *y *= determinant);
            return Ok(());
        }
        let (mut u, mut s, mut v) = (vec![0.0; n * n], vec![0.0; n], vec![0.0; n * n]);
        if decompose(a, i, Some(over(&mut u, n, n)), &mut s, Some(over(&mut v, n, n)), stack).is_err() {
            y.fill(f64::NAN);
            return Ok(());
        }
        let mut sign = 1.0;
        for orthogonal in [&u, &v] {
            factors.of(orthogonal, stack);
            sign *= factors.determinant().signum();
        }
        let others = |i: usize| s.iter().enumerate().filter(|(j, _)| *j != i).fold(sign, |all, (_, s)| all * s);
        compose(y, &u, others, &v, n);
        Ok(())
    };
    each(a, out, true, scratch, work, never, "linalg.det")
}

/// L and V of matrix `i`, of which one triangle is read.
fn diagonalize(
    a: &Matrices,
    i: usize,
    upper: bool,
    l: &mut [f64],
    v: Option<MatMut<'_, f64>>,
    stack: &mut MemStack,
) -> Result<(), u32> {
    let n = a.rows as u32;
    let mut columns = a.elements(i).chunks_exact(a.rows.max(1)).enumerate();
    let is_finite = |x: &[f64]| x.iter().all(|x| x.is_finite());
    if !columns.all(|(at, x)| is_finite(if upper { &x[..=at] } else { &x[at..] })) {
        return Err(n.saturating_sub(1));
    }
    if l.is_empty() {
        return Ok(());
    }
    let a = if upper { a.get(i).transpose() } else { a.get(i) };
    self_adjoint_evd(a, DiagMut::from_slice_mut(l), v, Par::Seq, stack, Default::default()).map_err(|_| n)
}

fn eigh_scratch(a: &Matrices, vectors: ComputeEigenvectors) -> StackReq {
    match a.rows {
        // It counts with n − 1.
        0 => StackReq::EMPTY,
        n => self_adjoint_evd_scratch::<f64>(n, vectors, Par::Seq, Default::default()),
    }
}

pub(super) fn eigh(a: &Matrices, upper: bool, out: &Write<'_>) -> Result<()> {
    let n = a.rows;
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        let (l, v) = y.split_at_mut(n);
        diagonalize(a, i, upper, l, Some(over(v, n, n)), stack)
    };
    each(a, out, false, eigh_scratch(a, ComputeEigenvectors::Yes), work, no_eigenvalues, "linalg.eigh")
}

pub(super) fn eigenvalues(a: &Matrices, upper: bool, out: &Write<'_>) -> Result<()> {
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| diagonalize(a, i, upper, y, None, stack);
    each(a, out, false, eigh_scratch(a, ComputeEigenvectors::No), work, no_eigenvalues, "linalg.eigh")
}

pub(super) fn symmetric_pseudoinverse(a: &Matrices, atol: f64, rtol: f64, out: &Write<'_>) -> Result<()> {
    let n = a.rows;
    let work = |i: usize, y: &mut [f64], stack: &mut MemStack| {
        if n == 0 {
            return Ok(());
        }
        let (mut l, mut v) = (vec![0.0; n], vec![0.0; n * n]);
        diagonalize(a, i, false, &mut l, Some(over(&mut v, n, n)), stack)?;
        let bound = atol.max(rtol * l.iter().fold(0.0, |most: f64, l| most.max(l.abs())));
        compose(y, &v, |i| if l[i].abs() > bound { 1.0 / l[i] } else { 0.0 }, &v, n);
        Ok(())
    };
    each(a, out, true, eigh_scratch(a, ComputeEigenvectors::Yes), work, no_eigenvalues, "linalg.eigh")
}
