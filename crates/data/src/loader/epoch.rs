//! One epoch of a loader: which batch comes next, and who makes it. Draws happen where PyTorch's loader makes them: the seed of
//! the workers first, the order when its first number is needed.

use super::info::WorkerInfo;
use super::workers::{Make, Worker};
use super::{DataLoader, DataLoaderOptions};
use crate::sampler::random_seed;
use std::collections::VecDeque;
use std::sync::PoisonError;
use tensor::{Generator, default_generator};

/// How many batches each worker makes ahead, unless given.
const PREFETCH: usize = 2;

/// The batches of an epoch. Dropping it early stops the workers.
pub struct DataLoaderIter<'a, B> {
    /// The numbers of the items of the batches that nobody makes yet.
    groups: Box<dyn Iterator<Item = Vec<usize>> + Send + 'a>,
    makers: Makers<B>,
    /// Batches still to come, if that is known.
    left: Option<usize>,
    options: &'a DataLoaderOptions,
}

enum Makers<B> {
    /// Batches are made where they are used.
    Here(Option<Make<B>>),
    /// Workers, `None` where one has ended; who makes the batches under way, in order; who gets the next job.
    Workers { workers: Vec<Option<Worker<B>>>, under_way: VecDeque<usize>, next: usize },
}

/// Begins an epoch.
#[track_caller]
pub(super) fn start<D, B: Send + 'static>(loader: &DataLoader<D, B>) -> DataLoaderIter<'_, B> {
    let options = &loader.options;
    let groups: Box<dyn Iterator<Item = Vec<usize>> + Send + '_> = match &loader.order {
        Some(order) => order.iter(),
        None => Box::new(std::iter::repeat_with(Vec::new)),
    };
    let left = loader.order.as_ref().map(|order| order.len());
    let base_seed = || random_seed(&options.generator.clone().unwrap_or_else(default_generator));
    if options.num_workers == 0 {
        assert!(options.timeout == 0.0, "_SingleProcessDataLoaderIter requires timeout == 0");
        base_seed();
        return DataLoaderIter { groups, makers: Makers::Here(Some((loader.open)())), left, options };
    }
    let fresh = || {
        let seed = base_seed();
        let generator = |id| Generator::new().manual_seed(seed.wrapping_add(id as u64));
        (0..options.num_workers).map(generator).collect::<Vec<_>>()
    };
    let mut kept = loader.streams.lock().unwrap_or_else(PoisonError::into_inner);
    let begins = kept.is_empty() || !options.persistent_workers;
    if begins {
        *kept = fresh();
    }
    let init = options.worker_init_fn.0.as_ref().filter(|_| begins);
    let worker = |(id, generator): (usize, &Generator)| {
        let info = WorkerInfo { id, num_workers: options.num_workers, seed: generator.initial_seed() };
        Some(Worker::start(info, generator.clone(), init.cloned(), loader.open.clone()))
    };
    let workers = kept.iter().enumerate().map(worker).collect();
    let makers = Makers::Workers { workers, under_way: VecDeque::new(), next: 0 };
    let mut epoch = DataLoaderIter { groups, makers, left, options };
    for _ in 0..options.num_workers * options.prefetch_factor.unwrap_or(PREFETCH) {
        epoch.hand_out();
    }
    epoch
}

impl<B: Send + 'static> DataLoaderIter<'_, B> {
    /// Gives the next job to the next worker that still works.
    fn hand_out(&mut self) {
        let Makers::Workers { workers, under_way, next } = &mut self.makers else { return };
        let Some(ahead) = (0..workers.len()).find(|ahead| workers[(*next + ahead) % workers.len()].is_some()) else {
            return;
        };
        let Some(group) = self.groups.next() else { return };
        let id = (*next + ahead) % workers.len();
        *next = (id + 1) % workers.len();
        if let Some(worker) = &workers[id] {
            worker.send(group);
            under_way.push_back(id);
        }
    }

    /// The next batch, wherever it is made.
    #[track_caller]
    fn advance(&mut self) -> Option<B> {
        loop {
            let id = match &mut self.makers {
                Makers::Here(make) => {
                    let made = make.as_mut().and_then(|make| make(self.groups.next()?));
                    if made.is_none() {
                        *make = None;
                    }
                    return made;
                }
                Makers::Workers { under_way, .. } => under_way.pop_front()?,
            };
            let Makers::Workers { workers, .. } = &mut self.makers else { return None };
            let Some(worker) = &workers[id] else { continue };
            let made = worker.receive(self.options);
            if made.is_none() {
                workers[id] = None;
            }
            self.hand_out();
            if made.is_some() {
                return made;
            }
        }
    }
}

impl<B: Send + 'static> Iterator for DataLoaderIter<'_, B> {
    type Item = B;

    #[track_caller]
    fn next(&mut self) -> Option<B> {
        let made = self.advance();
        self.left = self.left.map(|left| left.saturating_sub(1));
        made
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left.unwrap_or(0), self.left)
    }
}
