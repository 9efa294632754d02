//! The rates of fifty steps, halved by somebody else on the way, and with the schedule saved and loaded.

use crate::fixtures;
use sconce::Gradient;
use sconce::optim::lr_scheduler::*;
use sconce::optim::{Adam, Dict, Optimizer, ParamGroup, SGD};

/// A schedule of either kind.
enum Any {
    Plain(Box<dyn LrScheduler>),
    Plateau(ReduceLROnPlateau),
}

impl Any {
    fn step(&self, measure: f64) {
        match self {
            Any::Plain(scheduler) => scheduler.step(),
            Any::Plateau(scheduler) => scheduler.step(measure),
        }
    }

    fn last_lr(&self) -> Vec<f64> {
        match self {
            Any::Plain(scheduler) => scheduler.get_last_lr(),
            Any::Plateau(scheduler) => scheduler.get_last_lr(),
        }
    }

    fn state_dict(&self) -> Dict {
        match self {
            Any::Plain(scheduler) => scheduler.state_dict(),
            Any::Plateau(scheduler) => scheduler.state_dict(),
        }
    }

    fn load_state_dict(&self, dict: &Dict) {
        match self {
            Any::Plain(scheduler) => scheduler.load_state_dict(dict),
            Any::Plateau(scheduler) => scheduler.load_state_dict(dict),
        }
    }
}

fn optimizer() -> SGD {
    let param = || sconce::zeros([1]).requires_grad_(true);
    SGD::with(vec![ParamGroup::new([param()]), ParamGroup::new([param()]).lr(0.05)], 0.5, |o| o.momentum(0.9))
}

fn constant(o: &SGD, factor: f64, iters: i64) -> Box<dyn LrScheduler> {
    Box::new(ConstantLR::with(o, |s| s.factor(factor).total_iters(iters)))
}

fn warmup(o: &SGD) -> Box<dyn LrScheduler> {
    Box::new(LinearLR::with(o, |s| s.start_factor(0.1).total_iters(5)))
}

fn exponential(o: &SGD) -> Box<dyn LrScheduler> {
    Box::new(ExponentialLR::new(o, 0.9))
}

fn sequence(o: &SGD, parts: Schedulers, milestones: &[i64]) -> Box<dyn LrScheduler> {
    Box::new(SequentialLR::new(o, parts, milestones))
}

fn make(name: &str, o: &SGD) -> Any {
    Any::Plain(match name {
        "step" => Box::new(StepLR::new(o, 7)),
        "step gamma" => Box::new(StepLR::with(o, 3, |s| s.gamma(0.7))),
        "milestones" => Box::new(MultiStepLR::with(o, [5, 20, 20, 33], |s| s.gamma(0.5))),
        "constant" => Box::new(ConstantLR::new(o)),
        "constant factor" => constant(o, 0.25, 40),
        "linear" => Box::new(LinearLR::new(o)),
        "linear down" => Box::new(LinearLR::with(o, |s| s.start_factor(1.0).end_factor(0.1).total_iters(40))),
        "exponential" => exponential(o),
        "polynomial" => Box::new(PolynomialLR::new(o)),
        "polynomial power" => Box::new(PolynomialLR::with(o, |s| s.total_iters(45).power(2.0))),
        "cosine" => Box::new(CosineAnnealingLR::new(o, 10)),
        "cosine min" => Box::new(CosineAnnealingLR::with(o, 50, |s| s.eta_min(0.01))),
        "restarts" => Box::new(CosineAnnealingWarmRestarts::new(o, 10)),
        "restarts longer" => Box::new(CosineAnnealingWarmRestarts::with(o, 5, |s| s.t_mult(2).eta_min(0.02))),
        "one cycle" => Box::new(OneCycleLR::with(o, 0.8, |s| s.total_steps(50))),
        "one cycle linear" => Box::new(OneCycleLR::with(o, vec![0.8, 0.4], |s| {
            s.epochs(5).steps_per_epoch(11).anneal_strategy("linear").three_phase(true).pct_start(0.4)
        })),
        "one cycle still" => {
            Box::new(OneCycleLR::with(o, 0.8, |s| s.total_steps(50).cycle_momentum(false).div_factor(5.0)))
        }
        "cyclic" => Box::new(CyclicLR::with(o, 0.1, 0.9, |s| s.step_size_up(4))),
        "cyclic halving" => Box::new(CyclicLR::with(o, 0.1, vec![0.9, 0.2], |s| {
            s.step_size_up(4).step_size_down(Some(6)).mode("triangular2")
        })),
        "cyclic range" => Box::new(CyclicLR::with(o, 0.1, 0.9, |s| {
            s.step_size_up(5).mode("exp_range").gamma(0.97).cycle_momentum(false)
        })),
        "lambda" => Box::new(LambdaLR::new(o, |epoch| 1.0 / (1 + epoch) as f64)),
        "multiplicative" => Box::new(MultiplicativeLR::new(o, |epoch| if epoch % 4 == 0 { 0.5 } else { 0.99 })),
        "sequence" => sequence(o, vec![constant(o, 0.1, 5), exponential(o), Box::new(StepLR::new(o, 4))], &[8, 25]),
        "sequence warmup" => sequence(o, vec![warmup(o), Box::new(CosineAnnealingLR::new(o, 45))], &[5]),
        "sequence restarts" => sequence(o, vec![warmup(o), Box::new(CosineAnnealingWarmRestarts::new(o, 9))], &[5]),
        "sequence of chains" => {
            let chain = ChainedScheduler::new(vec![Box::new(StepLR::new(o, 3)), exponential(o)]);
            let fall = PolynomialLR::with(o, |s| s.total_iters(30));
            sequence(o, vec![Box::new(chain), Box::new(fall)], &[9])
        }
        "chain" => Box::new(ChainedScheduler::new(vec![constant(o, 0.1, 8), exponential(o)])),
        "plateau" => return Any::Plateau(ReduceLROnPlateau::with(o, |s| s.patience(2))),
        "plateau max" => {
            return Any::Plateau(ReduceLROnPlateau::with(o, |s| {
                let s = s.mode("max").factor(0.5).patience(1).threshold(0.05).threshold_mode("abs");
                s.cooldown(3).min_lr(vec![0.02, 0.01])
            }));
        }
        other => panic!("{other} is no scheduler"),
    })
}

