//! A training loop holds memory constant. One test alone in its process, because the pool's statistics are everybody's.

mod making;

use autograd::{Context, Function, Gradient, apply, no_grad};
use making::*;
use std::sync::Arc;
use tensor_core::{Result, Tensor};

/// The identity, with a token by which its live nodes are counted.
struct Counted(#[allow(dead_code, reason = "held to be counted")] Arc<()>);

impl Function for Counted {
    fn name(&self) -> &str {
        "Counted"
    }
    fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
        ctx.save_for_backward(inputs);
        inputs[0].try_mul(1.0)
    }
    fn backward(&self, _ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(g.clone())])
    }
}

#[test]
fn a_training_loop_of_ten_thousand_steps_holds_memory_constant() {
    // Buffers above the pool's smallest class, so that each is counted.
    let x = counting(&[16, 32]) / 512.0;
    let goal = x.sin();
    let w = (counting(&[32, 32]) / 2048.0).requires_grad_(true);
    let b = zeros(&[16, 32]).requires_grad_(true);
    let token = Arc::new(());
    let mut total = zeros(&[]);
    let step = |i: usize| {
        let hidden = apply(Counted(token.clone()), &[&x.matmul(&w)]);
        let states = zeros(&[2, 16, 32]);
        states.i_put(0, hidden.tanh());
        states.select(0, 1).copy_(&b).mul_(2.0);
        let error = states.sum_dim(0, false) - &goal;
        let loss = (&error * &error).mean();
        // Every third step is only evaluated, and its graph dropped as it is.
        if i % 3 != 2 {
            loss.backward();
            no_grad(|| {
                for p in [&w, &b] {
                    p.sub_(p.grad().unwrap() * 0.01);
                    p.zero_grad();
                }
            });
        }
        loss.detach()
    };
    for i in 0..30 {
        total += step(i);
    }
    let live = storage::pool::statistics().live;
    let first = step(0).item::<f32>();
    for i in 0..10_000 {
        total.add_(step(i));
        assert_eq!(Arc::strong_count(&token), 1, "nodes outlive step {i}");
        assert_eq!(storage::pool::statistics().live, live, "buffers outlive step {i}");
    }
    let last = step(0).item::<f32>();
    assert!(last < first, "training got nowhere: {first} to {last}");
}
