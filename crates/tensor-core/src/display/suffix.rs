//! What follows the numbers: device, size, dtype, and the operation or the wish to record derivatives.
//!
//! These are the rules of `_str_intern` and `_add_suffixes` in PyTorch's `torch/_tensor_str.py`. This file does not
//! know the elements, only whether there are any.

use std::iter::repeat_n;

use super::python::python_tuple;
use super::{PREFIX, PrintOptions, Printable};

/// Appends the suffixes to the text so far, each on a new line where the line width demands it.
pub(super) fn push_suffixes(text: &mut String, tensor: &Printable, options: &PrintOptions) {
    // PyTorch counts two characters more than the last line has; the line breaks depend on it.
    let last_line = text.rfind('\n').map_or(text.len(), |newline| text.len() - newline - 1);
    let mut used = last_line + 2;
    for suffix in suffixes(tensor, options) {
        if used + suffix.len() + 2 > options.linewidth {
            text.push_str(",\n");
            text.extend(repeat_n(' ', PREFIX.len()));
            used = PREFIX.len() + suffix.len();
        } else {
            text.push_str(", ");
            used += suffix.len() + 2;
        }
        text.push_str(&suffix);
    }
}

/// The suffixes of a tensor, in PyTorch's order.
fn suffixes(tensor: &Printable, options: &PrintOptions) -> Vec<String> {
    let mut suffixes = Vec::new();
    if let Some(device) = tensor.device {
        suffixes.push(format!("device='{device}'"));
    }
    let is_empty = tensor.numel() == 0;
    // `[]` alone stands for the shape (0,), and without edge items a summary shows no shape at all.
    let is_ambiguous = if is_empty { tensor.shape.len() != 1 } else { options.edgeitems == 0 };
    if is_ambiguous {
        suffixes.push(format!("size={}", python_tuple(tensor.shape)));
    }
    // The elements themselves tell int64 and bool from the default dtype; an empty tensor has none that could.
    let is_evident = tensor.dtype == tensor.default_dtype || !is_empty && matches!(tensor.dtype, "int64" | "bool");
    if !is_evident {
        suffixes.push(format!("dtype=torch.{}", tensor.dtype));
    }
    if let Some(grad_fn) = tensor.grad_fn {
        suffixes.push(format!("grad_fn=<{grad_fn}>"));
    } else if tensor.requires_grad {
        suffixes.push("requires_grad=True".into());
    }
    suffixes
}