/// Compares all rates; `renew` replaces optimizer and scheduler after step 20.
fn walk(renew: impl Fn(&str, SGD, Any) -> (SGD, Any)) {
    for line in fixtures("lr") {
        let [_, name, found, last] = line[..] else { panic!("{line:?}") };
        let mut optimizer = optimizer();
        let mut scheduler = make(name, &optimizer);
        let near = |own: f64, expected: &str, step: usize| {
            let expected: f64 = expected.parse().unwrap();
            assert!((own - expected).abs() <= 1e-13 * expected.abs(), "{name}, step {step}: {own}, PyTorch {expected}");
        };
        for (step, expected) in found.split(' ').enumerate() {
            let groups = optimizer.param_groups();
            if step == 31 {
                groups.iter().for_each(|group| group.set_lr(group.lr() * 0.5));
            }
            if step > 0 {
                scheduler.step(((step * step) % 17) as f64 / (1 + step) as f64);
            }
            let (rate, momentum) = expected.split_once(',').unwrap_or((expected, "0.9"));
            near(groups.group(0).lr(), rate, step);
            near(groups.group(0).number("momentum"), momentum, step);
            assert_eq!(scheduler.last_lr(), [groups.group(0).lr(), groups.group(1).lr()], "{name}, step {step}");
            if step == 20 {
                (optimizer, scheduler) = renew(name, optimizer, scheduler);
            }
        }
        near(optimizer.param_groups().group(1).lr(), last, 50);
    }
}

#[test]
fn fifty_rates_are_pytorchs() {
    walk(|_, optimizer, scheduler| (optimizer, scheduler));
}

#[test]
fn a_saved_schedule_goes_on_as_if_nothing_had_been() {
    walk(|name, old, scheduler| {
        let mut optimizer = optimizer();
        let fresh = make(name, &optimizer);
        fresh.load_state_dict(&Dict::from_flat(scheduler.state_dict().to_flat()));
        // After the schedule, whose making sets rates.
        optimizer.load_state_dict(&Dict::from_flat(old.state_dict().to_flat())).unwrap();
        (optimizer, fresh)
    });
}

#[test]
fn adams_first_beta_is_its_momentum() {
    let adam = Adam::new([sconce::zeros([1])], 0.1);
    let scheduler = OneCycleLR::with(&adam, 0.5, |s| s.total_steps(10));
    let betas = || adam.param_groups().group(0).get("betas").unwrap().to_string();
    assert_eq!(betas(), "(0.95, 0.999)");
    (0..2).for_each(|_| scheduler.step());
    assert_eq!((betas(), scheduler.get_last_lr()), ("(0.85, 0.999)".into(), vec![0.5]));
}
