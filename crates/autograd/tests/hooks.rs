//! Hooks and retained gradients; anomaly mode.

mod making;

use autograd::{Backward, Gradient, Graph, HookHandle, detect_anomaly, is_anomaly_enabled};
use making::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn hooks_see_and_change_gradients() {
    let x = leaf();
    let y = &x * 2.0;
    let seen = Arc::new(Mutex::new(vec![]));
    let log = seen.clone();
    y.register_hook(move |g| {
        log.lock().unwrap().push(g.to_vec::<f32>());
        Some(g * 10.0)
    });
    // In the order of their registration: the second sees what the first returned.
    let log = seen.clone();
    y.register_hook(move |g| {
        log.lock().unwrap().push(g.to_vec::<f32>());
        None
    });
    x.register_hook(|g| Some(g + 1.0));
    (&y * 3.0).sum().backward();
    assert_eq!(*seen.lock().unwrap(), [vec![3.0; 3], vec![30.0; 3]]);
    assert_grad(&x, &[61.0; 3]);
}

#[test]
fn a_hook_runs_once_per_pass_with_the_whole_gradient() {
    let x = leaf();
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    x.register_hook(move |g| {
        count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(g.to_vec::<f32>(), [7.0; 3]);
        None
    });
    let y = (&x * 2.0 + &x * 5.0).sum();
    y.backward_with(Backward { retain_graph: true, ..Backward::default() });
    y.backward();
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[test]
fn hooks_can_be_removed() {
    let x = leaf();
    let double: HookHandle = x.register_hook(|g| Some(g * 2.0));
    let triple = x.register_hook(|g| Some(g * 3.0));
    x.sum().backward();
    assert_grad(&x, &[6.0; 3]);
    double.remove();
    x.zero_grad();
    x.sum().backward();
    assert_grad(&x, &[3.0; 3]);
    triple.remove();
    x.zero_grad();
    x.sum().backward();
    assert_grad(&x, &[1.0; 3]);
    // The handle may outlive the tensor.
    let y = &x * 2.0;
    let handle = y.register_hook(|_| None);
    drop(y);
    handle.remove();
}

#[test]
fn a_hook_may_register_another() {
    let x = leaf();
    let inner = x.clone();
    x.register_hook(move |_| {
        inner.register_hook(|g| Some(g * 100.0));
        None
    });
    x.sum().backward();
    // The new hook serves from the next pass on.
    assert_grad(&x, &[1.0; 3]);
    x.zero_grad();
    x.sum().backward();
    assert_grad(&x, &[100.0; 3]);
}

#[test]
fn hooks_keep_the_shape_and_need_a_gradient() {
    let x = leaf();
    assert_eq!(
        panic_text(|| zeros(&[1]).register_hook(|_| None)),
        "cannot register a hook on a tensor that doesn't require gradient"
    );
    let handle = x.register_hook(|g| Some(g.slice(0, 0, 2, 1)));
    assert_eq!(backward_error(&x.sum()), "a hook has changed the size of value");
    handle.remove();
    x.sum().backward();
}

#[test]
fn computed_tensors_can_keep_their_gradients() {
    let x = leaf();
    let y = &x * 2.0;
    assert!(y.grad().is_none());
    y.retain_grad();
    y.retain_grad();
    (&y * &y).sum().backward_with(Backward { retain_graph: true, ..Backward::default() });
    assert_grad(&y, &[4.0, 8.0, 12.0]);
    // It is of the latest pass, as in PyTorch, not a sum.
    (&y * 1.0).sum().backward_with(Backward { retain_graph: true, ..Backward::default() });
    assert_grad(&y, &[1.0; 3]);
    assert_grad(&x, &[10.0, 18.0, 26.0]);
    assert_eq!(panic_text(|| zeros(&[1]).retain_grad()), "can't retain_grad on Tensor that has requires_grad=False");
    // On leaves it changes nothing.
    x.retain_grad();

    // After hooks, whenever they were registered.
    let y = &x * 2.0;
    y.retain_grad();
    y.register_hook(|g| Some(g * 5.0));
    y.sum().backward();
    assert_grad(&y, &[5.0; 3]);
}

#[test]
fn a_retained_gradient_is_the_tensors_also_after_a_write() {
    let x = leaf();
    let y = &x * 2.0;
    y.retain_grad();
    y.mul_(3.0);
    y.sum().backward();
    assert_grad(&y, &[1.0; 3]);
    assert_grad(&x, &[6.0; 3]);
}

#[test]
fn detaching_in_place_keeps_a_leafs_gradient() {
    let x = leaf();
    x.sum().backward();
    x.detach_();
    assert!(!x.requires_grad());
    assert_grad(&x, &[1.0; 3]);
    let y = leaf() * 2.0;
    y.detach_();
    assert!(y.is_leaf() && !y.requires_grad());
    let text = panic_text(|| (leaf() * 1.0).select(0, 0).detach_());
    assert_eq!(text, "Can't detach views in-place. Use detach() instead.");
}

#[test]
fn anomaly_mode_names_the_operation_and_its_place() {
    let x = leaf();
    let ill = |x: &tensor_core::Tensor| ((x * 0.0).sqrt() * 0.0).sum();
    let y = detect_anomaly(|| {
        assert!(is_anomaly_enabled());
        ill(&x)
    });
    assert!(!is_anomaly_enabled());
    let text = detect_anomaly(|| backward_error(&y));
    assert!(text.starts_with("Function 'SqrtBackward0' returned nan values in its 0th output.\n"), "{text}");
    assert!(text.contains("anomaly_mode_names_the_operation"), "no place of the call in: {text}");
    let y = ill(&x);
    let text = detect_anomaly(|| backward_error(&y));
    assert!(text.contains("No forward pass information available."), "{text}");
    // Without the mode, NaN passes.
    let x = leaf();
    ill(&x).backward();
    assert!(x.grad().unwrap().isnan().all().item::<bool>());
}

#[test]
fn a_released_hook_frees_what_it_holds() {
    let token = Arc::new(());
    let held = token.clone();
    let x = leaf();
    let y = &x * 2.0;
    y.register_hook(move |_| {
        let _ = &held;
        None
    });
    assert_eq!(Arc::strong_count(&token), 2);
    let z = y.exp();
    drop(y);
    assert_eq!(Arc::strong_count(&token), 2, "the graph holds the hook");
    drop(z);
    assert_eq!(Arc::strong_count(&token), 1);
}

#[test]
fn the_graph_shows_operations_leaves_and_names() {
    let x = leaf().named("x");
    let text = Graph::of(&(&x * &x).exp().sum()).to_text();
    for part in ["x", "MulBackward0", "ExpBackward0", "SumBackward0"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
}
