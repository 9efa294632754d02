//! Parameters and buffers by name: taken out of a module, put into another, kept in a safetensors file.

use super::{Module, walk};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize_to_file};
use std::collections::HashMap;
use std::fmt::{Display, Formatter};
use std::path::Path;
use tensor::{DType, Error, ErrorKind, Place, Result, Tensor, torch_size};

/// Tensors by name, in the order of the module: what [`state_dict`](Module::state_dict) gives.
///
/// ```
/// use nn::{Linear, Module, StateDict};
/// let layer = Linear::new(2, 3);
/// let state = layer.state_dict();
/// assert_eq!(state.keys().collect::<Vec<_>>(), ["weight", "bias"]);
///
/// let path = std::env::temp_dir().join(format!("layer-{}.safetensors", std::process::id()));
/// state.save(&path)?;
/// let other = Linear::new(2, 3);
/// other.load_state_dict(&StateDict::load(&path)?)?;
/// assert!(other.weight.equal(&layer.weight));
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateDict {
    named: Vec<(String, Tensor)>,
}

impl StateDict {
    /// Without tensors.
    pub fn new() -> StateDict {
        StateDict::default()
    }

    /// The tensor called `name`.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.named.iter().find(|(other, _)| other == name).map(|(_, tensor)| tensor)
    }

    /// Puts a tensor in; it replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, tensor: Tensor) {
        let name = name.into();
        match self.named.iter_mut().find(|(other, _)| *other == name) {
            Some((_, place)) => *place = tensor,
            None => self.named.push((name, tensor)),
        }
    }

    /// Takes the tensor called `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Tensor> {
        let at = self.named.iter().position(|(other, _)| other == name)?;
        Some(self.named.remove(at).1)
    }

    /// The names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(name, _)| name.as_str())
    }

    /// Names and tensors.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.named.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// How many tensors there are.
    pub fn len(&self) -> usize {
        self.named.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The same values in memory of their own: what later training does not change. (`copy.deepcopy` in PyTorch.)
    #[must_use]
    pub fn copied(&self) -> StateDict {
        self.iter().map(|(name, tensor)| (name.to_string(), tensor.detach().clone_())).collect()
    }

    /// Writes the tensors to a file in the safetensors format, which PyTorch reads with `safetensors.torch.load_file`. The
    /// file appears when it is complete.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.save_with(path, HashMap::new())
    }

    /// As [`save`](StateDict::save), with texts by name beside the tensors: the format's metadata.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_with(&self, path: impl AsRef<Path>, metadata: HashMap<String, String>) -> Result<()> {
        let path = path.as_ref();
        let held: Vec<(&str, Vec<u8>, &Tensor)> = self
            .iter()
            .map(|(name, tensor)| Ok((name, tensor.detach().try_to(tensor::cpu())?.try_to_bytes()?, tensor)))
            .collect::<Result<_>>()?;
        let views = held
            .iter()
            .map(|(name, bytes, tensor)| {
                Ok((*name, TensorView::new(stored(tensor.dtype()), tensor.shape().to_vec(), bytes)?))
            })
            .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>();
        let metadata = (!metadata.is_empty()).then_some(metadata);
        let half_done = path.with_extension("incomplete");
        let written = views.and_then(|views| serialize_to_file(views, metadata, &half_done));
        written.map_err(|error| failed(path, "written", error))?;
        std::fs::rename(&half_done, path).map_err(|error| failed(path, "written", error))
    }

    /// The tensors in a safetensors file, in host memory.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or holds a dtype that there is not.
    pub fn load(path: impl AsRef<Path>) -> Result<StateDict> {
        StateDict::load_with(path).map(|(state, _)| state)
    }

    /// The tensors in a safetensors file, and the texts beside them.
    ///
    /// ```
    /// use nn::StateDict;
    /// use std::collections::HashMap;
    /// let path = std::env::temp_dir().join(format!("texts-{}.safetensors", std::process::id()));
    /// let state: StateDict = [("w".to_string(), tensor::ones([2]))].into_iter().collect();
    /// state.save_with(&path, HashMap::from([("made".to_string(), "by hand".to_string())]))?;
    /// let (state, texts) = StateDict::load_with(&path)?;
    /// assert_eq!((state.len(), texts["made"].as_str()), (1, "by hand"));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or holds a dtype that there is not.
    pub fn load_with(path: impl AsRef<Path>) -> Result<(StateDict, HashMap<String, String>)> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| failed(path, "read", error))?;
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| failed(path, "read", error))?;
        let texts = header.metadata().clone().unwrap_or_default();
        let file = SafeTensors::deserialize(&bytes).map_err(|error| failed(path, "read", error))?;
        let mut named: Vec<_> = file.tensors();
        // The file's own order is that of the memory.
        named.sort_by_key(|(_, view)| view.data().as_ptr() as usize);
        let tensor = |(name, view): (String, TensorView<'_>)| {
            let Some(dtype) = DType::ALL.into_iter().find(|dtype| stored(*dtype) == view.dtype()) else {
                return Err(failed(
                    path,
                    "read",
                    format!("{name} has the dtype {:?}, which there is not", view.dtype()),
                ));
            };
            Ok((name, Tensor::from_bytes(view.data(), view.shape().into(), dtype, tensor::cpu())?))
        };
        Ok((named.into_iter().map(tensor).collect::<Result<_>>()?, texts))
    }
}

