//! What is needed to go on with a training later, in one safetensors file: the model's state, further groups of tensors, and
//! numbers. It knows no optimizer; an optimizer's state is a group of tensors like any other.

use nn::{Module, StateDict};
use std::collections::BTreeMap;
use std::path::Path;
use tensor::{Error, ErrorKind, Result};

/// The group of the model's tensors.
const MODEL: &str = "model";
/// What marks a file as a checkpoint, among its metadata.
const MARK: (&str, &str) = ("sconce.checkpoint", "1");
/// Before the names of numbers, among the metadata.
const NUMBER: &str = "number.";

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
    numbers: BTreeMap<String, f64>,
}

impl Checkpoint {
    /// Of a model as it is when the checkpoint is saved: the tensors are the model's own.
    pub fn of(model: &dyn Module) -> Checkpoint {
        Checkpoint::of_state(model.state_dict())
    }

    /// Of a model's state, as of the best weights that [`EarlyStopping`](crate::EarlyStopping) kept.
    pub fn of_state(state: StateDict) -> Checkpoint {
        Checkpoint { groups: BTreeMap::from([(MODEL.into(), state)]), numbers: BTreeMap::new() }
    }

    /// With a number. Double precision is kept to the last bit, infinities and NaN included.
    #[must_use]
    pub fn number(mut self, name: impl Into<String>, value: f64) -> Checkpoint {
        self.numbers.insert(name.into(), value);
        self
    }

    /// With a further group of tensors, as an optimizer's state. Its name holds no dot, and is not `model`.
    #[must_use]
    #[track_caller]
    pub fn group(mut self, name: impl Into<String>, tensors: StateDict) -> Checkpoint {
        let name = name.into();
        assert!(
            !name.is_empty() && !name.contains('.') && name != MODEL,
            "a group of tensors needs a name without dots that is not `{MODEL}`, got `{name}`"
        );
        self.groups.insert(name, tensors);
        self
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
        let groups = self.groups.iter();
        let all: StateDict = groups
            .flat_map(|(group, tensors)| {
                tensors.iter().map(move |(name, tensor)| (format!("{group}.{name}"), tensor.clone()))
            })
            .collect();
        // Groups without tensors would be lost otherwise.
        let names = self.groups.keys().cloned().collect::<Vec<_>>().join(",");
        let numbers = self.numbers.iter().map(|(name, value)| (format!("{NUMBER}{name}"), format!("{value:?}")));
        let mark = [(MARK.0.to_string(), MARK.1.to_string()), ("groups".into(), names)];
        all.save_with(path, mark.into_iter().chain(numbers).collect())
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
        let names = metadata.get("groups").map_or("", String::as_str).split(',').filter(|name| !name.is_empty());
        checkpoint.groups.extend(names.map(|name| (name.to_string(), StateDict::new())));
        for (name, tensor) in all.iter() {
            let parts = name.split_once('.');
            let Some((group, name)) = parts.and_then(|(group, name)| Some((checkpoint.groups.get_mut(group)?, name)))
            else {
                return Err(wrong(format!("the tensor `{name}` belongs to no group")));
            };
            group.insert(name, tensor.clone());
        }
        for (name, text) in &metadata {
            if let Some(name) = name.strip_prefix(NUMBER) {
                let value = text.parse().map_err(|_| wrong(format!("`{name}` should be a number and is `{text}`")))?;
                checkpoint.numbers.insert(name.into(), value);
            }
        }
        Ok(checkpoint)
    }
}
