//! What a loader does beside keeping its order: workers that fail or are no longer needed, streams, batches of many types, misuse.

use data::{
    Collate, ConcatDataset, DataLoader, Dataset, IterableDataset, RandomSampler, SequentialSampler, Subset,
    TensorDataset, WeightedRandomSampler, default_collate, random_split, worker_info,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tensor::{Tensor, arange, tensor};

/// What a panic of `body` says.
fn refusal<T>(body: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| _ = body())).expect_err("a panic");
    match panic.downcast_ref::<String>() {
        Some(text) => text.clone(),
        None => panic.downcast_ref::<&str>().expect("a text").to_string(),
    }
}

#[test]
fn a_worker_s_panic_reaches_the_loop() {
    let set = vec![0, 1, 2, 3].map(|x: i64| if x == 2 { panic!("item {x} is rotten") } else { x });
    let loader = DataLoader::with(set, |o| o.num_workers(2));
    let mut epoch = loader.iter();
    assert_eq!(epoch.next().map(|x: Tensor| x.item::<i64>()), Some(0));
    assert_eq!(epoch.next().map(|x: Tensor| x.item::<i64>()), Some(1));
    assert_eq!(refusal(|| epoch.next()), "Caught a panic in DataLoader worker 0: item 2 is rotten");
}

#[test]
fn leaving_a_loop_early_stops_the_workers() {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let set = vec![1i64; 1000].map(move |x| {
        count.fetch_add(1, Ordering::SeqCst);
        x
    });
    let loader = DataLoader::with(set, |o| o.num_workers(2).prefetch_factor(3));
    let mut epoch = loader.iter();
    let taken: i64 = epoch.by_ref().take(2).map(|x: Tensor| x.item::<i64>()).sum();
    assert_eq!((taken, epoch.size_hint()), (2, (998, Some(998))));
    drop(epoch);
    // Two taken, six ahead; no thread is left that could make more.
    let made_then = made.load(Ordering::SeqCst);
    assert!((2..=8).contains(&made_then), "{made_then}");
    assert_eq!(Arc::strong_count(&made), 2);
}

struct Shares(i64);

impl IterableDataset for Shares {
    type Item = i64;
    fn iter(&self) -> Box<dyn Iterator<Item = i64> + Send> {
        let (first, step) = worker_info().map_or((0, 1), |info| (info.id as i64, info.num_workers));
        Box::new((first..self.0).step_by(step))
    }
}

#[test]
fn streams_are_shared_among_workers() {
    let batches = |workers, drop_last| -> Vec<Vec<i64>> {
        let loader = DataLoader::iterable(Shares(9), |o| o.batch_size(2).num_workers(workers).drop_last(drop_last));
        loader.iter().map(|x: Tensor| x.to_vec()).collect()
    };
    assert_eq!(batches(0, false), [vec![0, 1], vec![2, 3], vec![4, 5], vec![6, 7], vec![8]]);
    // The workers take turns until one has no more.
    assert_eq!(batches(2, false), [vec![0, 2], vec![1, 3], vec![4, 6], vec![5, 7], vec![8]]);
    assert_eq!(batches(2, true), [vec![0, 2], vec![1, 3], vec![4, 6], vec![5, 7]]);
    assert_eq!(batches(12, false).len(), 9);
    let loader = DataLoader::iterable(Shares(9), |o| o);
    assert_eq!(refusal(|| loader.len()), "object of type 'Shares' has no len()");
}

#[test]
fn fast_batches_are_those_of_single_items() {
    let x = arange(24).reshape([6, 2, 2]);
    let set = TensorDataset::new((x.clone(), arange(6)));
    let both = ConcatDataset::new([Subset::new(set.clone(), [5, 0, 3]), Subset::new(set, [1, 1])]);
    for indices in [vec![2, 0], vec![4, 1, 3], vec![3, 4]] {
        let (a, b) = both.batch(&indices);
        let (c, d) = default_collate(indices.iter().map(|&index| both.get(index)).collect());
        assert_eq!((a.to_string(), b.to_string()), (c.to_string(), d.to_string()));
    }
    let rows = DataLoader::with(x, |o| o.batch_size(4));
    assert_eq!(rows.iter().map(|x: Tensor| x.shape()[0]).collect::<Vec<_>>(), [4, 2]);
}

