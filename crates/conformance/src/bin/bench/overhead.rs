//! What an operation costs beside its arithmetic: one-element tensors, views, creation, and a small layer forward and backward.

use crate::measure::Bench;
use sconce::prelude::*;

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let watched = || ones([1]).requires_grad_(true);
    bench.small("overhead/add_1elem", || {
        let (a, b) = (ones([1]), ones([1]));
        move || &a + &b
    });
    bench.small("overhead/add_1elem_grad", || {
        let (a, b) = (watched(), watched());
        move || &a + &b
    });
    bench.small("overhead/mul_scalar_chain10", || {
        let a = ones([1]);
        move || chain(&a)
    });
    bench.small("overhead/chain10_fwd_grad", || {
        let a = watched();
        move || chain(&a)
    });
    bench.small("overhead/chain10_fwd_bwd", || {
        let a = watched();
        move || {
            a.set_grad(None);
            chain(&a).backward();
        }
    });
    bench.small("overhead/view", || {
        let a = ones([64, 64]);
        move || a.view([4096])
    });
    bench.small("overhead/slice", || {
        let a = ones([64, 64]);
        move || a.i(1..3)
    });
    bench.small("overhead/permute", || {
        let a = ones([64, 64]);
        move || a.permute([1, 0])
    });
    bench.small("overhead/zeros_3x4", || || zeros([3, 4]));
    bench.small("overhead/item", || {
        let a = ones([1]);
        move || a.item::<f32>()
    });
    bench.small("overhead/linear_8x8_grad", || {
        let x = randn([4, 8]);
        let (w, b) = (rand([8, 8]).requires_grad_(true), rand([8]).requires_grad_(true));
        move || {
            w.set_grad(None);
            b.set_grad(None);
            (x.matmul(&w.t()) + &b).relu().sum().backward();
        }
    });
}

/// Ten multiplications by a number, one after the other.
fn chain(a: &Tensor) -> Tensor {
    let mut y = a * 1.01;
    for _ in 1..10 {
        y = &y * 1.01;
    }
    y
}
