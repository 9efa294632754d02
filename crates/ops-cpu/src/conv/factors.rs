//! The factors of a sweep in the order in which tiles read them.

use super::field::Scratch;
use super::tile;
use crate::dense::Shared;
use crate::team;
use crate::vector::Lanes;
use std::marker::PhantomData;

/// Factors below which a second thread costs more than it saves.
const GRAIN: usize = 32 << 10;

/// Factors in panels of some result channels each: for every tap of every source channel, those of the panel.
pub struct Factors<T> {
    scratch: Scratch,
    panels: Vec<usize>,
    /// Elements of one group.
    group: usize,
    _element: PhantomData<T>,
}

/// Where a factor lies in the weight.
pub struct Factor<'a> {
    /// Elements from one group to the next.
    pub group: usize,
    /// Elements from one result channel to the next.
    pub result: usize,
    /// Elements from one source channel to the next.
    pub channel: usize,
    /// Where each tap lies.
    pub taps: &'a [usize],
}

impl<T: Lanes> Factors<T> {
    /// Brings `weight` into panels.
    ///
    /// # Safety
    /// `weight` has a factor at every place that `factor` describes.
    pub unsafe fn pack(weight: *const T, factor: &Factor<'_>, groups: usize, results: usize, channels: usize) -> Self {
        let depth = channels * factor.taps.len();
        let panels = tile::panels::<T>(results);
        let starts: Vec<usize> = panels.iter().scan(0, |at, rows| Some(std::mem::replace(at, *at + rows))).collect();
        let mut scratch = Scratch::new::<T>(groups * results * depth);
        let to = Shared((weight, scratch.pointer::<T>()));
        let tallest = panels.iter().max().copied().unwrap_or(1);
        team::split(groups * panels.len(), (GRAIN / (tallest * depth).max(1)).max(1), |range| {
            for i in range {
                let (group, panel) = (i / panels.len(), i % panels.len());
                let (weight, to) = to.get();
                let row = starts[panel];
                // SAFETY: this panel's part of the scratch; the caller vouches for the factors.
                unsafe {
                    let mut to = to.add((group * results + row) * depth);
                    for channel in 0..channels {
                        for tap in factor.taps {
                            for m in row..row + panels[panel] {
                                let at = group * factor.group + m * factor.result + channel * factor.channel + tap;
                                to.write(*weight.add(at));
                                to = to.add(1);
                            }
                        }
                    }
                }
            }
        });
        Factors { scratch, panels, group: results * depth, _element: PhantomData }
    }

    /// A group's factors.
    pub fn group(&self, group: usize) -> *const T {
        self.scratch.start::<T>().wrapping_add(group * self.group)
    }

    /// The rows of each panel of a group.
    pub fn panels(&self) -> &[usize] {
        &self.panels
    }
}
