//! Settings that can be read by name: from the structs that users fill in to the dictionaries that groups and saved states are, and
//! back. It knows no setting.

use crate::value::{Dict, Value};

/// A struct of settings whose fields can be read by name.
pub trait Settings: Default + Clone + Send + 'static {
    /// Writes all fields to `dict`.
    fn write(&self, dict: &mut Dict);

    /// Takes over the fields that `dict` has, each if it is of the field's type.
    fn read(&mut self, dict: &Dict);
}

/// What a setting may be.
pub trait Field: Sized {
    /// As a value.
    fn to_value(&self) -> Value;
    /// From a value, if it is of this type.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Field for f64 {
    /// Zero is a whole number, as the zeros among PyTorch's defaults are; it prints as `0`.
    fn to_value(&self) -> Value {
        if *self == 0.0 { Value::Int(0) } else { Value::Float(*self) }
    }

    fn from_value(value: &Value) -> Option<f64> {
        value.number()
    }
}

macro_rules! whole {
    ($($ty:ty)*) => { $(
        impl Field for $ty {
            fn to_value(&self) -> Value { Value::Int(*self as i64) }
            fn from_value(value: &Value) -> Option<$ty> { <$ty>::try_from(value.integer()?).ok() }
        }
    )* };
}
whole! { i64 usize }

impl Field for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_value(value: &Value) -> Option<bool> {
        if let Value::Bool(value) = value { Some(*value) } else { None }
    }
}

impl Field for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<String> {
        if let Value::Text(value) = value { Some(value.clone()) } else { None }
    }
}

impl Field for (f64, f64) {
    fn to_value(&self) -> Value {
        Value::Pair(self.0, self.1)
    }

    fn from_value(value: &Value) -> Option<(f64, f64)> {
        if let Value::Pair(first, second) = value {
            return Some((*first, *second));
        }
        let [first, second] = &value.items()?[..] else { return None };
        Some((first.number()?, second.number()?))
    }
}

impl<T: Field> Field for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::None, T::to_value)
    }

    fn from_value(value: &Value) -> Option<Option<T>> {
        if let Value::None = value { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl<T: Field> Field for Vec<T> {
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }

    fn from_value(value: &Value) -> Option<Vec<T>> {
        value.items()?.iter().map(T::from_value).collect()
    }
}

/// Defines a struct of settings with `tensor::settings!`, and how its fields are read by name. A field is `name(type) = default,`.
macro_rules! fields {
    (
        $(#[$doc:meta])*
        pub struct $name:ident { $($(#[$field_doc:meta])* $field:ident($($ty:tt)+) = $default:expr,)* }
    ) => {
        tensor::settings! {
            $(#[$doc])*
            pub struct $name { $($(#[$field_doc])* $field: $($ty)+ = $default,)* }
        }

        impl $crate::fields::Settings for $name {
            fn write(&self, dict: &mut $crate::Dict) {
                $(dict.set(stringify!($field), $crate::fields::Field::to_value(&self.$field));)*
            }

            fn read(&mut self, dict: &$crate::Dict) {
                $(
                    if let Some(value) = dict.get(stringify!($field)).and_then($crate::fields::Field::from_value) {
                        self.$field = value;
                    }
                )*
            }
        }
    };
}
pub(crate) use fields;
