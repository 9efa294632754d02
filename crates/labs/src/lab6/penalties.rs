//! Lab 6, exercise 2: large weights cost: L2 and L1 penalties.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::{fit, fit_with};
use crate::transcript::{claim, figure, say};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// How often the networks see all pictures.
const EPOCHS: usize = 40;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say(
        "`weight_decay` of SGD adds λ·w to each gradient. That is the gradient of the penalty λ/2·Σ w² in the loss: written as a \
         loop over the parameters' norms it must come to the same weights, as far as rounding allows.",
    );
    show! {
        let lambda = 0.01;
        let (learn, unseen) = (&pictures.learn, &pictures.unseen);
        let start = || {
            manual_seed(seed);
            network(0.0).to(plan.device)
        };

        let plain = start();
        let without = fit(&plain, &mut SGD::new(plain.parameters(), 0.1), learn, unseen, plan);

        let decayed = start();
        let mut optimizer = SGD::with(decayed.parameters(), 0.1, |sgd| sgd.weight_decay(lambda));
        let by_option = fit(&decayed, &mut optimizer, learn, unseen, plan);

        /// λ/2 · Σ w² over all parameters.
        fn l2(net: &dyn Module, lambda: f64) -> Tensor {
            let norms: Vec<Tensor> = net.parameters().iter().map(|parameter| parameter.norm(2.0).square()).collect();
            stack(&norms, 0).sum() * (lambda / 2.0)
        }
        let looped = start();
        let mut optimizer = SGD::new(looped.parameters(), 0.1);
        let by_loop = fit_with(&looped, &mut optimizer, [learn, unseen], plan, |x| x, |net| Some(l2(net, lambda)), |_, _| false);

        /// λ · Σ |w| over all parameters.
        fn l1(net: &dyn Module, lambda: f64) -> Tensor {
            let norms: Vec<Tensor> = net.parameters().iter().map(|parameter| parameter.norm(1.0)).collect();
            stack(&norms, 0).sum() * lambda
        }
        let sparse = start();
        let mut optimizer = SGD::new(sparse.parameters(), 0.1);
        let by_l1 = fit_with(&sparse, &mut optimizer, [learn, unseen], plan, |x| x, |net| Some(l1(net, 0.0005)), |_, _| false);

        /// The root of the sum of squares of all parameters, and the share of weights below a thousandth.
        fn size(net: &dyn Module) -> (f64, f64) {
            let flat: Vec<Tensor> = net.parameters().iter().map(|parameter| parameter.detach().flatten()).collect();
            let all = cat(&flat, 0);
            (all.norm(2.0).item(), all.abs().lt(1e-3).to(float32).mean().item())
        }
        for (name, net, history) in [
            ("without", &plain, &without),
            ("weight_decay", &decayed, &by_option),
            ("L2 by a loop", &looped, &by_loop),
            ("L1 by a loop", &sparse, &by_l1),
        ] {
            let (norm, small) = size(net);
            println!("{name:<13} accuracy {:.4}, norm {norm:.3}, weights below 0.001: {:.1} %", history.final_accuracy(), 100.0 * small);
        }
    }
    let curves = Curves::new("Cross entropy of unseen digits").axes("epoch", "loss");
    let curves = curves.curve("without", &without.unseen_loss).curve("L2", &by_option.unseen_loss);
    figure(curves.curve("L1", &by_l1.unseen_loss).svg(), "what the penalties do to the loss");
    let pairs = decayed.parameters().into_iter().zip(looped.parameters());
    let apart = pairs.map(|(a, b)| (a.detach() - b.detach()).abs().max().item::<f64>()).fold(0.0, f64::max);
    claim("weight_decay and the loop lead to the same weights, to a thousandth", apart < 1e-3);
    if settings.trains_fully(EPOCHS) {
        claim("L2 makes the weights smaller", size(&decayed).0 < size(&plain).0);
        claim("L1 makes many weights nearly zero", size(&sparse).1 > 2.0 * size(&plain).1);
    }
}