#[test]
fn items_of_many_types_make_batches() {
    let texts = |batch: Vec<Tensor>| batch.iter().map(|x| x.to_string()).collect::<Vec<_>>();
    assert_eq!(texts(Collate::collate(vec![vec![1, 2], vec![3, 4]])), ["tensor([1, 3])", "tensor([2, 4])"]);
    assert_eq!(texts(Collate::collate(vec![[true, false]])), ["tensor([True])", "tensor([False])"]);
    assert_eq!(default_collate(vec![0.5f32, 1.5]).to_string(), "tensor([0.5000, 1.5000])");
    let map = |x: u8| BTreeMap::from([("a", x)]);
    assert_eq!(default_collate(vec![map(1), map(2)])["a"].to_string(), "tensor([1, 2])");
    assert_eq!(
        refusal(|| default_collate(vec![vec![1], vec![]])),
        "each element in list of batch should be of equal size"
    );
    let unequal = refusal(|| default_collate(vec![tensor([1]), tensor([1, 2])]));
    assert_eq!(unequal, "stack expects each tensor to be equal size, but got [1] at entry 0 and [2] at entry 1");
}

#[test]
fn single_items_come_as_they_are() {
    let words = DataLoader::unbatched(vec!["a", "b", "c"], |o| o.num_workers(2));
    assert_eq!((words.len(), words.iter().collect::<Vec<_>>()), (3, vec!["a", "b", "c"]));
    let stream = |workers| -> Vec<i64> {
        DataLoader::iterable_unbatched(Shares(5), |o| o.num_workers(workers)).iter().collect()
    };
    assert_eq!(stream(0), [0, 1, 2, 3, 4]);
    assert_eq!(stream(2), [0, 1, 2, 3, 4]);
}

#[test]
fn batches_can_be_chosen() {
    let groups = vec![vec![3, 1], vec![], vec![0, 2, 2]];
    let loader = DataLoader::with_collate(vec!["a", "b", "c", "d"], |x| x.concat(), |o| o.batch_sampler(groups));
    assert_eq!((loader.len(), loader.iter().collect::<Vec<_>>()), (3, vec!["db".into(), String::new(), "acc".into()]));
}

#[test]
fn workers_begin_with_what_they_are_told() {
    let seen = Arc::new(std::sync::Mutex::new(vec![]));
    let told = seen.clone();
    let init = move |id: usize| {
        let info = worker_info().expect("a worker");
        told.lock().unwrap().push((id, info.id, info.num_workers, info.seed));
    };
    let loader = DataLoader::with(vec![0i64; 6], |o| o.num_workers(3).persistent_workers(true).worker_init_fn(init));
    for _ in 0..2 {
        assert_eq!(loader.iter().map(|x: Tensor| x.numel()).sum::<usize>(), 6);
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen.iter().map(|seen| (seen.0, seen.1, seen.2)).collect::<Vec<_>>(), [(0, 0, 3), (1, 1, 3), (2, 2, 3)]);
    assert_eq!(seen[2].3, seen[0].3.wrapping_add(2));
    let rotten = DataLoader::with(vec![0i64], |o| o.num_workers(1).worker_init_fn(|_: usize| panic!("no licence")));
    assert_eq!(
        refusal(|| rotten.iter().map(|x: Tensor| x.numel()).sum::<usize>()),
        "Caught a panic in DataLoader worker 0: no licence"
    );
}

