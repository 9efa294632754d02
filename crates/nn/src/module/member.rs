//! What a field of a module's struct contributes to it, decided by the field's type. It knows no particular layer.

use super::{Mode, Module};
use tensor::{DType, Tensor};

/// One member of a module.
#[derive(Clone, Copy)]
pub enum Member<'a> {
    /// A tensor that is trained.
    Parameter(&'a Tensor),
    /// A tensor that is saved with the module but not trained.
    Buffer(&'a Tensor),
    /// A module of its own.
    Module(&'a dyn Module),
    /// Whether the module is being trained.
    Mode(&'a Mode),
}

/// One member of a module, to be replaced.
pub enum MemberMut<'a> {
    /// A tensor that is trained.
    Parameter(&'a mut Tensor),
    /// A tensor that is saved with the module but not trained.
    Buffer(&'a mut Tensor),
    /// A module of its own.
    Module(&'a mut dyn Module),
}

/// What may be a field of a struct that derives [`Module`](macro@crate::Module): modules, tensors (parameters), [`Mode`], plain
/// values, and each of them in an `Option`. Another type is marked with `#[skip]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a module, a tensor nor a plain value",
    note = "derive `Module` for it if it holds parameters, else mark the field with `#[skip]`"
)]
pub trait Field {
    /// Calls `visit` with what this field, called `name`, contributes.
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>));
    /// As [`visit`](Field::visit), with what may be replaced.
    fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>));
}

/// What may be marked with `#[buffer]`: a tensor, also in an `Option`.
pub trait BufferField {
    /// Calls `visit` with the buffer.
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>));
    /// As [`visit`](BufferField::visit), with the buffer to be replaced.
    fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>));
}

impl<M: Module> Field for M {
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>)) {
        visit(name, Member::Module(self));
    }
    fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
        visit(name, MemberMut::Module(self));
    }
}

impl Field for Tensor {
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>)) {
        visit(name, Member::Parameter(self));
    }
    fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
        visit(name, MemberMut::Parameter(self));
    }
}

impl BufferField for Tensor {
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>)) {
        visit(name, Member::Buffer(self));
    }
    fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
        visit(name, MemberMut::Buffer(self));
    }
}

impl Field for Mode {
    fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>)) {
        visit(name, Member::Mode(self));
    }
    fn visit_mut(&mut self, _: &str, _: &mut dyn FnMut(&str, MemberMut<'_>)) {}
}

macro_rules! optional {
    ($($field:ident),*) => { $(
        impl<F: $field> $field for Option<F> {
            fn visit<'a>(&'a self, name: &str, visit: &mut dyn FnMut(&str, Member<'a>)) {
                if let Some(field) = self {
                    field.visit(name, visit);
                }
            }
            fn visit_mut(&mut self, name: &str, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
                if let Some(field) = self {
                    field.visit_mut(name, visit);
                }
            }
        }
    )* };
}
optional!(Field, BufferField);

macro_rules! plain {
    ($([$($generics:tt)*] $ty:ty),* $(,)?) => { $(
        impl<$($generics)*> Field for $ty {
            fn visit<'a>(&'a self, _: &str, _: &mut dyn FnMut(&str, Member<'a>)) {}
            fn visit_mut(&mut self, _: &str, _: &mut dyn FnMut(&str, MemberMut<'_>)) {}
        }
    )* };
}
plain! {
    [] bool, [] u8, [] i8, [] u16, [] i16, [] u32, [] i32, [] u64, [] i64, [] usize, [] isize, [] f32, [] f64,
    [] String, [] &'static str, [] DType, [] Vec<usize>, [] Vec<i64>, [] Vec<f64>,
    [const N: usize] [usize; N], [const N: usize] [i64; N], [const N: usize] [f64; N],
}
