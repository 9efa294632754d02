//! Running backward: accumulation, texts of misuse, what is kept and for how long, derivatives of derivatives.

mod making;

use autograd::{
    Backward, GradOptions, Gradient, enable_grad, grad, grad_with, is_grad_enabled, no_grad, set_grad_enabled,
};
use making::*;
use tensor_core::{DType, Tensor};

const TWICE: &str = "Trying to backward through the graph a second time (or directly access saved tensors after they have already \
                     been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). \
                     Specify retain_graph=True if you need to backward through the graph a second time or if you need to access \
                     saved tensors after calling backward.";

#[test]
fn gradients_accumulate_until_they_are_forgotten() {
    let x = leaf();
    x.exp().sum().backward();
    let once: Vec<f64> = [1.0f64, 2.0, 3.0].map(f64::exp).to_vec();
    assert_grad(&x, &once);
    let seen = x.grad().unwrap();
    (&x * &x).sum().backward();
    assert_grad(&x, &[once[0] + 2.0, once[1] + 4.0, once[2] + 6.0]);
    // The gradient grows in place, as in PyTorch: who holds it sees it.
    assert!(seen.is_same(&x.grad().unwrap()));
    x.zero_grad();
    assert!(x.grad().is_none());
    x.sum().backward();
    assert_grad(&x, &[1.0; 3]);
}

#[test]
fn a_value_used_many_times_sums_what_comes_back() {
    let x = leaf();
    let y = &x * 2.0;
    // More uses than the engine's short list holds.
    let total = (0..200).fold(zeros(&[3]), |sum, i| sum + &y * (i as f32) + y.sin());
    total.sum().backward();
    let expected = [1.0f64, 2.0, 3.0].map(|v| 2.0 * (199.0 * 100.0 + 200.0 * (2.0 * v).cos()));
    let found = x.grad().unwrap().to_vec::<f32>();
    assert!(found.iter().zip(expected).all(|(a, b)| (f64::from(*a) / b - 1.0).abs() < 1e-5), "{found:?} {expected:?}");
}

#[test]
fn misuse_says_what_pytorch_says() {
    let x = leaf();
    assert_eq!(backward_error(&(&x * 2.0)), "grad can be implicitly created only for scalar outputs");
    let none = "element 0 of tensors does not require grad and does not have a grad_fn";
    assert_eq!(backward_error(&vector(&[1.0])), none);
    assert_eq!(backward_error(&no_grad(|| x.sum())), none);
    let seed = vector(&[1.0, 1.0]);
    let wrong = |y: Tensor| {
        y.try_backward_with(Backward { gradient: Some(&seed), ..Backward::default() }).unwrap_err().text().to_string()
    };
    assert_eq!(
        wrong(&x * 2.0),
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([3])."
    );
    assert_eq!(
        wrong(x.sum()),
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([])."
    );
    assert!(x.grad().is_none());
}

#[test]
fn a_second_pass_needs_the_graph_retained() {
    let x = leaf();
    let y = x.exp().sum();
    y.backward();
    assert_eq!(backward_error(&y), TWICE);

    let y = (&x * &x).sum();
    x.zero_grad();
    for _ in 0..3 {
        y.backward_with(Backward { retain_graph: true, ..Backward::default() });
    }
    y.backward();
    assert_grad(&x, &[8.0, 16.0, 24.0]);
    assert_eq!(backward_error(&y), TWICE);

    let y = (&x * 2.0).sum();
    y.backward();
    assert_eq!(backward_error(&y), TWICE);

    // What keeps nothing can run again, as in PyTorch.
    let y = x.sum();
    x.zero_grad();
    y.backward();
    y.backward();
    assert_grad(&x, &[2.0; 3]);
}

#[test]
fn grad_leaves_tensors_alone() {
    let (x, w) = (leaf(), leaf());
    let y = (&x * &x * &w).sum();
    let found = grad(&[&y], &[&w, &x]);
    assert_close(&found[0], &[1.0, 4.0, 9.0]);
    assert_close(&found[1], &[2.0, 8.0, 18.0]);
    assert!(x.grad().is_none() && w.grad().is_none());

    let unused = "The differentiated Tensor at index 1 appears to not have been used in the graph. Set allow_unused=True if this is \
                  the desired behavior.";
    assert_eq!(panic_text(|| grad(&[&(&x * 2.0).sum()], &[&x, &w])), unused);
    let found = grad_with(&[&(&x * 2.0).sum()], &[&x, &w], GradOptions::default()).unwrap();
    assert!(found[0].is_some() && found[1].is_none());
    let error = grad_with(&[&x.sum()], &[&zeros(&[1])], GradOptions::default()).unwrap_err();
    assert_eq!(error.text(), "One of the differentiated Tensors does not require grad");
    let error = grad_with(&[&x.sum(), &zeros(&[1])], &[&x], GradOptions::default()).unwrap_err();
    assert_eq!(error.text(), "element 1 of tensors does not require grad and does not have a grad_fn");
    let seeds = [vector(&[1.0])];
    let options = GradOptions { grad_outputs: Some(&seeds), ..GradOptions::default() };
    let error = grad_with(&[&x.sum(), &w.sum()], &[&x], options).unwrap_err();
    assert_eq!(error.text(), "got 2 tensors and 1 gradients");
}

