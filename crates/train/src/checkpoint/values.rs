//! Settings and counts as a file keeps them: tensors as such, anything else as a text that tells its type. It knows no file.

use optim::{Dict, Value};
use tensor::Tensor;

/// A value in one of the two forms.
pub(super) enum Written {
    Tensor(Tensor),
    Text(String),
}

/// A value of a flat list.
pub(super) fn written(value: &Value) -> Written {
    Written::Text(match value {
        Value::Tensor(tensor) => return Written::Tensor(tensor.clone()),
        Value::None => "none".into(),
        Value::Bool(value) => format!("bool {value}"),
        Value::Int(value) => format!("int {value}"),
        // To the last bit, infinities and NaN included.
        Value::Float(value) => format!("float {value:?}"),
        Value::Text(text) => format!("text {text}"),
        Value::Pair(..) | Value::List(_) | Value::Dict(_) => unreachable!("a flat list has none"),
    })
}

/// The value of a text; `None` if it is of none.
pub(super) fn read(text: &str) -> Option<Value> {
    let (kind, value) = text.split_once(' ').unwrap_or((text, ""));
    match kind {
        "none" => Some(Value::None),
        "bool" => value.parse().ok().map(Value::Bool),
        "int" => value.parse().ok().map(Value::Int),
        "float" => value.parse().ok().map(Value::Float),
        "text" => Some(Value::Text(value.into())),
        _ => None,
    }
}

/// The dictionary of a flat list, whose order a file does not keep: by name, positions by number.
pub(super) fn in_order(mut flat: Vec<(String, Value)>) -> Dict {
    let key = |name: &str| -> Vec<(usize, String)> {
        name.split('.').map(|part| (part.parse().unwrap_or(usize::MAX), part.to_string())).collect()
    };
    flat.sort_by_cached_key(|(name, _)| key(name));
    Dict::from_flat(flat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_tell_their_types() {
        let values = [
            Value::None,
            Value::Bool(true),
            Value::Int(-3),
            Value::Float(0.1 + 0.2),
            Value::Float(f64::NEG_INFINITY),
            Value::Text("rel abs".into()),
        ];
        for value in values {
            let Written::Text(text) = written(&value) else { panic!("no tensor") };
            assert_eq!(format!("{:?}", read(&text).unwrap()), format!("{value:?}"));
        }
        assert!(read("float x").is_none() && read("colour red").is_none() && read("int 1.5").is_none());
    }
}
