//! Values of the fixture's lines. It knows no operation.

use crate::rule;
use tensor_core::{DType, Element, Tensor, bf16, f16};

pub use serde_json::Value as Json;

/// A list of sizes.
pub fn sizes(json: &Json) -> Vec<usize> {
    json.as_array().expect("a list").iter().map(|size| size.as_u64().expect("a size") as usize).collect()
}

/// A tensor, with its layout and its wish for a gradient. Where the contents are not told, they are zeros.
pub fn tensor(json: &Json) -> Tensor {
    let dtype = rule::dtype(json["t"].as_str().expect("a dtype"));
    let shape = sizes(&json["s"]);
    let data = bytes(json["d"].as_str().expect("a text"));
    let layout = json["st"].as_array().map(|at| (sizes(&at[0]), at[1].as_u64().expect("an offset") as usize));
    let made = match dtype {
        DType::Bool => of::<bool>(&data, &shape, layout, |b| b[0] != 0),
        DType::U8 => of::<u8>(&data, &shape, layout, |b| b[0]),
        DType::I8 => of::<i8>(&data, &shape, layout, |b| b[0] as i8),
        DType::I16 => of::<i16>(&data, &shape, layout, |b| i16::from_le_bytes(b.try_into().expect("2 bytes"))),
        DType::I32 => of::<i32>(&data, &shape, layout, |b| i32::from_le_bytes(b.try_into().expect("4 bytes"))),
        DType::I64 => of::<i64>(&data, &shape, layout, |b| i64::from_le_bytes(b.try_into().expect("8 bytes"))),
        DType::F16 => of::<f16>(&data, &shape, layout, |b| f16::from_le_bytes(b.try_into().expect("2 bytes"))),
        DType::BF16 => of::<bf16>(&data, &shape, layout, |b| bf16::from_le_bytes(b.try_into().expect("2 bytes"))),
        DType::F32 => of::<f32>(&data, &shape, layout, |b| f32::from_le_bytes(b.try_into().expect("4 bytes"))),
        DType::F64 => of::<f64>(&data, &shape, layout, |b| f64::from_le_bytes(b.try_into().expect("8 bytes"))),
    };
    if json["g"] == 1 { sconce::Gradient::requires_grad_(&made, true) } else { made }
}

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("two digits")).collect()
}

/// Strides and offset of a tensor that is not contiguous.
type Strided = (Vec<usize>, usize);

fn of<T: Element>(data: &[u8], shape: &[usize], layout: Option<Strided>, read: impl Fn(&[u8]) -> T) -> Tensor {
    let zero = T::from_scalar(false.into());
    let numel: usize = shape.iter().product();
    let values = match data.is_empty() {
        true => vec![zero; numel],
        false => data.chunks_exact(T::DTYPE.size()).map(read).collect(),
    };
    let Some((strides, offset)) = layout else { return Tensor::from_vec(values, shape, ops_cpu::cpu()) };
    let place = |i: usize| {
        let (mut rest, mut at) = (i, offset);
        for (size, stride) in shape.iter().zip(&strides).rev() {
            at += rest % size * stride;
            rest /= size;
        }
        at
    };
    let places: Vec<usize> = (0..numel).map(place).collect();
    let mut storage = vec![zero; places.iter().max().map_or(0, |last| last + 1)];
    places.iter().zip(values).for_each(|(at, value)| storage[*at] = value);
    let span = storage.len();
    let base = Tensor::from_vec(storage, [span], ops_cpu::cpu());
    base.as_strided(shape, strides, if numel == 0 { 0 } else { offset }).detach()
}
