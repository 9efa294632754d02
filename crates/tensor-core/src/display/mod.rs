//! The text of a tensor, character for character as PyTorch's `repr` prints it.
//!
//! The rules are those of `torch/_tensor_str.py` in PyTorch 2.15. This module does not know the tensor type, devices or
//! derivatives: whoever prints describes the tensor by a [`Printable`], which hands out single elements on request.
//! Only the elements that appear in the text are asked for, each once, so that a tensor of any size prints at once.
//!
//! - `options`: how much is shown and how precisely
//! - `number`: one notation and one width for all shown numbers
//! - `layout`: brackets, lines, indentation and the ellipsis of long dimensions
//! - `suffix`: device, size, dtype and derivative, after the numbers
//! - `general`: floats as C++ prints them, in texts of errors
//! - `python`: floats and shapes as Python itself prints them

mod general;
mod layout;
mod number;
mod options;
mod python;
mod suffix;

pub use general::general;
pub use options::PrintOptions;
pub use python::{python_float, python_tuple, torch_size};

/// What the text begins with; its length is the indentation of everything that follows.
const PREFIX: &str = "tensor(";

/// One element of a tensor, wide enough for every dtype: each float dtype is exact in `f64`, each integer in `i64`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// An element of a bool tensor.
    Bool(bool),
    /// An element of a uint8, int8, int16, int32 or int64 tensor.
    Int(i64),
    /// An element of a float16, bfloat16, float32 or float64 tensor.
    Float(f64),
}

/// Everything that the text of a tensor depends on, besides the [`PrintOptions`].
#[derive(Clone, Copy)]
pub struct Printable<'a> {
    /// The size of each dimension; empty for a tensor of one element and no dimension.
    pub shape: &'a [usize],
    /// The element at an index, which has one position per dimension. All elements are the same variant of [`Value`].
    pub value: &'a dyn Fn(&[usize]) -> Value,
    /// The dtype's name as in PyTorch, without its module: `"float32"`, `"bfloat16"`, `"bool"`.
    pub dtype: &'a str,
    /// The dtype that needs no mention, PyTorch's `torch.get_default_dtype()`: `"float32"` unless a program changed it.
    pub default_dtype: &'a str,
    /// The device's name, such as `"gpu:0"`, where it is to be shown; `None` on the default device.
    pub device: Option<&'a str>,
    /// Whether derivatives with respect to this tensor, or through it, are recorded.
    pub requires_grad: bool,
    /// The name of the operation that recorded this tensor, such as `"MulBackward0"`; `None` for a leaf.
    pub grad_fn: Option<&'a str>,
}

impl<'a> Printable<'a> {
    /// A tensor on the default device, without derivatives, in a program whose default dtype is float32. The remaining
    /// fields can be set afterwards.
    pub fn new(shape: &'a [usize], dtype: &'a str, value: &'a dyn Fn(&[usize]) -> Value) -> Self {
        Self { shape, value, dtype, default_dtype: "float32", device: None, requires_grad: false, grad_fn: None }
    }

    /// The number of elements; the largest `usize` where there are more.
    fn numel(&self) -> usize {
        if self.shape.contains(&0) { 0 } else { self.shape.iter().fold(1, |count, &size| count.saturating_mul(size)) }
    }
}

/// The text that PyTorch prints for a tensor: `tensor([1., 2.])`.
///
/// A tensor with more than `options.threshold` elements shows only the first and last `options.edgeitems` positions of
/// each long dimension. Whatever the tensor's size, only the elements that are shown are read.
///
/// ```
/// use tensor_core::display::{PrintOptions, Printable, Value, repr};
///
/// let values = [0.5, 1.0, 1.5, 2.0];
/// let value = |index: &[usize]| Value::Float(values[2 * index[0] + index[1]]);
/// let mut tensor = Printable::new(&[2, 2], "float64", &value);
/// assert_eq!(
///     repr(&tensor, &PrintOptions::default()),
///     "tensor([[0.5000, 1.0000],\n        [1.5000, 2.0000]], dtype=torch.float64)",
/// );
/// tensor.dtype = "float32";
/// tensor.requires_grad = true;
/// tensor.grad_fn = Some("MulBackward0");
/// assert_eq!(
///     repr(&tensor, &PrintOptions { precision: 1, ..PrintOptions::default() }),
///     "tensor([[0.5, 1.0],\n        [1.5, 2.0]], grad_fn=<MulBackward0>)",
/// );
/// ```
pub fn repr(tensor: &Printable, options: &PrintOptions) -> String {
    let mut text = String::from(PREFIX);
    layout::push_elements(&mut text, tensor, options);
    suffix::push_suffixes(&mut text, tensor, options);
    text.push(')');
    text
}
