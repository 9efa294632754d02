//! Lab 6, exercise 4: dropout from Bernoulli numbers, against the library's.

use crate::settings::Settings;
use crate::transcript::{claim, say};
use sconce::nn::{Dropout, Mode};
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    say(
        "A mask of Bernoulli numbers, one with probability 1 − p; a field of type `Mode` says whether the layer is in training. \
         From the same seed the masks are the library's own, number for number.",
    );
    show! {
        #[derive(Module)]
        struct BernoulliDropout { p: f64, training: Mode }

        impl Forward for BernoulliDropout {
            fn forward(&self, x: &Tensor) -> Tensor {
                if !self.training.get() {
                    return x.clone();
                }
                let mask = empty_like(x).bernoulli_(1.0 - self.p);
                x * (mask / (1.0 - self.p))
            }
        }

        let own = BernoulliDropout { p: 0.3, training: Mode::default() };
        let library = Dropout::new(0.3);
        let x = ones([1000, 100]);
        manual_seed(seed);
        let by_own = own.forward(&x);
        manual_seed(seed);
        let by_library = library.forward(&x);
        println!("{}", by_own.i((0, ..8)));
        println!("{}", by_library.i((0, ..8)));
        println!("dropped: {:.4}, mean: {:.4}", by_own.eq(0.0).to(float32).mean().item::<f64>(), by_own.mean().item::<f64>());
        own.eval();
        println!("in evaluation: {}", own.forward(&x).equal(&x));
    }
    claim("both layers give the same numbers", by_own.equal(&by_library));
    // The standard deviation of the share of 100,000 numbers is 0.0014.
    let dropped = by_own.eq(0.0).to(float32).mean().item::<f64>();
    claim("0.3 of all numbers are dropped, within four standard deviations", (dropped - 0.3).abs() < 0.006);
    claim("in evaluation nothing is dropped", own.forward(&x).equal(&x));
}
