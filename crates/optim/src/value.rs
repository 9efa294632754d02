//! What optimizers and schedulers remember, as plain data: values and dictionaries of them, printed as Python prints them, and to and
//! from a flat list that a file can hold. They know neither optimizers nor files.

use std::fmt;
use tensor::{Tensor, python_float};

/// A setting or a piece of state.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing: Python's `None`.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f64),
    /// Two real numbers, such as Adam's betas.
    Pair(f64, f64),
    /// A name, such as that of a mode.
    Text(String),
    /// A tensor; the handle, not a copy.
    Tensor(Tensor),
    /// Several values.
    List(Vec<Value>),
    /// Several values by name.
    Dict(Dict),
}

impl Value {
    /// The number that this value is; of a tensor, its only element.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            Value::Tensor(value) => value.try_scalar().ok().map(|value| value.to_f64()),
            Value::None | Value::Bool(_) | Value::Pair(..) | Value::Text(_) | Value::List(_) | Value::Dict(_) => None,
        }
    }

    /// The whole number that this value is.
    pub fn integer(&self) -> Option<i64> {
        self.number().filter(|value| value.fract() == 0.0).map(|value| value as i64)
    }

    /// The values of a list, of a pair, or of a dictionary whose keys are the positions in a list (which is how a list comes out of
    /// [`Dict::from_flat`]).
    pub fn items(&self) -> Option<Vec<Value>> {
        match self {
            Value::List(items) => Some(items.clone()),
            Value::Pair(first, second) => Some(vec![Value::Float(*first), Value::Float(*second)]),
            Value::Dict(dict) => (0..dict.len()).map(|i| dict.get(&i.to_string()).cloned()).collect(),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Tensor(_) => None,
        }
    }
}

/// As Python prints it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => f.write_str(&python_float(*value)),
            Value::Pair(first, second) => write!(f, "({}, {})", python_float(*first), python_float(*second)),
            Value::Text(text) => f.write_str(text),
            Value::Tensor(tensor) => write!(f, "{tensor}"),
            Value::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Value::Dict(dict) => {
                f.write_str("{")?;
                for (i, (name, value)) in dict.iter().enumerate() {
                    write!(f, "{}'{name}': {value}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

macro_rules! from {
    ($($ty:ty, $x:ident => $value:expr;)*) => { $(
        impl From<$ty> for Value {
            fn from($x: $ty) -> Value { $value }
        }
    )* };
}
from! {
    bool, x => Value::Bool(x);
    i64, x => Value::Int(x);
    i32, x => Value::Int(x.into());
    usize, x => Value::Int(x as i64);
    f64, x => Value::Float(x);
    (f64, f64), x => Value::Pair(x.0, x.1);
    &str, x => Value::Text(x.into());
    String, x => Value::Text(x);
    Tensor, x => Value::Tensor(x);
    Dict, x => Value::Dict(x);
    Vec<f64>, x => Value::List(x.into_iter().map(Value::Float).collect());
    Vec<Value>, x => Value::List(x);
}

/// Values by name, in the order in which they were set; what `state_dict` returns.
///
/// ```
/// use optim::{Dict, Value};
/// let mut dict = Dict::new();
/// dict.set("lr", 0.1);
/// dict.set("betas", (0.9, 0.999));
/// assert_eq!(dict.get("lr").and_then(Value::number), Some(0.1));
/// assert_eq!(dict.to_string(), "{'lr': 0.1, 'betas': (0.9, 0.999)}");
///
/// let flat = dict.to_flat();
/// assert_eq!(flat.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["lr", "betas.0", "betas.1"]);
/// assert_eq!(Dict::from_flat(flat).get("betas").unwrap().items().unwrap().len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Dict(Vec<(String, Value)>);

impl Dict {
    /// Without any value.
    pub fn new() -> Dict {
        Dict::default()
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The number of this name.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(Value::number)
    }

    /// Sets the value of this name.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.into(), value)),
        }
    }

    /// Sets the value of this name if it has none.
    pub fn set_default(&mut self, name: &str, value: impl Into<Value>) {
        if self.get(name).is_none() {
            self.set(name, value);
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The values that hold no further ones, each under the names that lead to it, joined by dots; positions in lists count as
    /// names. Tensors are handles, not copies. Lists and dictionaries without values do not appear.
    pub fn to_flat(&self) -> Vec<(String, Value)> {
        fn add(flat: &mut Vec<(String, Value)>, name: String, value: &Value) {
            match value {
                Value::Dict(dict) => dict.iter().for_each(|(part, value)| add(flat, format!("{name}.{part}"), value)),
                Value::List(_) | Value::Pair(..) => {
                    let items = value.items().unwrap_or_default();
                    items.iter().enumerate().for_each(|(i, value)| add(flat, format!("{name}.{i}"), value));
                }
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Tensor(_) => {
                    flat.push((name, value.clone()))
                }
            }
        }
        let mut flat = vec![];
        self.iter().for_each(|(name, value)| add(&mut flat, name.into(), value));
        flat
    }

    /// The dictionary of which [`to_flat`](Dict::to_flat) made this list, where lists and pairs have become dictionaries of their
    /// positions; whatever loads a state accepts either.
    pub fn from_flat(flat: impl IntoIterator<Item = (String, Value)>) -> Dict {
        fn put(dict: &mut Dict, name: &str, value: Value) {
            let Some((first, rest)) = name.split_once('.') else { return dict.set(name, value) };
            if !matches!(dict.get(first), Some(Value::Dict(_))) {
                dict.set(first, Dict::new());
            }
            if let Some((_, Value::Dict(inner))) = dict.0.iter_mut().find(|(own, _)| own == first) {
                put(inner, rest, value);
            }
        }
        let mut dict = Dict::new();
        flat.into_iter().for_each(|(name, value)| put(&mut dict, &name, value));
        dict
    }
}

/// As Python prints it.
impl fmt::Display for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Value::Dict(self.clone()))
    }
}
