//! What an operation is called with, as Python has it: by position or by name. Every argument that was given has to be asked for,
//! so that none is passed over in silence. It knows no operation.

use super::json::{Json, tensor};
use crate::rule;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use tensor_core::indexing::{At, Entries};
use tensor_core::{DType, Device, Operand, Scalar, Tensor};

/// An argument.
#[derive(Clone, Debug)]
enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    DType(DType),
    Tensor(Tensor),
    List(Vec<Value>),
    Slice(At),
    Device,
}

/// The payload of a panic that says: this sample asks for something that is deliberately not there.
pub struct Refused(pub &'static str);

/// The arguments of a call.
pub struct Args {
    positional: Vec<Value>,
    named: BTreeMap<String, Value>,
    asked: RefCell<BTreeSet<String>>,
}

impl Value {
    fn parse(json: &Json) -> Value {
        match json {
            Json::Null => Value::None,
            Json::Bool(truth) => Value::Bool(*truth),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Value::Int(whole),
                None => Value::Float(number.as_f64().expect("a number")),
            },
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(Value::parse).collect()),
            Json::Object(fields) => {
                let (key, inner) = fields.iter().next().expect("a field");
                match &**key {
                    "i" => Value::Int(inner.as_i64().expect("a whole number")),
                    "f" => Value::Float(inner.as_str().expect("a text").parse().expect("a number")),
                    "dtype" => Value::DType(rule::dtype(inner.as_str().expect("a dtype"))),
                    "device" => Value::Device,
                    "ellipsis" => Value::Slice(At::Ellipsis),
                    "slice" => {
                        let entry = |i: usize, default| inner[i].as_i64().unwrap_or(default);
                        Value::Slice(At::Slice { start: entry(0, 0), end: entry(1, i64::MAX), step: entry(2, 1) })
                    }
                    _ => Value::Tensor(tensor(json)),
                }
            }
        }
    }

    /// With `float64` where there is `float32`.
    fn in_double(&self) -> Value {
        match self {
            Value::Tensor(x) if x.dtype() == DType::F32 => {
                let double = x.detach().to_dtype(DType::F64);
                Value::Tensor(if x.is_tracked() { sconce::Gradient::requires_grad_(&double, true) } else { double })
            }
            Value::Tensor(x) if x.is_tracked() => Value::Tensor(sconce::Gradient::requires_grad_(&x.detach(), true)),
            Value::DType(DType::F32) => Value::DType(DType::F64),
            Value::List(items) => Value::List(items.iter().map(Value::in_double).collect()),
            other => other.clone(),
        }
    }

    /// With all tensors on `device`.
    fn on(&self, device: &'static dyn Device) -> Value {
        match self {
            Value::Tensor(x) => {
                let there = x.detach().try_to_device(device).expect("a copy");
                Value::Tensor(if x.is_tracked() { sconce::Gradient::requires_grad_(&there, true) } else { there })
            }
            Value::List(items) => Value::List(items.iter().map(|item| item.on(device)).collect()),
            other => other.clone(),
        }
    }

    fn tensors(&self, found: &mut Vec<Tensor>) {
        match self {
            Value::Tensor(x) => found.push(x.clone()),
            Value::List(items) => items.iter().for_each(|item| item.tensors(found)),
            _ => {}
        }
    }

    fn int(&self) -> i64 {
        match self {
            Value::Int(n) => *n,
            Value::Bool(truth) => *truth as i64,
            Value::Tensor(x) if x.numel() == 1 => x.item::<i64>(),
            other => panic!("a whole number is expected: {other:?}"),
        }
    }

    fn float(&self) -> f64 {
        match self {
            Value::Float(x) => *x,
            other => other.int() as f64,
        }
    }

    fn scalar(&self) -> Scalar {
        match self {
            Value::Bool(truth) => (*truth).into(),
            Value::Int(n) => (*n).into(),
            Value::Float(x) => (*x).into(),
            other => panic!("a number is expected: {other:?}"),
        }
    }

    fn ints(&self) -> Vec<i64> {
        match self {
            Value::List(items) => items.iter().map(Value::int).collect(),
            one => vec![one.int()],
        }
    }
}

impl Args {
    pub(super) fn parse(positional: &Json, named: &Json) -> Args {
        let positional: Vec<Value> = positional.as_array().expect("a list").iter().map(Value::parse).collect();
        let named = named.as_object().expect("names");
        let named = named.iter().map(|(name, value)| (name.clone(), Value::parse(value))).collect();
        Args { positional, named, asked: RefCell::default() }
    }

