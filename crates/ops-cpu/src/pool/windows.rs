//! Where the windows of one dimension lie: for each the first tap's place, the taps that are inside the image, and how many
//! elements a mean counts. It knows no elements.

use tensor_core::op::pool::Pooling;

/// The windows along one dimension.
pub struct Windows {
    /// Each window.
    pub all: Vec<Window>,
    /// Places from one tap of a window to the next.
    pub dilation: usize,
    /// Places from one window to the next, and taps of a window; none if windows adapt.
    pub even: Option<(usize, usize)>,
    /// Places before the image that the first window covers.
    pub lead: usize,
    /// Places from the beginning of the first window to the end of the last one.
    pub reach: usize,
    /// The most taps of a window.
    pub taps: usize,
    /// Places of the image along the dimension.
    pub size: usize,
}

/// One window.
#[derive(Clone, Copy)]
pub struct Window {
    /// The place of tap zero; outside the image it counts from `lead` places before.
    pub start: usize,
    /// The taps that are inside the image, from the first to before the last.
    pub first: usize,
    /// As above.
    pub last: usize,
    /// The elements that a mean counts along this dimension.
    pub count: usize,
}

impl Windows {
    /// Whether the windows are pairs of neighbours, side by side, that cover the whole dimension of the image.
    pub fn are_pairs(&self) -> bool {
        let whole = self.all.iter().all(|window| (window.first, window.last) == (0, 2));
        self.even == Some((2, 2)) && self.dilation == 1 && self.lead == 0 && whole && self.size == self.reach
    }

    /// `count` windows over `size` places along dimension `i` (0 the height, 1 the width).
    pub fn new(pooling: &Pooling, i: usize, size: usize, count: usize) -> Windows {
        if pooling.is_adaptive() {
            let window = |o: usize| {
                let (start, end) = (o * size / count, ((o + 1) * size).div_ceil(count));
                Window { start, first: 0, last: end - start, count: end - start }
            };
            let all: Vec<Window> = (0..count).map(window).collect();
            let taps = all.iter().map(|window| window.last).max().unwrap_or(0);
            return Windows { all, dilation: 1, even: None, lead: 0, reach: size, taps, size };
        }
        let of = |list: [u16; 2]| list[i] as usize;
        let (kernel, stride, lead) = (of(pooling.kernel), of(pooling.stride), of(pooling.padding));
        let dilation = of(pooling.dilation);
        let window = |o: usize| {
            let start = o * stride;
            let first = lead.saturating_sub(start).div_ceil(dilation).min(kernel);
            let last = (size + lead).saturating_sub(start).div_ceil(dilation).clamp(first, kernel);
            // A window beyond the padding counts what is before its end.
            let padded = kernel.min((size + 2 * lead).saturating_sub(start));
            let count = if pooling.counts_padding { padded } else { last - first };
            Window { start, first, last, count }
        };
        let reach = (count.max(1) - 1) * stride + (kernel - 1) * dilation + 1;
        let all = (0..count).map(window).collect();
        Windows { all, dilation, even: Some((stride, kernel)), lead, reach, taps: kernel, size }
    }
}
