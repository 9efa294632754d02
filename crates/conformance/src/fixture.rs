//! The lines of `values.*.tsv`: operation, parameters, inputs, results. The format is described in `fixtures/make_values.py`.
//! It knows no operation.

use crate::rule;
use crate::samples::place;
use tensor_core::{DType, Device, Tensor};

/// One line: what is computed, and what PyTorch gets.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The line, but for the results.
    pub head: &'a str,
    /// The operation's name in the fixture; one ending in `_` is in place.
    pub operation: &'a str,
    /// Its parameters.
    pub parameters: Vec<&'a str>,
    /// What the inputs are made of.
    inputs: Vec<&'a str>,
    /// The results; `None` where PyTorch refuses.
    pub results: Option<Vec<Expected>>,
}

/// A result of PyTorch's.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The dtype.
    pub dtype: DType,
    /// The sizes.
    pub shape: Vec<usize>,
    /// The strides, in elements.
    pub strides: Vec<usize>,
    /// The storage offset, in elements.
    pub offset: usize,
    /// Whether the result shares memory with the first input.
    pub shares: bool,
    /// The elements' bits.
    pub elements: Elements,
}

/// The bits of a result's elements.
#[derive(Clone, Debug, PartialEq)]
pub enum Elements {
    /// All of them, row-major.
    All(Vec<u64>),
    /// The CRC-32 of all bytes, and the bits of a few elements ([`sampled_place`]).
    Sampled(u32, Vec<u64>),
}

/// The row-major place of sampled element `k` of `numel`.
pub fn sampled_place(k: usize, numel: usize) -> usize {
    (k as u64 * 2_654_435_761 + 12_345) as usize % numel
}

fn numbers(text: &str) -> Vec<usize> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().expect("a number")).collect()
}

/// Little-endian numbers of `size` bytes in hexadecimal.
fn hexadecimal(text: &str, size: usize) -> Vec<u64> {
    let byte = |i: usize| u64::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hexadecimal digits");
    (0..text.len() / 2 / size).map(|i| (0..size).rev().fold(0, |bits, k| bits << 8 | byte(i * size + k))).collect()
}

impl Expected {
    fn parse(text: &str) -> Expected {
        let fields: Vec<&str> = text.split(':').collect();
        let [dtype, shape, strides, offset, memory, elements] = fields[..] else { panic!("six fields: {text}") };
        let dtype = rule::dtype(dtype);
        let elements = match elements.strip_prefix('~').map(|rest| rest.split_once(',').expect("a sum and elements")) {
            Some((crc, some)) => {
                Elements::Sampled(u32::from_str_radix(crc, 16).expect("a CRC"), hexadecimal(some, dtype.size()))
            }
            None => Elements::All(hexadecimal(elements, dtype.size())),
        };
        let offset = offset.parse().expect("a number");
        Expected { dtype, shape: numbers(shape), strides: numbers(strides), offset, shares: memory == "&", elements }
    }
}

/// The inputs of a case: tensors, and the storage of each as a vector.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The tensors.
    pub tensors: Vec<Tensor>,
    /// Their storages.
    pub storages: Vec<Tensor>,
}

impl<'a> Case<'a> {
    /// Reads a line.
    ///
    /// # Panics
    /// If the line is not of the format.
    pub fn parse(line: &'a str) -> Case<'a> {
        let (head, results) = line.rsplit_once('\t').expect("four columns");
        let columns: Vec<&str> = head.split('\t').collect();
        let [operation, parameters, inputs] = columns[..] else { panic!("four columns: {line}") };
        let results = (results != "error")
            .then(|| results.split(' ').filter(|text| !text.is_empty()).map(Expected::parse).collect());
        let (parameters, inputs) = (words(parameters), words(inputs));
        Case { head, operation, parameters, inputs, results }
    }

    /// All lines of a file.
    pub fn parse_all(text: &'a str) -> Vec<Case<'a>> {
        text.lines().map(Case::parse).collect()
    }

    /// The dtypes of the inputs.
    pub fn dtypes(&self) -> Vec<DType> {
        let own = |text: &&&str| !text.starts_with('&');
        self.inputs.iter().filter(own).map(|text| rule::dtype(text.split(':').next().expect("a dtype"))).collect()
    }

    /// Sizes and layout of the first input as the fixture writes them, to find which samples occur.
    pub fn first_layout(&self) -> Option<(Vec<usize>, Option<Strided>)> {
        let fields: Vec<&str> = self.inputs.first()?.split(':').collect();
        Some((numbers(fields[1]), layout(fields[2])))
    }

    /// Makes the inputs on `device`.
    pub fn inputs(&self, device: &'static dyn Device) -> Inputs {
        let mut made = Inputs::default();
        for text in &self.inputs {
            let fields: Vec<&str> = text.splitn(5, ':').collect();
            let (shape, layout) = (numbers(fields[1]), layout(fields[2]));
            let layout = layout.as_ref().map(|(strides, offset)| (&strides[..], *offset));
            let (base, tensor) = match fields[0].strip_prefix('&') {
                Some(of) => {
                    let base = made.storages[of.parse::<usize>().expect("a number")].clone();
                    let (strides, offset) = layout.expect("a layout in another input's storage");
                    let tensor = base.as_strided(&shape, strides, offset);
                    (base, tensor)
                }
                None => {
                    let seed = fields[4].parse().expect("a seed");
                    place(rule::dtype(fields[0]), &shape, layout, fields[3], seed, device)
                }
            };
            made.storages.push(base);
            made.tensors.push(tensor);
        }
        made
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').filter(|word| !word.is_empty()).collect()
}

/// The strides and the offset of a layout that is not contiguous.
pub type Strided = (Vec<usize>, usize);

fn layout(text: &str) -> Option<Strided> {
    let (strides, offset) = text.split_once('@')?;
    Some((numbers(strides), offset.parse().expect("a number")))
}
