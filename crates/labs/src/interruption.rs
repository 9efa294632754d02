//! Ctrl-C while a lab trains: the step under way is finished, the training goes into a file, and the same command goes on from
//! there with `--resume`. It knows no network.

use crate::arguments::Request;
use crate::training::History;
use sconce::nn::StateDict;
use sconce::prelude::*;
use sconce::train::{Checkpoint, Interrupt};
use sconce::{get_rng_state, set_rng_state};
use std::cell::RefCell;
use std::path::PathBuf;

/// How trainings are interrupted and kept.
pub struct Keeper {
    /// The number of the lab, which the file is for.
    lab: u32,
    /// Where the file goes.
    file: PathBuf,
    /// The command that goes on with it, but for the file.
    command: String,
    /// What to go on with.
    resumed: Option<Checkpoint>,
    /// How many trainings have begun.
    trainings: usize,
    /// Whether somebody wants an end.
    requested: Box<dyn FnMut() -> bool>,
}

thread_local! {
    /// That of the lab which the thread runs.
    static KEEPER: RefCell<Option<Keeper>> = const { RefCell::new(None) };
}

/// Where a training stands.
#[derive(Default)]
pub struct Standing {
    /// Epochs that are complete.
    pub epoch: usize,
    /// Steps of the next one.
    pub steps: usize,
    /// The random stream at that epoch's beginning; nothing before the first.
    pub stream: Vec<u8>,
    /// The mean loss of those steps, and of how many pictures it is.
    pub mean: (f64, usize),
    /// What was found in the complete epochs.
    pub history: History,
}

impl Keeper {
    /// As the command line says.
    ///
    /// # Errors
    /// If the file to go on with is none, or another lab's.
    pub fn of(request: &Request) -> Result<Keeper> {
        let lab = request.lab.number;
        let resumed = request.resume.as_ref().map(Checkpoint::load).transpose()?;
        if let Some(checkpoint) = &resumed {
            let made_by = checkpoint.get("lab")?;
            if made_by != f64::from(lab) {
                let text = format!("the training was interrupted in lab {made_by}, this is lab {lab}");
                return Err(Error::new(sconce::ErrorKind::Value, text));
            }
        }
        let folder = request.report.clone().unwrap_or_else(|| PathBuf::from("."));
        let file = folder.join(format!("lab{lab}.safetensors"));
        let requested = || Interrupt::watch().is_ok_and(|interrupt| interrupt.requested());
        Ok(Keeper { lab, file, command: request.again(), resumed, trainings: 0, requested: Box::new(requested) })
    }
}

/// Has the thread's trainings interrupted and kept so.
pub fn prepare(keeper: Keeper) {
    KEEPER.set(Some(keeper));
}

/// A training begins: it is brought to where an interrupted one stood, if that is what was asked for.
///
/// # Errors
/// If the file is of another network or optimizer.
pub fn begin(net: &dyn Module, optimizer: &mut dyn Optimizer) -> Result<Standing> {
    KEEPER.with_borrow_mut(|keeper| {
        let Some(keeper) = keeper else { return Ok(Standing::default()) };
        // From here on Ctrl-C is a wish.
        (keeper.requested)();
        keeper.trainings += 1;
        let number = keeper.trainings as f64;
        let Some(checkpoint) = keeper.resumed.take_if(|file| file.get("training").is_ok_and(|which| which == number))
        else {
            return Ok(Standing::default());
        };
        let numbers = |group: &str, name: &str| -> Result<Vec<f64>> {
            Ok(checkpoint.tensors(group)?.get(name).map(|x| x.to_vec()).unwrap_or_default())
        };
        let start = checkpoint.tensors("epoch_begin")?.get("stream").map(|x| x.to_vec()).unwrap_or_default();
        Ok(Standing {
            epoch: checkpoint.resume(net, optimizer, &[])?,
            steps: checkpoint.get("steps")? as usize,
            stream: start,
            mean: (checkpoint.get("mean")?, checkpoint.get("count")? as usize),
            history: History {
                loss: numbers("history", "loss")?,
                unseen_loss: numbers("history", "unseen_loss")?,
                accuracy: numbers("history", "accuracy")?,
            },
        })
    })
}