#[test]
fn grad_stops_where_it_was_asked_to() {
    let x = leaf();
    let y = x.exp();
    let z = (&y * &y).sum();
    let by_y = grad(&[&z], &[&y]).remove(0);
    // The exponential was not entered, so what it keeps is still there.
    let options = GradOptions { grad_outputs: Some(std::slice::from_ref(&by_y)), ..GradOptions::default() };
    let by_x = grad_with(&[&y], &[&x], options).unwrap().remove(0).unwrap();
    assert_close(&by_x, &[1.0f64, 2.0, 3.0].map(|v| 2.0 * (2.0 * v).exp()));
}

#[test]
fn several_outputs_and_intermediate_inputs() {
    let x = leaf();
    let y = &x * &x;
    let (a, b) = (y.sum(), (&y * 3.0).sum());
    let options = GradOptions { retain_graph: true, ..GradOptions::default() };
    let found = grad_with(&[&a, &b], &[&y, &x, &a], options).unwrap();
    assert_close(found[0].as_ref().unwrap(), &[4.0; 3]);
    assert_close(found[1].as_ref().unwrap(), &[8.0, 16.0, 24.0]);
    assert_close(found[2].as_ref().unwrap(), &[1.0]);
}

#[test]
fn derivatives_up_to_the_third_order() {
    let options = GradOptions { create_graph: true, ..GradOptions::default() };
    let next = |y: &Tensor, x: &Tensor| grad_with(&[y], &[x], options).unwrap().remove(0).unwrap();
    let x = double(2.0);
    let first = next(&x.pow(4), &x);
    let second = next(&first, &x);
    let third = next(&second, &x);
    assert_eq!([&first, &second, &third].map(|y| y.detach().item::<f64>()), [32.0, 48.0, 48.0]);

    // From PyTorch, in float32.
    let x = double(0.7);
    let first = next(&(x.sin() * x.exp()).tanh(), &x);
    let second = next(&first, &x);
    let third = next(&second, &x);
    assert_close(&first, &[0.733878]);
    assert_close(&second, &[-2.7892563]);
    assert_close(&third, &[2.9125303]);
}

#[test]
fn a_backward_pass_that_is_recorded_can_be_run_backward() {
    let x = leaf();
    let create = Backward { create_graph: true, ..Backward::default() };
    (&x * &x * &x).sum().backward_with(create);
    let first = x.grad().unwrap();
    assert!(first.requires_grad());
    x.zero_grad();
    first.sum().backward();
    assert_grad(&x, &[6.0, 12.0, 18.0]);
}

#[test]
fn recording_can_be_turned_off_and_on() {
    let x = leaf();
    no_grad(|| {
        assert!(!is_grad_enabled() && !(&x * 2.0).requires_grad());
        let y = enable_grad(|| &x * 2.0);
        assert!(y.requires_grad());
        let guard = set_grad_enabled(true);
        assert!((&x * 2.0).requires_grad());
        drop(guard);
        assert!(!is_grad_enabled());
    });
    assert!(is_grad_enabled());
    let _ = std::panic::catch_unwind(|| no_grad(|| panic!("on purpose")));
    assert!(is_grad_enabled(), "a panic must not leave recording off");
}

#[test]
fn leaves_and_flags() {
    let x = leaf();
    let y = &x * 2.0;
    assert!(x.is_leaf() && !y.is_leaf() && zeros(&[1]).is_leaf());
    assert!(x.grad_fn().is_none());
    assert_eq!(y.grad_fn().unwrap().to_string(), "<MulBackward0>");
    assert_eq!(y.grad_fn().unwrap().next_functions()[0].as_ref().unwrap().name(), "AccumulateGrad");
    let detached = y.detach();
    assert!(!detached.requires_grad() && detached.data_ptr() == y.data_ptr());
    detached.fill_(7.0);
    assert_close(&y, &[7.0; 3]);

    let whole = Tensor::from_vec(vec![1i64], [1], ops_cpu::cpu());
    let text = |result: tensor_core::Result<Tensor>| result.unwrap_err().text().to_string();
    assert_eq!(text(whole.try_requires_grad_(true)), "only Tensors of floating point dtype can require gradients");
    assert_eq!(
        text(y.try_requires_grad_(false)),
        "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that \
         doesn't require differentiation use var_no_grad = var.detach()."
    );
    y.requires_grad_(true);
    x.requires_grad_(false);
    assert!(!x.requires_grad() && !(&x * 2.0).requires_grad());
    // Clones are the same tensor.
    x.clone().requires_grad_(true);
    assert!(x.requires_grad());
    // Whole numbers made of a watched tensor are not watched.
    assert!(!x.to_dtype(DType::I64).requires_grad() && !x.gt(1.0).requires_grad() && !x.argmax().requires_grad());
}

