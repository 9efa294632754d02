//! Functions of double precision beside the CPU's, over the ranges where they have different formulas, and remainders, which are
//! exact in either precision.

use super::{compare, computes, gpu};
use sconce::{DType, Tensor};
use tensor_core::op::activation::Approximate;

/// Whether the driver keeps subnormal numbers: some take them for zero.
fn keeps_subnormals() -> bool {
    let Some(gpu) = gpu() else { return true };
    let tiny = Tensor::from_vec(vec![1e-310f64], [1], sconce::cpu()).try_to_device(gpu).unwrap();
    (tiny * 1e100).try_to_device(sconce::cpu()).unwrap().item::<f64>() > 0.0
}

/// Numbers of the given range, evenly spread, and what functions treat apart.
fn spread(low: f64, high: f64, special: bool) -> Tensor {
    let mut list: Vec<f64> = (0..2000).map(|i| low + (high - low) * (f64::from(i) + 0.37) / 2000.0).collect();
    if special {
        list.extend([0.0, -0.0, 1.0, -1.0, 2.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]);
        // Remainders of the smallest normal numbers are subnormal, too.
        let tiny = [1e-310, -3e-320, f64::MIN_POSITIVE, 1e-300];
        list.extend(if keeps_subnormals() { tiny } else { [1e-280, -3e-280, 7e-280, 9e-280] });
        list.extend([1e300, -1e300, 1e-20, -1e-20, 0.5, -0.5, f64::MAX]);
    }
    let count = list.len();
    Tensor::from_vec(list, [count], sconce::cpu())
}

type Function = fn(&Tensor) -> Tensor;

/// Names, functions, ranges, and by what tolerances are multiplied.
macro_rules! list {
    ($($name:ident $low:literal $high:literal $factor:literal;)*) => {
        &[$((stringify!($name), |x| x.$name(), $low, $high, $factor)),*]
    };
}

#[test]
fn functions_of_one_number() {
    let Some(gpu) = gpu() else { return };
    if !computes(gpu, DType::F64) {
        return;
    }
    let list: &[(&str, Function, f64, f64, f64)] = list! {
        sin -40.0 40.0 1.0; cos -40.0 40.0 1.0; tan -40.0 40.0 1.0;
        asin -1.0 1.0 1.0; acos -1.0 1.0 1.0; atan -8.0 8.0 1.0;
        sinh -30.0 30.0 1.0; cosh -30.0 30.0 1.0; tanh -3.0 3.0 1.0;
        asinh -9.0 9.0 1.0; acosh 1.0 9.0 1.0; atanh -1.0 1.0 1.0;
        exp -740.0 709.0 1.0; exp2 -1070.0 1024.0 1.0; expm1 -2.0 2.0 1.0;
        log 0.0 9.0 1.0; log2 0.0 9.0 1.0; log10 0.0 9.0 1.0; log1p -0.99 2.0 1.0;
        erf -7.0 7.0 1.0; erfc -7.0 27.0 1.0; erfinv -1.0 1.0 1.0;
        lgamma -20.0 40.0 100.0; digamma 0.0 40.0 100.0;
        sigmoid -40.0 40.0 1.0; silu -40.0 40.0 1.0; sinc -9.0 9.0 1.0;
        logsigmoid -40.0 40.0 1.0; mish -40.0 40.0 1.0; selu -9.0 9.0 1.0; hardswish -4.0 4.0 1.0;
        softsign -9.0 9.0 1.0; tanhshrink -9.0 9.0 1.0; rsqrt 0.0 9.0 1.0; round -9.0 9.0 1.0;
        isnan -1.0 1.0 1.0; isinf -1.0 1.0 1.0; isfinite -1.0 1.0 1.0; signbit -1.0 1.0 1.0;
    };
    let mut failures = vec![];
    for (name, f, low, high, factor) in list {
        // Angles beyond what the reduction covers are no part of the comparison.
        let is_angle = ["sin", "cos", "tan", "sinc"].contains(name);
        let x = spread(*low, *high, !is_angle);
        let on_gpu = f(&x.try_to_device(gpu).unwrap());
        failures.extend(compare(&on_gpu, &f(&x), *factor).err().map(|why| format!("{name}: {why}")));
    }
    assert!(failures.is_empty(), "{failures:#?}");
    // As many terms as PyTorch's, on both sides.
    let x = spread(-9.0, 40.0, false);
    compare(&x.try_to_device(gpu).unwrap().polygamma(1), &x.polygamma(1), 100.0).expect("trigamma");
    let x = spread(-1e8, 1e8, false);
    compare(&x.try_to_device(gpu).unwrap().sin(), &x.sin(), 1.0).expect("large angles");
    let x = spread(-9.0, 9.0, true);
    let there = x.try_to_device(gpu).unwrap();
    compare(&there.nan_to_num(1.5, None, None), &x.nan_to_num(1.5, None, None), 1.0).expect("nan_to_num");
    for (a, b) in [(there.softplus(2.0, 20.0), x.softplus(2.0, 20.0)), (there.elu(1.5), x.elu(1.5))] {
        compare(&a, &b, 1.0).expect("softplus or elu");
    }
    let kinds = [Approximate::Tanh, Approximate::None];
    for kind in kinds {
        compare(&there.narrow(0, 0, 2000).gelu(kind), &x.narrow(0, 0, 2000).gelu(kind), 1.0).expect("gelu");
    }
}

