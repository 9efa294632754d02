//! Draws one figure of each kind into the folder given: `cargo run -p train --example gallery -- figures`.

use std::path::Path;
use tensor::{manual_seed, rand, randn};
use train::figures::{Confusion, Contour, Curves, Figure, Histograms, ImageGrid, Numbers, Scatter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let at = |name: &str| Path::new(&folder).join(name).with_extension("svg");
    std::fs::create_dir_all(&folder)?;
    manual_seed(0);

    let noise = randn([60]).numbers();
    let curve = |fast: f64, end: f64, rough: f64| -> Vec<f64> {
        (0..60)
            .map(|epoch| 2.3 * (-f64::from(epoch) / fast).exp() + end + rough * noise[epoch as usize].abs())
            .collect()
    };
    let loss = Curves::new("Loss of a classifier")
        .axes("epoch", "cross-entropy")
        .curve("train", &curve(6.0, 0.004, 0.002))
        .curve("validation", &curve(7.0, 0.12, 0.03));
    loss.save(at("curves"))?;
    loss.log().save(at("curves-log"))?;
    let names = ["SGD", "SGD with momentum", "Nesterov", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta"];
    let many =
        names.iter().enumerate().fold(Curves::new("Optimizers").axes("step", "loss"), |figure, (number, name)| {
            figure.curve(*name, &curve(3.0 + 4.0 * number as f64, 0.02, 0.0))
        });
    many.save(at("curves-many"))?;

    let mut counts = (rand([10, 10]) * 12.0).floor();
    counts += tensor::eye(10) * 953.0;
    let classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    Confusion::new("CIFAR-10, test set", &counts).labels(classes).save(at("confusion"))?;
    let two = tensor::tensor![[50, 2], [15, 43]];
    Confusion::new("Two classes", &two).labels(["no", "yes"]).save(at("confusion-two"))?;

    let images = rand([12, 3, 16, 16]);
    ImageGrid::new("Noise in colours", &images)
        .captions((0..12).map(|n| format!("class {n}")))
        .columns(6)
        .save(at("grid"))?;
    ImageGrid::new("Grey", &randn([20, 1, 28, 28])).save(at("grid-grey"))?;

    let mut weights = Histograms::new("Weights after training");
    for (name, count) in [("0.weight", 8000), ("0.bias", 64), ("2.weight", 4000), ("2.bias", 10)] {
        weights = weights.values(name, &(randn([count]) * 0.05));
    }
    weights.save(at("histograms"))?;

    let x = rand([80]) * 10.0;
    let y = &x * 1.7 + 2.0 + randn([80]) * 1.5;
    Scatter::new("Linear regression")
        .points("data", &x, &y)
        .function("fitted: 1.70 x + 2.00", |x| 1.7 * x + 2.0)
        .save(at("scatter"))?;

    let rosenbrock = |x: f64, y: f64| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
    let descend = |rate: f64, momentum: f64| {
        let (mut x, mut y, mut vx, mut vy) = (-1.5f64, 2.0f64, 0.0, 0.0);
        let mut path = vec![(x, y)];
        for _ in 0..2000 {
            let (gx, gy) = (-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x));
            (vx, vy) = (momentum * vx + gx, momentum * vy + gy);
            (x, y) = (x - rate * vx, y - rate * vy);
            path.push((x, y));
        }
        path
    };
    Contour::new("Rosenbrock's function", -2.0..2.0, -1.0..3.0, rosenbrock)
        .path("gradient descent", &descend(5e-4, 0.0))
        .path("momentum", &descend(2e-4, 0.9))
        .mark(1.0, 1.0)
        .save(at("contour"))?;
    Contour::new("A bowl", -2.0..2.0, -1.0..1.0, |x, y| x * x + 8.0 * y * y)
        .path("out", &[(1.5, 0.5), (-1.0, -0.4), (0.5, 3.0)])
        .save(at("bowl"))?;
    Ok(())
}