    /// The same arguments with `float64` where there is `float32`.
    pub(super) fn in_double(&self) -> Args {
        let positional = self.positional.iter().map(Value::in_double).collect();
        let named = self.named.iter().map(|(name, value)| (name.clone(), value.in_double())).collect();
        Args { positional, named, asked: RefCell::default() }
    }

    /// The same arguments with all tensors on `device`.
    pub(super) fn on(&self, device: &'static dyn Device) -> Args {
        let positional = self.positional.iter().map(|value| value.on(device)).collect();
        let named = self.named.iter().map(|(name, value)| (name.clone(), value.on(device))).collect();
        Args { positional, named, asked: RefCell::default() }
    }

    /// The tensors whose gradients are wanted, in the order of arguments.
    pub(super) fn leaves(&self) -> Vec<Tensor> {
        let mut found = vec![];
        self.positional.iter().chain(self.named.values()).for_each(|value| value.tensors(&mut found));
        found.retain(|x| x.is_tracked());
        found
    }

    /// Arguments that were given and not asked for.
    pub(super) fn ignored(&self) -> Vec<String> {
        let asked = self.asked.borrow();
        let positional = (0..self.positional.len()).map(|i| i.to_string());
        positional.chain(self.named.keys().cloned()).filter(|name| !asked.contains(name)).collect()
    }

    fn get(&self, i: usize, name: &str) -> Option<&Value> {
        if let Some(value) = self.positional.get(i) {
            self.asked.borrow_mut().insert(i.to_string());
            return Some(value);
        }
        let value = self.named.get(name)?;
        self.asked.borrow_mut().insert(name.to_string());
        Some(value)
    }

    /// As `get`, but `None` of Python counts as not given.
    fn given(&self, i: usize, name: &str) -> Option<&Value> {
        self.get(i, name).filter(|value| !matches!(value, Value::None))
    }

    fn must(&self, i: usize, name: &str) -> &Value {
        self.given(i, name).unwrap_or_else(|| panic!("argument {i} ({name}) is missing"))
    }

    /// Whether an argument was given at all, as something else than `None`.
    pub fn has(&self, i: usize, name: &str) -> bool {
        self.given(i, name).is_some()
    }

    /// How many arguments were given by position.
    pub fn count(&self) -> usize {
        self.positional.len()
    }

    /// Ends the call: the sample asks for something that is deliberately not there.
    pub fn refuse(&self, why: &'static str) -> ! {
        std::panic::panic_any(Refused(why))
    }

    /// The first argument, a tensor.
    pub fn x(&self) -> &Tensor {
        self.t(0, "input")
    }

    /// A tensor.
    pub fn t(&self, i: usize, name: &str) -> &Tensor {
        self.opt_t(i, name).unwrap_or_else(|| panic!("argument {i} ({name}) is no tensor"))
    }

    /// A number as a tensor without dimensions, of the input's dtype.
    pub fn number_like_input(&self, i: usize, name: &str) -> Tensor {
        let (number, x) = (self.scalar(i, name), self.x());
        Tensor::try_full_on((), number, x.dtype(), x.device()).expect("a number that the dtype has")
    }

    /// A tensor, if one is given.
    pub fn opt_t(&self, i: usize, name: &str) -> Option<&Tensor> {
        match self.given(i, name)? {
            Value::Tensor(x) => Some(x),
            _ => None,
        }
    }

    /// A list of tensors; or all further arguments, where tensors are given one by one.
    pub fn tensors(&self, i: usize, name: &str) -> Vec<Tensor> {
        let mut found = vec![];
        match self.must(i, name) {
            list @ Value::List(_) => list.tensors(&mut found),
            _ => (i..self.count()).for_each(|i| self.must(i, name).tensors(&mut found)),
        }
        found
    }

