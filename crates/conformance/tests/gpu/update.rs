//! Optimizer steps.

use super::{both, numbers};
use sconce::{DType, Tensor};
use tensor_core::op::update::{Adam, Sgd, Update};

#[test]
fn several_steps_move_parameters_and_memory_as_on_the_cpu() {
    let adam = Adam { lr: 0.1, ..Adam::default() };
    let sgd = Sgd { lr: 0.1, ..Sgd::default() };
    let updates: [(Update, usize); 8] = [
        (Update::Sgd(sgd), 0),
        (Update::Sgd(Sgd { weight_decay: 0.1, maximize: true, ..sgd }), 0),
        (Update::Sgd(Sgd { momentum: 0.9, first: true, ..sgd }), 1),
        (Update::Sgd(Sgd { momentum: 0.9, dampening: 0.3, ..sgd }), 1),
        (Update::Sgd(Sgd { momentum: 0.9, nesterov: true, ..sgd }), 1),
        (Update::Adam(adam), 2),
        (Update::Adam(Adam { weight_decay: 0.1, decoupled: true, step: 7, ..adam }), 2),
        (Update::Adam(Adam { weight_decay: 0.1, maximize: true, step: 3, ..adam }), 3),
    ];
    for (update, memories) in updates {
        for dtype in [DType::F32, DType::F16, DType::BF16] {
            let inputs: Vec<Tensor> =
                (0..2 + memories).map(|i| numbers(&[33, 7], 1 + i as u32).abs().to_dtype(dtype)).collect();
            both(&format!("{update:?} {dtype}"), &inputs, 4.0, |t| {
                let all: Vec<Tensor> = t.iter().map(|x| x.detach().clone_()).collect();
                let memory: Vec<&Tensor> = all[2..].iter().collect();
                for _ in 0..2 {
                    all[0].update_(update, &all[1], &memory);
                }
                all
            });
        }
    }
}
