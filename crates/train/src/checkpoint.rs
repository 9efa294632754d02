//! What is needed to go on with a training later, in one safetensors file: the model's state, further groups of tensors, what
//! optimizers and schedules remember, and numbers. What belongs to a training is said in `training.rs`.

mod training;
mod values;

use nn::{Module, StateDict};
use optim::{Dict, Value};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tensor::{Error, ErrorKind, Result};

/// The group of the model's tensors.
const MODEL: &str = "model";
/// What marks a file as a checkpoint, among its metadata.
const MARK: (&str, &str) = ("sconce.checkpoint", "1");
/// Before the names of numbers, among the metadata.
const NUMBER: &str = "number.";
/// Before the names of what states hold beside tensors, among the metadata.
const VALUE: &str = "value.";

/// A model's state, further groups of tensors and named numbers.
///
/// In the file a tensor is called by its group and its name: `model.0.weight`.
///
/// ```
/// use nn::Linear;
/// use train::Checkpoint;
/// let net = Linear::new(2, 3);
/// let path = std::env::temp_dir().join(format!("checkpoint-{}.safetensors", std::process::id()));
/// Checkpoint::of(&net).number("epoch", 7.0).number("best_loss", 0.25).save(&path)?;
///
/// let other = Linear::new(2, 3);
/// let checkpoint = Checkpoint::load(&path)?;
/// checkpoint.restore(&other)?;
/// assert_eq!(checkpoint.get("epoch")?, 7.0);
/// assert!(other.weight.equal(&net.weight));
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    groups: BTreeMap<String, StateDict>,
    states: BTreeMap<String, Dict>,
    numbers: BTreeMap<String, f64>,
}

impl Checkpoint {
    /// Of a model as it is when the checkpoint is saved: the tensors are the model's own.
    pub fn of(model: &dyn Module) -> Checkpoint {
        Checkpoint::of_state(model.state_dict())
    }

    /// Of a model's state, as of the best weights that [`EarlyStopping`](crate::EarlyStopping) kept.
    pub fn of_state(state: StateDict) -> Checkpoint {
        Checkpoint { groups: BTreeMap::from([(MODEL.into(), state)]), ..Checkpoint::default() }
    }

    /// With a number. Double precision is kept to the last bit, infinities and NaN included.
    #[must_use]
    pub fn number(mut self, name: impl Into<String>, value: f64) -> Checkpoint {
        self.numbers.insert(name.into(), value);
        self
    }

    /// With a further group of tensors. Its name holds no dot, is not `model`, and not that of a state.
    #[must_use]
    #[track_caller]
    pub fn group(mut self, name: impl Into<String>, tensors: StateDict) -> Checkpoint {
        let name = self.named(name.into());
        self.groups.insert(name, tensors);
        self
    }

    /// With what an optimizer or a schedule remembers: its `state_dict`. The name is as that of a [`group`](Checkpoint::group).
    #[must_use]
    #[track_caller]
    pub fn state(mut self, name: impl Into<String>, state: Dict) -> Checkpoint {
        let name = self.named(name.into());
        self.states.insert(name, state);
        self
    }

    /// The name, if it can be one of what is not there yet.
    #[track_caller]
    fn named(&self, name: String) -> String {
        assert!(
            !name.is_empty() && !name.contains(['.', ',']) && name != MODEL,
            "a group of tensors needs a name without dots that is not `{MODEL}`, got `{name}`"
        );
        assert!(
            !self.groups.contains_key(&name) && !self.states.contains_key(&name),
            "the checkpoint has a group or state `{name}` already"
        );
        name
    }

    /// The number called `name`.
    ///
    /// # Errors
    /// If there is none; the text tells which there are.
    pub fn get(&self, name: &str) -> Result<f64> {
        let missing = || {
            let names: Vec<&str> = self.numbers.keys().map(String::as_str).collect();
            Error::new(
                ErrorKind::Index,
                format!("the checkpoint has no number `{name}`, it has [{}]", names.join(", ")),
            )
        };
        self.numbers.get(name).copied().ok_or_else(missing)
    }

