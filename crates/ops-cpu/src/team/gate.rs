//! The one place where caller and workers meet: the current job, who is inside it, and who sleeps.
//!
//! A job is open while its caller is in [`Gate::run`]. Workers enter only an open job and are counted; the caller
//! closes it once all chunks are handed out and then waits for those inside. A worker that wakes too late finds it
//! closed, so nobody waits for a sleeper. It does not know how many workers there are.
//!
//! Each thread begins with a share of its own, the same one in every job of so many chunks: what it wrote in one operation, which its
//! core's caches hold, it reads in the next. Whoever is done takes from the end of other shares.

use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::yield_now;
use std::time::{Duration, Instant};

/// The job's closure with its lifetime erased, and into how many shares its chunks are cut.
#[derive(Clone, Copy)]
struct Job {
    work: *const (dyn Fn(usize) + Sync),
    shares: usize,
}

/// Shares at most; threads beyond begin by taking from others.
const SHARES: usize = 64;

/// Chunks that nobody has taken yet: the first in the lower half, the end in the upper one. On a line of the cache of its own.
#[derive(Default)]
#[repr(align(128))]
struct Share(AtomicU64);

impl Share {
    fn set(&self, first: usize, end: usize) {
        self.0.store(first as u64 | (end as u64) << 32, Relaxed);
    }

    /// Takes the first chunk, or the last one.
    fn take(&self, last: bool) -> Option<usize> {
        let halves = |share: u64| (share as u32, (share >> 32) as u32);
        let rest = |share: u64| {
            let (first, end) = halves(share);
            (first < end).then(|| if last { share - (1 << 32) } else { share + 1 })
        };
        let (first, end) = halves(self.0.fetch_update(Relaxed, Relaxed, rest).ok()?);
        Some(if last { end - 1 } else { first } as usize)
    }
}

const OPEN: usize = 1;
const ONE_INSIDE: usize = 2;

pub(super) struct Gate {
    /// Counts jobs (and dismissals): what idle workers watch.
    epoch: AtomicU64,
    /// [`OPEN`], plus [`ONE_INSIDE`] for each worker in the job.
    state: AtomicUsize,
    /// Written by the caller while closed and empty, read by those inside.
    job: UnsafeCell<Option<Job>>,
    shares: [Share; SHARES],
    /// The payload of the first chunk that panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    /// Workers with numbers from here on shall end; stored plus one, so that the default dismisses nobody.
    dismissed: AtomicUsize,
    spin_nanos: AtomicU64,
    may_spin: AtomicBool,
    sleepers: AtomicUsize,
    bed: Mutex<()>,
    bell: Condvar,
}

// SAFETY: all fields but `job` are `Sync` by themselves. `job` is written only by the one caller, while no worker
// is inside and none can enter, and read only by workers inside; the `Release`/`Acquire` pairs on `state` order the
// two. The pointer in it leads to a `Sync` closure that outlives every access, because `run` returns only after the
// last worker has left.
unsafe impl Sync for Gate {}
// SAFETY: as above; the pointer is not followed except inside a job.
unsafe impl Send for Gate {}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Gate {
    fn default() -> Gate {
        Gate {
            epoch: AtomicU64::default(),
            state: AtomicUsize::default(),
            job: UnsafeCell::default(),
            shares: std::array::from_fn(|_| Share::default()),
            panic: Mutex::default(),
            dismissed: AtomicUsize::default(),
            spin_nanos: AtomicU64::default(),
            may_spin: AtomicBool::default(),
            sleepers: AtomicUsize::default(),
            bed: Mutex::default(),
            bell: Condvar::default(),
        }
    }
}

