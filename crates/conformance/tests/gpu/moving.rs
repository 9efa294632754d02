//! Tensors to the GPU and back: every dtype, views, writes through views, filling, printing.

use super::gpu;
use sconce::autograd::{GradOptions, Gradient, grad_with};
use sconce::{DType, Place, Tensor};

fn bytes(x: &Tensor) -> Vec<f64> {
    x.try_to_device(sconce::cpu()).unwrap().to_dtype(DType::F64).flatten().to_vec::<f64>()
}

#[test]
fn every_dtype_comes_back_as_it_went() {
    let Some(gpu) = gpu() else { return };
    for dtype in DType::ALL {
        for n in [0usize, 1, 3, 5, 1000] {
            let x = sconce::arange(n as i64).remainder(7).to_dtype(dtype);
            let there = x.try_to_device(gpu).unwrap();
            assert_eq!(there.device().name(), "gpu:0");
            assert_eq!(bytes(&there), bytes(&x), "{dtype} {n}");
        }
    }
}

#[test]
fn gradients_flow_between_devices() {
    let Some(gpu) = gpu() else { return };
    let run = |device| {
        let (x, w) = (sconce::arange(6).float().requires_grad_(true), sconce::full([6], 0.5).requires_grad_(true));
        let there = x.try_to_device(device).unwrap();
        // Half of the computation there, half of it at home; the weight is needed in both.
        let y = (&there * &w.try_to_device(device).unwrap()).sin();
        let loss = (&y.cpu() * &w).sum();
        loss.backward();
        (there.clone(), [x, w].map(|leaf| leaf.grad().expect("a leaf")))
    };
    let ((there, moved), (_, stayed)) = (run(gpu), run(sconce::cpu()));
    for (moved, stayed) in moved.iter().zip(&stayed) {
        assert_eq!(moved.device().name(), "cpu");
        let apart = (moved - stayed).abs().max().item::<f32>();
        assert!(apart < 1e-6, "{moved} beside {stayed}");
    }
    assert!(there.to_string().ends_with("device='gpu:0', grad_fn=<ToCopyBackward0>)"), "{there}");
    // Into a part of a tensor on another device, and twice.
    let x = sconce::ones([3]).requires_grad_(true);
    let target = sconce::zeros([2, 3]).try_to_device(gpu).unwrap();
    target.select(0, 1).copy_(&x);
    let options = GradOptions { create_graph: true, ..GradOptions::default() };
    let first = grad_with(&[&(&target * &target).sum()], &[&x], options).unwrap();
    first[0].as_ref().unwrap().sum().backward();
    assert_eq!(x.grad().unwrap().to_vec::<f32>(), [2.0; 3]);
}

#[test]
fn views_are_copied_and_written_through() {
    let Some(gpu) = gpu() else { return };
    for dtype in DType::ALL.into_iter().filter(|dtype| super::computes(gpu, *dtype)) {
        let run = |device| {
            let x = sconce::arange(60).remainder(5).to_dtype(dtype).try_to_device(device).unwrap().reshape([5, 4, 3]);
            let view = x.transpose(0, 2).narrow(1, 1, 3).select(0, 1);
            view.fill_(1);
            x.narrow(0, 1, 2).copy_(&x.narrow(0, 3, 2));
            [bytes(&x), bytes(&view), bytes(&view.contiguous()), bytes(&x.permute([1, 2, 0]).clone_())]
        };
        assert_eq!(run(gpu), run(sconce::cpu()), "{dtype}");
    }
}

#[test]
fn casts_are_the_cpus_bit_for_bit() {
    let Some(gpu) = gpu() else { return };
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        100.7,
        65519.0,
        65520.0,
        1e-8,
        6e-8,
        3.0e-5,
        2f32.powi(-24),
        (1.0 + 2f32.powi(-10)) * 2f32.powi(-15),
        f32::INFINITY,
        f32::NAN,
    ];
    let mut numbers: Vec<f32> = special.to_vec();
    numbers.extend((0..2000).map(|i| ((i * 7919 % 4001) as f32 - 2000.0) * 0.0173 * 10f32.powi(i % 9 - 6)));
    let x = Tensor::from_vec(numbers, [2014], sconce::cpu());
    for dtype in [DType::F16, DType::BF16, DType::F32] {
        let (ours, theirs) = (x.try_to_device(gpu).unwrap().to_dtype(dtype), x.to_dtype(dtype));
        let bits = |x: &Tensor| x.to_dtype(DType::F32).to_vec::<f32>().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        let back = ours.try_to_device(sconce::cpu()).unwrap();
        assert_eq!(bits(&back), bits(&theirs), "{dtype}");
        let again = ours.to_dtype(DType::F32).try_to_device(sconce::cpu()).unwrap();
        assert_eq!(bits(&again), bits(&theirs), "{dtype} read back");
    }
    for from in DType::ALL.into_iter().filter(|dtype| super::computes(gpu, *dtype)) {
        for to in DType::ALL.into_iter().filter(|dtype| super::computes(gpu, *dtype)) {
            let x = Tensor::from_vec((0..50).map(|i| f64::from(i) * 0.7).collect::<Vec<_>>(), [50], sconce::cpu())
                .to_dtype(from);
            let ours = x.try_to_device(gpu).unwrap().to_dtype(to);
            assert_eq!(bytes(&ours), bytes(&x.to_dtype(to)), "{from} to {to}");
        }
    }
}

#[test]
fn a_tensor_says_where_it_is() {
    let Some(gpu) = gpu() else { return };
    let x = Tensor::from_vec(vec![1.0f32, 2.5], [2], sconce::cpu()).try_to_device(gpu).unwrap();
    assert_eq!(x.to_string(), "tensor([1.0000, 2.5000], device='gpu:0')");
    assert_eq!((&x + 1).select(0, 1).item::<f32>(), 3.5);
}
