//! Functions with a derivative of their own.

mod making;

use autograd::{
    Backward, Context, Function, GradOptions, Gradient, Tolerance, apply, grad_with, gradcheck, gradgradcheck, no_grad,
    try_apply,
};
use making::*;
use std::sync::Arc;
use tensor_core::{ErrorKind, Result, Tensor, bail};

/// x³ from saved inputs.
struct Cube;
impl Function for Cube {
    fn name(&self) -> &str {
        "Cube"
    }
    fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        assert!(!autograd::is_grad_enabled(), "the forward pass is not recorded");
        ctx.save_for_backward(inputs);
        inputs[0].try_pow(3)
    }
    fn backward(&self, ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        let x = &ctx.saved_tensors()[0];
        Ok(vec![Some(g * (x * x * 3.0))])
    }
}

#[test]
fn first_and_second_derivatives() {
    let x = Tensor::from_vec(vec![0.5f64, -1.5, 2.0], [3], ops_cpu::cpu()).requires_grad_(true);
    let cube = |x: &[Tensor]| apply(Cube, &[&x[0]]);
    gradcheck(cube, std::slice::from_ref(&x), Tolerance::default()).unwrap();
    gradgradcheck(cube, std::slice::from_ref(&x), Tolerance::default()).unwrap();
    let y = apply(Cube, &[&x]);
    assert_eq!(y.grad_fn().unwrap().to_string(), "<CubeBackward>");
    let options = GradOptions { create_graph: true, ..GradOptions::default() };
    let first = grad_with(&[&y.sum()], &[&x], options).unwrap().remove(0).unwrap();
    let second = grad_with(&[&first.sum()], &[&x], options).unwrap().remove(0).unwrap();
    second.sum().backward();
    assert_grad(&x, &[6.0; 3]);
}

/// Returns its input and a gradient three times too large.
struct Pass;
impl Function for Pass {
    fn name(&self) -> &str {
        "Pass"
    }
    fn forward(&self, _ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        Ok(inputs[0].clone())
    }
    fn backward(&self, _ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(g * 3.0)])
    }
}

#[test]
fn an_input_handed_through_keeps_its_own_history() {
    let x = leaf();
    let y = apply(Pass, &[&x]);
    assert!(!y.is_same(&x) && y.data_ptr() == x.data_ptr());
    assert!(x.is_leaf() && !y.is_leaf());
    y.sum().backward();
    assert_grad(&x, &[3.0; 3]);
}

/// Two inputs, of which it differentiates what is wanted.
struct Product;
impl Function for Product {
    fn name(&self) -> &str {
        "Product"
    }
    fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        ctx.save_for_backward(inputs);
        inputs[0].try_mul(inputs[1])
    }
    fn backward(&self, ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        assert_eq!(ctx.needs_input_grad(), [true, false]);
        Ok(vec![Some(g * &ctx.saved_tensors()[1]), None])
    }
}

#[test]
fn only_wanted_gradients_are_computed_and_shapes_undone() {
    // The gradient has the shape of the result; the engine sums it to the input's.
    let (x, c) = (vector(&[2.0]).requires_grad_(true), vector(&[1.0, 2.0, 3.0]));
    apply(Product, &[&x, &c]).sum().backward();
    assert_grad(&x, &[6.0]);
    assert!(!no_grad(|| apply(Product, &[&x, &c])).requires_grad());
    assert!(!apply(Product, &[&c, &c]).requires_grad());
}

/// Returns `count` gradients of shape `shape`.
struct Wrong {
    count: usize,
    shape: Vec<usize>,
}
impl Function for Wrong {
    fn name(&self) -> &str {
        "F"
    }
    fn forward(&self, _ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        inputs[0].try_mul(2.0)
    }
    fn backward(&self, _ctx: &Context, _g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(zeros(&self.shape)); self.count])
    }
}

#[test]
fn wrong_gradients_are_refused() {
    let error = |count, shape: &[usize]| backward_error(&apply(Wrong { count, shape: shape.into() }, &[&leaf()]).sum());
    assert_eq!(error(2, &[3]), "function FBackward returned an incorrect number of gradients (expected 1, got 2)");
    let expected = "Function FBackward returned an invalid gradient at index 0 - got [2, 2] but expected shape compatible with [3]";
    assert_eq!(error(1, &[2, 2]), expected);
    assert!(error(1, &[1]).contains("got [1] but expected shape compatible with [3]"));
    assert!(error(0, &[]).contains("(expected 1, got 0)"));
}

#[test]
fn saved_tensors_are_released_and_checked() {
    let x = leaf();
    let y = apply(Cube, &[&x]).sum();
    y.backward_with(Backward { retain_graph: true, ..Backward::default() });
    y.backward();
    assert!(backward_error(&y).starts_with("Trying to backward through the graph a second time"));
    let c = vector(&[1.0, 2.0, 3.0]);
    let y = apply(Product, &[&x, &c]).sum();
    c.add_(1.0);
    let text = backward_error(&y);
    assert!(text.contains("[torch.FloatTensor [3]] is at version 1; expected version 0 instead."), "{text}");
}

/// Fails forward and backward as told; holds a token.
struct Failing {
    forward: bool,
    _token: Arc<()>,
}
impl Function for Failing {
    fn name(&self) -> &str {
        "Failing"
    }
    fn forward(&self, _ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        if self.forward {
            bail!(Value, "no value here");
        }
        inputs[0].try_mul(1.0)
    }
    fn backward(&self, _ctx: &Context, _g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        bail!(Value, "no gradient here")
    }
}

#[test]
fn errors_come_through() {
    let token = Arc::new(());
    let make = |forward| Failing { forward, _token: token.clone() };
    let x = leaf();
    let error = try_apply(make(true), &[&x]).unwrap_err();
    assert_eq!((error.kind(), error.text()), (ErrorKind::Value, "no value here"));
    let y = apply(make(false), &[&x]).sum();
    assert_eq!(Arc::strong_count(&token), 2);
    assert_eq!(backward_error(&y), "no gradient here");
    assert!(autograd::is_grad_enabled());
    drop(y);
    assert_eq!(Arc::strong_count(&token), 1, "the graph is gone, and the function with it");
}

/// Computes its derivative by running backward inside backward.
struct Nested;
impl Function for Nested {
    fn name(&self) -> &str {
        "Nested"
    }
    fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        ctx.save_for_backward(inputs);
        inputs[0].try_exp()
    }
    fn backward(&self, ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        let x = ctx.saved_tensors()[0].detach().requires_grad_(true);
        autograd::enable_grad(|| x.exp().try_backward_with(Backward { gradient: Some(g), ..Backward::default() }))?;
        Ok(vec![x.grad()])
    }
}

#[test]
fn backward_runs_within_backward() {
    let x = leaf();
    apply(Nested, &[&x]).sum().backward();
    assert_grad(&x, &[1.0f64, 2.0, 3.0].map(f64::exp).map(|v| f64::from(v as f32)));
}

#[test]
fn a_chain_of_functions_is_dropped_without_a_deep_stack() {
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(|| {
            let x = leaf();
            let y = (0..200_000).fold(x.clone(), |y, _| apply(Pass, &[&y]));
            drop(y);
            let y = (0..200_000).fold(x, |y, _| apply(Cube, &[&y]));
            drop(y);
        })
        .unwrap()
        .join()
        .unwrap();
}
