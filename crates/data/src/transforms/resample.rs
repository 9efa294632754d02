//! Resampling with a triangle filter whose width grows as images shrink, which is Pillow's bilinear filter: in fixed-point numbers
//! for bytes, as there, so that both give the same levels. It knows no tensors.

/// Bits behind the point: what 32 bits leave beside a byte and two bits for overshoot.
const PRECISION: u32 = 32 - 8 - 2;

/// What an output pixel is made of: the first input pixel, and the weights from there on.
struct Window {
    first: usize,
    weights: Vec<f64>,
}

/// The windows of `to` output pixels over `from` input pixels.
fn windows(from: usize, to: usize) -> Vec<Window> {
    let scale = from as f64 / to as f64;
    let stretch = scale.max(1.0);
    let window = |at: usize| {
        let center = (at as f64 + 0.5) * scale;
        // Rounded by adding a half and cutting off, at least at the edges of the image.
        let first = (center - stretch + 0.5).max(0.0) as usize;
        let end = ((center + stretch + 0.5) as usize).min(from);
        let inverse = 1.0 / stretch;
        let weight = |i: usize| (1.0 - ((i as f64 - center + 0.5) * inverse).abs()).max(0.0);
        let mut weights: Vec<f64> = (first..end).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        if sum != 0.0 {
            weights.iter_mut().for_each(|weight| *weight /= sum);
        }
        Window { first, weights }
    };
    (0..to).map(window).collect()
}

/// Planes of `height` × `width` bytes, one after another, in another size: first along rows, then along columns.
pub(super) fn bytes(
    planes: &[u8],
    (height, width): (usize, usize),
    (new_height, new_width): (usize, usize),
) -> Vec<u8> {
    let wide = if width == new_width { planes.to_vec() } else { axis(planes, width, new_width, 1) };
    if height == new_height { wide } else { axis(&wide, height, new_height, new_width) }
}

/// One axis of `from` entries, `inner` bytes apart, in `to` entries.
fn axis(input: &[u8], from: usize, to: usize, inner: usize) -> Vec<u8> {
    let fixed = |weight: &f64| (weight * (1i64 << PRECISION) as f64 + if *weight < 0.0 { -0.5 } else { 0.5 }) as i32;
    let windows: Vec<(usize, Vec<i32>)> =
        windows(from, to).iter().map(|window| (window.first, window.weights.iter().map(fixed).collect())).collect();
    let mut out = Vec::with_capacity(input.len() / from.max(1) * to);
    let mut sums = vec![0i32; inner];
    for block in input.chunks_exact(from * inner) {
        for (first, weights) in &windows {
            sums.fill(1 << (PRECISION - 1));
            for (k, weight) in weights.iter().enumerate() {
                let row = &block[(first + k) * inner..][..inner];
                sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += i32::from(x) * weight);
            }
            out.extend(sums.iter().map(|sum| (sum >> PRECISION).clamp(0, 255) as u8));
        }
    }
    out
}

/// The matrix, row-major, that takes `from` numbers to `to`.
pub(super) fn matrix(from: usize, to: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; from * to];
    for (row, window) in windows(from, to).iter().enumerate() {
        matrix[row * from + window.first..][..window.weights.len()].copy_from_slice(&window.weights);
    }
    matrix
}
