//! Threads that make batches ahead of their use. Jobs go round among them, so that worker i makes batches i, i + n and so on,
//! and results come back in that order. It knows neither data nor order.

use super::DataLoaderOptions;
use super::info::{WorkerInfo, become_worker};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tensor::{Generator, with_generator};

/// Makes a batch of the items with these numbers; `None` says that there are no more.
pub(super) type Make<B> = Box<dyn FnMut(Vec<usize>) -> Option<B>>;

/// Opens the data on the thread that shall make batches.
pub(super) type Open<B> = Arc<dyn Fn() -> Make<B> + Send + Sync>;

/// One worker, as its owner sees it.
pub(super) struct Worker<B> {
    id: usize,
    jobs: Option<Sender<Vec<usize>>>,
    results: Receiver<Result<Option<B>, String>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl<B: Send + 'static> Worker<B> {
    /// Starts a worker that draws from `generator` where its data asks the default one, and calls `init` before it opens them.
    pub fn start(
        info: WorkerInfo,
        generator: Generator,
        init: Option<Arc<dyn Fn(usize) + Send + Sync>>,
        open: Open<B>,
    ) -> Worker<B> {
        let (jobs, incoming) = channel::<Vec<usize>>();
        let (outgoing, results) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let body = move || {
            become_worker(info);
            let work = || {
                init.iter().for_each(|init| init(info.id));
                let mut make = open();
                for job in incoming {
                    if stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let made = make(job);
                    let last = made.is_none();
                    if outgoing.send(Ok(made)).is_err() || last {
                        return;
                    }
                }
            };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| with_generator(&generator, work))) {
                // Whoever no longer listens needs no text.
                _ = outgoing.send(Err(text(&*panic)));
            }
        };
        let name = format!("DataLoader worker {}", info.id);
        let thread = Builder::new().name(name).spawn(body).expect("the system starts a thread");
        Worker { id: info.id, jobs: Some(jobs), results, stop, thread: Some(thread) }
    }

    /// Gives it a batch to make.
    pub fn send(&self, job: Vec<usize>) {
        // A worker that has ended by a panic says so where its result is awaited.
        _ = self.jobs.as_ref().map(|jobs| jobs.send(job));
    }

    /// Its next result, `None` if it has no more.
    #[track_caller]
    pub fn receive(&self, options: &DataLoaderOptions) -> Option<B> {
        let received = match options.timeout {
            0.0 => self.results.recv().map_err(|_| RecvTimeoutError::Disconnected),
            // Longer than anybody waits, where the seconds are more than the clock can count.
            seconds => self.results.recv_timeout(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)),
        };
        match received {
            Ok(Ok(made)) => made,
            Ok(Err(text)) => panic!("Caught a panic in DataLoader worker {}: {text}", self.id),
            Err(RecvTimeoutError::Timeout) => panic!("{}", options.timed_out()),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

/// A worker ends after the batch that it is making.
impl<B> Drop for Worker<B> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// What a panic said.
fn text(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text.clone(),
        (_, Some(text)) => (*text).to_owned(),
        _ => "no text".to_owned(),
    }
}
