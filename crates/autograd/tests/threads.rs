//! Several threads at once: graphs over shared leaves, and one graph from several threads.

mod making;

use autograd::{Backward, Gradient, no_grad};
use making::*;
use std::sync::Barrier;

#[test]
fn threads_accumulate_into_shared_leaves() {
    let (w, m) = (leaf(), matrix());
    let threads = 4;
    let rounds = 200;
    let start = Barrier::new(threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                start.wait();
                for _ in 0..rounds {
                    let y = (&m * &w).sum() + (&w * &w).sum();
                    y.backward();
                    let _ = w.grad().map(|g| g.sum());
                }
            });
        }
    });
    let n = (threads * rounds) as f64;
    assert_grad(&w, &[7.0 * n, 11.0 * n, 15.0 * n]);
    assert_grad(&m, &[n, 2.0 * n, 3.0 * n, n, 2.0 * n, 3.0 * n]);
}

#[test]
fn one_graph_run_backward_by_many_threads() {
    let x = leaf();
    let y = (&x * &x).exp().log().sum();
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..100 {
                    y.backward_with(Backward { retain_graph: true, ..Backward::default() });
                }
            });
        }
    });
    let found = x.grad().unwrap().to_vec::<f32>();
    assert!(found.iter().zip([800.0, 1600.0, 2400.0]).all(|(a, b)| (a / b - 1.0).abs() < 1e-4), "{found:?}");
}

#[test]
fn without_retaining_exactly_one_thread_gets_through() {
    for _ in 0..50 {
        let x = leaf();
        let y = x.exp().sum();
        let start = Barrier::new(2);
        let through: usize = std::thread::scope(|scope| {
            let run = || {
                start.wait();
                usize::from(y.try_backward_with(Backward::default()).is_ok())
            };
            let (a, b) = (scope.spawn(run), scope.spawn(run));
            a.join().unwrap() + b.join().unwrap()
        });
        assert_eq!(through, 1);
        assert_close(&x.grad().unwrap(), &[1.0f64, 2.0, 3.0].map(f64::exp).map(|v| f64::from(v as f32)));
    }
}

#[test]
fn modes_belong_to_their_thread() {
    no_grad(|| std::thread::scope(|scope| scope.spawn(|| assert!((leaf() * 2.0).requires_grad())).join().unwrap()));
}

#[test]
fn views_of_a_written_base_are_asked_from_many_threads() {
    let x = leaf();
    for _ in 0..50 {
        let base = zeros(&[2, 3]);
        let views: Vec<_> = (0..4).map(|i| base.select(0, i % 2)).collect();
        base.i_put(0, &x * 2.0);
        let start = Barrier::new(4);
        std::thread::scope(|scope| {
            for view in &views {
                scope.spawn(|| {
                    start.wait();
                    assert_eq!(view.grad_fn().unwrap().name(), "AsStridedBackward0");
                    view.sum().backward_with(Backward { retain_graph: true, ..Backward::default() });
                });
            }
        });
    }
    assert_grad(&x, &[200.0; 3]);
}

#[test]
fn graphs_move_between_threads() {
    let x = leaf();
    let y = std::thread::scope(|scope| scope.spawn(|| &x * 2.0).join().unwrap());
    let z = std::thread::scope(|scope| scope.spawn(move || (&y * &y).sum()).join().unwrap());
    z.backward();
    assert_grad(&x, &[8.0, 16.0, 24.0]);
}
