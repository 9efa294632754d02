//! Convolutions of whole numbers: every product, one by one. Rare enough that nothing faster is worth its lines.

use super::geometry::Geometry;
use crate::dense::Shared;
use crate::number::Number;
use crate::team;
use tensor_core::op::Conv;

/// Computes a convolution or a gradient of one. The operands have the sizes that the plan has checked.
pub fn run<T: Number>(op: Conv, geometry: &Geometry, [a, b, bias]: [*const T; 3], y: *mut T) {
    let Geometry { batch, groups, ins, outs, .. } = *geometry;
    let (places, inputs, taps) = (geometry.output_plane(), geometry.input_plane(), geometry.taps());
    let shared = Shared((a, b, bias, y));
    // Each task owns the part of the result that its numbers name.
    let (tasks, len) = match op {
        Conv::Forward(_) => (batch * groups * outs, places),
        Conv::Input(_) => (batch * groups * ins, inputs),
        Conv::Weight(_) => (groups * outs, ins * taps),
    };
    team::split(tasks, 1, |range| {
        for task in range {
            let (a, b, bias, y) = shared.get();
            // SAFETY: places within the operands' planes, which are row-major, and the task's own part of the result.
            unsafe {
                let own = std::slice::from_raw_parts_mut(y.add(task * len), len);
                let channel = match op {
                    Conv::Forward(_) => task % (groups * outs),
                    Conv::Input(_) => task % (groups * ins),
                    Conv::Weight(_) => task,
                };
                own.fill(if bias.is_null() { T::ZERO } else { *bias.add(channel) });
                match op {
                    Conv::Forward(_) => {
                        let (image, group) = (task / (groups * outs), channel / outs);
                        for i in 0..ins {
                            let x = a.add(((image * groups + group) * ins + i) * inputs);
                            let weight = b.add((channel * ins + i) * taps);
                            geometry.products(|from, to, tap| {
                                own[to] = own[to].plus((*x.add(from)).times(*weight.add(tap)));
                            });
                        }
                    }
                    Conv::Input(_) => {
                        let (image, group, i) = (task / (groups * ins), channel / ins, channel % ins);
                        for o in group * outs..(group + 1) * outs {
                            let g = a.add((image * groups * outs + o) * places);
                            let weight = b.add((o * ins + i) * taps);
                            geometry.products(|from, to, tap| {
                                own[from] = own[from].plus((*g.add(to)).times(*weight.add(tap)));
                            });
                        }
                    }
                    Conv::Weight(_) => {
                        for image in 0..batch {
                            for i in 0..ins {
                                let x = a.add(((image * groups + channel / outs) * ins + i) * inputs);
                                let g = b.add((image * groups * outs + channel) * places);
                                geometry.products(|from, to, tap| {
                                    let sum = &mut own[i * taps + tap];
                                    *sum = sum.plus((*x.add(from)).times(*g.add(to)));
                                });
                            }
                        }
                    }
                }
            }
        }
    });
}

impl Geometry {
    /// Visits all (place of the input, place of the output, tap) of one channel that meet.
    fn products(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let axes = self.axes();
        let split = |i: usize, sizes: [usize; 3]| [i / (sizes[1] * sizes[2]), i / sizes[2] % sizes[1], i % sizes[2]];
        for to in 0..self.output_plane() {
            let at = split(to, self.output);
            for tap in 0..self.taps() {
                let k = split(tap, self.kernel);
                let place = |d: usize| (at[d] * axes[d].step + axes[d].shifts[k[d]]) as isize - axes[d].lead;
                if (0..3).all(|d| place(d) >= 0 && (place(d) as usize) < self.input[d]) {
                    let from = (place(0) as usize * self.input[1] + place(1) as usize) * self.input[2];
                    visit(from + place(2) as usize, to, tap);
                }
            }
        }
    }
}
