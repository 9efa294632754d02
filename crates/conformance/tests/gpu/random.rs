//! Random numbers of the GPU: repeatable from the seed, of the right distribution, and the same however they are drawn.

use super::gpu;
use sconce::{DType, Fill, Generator, Noise, Tensor, manual_seed};

const N: usize = 100_000;

/// Mean and standard deviation.
fn moments(x: &Tensor) -> (f64, f64) {
    let x = x.try_to_device(sconce::cpu()).unwrap().to_dtype(DType::F64);
    (x.mean().item::<f64>(), x.std().item::<f64>())
}

fn empty(n: usize, dtype: DType) -> Tensor {
    sconce::zeros([n]).to_dtype(dtype).try_to_device(gpu().expect("asked before")).unwrap()
}

/// Panics unless mean and deviation are within five standard errors of what they should be.
fn assert_moments(name: &str, x: &Tensor, mean: f64, std: f64) {
    let (m, s) = moments(x);
    let error = std / (N as f64).sqrt();
    assert!(
        (m - mean).abs() < 5.0 * error && (s / std - 1.0).abs() < 0.03,
        "{name}: mean {m} for {mean}, deviation {s} for {std}"
    );
}

#[test]
fn distributions_have_their_mean_and_deviation() {
    if gpu().is_none() {
        return;
    }
    manual_seed(1);
    let x = || empty(N, DType::F32);
    assert_moments("uniform", &x().uniform_(-1.0, 3.0), 1.0, 4.0 / 12f64.sqrt());
    assert_moments("normal", &x().normal_(2.0, 0.5), 2.0, 0.5);
    assert_moments("exponential", &x().exponential_(2.0), 0.5, 0.5);
    assert_moments("geometric", &x().geometric_(0.25), 4.0, 12f64.sqrt());
    assert_moments("log_normal", &x().log_normal_(0.0, 0.25), (0.25f64 * 0.25 / 2.0).exp(), 0.2578);
    assert_moments("bernoulli", &x().bernoulli_(0.3), 0.3, 0.21f64.sqrt());
    assert_moments("dropout", &(x() + 1.0).dropout(0.2, true), 1.0, 0.5);
    assert_moments(
        "integers",
        &empty(N, DType::I64).random_(10, 30).to_dtype(DType::F32),
        19.5,
        (399.0 / 12f64).sqrt(),
    );

    let double = empty(N, DType::F64);
    if double.try_logical_not().is_ok() {
        assert_moments("normal float64", &double.normal_(0.0, 1.0), 0.0, 1.0);
    }
}

#[test]
fn a_seed_repeats_everything_and_draws_differ() {
    if gpu().is_none() {
        return;
    }
    let generator = Generator::new();
    let draw = |n: usize| {
        empty(n, DType::F32).uniform_with_(0.0, 1.0, &generator).try_to_device(sconce::cpu()).unwrap().to_vec::<f32>()
    };
    generator.manual_seed(7u64);
    let (a, b) = (draw(1000), draw(1000));
    assert!(a.iter().zip(&b).filter(|(a, b)| a == b).count() < 3);
    // The first elements do not depend on how many there are.
    generator.manual_seed(7u64);
    let (long, again) = (draw(5000), draw(1000));
    assert_eq!((&long[..1000], &again), (&a[..], &b));
    assert!(long.iter().all(|x| (0.0..1.0).contains(x)));
}
