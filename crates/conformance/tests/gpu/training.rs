//! Whole trainings: the six kinds of networks whose losses follow PyTorch's on the CPU follow the CPU's on a GPU, from the same initial
//! parameters on the same data. Dropout is left out, as a GPU draws its own numbers.

use super::{cut_as_hardware, gpu};
use sconce::nn::utils::clip_grad_norm_;
use sconce::nn::*;
use sconce::optim::{Adam, SGD};
use sconce::prelude::*;
use sconce::with_generator;

/// How far losses may be apart, of their size. A step's rounding errors are some 1e-6 of it, and later steps enlarge them.
const TOLERANCE: f64 = 1e-4;

/// From x to the scores of three classes, the parameters, and the optimizer.
type Net = (Box<dyn Fn(&Tensor) -> Tensor>, Vec<Tensor>, Box<dyn Optimizer>);

fn images(device: &'static dyn Device) -> Net {
    let net = sequential![
        Conv2d::with(1, 4, 3, |conv| conv.padding(1)),
        BatchNorm2d::new(4),
        ReLU::new(),
        MaxPool2d::new(2),
        Conv2d::with(4, 8, 3, |conv| conv.bias(false)),
        BatchNorm2d::new(8),
        ReLU::new(),
        AdaptiveAvgPool2d::new(1),
        Flatten::new(),
        Linear::new(8, 3),
    ]
    .to(device);
    let parameters = net.parameters();
    let sgd = SGD::with(parameters.clone(), 0.1, |sgd| sgd.momentum(0.9).nesterov(true));
    (Box::new(move |x| net.forward(x)), parameters, Box::new(sgd))
}

fn vectors(device: &'static dyn Device) -> Net {
    let net = sequential![Linear::new(8, 16), ReLU::new(), Linear::new(16, 16), Tanh::new(), Linear::new(16, 3)];
    let net = net.to(device);
    let parameters = net.parameters();
    let adam = Adam::with(parameters.clone(), 0.01, |adam| adam.weight_decay(0.001));
    (Box::new(move |x| net.forward(x)), parameters, Box::new(adam))
}

/// A network over steps of four numbers, and a layer from what `read` makes of its output.
fn steps<M: Module + 'static>(
    body: M,
    device: &'static dyn Device,
    read: impl Fn(&M, &Tensor) -> Tensor + 'static,
) -> Net {
    let (body, head) = (body.to(device), Linear::new(4, 3).to(device));
    let parameters: Vec<Tensor> = body.parameters().into_iter().chain(head.parameters()).collect();
    let adam = Adam::new(parameters.clone(), 0.01);
    (Box::new(move |x| head.forward(&read(&body, x))), parameters, Box::new(adam))
}

fn encoder() -> TransformerEncoder {
    let layer = TransformerEncoderLayer::with(4, 2, |layer| layer.dim_feedforward(8).dropout(0.0));
    TransformerEncoder::new(layer, 2)
}

/// The losses of a training of so many steps.
fn losses(
    make: &dyn Fn(&'static dyn Device) -> Net,
    shape: &[usize],
    device: &'static dyn Device,
    count: usize,
) -> Vec<f64> {
    with_generator(&Generator::new().manual_seed(0), || {
        let (net, parameters, mut optimizer) = make(device);
        // Of sequences, the second size is the number of samples.
        let samples = if shape.len() == 3 { shape[1] } else { shape[0] };
        let (x, y) = (randn(shape).to(device), randint(0, 3, [samples]).to(device));
        let criterion = CrossEntropyLoss::with(|loss| loss.label_smoothing(0.1));
        let step = |_| {
            optimizer.zero_grad();
            let loss = criterion.forward(&net(&x), &y);
            loss.backward();
            clip_grad_norm_(&parameters, 1.0);
            optimizer.step();
            loss.item::<f64>()
        };
        (0..count).map(step).collect()
    })
}

fn follows(name: &str, shape: &[usize], count: usize, make: impl Fn(&'static dyn Device) -> Net) {
    let Some(gpu) = gpu() else { return };
    let (ours, theirs) = (losses(&make, shape, gpu, count), losses(&make, shape, cpu(), count));
    for (step, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert!(
            (ours - theirs).abs() <= TOLERANCE * theirs,
            "{name}, step {step}: {ours} on the GPU, {theirs} on the CPU"
        );
    }
    assert!(theirs[count - 1] < theirs[0], "{name} learns");
}

#[test]
fn a_multilayer_perceptron() {
    follows("MLP", &[40, 8], 40, vectors);
}

#[test]
fn a_convolutional_network_with_batch_normalization() {
    follows("CNN", &[20, 1, 8, 8], 40, images);
}

#[test]
fn recurrent_networks() {
    follows("RNN", &[6, 8, 4], 40, |device| steps(RNN::new(4, 4), device, |net, x| net.forward(x, None).0.i(-1)));
    follows("LSTM", &[6, 8, 4], 40, |device| steps(LSTM::new(4, 4), device, |net, x| net.forward(x, None).0.i(-1)));
    follows("GRU", &[6, 8, 4], 40, |device| steps(GRU::new(4, 4), device, |net, x| net.forward(x, None).0.i(-1)));
}

#[test]
fn a_transformer_encoder() {
    follows("Transformer encoder", &[6, 8, 4], 40, |device| {
        steps(encoder(), device, |net, x| net.forward(x).mean_dim(0, false))
    });
}

#[test]
fn as_cut_for_hardware() {
    cut_as_hardware(|| {
        follows("MLP", &[40, 8], 10, vectors);
        follows("CNN", &[20, 1, 8, 8], 10, images);
        follows("GRU", &[6, 8, 4], 10, |device| steps(GRU::new(4, 4), device, |net, x| net.forward(x, None).0.i(-1)));
        follows("Transformer encoder", &[6, 8, 4], 10, |device| {
            steps(encoder(), device, |net, x| net.forward(x).mean_dim(0, false))
        });
    });
}
