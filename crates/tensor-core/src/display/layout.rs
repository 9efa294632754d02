//! Brackets, lines, indentation, and the ellipsis of a tensor that is too large to show.
//!
//! These are the rules of `_tensor_str_with_formatter` and `_vector_str` in PyTorch's `torch/_tensor_str.py`. This file
//! does not know how a number is written, only how wide it is.

use std::iter::repeat_n;

use super::number::NumberFormat;
use super::{PREFIX, PrintOptions, Printable, Value};

/// The shown positions of one dimension: all, or as many at each end.
#[derive(Clone, Copy)]
struct Window {
    size: usize,
    /// How many positions are shown at each end; `None` where the dimension is shown completely.
    edge: Option<usize>,
}

impl Window {
    /// The window of a dimension of `size`, of which a summary would show `edge` positions at each end.
    fn new(size: usize, edge: Option<usize>) -> Self {
        Self { size, edge: edge.filter(|edge| size > edge.saturating_mul(2)) }
    }

    /// What is shown, in order: `Some` position, or `None` for the ellipsis.
    fn slots(self) -> impl Iterator<Item = Option<usize>> {
        let head = self.edge.unwrap_or(self.size);
        let tail = self.size - self.edge.unwrap_or(0);
        (0..head).map(Some).chain(self.edge.map(|_| None)).chain((tail..self.size).map(Some))
    }
}

/// Appends the elements of a tensor with their brackets: `[[1, 2], …]`, or `[]` if there are none.
pub(super) fn push_elements(text: &mut String, tensor: &Printable, options: &PrintOptions) {
    let numel = tensor.numel();
    if numel == 0 {
        text.push_str("[]");
        return;
    }
    let edge = (numel > options.threshold).then_some(options.edgeitems);
    let mut shown = Vec::new();
    let mut index = vec![0; tensor.shape.len()];
    collect(tensor, edge, &mut index, 0, &mut shown);
    let format = NumberFormat::choose(&shown, options);
    let mut page = Page { text, format, linewidth: options.linewidth, edge, values: shown.into_iter() };
    page.push(tensor.shape, PREFIX.len());
}

/// Reads the shown elements in the order of the text, from dimension `dim` on; `index` holds the positions before it.
fn collect(tensor: &Printable, edge: Option<usize>, index: &mut [usize], dim: usize, shown: &mut Vec<Value>) {
    let Some(&size) = tensor.shape.get(dim) else {
        shown.push((tensor.value)(index));
        return;
    };
    for position in Window::new(size, edge).slots().flatten() {
        index[dim] = position;
        collect(tensor, edge, index, dim + 1, shown);
    }
}

/// The text in the making, and the shown elements that are not yet on it.
struct Page<'a> {
    text: &'a mut String,
    format: NumberFormat,
    linewidth: usize,
    edge: Option<usize>,
    values: std::vec::IntoIter<Value>,
}

impl Page<'_> {
    /// Appends the next elements as a block of this shape whose bracket opens after `indent` characters.
    fn push(&mut self, shape: &[usize], indent: usize) {
        match *shape {
            [] => self.push_value(),
            [size] => self.push_row(size, indent),
            [size, ref inner @ ..] => {
                self.text.push('[');
                for (count, slot) in Window::new(size, self.edge).slots().enumerate() {
                    if count > 0 {
                        // Blocks of more dimensions stand further apart.
                        self.push_break(inner.len(), indent);
                    }
                    match slot {
                        Some(_) => self.push(inner, indent + 1),
                        None => self.text.push_str("..."),
                    }
                }
                self.text.push(']');
            }
        }
    }

    /// Appends the next elements as a row, over as many lines as the line width demands.
    fn push_row(&mut self, size: usize, indent: usize) {
        let per_line = (self.linewidth.saturating_sub(indent) / (self.format.width() + 2)).max(1);
        self.text.push('[');
        for (count, slot) in Window::new(size, self.edge).slots().enumerate() {
            if count > 0 && count.is_multiple_of(per_line) {
                self.push_break(1, indent);
            } else if count > 0 {
                self.text.push_str(", ");
            }
            match slot {
                Some(_) => self.push_value(),
                // PyTorch puts a space before the ellipsis of a row, unless it stands alone.
                None => self.text.push_str(if self.edge == Some(0) { "..." } else { " ..." }),
            }
        }
        self.text.push(']');
    }

    /// Ends the line with a comma and begins another inside the bracket that opened after `indent` characters.
    fn push_break(&mut self, newlines: usize, indent: usize) {
        self.text.push(',');
        self.text.extend(repeat_n('\n', newlines));
        self.text.extend(repeat_n(' ', indent + 1));
    }

    /// Appends the next element.
    fn push_value(&mut self) {
        let value = self.values.next().expect("the elements are collected through the same windows");
        self.format.push(self.text, value);
    }
}
