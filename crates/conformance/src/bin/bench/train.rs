//! Training steps of small networks as users write them, with layers and optimizers, and optimizer steps over many parameters.

use crate::measure::{Bench, Work, floats, flops, parameter};
use sconce::nn::{
    Activation, Conv2d, CrossEntropyLoss, Flatten, LSTM, Linear, MSELoss, MaxPool2d, Module, ReLU, Sequential,
    TransformerEncoderLayer, sequential,
};
use sconce::optim::{Adam, SGD};
use sconce::prelude::*;
use tensor_core::op::Reduction;

/// Small steps of both optimizers, so that the code is in memory.
pub fn load_code() {
    let (x, y) = (rand([32, 64]), randint(0, 4, [32]));
    let (climber, jumper) = (Linear::new(64, 4), Linear::new(64, 4));
    classifying(SGD::new(climber.parameters(), 0.01), x.clone(), y.clone(), move |x| climber.forward(x))();
    classifying(Adam::new(jumper.parameters(), 0.001), x, y, move |x| jumper.forward(x))();
}

/// A closure that takes a training step towards a lower `loss`.
fn training(mut optimizer: impl Optimizer, loss: impl Fn() -> Tensor) -> impl FnMut() {
    move || {
        optimizer.zero_grad();
        loss().backward();
        optimizer.step();
    }
}

/// Training steps towards the classes `y` of `x`.
fn classifying(optimizer: impl Optimizer, x: Tensor, y: Tensor, network: impl Fn(&Tensor) -> Tensor) -> impl FnMut() {
    let criterion = CrossEntropyLoss::new();
    training(optimizer, move || criterion.forward(&network(&x), &y))
}

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    perceptron(bench);
    lenet(bench);
    convolutional(bench);
    recurrent(bench);
    transformer(bench);
    variational(bench);
    steps(bench);
}

/// Work of linear layers (outputs × inputs) on `rows` samples: forward, and twice as much back.
fn training_of(layers: &[(usize, usize)], rows: usize) -> Work {
    flops(layers.iter().map(|(n, m)| 6 * rows * n * m).sum(), 0)
}

fn labels(count: usize) -> Tensor {
    randint(0, 10, [count])
}

fn perceptron(bench: &mut Bench) {
    let layers = [(512, 784), (512, 512), (10, 512)];
    let network =
        || sequential![Linear::new(784, 512), ReLU::new(), Linear::new(512, 512), ReLU::new(), Linear::new(512, 10)];
    let batch = || (rand([128, 784]), labels(128));
    let work = training_of(&layers, 128);
    bench.case("train/mlp_sgd", work, || {
        let (network, (x, y)) = (network(), batch());
        classifying(SGD::new(network.parameters(), 0.01), x, y, move |x| network.forward(x))
    });
    for name in ["train/mlp_adam", "train/mlp_adam_fused"] {
        bench.case(name, work, || {
            let (network, (x, y)) = (network(), batch());
            classifying(Adam::new(network.parameters(), 0.001), x, y, move |x| network.forward(x))
        });
    }
    bench.case("train/mlp_fwd_infer", Work { flops: work.flops / 3.0, ..work }, || {
        let (network, x) = (network(), rand([128, 784]));
        move || no_grad(|| network.forward(&x))
    });
}

fn lenet(bench: &mut Bench) {
    // The convolutions as the products they are: outputs per sample times taps.
    let layers = [(6 * 28 * 28, 25), (16 * 10 * 10, 150), (120, 400), (84, 120), (10, 84)];
    bench.case("train/lenet_sgd", training_of(&layers, 64), || {
        let network: Sequential = sequential![
            Conv2d::with(1, 6, 5, |conv| conv.padding(2)),
            ReLU::new(),
            MaxPool2d::new(2),
            Conv2d::new(6, 16, 5),
            ReLU::new(),
            MaxPool2d::new(2),
            Flatten::new(),
            Linear::new(400, 120),
            ReLU::new(),
            Linear::new(120, 84),
            ReLU::new(),
            Linear::new(84, 10),
        ];
        let (x, y) = (rand([64, 1, 28, 28]), labels(64));
        classifying(SGD::new(network.parameters(), 0.01), x, y, move |x| network.forward(x))
    });
}

/// The network of lab 4.
fn convolutional(bench: &mut Bench) {
    let layers = [(64 * 28 * 28, 9), (128 * 14 * 14, 576), (64 * 7 * 7, 1152), (20, 576), (10, 20)];
    bench.case("train/cnn_b32_adam", training_of(&layers, 32), || {
        let convolution = |from: usize, to: usize| Conv2d::with(from, to, 3, |conv| conv.padding(1));
        let network: Sequential = sequential![
            convolution(1, 64),
            ReLU::new(),
            MaxPool2d::new(2),
            convolution(64, 128),
            ReLU::new(),
            MaxPool2d::new(2),
            convolution(128, 64),
            ReLU::new(),
            MaxPool2d::new(2),
            Flatten::new(),
            Linear::new(576, 20),
            ReLU::new(),
            Linear::new(20, 10),
        ];
        let (x, y) = (rand([32, 1, 28, 28]), labels(32));
        classifying(Adam::new(network.parameters(), 0.001), x, y, move |x| network.forward(x))
    });
}