#[test]
fn gradients_are_the_tensors_own() {
    let x = leaf();
    let seed = vector(&[1.0, 1.0, 1.0]);
    (&x + 0.0).backward_from(&seed);
    assert_ne!(x.grad().unwrap().data_ptr(), seed.data_ptr());
    seed.fill_(9.0);
    assert_grad(&x, &[1.0; 3]);
    let create = Backward { gradient: Some(&seed), create_graph: true, ..Backward::default() };
    let z = leaf();
    z.reshape(3).backward_with(create);
    assert_ne!(z.grad().unwrap().data_ptr(), seed.data_ptr());
    // Two leaves that receive the same gradient do not share it.
    let (a, b) = (leaf(), leaf());
    (&a + &b).sum().backward();
    assert_ne!(a.grad().unwrap().data_ptr(), b.grad().unwrap().data_ptr());
}

#[test]
fn gradients_lie_in_memory_as_their_leaves_do() {
    let x = Tensor::try_full_on([4, 3], 1.0, DType::F32, ops_cpu::cpu()).unwrap();
    let w = counting(&[2, 3]).requires_grad_(true);
    x.matmul(&w.t()).sum().backward();
    assert_eq!(w.grad().unwrap().stride()[..], [3, 1]);
    assert_grad(&w, &[4.0; 6]);
    let w = counting(&[2, 3]).t().requires_grad_(true);
    x.slice(1, 0, 2, 1).matmul(&w.t()).sum().backward();
    assert_eq!((&w.stride()[..], &w.grad().unwrap().stride()[..]), (&[1, 3][..], &[1, 3][..]));
    // A leaf whose elements share memory gets a gradient with a place for each.
    let w = vector(&[1.0]).expand([3]).requires_grad_(true);
    (&w * &vector(&[1.0, 2.0, 3.0])).sum().backward();
    assert_grad(&w, &[1.0, 2.0, 3.0]);
    assert_eq!(w.grad().unwrap().stride()[..], [1]);
}

#[test]
fn a_gradient_takes_its_values_dtype_and_shape() {
    let x = leaf();
    let wide = Tensor::from_vec(vec![0.5f64; 6], [2, 3], ops_cpu::cpu()).requires_grad_(true);
    let y = (&x * &wide).sum();
    assert_eq!(y.dtype(), DType::F64);
    y.backward();
    assert_eq!((x.grad().unwrap().dtype(), &x.grad().unwrap().shape()[..]), (DType::F32, &[3][..]));
    assert_grad(&x, &[1.0; 3]);
    assert_grad(&wide, &[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]);
    let seed = Tensor::from_vec(vec![2.0f64], (), ops_cpu::cpu());
    let x = leaf();
    x.sum().backward_from(&seed);
    assert_eq!(x.grad().unwrap().dtype(), DType::F32);
}

#[test]
fn assigned_gradients_must_fit() {
    let x = leaf();
    assert_eq!(
        panic_text(|| x.set_grad(Some(zeros(&[2])))),
        "attempting to assign a gradient of size '[2]' to a tensor of size '[3]'. Please ensure that the gradient and the tensor are \
         the same size"
    );
    x.set_grad(Some(vector(&[1.0, 1.0, 1.0])));
    x.sum().backward();
    assert_grad(&x, &[2.0; 3]);
}

#[test]
fn descent_under_no_grad() {
    // Fits y = 2x + 1 by hand-written gradient descent, as the course's third lab does.
    let (w, b) = (zeros(&[1]).requires_grad_(true), zeros(&[1]).requires_grad_(true));
    let x = counting(&[8]) / 8.0;
    let y = &x * 2.0 + 1.0;
    for _ in 0..2000 {
        let error = &x * &w + &b - &y;
        (&error * &error).mean().backward();
        no_grad(|| {
            w.sub_(w.grad().unwrap() * 0.5);
            b.sub_(b.grad().unwrap() * 0.5);
        });
        w.zero_grad();
        b.zero_grad();
    }
    assert!(w.is_leaf() && w.requires_grad());
    assert!((w.detach().item::<f32>() - 2.0).abs() < 1e-3 && (b.detach().item::<f32>() - 1.0).abs() < 1e-3);
}
