//! The text of over a thousand tensors against what PyTorch 2.15 prints, and of floats against what Python prints.
//!
//! The fixtures are made by `conformance/fixtures/make_printing.py`, which also describes their format. This test does
//! not know the tensor type: it lays the recorded storage out by itself.

use std::cell::Cell;
use std::fs;

use half::{bf16, f16};
use tensor_core::display::{PrintOptions, Printable, Value, python_float, repr};

/// A file of the conformance fixtures.
fn fixture(name: &str) -> String {
    let path = format!("{}/../conformance/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The numbers of a list that is separated by commas; `-` is an empty list.
fn numbers(text: &str) -> Vec<usize> {
    if text == "-" { Vec::new() } else { text.split(',').map(|number| number.parse().unwrap()).collect() }
}

/// The element that these bits are in this dtype.
fn from_bits(dtype: &str, bits: u64) -> Value {
    match dtype {
        "bool" => Value::Bool(bits != 0),
        "uint8" => Value::Int(i64::from(bits as u8)),
        "int8" => Value::Int(i64::from(bits as u8 as i8)),
        "int16" => Value::Int(i64::from(bits as u16 as i16)),
        "int32" => Value::Int(i64::from(bits as u32 as i32)),
        "int64" => Value::Int(bits as i64),
        "float16" => Value::Float(f16::from_bits(bits as u16).to_f64()),
        "bfloat16" => Value::Float(bf16::from_bits(bits as u16).to_f64()),
        "float32" => Value::Float(f64::from(f32::from_bits(bits as u32))),
        "float64" => Value::Float(f64::from_bits(bits)),
        _ => panic!("unknown dtype {dtype}"),
    }
}

/// The storage of the column "elements".
fn storage(dtype: &str, column: &str) -> Vec<Value> {
    let mut words = column.split(' ');
    let rule = words.next().unwrap();
    let count: usize = words.next().unwrap().parse().unwrap();
    match rule {
        "bits" => {
            let listed: Vec<_> = words.map(|bits| from_bits(dtype, u64::from_str_radix(bits, 16).unwrap())).collect();
            (0..count).map(|index| listed[index % listed.len()]).collect()
        }
        "arange" => {
            let [start, step] = [words.next(), words.next()].map(|word| word.unwrap().parse::<f64>().unwrap());
            let numbers = (0..count).map(|index| start + index as f64 * step);
            if dtype.contains("float") {
                numbers.map(Value::Float).collect()
            } else {
                numbers.map(|number| Value::Int(number as i64)).collect()
            }
        }
        _ => panic!("unknown rule {rule}"),
    }
}

/// Applies one of the attributes to the description or to the options.
fn apply<'a>(attribute: &'a str, tensor: &mut Printable<'a>, options: &mut PrintOptions) {
    let (key, value) = attribute.split_once('=').unwrap();
    match key {
        "grad_fn" => tensor.grad_fn = Some(value),
        "requires_grad" => tensor.requires_grad = value == "true",
        "device" => tensor.device = Some(value),
        "default_dtype" => tensor.default_dtype = value,
        "profile" if value == "short" => *options = PrintOptions::short(),
        "profile" if value == "full" => *options = PrintOptions::full(),
        "precision" => options.precision = value.parse().unwrap(),
        "threshold" => options.threshold = value.parse().unwrap(),
        "edgeitems" => options.edgeitems = value.parse().unwrap(),
        "linewidth" => options.linewidth = value.parse().unwrap(),
        "sci_mode" => options.sci_mode = Some(value == "true"),
        _ => panic!("unknown attribute {attribute}"),
    }
}

/// The strides of a contiguous tensor, in elements.
fn contiguous_strides(shape: &[usize]) -> Vec<usize> {
    (0..shape.len()).map(|dim| shape[dim + 1..].iter().product()).collect()
}

#[test]
fn tensors_print_as_in_pytorch() {
    let fixtures = fixture("printing.tsv");
    let mut failures = Vec::new();
    for (number, line) in fixtures.lines().enumerate() {
        let [dtype, shape, layout, attributes, elements, text] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let shape = numbers(shape);
        let (offset, strides) = match layout.split_once(':') {
            Some((offset, strides)) => {
                (offset.parse().unwrap(), numbers(if strides.is_empty() { "-" } else { strides }))
            }
            None => (0, contiguous_strides(&shape)),
        };
        let storage = storage(dtype, elements);
        let value = |index: &[usize]| {
            let position: usize = index.iter().zip(&strides).map(|(index, stride)| index * stride).sum();
            storage[offset + position]
        };
        let mut tensor = Printable::new(&shape, dtype, &value);
        let mut options = PrintOptions::default();
        attributes.split(' ').filter(|word| *word != "-").for_each(|word| apply(word, &mut tensor, &mut options));
        let expected = text.replace("\\n", "\n");
        let printed = repr(&tensor, &options);
        if printed != expected {
            let line = number + 1;
            failures.push(format!("line {line}, {attributes}: PyTorch prints\n{expected}\nhere it is\n{printed}"));
        }
    }
    assert!(fixtures.lines().count() >= 250, "the fixtures are not complete");
    let count = failures.len();
    assert!(failures.is_empty(), "{count} texts differ, among them\n{}", failures[..count.min(3)].join("\n\n"));
}

#[test]
fn floats_print_as_in_python() {
    let fixtures = fixture("python_floats.tsv");
    assert!(fixtures.lines().count() >= 250, "the fixtures are not complete");
    for line in fixtures.lines() {
        let (bits, text) = line.split_once('\t').unwrap();
        assert_eq!(python_float(f64::from_bits(u64::from_str_radix(bits, 16).unwrap())), text, "bits {bits}");
    }
}

#[test]
fn only_the_shown_elements_are_read() {
    let shape = [1_000_000, 1_000_000, 5];
    let reads = Cell::new(0);
    let value = |index: &[usize]| {
        reads.set(reads.get() + 1);
        assert!(index.iter().zip(&shape).all(|(index, size)| index < size));
        Value::Int(index[2] as i64)
    };
    let tensor = Printable::new(&shape, "int64", &value);
    let text = repr(&tensor, &PrintOptions::default());
    assert_eq!(reads.get(), 6 * 6 * 5);
    assert!(text.starts_with("tensor([[[0, 1, 2, 3, 4],\n         [0, 1, 2, 3, 4],"), "{text}");

    reads.set(0);
    let text = repr(&tensor, &PrintOptions { edgeitems: 0, ..PrintOptions::default() });
    assert_eq!(reads.get(), 0);
    assert_eq!(text, "tensor([...], size=(1000000, 1000000, 5))");
}

#[test]
fn a_tensor_of_more_elements_than_can_be_counted_is_summarized() {
    let shape = [usize::MAX, usize::MAX];
    let value = |_: &[usize]| Value::Bool(true);
    let text = repr(&Printable::new(&shape, "bool", &value), &PrintOptions::default());
    assert_eq!(text.matches("True,").count(), 36 - 6);
}

#[test]
fn profiles_are_those_of_pytorch() {
    let by_default = PrintOptions { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: None };
    assert_eq!(PrintOptions::default(), by_default);
    assert_eq!(PrintOptions::short(), PrintOptions { precision: 2, edgeitems: 2, ..by_default });
    assert_eq!(PrintOptions::full(), PrintOptions { threshold: usize::MAX, ..by_default });
}
