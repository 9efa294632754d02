//! Results and gradients of small inputs, from `make_examples.py`, for functions that PyTorch's database of operations lacks, or has
//! for other functions only. The fixture names each call by PyTorch's expression for it.

use autograd::Gradient;
use tensor_core::op::sample::{SampleMode, SamplePadding};
use tensor_core::op::{BceWithLogits, CtcLoss, FoldOptions, GridSample, Reduction, TripletMarginWithDistance};
use tensor_core::{Element, Tensor};

const EXAMPLES: &str = include_str!("../../fixtures/examples.tsv");

/// The inputs that the script describes.
fn numbers(shape: &[usize], k: usize) -> Tensor {
    let count: usize = shape.iter().product();
    let all: Vec<f64> = (0..count).map(|i| 0.8 * (0.7 * i as f64 + k as f64).sin()).collect();
    Tensor::from_vec(all, shape, ops_cpu::cpu()).requires_grad_(true)
}

fn fixed<T: Element>(values: &[T]) -> Tensor {
    Tensor::from_vec(values.to_vec(), [values.len()], ops_cpu::cpu())
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str, between: char) -> Vec<T> {
    text.split(between).filter(|part| !part.is_empty()).map(|part| part.trim().parse().expect("a number")).collect()
}

/// What stands in the first brackets after `name`.
fn listed(expression: &str, name: &str) -> Vec<f64> {
    let (_, rest) = expression.split_once(name).expect("the name");
    parsed(rest[rest.find('[').expect("a list") + 1..].split_once(']').expect("its end").0, ',')
}

fn reduction(expression: &str) -> Reduction {
    let asked = |name: &str| expression.contains(&format!("reduction='{name}'"));
    if asked("none") {
        Reduction::None
    } else if asked("sum") {
        Reduction::Sum
    } else {
        Reduction::Mean
    }
}

fn fold(
    x: &Tensor,
    size: [i64; 2],
    kernel: [i64; 2],
    dilation: [i64; 2],
    padding: [i64; 2],
    stride: [i64; 2],
) -> Tensor {
    x.fold(size, kernel, FoldOptions { dilation: dilation.into(), padding: padding.into(), stride: stride.into() })
}

/// A cross entropy of two classes, or its slope.
fn entropy(expression: &str, x: &Tensor) -> Tensor {
    // The values, with the gradient for x.
    let at = x - x.detach() + fixed(&listed(expression, "at(x, "));
    let other = fixed(&listed(expression, "fixed("));
    let loss = |x: &Tensor, target: &Tensor, reduction| match expression.contains("_with_logits") {
        true => x.binary_cross_entropy_with_logits(target, BceWithLogits { reduction, ..BceWithLogits::default() }),
        false => x.binary_cross_entropy(target, None, reduction),
    };
    if expression.starts_with("slope") {
        let options = autograd::GradOptions { create_graph: true, ..autograd::GradOptions::default() };
        let sum = loss(&at, &other, Reduction::Sum);
        return autograd::grad_with(&[&sum], &[&at], options).unwrap().remove(0).unwrap();
    }
    let first = expression.find("at(x").unwrap() < expression.find("fixed(").unwrap();
    if first { loss(&at, &other, Reduction::None) } else { loss(&other, &at, Reduction::None) }
}

fn ctc(expression: &str, x: &Tensor) -> Tensor {
    let rows = expression.contains("[[1, 2], [2, 2]]");
    let targets = if rows { fixed(&[1i64, 2, 2, 2]).reshape([2, 2]) } else { fixed(&[1i64, 2, 2]) };
    let impossible = expression.contains("[4, 2], [2, 2]");
    let (inputs, lengths) = if impossible { ([4i64, 2], [2i64, 2]) } else { ([4, 3], [2, 1]) };
    let options = CtcLoss {
        blank: 0,
        reduction: reduction(expression),
        zero_infinity: expression.contains("zero_infinity=True"),
    };
    let x = if expression.contains("x.detach()") { &x.detach() } else { x };
    x.log_softmax(2).ctc_loss(&targets, &fixed(&inputs), &fixed(&lengths), options)
}

fn sampled(expression: &str, x: &[Tensor]) -> Tensor {
    let mode =
        [("'bilinear'", SampleMode::Bilinear), ("'nearest'", SampleMode::Nearest), ("'bicubic'", SampleMode::Bicubic)];
    let padding = [
        ("'zeros'", SamplePadding::Zeros),
        ("'border'", SamplePadding::Border),
        ("'reflection'", SamplePadding::Reflection),
    ];
    let options = GridSample {
        mode: mode.iter().find(|(name, _)| expression.contains(name)).expect("a mode").1,
        padding_mode: padding.iter().find(|(name, _)| expression.contains(name)).expect("a padding").1,
        align_corners: expression.ends_with("True)"),
    };
    x[0].grid_sample(&(&x[1] * 1.7), options)
}

