//! Optimizer steps.

use super::{both, numbers};
use sconce::{DType, Tensor};
use tensor_core::op::update::{Adadelta, Adagrad, Adam, Adamax, NAdam, RAdam, RmsProp, Sgd, Update};

#[test]
fn several_steps_move_parameters_and_memory_as_on_the_cpu() {
    let adam = Adam { lr: 0.1, ..Adam::default() };
    let sgd = Sgd { lr: 0.1, ..Sgd::default() };
    let rmsprop = RmsProp { momentum: 0.9, weight_decay: 0.1, ..RmsProp::default() };
    let nadam = NAdam { weight_decay: 0.1, step: 3, mu_product: 0.4, ..NAdam::default() };
    let radam = RAdam { weight_decay: 0.1, ..RAdam::default() };
    let updates: [(Update, usize); 20] = [
        (Update::Sgd(sgd), 0),
        (Update::Sgd(Sgd { weight_decay: 0.1, maximize: true, ..sgd }), 0),
        (Update::Sgd(Sgd { momentum: 0.9, first: true, ..sgd }), 1),
        (Update::Sgd(Sgd { momentum: 0.9, dampening: 0.3, ..sgd }), 1),
        (Update::Sgd(Sgd { momentum: 0.9, nesterov: true, ..sgd }), 1),
        (Update::Adam(adam), 2),
        (Update::Adam(Adam { weight_decay: 0.1, decoupled: true, step: 7, ..adam }), 2),
        (Update::Adam(Adam { weight_decay: 0.1, maximize: true, step: 3, ..adam }), 3),
        (Update::Adamax(Adamax { weight_decay: 0.1, step: 2, ..Adamax::default() }), 2),
        (Update::NAdam(nadam), 2),
        (Update::NAdam(NAdam { decoupled: true, maximize: true, ..nadam }), 2),
        (Update::RAdam(radam), 2),
        (Update::RAdam(RAdam { step: 9, ..radam }), 2),
        (Update::RAdam(RAdam { step: 9, decoupled: true, ..radam }), 2),
        (Update::RmsProp(RmsProp::default()), 1),
        (Update::RmsProp(rmsprop), 2),
        (Update::RmsProp(RmsProp { centered: true, alpha: 0.2, ..rmsprop }), 3),
        (Update::RmsProp(RmsProp { centered: true, alpha: 0.2, momentum: 0.0, ..rmsprop }), 2),
        (Update::Adagrad(Adagrad { weight_decay: 0.1, lr_decay: 0.3, step: 4, ..Adagrad::default() }), 1),
        (Update::Adadelta(Adadelta { weight_decay: 0.1, maximize: true, ..Adadelta::default() }), 2),
    ];
    for (i, (update, memories)) in updates.into_iter().enumerate() {
        // Each half type takes its turn: shaders are what takes time here.
        for dtype in [DType::F32, [DType::F16, DType::BF16][i % 2]] {
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
