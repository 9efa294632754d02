//! What is printed, and what is refused in which words.

use crate::{fixtures, make, options, panics, parameters};
use sconce::optim::lr_scheduler::*;
use sconce::optim::{Adadelta, Adam, Adamax, LBFGS, Optimizer, ParamGroup, SGD, Settings};
use sconce::{DType, Gradient, Tensor};
use std::panic::AssertUnwindSafe;
use std::sync::Once;

/// The text of the panic of `call`, which points to this folder: to the caller's line.
fn refusal<T>(call: impl FnOnce() -> T) -> String {
    static WATCH: Once = Once::new();
    WATCH.call_once(panics::watch);
    let panic = panics::caught(AssertUnwindSafe(|| _ = call())).expect("nothing was refused");
    assert!(panic.file.contains("tests/optim") && panic.line > 0, "{} points to {}", panic.text, panic.file);
    panic.text
}

#[test]
fn optimizers_print_as_pytorchs() {
    for line in fixtures("repr") {
        let [_, name, text, expected] = line[..] else { panic!("{line:?}") };
        let own = match name {
            "LBFGS" => {
                let (all, _) = options(text);
                let read = |mut settings: sconce::optim::LbfgsOptions| {
                    settings.read(&all);
                    settings
                };
                LBFGS::with([sconce::zeros([1])], all.number("lr"), read).to_string()
            }
            name => make(name, text, &parameters(DType::F32)).to_string(),
        };
        assert_eq!(own.replace('\n', "|"), expected);
    }
}

#[test]
fn settings_are_refused_in_pytorchs_words() {
    for line in fixtures("error") {
        let [_, name, text, expected] = line[..] else { panic!("{line:?}") };
        assert_eq!(refusal(|| make(name, text, &parameters(DType::F32))), expected, "{name} {text}");
    }
    let x = sconce::zeros([1]);
    assert_eq!(refusal(|| LBFGS::new([x.clone()], -1.0)), "Invalid learning rate: -1.0");
}

#[test]
fn parameters_are_refused_in_pytorchs_words() {
    let (x, y) = (sconce::zeros([1]).requires_grad_(true), sconce::zeros([1]));
    assert_eq!(refusal(|| Adam::new(Vec::<Tensor>::new(), 0.1)), "optimizer got an empty parameter list");
    assert_eq!(refusal(|| Adamax::new([&x * 2.0], 0.1)), "can't optimize a non-leaf Tensor");
    let group = || ParamGroup::new([x.clone()]);
    let shared = "some parameters appear in more than one parameter group";
    assert_eq!(refusal(|| Adadelta::new(vec![group(), group()], None)), shared);
    let mut sgd = SGD::new([x.clone()], 0.1);
    assert_eq!(refusal(|| sgd.add_param_group(group())), shared);
    assert_eq!(sgd.param_groups().len(), 1);
    sgd.add_param_group(ParamGroup::new([y.clone()]).lr(0.5));
    assert_eq!((sgd.param_groups().group(1).lr(), sgd.param_groups().group(1).number("momentum")), (0.5, 0.0));
    let several = "LBFGS doesn't support per-parameter options (parameter groups)";
    assert_eq!(refusal(|| LBFGS::new(vec![group(), ParamGroup::new([y.clone()])], 0.1)), several);
    let mut lbfgs = LBFGS::new([x.clone()], 0.1);
    assert_eq!(refusal(|| lbfgs.step()), "LBFGS.step() missing 1 required positional argument: 'closure'");
}

#[test]
fn schedules_are_refused_in_pytorchs_words() {
    let adagrad = sconce::optim::Adagrad::new([sconce::zeros([1])], 0.1);
    let sgd = SGD::new([sconce::zeros([1])], 0.1);
    let constant = refusal(|| ConstantLR::with(&sgd, |s| s.factor(1.5)));
    assert_eq!(constant, "Constant multiplicative factor expected to be between 0 and 1.");
    let linear = refusal(|| LinearLR::with(&sgd, |s| s.start_factor(0.0)));
    assert_eq!(linear, "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
    let linear = refusal(|| LinearLR::with(&sgd, |s| s.end_factor(1.5)));
    assert_eq!(linear, "Ending multiplicative factor expected to be between 0 and 1.");
    let cycle = "optimizer must support momentum or beta1 with `cycle_momentum` option enabled";
    assert_eq!(refusal(|| OneCycleLR::with(&adagrad, 0.1, |s| s.total_steps(5))), cycle);
    assert_eq!(refusal(|| CyclicLR::new(&adagrad, 0.1, 0.2)), cycle);
    assert_eq!(
        refusal(|| CyclicLR::with(&sgd, 0.1, 0.2, |s| s.mode("square"))),
        "mode is invalid and scale_fn is None"
    );
    let lacking = "You must define either total_steps OR (epochs AND steps_per_epoch)";
    assert_eq!(refusal(|| OneCycleLR::new(&sgd, 0.1)), lacking);
    let total = refusal(|| OneCycleLR::with(&sgd, 0.1, |s| s.total_steps(0)));
    assert_eq!(total, "Expected positive integer total_steps, but got 0");
    let part = refusal(|| OneCycleLR::with(&sgd, 0.1, |s| s.total_steps(5).pct_start(1.5)));
    assert_eq!(part, "Expected float between 0 and 1 pct_start, but got 1.5");
    let ended = OneCycleLR::with(&sgd, 0.1, |s| s.total_steps(2));
    (0..2).for_each(|_| ended.step());
    assert_eq!(refusal(|| ended.step()), "Tried to step 3 times. The specified number of total steps is 2");
    let lengths = refusal(|| CyclicLR::new(&sgd, 0.1, vec![0.1, 0.2]));
    assert_eq!(
        lengths,
        "max_lr must have the same length as optimizer.param_groups. max_lr has 2 values, param_groups has 1."
    );
    assert_eq!(refusal(|| ReduceLROnPlateau::with(&sgd, |s| s.factor(1.0))), "Factor should be < 1.0.");
    assert_eq!(refusal(|| ReduceLROnPlateau::with(&sgd, |s| s.mode("up"))), "mode up is unknown!");
    let restarts = refusal(|| CosineAnnealingWarmRestarts::new(&sgd, 0));
    assert_eq!(restarts, "Expected positive integer T_0, but got 0");
    let resumed = refusal(|| StepLR::with(&SGD::new([sconce::zeros([1])], 0.1), 3, |s| s.last_epoch(4)));
    assert!(resumed.starts_with("param 'initial_lr' is not specified in param_groups[0] when resuming"), "{resumed}");
    assert_eq!(
        refusal(|| SequentialLR::new(&sgd, vec![], [])),
        "SequentialLR expects at least one scheduler, but got no scheduler."
    );
    let other: Schedulers = vec![Box::new(ExponentialLR::new(&adagrad, 0.5))];
    let other = refusal(|| SequentialLR::new(&sgd, other, []));
    assert!(other.contains("but got scheduler ExponentialLR at index 0 has Adagrad (\n"), "{other}");
    assert!(other.ends_with("which is different from SGD."), "{other}");
}
