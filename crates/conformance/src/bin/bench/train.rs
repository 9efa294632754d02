//! Training steps of small networks, written with the operations alone, and optimizer steps over many parameters.

use crate::measure::{Bench, Work, floats, flops, parameter};
use sconce::prelude::*;
use tensor_core::compose::attention::Attention;
use tensor_core::op::activation::Approximate;
use tensor_core::op::conv::ConvOptions;
use tensor_core::op::pool::MaxPoolOptions;
use tensor_core::op::update::{Adam, Sgd, Update};
use tensor_core::op::{CrossEntropy, Reduction, RnnOptions};

/// Small steps of both optimizers, so that the code is in memory.
pub fn load_code() {
    let target = randint(0, 4, [32]);
    let x = rand([32, 64]);
    for network in [Trained::sgd(&[&[64, 4], &[4]]), Trained::adam(&[&[64, 4], &[4]])] {
        let x = x.clone();
        network.training(|p| (x.matmul(&p[0]) + &p[1]).relu().cross_entropy(&target, CrossEntropy::default()))();
    }
}

/// Parameters, and what an optimizer remembers of each.
struct Trained {
    parameters: Vec<Tensor>,
    memory: Vec<Vec<Tensor>>,
    update: Update,
}

impl Trained {
    /// Parameters of these shapes, moved by `update` with `memories` tensors of memory each.
    fn new(shapes: &[&[usize]], update: Update, memories: usize) -> Trained {
        // As wide as PyTorch's layers draw them: within 1/√(inputs).
        let spread = |shape: &[usize]| 1.0 / (shape[1..].iter().product::<usize>() as f64).sqrt();
        let draw = |shape: &&[usize]| (rand(*shape) * 2.0 - 1.0) * spread(shape);
        let parameters: Vec<Tensor> = shapes.iter().map(|s| draw(s).detach().requires_grad_(true)).collect();
        let remember = |p: &Tensor| (0..memories).map(|_| zeros(p.shape().clone())).collect();
        let memory = parameters.iter().map(remember).collect();
        Trained { parameters, memory, update }
    }

    fn sgd(shapes: &[&[usize]]) -> Trained {
        Trained::new(shapes, Update::Sgd(Sgd { lr: 0.01, ..Sgd::default() }), 0)
    }

    fn adam(shapes: &[&[usize]]) -> Trained {
        Trained::new(shapes, Update::Adam(Adam::default()), 2)
    }

    /// Moves every parameter along its gradient.
    fn step(&mut self) {
        if let Update::Adam(adam) = &mut self.update {
            adam.step += 1;
        }
        no_grad(|| {
            for (parameter, memory) in self.parameters.iter().zip(&self.memory) {
                let memory: Vec<&Tensor> = memory.iter().collect();
                parameter.update_(self.update, &parameter.grad().expect("backward has run"), &memory);
            }
        });
    }

    /// A closure that takes a training step of this network's `loss`.
    fn training(mut self, loss: impl Fn(&[Tensor]) -> Tensor) -> impl FnMut() {
        move || {
            self.parameters.iter().for_each(|p| p.set_grad(None));
            loss(&self.parameters).backward();
            self.step();
        }
    }
}

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    perceptron(bench);
    lenet(bench);
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
    let shapes: &[&[usize]] = &[&[512, 784], &[512], &[512, 512], &[512], &[10, 512], &[10]];
    let layers = [(512, 784), (512, 512), (10, 512)];
    let network = |x: &Tensor, p: &[Tensor]| {
        let [w, b, v, c, u, d] = p else { unreachable!("six parameters") };
        let h = x.linear(w, Some(b)).relu();
        h.linear(v, Some(c)).relu().linear(u, Some(d))
    };
    let training = |trained: Trained| {
        let (x, y) = (rand([128, 784]), labels(128));
        trained.training(move |p| network(&x, p).cross_entropy(&y, CrossEntropy::default()))
    };
    let work = training_of(&layers, 128);
    bench.case("train/mlp_sgd", work, || training(Trained::sgd(shapes)));
    bench.case("train/mlp_adam", work, || training(Trained::adam(shapes)));
    bench.case("train/mlp_adam_fused", work, || training(Trained::adam(shapes)));
    bench.case("train/mlp_fwd_infer", Work { flops: work.flops / 3.0, ..work }, || {
        let (trained, x) = (Trained::sgd(shapes), rand([128, 784]));
        move || no_grad(|| network(&x, &trained.parameters))
    });
}

fn lenet(bench: &mut Bench) {
    let shapes: &[&[usize]] =
        &[&[6, 1, 5, 5], &[6], &[16, 6, 5, 5], &[16], &[120, 400], &[120], &[84, 120], &[84], &[10, 84], &[10]];
    // The convolutions as the products they are: outputs per sample times taps.
    let layers = [(6 * 28 * 28, 25), (16 * 10 * 10, 150), (120, 400), (84, 120), (10, 84)];
    bench.case("train/lenet_sgd", training_of(&layers, 64), || {
        let (x, y) = (rand([64, 1, 28, 28]), labels(64));
        let padded = ConvOptions { padding: 2.into(), ..ConvOptions::default() };
        let pool = |x: Tensor| x.relu().max_pool2d(2, MaxPoolOptions::default());
        Trained::sgd(shapes).training(move |p| {
            let x = pool(x.conv2d(&p[0], Some(&p[1]), padded));
            let x = pool(x.conv2d(&p[2], Some(&p[3]), ConvOptions::default()));
            let x = x.flatten_dims(1, -1).linear(&p[4], Some(&p[5])).relu();
            let x = x.linear(&p[6], Some(&p[7])).relu().linear(&p[8], Some(&p[9]));
            x.cross_entropy(&y, CrossEntropy::default())
        })
    });
}

