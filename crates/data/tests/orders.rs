//! The orders in which loaders, splits and samplers take items, and the random words that they use, against `data.tsv` of the package
//! conformance, whose format `make_data.py` beside it describes.

use data::{
    BatchSampler, DataLoader, DataLoaderOptions, Dataset, RandomSampler, Sampler, SubsetRandomSampler,
    WeightedRandomSampler, random_split, random_split_with,
};
use std::collections::HashMap;
use tensor::{Draw, Generator, Tensor, default_generator, manual_seed, randint, with_generator};

const CASES: &str = include_str!("../../conformance/fixtures/data.tsv");

/// Items that draw a number from the worker's generator.
struct Noisy(usize);

impl Dataset for Noisy {
    type Item = i64;
    fn len(&self) -> usize {
        self.0
    }
    fn get(&self, _: usize) -> i64 {
        randint(0, 1000, 1).item()
    }
}

/// The numbers below n.
struct Numbers(usize);

impl Dataset for Numbers {
    type Item = i64;
    fn len(&self) -> usize {
        self.0
    }
    fn get(&self, index: usize) -> i64 {
        index as i64
    }
}

fn text(batches: impl Iterator<Item = Vec<i64>>) -> String {
    let batch = |batch: Vec<i64>| batch.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",");
    batches.map(batch).collect::<Vec<_>>().join(" ")
}

fn epochs<D: Dataset<Item = i64> + 'static>(set: D, case: &HashMap<&str, u64>, own: Option<Generator>) -> Vec<String> {
    let flag = |name: &str| case[name] == 1;
    let loader = DataLoader::with(set, |o| {
        o.batch_size(case["batch"] as usize)
            .shuffle(flag("shuffle"))
            .drop_last(flag("drop"))
            .num_workers(case["workers"] as usize)
            .persistent_workers(flag("persistent"))
            .generator(own)
    });
    let shown = if flag("early") { 2 } else { usize::MAX };
    // Exactly so many batches are asked for; a loop to the end also sees that there are no more.
    (0..2).map(|_| text(loader.iter().take(shown).map(|x: Tensor| x.to_vec::<i64>()))).collect()
}

/// Two epochs without batches, with a sampler of batches, or with workers that draw before they load.
fn special(kind: &str, case: &HashMap<&str, u64>, own: Option<Generator>) -> Vec<String> {
    let n = case["n"] as usize;
    let settings = |o: DataLoaderOptions| {
        o.num_workers(case["workers"] as usize).persistent_workers(case["persistent"] == 1).generator(own.clone())
    };
    let ordered = |o| settings(o).shuffle(case["shuffle"] == 1);
    let batch = |x: Tensor| x.to_vec::<i64>();
    let mut epoch: Box<dyn FnMut() -> String> = match kind {
        "unbatched" => {
            let loader = DataLoader::unbatched(Noisy(n), ordered);
            Box::new(move || text(loader.iter().map(|item| vec![item])))
        }
        "groups" => {
            let sampler = RandomSampler::with(n, |s| s.generator(own.clone()));
            let loader =
                DataLoader::with(Numbers(n), |o| settings(o).batch_sampler(BatchSampler::new(sampler, 2, false)));
            Box::new(move || text(loader.iter().map(batch)))
        }
        _ => {
            let draw = |worker: usize| (0..=worker).for_each(|_| _ = tensor::rand(1));
            let loader = DataLoader::with(Noisy(n), |o| ordered(o).batch_size(2).worker_init_fn(draw));
            Box::new(move || text(loader.iter().map(batch)))
        }
    };
    vec![epoch(), epoch()]
}

/// Two epochs of a sampler, each as one batch.
fn twice(sampler: impl Sampler) -> Vec<String> {
    (0..2).map(|_| text(std::iter::once(sampler.iter().map(|x| x as i64).collect()))).collect()
}

/// The parts of a split of the numbers below 11.
fn split(parts: u64, own: Option<&Generator>) -> Vec<String> {
    let set = vec![0; 11];
    let generator = own.cloned().unwrap_or_else(default_generator);
    let parts: Vec<Vec<usize>> = match parts {
        2 => random_split_with(&set, [7, 4], &generator).iter().map(|part| part.indices().to_vec()).collect(),
        3 => random_split_with(&set, [0.5, 0.3, 0.2], &generator).iter().map(|part| part.indices().to_vec()).collect(),
        _ => with_generator(&generator, || random_split(&set, [0.25; 4]).map(|part| part.indices().to_vec())).into(),
    };
    vec![text(parts.into_iter().map(|part| part.into_iter().map(|x| x as i64).collect()))]
}

#[test]
fn orders_and_words_are_pytorch_s() {
    let mut kinds = HashMap::new();
    for line in CASES.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [kind, settings, orders, after] = fields[..] else { panic!("four fields: {line}") };
        let setting = |word| -> (&str, u64) {
            let (key, value) = str::split_once(word, '=').expect("a setting");
            (key, value.parse().expect("a number"))
        };
        let case: HashMap<&str, u64> = settings.split(' ').map(setting).collect();
        let own = (case["own"] == 1).then(|| Generator::new().manual_seed(case["seed"] + 1));
        manual_seed(case["seed"]);
        let got = match kind {
            "loader" => epochs(Numbers(case["n"] as usize), &case, own.clone()),
            "noisy" => epochs(Noisy(case["n"] as usize), &case, own.clone()),
            "unbatched" | "groups" | "init" => special(kind, &case, own.clone()),
            "random" => twice(RandomSampler::with(case["n"] as usize, |s| {
                s.replacement(case["replacement"] == 1).num_samples(case["count"] as usize).generator(own.clone())
            })),
            "weighted" => {
                let weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6];
                let sampler = WeightedRandomSampler::new(weights, 5, case["replacement"] == 1);
                twice(own.iter().fold(sampler, WeightedRandomSampler::generator))
            }
            "subset" => {
                let indices = [3, 1, 4, 15, 9, 2, 6];
                match &own {
                    Some(own) => twice(SubsetRandomSampler::with_generator(indices, own)),
                    None => twice(SubsetRandomSampler::new(indices)),
                }
            }
            "split" => split(case["parts"], own.as_ref()),
            _ => panic!("unknown kind {kind}"),
        };
        assert_eq!(got.join(";"), orders, "{kind} {settings}");
        let draws = [Some(default_generator()), own];
        let draws = draws.iter().flatten().map(|own| own.randint(0, 1 << 27, 1).item::<i64>().to_string());
        assert_eq!(draws.collect::<Vec<_>>().join(","), after, "words of {kind} {settings}");
        *kinds.entry(kind).or_insert(0) += 1;
    }
    assert!(kinds.len() == 9 && kinds.values().all(|&count| count >= 6), "{kinds:?}");
}
