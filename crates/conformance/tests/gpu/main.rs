//! What a GPU computes, beside the CPU: the same operations on the same operands. A machine without any adapter says so and
//! skips, unless `SCONCE_REQUIRE_GPU` is set.

mod conv;
mod double;
mod failures;
mod images;
mod index;
mod large;
mod layouts;
mod moving;
mod narrow;
mod networks;
mod opdb;
mod products;
mod random;
mod training;
mod update;
mod windows;

use ops_wgpu::Gpu;
use sconce::{DType, Device, Gradient, Tensor};
use std::sync::OnceLock;

/// The best GPU, or an adapter that computes on the processor: for tests that will do.
fn own_gpu() -> Option<&'static Gpu> {
    static GPU: OnceLock<Option<&'static Gpu>> = OnceLock::new();
    *GPU.get_or_init(|| match ops_wgpu::gpu(0).or_else(|_| ops_wgpu::open(0)) {
        Ok(gpu) => Some(gpu),
        Err(error) => {
            assert!(
                std::env::var_os("SCONCE_REQUIRE_GPU").is_none_or(|value| value.is_empty()),
                "a GPU is required, but {error}"
            );
            eprintln!("skipped: no adapter ({error})");
            None
        }
    })
}

thread_local! {
    /// A device that stands for the GPU in this thread.
    static INSTEAD: std::cell::Cell<Option<&'static Gpu>> = const { std::cell::Cell::new(None) };
}

/// Runs `tests` on a device of its own whose kernels are cut as for hardware, also where the processor plays it.
fn cut_as_hardware(tests: impl FnOnce()) {
    if own_gpu().is_none() {
        return;
    }
    let gpu = ops_wgpu::open(0).expect("an adapter that was opened before");
    gpu.cut_as_hardware();
    INSTEAD.set(Some(gpu));
    tests();
    INSTEAD.set(None);
}

/// The same as a device; `None`, said once, where there is none.
fn gpu() -> Option<&'static dyn Device> {
    Some(INSTEAD.get().or_else(own_gpu)?)
}

/// Panics unless `f` gives the same on the GPU as on the CPU, and the same gradients of `inputs` that are floats. Tolerances are
/// multiplied by `factor`.
fn both(name: &str, inputs: &[Tensor], factor: f64, f: impl Fn(&[Tensor]) -> Vec<Tensor>) {
    let Some(gpu) = gpu() else { return };
    let on = |device: &'static dyn Device| -> (Vec<Tensor>, Vec<Option<Tensor>>) {
        let leaf = |x: &Tensor| {
            let x = x.detach().try_to_device(device).unwrap();
            if x.dtype().is_floating_point() { x.requires_grad_(true) } else { x }
        };
        let inputs: Vec<Tensor> = inputs.iter().map(leaf).collect();
        let outputs = f(&inputs);
        let tracked: Vec<&Tensor> = outputs.iter().filter(|y| y.is_tracked()).collect();
        let leaves: Vec<&Tensor> = inputs.iter().filter(|x| x.is_tracked()).collect();
        if tracked.is_empty() {
            return (outputs, vec![]);
        }
        let weights: Vec<Tensor> = tracked
            .iter()
            .map(|y| conformance::rule::vector(y.dtype(), "u-1~1", 7, y.numel(), device).reshape(y.shape()))
            .collect();
        let options = sconce::autograd::GradOptions { grad_outputs: Some(&weights), ..Default::default() };
        let gradients =
            sconce::autograd::grad_with(&tracked, &leaves, options).unwrap_or_else(|error| panic!("{name}: {error}"));
        (outputs, gradients)
    };
    let ((ours, our_gradients), (theirs, their_gradients)) = (on(gpu), on(sconce::cpu()));
    assert_eq!(ours.len(), theirs.len());
    for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        compare(ours, theirs, factor).unwrap_or_else(|text| panic!("{name}, result {i}: {text}"));
    }
    for (i, (ours, theirs)) in our_gradients.iter().zip(&their_gradients).enumerate() {
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                compare(ours, theirs, factor).unwrap_or_else(|text| panic!("{name}, gradient {i}: {text}"));
            }
            (None, None) => {}
            _ => panic!("{name}, gradient {i}: there is one on one side alone"),
        }
    }
}

/// Whether an error is a refusal that this adapter may give: of decompositions, and of 64 bits that it has not.
fn may_refuse(gpu: &Gpu, text: &str) -> bool {
    let has = gpu.info();
    let lacks = |dtype: &str, has: bool| !has && text.contains(dtype);
    text.contains("is not supported on gpu:")
        && (text.contains("linalg.") || lacks("float64", has.float64) || lacks("int64", has.int64))
}

/// Numbers between −1 and 1 of that shape.
fn numbers(shape: &[usize], seed: u32) -> Tensor {
    let count = shape.iter().product();
    conformance::rule::vector(DType::F32, "u-1~1", seed, count, sconce::cpu()).reshape(shape)
}

/// Whether the adapter computes in `dtype`.
fn computes(gpu: &'static dyn Device, dtype: DType) -> bool {
    let x = Tensor::from_vec(vec![1i64, 0], [2], sconce::cpu()).to_dtype(dtype).try_to_device(gpu).unwrap();
    x.try_logical_not().is_ok()
}

/// How far apart results of `dtype` may lie, relative and absolute. The GPU's functions of single precision are polynomials of
/// their own, and its sums have another order.
fn tolerance(dtype: DType) -> (f64, f64) {
    match dtype {
        DType::F16 => (2e-3, 1e-4),
        DType::BF16 => (1.6e-2, 1e-4),
        DType::F32 => (1e-5, 2e-6),
        DType::F64 => (1e-12, 1e-12),
        _ => (0.0, 0.0),
    }
}

/// An error that says where, if `ours` (on the GPU) and `theirs` differ in shape, dtype or values.
fn compare(ours: &Tensor, theirs: &Tensor, factor: f64) -> Result<(), String> {
    if ours.shape() != theirs.shape() || ours.dtype() != theirs.dtype() {
        return Err(format!("{:?} {} against {:?} {}", ours.shape(), ours.dtype(), theirs.shape(), theirs.dtype()));
    }
    let (relative, absolute) = tolerance(theirs.dtype());
    let numbers =
        |x: &Tensor| x.detach().try_to_device(sconce::cpu()).map(|x| x.to_dtype(DType::F64).flatten().to_vec::<f64>());
    let (a, b) =
        (numbers(ours).map_err(|error| error.to_string())?, numbers(theirs).map_err(|error| error.to_string())?);
    for (i, (a, b)) in a.iter().zip(&b).enumerate() {
        let close = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= factor * (absolute + relative * b.abs());
        if !close {
            return Err(format!("element {i}: {a} on the GPU, {b} on the CPU"));
        }
    }
    Ok(())
}
