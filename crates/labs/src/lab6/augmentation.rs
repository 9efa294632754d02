//! Lab 6, exercise 1: each picture is changed a little each time that it is seen.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::fit_with;
use crate::transcript::{claim, figure, say};
use sconce::data::transforms::{Compose, GaussianNoise, RandomHorizontalFlip, RandomRotation, Transform};
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure, ImageGrid};

/// How often the networks see all pictures.
const EPOCHS: usize = 60;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say(
        "Noise, a flip and a rotation by up to 45° are no harm to a photograph. To a digit they are: a mirrored 3 is no digit, \
         and a 6 turned far enough is a 9. So both are tried: everything, and what suits digits, noise and a small rotation.",
    );
    show! {
        let everything = Compose::new()
            .then(GaussianNoise::with(|noise| noise.sigma(0.1)))
            .then(RandomHorizontalFlip::new(0.5))
            .then(RandomRotation::new(45.0));
        let suitable = Compose::new().then(GaussianNoise::with(|noise| noise.sigma(0.1))).then(RandomRotation::new(15.0));
        println!("{everything}");

        /// Each picture of a batch, changed by itself.
        fn each(batch: Tensor, transform: &impl Transform) -> Tensor {
            stack(&batch.unbind(0).iter().map(|picture| transform.apply(picture)).collect::<Vec<_>>(), 0)
        }

        let run = |augment: &dyn Fn(Tensor) -> Tensor| {
            manual_seed(seed);
            let net = network(0.0).to(plan.device);
            let mut optimizer = Adam::new(net.parameters(), 0.001);
            let sets = [&pictures.learn, &pictures.unseen];
            fit_with(&net, &mut optimizer, sets, plan, augment, |_| None, |_, _| false)
        };
        let without = run(&|batch| batch);
        let with_everything = run(&|batch| each(batch, &everything));
        let with_suitable = run(&|batch| each(batch, &suitable));
        let last = |losses: &[f64]| losses[losses.len() - 1];
        for (name, history) in [
            ("without", &without),
            ("noise, flip and rotation by 45°", &with_everything),
            ("noise and rotation by 15°", &with_suitable),
        ] {
            println!("{name}: unseen loss {:.4}, accuracy {:.4}", last(&history.unseen_loss), history.final_accuracy());
        }
    }
    let (x, _) = pictures.learn.tensors();
    manual_seed(seed);
    let examples = x.narrow(0, 0, 10);
    figure(ImageGrid::new("As they are", &examples).columns(10).svg(), "ten digits");
    figure(
        ImageGrid::new("Changed", &each(examples, &everything)).columns(10).svg(),
        "the same with noise, flip and rotation by up to 45°",
    );
    let curves = Curves::new("Cross entropy of unseen digits").axes("epoch", "loss");
    let curves = curves.curve("without", &without.unseen_loss).curve("noise, flip, 45°", &with_everything.unseen_loss);
    figure(curves.curve("noise, 15°", &with_suitable.unseen_loss).svg(), "what augmentation does to the loss");
    if settings.trains_fully(EPOCHS) {
        let losses = [&with_suitable, &without].map(|history| last(&history.unseen_loss));
        claim("what suits digits has a lower unseen loss than no augmentation", losses[0] < losses[1]);
        claim(
            "what does not suit them recognizes fewer than what does",
            with_everything.final_accuracy() < with_suitable.final_accuracy(),
        );
    }
}
