//! The sizes of a convolution, always with three spatial dimensions, and what each output of one dimension reads: taps at fixed
//! shifts from places a fixed step apart. It knows no elements.

use smallvec::SmallVec;
use tensor_core::op::conv::Window;

/// A convolution's sizes. Missing spatial dimensions stand in front and have size one.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// Images.
    pub batch: usize,
    /// Independent groups of channels.
    pub groups: usize,
    /// Input channels per group.
    pub ins: usize,
    /// Output channels per group.
    pub outs: usize,
    /// Spatial sizes of the input, the output and the kernel.
    pub input: [usize; 3],
    /// As above.
    pub output: [usize; 3],
    /// As above.
    pub kernel: [usize; 3],
    /// Distances between outputs, zeros around the input, distances between taps.
    pub stride: [usize; 3],
    /// As above.
    pub padding: [usize; 3],
    /// As above.
    pub dilation: [usize; 3],
}

impl Geometry {
    /// From the shapes of input `[n, c, …]`, output and weight.
    pub fn new(window: &Window, x: &[usize], y: &[usize], weight: &[usize]) -> Geometry {
        let rank = x.len() - 2;
        let spatial = |sizes: &[usize]| std::array::from_fn(|i| if i + rank < 3 { 1 } else { sizes[i + rank - 1] });
        let of = |values: [u16; 3], missing: usize| {
            std::array::from_fn(|i| if i + rank < 3 { missing } else { values[i + rank - 3] as usize })
        };
        let groups = window.groups as usize;
        let mut geometry = Geometry {
            batch: x[0],
            groups,
            ins: weight[1],
            outs: weight[0] / groups,
            input: spatial(x),
            output: spatial(y),
            kernel: spatial(weight),
            stride: of(window.stride, 1),
            padding: of(window.padding, 0),
            dilation: of(window.dilation, 1),
        };
        if geometry.is_pointwise() {
            // One long row: nothing distinguishes the places.
            geometry.input = [1, 1, geometry.input.iter().product()];
            geometry.output = geometry.input;
        }
        geometry
    }

    fn is_pointwise(&self) -> bool {
        self.kernel == [1; 3] && self.stride == [1; 3] && self.padding == [0; 3] && self.input == self.output
    }

    /// Taps of one channel.
    pub fn taps(&self) -> usize {
        self.kernel.iter().product()
    }

    /// Places of one channel of the input.
    pub fn input_plane(&self) -> usize {
        self.input.iter().product()
    }

    /// Places of one channel of the output.
    pub fn output_plane(&self) -> usize {
        self.output.iter().product()
    }

    /// What the outputs of a convolution read along each dimension.
    pub fn axes(&self) -> [Axis; 3] {
        std::array::from_fn(|i| Axis {
            source: self.input[i],
            count: self.output[i],
            step: self.stride[i],
            lead: self.padding[i] as isize,
            shifts: (0..self.kernel[i]).map(|k| k * self.dilation[i]).collect(),
        })
    }

    /// The places of the input along dimension `i` that read the output through the same taps: those whose distance from the
    /// first padded place leaves the same `rest` when divided by the stride.
    pub fn residue(&self, i: usize, rest: usize) -> Residue {
        let (stride, padding, dilation) = (self.stride[i], self.padding[i], self.dilation[i]);
        // Place = stride · j + rest − padding reads output j − (k · dilation − rest) / stride through tap k.
        let taps: Taps = (0..self.kernel[i]).filter(|k| k * dilation % stride == rest).collect();
        let behind: Taps = taps.iter().map(|k| (k * dilation - rest) / stride).collect();
        let first = padding.saturating_sub(rest).div_ceil(stride);
        let start = stride * first + rest - padding;
        let count = self.input[i].saturating_sub(start).div_ceil(stride);
        let farthest = behind.iter().copied().max().unwrap_or(0);
        // Shifts must not be negative: they count from the farthest tap.
        let lead = farthest as isize - first as isize;
        let shifts = behind.iter().map(|q| farthest - q).collect();
        let axis = Axis { source: self.output[i], count, step: 1, lead, shifts };
        Residue { axis, taps, start }
    }
}

/// A short list of taps.
pub type Taps = SmallVec<[usize; 8]>;

/// One of the sets of input places that [`Geometry::residue`] describes.
pub struct Residue {
    /// What they read of the output.
    pub axis: Axis,
    /// The kernel's taps that they read through.
    pub taps: Taps,
    /// The first of the places; the others follow a stride apart.
    pub start: usize,
}

/// What results along one dimension read: result `j` reads source place j · step + shift − lead for each shift, zero outside.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Places of the source.
    pub source: usize,
    /// Results.
    pub count: usize,
    /// Source places from one result to the next.
    pub step: usize,
    /// Zeros before the first source place; negative where places are left out.
    pub lead: isize,
    /// One per tap.
    pub shifts: Taps,
}

impl Axis {
    /// The same for results `from .. to`.
    pub fn part(&self, from: usize, to: usize) -> Axis {
        Axis { count: to - from, lead: self.lead - (from * self.step) as isize, ..self.clone() }
    }

    /// The farthest shift.
    pub fn reach(&self) -> usize {
        self.shifts.iter().copied().max().unwrap_or(0)
    }

    /// The remainders of the shifts when divided by the step, ascending: places with different remainders never meet.
    pub fn phases(&self) -> Taps {
        let mut phases: Taps = self.shifts.iter().map(|shift| shift % self.step).collect();
        phases.sort_unstable();
        phases.dedup();
        phases
    }

    /// Whether results read the source as it is: from its start, without steps or zeros around.
    pub fn is_direct(&self) -> bool {
        self.step == 1 && self.lead <= 0 && self.count + self.reach() <= self.source.saturating_add_signed(self.lead)
    }
}
