//! Lab 4, exercise 4: what fewer parameters cost.

use super::cnn;
use crate::pictures::handwriting;
use crate::settings::Settings;
use crate::training::{Plan, fit};
use crate::transcript::{claim, figure, say};
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Figure, Scatter};

/// How often each network sees all pictures.
const EPOCHS: usize = 3;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    let plan = Plan { epochs: settings.epochs_or(EPOCHS), batch_size: 64, device: settings.device() };
    let pictures = handwriting(settings);
    say(
        "The same network with a half, a quarter, an eighth and a sixteenth of the channels. `fit` is the loop of exercise 3.",
    );
    show! {
        let mut found = vec![];
        for channels in [[32, 64, 32], [16, 32, 16], [8, 16, 8], [4, 8, 4]] {
            manual_seed(seed);
            let net = cnn(channels, 20, pictures.side).to(plan.device);
            let mut optimizer = Adam::new(net.parameters(), 0.002);
            let history = fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan);
            let (parameters, accuracy) = (net.parameter_count(true), history.final_accuracy());
            println!("{channels:?}: {parameters} parameters, accuracy {accuracy:.4}");
            found.push((parameters as f64, accuracy));
        }
    }
    let most = found[0].0;
    let saved: Vec<f64> = found.iter().map(|(parameters, _)| 100.0 * (1.0 - parameters / most)).collect();
    let percent: Vec<f64> = found.iter().map(|(_, accuracy)| 100.0 * accuracy).collect();
    let scatter = Scatter::new("Fewer parameters")
        .axes("parameters saved (%)", "accuracy (%)")
        .points("networks", &saved, &percent);
    figure(scatter.svg(), "accuracy on unseen pictures against the drop in parameters");
    claim("the smallest network has less than a twentieth of the parameters", found[3].0 < most / 20.0);
    if pictures.real && settings.trains_fully(EPOCHS) {
        claim("with a quarter of the channels it still reads at least 95 %", found[1].1 >= 0.95);
    }
}