impl Gate {
    pub(super) fn set_spin(&self, spin: Duration) {
        self.spin_nanos.store(u64::try_from(spin.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    pub(super) fn allow_spin(&self, may: bool) {
        self.may_spin.store(may, Relaxed);
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Acquire)
    }

    /// Makes [`Gate::dismissed`] true for these workers and wakes them; `usize::MAX` takes it back.
    pub(super) fn dismiss_from(&self, number: usize) {
        self.dismissed.store(number.wrapping_add(1), SeqCst);
        self.announce(usize::MAX);
    }

    pub(super) fn dismissed(&self, number: usize) -> bool {
        number >= self.dismissed.load(SeqCst).wrapping_sub(1)
    }

    /// Runs a job of less than 2³² chunks for so many threads: the caller takes chunks beside whichever workers come in time. Only
    /// one thread at a time may call it.
    pub(super) fn run(&self, chunks: usize, threads: usize, work: &(dyn Fn(usize) + Sync)) {
        let shares = threads.min(chunks).clamp(1, SHARES);
        // SAFETY: only the lifetime changes. The pointer is followed by workers inside the job alone, and this
        // function does not return, nor unwind (chunks are caught), before they have left.
        let work = unsafe { std::mem::transmute::<&(dyn Fn(usize) + Sync), &'static (dyn Fn(usize) + Sync)>(work) };
        // SAFETY: the previous job ended with the gate closed and nobody inside, and `OPEN` is not yet set.
        unsafe { *self.job.get() = Some(Job { work, shares }) };
        for (i, share) in self.shares[..shares].iter().enumerate() {
            share.set(chunks * i / shares, chunks * (i + 1) / shares);
        }
        self.state.store(OPEN, Release);
        self.announce(chunks - 1);

        self.take_chunks(Job { work, shares }, 0);
        self.state.fetch_and(!OPEN, Relaxed);
        let mut tries = 0u32;
        while self.state.load(Acquire) != 0 {
            // A worker that has lost its core needs ours to finish.
            tries += 1;
            if tries < 20_000 { spin_loop() } else { yield_now() }
        }
        if let Some(payload) = locked(&self.panic).take() {
            resume_unwind(payload);
        }
    }

    /// Enters the job if one is open, and helps until no chunk is left. `share` is where this thread begins.
    pub(super) fn help(&self, share: usize) {
        let enter = |state| (state & OPEN != 0).then_some(state + ONE_INSIDE);
        if self.state.fetch_update(Acquire, Relaxed, enter).is_ok() {
            // SAFETY: this worker is inside, so the caller does not write until it has left.
            if let Some(job) = unsafe { *self.job.get() } {
                self.take_chunks(job, share);
            }
            self.state.fetch_sub(ONE_INSIDE, Release);
        }
    }

    fn take_chunks(&self, job: Job, own: usize) {
        let shares = &self.shares[..job.shares];
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the caller of `run` keeps the closure alive while anyone is here.
            let work = unsafe { &*job.work };
            for i in own..own + shares.len() {
                let share = &shares[i % shares.len()];
                let is_own = i == own && own < shares.len();
                while let Some(chunk) = share.take(!is_own) {
                    work(chunk);
                }
            }
        }));
        if let Err(payload) = outcome {
            shares.iter().for_each(|share| share.set(0, 0));
            locked(&self.panic).get_or_insert(payload);
        }
    }

    /// Tells idle workers that the epoch has changed, and wakes at most `wake` of those asleep.
    fn announce(&self, wake: usize) {
        self.epoch.fetch_add(1, SeqCst);
        // A worker counts itself among the sleepers before it looks at the epoch for the last time; either it sees
        // the new epoch, or this sees the sleeper.
        let sleepers = self.sleepers.load(SeqCst);
        if sleepers > 0 {
            drop(locked(&self.bed));
            (0..sleepers.min(wake)).for_each(|_| self.bell.notify_one());
        }
    }

    /// Waits until the epoch differs from `seen`, spinning first and then asleep, and returns it.
    pub(super) fn wait(&self, seen: u64) -> u64 {
        let spin = Duration::from_nanos(self.spin_nanos.load(Relaxed));
        if self.may_spin.load(Relaxed) && !spin.is_zero() {
            let start = Instant::now();
            while start.elapsed() < spin {
                for _ in 0..64 {
                    let epoch = self.epoch.load(Acquire);
                    if epoch != seen {
                        return epoch;
                    }
                    spin_loop();
                }
            }
        }
        let mut bed = locked(&self.bed);
        self.sleepers.fetch_add(1, SeqCst);
        let epoch = loop {
            let epoch = self.epoch.load(SeqCst);
            if epoch != seen {
                break epoch;
            }
            bed = self.bell.wait(bed).unwrap_or_else(PoisonError::into_inner);
        };
        self.sleepers.fetch_sub(1, SeqCst);
        epoch
    }
}
