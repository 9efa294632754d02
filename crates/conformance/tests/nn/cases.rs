//! A module of the fixtures with what is done to it, by its Python text.

use sconce::Tensor;
use sconce::nn::Module;
use serde_json::Value;
use std::collections::HashMap;

/// Inputs by their Python names: drawn ones are x, y, z, whole numbers a, b, c.
pub struct Inputs(pub HashMap<String, Tensor>);

impl Inputs {
    /// The input of that name.
    pub fn get(&self, name: &str) -> &Tensor {
        self.0.get(name).unwrap_or_else(|| panic!("there is no input {name}"))
    }

    /// The drawn ones, in the order in which they are drawn.
    pub fn drawn(&self) -> Vec<&Tensor> {
        ["x", "y", "z"].iter().filter_map(|name| self.0.get(*name)).collect()
    }

    /// Makes what a line of the fixtures lists.
    pub fn of(listed: &Value) -> Inputs {
        use sconce::prelude::{Gradient, randn};
        let mut inputs = HashMap::new();
        let mut names = ["x", "y", "z"].into_iter();
        for item in listed.as_array().expect("a list") {
            match item[0].as_str() {
                Some(name) => inputs.insert(name.to_string(), whole(&item[1])),
                None => {
                    let name = names.next().expect("three drawn inputs at most");
                    let drawn = randn(crate::numbers::shape(item)).requires_grad_(true);
                    inputs.insert(name.to_string(), drawn)
                }
            };
        }
        Inputs(inputs)
    }
}

/// A nested list of whole numbers.
fn whole(nested: &Value) -> Tensor {
    fn collect(value: &Value, depth: usize, shape: &mut Vec<usize>, numbers: &mut Vec<i64>) {
        match value.as_array() {
            Some(list) => {
                if shape.len() == depth {
                    shape.push(list.len());
                }
                list.iter().for_each(|item| collect(item, depth + 1, shape, numbers));
            }
            None => numbers.push(value.as_i64().expect("a whole number")),
        }
    }
    let (mut shape, mut numbers) = (Vec::new(), Vec::new());
    collect(nested, 0, &mut shape, &mut numbers);
    sconce::from_vec(numbers, shape)
}

/// A module and how it is called.
pub trait Case {
    /// The module.
    fn module(&self) -> &dyn Module;
    /// The outputs of a call.
    fn call(&self, inputs: &Inputs) -> Vec<Tensor>;
}

struct Held<M, F>(M, F);

impl<M: Module, F: Fn(&M, &Inputs) -> Vec<Tensor>> Case for Held<M, F> {
    fn module(&self) -> &dyn Module {
        &self.0
    }
    fn call(&self, inputs: &Inputs) -> Vec<Tensor> {
        (self.1)(&self.0, inputs)
    }
}

/// A case of this module.
pub fn case<M: Module + 'static>(module: M, call: impl Fn(&M, &Inputs) -> Vec<Tensor> + 'static) -> Box<dyn Case> {
    Box::new(Held(module, call))
}