#[test]
fn functions_of_two_numbers() {
    let Some(gpu) = gpu() else { return };
    if !computes(gpu, DType::F64) {
        return;
    }
    type Pair = fn(&Tensor, &Tensor) -> Tensor;
    let list: &[(&str, Pair, f64)] = &[
        ("atan2", |a, b| a.atan2(b), 1.0),
        ("hypot", |a, b| a.hypot(b), 1.0),
        ("pow", |a, b| a.pow(b), 1.0),
        ("logaddexp", |a, b| a.logaddexp(b), 1.0),
        ("logaddexp2", |a, b| a.logaddexp2(b), 1.0),
        ("xlogy", |a, b| a.xlogy(b), 1.0),
        ("fmod", |a, b| a.fmod(b), 0.0),
        ("remainder", |a, b| a.remainder(b), 0.0),
        ("floor_divide", |a, b| a.floor_divide(b), 0.0),
        ("copysign", |a, b| a.copysign(b), 0.0),
        ("nextafter", |a, b| a.nextafter(b), 0.0),
        ("fmax", |a, b| a.fmax(b), 0.0),
        ("heaviside", |a, b| a.heaviside(b), 0.0),
    ];
    let (x, y) = (spread(-50.0, 300.0, true).unsqueeze(1), spread(-3.0, 70.0, true));
    // Every ninth, and all that is special.
    let some: Vec<i64> = (0..2000).step_by(9).chain(2000..2019).collect();
    let some = Tensor::from_vec(some.clone(), [some.len()], sconce::cpu());
    let (x, y) = (x.index_select(0, &some), y.index_select(0, &some));
    let (there, their) = (x.try_to_device(gpu).unwrap(), y.try_to_device(gpu).unwrap());
    let mut failures = vec![];
    for (name, f, factor) in list {
        failures.extend(compare(&f(&there, &their), &f(&x, &y), *factor).err().map(|why| format!("{name}: {why}")));
    }
    assert!(failures.is_empty(), "{failures:#?}");
    let (x, y) = (spread(1.01, 60.0, false).unsqueeze(1).narrow(0, 0, 200), spread(0.1, 30.0, false).narrow(0, 0, 300));
    let on_gpu = x.try_to_device(gpu).unwrap().special_zeta(&y.try_to_device(gpu).unwrap());
    compare(&on_gpu, &x.special_zeta(&y), 100.0).expect("zeta");
}

#[test]
fn remainders_of_single_precision_are_exact() {
    let Some(gpu) = gpu() else { return };
    let list = |scale: f32| -> Tensor {
        let list: Vec<f32> = (0..300u32).map(|i| ((i as f32 * 0.731).sin() * 60.0).exp2() * scale).collect();
        Tensor::from_vec(list, [300], sconce::cpu())
    };
    let (x, y) = (list(-3.0).unsqueeze(1), list(1.7));
    let (there, their) = (x.try_to_device(gpu).unwrap(), y.try_to_device(gpu).unwrap());
    compare(&there.fmod(&their), &x.fmod(&y), 0.0).expect("fmod");
    compare(&there.remainder(&their), &x.remainder(&y), 0.0).expect("remainder");
}