    /// A tensor or a number.
    pub fn operand(&self, i: usize, name: &str) -> Operand<'_> {
        match self.must(i, name) {
            Value::Tensor(x) => Operand::Tensor(x),
            number => Operand::Number(number.scalar()),
        }
    }

    /// A whole number.
    pub fn int(&self, i: usize, name: &str) -> i64 {
        self.must(i, name).int()
    }

    /// A whole number, or the default.
    pub fn int_or(&self, i: usize, name: &str, default: i64) -> i64 {
        self.opt_int(i, name).unwrap_or(default)
    }

    /// A whole number, if one is given.
    pub fn opt_int(&self, i: usize, name: &str) -> Option<i64> {
        self.given(i, name).map(Value::int)
    }

    /// A real number, or the default.
    pub fn float_or(&self, i: usize, name: &str, default: f64) -> f64 {
        self.opt_float(i, name).unwrap_or(default)
    }

    /// A real number, if one is given.
    pub fn opt_float(&self, i: usize, name: &str) -> Option<f64> {
        self.given(i, name).map(Value::float)
    }

    /// Real numbers, if they are given; one stands for a list of one.
    pub fn opt_floats(&self, i: usize, name: &str) -> Option<Vec<f64>> {
        self.given(i, name).map(|value| match value {
            Value::List(items) => items.iter().map(Value::float).collect(),
            one => vec![one.float()],
        })
    }

    /// A number of any kind.
    pub fn scalar(&self, i: usize, name: &str) -> Scalar {
        self.must(i, name).scalar()
    }

    /// A number of any kind, if one is given.
    pub fn opt_scalar(&self, i: usize, name: &str) -> Option<Scalar> {
        match self.given(i, name)? {
            number @ (Value::Bool(_) | Value::Int(_) | Value::Float(_)) => Some(number.scalar()),
            _ => None,
        }
    }

    /// A truth, or the default.
    pub fn bool_or(&self, i: usize, name: &str, default: bool) -> bool {
        self.given(i, name).map_or(default, |value| value.int() != 0)
    }

    /// A text, or the default.
    pub fn text_or<'a>(&'a self, i: usize, name: &str, default: &'a str) -> &'a str {
        match self.given(i, name) {
            Some(Value::Text(text)) => text,
            _ => default,
        }
    }

    /// A text, if the argument is one.
    pub fn opt_text(&self, i: usize, name: &str) -> Option<&str> {
        match self.given(i, name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whole numbers; one stands for a list of one.
    pub fn ints(&self, i: usize, name: &str) -> Vec<i64> {
        self.must(i, name).ints()
    }

    /// Whole numbers, some of which may be left open.
    pub fn open_ints(&self, i: usize, name: &str) -> Vec<Option<i64>> {
        let open = |value: &Value| (!matches!(value, Value::None)).then(|| value.int());
        match self.must(i, name) {
            Value::List(items) => items.iter().map(open).collect(),
            one => vec![open(one)],
        }
    }

    /// Whole numbers, if they are given.
    pub fn opt_ints(&self, i: usize, name: &str) -> Option<Vec<i64>> {
        self.given(i, name).map(Value::ints)
    }

    /// Whole numbers as a list, or one by one as all further arguments.
    pub fn rest_ints(&self, i: usize, name: &str) -> Vec<i64> {
        match self.get(i, name) {
            Some(Value::Int(_)) => (i..self.count()).map(|i| self.int(i, name)).collect(),
            Some(Value::None) | None => vec![],
            Some(list) => list.ints(),
        }
    }

    /// Lists of whole numbers.
    pub fn int_lists(&self, i: usize, name: &str) -> Vec<Vec<i64>> {
        match self.must(i, name) {
            Value::List(items) => items.iter().map(Value::ints).collect(),
            other => panic!("lists are expected: {other:?}"),
        }
    }

    /// Whether the argument is a list.
    pub fn is_list(&self, i: usize, name: &str) -> bool {
        matches!(self.get(i, name), Some(Value::List(_)))
    }

    /// An index: one entry or a list of entries, as Python has them between brackets.
    pub fn index(&self, i: usize, name: &str) -> Entries {
        fn entry(value: &Value) -> At {
            match value {
                Value::Slice(at) => at.clone(),
                Value::None => At::NewAxis,
                Value::Tensor(x) => At::Tensor(x.clone()),
                Value::List(_) => At::List(value.ints()),
                one => At::Position(one.int()),
            }
        }
        match self.get(i, name) {
            Some(Value::List(items)) => items.iter().map(entry).collect(),
            Some(one) => [entry(one)].into_iter().collect(),
            None => panic!("argument {i} ({name}) is missing"),
        }
    }

    /// A dtype, if one is given.
    pub fn opt_dtype(&self, i: usize, name: &str) -> Option<DType> {
        match self.given(i, name)? {
            Value::DType(dtype) => Some(*dtype),
            other => panic!("a dtype is expected: {other:?}"),
        }
    }

    /// Passes over arguments that have no meaning here (`device='cpu'`, `layout`, `memory_format` …).
    pub fn without(&self, names: &[&str]) -> &Args {
        self.asked.borrow_mut().extend(names.iter().map(|name| name.to_string()));
        self
    }
}
