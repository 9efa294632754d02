//! What this machine can do at most, measured when the program starts: how many bytes a second pass through memory and through the
//! caches, and how many fused multiply-adds all threads do. Cases are held against it. It knows no case.

use ops_cpu::isa::{Isa, Kernel, Level, dispatch, isa};
use ops_cpu::team;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Instant;

/// Bytes that do not fit into the caches of the machines at hand; what moves more than [`CACHED`] is held against memory.
const LARGE: usize = 256 << 20;
/// Up to this many bytes a case is held against the bandwidth of the caches.
pub const CACHED: f64 = 24e6;

/// The machine's limits with all threads.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes per microsecond from and to memory (reading, the best of reading and adding).
    pub memory: f64,
    /// The same from and to the caches.
    pub cache: f64,
    /// Floating-point operations per microsecond in `float32`, a fused multiply-add being two.
    pub float32: f64,
}

impl Limits {
    /// Measures.
    pub fn measure() -> Limits {
        Limits { memory: bandwidth(LARGE), cache: bandwidth(12 << 20), float32: multiply_adds() }
    }
}

/// A part of three vectors, of which the first becomes the sum of the others.
type Part = Mutex<[Vec<f32>; 3]>;

struct Triad<'a>(&'a mut [Vec<f32>; 3]);

impl Kernel for Triad<'_> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let [a, b, c] = self.0;
        for ((a, b), c) in a.iter_mut().zip(&*b).zip(&*c) {
            *a = *b + *c;
        }
    }
}

struct Read<'a>(&'a [f32]);

impl Kernel for Read<'_> {
    type Output = f32;
    #[inline(always)]
    fn run<L: Level>(self) -> f32 {
        let mut sums = [0.0; 64];
        for block in self.0.chunks_exact(64) {
            for (sum, x) in sums.iter_mut().zip(block) {
                *sum += x;
            }
        }
        sums.iter().sum()
    }
}

/// The better of adding two vectors into a third and of reading one, with `bytes` bytes in all.
fn bandwidth(bytes: usize) -> f64 {
    let parts = 8 * team::num_threads();
    let len = bytes / 12 / parts;
    let all: Vec<Part> = (0..parts).map(|_| Mutex::new([vec![0.0; len], vec![1.0; len], vec![2.0; len]])).collect();
    let lock = |i: usize| all[i].lock().expect("nobody panicked");
    let add = best(|| team::parallel(parts, &|i| dispatch(Triad(&mut lock(i)))));
    let read = best(|| {
        team::parallel(parts, &|i| {
            let part = lock(i);
            part.iter().for_each(|x| _ = black_box(dispatch(Read(x))));
        });
    });
    (12 * len * parts) as f64 / add.min(read)
}

struct MultiplyAdd;

impl Kernel for MultiplyAdd {
    type Output = f32;
    #[inline(always)]
    fn run<L: Level>(self) -> f32 {
        // Twelve vectors of sixteen, enough to hide the latency of each.
        let mut sums = [[1.0f32; 16]; 12];
        let (factor, term) = (black_box(0.999_f32), black_box(0.001_f32));
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                for x in sum {
                    *x = if L::FMA { x.mul_add(factor, term) } else { *x * factor + term };
                }
            }
        }
        sums.iter().flatten().sum()
    }
}

const ROUNDS: usize = 50_000;

fn multiply_adds() -> f64 {
    let parts = 4 * team::num_threads();
    let time = best(|| team::parallel(parts, &|_| _ = black_box(dispatch(MultiplyAdd))));
    (2 * 12 * 16 * ROUNDS * parts) as f64 / time
}

/// The least time of a call, in microseconds.
fn best(mut call: impl FnMut()) -> f64 {
    let (begin, mut least) = (Instant::now(), f64::INFINITY);
    while begin.elapsed().as_secs_f64() < 0.4 {
        let start = Instant::now();
        call();
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    least
}

/// The instructions in use, in words.
pub fn instructions() -> &'static str {
    match isa() {
        Isa::Avx512 => "AVX-512",
        Isa::Avx2 => "AVX2",
        Isa::Baseline => "baseline",
    }
}
