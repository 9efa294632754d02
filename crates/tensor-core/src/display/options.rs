//! How much of a tensor is shown and how precisely: PyTorch's `torch.set_printoptions`, as a value.
//!
//! It does not know where a program keeps its current options; that is for the caller to decide.

/// What governs the text of a tensor, with the names, meanings and defaults of `torch.set_printoptions`.
///
/// The profiles are PyTorch's `default`, `short` and `full`; single options change by struct update.
///
/// ```
/// use tensor_core::display::{PrintOptions, Printable, Value, repr};
///
/// let value = |index: &[usize]| Value::Int(index[0] as i64);
/// let options = PrintOptions { threshold: 5, ..PrintOptions::default() };
/// assert_eq!(repr(&Printable::new(&[10], "int64", &value), &options), "tensor([0, 1, 2,  ..., 7, 8, 9])");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintOptions {
    /// Digits after the decimal point of a float; 4 by default.
    pub precision: u16,
    /// A tensor with more elements than this is summarized; 1000 by default, `usize::MAX` for never.
    pub threshold: usize,
    /// How many positions a summary shows at each end of a long dimension; 3 by default. With 0 the size is shown, too.
    pub edgeitems: usize,
    /// Characters per line, at which rows of numbers and suffixes continue on a new line; 80 by default. A single
    /// number that is longer than a line stays in one piece.
    pub linewidth: usize,
    /// Whether floats are in scientific notation; `None`, the default, decides by their magnitudes.
    pub sci_mode: Option<bool>,
}

impl PrintOptions {
    /// PyTorch's profile `default`: 4 digits, summaries of 3 positions at each end above 1000 elements, 80 characters.
    pub const fn new() -> Self {
        Self { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: None }
    }

    /// PyTorch's profile `short`: 2 digits and summaries of 2 positions at each end.
    pub const fn short() -> Self {
        Self { precision: 2, edgeitems: 2, ..Self::new() }
    }

    /// PyTorch's profile `full`: as the default, but nothing is summarized.
    pub const fn full() -> Self {
        Self { threshold: usize::MAX, ..Self::new() }
    }
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self::new()
    }
}