fn recurrent(bench: &mut Bench) {
    let shapes: &[&[usize]] =
        &[&[512, 64], &[512, 128], &[512], &[512], &[512, 128], &[512, 128], &[512], &[512], &[10, 128], &[10]];
    let layers = [(512, 64), (512, 128), (512, 128), (512, 128)];
    bench.case("train/lstm_h128_l2_s64_b32_adam", training_of(&layers, 64 * 32), || {
        let (x, y, h) = (rand([32, 64, 64]), labels(32), zeros([2, 32, 128]));
        let options = RnnOptions { num_layers: 2, batch_first: true, ..RnnOptions::default() };
        Trained::adam(shapes).training(move |p| {
            let (output, ..) = x.lstm((&h, &h), &p[..8], options);
            let last = output.select(1, -1);
            last.linear(&p[8], Some(&p[9])).cross_entropy(&y, CrossEntropy::default())
        })
    });
}

/// A layer of a Transformer's encoder: four heads, normalization first, gelu, no dropout.
fn transformer(bench: &mut Bench) {
    let (width, inner) = (256, 1024);
    let shapes: &[&[usize]] = &[
        &[3 * width, width],
        &[3 * width],
        &[width, width],
        &[width],
        &[inner, width],
        &[inner],
        &[width, inner],
        &[width],
        &[width],
        &[width],
        &[width],
        &[width],
    ];
    // The attention's products are as two layers of (steps, width).
    let layers = [(3 * width, width), (width, width), (inner, width), (width, inner), (128, width), (128, width)];
    bench.case("train/transformer_b16_s128_d256_adam", training_of(&layers, 16 * 128), || {
        let (x, t) = (rand([16, 128, 256]), rand([16, 128, 256]));
        Trained::adam(shapes).training(move |p| {
            let norm = |x: &Tensor, i: usize| x.layer_norm([256], Some(&p[i]), Some(&p[i + 1]), 1e-5);
            let qkv = norm(&x, 8).linear(&p[0], Some(&p[1])).view([16, 128, 3, 4, 64]).permute([2, 0, 3, 1, 4]);
            let [q, k, v] = [0, 1, 2].map(|i| qkv.select(0, i));
            let seen = q.scaled_dot_product_attention(&k, &v, Attention::default());
            let x = &x + &seen.transpose(1, 2).reshape([16, 128, 256]).linear(&p[2], Some(&p[3]));
            let inner = norm(&x, 10).linear(&p[4], Some(&p[5])).gelu(Approximate::None);
            let y = &x + &inner.linear(&p[6], Some(&p[7]));
            y.mse_loss(&t, Reduction::Mean)
        })
    });
}

fn variational(bench: &mut Bench) {
    let shapes: &[&[usize]] =
        &[&[400, 784], &[400], &[20, 400], &[20], &[20, 400], &[20], &[400, 20], &[400], &[784, 400], &[784]];
    let layers = [(400, 784), (20, 400), (20, 400), (400, 20), (784, 400)];
    bench.case("train/vae_b128_adam", training_of(&layers, 128), || {
        let x = rand([128, 784]);
        Trained::adam(shapes).training(move |p| {
            let layer = |x: &Tensor, i: usize| x.linear(&p[2 * i], Some(&p[2 * i + 1]));
            let h = layer(&x, 0).relu();
            let (mean, log_var) = (layer(&h, 1), layer(&h, 2));
            let z = &mean + randn_like(&mean) * (&log_var * 0.5).exp();
            let image = layer(&layer(&z, 3).relu(), 4).sigmoid();
            let divergence = (&log_var + 1.0 - mean.pow(2.0) - log_var.exp()).sum() * -0.5;
            image.binary_cross_entropy(&x, None, Reduction::Sum) + divergence
        })
    });
}

/// Optimizer steps alone.
fn steps(bench: &mut Bench) {
    let mut case = |name: &str, update: Update, memories: usize, count: usize, len: usize| {
        // The parameter and the memory are read and written, the gradient is read.
        let work = floats((2 * (1 + memories) + 1) * count * len);
        bench.case(&format!("train/{name}"), work, || {
            let parameters: Vec<Tensor> = (0..count).map(|_| parameter(&[len])).collect();
            parameters.iter().for_each(|p| p.set_grad(Some(rand([len]))));
            let memory = parameters.iter().map(|_| (0..memories).map(|_| zeros([len])).collect()).collect();
            let mut trained = Trained { parameters, memory, update };
            move || trained.step()
        });
    };
    let (adam, million) = (Update::Adam(Adam::default()), 1_000_000);
    case("adam_step_10M", adam, 2, 10, million);
    case("adam_step_10M_fused", adam, 2, 10, million);
    case("sgd_momentum_step_10M", Update::Sgd(Sgd { momentum: 0.9, ..Sgd::default() }), 1, 10, million);
    case("adam_step_100x1000", adam, 2, 100, 1000);
}
