//! One step of some sequences: the gates after the matrix product, and their gradients before it. It knows neither steps nor
//! products. Each loop writes one row: the compiler makes vectors of those for which it can check that no rows lie over each other.

use crate::isa::{Kernel, Level};
use crate::math::limited::{Sigmoid, map_limited_in_place};
use crate::norm::Real;
use tensor_core::op::recurrent::Cell;

/// Numbers of a row whose gradients are in the first-level cache on the way.
const BLOCK: usize = 64;

/// A step forward of `rows` sequences, whose states lie one row after the other.
pub struct Push<T> {
    pub cell: Cell,
    pub hidden: usize,
    pub rows: usize,
    /// The input's part of the gates.
    pub pre: *const T,
    /// Rows of gates, or of the one sum of a simple cell.
    pub work: *mut T,
    /// An LSTM's c before the step; a GRU's b, the same for all rows.
    pub extra: *const T,
    /// h before the step.
    pub before: *const T,
    /// h after the step.
    pub h: *mut T,
    /// An LSTM's c after the step.
    pub c: *mut T,
}

/// `len` numbers.
///
/// # Safety
/// They are valid, and nobody writes them.
#[inline(always)]
unsafe fn read<'a, T>(start: *const T, len: usize) -> &'a [T] {
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts(start, len) }
}

/// `len` numbers to write.
///
/// # Safety
/// They are valid, and nobody else uses them.
#[inline(always)]
unsafe fn part<'a, T>(start: *mut T, len: usize) -> &'a mut [T] {
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts_mut(start, len) }
}

impl<T: Real> Push<T> {
    /// Puts into `work` what the product is added to.
    ///
    /// # Safety
    /// All rows are valid and the caller's alone.
    pub unsafe fn prepare(&self) {
        let n = self.hidden;
        for row in 0..self.rows {
            // SAFETY: the caller's.
            unsafe {
                match self.cell {
                    Cell::Tanh | Cell::Relu => {
                        part(self.work.add(row * n), n).copy_from_slice(read(self.pre.add(row * n), n))
                    }
                    Cell::Lstm => {
                        part(self.work.add(row * 4 * n), 4 * n).copy_from_slice(read(self.pre.add(row * 4 * n), 4 * n));
                    }
                    Cell::Gru => {
                        let work = part(self.work.add(row * 4 * n), 3 * n);
                        work[..2 * n].copy_from_slice(read(self.pre.add(row * 3 * n), 2 * n));
                        work[2 * n..].copy_from_slice(read(self.extra, n));
                    }
                }
            }
        }
    }
}

impl<T: Real> Kernel for Push<T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let n = self.hidden;
        for row in 0..self.rows {
            // SAFETY: rows that the caller of `dispatch` vouches for, all apart from each other.
            unsafe {
                let h = part(self.h.add(row * n), n);
                match self.cell {
                    Cell::Tanh => {
                        let work = read(self.work.add(row * n), n);
                        (0..n).for_each(|i| h[i] = work[i].tanh::<L>());
                    }
                    Cell::Relu => {
                        let work = read(self.work.add(row * n), n);
                        (0..n).for_each(|i| h[i] = work[i].larger(T::ZERO));
                    }
                    Cell::Lstm => {
                        let gates = part(self.work.add(row * 4 * n), 4 * n);
                        map_limited_in_place::<L, Sigmoid, T>(&mut gates[..2 * n]);
                        gates[2 * n..3 * n].iter_mut().for_each(|g| *g = g.tanh::<L>());
                        map_limited_in_place::<L, Sigmoid, T>(&mut gates[3 * n..]);
                        let (i, f, g, o) = (&gates[..n], &gates[n..2 * n], &gates[2 * n..3 * n], &gates[3 * n..]);
                        let (before, c) = (read(self.extra.add(row * n), n), part(self.c.add(row * n), n));
                        (0..n).for_each(|k| c[k] = f[k] * before[k] + i[k] * g[k]);
                        (0..n).for_each(|k| h[k] = o[k] * c[k].tanh::<L>());
                    }
                    Cell::Gru => {
                        let (left, right) = part(self.work.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        map_limited_in_place::<L, Sigmoid, T>(left);
                        let ((r, z), (w, new)) = (left.split_at(n), right.split_at_mut(n));
                        let pre = &read(self.pre.add(row * 3 * n), 3 * n)[2 * n..];
                        let before = read(self.before.add(row * n), n);
                        (0..n).for_each(|k| new[k] = pre[k] + r[k] * w[k]);
                        new.iter_mut().for_each(|new| *new = new.tanh::<L>());
                        (0..n).for_each(|k| h[k] = (T::ONE - z[k]) * new[k] + z[k] * before[k]);
                    }
                }
            }
        }
    }
}

/// A step back of `rows` sequences: takes the states' gradients and leaves those of the gates. The carried gradient of h goes
/// to the states before only as far as it needs no product.
pub struct Pull<T> {
    pub cell: Cell,
    pub hidden: usize,
    pub rows: usize,
    /// The gradient of h after the step from outside.
    pub g: *const T,
    /// The gradient of an LSTM's c after the step from outside.
    pub g_c: *const T,
    /// h after the step.
    pub h: *const T,
    /// An LSTM's c after the step.
    pub c: *const T,
    /// What the step forward kept.
    pub gates: *const T,
    /// An LSTM's c, a GRU's h before the step.
    pub before: *const T,
    /// The gradient of h from the next step.
    pub carried: *mut T,
    /// The gradient of an LSTM's c from the next step.
    pub carried_c: *mut T,
    /// Where the gates' gradients go.
    pub pulled: *mut T,
}