/// After a step: whether the training shall end here. If so it is kept, and the text says where and how to go on.
///
/// # Errors
/// If the file cannot be written.
pub fn after_step(
    net: &dyn Module,
    optimizer: &dyn Optimizer,
    place: impl FnOnce() -> Standing,
) -> Result<Option<String>> {
    KEEPER.with_borrow_mut(|keeper| {
        let Some(keeper) = keeper else { return Ok(None) };
        if !(keeper.requested)() {
            return Ok(None);
        }
        let place = place();
        let vector = |x: &[f64]| Tensor::from_vec(x.to_vec(), [x.len()], cpu());
        let history = &place.history;
        let found = [("loss", &history.loss), ("unseen_loss", &history.unseen_loss), ("accuracy", &history.accuracy)];
        let found: StateDict = found.into_iter().map(|(name, x)| (name.to_string(), vector(x))).collect();
        let stream = Tensor::from_vec(place.stream.clone(), [place.stream.len()], cpu());
        let stream: StateDict = [("stream".to_string(), stream)].into_iter().collect();
        if let Some(folder) = keeper.file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Error::new(sconce::ErrorKind::Io, format!("cannot make the folder {}: {error}", folder.display()))
            })?;
        }
        Checkpoint::of_training(net, optimizer, &[], place.epoch)
            .group("history", found)
            .group("epoch_begin", stream)
            .number("lab", f64::from(keeper.lab))
            .number("training", keeper.trainings as f64)
            .number("steps", place.steps as f64)
            .number("mean", place.mean.0)
            .number("count", place.mean.1 as f64)
            .save(&keeper.file)?;
        let (file, command) = (keeper.file.display(), &keeper.command);
        Ok(Some(format!(
            "Interrupted after step {} of epoch {}. The training is kept in {file}; this goes on with it:\n  {command} --resume {file}",
            place.steps,
            place.epoch + 1
        )))
    })
}

/// The batches of an epoch that are left after `steps` of them: it begins where the stream was `before`, draws its order once more,
/// and then the stream is where it is now.
///
/// # Errors
/// If `before` is no state of a stream.
pub fn go_on<I: Iterator>(begin: impl FnOnce() -> I, steps: usize, before: &[u8]) -> Result<I> {
    let now = get_rng_state();
    set_rng_state(before)?;
    let mut epoch = begin();
    epoch.by_ref().take(steps).for_each(drop);
    set_rng_state(&now)?;
    Ok(epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::digits;
    use crate::training::{Plan, train};
    use sconce::nn::{Dropout, Flatten, Linear, ReLU, sequential};
    use sconce::optim::Adam;

    /// Three epochs over a few digits; `Err` is the text of an interruption.
    fn trained(keeper: Option<Keeper>) -> std::result::Result<(History, StateDict), String> {
        KEEPER.set(keeper);
        manual_seed(3);
        let net = sequential![Flatten::new(), Linear::new(64, 12), ReLU::new(), Dropout::new(0.3), Linear::new(12, 10)];
        let mut adam = Adam::new(net.parameters(), 0.01);
        let pictures = digits();
        let plan = Plan { epochs: 3, batch_size: 200, device: cpu() };
        let sets = [&pictures.learn, &pictures.unseen];
        let noise = |x: Tensor| &x + randn_like(&x) * 0.1;
        let outcome = train(&net, &mut adam, sets, plan, noise, |_| None, |_, _| false);
        outcome.expect("a file").map(|history| (history, net.state_dict()))
    }

    #[test]
    fn an_interrupted_training_ends_as_one_that_was_not() {
        let folder = std::env::temp_dir().join(format!("interrupted-{}", std::process::id()));
        let file = folder.join("lab7.safetensors");
        let (straight, weights) = trained(None).expect("nobody interrupts");
        let per_epoch = digits().learn.len().div_ceil(200);
        // In the middle of an epoch, and after the last step of one.
        for at in [per_epoch + 2, 2 * per_epoch] {
            let mut asked = 0;
            let requested = move || {
                asked += 1;
                // The first question is that of `begin`.
                asked > at
            };
            let keeper = |requested: Box<dyn FnMut() -> bool>, resumed| Keeper {
                lab: 7,
                file: file.clone(),
                command: "labs 7".into(),
                resumed,
                trainings: 0,
                requested,
            };
            let text = trained(Some(keeper(Box::new(requested), None))).err().expect("an interruption");
            assert!(text.ends_with(&format!("labs 7 --resume {}", file.display())), "{text}");
            assert!(text.contains(&format!("after step {} of epoch 2", at - per_epoch)), "{text}");
            let resumed = Some(Checkpoint::load(&file).expect("the file that the text names"));
            let (history, found) = trained(Some(keeper(Box::new(|| false), resumed))).expect("nobody interrupts");
            assert_eq!(history.accuracy, straight.accuracy);
            assert_eq!(history.unseen_loss, straight.unseen_loss);
            for (name, tensor) in weights.iter() {
                assert!(found.get(name).expect("the same names").equal(tensor), "{name}");
            }
        }
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