#[test]
fn slow_workers_are_not_waited_for() {
    // The item is ready only when the wait is over, whatever the clock says.
    let (over, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let set = vec![7i64].map(move |x| wait.lock().unwrap().recv().map_or(x, |()| x));
    let loader = DataLoader::with(set, |o| o.num_workers(1).timeout(0.05));
    let mut epoch = loader.iter();
    assert_eq!(refusal(|| epoch.next().map(|x: Tensor| x.item::<i64>())), "DataLoader timed out after 0.05 seconds");
    drop(over);
}

#[test]
fn misuse_has_pytorch_s_words() {
    let set = || vec![1i64, 2, 3];
    type Loader = DataLoader<Vec<i64>, Tensor>;
    let with = |f: fn(data::DataLoaderOptions) -> data::DataLoaderOptions| refusal(|| Loader::with(vec![1, 2, 3], f));
    assert_eq!(with(|o| o.batch_size(0)), "batch_size should be a positive integer value, but got batch_size=0");
    assert_eq!(with(|o| o.persistent_workers(true)), "persistent_workers option needs num_workers > 0");
    assert_eq!(
        with(|o| o.shuffle(true).sampler(SequentialSampler::new(3usize))),
        "sampler option is mutually exclusive with shuffle"
    );
    let groups = || vec![vec![0, 1]];
    let exclusive = "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last";
    assert_eq!(refusal(|| Loader::with(set(), |o| o.batch_sampler(groups()).batch_size(2))), exclusive);
    assert_eq!(refusal(|| Loader::with(set(), |o| o.batch_sampler(groups()).shuffle(true))), exclusive);
    assert_eq!(refusal(|| Loader::with(set(), |o| o.batch_sampler(groups()).drop_last(true))), exclusive);
    assert_eq!(
        refusal(|| Loader::with(set(), |o| o.batch_sampler(groups()).sampler(SequentialSampler::new(3usize)))),
        exclusive
    );
    assert_eq!(
        refusal(|| DataLoader::unbatched(set(), |o| o.drop_last(true))),
        "batch_size=None option disables auto-batching and is mutually exclusive with drop_last"
    );
    assert_eq!(
        refusal(|| DataLoader::unbatched(set(), |o| o.batch_size(2))),
        "a loader of single items takes neither batch_size nor batch_sampler"
    );
    assert_eq!(with(|o| o.timeout(-1.0)), "timeout option should be non-negative");
    assert_eq!(
        refusal(|| Loader::with(set(), |o| o.timeout(3.0)).iter().count()),
        "_SingleProcessDataLoaderIter requires timeout == 0"
    );
    assert_eq!(
        with(|o| o.prefetch_factor(3)),
        "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable multiprocessing, \
         otherwise set prefetch_factor to None."
    );
    assert_eq!(
        refusal(|| DataLoader::iterable(Shares(1), |o| o.batch_sampler(groups()))),
        "DataLoader with IterableDataset: expected unspecified batch_sampler option, but got batch_sampler=[[0, 1]]"
    );
    let none = "num_samples should be a positive integer value, but got num_samples=0";
    assert_eq!(refusal(|| Loader::with(vec![], |o| o.shuffle(true))), none);
    assert_eq!(refusal(|| RandomSampler::new(0usize)), none);
    assert_eq!(refusal(|| WeightedRandomSampler::new([1.0], 0, true)), none);
    assert_eq!(
        refusal(|| WeightedRandomSampler::of(&tensor([[1.0]]), 1, true)),
        "weights should be a 1d sequence but given weights have shape (1, 1)"
    );
    let split = "Sum of input lengths does not equal the length of the input dataset!";
    assert_eq!(refusal(|| random_split(&set(), [1, 1])), split);
    assert_eq!(refusal(|| random_split(&set(), [0.5, 0.1])), split);
    assert_eq!(refusal(|| random_split(&set(), [1.5, -0.5])), "Fraction at index 0 is not between 0 and 1");
    assert_eq!(refusal(|| TensorDataset::new((tensor([1]), tensor([1, 2])))), "Size mismatch between tensors");
    assert_eq!(
        refusal(|| DataLoader::iterable(Shares(1), |o| o.shuffle(true))),
        "DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle=True"
    );
}