impl<T: Real> Kernel for Pull<T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let n = self.hidden;
        for row in 0..self.rows {
            // SAFETY: rows that the caller of `dispatch` vouches for, all apart from each other.
            unsafe {
                let (g, h) = (read(self.g.add(row * n), n), read(self.h.add(row * n), n));
                let carried = part(self.carried.add(row * n), n);
                match self.cell {
                    Cell::Tanh => {
                        let d = part(self.pulled.add(row * n), n);
                        (0..n).for_each(|k| d[k] = (g[k] + carried[k]) * (T::ONE - h[k] * h[k]));
                    }
                    Cell::Relu => {
                        let d = part(self.pulled.add(row * n), n);
                        (0..n).for_each(|k| d[k] = if h[k] > T::ZERO { g[k] + carried[k] } else { T::ZERO });
                    }
                    Cell::Lstm => {
                        let gates = read(self.gates.add(row * 4 * n), 4 * n);
                        let (i, f, gate, o) = (&gates[..n], &gates[n..2 * n], &gates[2 * n..3 * n], &gates[3 * n..]);
                        let (left, right) = part(self.pulled.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        let ((di, df), (dg, d_o)) = (left.split_at_mut(n), right.split_at_mut(n));
                        let (g_c, c) = (read(self.g_c.add(row * n), n), read(self.c.add(row * n), n));
                        let (before, carried_c) =
                            (read(self.before.add(row * n), n), part(self.carried_c.add(row * n), n));
                        let mut room = [[T::ZERO; BLOCK]; 3];
                        for first in (0..n).step_by(BLOCK) {
                            let len = BLOCK.min(n - first);
                            let (i, f) = (&i[first..][..len], &f[first..][..len]);
                            let (gate, o) = (&gate[first..][..len], &o[first..][..len]);
                            let (before, c) = (&before[first..][..len], &c[first..][..len]);
                            let [bent, dh, dc] = &mut room;
                            let (bent, dh, dc) = (&mut bent[..len], &mut dh[..len], &mut dc[..len]);
                            for (bent, c) in bent.iter_mut().zip(c) {
                                *bent = c.tanh::<L>();
                            }
                            for ((dh, g), carried) in dh.iter_mut().zip(&g[first..]).zip(&carried[first..]) {
                                *dh = *g + *carried;
                            }
                            for ((dc, g), carried) in dc.iter_mut().zip(&g_c[first..]).zip(&carried_c[first..]) {
                                *dc = *g + *carried;
                            }
                            for (((dc, dh), o), bent) in dc.iter_mut().zip(&*dh).zip(o).zip(&*bent) {
                                *dc = *dc + *dh * *o * (T::ONE - *bent * *bent);
                            }
                            for (((di, dc), gate), i) in di[first..].iter_mut().zip(&*dc).zip(gate).zip(i) {
                                *di = *dc * *gate * *i * (T::ONE - *i);
                            }
                            for (((df, dc), before), f) in df[first..].iter_mut().zip(&*dc).zip(before).zip(f) {
                                *df = *dc * *before * *f * (T::ONE - *f);
                            }
                            for (((dg, dc), i), gate) in dg[first..].iter_mut().zip(&*dc).zip(i).zip(gate) {
                                *dg = *dc * *i * (T::ONE - *gate * *gate);
                            }
                            for (((d, dh), bent), o) in d_o[first..].iter_mut().zip(&*dh).zip(&*bent).zip(o) {
                                *d = *dh * *bent * *o * (T::ONE - *o);
                            }
                            for ((carried, dc), f) in carried_c[first..].iter_mut().zip(&*dc).zip(f) {
                                *carried = *dc * *f;
                            }
                        }
                    }
                    Cell::Gru => {
                        let gates = read(self.gates.add(row * 4 * n), 4 * n);
                        let (r, z, w, new) = (&gates[..n], &gates[n..2 * n], &gates[2 * n..3 * n], &gates[3 * n..]);
                        let (left, right) = part(self.pulled.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        let ((dw, dr), (dz, dn)) = (left.split_at_mut(n), right.split_at_mut(n));
                        let before = read(self.before.add(row * n), n);
                        (0..n).for_each(|k| carried[k] = g[k] + carried[k]);
                        (0..n).for_each(|k| dn[k] = carried[k] * (T::ONE - z[k]) * (T::ONE - new[k] * new[k]));
                        (0..n).for_each(|k| dz[k] = carried[k] * (before[k] - new[k]) * z[k] * (T::ONE - z[k]));
                        (0..n).for_each(|k| dw[k] = dn[k] * r[k]);
                        (0..n).for_each(|k| dr[k] = dn[k] * w[k] * r[k] * (T::ONE - r[k]));
                        (0..n).for_each(|k| carried[k] = carried[k] * z[k]);
                    }
                }
            }
        }
    }
}
