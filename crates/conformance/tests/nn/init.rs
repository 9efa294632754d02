//! Initial values against PyTorch's from the same seed: numbers, refusals, and how far the stream has gone. The format of `init.tsv` is
//! described in `fixtures/make_init.py`.

use sconce::nn::init::*;
use sconce::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

const CASES: &str = include_str!("../../fixtures/init.tsv");

/// Makes the values that the Python text asks for.
#[rustfmt::skip]
fn call(text: &str, w: &Tensor) -> Tensor {
    match text {
        "uniform_(w)" => uniform_(w, 0.0, 1.0),
        "uniform_(w, -0.3, 2.5)" => uniform_(w, -0.3, 2.5),
        "normal_(w)" => normal_(w, 0.0, 1.0),
        "normal_(w, 1.5, 0.3)" => normal_(w, 1.5, 0.3),
        "trunc_normal_(w)" => trunc_normal_(w, 0.0, 1.0, -2.0, 2.0),
        "trunc_normal_(w, std=0.02)" => trunc_normal_(w, 0.0, 0.02, -2.0, 2.0),
        "trunc_normal_(w, 0.5, 2.0, -1.0, 0.7)" => trunc_normal_(w, 0.5, 2.0, -1.0, 0.7),
        "trunc_normal_(w, 3.0, 0.5, -1.0, 2.6)" => trunc_normal_(w, 3.0, 0.5, -1.0, 2.6),
        "trunc_normal_(w, 0.0, 1.0, 1.5, 4.0)" => trunc_normal_(w, 0.0, 1.0, 1.5, 4.0),
        "trunc_normal_(w, 1.0, 0.5, 0.9, 1.1)" => trunc_normal_(w, 1.0, 0.5, 0.9, 1.1),
        "constant_(w, 0.3)" => constant_(w, 0.3),
        "ones_(w)" => ones_(w),
        "zeros_(w)" => zeros_(w),
        "eye_(w)" => eye_(w),
        "dirac_(w)" => dirac_(w),
        "dirac_(w, 2)" => dirac_groups_(w, 2),
        "dirac_(w, 3)" => dirac_groups_(w, 3),
        "xavier_uniform_(w)" => xavier_uniform_(w, 1.0),
        "xavier_uniform_(w, gain=1.7)" => xavier_uniform_(w, 1.7),
        "xavier_normal_(w)" => xavier_normal_(w, 1.0),
        "xavier_normal_(w, gain=0.4)" => xavier_normal_(w, 0.4),
        "kaiming_uniform_(w)" => kaiming_uniform_(w, 0.0),
        "kaiming_uniform_(w, a=0.2)" => kaiming_uniform_(w, 0.2),
        "kaiming_normal_(w)" => kaiming_normal_(w, 0.0),
        "kaiming_normal_(w, a=0.2)" => kaiming_normal_(w, 0.2),
        "sparse_(w, 0.3)" => sparse_(w, 0.3, 0.01),
        "sparse_(w, 0.5, std=2.0)" => sparse_(w, 0.5, 2.0),
        "sparse_(w, 0.0)" => sparse_(w, 0.0, 0.01),
        "sparse_(w, 1.0)" => sparse_(w, 1.0, 0.01),
        "sparse_(w, 0.41)" => sparse_(w, 0.41, 0.01),
        "orthogonal_(w)" => orthogonal_(w, 1.0),
        "orthogonal_(w, gain=1.5)" => orthogonal_(w, 1.5),
        "orthogonal_(w, gain=0.5)" => orthogonal_(w, 0.5),
        other => kaiming(other, w),
    }
}

/// As [`call`], for a mode and a nonlinearity by name.
fn kaiming(text: &str, w: &Tensor) -> Tensor {
    let quoted: Vec<&str> = text.split('\'').collect();
    let mode = match quoted[1] {
        "fan_in" => FanMode::FanIn,
        "fan_out" => FanMode::FanOut,
        other => panic!("mode {other}"),
    };
    let nonlinearity = match quoted[3] {
        "sigmoid" => Nonlinearity::Sigmoid,
        "tanh" => Nonlinearity::Tanh,
        "relu" => Nonlinearity::Relu,
        "leaky_relu" => Nonlinearity::LeakyRelu(0.3),
        "selu" => Nonlinearity::Selu,
        layer => {
            assert!(layer == "linear" || layer.starts_with("conv"), "nonlinearity {layer}");
            Nonlinearity::Linear
        }
    };
    if text.starts_with("kaiming_uniform_") {
        kaiming_uniform_with_(w, mode, nonlinearity)
    } else {
        kaiming_normal_with_(w, mode, nonlinearity)
    }
}

fn compare(what: &str, found: &Tensor, expected: &str) {
    let values = found.to(float64).to_vec::<f64>();
    let expected: Vec<&str> = expected.split_whitespace().collect();
    assert_eq!(values.len(), expected.len(), "{what}");
    for (i, (found_, expected)) in values.iter().zip(expected).enumerate() {
        let equal = match (what.starts_with("orthogonal_"), expected.len()) {
            (true, _) => (found_ - expected.parse::<f64>().expect("a number")).abs() < 1e-6,
            (_, 8) => (*found_ as f32).to_bits() == u32::from_str_radix(expected, 16).expect("bits"),
            _ => found_.to_bits() == u64::from_str_radix(expected, 16).expect("bits"),
        };
        assert!(equal, "{what}: number {i} is {found_} ({:08x}), expected {expected}", (*found_ as f32).to_bits());
    }
}

#[test]
fn initial_values_and_refusals_are_pytorchs() {
    let _alone = crate::numbers::alone();
    let mut refused = 0;
    for line in CASES.lines() {
        let [text, kind, made, after] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}")
        };
        let (shape, dtype) = kind.split_once(' ').expect("a shape and a dtype");
        let shape: Vec<usize> = shape.split(',').map(|size| size.parse().expect("a size")).collect();
        let dtype = if dtype == "float64" { float64 } else { float32 };
        let (what, w) = (format!("{text} of {kind}"), zeros(&shape[..]).to(dtype));
        manual_seed(5);
        match made.strip_prefix('!') {
            None => {
                let returned = call(text, &w);
                assert!(returned.shape() == w.shape(), "{what}: returns the tensor's values");
                compare(&what, &w, made);
            }
            Some(refusal) => {
                let panic = catch_unwind(AssertUnwindSafe(|| call(text, &w))).expect_err(&what);
                let said = panic.downcast_ref::<String>().map(String::as_str);
                assert_eq!(said.or_else(|| panic.downcast_ref::<&str>().copied()), Some(refusal), "{what}");
                refused += 1;
            }
        }
        assert_eq!(randint(0, 1 << 27, 1).item::<i64>().to_string(), after, "{what}: words drawn");
    }
    assert_eq!(refused, 12);
}
