//! Turns a tile: what lies along the columns of memory comes to lie along rows. Elements move by their size, whatever they are;
//! those of four and eight bytes in squares that are turned inside registers.

#[cfg(target_arch = "x86_64")]
use crate::isa::{Isa, isa};

/// Turns `n` runs of `len` neighbouring elements, which begin `from.1` elements apart, into `len` runs of `n` neighbours, which begin
/// `to.1` elements apart.
///
/// # Safety
/// Elements have `size` bytes (1, 2, 4 or 8); all those can be read and written, and the places written are apart from those read.
pub unsafe fn turn(size: usize, from: (*const u8, usize), to: (*mut u8, usize), n: usize, len: usize) {
    // SAFETY: the caller vouches for the elements; blocks are only as large as the runs.
    unsafe {
        match size {
            1 => plain::<u8>(from, to, 0..n, 0..len),
            2 => plain::<u16>(from, to, 0..n, 0..len),
            4 => squares::<u32, 8>(from, to, n, len),
            _ => squares::<u64, 4>(from, to, n, len),
        }
    }
}

/// Element by element.
unsafe fn plain<T: Copy>(
    from: (*const u8, usize),
    to: (*mut u8, usize),
    runs: std::ops::Range<usize>,
    places: std::ops::Range<usize>,
) {
    let (x, y) = (from.0.cast::<T>(), to.0.cast::<T>());
    for run in runs {
        for place in places.clone() {
            // SAFETY: the caller vouches for both elements.
            unsafe { y.add(place * to.1 + run).write(*x.add(run * from.1 + place)) };
        }
    }
}