    /// All numbers.
    pub fn numbers(&self) -> impl Iterator<Item = (&str, f64)> {
        self.numbers.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The model's state.
    pub fn model(&self) -> &StateDict {
        &self.groups[MODEL]
    }

    /// The further group of tensors called `name`.
    ///
    /// # Errors
    /// If there is none; the text tells which there are.
    pub fn tensors(&self, name: &str) -> Result<&StateDict> {
        let missing = || {
            let names: Vec<&str> = self.groups.keys().map(String::as_str).collect();
            let text = format!("the checkpoint has no group `{name}`, it has [{}]", names.join(", "));
            Error::new(ErrorKind::Index, text)
        };
        self.groups.get(name).ok_or_else(missing)
    }

    /// What was remembered under `name`, as `load_state_dict` takes it.
    ///
    /// # Errors
    /// If there is nothing; the text tells of what there is something.
    pub fn remembered(&self, name: &str) -> Result<&Dict> {
        let missing = || {
            let names: Vec<&str> = self.states.keys().map(String::as_str).collect();
            let text = format!("the checkpoint has no state `{name}`, it has [{}]", names.join(", "));
            Error::new(ErrorKind::Index, text)
        };
        self.states.get(name).ok_or_else(missing)
    }

    /// Copies the model's state into `model`, on whatever device that is.
    ///
    /// # Errors
    /// If the model is another one, with PyTorch's report of what does not fit.
    pub fn restore(&self, model: &dyn Module) -> Result<()> {
        model.load_state_dict(self.model()).map_err(|report| Error::new(ErrorKind::Value, report.to_string()))
    }

    /// Writes the checkpoint under a temporary name and then gives it its own, so that an interruption leaves the former file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut all = StateDict::new();
        // Groups and states without tensors would be lost otherwise.
        let names = |names: Vec<String>| names.join(",");
        let mut metadata = HashMap::from([
            (MARK.0.to_string(), MARK.1.to_string()),
            ("groups".to_string(), names(self.groups.keys().cloned().collect())),
            ("states".to_string(), names(self.states.keys().cloned().collect())),
        ]);
        for (group, tensors) in &self.groups {
            tensors.iter().for_each(|(name, tensor)| all.insert(format!("{group}.{name}"), tensor.clone()));
        }
        for (state, dict) in &self.states {
            for (name, value) in dict.to_flat() {
                let name = format!("{state}.{name}");
                match values::written(&value) {
                    values::Written::Tensor(tensor) => all.insert(name, tensor),
                    values::Written::Text(text) => _ = metadata.insert(format!("{VALUE}{name}"), text),
                }
            }
        }
        metadata.extend(self.numbers.iter().map(|(name, value)| (format!("{NUMBER}{name}"), format!("{value:?}"))));
        all.save_with(path, metadata)
    }

    /// Reads a checkpoint; its tensors are in host memory.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is no checkpoint.
    pub fn load(path: impl AsRef<Path>) -> Result<Checkpoint> {
        let path = path.as_ref();
        let wrong = |why: String| Error::new(ErrorKind::Format, format!("{} is no checkpoint: {why}", path.display()));
        let (all, metadata) = StateDict::load_with(path)?;
        match metadata.get(MARK.0).map(String::as_str) {
            Some(version) if version == MARK.1 => {}
            Some(version) => return Err(wrong(format!("its version is {version}, and {} is known", MARK.1))),
            None => return Err(wrong("its metadata do not say that it is one".into())),
        }
        let mut checkpoint = Checkpoint::of_state(StateDict::new());
        let names = |key: &str| -> Vec<String> {
            let list = metadata.get(key).map_or("", String::as_str).split(',');
            list.filter(|name| !name.is_empty()).map(String::from).collect()
        };
        checkpoint.groups.extend(names("groups").into_iter().map(|name| (name, StateDict::new())));
        let mut states: BTreeMap<String, Vec<(String, Value)>> =
            names("states").into_iter().map(|name| (name, vec![])).collect();
        for (name, tensor) in all.iter() {
            let Some((owner, part)) = name.split_once('.') else {
                return Err(wrong(format!("the tensor `{name}` belongs to no group")));
            };
            match (checkpoint.groups.get_mut(owner), states.get_mut(owner)) {
                (Some(group), _) => group.insert(part, tensor.clone()),
                (None, Some(state)) => state.push((part.to_string(), Value::Tensor(tensor.clone()))),
                (None, None) => return Err(wrong(format!("the tensor `{name}` belongs to no group"))),
            }
        }
        for (name, text) in &metadata {
            let Some(name) = name.strip_prefix(VALUE) else { continue };
            let value =
                values::read(text).ok_or_else(|| wrong(format!("`{name}` should be a value and is `{text}`")))?;
            let owner = name.split_once('.').and_then(|(owner, part)| Some((states.get_mut(owner)?, part)));
            let (state, part) = owner.ok_or_else(|| wrong(format!("the value `{name}` belongs to no state")))?;
            state.push((part.to_string(), value));
        }
        checkpoint.states.extend(states.into_iter().map(|(name, flat)| (name, values::in_order(flat))));
        for (name, text) in &metadata {
            if let Some(name) = name.strip_prefix(NUMBER) {
                let value = text.parse().map_err(|_| wrong(format!("`{name}` should be a number and is `{text}`")))?;
                checkpoint.numbers.insert(name.into(), value);
            }
        }
        Ok(checkpoint)
    }
}
