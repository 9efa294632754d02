//! What this machine can do at most, measured when the program starts: how many bytes a second pass through the caches and through
//! memory, for several amounts of them, and how many fused multiply-adds all threads do. Cases are held against it. It knows no case.

use ops_cpu::isa::{Isa, Kernel, Level, dispatch, isa};
use ops_cpu::team;
use ops_cpu::vector::Vector;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Instant;

/// Amounts of bytes whose bandwidth is measured, from what caches hold to what they do not. How much of a cache that is shared, with
/// other machines even, is at hand no processor tells; so a case is held against the least of these amounts that is not below its own.
const AMOUNTS: [usize; 7] = [12 << 20, 16 << 20, 24 << 20, 32 << 20, 64 << 20, 128 << 20, 256 << 20];

/// The machine's limits with all threads.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Amounts of bytes, and how many of them pass in a microsecond (the best of reading and adding).
    pub bandwidths: [(usize, f64); AMOUNTS.len()],
    /// Floating-point operations per microsecond in `float32`, a fused multiply-add being two.
    pub float32: f64,
}

impl Limits {
    /// Measures.
    pub fn measure() -> Limits {
        Limits { bandwidths: AMOUNTS.map(|bytes| (bytes, bandwidth(bytes))), float32: multiply_adds() }
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
    /// How many operations that were.
    type Output = usize;
    #[inline(always)]
    fn run<L: Level>(self) -> usize {
        // Twelve registers, enough to hide the latency of each.
        const REGISTERS: usize = 12;
        let mut sums = [L::Single::splat(1.0); REGISTERS];
        let (factor, term) = (L::Single::splat(black_box(0.999)), L::Single::splat(black_box(0.001)));
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = sum.mul_add(factor, term);
            }
        }
        for sum in sums {
            black_box(sum.total());
        }
        2 * REGISTERS * L::Single::LANES * ROUNDS
    }
}

const ROUNDS: usize = 100_000;

fn multiply_adds() -> f64 {
    let parts = 4 * team::num_threads();
    let operations = parts * dispatch(MultiplyAdd);
    operations as f64 / best(|| team::parallel(parts, &|_| _ = black_box(dispatch(MultiplyAdd))))
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
