//! Which elements of the input make an element of the output along one dimension, and with which weights. It knows no images.
//!
//! Places are computed as PyTorch does: in `float32`, but in `float64` for inputs of that type (`area_pixel_compute_scale` and
//! `nearest_idx` in `ATen/native/UpSample.h`).

use tensor_core::op::resize::{Kind, Resizing};

/// The elements and weights of one dimension, `per` of each for every element of the output.
pub struct Taps<T> {
    /// Elements of the input.
    pub at: Vec<u32>,
    /// Their weights.
    pub weights: Vec<T>,
    /// How many there are for an element of the output.
    pub per: usize,
    /// The input's size.
    pub input: usize,
    /// The output's size.
    pub output: usize,
}

/// The weights of four neighbours at distance `t` after the second one.
pub fn cubic(t: f64) -> [f64; 4] {
    const A: f64 = -0.75;
    let near = |x: f64| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = |x: f64| ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A;
    [far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)]
}

impl<T: Copy> Taps<T> {
    /// The taps from `input` to `output` elements; `round` brings a double to the computing type and back, `narrow` to it.
    pub fn new(
        resizing: &Resizing,
        (input, output): (usize, usize),
        round: fn(f64) -> f64,
        narrow: fn(f64) -> T,
    ) -> Taps<T> {
        let per = match resizing.kind {
            Kind::Nearest | Kind::NearestExact => 1,
            Kind::Linear => 2,
            Kind::Cubic => 4,
        };
        let mut taps = Taps { at: vec![], weights: vec![], per, input, output };
        let last = input as i64 - 1;
        let factor = if resizing.scale > 0.0 { 1.0 / resizing.scale } else { input as f64 / output as f64 };
        let scale = match resizing.align {
            true if output > 1 => round((input as f64 - 1.0) / (output as f64 - 1.0)),
            true => 0.0,
            false => round(factor),
        };
        let centred = |o: usize| round(round(scale * (o as f64 + 0.5)) - 0.5);
        let place = |o: usize| if resizing.align { round(scale * o as f64) } else { centred(o) };
        for o in 0..output {
            let mut push = |at: i64, weight: f64| {
                taps.at.push(at.clamp(0, last) as u32);
                taps.weights.push(narrow(weight));
            };
            match resizing.kind {
                Kind::Nearest if input == output => push(o as i64, 1.0),
                Kind::Nearest if output == 2 * input => push(o as i64 / 2, 1.0),
                Kind::Nearest => push((o as f32 * factor as f32).floor() as i64, 1.0),
                Kind::NearestExact => {
                    push((((o as f64 + 0.5) * factor as f32 as f64) as f32).floor() as i64, 1.0);
                }
                Kind::Linear if input == output => {
                    push(o as i64, 1.0);
                    push(o as i64, 0.0);
                }
                Kind::Linear => {
                    let x = place(o).max(0.0);
                    let first = (x as i64).min(last);
                    let t = round(x - first as f64).clamp(0.0, 1.0);
                    push(first, 1.0 - t);
                    push(first + 1, t);
                }
                Kind::Cubic => {
                    let x = place(o);
                    let first = (x.floor() as i64).min(last);
                    let weights = cubic(round(x - first as f64).clamp(0.0, 1.0));
                    (first - 1..).zip(weights).for_each(|(at, weight)| push(at, weight));
                }
            }
        }
        taps
    }

    /// Elements and weights of one element of the output.
    #[inline(always)]
    pub fn of(&self, o: usize) -> impl Iterator<Item = (usize, T)> + '_ {
        let range = o * self.per..(o + 1) * self.per;
        self.at[range.clone()].iter().zip(&self.weights[range]).map(|(at, weight)| (*at as usize, *weight))
    }
}
