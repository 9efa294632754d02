//! Sums of products of two fields at many shifts: the gradient with respect to the weight, each factor of which met every
//! place of an image once. A block of sums stays in registers while the places pass. It does not know where fields come from.

use crate::isa::{Kernel, Level};
use crate::vector::{Lanes, Vector};

/// Adds, for each result channel and each shift, the sum over places of gradient · field.
#[derive(Clone, Copy)]
pub struct Dots<'a, T> {
    /// The gradient of the first result channel, zero between rows and for a register after the last place.
    pub gradient: *const T,
    /// Elements from one channel of it to the next.
    pub plane: usize,
    /// Result channels.
    pub channels: usize,
    /// The field's first place.
    pub field: *const T,
    /// One per factor.
    pub shifts: &'a [usize],
    /// Places, those between rows counted.
    pub places: usize,
    /// The sums: for each channel one per shift.
    pub sums: *mut T,
}

impl<T: Lanes> Kernel for Dots<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let wide = T::Register::<L>::LANES * size_of::<T>() == 64;
        // Places pass in portions: what a band of channels reads of them stays in the first-level cache for all shifts.
        let portion = 4096 / size_of::<T>();
        for first in (0..self.places).step_by(portion) {
            let last = self.places.min(first + portion);
            let mut channel = 0;
            while channel < self.channels {
                channel += match (self.channels - channel, wide) {
                    (3.., true) => self.band::<L, 4, 6>(channel, first, last),
                    (5.., false) => self.band::<L, 6, 2>(channel, first, last),
                    (3.., false) => self.band::<L, 4, 2>(channel, first, last),
                    (2, _) => self.band::<L, 2, 6>(channel, first, last),
                    _ => self.band::<L, 1, 9>(channel, first, last),
                };
            }
        }
    }
}

impl<T: Lanes> Dots<'_, T> {
    /// `M` channels, as far as there are so many, with all shifts; returns `M`.
    #[inline(always)]
    fn band<L: Level, const M: usize, const N: usize>(&self, channel: usize, first: usize, last: usize) -> usize {
        type Reg<T, L> = <T as Lanes>::Register<L>;
        let lanes = Reg::<T, L>::LANES;
        // SAFETY: the maker vouches for channels, fields and sums; numbers beyond the last channel or shift repeat the last.
        unsafe {
            let gradient: [*const T; M] =
                std::array::from_fn(|m| self.gradient.add((channel + m).min(self.channels - 1) * self.plane));
            for start in (0..self.shifts.len()).step_by(N) {
                let field: [*const T; N] =
                    std::array::from_fn(|n| self.field.add(self.shifts[(start + n).min(self.shifts.len() - 1)]));
                let mut sums = [[Reg::<T, L>::splat(T::ZERO); N]; M];
                for at in (first..last).step_by(lanes) {
                    // The fewer of both stay in registers.
                    if M < N {
                        let factors: [Reg<T, L>; M] = std::array::from_fn(|m| Reg::<T, L>::load(gradient[m].add(at)));
                        for n in 0..N {
                            let places = Reg::<T, L>::load(field[n].add(at));
                            for m in 0..M {
                                sums[m][n] = factors[m].mul_add(places, sums[m][n]);
                            }
                        }
                    } else {
                        let places: [Reg<T, L>; N] = std::array::from_fn(|n| Reg::<T, L>::load(field[n].add(at)));
                        for m in 0..M {
                            let factor = Reg::<T, L>::load(gradient[m].add(at));
                            for n in 0..N {
                                sums[m][n] = factor.mul_add(places[n], sums[m][n]);
                            }
                        }
                    }
                }
                // Bounds that are known when this is compiled keep the sums in registers.
                for m in 0..M {
                    for n in 0..N {
                        if channel + m < self.channels && start + n < self.shifts.len() {
                            let sum = self.sums.add((channel + m) * self.shifts.len() + start + n);
                            *sum = (*sum).plus(sums[m][n].total());
                        }
                    }
                }
            }
        }
        M
    }
}
