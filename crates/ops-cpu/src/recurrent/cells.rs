//! One step of some sequences: the gates after the matrix product, and their gradients before it. It knows neither steps nor
//! products.

use crate::isa::{Kernel, Level};
use crate::norm::Real;
use tensor_core::op::recurrent::Cell;

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
                        let (left, right) = part(self.work.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        let ((i, f), (g, o)) = (left.split_at_mut(n), right.split_at_mut(n));
                        let (before, c) = (read(self.extra.add(row * n), n), part(self.c.add(row * n), n));
                        for k in 0..n {
                            i[k] = i[k].sigmoid::<L>();
                            f[k] = f[k].sigmoid::<L>();
                            g[k] = g[k].tanh::<L>();
                            o[k] = o[k].sigmoid::<L>();
                            c[k] = f[k] * before[k] + i[k] * g[k];
                        }
                        (0..n).for_each(|k| h[k] = o[k] * c[k].tanh::<L>());
                    }
                    Cell::Gru => {
                        let (left, right) = part(self.work.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        let ((r, z), (w, new)) = (left.split_at_mut(n), right.split_at_mut(n));
                        let pre = &read(self.pre.add(row * 3 * n), 3 * n)[2 * n..];
                        let before = read(self.before.add(row * n), n);
                        for k in 0..n {
                            r[k] = r[k].sigmoid::<L>();
                            z[k] = z[k].sigmoid::<L>();
                            new[k] = (pre[k] + r[k] * w[k]).tanh::<L>();
                            h[k] = (T::ONE - z[k]) * new[k] + z[k] * before[k];
                        }
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
                        for k in 0..n {
                            let bent = c[k].tanh::<L>();
                            let dh = g[k] + carried[k];
                            let dc = g_c[k] + carried_c[k] + dh * o[k] * (T::ONE - bent * bent);
                            di[k] = dc * gate[k] * i[k] * (T::ONE - i[k]);
                            df[k] = dc * before[k] * f[k] * (T::ONE - f[k]);
                            dg[k] = dc * i[k] * (T::ONE - gate[k] * gate[k]);
                            d_o[k] = dh * bent * o[k] * (T::ONE - o[k]);
                            carried_c[k] = dc * f[k];
                        }
                    }
                    Cell::Gru => {
                        let gates = read(self.gates.add(row * 4 * n), 4 * n);
                        let (r, z, w, new) = (&gates[..n], &gates[n..2 * n], &gates[2 * n..3 * n], &gates[3 * n..]);
                        let (left, right) = part(self.pulled.add(row * 4 * n), 4 * n).split_at_mut(2 * n);
                        let ((dw, dr), (dz, dn)) = (left.split_at_mut(n), right.split_at_mut(n));
                        let before = read(self.before.add(row * n), n);
                        for k in 0..n {
                            let dh = g[k] + carried[k];
                            dn[k] = dh * (T::ONE - z[k]) * (T::ONE - new[k] * new[k]);
                            dz[k] = dh * (before[k] - new[k]) * z[k] * (T::ONE - z[k]);
                            dw[k] = dn[k] * r[k];
                            dr[k] = dn[k] * w[k] * r[k] * (T::ONE - r[k]);
                            carried[k] = dh * z[k];
                        }
                    }
                }
            }
        }
    }
}
