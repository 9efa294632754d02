//! Writes event files with each kind of value into the folder given: `cargo run -p train --example events -- runs/example`.

use tensor::{manual_seed, rand, randn};
use train::tensorboard::SummaryWriter;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut writer = SummaryWriter::new(std::env::args().nth(1).ok_or("which folder?")?)?;
    manual_seed(0);
    for step in 0..20 {
        let time = step as f64;
        writer.add_scalar("loss/train", 2.0 / (1.0 + time), step)?;
        writer.add_scalars("waves", &[("sine", (0.3 * time).sin()), ("cosine", (0.3 * time).cos())], step)?;
        writer.add_histogram("weights", &(randn([1000]) * (1.0 + 0.1 * time) + 0.5), step)?;
    }
    writer.add_image("noise", &rand([3, 8, 12]), 0)?;
    writer.add_text("settings", "`lr` is **0.1**, µ = 0.9", 0)?;
    Ok(writer.flush()?)
}
