//! Settings that have defaults, as Python's keyword arguments: one definition gives the struct, its defaults and the methods
//! that set them. Layers, optimizers and loaders define theirs with it; it knows none of them.

/// Defines a struct of settings: each field with its default, a method of the field's name that sets it, and `Default`.
///
/// A field of a type marked `into` takes whatever converts to it. What has settings takes them as a closure from the defaults to
/// the wanted ones, so that a call names only what differs: `Conv2d::with(1, 64, 3, |conv| conv.padding(1).bias(false))`.
///
/// ```
/// tensor::settings! {
///     /// What a window takes beside its size.
///     pub struct Window {
///         /// How far it moves each time.
///         stride: usize = 1,
///         /// What it is called.
///         label: into String = "window",
///     }
/// }
/// let window = Window::default().stride(2).label("pool");
/// assert_eq!((window.stride, window.label.as_str()), (2, "pool"));
/// ```
#[macro_export]
macro_rules! settings {
    (
        $(#[$doc:meta])*
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        $crate::settings! { @fields [$(#[$doc])*] $name [] $($fields)* }
    };
    (@fields $head:tt $name:ident [$($done:tt)*]
        $(#[$doc:meta])* $field:ident : into $ty:ty = $default:expr, $($rest:tt)*) => {
        $crate::settings! { @fields $head $name
            [$($done)* { [$(#[$doc])*] $field, $ty, ($default).into(), impl Into<$ty> }] $($rest)* }
    };
    (@fields $head:tt $name:ident [$($done:tt)*]
        $(#[$doc:meta])* $field:ident : $ty:ty = $default:expr, $($rest:tt)*) => {
        $crate::settings! { @fields $head $name [$($done)* { [$(#[$doc])*] $field, $ty, $default, $ty }] $($rest)* }
    };
    (@fields [$(#[$doc:meta])*] $name:ident
        [$({ [$(#[$field_doc:meta])*] $field:ident, $ty:ty, $default:expr, $given:ty })*]) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty),* }

        impl Default for $name {
            fn default() -> $name {
                $name { $($field: $default),* }
            }
        }

        impl $name { $(
            $(#[$field_doc])*
            #[must_use]
            pub fn $field(mut self, $field: $given) -> $name {
                self.$field = $field.into();
                self
            }
        )* }
    };
}