/// Squares of `SIDE` by `SIDE` elements, which fill one register a row; what is left over element by element. They follow each other
/// along the lines that lie further apart, so that a line of the cache is done with at once there: many at such distances share few
/// places of the cache. A buffer, whose lines lie close, can be written in any order.
unsafe fn squares<T: Copy, const SIDE: usize>(from: (*const u8, usize), to: (*mut u8, usize), n: usize, len: usize) {
    let (mut runs, mut places) = (0, 0);
    // Four runs that no square of eight took, as far as squares of four go.
    #[allow(unused_mut, reason = "squares need registers")]
    let mut four = 0..0;
    #[cfg(target_arch = "x86_64")]
    if isa() >= Isa::Avx2 {
        (runs, places) = (n - n % SIDE, len - len % SIDE);
        // SAFETY: the level includes the instructions; the squares lie within the tile.
        unsafe {
            match (SIDE, from.1 > to.1) {
                (8, true) => x86::eights::<true>((from.0.cast(), from.1), (to.0.cast(), to.1), runs, places),
                (8, false) => x86::eights::<false>((from.0.cast(), from.1), (to.0.cast(), to.1), runs, places),
                (_, true) => x86::fours::<true>((from.0.cast(), from.1), (to.0.cast(), to.1), runs, places),
                (_, false) => x86::fours::<false>((from.0.cast(), from.1), (to.0.cast(), to.1), runs, places),
            }
            if SIDE == 8 && n - runs >= 4 {
                let steps = (from.1, to.1);
                four = runs..runs + 4;
                let (from, to) = (from.0.cast::<f32>().add(runs * from.1), to.0.cast::<f32>().add(runs));
                x86::four((from, steps.0), (to, steps.1), len - len % 4);
            }
        }
    }
    // SAFETY: the caller vouches for the elements.
    unsafe {
        plain::<T>(from, to, 0..runs, places..len);
        plain::<T>(from, to, four.clone(), len - len % 4..len);
        plain::<T>(from, to, runs + four.len()..n, 0..len);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;
    use std::array::from_fn;

    /// # Safety
    /// As for [`turn`](super::turn) of four-byte elements; both counts are multiples of eight.
    #[target_feature(enable = "avx2")]
    pub unsafe fn eights<const BY_RUNS: bool>(from: (*const f32, usize), to: (*mut f32, usize), n: usize, len: usize) {
        let (outer, inner) = if BY_RUNS { (n, len) } else { (len, n) };
        for outer in (0..outer).step_by(8) {
            for inner in (0..inner).step_by(8) {
                let (run, place) = if BY_RUNS { (outer, inner) } else { (inner, outer) };
                // SAFETY: eight runs of eight elements on either side.
                let a: [__m256; 8] = from_fn(|i| unsafe { _mm256_loadu_ps(from.0.add((run + i) * from.1 + place)) });
                // Pairs of neighbouring runs, then fours, each within halves of the registers; the halves last.
                let pairs: [__m256; 8] = from_fn(|i| match i % 2 {
                    0 => _mm256_unpacklo_ps(a[i], a[i + 1]),
                    _ => _mm256_unpackhi_ps(a[i - 1], a[i]),
                });
                let fours: [__m256; 8] = from_fn(|i| {
                    let first = i / 4 * 4 + i % 4 / 2;
                    match i % 2 {
                        0 => _mm256_shuffle_ps::<0b01_00_01_00>(pairs[first], pairs[first + 2]),
                        _ => _mm256_shuffle_ps::<0b11_10_11_10>(pairs[first], pairs[first + 2]),
                    }
                });
                let turned: [__m256; 8] = from_fn(|i| match i / 4 {
                    0 => _mm256_permute2f128_ps::<0x20>(fours[i], fours[i + 4]),
                    _ => _mm256_permute2f128_ps::<0x31>(fours[i - 4], fours[i]),
                });
                for i in 0..8 {
                    // SAFETY: as above.
                    unsafe { _mm256_storeu_ps(to.0.add((place + i) * to.1 + run), turned[i]) };
                }
            }
        }
    }

    /// # Safety
    /// As for [`turn`](super::turn) of four runs of four-byte elements, of which there is a multiple of four.
    #[target_feature(enable = "avx2")]
    pub unsafe fn four(from: (*const f32, usize), to: (*mut f32, usize), len: usize) {
        for place in (0..len).step_by(4) {
            // SAFETY: four runs of four elements on either side.
            let [a, b, c, d] = from_fn(|i| unsafe { _mm_loadu_ps(from.0.add(i * from.1 + place)) });
            let (ab, cd) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
            let (upper_ab, upper_cd) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
            let turned = [
                _mm_movelh_ps(ab, cd),
                _mm_movehl_ps(cd, ab),
                _mm_movelh_ps(upper_ab, upper_cd),
                _mm_movehl_ps(upper_cd, upper_ab),
            ];
            for i in 0..4 {
                // SAFETY: as above.
                unsafe { _mm_storeu_ps(to.0.add((place + i) * to.1), turned[i]) };
            }
        }
    }

    /// # Safety
    /// As for [`turn`](super::turn) of eight-byte elements; both counts are multiples of four.
    #[target_feature(enable = "avx2")]
    pub unsafe fn fours<const BY_RUNS: bool>(from: (*const f64, usize), to: (*mut f64, usize), n: usize, len: usize) {
        let (outer, inner) = if BY_RUNS { (n, len) } else { (len, n) };
        for outer in (0..outer).step_by(4) {
            for inner in (0..inner).step_by(4) {
                let (run, place) = if BY_RUNS { (outer, inner) } else { (inner, outer) };
                // SAFETY: four runs of four elements on either side.
                let a: [__m256d; 4] = from_fn(|i| unsafe { _mm256_loadu_pd(from.0.add((run + i) * from.1 + place)) });
                let pairs: [__m256d; 4] = from_fn(|i| match i % 2 {
                    0 => _mm256_unpacklo_pd(a[i], a[i + 1]),
                    _ => _mm256_unpackhi_pd(a[i - 1], a[i]),
                });
                let turned: [__m256d; 4] = from_fn(|i| match i / 2 {
                    0 => _mm256_permute2f128_pd::<0x20>(pairs[i], pairs[i + 2]),
                    _ => _mm256_permute2f128_pd::<0x31>(pairs[i - 2], pairs[i]),
                });
                for i in 0..4 {
                    // SAFETY: as above.
                    unsafe { _mm256_storeu_pd(to.0.add((place + i) * to.1 + run), turned[i]) };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Copy + PartialEq + std::fmt::Debug>(value: impl Fn(usize) -> T) {
        for (n, len) in [(1, 1), (8, 8), (64, 64), (9, 23), (30, 5), (4, 12), (64, 17), (6, 30), (14, 19)] {
            let (x_step, y_step) = (len + 3, n + 2);
            let x: Vec<T> = (0..n * x_step).map(&value).collect();
            let blank = value(255);
            let mut y = vec![blank; len * y_step];
            // SAFETY: the vectors hold that many runs of that many elements.
            unsafe {
                turn(size_of::<T>(), (x.as_ptr().cast(), x_step), (y.as_mut_ptr().cast(), y_step), n, len);
            }
            for (i, y) in y.iter().enumerate() {
                let (place, run) = (i / y_step, i % y_step);
                assert_eq!(*y, if run < n { x[run * x_step + place] } else { blank }, "{n} by {len} at {i}");
            }
        }
    }

    #[test]
    fn tiles_of_every_element_size_turn() {
        check(|i| i as u8);
        check(|i| (i * 257) as u16);
        check(|i| (i * 77_777) as u32);
        check(|i| i as u64 * 7_777_777_777);
    }
}
