//! A million operations deep: forward, backward and drop need no more stack than one operation does.

mod making;

use autograd::{GradOptions, Gradient, grad_with};
use making::*;
use tensor_core::Tensor;

const DEPTH: usize = 1_000_000;

/// Runs `body` on a thread with a stack that a recursion of a few thousand frames would exhaust.
fn on_a_small_stack(body: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(body).unwrap().join().unwrap();
}

fn start() -> Tensor {
    vector(&[1.0]).requires_grad_(true)
}

#[test]
fn a_chain_of_multiplications() {
    on_a_small_stack(|| {
        let x = start();
        let mut y = &x * 1.0;
        for _ in 0..DEPTH {
            y = &y * 1.000_000_1;
        }
        y.backward();
        drop(y);
        // In float32 each factor is 1 + 2⁻²³.
        let expected = (1.0 + f64::powi(2.0, -23)).powi(DEPTH as i32);
        let found = f64::from(x.grad().unwrap().item::<f32>());
        assert!((found / expected - 1.0).abs() < 0.1, "{found} {expected}");
    });
}

#[test]
fn a_chain_dropped_without_backward() {
    on_a_small_stack(|| {
        let x = start();
        let mut y = &x * 1.0;
        for _ in 0..DEPTH {
            y = &y * 1.000_000_1;
        }
        drop(y);
        assert!(x.grad().is_none());
    });
}

#[test]
fn squares_of_squares_dropped_without_backward() {
    on_a_small_stack(|| {
        let x = start();
        let mut y = &x * 1.0;
        for _ in 0..DEPTH {
            y = &y * &y;
        }
        drop(y);
    });
}

#[test]
fn squares_of_squares_run_backward() {
    on_a_small_stack(|| {
        // Only 0 and 1 stay what they are; at 0 every derivative is 0.
        let x = vector(&[0.0]).requires_grad_(true);
        let mut y = &x * 1.0;
        for _ in 0..DEPTH {
            y = &y * &y;
        }
        y.backward();
        assert_grad(&x, &[0.0]);
    });
}

#[test]
fn views_of_views() {
    on_a_small_stack(|| {
        let x = leaf();
        let mut y = &x * 1.0;
        for i in 0..DEPTH / 4 {
            y = y.unsqueeze(0).transpose(0, 1).view([1, 3]).select(0, 0);
            if i == DEPTH / 8 {
                y = &y * 2.0;
            }
        }
        y.sum().backward();
        drop(y);
        assert_grad(&x, &[2.0; 3]);
    });
}

#[test]
fn operations_on_views_that_are_kept() {
    on_a_small_stack(|| {
        let x = leaf();
        let mut y = &x * 1.0;
        for _ in 0..DEPTH / 4 {
            let part = y.view([3, 1]);
            y = (&part * &part).view(3);
        }
        drop(y);
    });
}

#[test]
fn writes_in_place() {
    on_a_small_stack(|| {
        let x = start();
        let y = &x * 1.0;
        for _ in 0..DEPTH {
            y.add_(1.0);
        }
        y.backward();
        drop(y);
        assert_grad(&x, &[1.0]);
    });
}

#[test]
fn writes_through_views() {
    on_a_small_stack(|| {
        let x = leaf();
        let y = &x * 1.0;
        for i in 0..DEPTH / 4 {
            y.select(0, (i % 3) as i64).add_(1.0);
        }
        y.sum().backward();
        drop(y);
        assert_grad(&x, &[1.0; 3]);
    });
}

#[test]
fn kept_views_whose_bases_were_written_since() {
    on_a_small_stack(|| {
        // Backward would refuse this graph; its drop has to follow kept views to their bases' newest records.
        let x = leaf();
        let mut product = &x * 1.0;
        for _ in 0..DEPTH / 8 {
            let base = &x * 1.0;
            let part = base.view([3, 1]);
            let next = (&part * &part).view(3);
            base.add_(&product);
            product = next;
        }
        drop(product);
    });
}

#[test]
fn a_recorded_backward_pass() {
    on_a_small_stack(|| {
        let x = start();
        let mut y = &x * 1.0;
        for _ in 0..DEPTH / 8 {
            y = y.sin();
        }
        let options = GradOptions { create_graph: true, ..GradOptions::default() };
        let first = grad_with(&[&y], &[&x], options).unwrap().remove(0).unwrap();
        assert!(first.requires_grad());
        first.backward();
        drop((first, y));
        assert!(x.grad().is_some());
    });
}

#[test]
fn a_lattice_dropped_by_two_threads_at_once() {
    // Each node is held by two others, and both threads come to let go of it at about the same time.
    for _ in 0..4 {
        let x = start();
        let (mut a, mut b) = (&x * 1.0, &x * 2.0);
        for _ in 0..DEPTH / 8 {
            (a, b) = (&a + &b, &a - &b);
        }
        let ready = std::sync::Arc::new(std::sync::Barrier::new(2));
        let drops = [a, b].map(|half| {
            let ready = ready.clone();
            let body = move || {
                ready.wait();
                drop(half);
            };
            std::thread::Builder::new().stack_size(128 << 10).spawn(body).unwrap()
        });
        drops.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn many_inputs_of_one_operation() {
    on_a_small_stack(|| {
        let x = start();
        let parts: Vec<Tensor> = (0..100_000).map(|i| &x * (i % 10) as f64).collect();
        tensor_core::op::join::cat(&parts, 0).sum().backward();
        assert_grad(&x, &[450_000.0]);
    });
}