fn failed(path: &Path, what: &str, why: impl Display) -> Error {
    Error::new(ErrorKind::Io, format!("{} cannot be {what}: {why}", path.display()))
}

/// A dtype under its name in the file.
fn stored(dtype: DType) -> Dtype {
    match dtype {
        DType::Bool => Dtype::BOOL,
        DType::U8 => Dtype::U8,
        DType::I8 => Dtype::I8,
        DType::I16 => Dtype::I16,
        DType::I32 => Dtype::I32,
        DType::I64 => Dtype::I64,
        DType::F16 => Dtype::F16,
        DType::BF16 => Dtype::BF16,
        DType::F32 => Dtype::F32,
        DType::F64 => Dtype::F64,
    }
}

impl FromIterator<(String, Tensor)> for StateDict {
    fn from_iter<I: IntoIterator<Item = (String, Tensor)>>(named: I) -> StateDict {
        StateDict { named: named.into_iter().collect() }
    }
}

/// What did not fit when a state dict was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDictError {
    /// The name of the module's type.
    pub module: &'static str,
    /// Names that the module has and the state dict has not.
    pub missing_keys: Vec<String>,
    /// Names that the state dict has and the module has not.
    pub unexpected_keys: Vec<String>,
    /// What else is wrong, a sentence each: shapes that differ.
    pub mismatches: Vec<String>,
}

impl Display for StateDictError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let quoted = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let mut lines = Vec::new();
        if !self.missing_keys.is_empty() {
            lines.push(format!("Missing key(s) in state_dict: {}. ", quoted(&self.missing_keys)));
        }
        if !self.unexpected_keys.is_empty() {
            lines.push(format!("Unexpected key(s) in state_dict: {}. ", quoted(&self.unexpected_keys)));
        }
        lines.extend(self.mismatches.iter().cloned());
        write!(f, "Error(s) in loading state_dict for {}:\n\t{}", self.module, lines.join("\n\t"))
    }
}

impl std::error::Error for StateDictError {}

/// The state of `module`.
pub fn of(module: &dyn Module) -> StateDict {
    walk::state(module).into_iter().map(|(name, tensor)| (name, tensor.detach())).collect()
}

/// Copies `state` into `module`; what does not fit is an error where `strict` or a shape says so.
pub fn load(
    module: &dyn Module,
    state: &StateDict,
    strict: bool,
) -> std::result::Result<StateDictError, StateDictError> {
    let own = walk::state(module);
    let has = |name: &str| own.iter().any(|(other, _)| other == name);
    let missing = own.iter().filter(|(name, _)| state.get(name).is_none()).map(|(name, _)| name.clone()).collect();
    let unexpected = state.keys().filter(|name| !has(name)).map(str::to_string).collect();
    let mut report = StateDictError {
        module: module.type_name(),
        missing_keys: missing,
        unexpected_keys: unexpected,
        mismatches: Vec::new(),
    };
    let pairs: Vec<_> = own.iter().filter_map(|(name, to)| Some((name, to, state.get(name)?))).collect();
    for (name, to, from) in &pairs {
        if to.shape() != from.shape() {
            report.mismatches.push(format!(
                "size mismatch for {name}: copying a param with shape {} from checkpoint, the shape in current model is {}.",
                torch_size(from.shape()),
                torch_size(to.shape())
            ));
        }
    }
    if !report.mismatches.is_empty() || strict && !(report.missing_keys.is_empty() && report.unexpected_keys.is_empty())
    {
        return Err(report);
    }
    for (name, to, from) in pairs {
        if let Err(error) = to.detach().try_copy_(from) {
            report.mismatches.push(format!("While copying the parameter named \"{name}\": {}.", error.text()));
        }
    }
    if report.mismatches.is_empty() { Ok(report) } else { Err(report) }
}
