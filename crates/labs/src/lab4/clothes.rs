//! Lab 4, exercise 5: the same network on pictures of clothes.

use super::cnn;
use crate::pictures::clothes;
use crate::settings::Settings;
use crate::training::{Plan, fit, judge};
use crate::transcript::{claim, figure, say};
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Confusion, Curves, Figure};

/// How often the network sees all pictures.
const EPOCHS: usize = 8;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    let plan = Plan { epochs: settings.epochs_or(EPOCHS), batch_size: 64, device: settings.device() };
    let pictures = match clothes(settings) {
        Ok(pictures) => pictures,
        Err(why) => return say(&why),
    };
    say(&pictures.about);
    show! {
        manual_seed(seed);
        let net = cnn([32, 64, 64], 64, pictures.side).to(plan.device);
        let mut optimizer = Adam::new(net.parameters(), 0.001);
        let history = fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan);
        let (_, matrix) = judge(&net, &pictures.unseen, plan.device);
        for (class, recall) in pictures.classes.iter().zip(matrix.recalls()) {
            println!("{class:<12} {recall:.3}");
        }
        println!("accuracy on unseen pictures: {:.4}", matrix.accuracy());
    }
    let curves = Curves::new("Cross entropy").axes("epoch", "loss");
    figure(curves.curve("learning", &history.loss).curve("unseen", &history.unseen_loss).svg(), "the losses");
    figure(
        Confusion::new("Confusion matrix", &matrix.tensor()).labels(&pictures.classes).svg(),
        "shirts are the hard ones",
    );
    if settings.trains_fully(EPOCHS) {
        claim("it recognizes at least 80 % of the unseen clothes", matrix.accuracy() >= 0.80);
    }
}
