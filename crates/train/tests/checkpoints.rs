//! Checkpoints in files: what was saved comes back, and what is wrong with a file is told.

use nn::{Linear, Module, ReLU, StateDict, sequential};
use std::path::PathBuf;
use tensor::ErrorKind;
use train::Checkpoint;

fn place(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("sconce-{}-{name}.safetensors", std::process::id()))
}

#[test]
fn all_parts_come_back() {
    let path = place("parts");
    let net = sequential![Linear::new(3, 4), ReLU::new(), Linear::new(4, 2)];
    let momentum: StateDict = [("0.momentum_buffer".to_string(), tensor::randn([4, 3]))].into_iter().collect();
    let numbers = [("epoch", 12.0), ("best", 0.1 + 0.2), ("worst", f64::INFINITY), ("tiny", f64::MIN_POSITIVE)];
    let mut checkpoint = Checkpoint::of(&net).group("optimizer", momentum.clone()).group("none", StateDict::new());
    for (name, value) in numbers {
        checkpoint = checkpoint.number(name, value);
    }
    checkpoint.save(&path).unwrap();
    let back = Checkpoint::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for (name, value) in numbers {
        assert_eq!(back.get(name).unwrap().to_bits(), value.to_bits(), "{name}");
    }
    let other = sequential![Linear::new(3, 4), ReLU::new(), Linear::new(4, 2)];
    back.restore(&other).unwrap();
    for (one, two) in net.parameters().iter().zip(other.parameters()) {
        assert!(one.equal(&two));
    }
    let kept = back.tensors("optimizer").unwrap();
    assert!(kept.get("0.momentum_buffer").unwrap().equal(momentum.get("0.momentum_buffer").unwrap()));
    assert!(back.tensors("none").unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_told() {
    let path = place("wrong");
    let text = |error: tensor::Error| (error.kind(), error.text().to_string());
    assert_eq!(text(Checkpoint::load(&path).unwrap_err()).0, ErrorKind::Io);

    std::fs::write(&path, b"not a file of tensors").unwrap();
    assert!(text(Checkpoint::load(&path).unwrap_err()).1.contains("cannot be read"));

    let net = Linear::new(2, 2);
    net.state_dict().save(&path).unwrap();
    let (kind, why) = text(Checkpoint::load(&path).unwrap_err());
    assert!(
        kind == ErrorKind::Format && why.ends_with("is no checkpoint: its metadata do not say that it is one"),
        "{why}"
    );

    Checkpoint::of(&net).number("epoch", 1.0).save(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    assert!(Checkpoint::load(&path).is_err());
    std::fs::write(&path, &whole).unwrap();
    let back = Checkpoint::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(text(back.get("loss").unwrap_err()).1, "the checkpoint has no number `loss`, it has [epoch]");
    assert_eq!(
        text(back.tensors("optimizer").unwrap_err()).1,
        "the checkpoint has no group `optimizer`, it has [model]"
    );
    let report = text(back.restore(&Linear::new(3, 2)).unwrap_err()).1;
    assert!(report.contains("size mismatch for weight"), "{report}");
}

#[test]
#[should_panic(expected = "got `my.group`")]
fn groups_have_plain_names() {
    _ = Checkpoint::default().group("my.group", StateDict::new());
}
