//! Lab 3, exercise 8: XOR, which no line separates, by a network of nine parameters; its numbers are PyTorch's.

use crate::settings::Settings;
use crate::transcript::{agree, claim, figure, say};
use sconce::data::{DataLoader, TensorDataset};
use sconce::nn::{Linear, MSELoss, ReLU, Sigmoid};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// The seed of the manual, for which it gives the numbers.
const SEED: u64 = 42;

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(SEED), settings.epochs_or(10_000));
    say(
        "Two inputs, two hidden neurons, one output: 2·2 + 2 + 2 + 1 = 9 parameters. A sigmoid stands after the first layer, \
         nothing after the second. From seed 42, two epochs of batches of one give exactly the numbers that PyTorch prints.",
    );
    show! {
        #[derive(Module)]
        struct XorNet<A> { linear1: Linear, activation: A, linear2: Linear }

        impl<A: Forward> XorNet<A> {
            fn new(activation: A) -> XorNet<A> {
                XorNet { linear1: Linear::new(2, 2), activation, linear2: Linear::new(2, 1) }
            }
        }

        impl<A: Forward> Forward for XorNet<A> {
            fn forward(&self, x: &Tensor) -> Tensor {
                self.linear2.forward(&self.activation.forward(&self.linear1.forward(x)))
            }
        }

        /// The mean loss of each epoch.
        fn train(model: &impl Forward, epochs: usize) -> Vec<f64> {
            let x = tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
            let y = tensor([0.0, 1.0, 1.0, 0.0]);
            let loader = DataLoader::with(TensorDataset::new((x, y)), |loader| loader.batch_size(1).shuffle(true));
            let criterion = MSELoss::new();
            let mut optimizer = SGD::new(model.parameters(), 0.03);
            let mut losses = vec![];
            for _ in 0..epochs {
                let mut total = 0.0;
                for (x, y) in &loader {
                    optimizer.zero_grad();
                    let loss = criterion.forward(&model.forward(&x).flatten(), &y);
                    loss.backward();
                    optimizer.step();
                    total += loss.item::<f64>();
                }
                losses.push(total / loader.len() as f64);
            }
            losses
        }

        manual_seed(seed);
        let model = XorNet::new(Sigmoid::new());
        println!("{model}");
        println!("{} parameters", model.parameter_count(true));
        train(&model, 2);
        for (name, parameter) in model.named_parameters() {
            println!("{name}: {parameter}");
        }
    }
    claim("the network has nine parameters", model.parameter_count(true) == 9);
    if seed == SEED {
        let found: Vec<f64> =
            model.parameters().iter().flat_map(|parameter| parameter.detach().to_vec::<f32>()).map(f64::from).collect();
        let manual = [0.5413, 0.5890, -0.1679, 0.6455, -0.1505, 0.1357, -0.3832, 0.3738, 0.5562];
        claim(
            "to four digits all nine parameters are those of the manual",
            found.iter().zip(manual).all(|(found, manual)| (found * 1e4).round() / 1e4 == manual),
        );
    }

    say("The output for (1, 0), computed from the weights by hand: two sigmoids, then a weighted sum.");
    let weights: Vec<f64> =
        model.parameters().iter().flat_map(|parameter| parameter.detach().to_vec::<f32>()).map(f64::from).collect();
    let by_hand = |x1: f64, x2: f64, activation: fn(f64) -> f64, w: &[f64]| {
        let h1 = activation(w[0] * x1 + w[1] * x2 + w[4]);
        let h2 = activation(w[2] * x1 + w[3] * x2 + w[5]);
        w[6] * h1 + w[7] * h2 + w[8]
    };
    let sigmoid: fn(f64) -> f64 = |x| 1.0 / (1.0 + (-x).exp());
    for (x1, x2) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
        let network = no_grad(|| model.forward(&tensor([[x1, x2]]))).item::<f64>();
        agree(
            &format!("the output for ({x1}, {x2})"),
            &[("the network", network), ("by hand", by_hand(x1, x2, sigmoid, &weights))],
        );
    }

    say("Trained longer, it learns XOR. With ReLU in the place of the sigmoid, from the same seed:");
    show! {
        let sigmoid_losses = train(&model, epochs);
        let inputs = tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        println!("sigmoid: {}", no_grad(|| model.forward(&inputs)).flatten());

        manual_seed(seed);
        let relu_model = XorNet::new(ReLU::new());
        let relu_losses = train(&relu_model, epochs);
        println!("ReLU: {}", no_grad(|| relu_model.forward(&inputs)).flatten());
    }
    let curves = Curves::new("Mean squared error").axes("epoch", "loss");
    figure(
        curves.curve("sigmoid", &sigmoid_losses).curve("ReLU", &relu_losses).svg(),
        "the loss with sigmoid and with ReLU",
    );
    say(
        "Two ReLUs are few: from this seed the network ends where (0, 0) and (1, 0) have the same output, a half, between the \
         zero and the one that they should have; the gradients of the two cancel there.",
    );
    let weights: Vec<f64> = relu_model
        .parameters()
        .iter()
        .flat_map(|parameter| parameter.detach().to_vec::<f32>())
        .map(f64::from)
        .collect();
    let network = no_grad(|| relu_model.forward(&tensor([[1.0, 0.0]]))).item::<f64>();
    agree(
        "with ReLU, the output for (1, 0)",
        &[("the network", network), ("by hand", by_hand(1.0, 0.0, |x| x.max(0.0), &weights))],
    );
    if seed == SEED && settings.trains_fully(10_000) {
        let outputs = no_grad(|| model.forward(&inputs)).flatten().to_vec::<f32>();
        let stuck = no_grad(|| relu_model.forward(&inputs)).flatten().to_vec::<f32>();
        let same = (stuck[0] - stuck[2]).abs() < 0.01 && (stuck[0] - 0.5).abs() < 0.05;
        claim("with ReLU (0, 0) and (1, 0) both end at a half", same);
        claim("with sigmoid all four outputs round to XOR", outputs.iter().map(|y| y.round()).eq([0.0, 1.0, 1.0, 0.0]));
    }
}
