//! Which elements along one dimension a place of a grid reads, with which weights, and how the weights change with the place. It
//! knows no images.
//!
//! As `grid_sampler_unnormalize`, `clip_coordinates` and `reflect_coordinates` in PyTorch's `ATen/native/GridSampler.h`.

use crate::number::Number;
use crate::resize::cubic;
use tensor_core::op::sample::{SampleMode, SamplePadding, Sampling};

/// No element: the place is outside the image.
pub const OUTSIDE: usize = usize::MAX;

/// A type in which places are computed.
pub trait Real: Number {
    /// A double, rounded to this type.
    fn narrow(x: f64) -> Self;
    /// A double rounded to this type, as a double.
    #[inline(always)]
    fn rounded(x: f64) -> f64 {
        Self::narrow(x).to_f64()
    }
}

impl Real for f32 {
    #[inline(always)]
    fn narrow(x: f64) -> f32 {
        x as f32
    }
}

impl Real for f64 {
    #[inline(always)]
    fn narrow(x: f64) -> f64 {
        x
    }
}

/// What one place reads along one dimension.
#[derive(Clone, Copy)]
pub struct Axis<T> {
    /// The elements, or [`OUTSIDE`].
    pub at: [usize; 4],
    /// Their weights.
    pub weight: [T; 4],
    /// The weights' derivatives with respect to the grid's number.
    pub slope: [T; 4],
    /// How many there are.
    pub count: usize,
}

/// A place brought into the image, and the derivative of that.
#[inline(always)]
fn inside<T: Real>(sampling: &Sampling, x: f64, size: f64) -> (f64, f64) {
    let clipped = |x: f64, slope: f64| match () {
        _ if x > 0.0 && x < size - 1.0 => (x, slope),
        _ if x >= size - 1.0 => (size - 1.0, 0.0),
        _ => (0.0, 0.0),
    };
    match sampling.padding {
        SamplePadding::Zeros => (x, 1.0),
        SamplePadding::Border => clipped(x, 1.0),
        SamplePadding::Reflection => {
            let (low, span) = if sampling.align { (0.0, size - 1.0) } else { (-0.5, size) };
            if span == 0.0 {
                return (0.0, 0.0);
            }
            let sign = if x - low < 0.0 { -1.0 } else { 1.0 };
            let distance = T::rounded((x - low).abs());
            let (rest, turns) = (distance % span, (distance / span).floor());
            let (place, slope) = match turns % 2.0 == 0.0 {
                true => (T::rounded(rest + low), sign),
                false => (T::rounded(T::rounded(span - rest) + low), -sign),
            };
            clipped(place, slope)
        }
    }
}

impl<T: Real> Axis<T> {
    /// The one element of a dimension that is not there.
    pub fn none() -> Axis<T> {
        Axis { at: [0; 4], weight: [T::ONE; 4], slope: [T::ZERO; 4], count: 1 }
    }

    /// What the number `place` of a grid reads.
    #[inline(always)]
    pub fn new(sampling: &Sampling, place: T, size: usize) -> Axis<T> {
        let extent = size as f64;
        let place = place.to_f64();
        let (x, scale) = match sampling.align {
            true => (T::rounded(T::rounded(T::rounded(place + 1.0) / 2.0) * (extent - 1.0)), (extent - 1.0) / 2.0),
            false => (T::rounded(T::rounded(T::rounded(place + 1.0) * extent) - 1.0) / 2.0, extent / 2.0),
        };
        let mut axis = Axis { at: [OUTSIDE; 4], weight: [T::ZERO; 4], slope: [T::ZERO; 4], count: 0 };
        match sampling.mode {
            SampleMode::Bilinear => {
                let (x, slope) = inside::<T>(sampling, x, extent);
                let first = x.floor();
                axis.push(first, extent, first + 1.0 - x, -scale * slope);
                axis.push(first + 1.0, extent, x - first, scale * slope);
            }
            SampleMode::Nearest => axis.push(inside::<T>(sampling, x, extent).0.round_ties_even(), extent, 1.0, 0.0),
            SampleMode::Bicubic => {
                let (first, t) = (x.floor(), T::rounded(x - x.floor()));
                let slopes = slopes(t);
                for (i, weight) in cubic(t).into_iter().enumerate() {
                    let (at, _) = inside::<T>(sampling, first - 1.0 + i as f64, extent);
                    axis.push(at.trunc(), extent, weight, scale * slopes[i]);
                }
            }
        }
        axis
    }

    #[inline(always)]
    fn push(&mut self, at: f64, extent: f64, weight: f64, slope: f64) {
        // Also false for NaN.
        self.at[self.count] = if at >= 0.0 && at < extent { at as usize } else { OUTSIDE };
        self.weight[self.count] = T::narrow(weight);
        self.slope[self.count] = T::narrow(slope);
        self.count += 1;
    }
}

/// The derivatives of [`cubic`].
#[inline(always)]
fn slopes(t: f64) -> [f64; 4] {
    const A: f64 = -0.75;
    let near = |x: f64| (3.0 * (A + 2.0) * x - 2.0 * (A + 3.0)) * x;
    let far = |x: f64| (3.0 * A * x - 10.0 * A) * x + 8.0 * A;
    [far(t + 1.0), near(t), -near(1.0 - t), -far(2.0 - t)]
}
