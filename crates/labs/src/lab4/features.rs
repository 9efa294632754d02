//! Lab 4, exercise 6: what the convolutions have learned, as pictures.

use super::cnn;
use crate::pictures::handwriting;
use crate::settings::Settings;
use crate::training::{Plan, fit};
use crate::transcript::{claim, figure, say};
use sconce::data::Dataset;
use sconce::nn::register_module_forward_hook;
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Figure, ImageGrid};
use std::cell::RefCell;
use std::rc::Rc;

/// How often the network sees all pictures.
const EPOCHS: usize = 2;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    let plan = Plan { epochs: settings.epochs_or(EPOCHS), batch_size: 64, device: settings.device() };
    let pictures = handwriting(settings);
    say(&pictures.about);
    say("A small network, so that all of it can be looked at. A hook sees what every layer makes of one picture.");
    show! {
        manual_seed(seed);
        let net = cnn([16, 32, 16], 20, pictures.side).to(plan.device);
        let drawn = net.named_parameters()[0].1.detach().clone_();
        let mut optimizer = Adam::new(net.parameters(), 0.002);
        fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan);

        let (picture, label) = pictures.unseen.get(0);
        let maps = Rc::new(RefCell::new(vec![]));
        let sink = maps.clone();
        let hook = register_module_forward_hook(move |module, _, output| {
            if module.type_name() == "ReLU" && output.ndim() == 4 {
                sink.borrow_mut().push(output.detach().cpu());
            }
        });
        let scores = no_grad(|| net.forward(&picture.unsqueeze(0).to(plan.device)));
        drop(hook);
        println!("{label} was read as {}", scores.argmax());
        for map in maps.borrow().iter() {
            println!("feature maps {:?}", map.shape());
        }
    }
    let learned = net.named_parameters()[0].1.detach().cpu();
    figure(
        ImageGrid::new("Filters as drawn", &drawn.cpu()).columns(8).svg(),
        "the first layer's kernels before learning",
    );
    figure(
        ImageGrid::new("Filters as learned", &learned).columns(8).svg(),
        "the first layer's kernels after learning: edges and strokes",
    );
    figure(ImageGrid::new("The picture", &picture.unsqueeze(0)).svg(), "what was shown");
    for (layer, map) in maps.borrow().iter().enumerate() {
        let channels = map.i(0).unsqueeze(1);
        let title = format!("Feature maps of layer {}", layer + 1);
        figure(ImageGrid::new(&title, &channels).columns(8).svg(), "what each channel sees");
    }
    claim("learning has changed the filters", !learned.equal(&drawn.cpu()));
    claim("three layers have feature maps", maps.borrow().len() == 3);
}
