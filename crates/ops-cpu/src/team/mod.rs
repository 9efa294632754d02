//! A small team of threads on which kernels share their work.
//!
//! The calling thread works too. Workers that have just finished a job spin for a short while before they sleep,
//! because waking a sleeping thread costs more (about 20 µs) than most kernels take. A call from inside a job, or
//! while another thread has the team, runs in its caller alone: kernels never wait for each other. It does not know
//! what the work is.

mod gate;
mod worker;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, TryLockError};
use std::thread::{JoinHandle, available_parallelism};
use std::time::Duration;

use gate::Gate;

/// How long a worker spins after a job, unless [`set_spin`] says otherwise: longer than the usual pause between two
/// ops of a training step, shorter than anybody's patience with a busy core.
const SPIN: Duration = Duration::from_micros(500);

/// Threads that run one job at a time. Programs use the process's own team through [`parallel`] and [`split`].
pub struct Team {
    gate: Arc<Gate>,
    /// How many threads jobs should use, the caller included.
    wanted: AtomicUsize,
    /// The workers that run now. Whoever holds the lock has the team.
    crew: Mutex<Vec<JoinHandle<()>>>,
}

impl Team {
    /// A team of `threads` threads, the caller included. Workers start with the first job that needs them.
    pub fn new(threads: usize) -> Self {
        let team = Self { gate: Arc::default(), wanted: AtomicUsize::new(1), crew: Mutex::default() };
        team.set_num_threads(threads);
        team.set_spin(SPIN);
        team
    }

    /// How many threads the next job may use, the caller included.
    pub fn num_threads(&self) -> usize {
        self.wanted.load(Relaxed)
    }

    /// Sets the number of threads, the caller included; 0 counts as 1. A running job keeps those it has.
    pub fn set_num_threads(&self, threads: usize) {
        self.wanted.store(threads.max(1), Relaxed);
        self.gate.allow_spin(threads <= available_parallelism().map_or(1, |n| n.get()));
        // Inside a job the lock is taken; then the next job settles the crew.
        if let Ok(mut crew) = self.crew.try_lock() {
            self.dismiss(&mut crew, threads.max(1) - 1);
        }
    }

    /// Sets how long workers spin after a job before they sleep; zero makes them sleep at once. Workers never spin
    /// while there are more threads than processor cores, because they would only take the core from someone with
    /// work.
    pub fn set_spin(&self, spin: Duration) {
        self.gate.set_spin(spin);
    }

    /// Calls `work(0)`, …, `work(chunks - 1)`, each once, in any order and on any thread of the team, and returns
    /// when all are done. What each chunk covers is the caller's choice alone, so a result that depends only on the
    /// chunks does not depend on the number of threads.
    ///
    /// # Panics
    /// When a call of `work` panics, with the payload of the first one; chunks that had not begun are skipped.
    pub fn parallel(&self, chunks: usize, work: &(dyn Fn(usize) + Sync)) {
        let threads = self.num_threads();
        if chunks > 1 && u32::try_from(chunks).is_ok() && threads > 1 {
            let crew = match self.crew.try_lock() {
                Ok(crew) => Some(crew),
                // The lock is never held while anything unwinds, but a poisoned list of handles would still be good.
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            };
            if let Some(mut crew) = crew {
                if crew.len() != threads - 1 {
                    self.dismiss(&mut crew, threads - 1);
                    self.hire(&mut crew, threads - 1);
                }
                let outcome = catch_unwind(AssertUnwindSafe(|| self.gate.run(chunks, threads, work)));
                drop(crew);
                return outcome.unwrap_or_else(|payload| resume_unwind(payload));
            }
        }
        (0..chunks).for_each(work);
    }

    /// Calls `work` on consecutive ranges that together cover `0..len`, in parallel where `len` is above `grain`.
    /// How many ranges there are depends on the number of threads: it is meant for elementwise work, whose result
    /// is the same for any cut. Inner borders are multiples of `grain`. Reductions cut by themselves and use
    /// [`Team::parallel`].
    ///
    /// # Panics
    /// As [`Team::parallel`].
    pub fn split(&self, len: usize, grain: usize, work: impl Fn(Range<usize>) + Sync) {
        let (grain, threads) = (grain.max(1), self.num_threads());
        if len == 0 {
            return;
        }
        if len <= grain || threads == 1 {
            return work(0..len);
        }
        // Several pieces for each thread even out what other programs take of the cores.
        let piece = len.div_ceil(4 * threads).next_multiple_of(grain);
        self.parallel(len.div_ceil(piece), &|i| work(i * piece..len.min((i + 1) * piece)));
    }

    fn hire(&self, crew: &mut Vec<JoinHandle<()>>, workers: usize) {
        while crew.len() < workers {
            match worker::start(self.gate.clone(), crew.len()) {
                Ok(handle) => crew.push(handle),
                // Where no thread can start (wasm32, exhausted limits) the team goes on with those it has.
                Err(_) => {
                    self.wanted.store(crew.len() + 1, Relaxed);
                    break;
                }
            }
        }
    }

    /// Ends all workers beyond the first `workers`, and waits for them.
    fn dismiss(&self, crew: &mut Vec<JoinHandle<()>>, workers: usize) {
        if crew.len() > workers {
            self.gate.dismiss_from(workers);
            for handle in crew.drain(workers..) {
                // A worker does not panic: jobs are caught inside it.
                let _ = handle.join();
            }
            self.gate.dismiss_from(usize::MAX);
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.set_num_threads(1);
    }
}

fn team() -> &'static Team {
    static TEAM: OnceLock<Team> = OnceLock::new();
    TEAM.get_or_init(|| {
        let asked = std::env::var("SCONCE_NUM_THREADS").ok().and_then(|n| n.trim().parse().ok()).filter(|&n| n > 0);
        Team::new(asked.unwrap_or_else(|| available_parallelism().map_or(1, |n| n.get())))
    })
}

/// How many threads kernels use, the caller included: what [`set_num_threads`] said last, else the environment
/// variable `SCONCE_NUM_THREADS`, else the number of processor cores. As `torch.get_num_threads`.
pub fn num_threads() -> usize {
    team().num_threads()
}

/// Sets how many threads kernels use, the caller included; 0 counts as 1. As `torch.set_num_threads`.
///
/// ```
/// ops_cpu::team::set_num_threads(2);
/// assert_eq!(ops_cpu::team::num_threads(), 2);
/// ```
pub fn set_num_threads(threads: usize) {
    team().set_num_threads(threads);
}

/// Sets how long idle workers spin before they sleep; see [`Team::set_spin`]. The default is 0.5 ms.
pub fn set_spin(spin: Duration) {
    team().set_spin(spin);
}

/// Calls `work` with each of `0..chunks` on the process's team; see [`Team::parallel`].
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
/// let sum = AtomicUsize::new(0);
/// ops_cpu::team::parallel(10, &|i| {
///     sum.fetch_add(i, Relaxed);
/// });
/// assert_eq!(sum.into_inner(), 45);
/// ```
pub fn parallel(chunks: usize, work: &(dyn Fn(usize) + Sync)) {
    team().parallel(chunks, work);
}

/// Cuts `0..len` into ranges for elementwise work on the process's team; see [`Team::split`].
pub fn split(len: usize, grain: usize, work: impl Fn(Range<usize>) + Sync) {
    team().split(len, grain, work);
}

#[cfg(test)]
mod tests;