#[derive(Module)]
struct Recurrent {
    lstm: LSTM,
    out: Linear,
}

impl Forward for Recurrent {
    fn forward(&self, x: &Tensor) -> Tensor {
        let (output, _) = self.lstm.forward(x, None);
        self.out.forward(&output.select(1, -1))
    }
}

fn recurrent(bench: &mut Bench) {
    let layers = [(512, 64), (512, 128), (512, 128), (512, 128)];
    bench.case("train/lstm_h128_l2_s64_b32_adam", training_of(&layers, 64 * 32), || {
        let lstm = LSTM::with(64, 128, |lstm| lstm.num_layers(2).batch_first(true));
        let network = Recurrent { lstm, out: Linear::new(128, 10) };
        let (x, y) = (rand([32, 64, 64]), labels(32));
        classifying(Adam::new(network.parameters(), 0.001), x, y, move |x| network.forward(x))
    });
}

/// A layer of a Transformer's encoder: four heads, normalization first, gelu, no dropout.
fn transformer(bench: &mut Bench) {
    let (width, inner) = (256, 1024);
    // The attention's products are as two layers of (steps, width).
    let layers = [(3 * width, width), (width, width), (inner, width), (width, inner), (128, width), (128, width)];
    bench.case("train/transformer_b16_s128_d256_adam", training_of(&layers, 16 * 128), || {
        let layer = TransformerEncoderLayer::with(width, 4, |layer| {
            layer.dim_feedforward(inner).dropout(0.0).activation(Activation::Gelu).batch_first(true).norm_first(true)
        });
        let (x, t) = (rand([16, 128, 256]), rand([16, 128, 256]));
        let criterion = MSELoss::new();
        training(Adam::new(layer.parameters(), 0.001), move || criterion.forward(&layer.forward(&x), &t))
    });
}

#[derive(Module)]
struct Variational {
    encode: Linear,
    mean: Linear,
    log_var: Linear,
    decode: Linear,
    image: Linear,
}

impl Variational {
    fn loss(&self, x: &Tensor) -> Tensor {
        let h = self.encode.forward(x).relu();
        let (mean, log_var) = (self.mean.forward(&h), self.log_var.forward(&h));
        let z = &mean + randn_like(&mean) * (&log_var * 0.5).exp();
        let image = self.image.forward(&self.decode.forward(&z).relu()).sigmoid();
        let divergence = (&log_var + 1.0 - mean.pow(2.0) - log_var.exp()).sum() * -0.5;
        image.binary_cross_entropy(x, None, Reduction::Sum) + divergence
    }
}

fn variational(bench: &mut Bench) {
    let layers = [(400, 784), (20, 400), (20, 400), (400, 20), (784, 400)];
    bench.case("train/vae_b128_adam", training_of(&layers, 128), || {
        let network = Variational {
            encode: Linear::new(784, 400),
            mean: Linear::new(400, 20),
            log_var: Linear::new(400, 20),
            decode: Linear::new(20, 400),
            image: Linear::new(400, 784),
        };
        let x = rand([128, 784]);
        training(Adam::new(network.parameters(), 0.001), move || network.loss(&x))
    });
}

/// Optimizer steps alone.
fn steps(bench: &mut Bench) {
    let parameters = |count: usize, len: usize| -> Vec<Tensor> {
        let parameters: Vec<Tensor> = (0..count).map(|_| parameter(&[len])).collect();
        parameters.iter().for_each(|p| p.set_grad(Some(rand([len]))));
        parameters
    };
    // The parameter and what is remembered of it are read and written, the gradient is read.
    let work = |memories: usize, numbers: usize| floats((2 * (1 + memories) + 1) * numbers);
    for (name, count, len) in
        [("adam_step_10M", 10, 1_000_000), ("adam_step_10M_fused", 10, 1_000_000), ("adam_step_100x1000", 100, 1000)]
    {
        bench.case(&format!("train/{name}"), work(2, count * len), || {
            let mut optimizer = Adam::new(parameters(count, len), 0.001);
            move || optimizer.step()
        });
    }
    bench.case("train/sgd_momentum_step_10M", work(1, 10_000_000), || {
        let mut optimizer = SGD::with(parameters(10, 1_000_000), 0.001, |sgd| sgd.momentum(0.9));
        move || optimizer.step()
    });
}
