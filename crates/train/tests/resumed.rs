//! A training that is saved, loaded into new objects and continued ends where one without a break does, bit for bit.

use nn::{BatchNorm1d, CrossEntropyLoss, Dropout, Forward, Linear, Module, ReLU, Sequential, sequential};
use optim::lr_scheduler::{LrScheduler, MultiStepLR, ReduceLROnPlateau, ScheduleState, StepLR};
use optim::{Adam, Optimizer, ParamGroup, SGD};
use std::sync::Arc;
use tensor::{Gradient, manual_seed, rand, randint, randn};
use train::Checkpoint;

/// Everything that a training is made of.
struct Training {
    net: Sequential,
    optimizer: Box<dyn Optimizer>,
    step: Box<dyn Fn(f64)>,
    schedules: Vec<Box<dyn ScheduleState>>,
}

impl Training {
    fn schedules(&self) -> Vec<&dyn ScheduleState> {
        self.schedules.iter().map(|schedule| &**schedule).collect()
    }

    /// A step on new numbers, with dropout: the stream has to go on, too.
    fn go(&mut self, steps: usize) -> Vec<u64> {
        let step = |_| {
            let (x, y) = (randn([6, 4]), randint(0, 3, [6]));
            self.optimizer.zero_grad();
            let loss = CrossEntropyLoss::new().forward(&self.net.forward(&x), &y);
            loss.backward();
            self.optimizer.step();
            (self.step)(loss.item());
            loss.item::<f64>().to_bits()
        };
        (0..steps).map(step).collect()
    }
}

fn net() -> Sequential {
    sequential![Linear::new(4, 8), BatchNorm1d::new(8), ReLU::new(), Dropout::new(0.4), Linear::new(8, 3)]
}

fn groups(net: &Sequential) -> Vec<ParamGroup> {
    let all = net.parameters();
    vec![ParamGroup::new(all[..2].to_vec()).lr(0.02).weight_decay(0.1), ParamGroup::new(all[2..].to_vec())]
}

fn with_step_lr(net: Sequential, optimizer: Box<dyn Optimizer>) -> Training {
    let schedule = Arc::new(StepLR::with(&*optimizer, 3, |o| o.gamma(0.5)));
    let stepped = schedule.clone();
    Training { net, optimizer, step: Box::new(move |_| stepped.step()), schedules: vec![Box::new(Shared(schedule))] }
}

/// A schedule that the loop has, too.
struct Shared<S>(Arc<S>);

impl<S: ScheduleState> ScheduleState for Shared<S> {
    fn saved(&self) -> optim::Dict {
        self.0.saved()
    }
    fn restore(&self, state: &optim::Dict) {
        self.0.restore(state);
    }
}

fn with_plateau(net: Sequential, optimizer: Box<dyn Optimizer>) -> Training {
    let plateau = Arc::new(ReduceLROnPlateau::with(&*optimizer, |o| o.patience(1).factor(0.5).cooldown(1)));
    let multi = Arc::new(MultiStepLR::with(&*optimizer, [2, 7], |o| o.gamma(0.9)));
    let (one, two) = (plateau.clone(), multi.clone());
    let step = move |loss| {
        two.step();
        one.step(loss);
    };
    Training {
        net,
        optimizer,
        step: Box::new(step),
        schedules: vec![Box::new(Shared(plateau)), Box::new(Shared(multi))],
    }
}

type MakeOptimizer<'a> = &'a dyn Fn(&Sequential) -> Box<dyn Optimizer>;
type Schedule = fn(Sequential, Box<dyn Optimizer>) -> Training;

#[test]
fn ten_steps_are_five_and_five() {
    let adam =
        |net: &Sequential| -> Box<dyn Optimizer> { Box::new(Adam::with(groups(net), 0.05, |o| o.amsgrad(true))) };
    let sgd = |net: &Sequential| -> Box<dyn Optimizer> {
        Box::new(SGD::with(groups(net), 0.1, |o| o.momentum(0.9).nesterov(true)))
    };
    let optimizers: [(&str, MakeOptimizer<'_>); 2] = [("adam", &adam), ("sgd", &sgd)];
    let schedules: [(&str, Schedule); 2] = [("steps", with_step_lr), ("plateau", with_plateau)];
    for ((one, optimizer), (two, schedule)) in optimizers.into_iter().flat_map(|o| schedules.map(|s| (o, s))) {
        let what = format!("{one}, {two}");
        let path = std::env::temp_dir().join(format!("resumed-{}-{one}-{two}.safetensors", std::process::id()));
        let new = |seed: u64| {
            manual_seed(seed);
            let net = net();
            let optimizer = optimizer(&net);
            schedule(net, optimizer)
        };
        let mut straight = new(0);
        let expected = straight.go(10);

        let mut first = new(0);
        let mut found = first.go(5);
        Checkpoint::of_training(&first.net, &*first.optimizer, &first.schedules(), 5).save(&path).unwrap();
        // Neither the old objects nor the stream reach what comes after.
        first.go(2);
        drop(first);
        let mut second = new(77);
        _ = rand([3]);
        let schedules: Vec<&dyn ScheduleState> = second.schedules.iter().map(|schedule| &**schedule).collect();
        let checkpoint = Checkpoint::load(&path).unwrap();
        assert_eq!(checkpoint.resume(&second.net, &mut *second.optimizer, &schedules).unwrap(), 5, "{what}");
        found.extend(second.go(5));
        assert_eq!(found, expected, "{what}");
        let weights = straight.net.state_dict();
        for (name, tensor) in second.net.state_dict().iter() {
            assert!(tensor.equal(weights.get(name).unwrap()), "{what}: {name}");
        }
        let rates = |training: &Training| training.optimizer.param_groups().iter().map(|g| g.lr()).collect::<Vec<_>>();
        assert_eq!(rates(&second), rates(&straight), "{what}");

        let error = checkpoint.resume(&second.net, &mut *second.optimizer, &[]).unwrap_err();
        assert!(error.text().starts_with("the checkpoint is of a training with"), "{error}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn what_is_no_training_is_told() {
    let path = std::env::temp_dir().join(format!("resumed-{}-none.safetensors", std::process::id()));
    let net = Linear::new(2, 2);
    let mut sgd = SGD::new(net.parameters(), 0.1);
    Checkpoint::of(&net).number("epoch", 3.0).number("schedules", 0.0).save(&path).unwrap();
    let error = Checkpoint::load(&path).unwrap().resume(&net, &mut sgd, &[]).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(error.text(), "the checkpoint has no group `random`, it has [model]");
}
