//! Sums of outer products: at each place, what the taps read there times the gradients of all channels. A tile of sums stays in
//! registers while the places pass. It does not know what places stand for.

use crate::isa::{Kernel, Level, dispatch};
use crate::vector::{Lanes, Vector};
use std::array::from_fn;
use std::marker::PhantomData;

/// Adds, for each tap and each channel, the sum over places of field · gradient.
#[derive(Clone, Copy)]
pub struct Outer<'a, T> {
    /// Where a line that begins at zero reads at shift zero.
    pub field: *const T,
    /// One per tap.
    pub shifts: &'a [usize],
    /// Where each line of places begins in the field.
    pub lines: &'a [usize],
    /// Places of a line.
    pub width: usize,
    /// Elements of the field from one place to the next.
    pub step: usize,
    /// The gradients in panels of [`panel`] channels, the last of which may have fewer: for each panel its channels at the first place,
    /// then at the second, and so on.
    pub gradient: *const T,
    /// Channels, a multiple of [`lanes`].
    pub channels: usize,
    /// For each tap a sum per channel.
    pub sums: *mut T,
}

/// Lanes of a register at this processor's level.
pub fn lanes<T: Lanes>() -> usize {
    dispatch(Sizes::<T>(PhantomData))[0]
}

/// Channels of a full panel at this processor's level.
pub fn panel<T: Lanes>() -> usize {
    dispatch(Sizes::<T>(PhantomData))[1]
}

struct Sizes<T>(PhantomData<T>);

impl<T: Lanes> Kernel for Sizes<T> {
    type Output = [usize; 2];
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> [usize; 2] {
        let lanes = T::Register::<L>::LANES;
        [lanes, lanes * registers::<L>()]
    }
}

/// Registers of a panel: six rows of them leave enough for what is read.
#[inline(always)]
const fn registers<L: Level>() -> usize {
    if L::REGISTERS == 32 { 4 } else { 2 }
}

impl<T: Lanes> Kernel for Outer<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let lanes = T::Register::<L>::LANES;
        let mut channel = 0;
        while channel < self.channels {
            channel += lanes
                * match (self.channels - channel) / lanes {
                    4.. if registers::<L>() == 4 => self.panel::<L, 6, 4>(channel),
                    3 if registers::<L>() == 4 => self.panel::<L, 6, 3>(channel),
                    2.. => self.panel::<L, 6, 2>(channel),
                    _ => self.panel::<L, 8, 1>(channel),
                };
        }
    }
}

impl<T: Lanes> Outer<'_, T> {
    /// All taps with the panel of `N` registers at `channel`, `M` taps at a time; returns `N`.
    #[inline(always)]
    fn panel<L: Level, const M: usize, const N: usize>(&self, channel: usize) -> usize {
        type Reg<T, L> = <T as Lanes>::Register<L>;
        let lanes = Reg::<T, L>::LANES;
        let (taps, one) = (self.shifts.len(), Reg::<T, L>::splat(T::ONE));
        for first in (0..taps).step_by(M) {
            // SAFETY: the maker vouches for places, panels and sums; taps beyond the last one are the last one once more.
            unsafe {
                let field: [*const T; M] = from_fn(|m| self.field.add(self.shifts[(first + m).min(taps - 1)]));
                let mut gradient = self.gradient.add(channel * self.lines.len() * self.width);
                let mut sums = [[Reg::<T, L>::splat(T::ZERO); N]; M];
                for line in self.lines {
                    let mut at = *line;
                    for _ in 0..self.width {
                        let channels: [Reg<T, L>; N] = from_fn(|v| Reg::<T, L>::load(gradient.add(v * lanes)));
                        for m in 0..M {
                            let read = Reg::<T, L>::splat(*field[m].add(at));
                            for v in 0..N {
                                sums[m][v] = read.mul_add(channels[v], sums[m][v]);
                            }
                        }
                        gradient = gradient.add(N * lanes);
                        at += self.step;
                    }
                }
                // Bounds that are known when this is compiled keep the sums in registers.
                for m in 0..M {
                    if first + m < taps {
                        for v in 0..N {
                            let to = self.sums.add((first + m) * self.channels + channel + v * lanes);
                            sums[m][v].mul_add(one, Reg::<T, L>::load(to)).store(to);
                        }
                    }
                }
            }
        }
        N
    }
}
