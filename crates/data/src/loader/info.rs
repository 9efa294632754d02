//! What a worker knows of itself while it loads. It knows no data.

use std::cell::Cell;

/// A worker of a loader, as the data set sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerInfo {
    /// Which worker, from 0.
    pub id: usize,
    /// How many there are.
    pub num_workers: usize,
    /// What its random numbers started from.
    pub seed: u64,
}

thread_local! {
    static INFO: Cell<Option<WorkerInfo>> = const { Cell::new(None) };
}

/// The worker on whose thread this is called, PyTorch's `get_worker_info`; `None` outside of workers.
///
/// A stream uses it to give each worker its share: `(0..n).skip(info.id).step_by(info.num_workers)`.
pub fn worker_info() -> Option<WorkerInfo> {
    INFO.get()
}

/// Makes the thread a worker.
pub(super) fn become_worker(info: WorkerInfo) {
    INFO.set(Some(info));
}
