//! Whole trainings against PyTorch's: network, data, shuffled loader, optimizer and schedule, all from one seed.

use crate::numbers::list;
use sconce::data::DataLoader;
use sconce::nn::*;
use sconce::optim::lr_scheduler::StepLR;
use sconce::optim::{Adam, SGD};
use sconce::prelude::*;
use serde_json::Value;

const CASES: &str = include_str!("../../fixtures/training.jsonl");

/// The training of that name: network, shape of the inputs, optimizer, loss.
fn made(name: &str) -> (Sequential, Vec<usize>, Box<dyn Optimizer>, CrossEntropyLoss) {
    match name {
        "mlp" => {
            let net = sequential![
                Linear::new(8, 16),
                ReLU::new(),
                Dropout::new(0.1),
                Linear::new(16, 16),
                Tanh::new(),
                Linear::new(16, 3),
            ];
            let optimizer = Adam::with(net.parameters(), 0.01, |adam| adam.weight_decay(0.001));
            (net, vec![40, 8], Box::new(optimizer), CrossEntropyLoss::with(|loss| loss.label_smoothing(0.1)))
        }
        "cnn" => {
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
            ];
            let optimizer = SGD::with(net.parameters(), 0.1, |sgd| sgd.momentum(0.9).nesterov(true));
            (net, vec![40, 1, 8, 8], Box::new(optimizer), CrossEntropyLoss::new())
        }
        other => panic!("there is no training {other}"),
    }
}

#[test]
fn forty_steps_follow_pytorch() {
    let _alone = crate::numbers::alone();
    for case in CASES.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON")) {
        let name = case["training"].as_str().expect("a name");
        manual_seed(0);
        let (net, shape, mut optimizer, criterion) = made(name);
        let (x, y) = (randn(&shape[..]), randint(0, 3, [40]));
        let set = TensorDataset::new((x.clone(), y.clone()));
        let loader = DataLoader::with(set, |loader| loader.batch_size(10).shuffle(true));
        let schedule = StepLR::with(&*optimizer, 4, |step| step.gamma(0.5));
        let near = |what: &str, found: f64, expected: &Value| {
            let expected = expected.as_f64().expect("a number");
            assert!((found - expected).abs() <= 1e-4 * expected, "{name}, {what}: {found}, in PyTorch {expected}");
        };
        let mut expected = list(&case["losses"]).iter();
        for epoch in 0..10 {
            for (x, y) in &loader {
                optimizer.zero_grad();
                let loss = criterion.forward(&net.forward(&x), &y);
                loss.backward();
                optimizer.step();
                near(&format!("epoch {epoch}"), loss.item(), expected.next().expect("a loss"));
            }
            schedule.step();
        }
        net.eval();
        near("evaluation", criterion.forward(&net.forward(&x), &y).item(), &case["evaluation"]);
    }
}