fn triplet(x: &[Tensor], options: TripletMarginWithDistance) -> Tensor {
    let manhattan = |a: &Tensor, b: &Tensor| (a - b).abs().sum_dim(-1, false);
    x[0].triplet_margin_with_distance_loss(&x[1], &x[2], manhattan, options)
}

fn call(expression: &str, t: &[Tensor]) -> Tensor {
    let x = &t[0];
    match expression {
        "fold(x, (4, 4), (2, 2))" => fold(x, [4, 4], [2, 2], [1, 1], [0, 0], [1, 1]),
        "fold(x, (5, 4), (2, 3), dilation=(2, 1), padding=(1, 0), stride=(2, 1))" => {
            fold(x, [5, 4], [2, 3], [2, 1], [1, 0], [2, 1])
        }
        "fold(x, (3, 3), (2, 2), stride=2, padding=1)" => fold(x, [3, 3], [2, 2], [1, 1], [1, 1], [2, 2]),
        "lp_pool1d(x, 2.0, 3)" => x.lp_pool1d(2.0, 3, None, false),
        "lp_pool1d(x, 3.0, 2, stride=2, ceil_mode=True)" => x.lp_pool1d(3.0, 2, Some(2), true),
        "lp_pool2d(x, 2.0, (2, 3))" => x.lp_pool2d(2.0, [2, 3], None, false),
        "lp_pool2d(x, 4.0, 2, stride=(1, 2), ceil_mode=True)" => x.lp_pool2d(4.0, 2, Some([1, 2].into()), true),
        "lp_pool3d(x, 2.0, (2, 1, 2))" => x.lp_pool3d(2.0, [2, 1, 2], None, false),
        "lp_pool3d(x, 3.0, 2, stride=1, ceil_mode=True)" => x.lp_pool3d(3.0, 2, Some(1.into()), true),
        "vander(x.detach())" => x.detach().vander(None, false),
        "vander(x.detach(), N=3, increasing=True)" => x.detach().vander(Some(3), true),
        "cumsum_(x, 1)" => x.clone_().cumsum_(1),
        "cumprod_(x, 0)" => x.clone_().cumprod_(0),
        "kron(x, y)" => x.kron(&t[1]),
        "slice_scatter(x, y, 1, 1, 4, 2)" => x.slice_scatter(&t[1], 1, 1, 4, 2),
        "triplet_margin_with_distance_loss(x, y, z, manhattan)" => triplet(t, TripletMarginWithDistance::default()),
        "triplet_margin_with_distance_loss(x, y, z, manhattan, margin=0.5, swap=True, reduction='none')" => {
            triplet(t, TripletMarginWithDistance { margin: 0.5, swap: true, reduction: Reduction::None })
        }
        _ if expression.contains("binary_cross_entropy") => entropy(expression, x),
        _ if expression.starts_with("ctc_loss") => ctc(expression, x),
        _ if expression.starts_with("grid_sample") => sampled(expression, t),
        _ => panic!("{expression}: not here"),
    }
}

#[track_caller]
fn assert_near(found: &Tensor, values: &str, what: &str) {
    let (found, values) = (found.to_vec::<f64>(), parsed::<f64>(values, ' '));
    let near = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-11 * (1.0 + b.abs());
    let same = found.len() == values.len() && found.iter().zip(&values).all(near);
    assert!(same, "{what}: {found:?}, PyTorch {values:?}");
}

#[test]
fn results_and_gradients() {
    for line in EXAMPLES.lines() {
        let [expression, shapes, result, gradients] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let inputs: Vec<Tensor> =
            shapes.split(' ').enumerate().map(|(k, shape)| numbers(&parsed::<usize>(shape, ','), k)).collect();
        let y = call(expression, &inputs);
        assert_near(&y.detach(), result, expression);
        if !y.is_tracked() {
            continue;
        }
        let found = autograd::grad(&[&(&y * (&y + 1.0)).sum()], &inputs.iter().collect::<Vec<_>>());
        for (k, (found, gradient)) in found.iter().zip(gradients.split(';')).enumerate() {
            assert_near(found, gradient, &format!("gradient {k} of {expression}"));
        }
    }
}
