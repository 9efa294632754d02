//! How a case is timed: a warm-up, then samples of as many calls as the clock can resolve. It knows no case.

use crate::peak;
use sconce::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Calls before anything is measured, so that caches, pools and clock rates have settled.
const WARM_UP: Duration = Duration::from_millis(50);
/// The least length of a sample: ten thousand times what reading the clock costs.
const SAMPLE: Duration = Duration::from_micros(200);
/// Samples at most, and at least.
const SAMPLES: std::ops::RangeInclusive<usize> = 5..=300;
/// Calls per sample at most.
const CALLS: u32 = 1_000_000;

/// Times cases and prints their lines.
pub struct Bench {
    /// Parts of names; a case is run if its name has one of them, every case if there are none.
    pub filters: Vec<String>,
    /// How long a case is sampled, unless it reaches the number of samples before.
    pub seconds: f64,
    /// Runs each case twice and measures nothing: whether all cases still work.
    pub smoke: bool,
    /// The one case whose memory is measured instead of its time.
    pub peak: Option<String>,
    /// Where the cases' tensors are; a sample ends when the device has done everything.
    pub device: &'static dyn Device,
    /// Threads of the cases that are not about small operations.
    pub threads: usize,
}

/// What a call of a case cannot do without, to be held against the machine's limits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    /// Bytes read and written, each operand once.
    pub bytes: f64,
    /// Operations on floats, in `float32`; of wider types they count double.
    pub flops: f64,
}

/// Bytes of so many `float32` numbers.
pub fn floats(count: usize) -> Work {
    Work { bytes: 4.0 * count as f64, flops: 0.0 }
}

/// So many operations on `float32`, and so many `float32` numbers read and written.
pub fn flops(count: usize, numbers: usize) -> Work {
    Work { flops: count as f64, ..floats(numbers) }
}

/// Random numbers whose gradient is wanted.
pub fn parameter(shape: &[usize]) -> Tensor {
    rand(shape).requires_grad_(true)
}

/// A function of `inputs`, and its gradient for the cotangent `g`.
pub fn forward_and_back<const N: usize>(
    inputs: [Tensor; N],
    g: Tensor,
    call: impl Fn(&[Tensor; N]) -> Tensor,
) -> impl FnMut() {
    move || {
        inputs.iter().for_each(|x| x.set_grad(None));
        call(&inputs).backward_from(&g);
    }
}

/// What sampling has found, in microseconds per call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// The middle one of all samples.
    pub median: f64,
    /// The least one.
    pub least: f64,
}

impl Timing {
    /// Of samples in any order.
    ///
    /// # Panics
    /// If there are none.
    pub fn of(mut samples: Vec<f64>) -> Timing {
        samples.sort_by(f64::total_cmp);
        Timing { median: samples[samples.len() / 2], least: samples[0] }
    }
}

impl Bench {
    /// With these settings for everything.
    pub fn new() -> Bench {
        let threads = ops_cpu::team::num_threads();
        Bench { filters: vec![], seconds: 0.25, smoke: false, peak: None, device: cpu(), threads }
    }

    /// A case on one thread: `setup` makes what is needed, and the closure it returns is what is timed, the drop of its result
    /// included. Nothing is set up for a case that was not asked for.
    pub fn small<T, F: FnMut() -> T>(&mut self, name: &str, setup: impl FnOnce() -> F) {
        self.run(name, 1, Work::default(), setup);
    }

    /// A case on all threads, with what it cannot do without.
    pub fn case<T, F: FnMut() -> T>(&mut self, name: &str, work: Work, setup: impl FnOnce() -> F) {
        self.run(name, self.threads, work, setup);
    }

    fn run<T, F: FnMut() -> T>(&mut self, name: &str, threads: usize, work: Work, setup: impl FnOnce() -> F) {
        if !self.wants(name) {
            return;
        }
        ops_cpu::team::set_num_threads(threads);
        sconce::manual_seed(0);
        if self.peak.is_some() {
            crate::train::load_code();
            if let Some(bytes) = peak::of(setup) {
                println!(r#"{{"case": "{name}", "peak_bytes": {bytes}}}"#);
            }
            return;
        }
        let mut call = setup();
        if self.smoke {
            (0..2).for_each(|_| drop(black_box(call())));
            self.device.synchronize().unwrap_or_else(|error| panic!("{name}: {error}"));
            println!("{name}: runs");
            return;
        }
        let timing = measure(call, self.device, Duration::from_secs_f64(self.seconds));
        self.report(name, timing, threads, work);
    }

    /// Whether the case of that name was asked for.
    pub fn wants(&self, name: &str) -> bool {
        if let Some(case) = &self.peak {
            return case == name;
        }
        self.filters.is_empty() || self.filters.iter().any(|part| name.contains(part.as_str()))
    }

    /// Prints a line.
    pub fn report(&self, name: &str, Timing { median, least }: Timing, threads: usize, Work { bytes, flops }: Work) {
        println!(
            r#"{{"case": "{name}", "median_us": {median:.4}, "min_us": {least:.4}, "threads": {threads}, "bytes": {bytes}, "flops": {flops}}}"#
        );
    }
}

fn measure<T>(mut call: impl FnMut() -> T, device: &'static dyn Device, limit: Duration) -> Timing {
    let done = || device.synchronize().unwrap_or_else(|error| panic!("{error}"));
    // Shaders are compiled by the first call.
    black_box(call());
    done();
    let (start, mut calls) = (Instant::now(), 0u32);
    while calls < 2 || start.elapsed() < WARM_UP {
        black_box(call());
        calls += 1;
        // A device that is given work faster than it does it must not gather minutes of it.
        if calls.is_power_of_two() {
            done();
        }
    }
    done();
    let each = start.elapsed() / calls;
    let inner = (SAMPLE.as_nanos() / each.as_nanos().max(1) + 1).min(u128::from(CALLS)) as u32;
    let (start, mut samples) = (Instant::now(), vec![]);
    while samples.len() < *SAMPLES.start() || (samples.len() < *SAMPLES.end() && start.elapsed() < limit) {
        let before = Instant::now();
        for _ in 0..inner {
            black_box(call());
        }
        done();
        samples.push(before.elapsed().as_secs_f64() * 1e6 / f64::from(inner));
    }
    Timing::of(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(Timing::of(vec![3.0, 1.0, 2.0]), Timing { median: 2.0, least: 1.0 });
    }

    #[test]
    fn filters_are_parts_of_names() {
        let bench = Bench { filters: vec!["add".into()], ..Bench::new() };
        assert!(bench.wants("overhead/add_1elem") && !bench.wants("overhead/view"));
        assert!(Bench::new().wants("anything"));
    }

    #[test]
    fn short_calls_are_sampled_in_numbers() {
        let mut calls = 0u64;
        let timing = measure(|| calls += 1, cpu(), Duration::ZERO);
        assert!(calls > 1000 && timing.least <= timing.median, "{calls} calls, {timing:?}");
    }
}
