//! Floats and shapes as Python prints them: its format specifications `.4f` and `.4e`, `repr` of a float and of a
//! tuple, and PyTorch's `torch.Size`.
//!
//! It does not know tensors, nor which notation to choose for them.

use std::fmt::Write;

/// A float that has no digits, as Python prints it: `nan` (without sign), `inf` and `-inf`.
fn nonfinite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        None
    }
}

/// Python's `f"{value:.{precision}f}"`: `3.1416`, `-0.0000`, `inf`.
pub(super) fn fixed(value: f64, precision: u16) -> String {
    nonfinite(value).map_or_else(|| format!("{value:.0$}", usize::from(precision)), String::from)
}

/// Python's `f"{value:.{precision}e}"`: `3.1416e+00`, with a sign and at least two digits in the exponent.
pub(super) fn scientific(value: f64, precision: u16) -> String {
    if let Some(text) = nonfinite(value) {
        return text.into();
    }
    let text = format!("{value:.0$e}", usize::from(precision));
    let (digits, exponent) = split_exponent(&text);
    format!("{digits}{}", signed_exponent(exponent))
}

/// The digits and the exponent of a finite number in Rust's own scientific notation, such as `1.5e-7`.
fn split_exponent(text: &str) -> (&str, i32) {
    let (digits, exponent) = text.split_once('e').expect("Rust's scientific notation has an exponent");
    (digits, exponent.parse().expect("Rust's exponents are decimal integers"))
}

/// An exponent as Python writes it: `e+05`, `e-324`.
fn signed_exponent(exponent: i32) -> String {
    format!("e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
}

/// Python's `repr` of a float: the shortest digits that read back as the same `f64`, always with a point or an
/// exponent.
///
/// Numbers below 10⁻⁴ and from 10¹⁶ on are in scientific notation, as in CPython's `float_repr_style` `short`. There
/// are no errors: what is not a number is `nan`, whatever its sign.
///
/// ```
/// use tensor_core::display::python_float;
///
/// assert_eq!(python_float(14.0), "14.0");
/// assert_eq!(python_float(0.1 + 0.2), "0.30000000000000004");
/// assert_eq!(python_float(0.00001), "1e-05");
/// assert_eq!(python_float(1e16), "1e+16");
/// assert_eq!(python_float(-0.0), "-0.0");
/// ```
pub fn python_float(value: f64) -> String {
    if let Some(text) = nonfinite(value) {
        return text.into();
    }
    let shortest = shortest(value);
    let (digits, exponent) = split_exponent(&shortest);
    if !(-4..16).contains(&exponent) {
        return format!("{digits}{}", signed_exponent(exponent));
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let zeros = |count: usize| "0".repeat(count);
    match usize::try_from(exponent) {
        Err(_) => format!("{sign}0.{}{digits}", zeros(exponent.unsigned_abs() as usize - 1)),
        Ok(exponent) if digits.len() <= exponent + 1 => {
            format!("{sign}{digits}{}.0", zeros(exponent + 1 - digits.len()))
        }
        Ok(exponent) => {
            let (whole, decimals) = digits.split_at(exponent + 1);
            format!("{sign}{whole}.{decimals}")
        }
    }
}

/// The shortest digits that read back as a finite number, in Rust's scientific notation.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    // Where the number lies halfway between two decimals of that length, Rust takes the larger one and Python the even
    // one, as does Rust's notation with a given number of digits. At powers of two, whose neighbours are closer on one
    // side, that notation may not read back as the same number, and Python prints what Rust's shortest one is.
    let (digits, _) = split_exponent(&text);
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let nearest = format!("{value:.decimals$e}");
    if nearest.parse() == Ok(value) { nearest } else { text }
}

/// The numbers of a list, separated by a comma and a space.
fn joined(sizes: &[usize]) -> String {
    let mut text = String::new();
    for (position, size) in sizes.iter().enumerate() {
        let separator = if position == 0 { "" } else { ", " };
        write!(text, "{separator}{size}").expect("writing to a string cannot fail");
    }
    text
}

/// Python's `str` of a tuple of sizes; a tuple of one keeps its comma.
///
/// ```
/// use tensor_core::display::python_tuple;
///
/// assert_eq!(python_tuple(&[2, 3]), "(2, 3)");
/// assert_eq!(python_tuple(&[2]), "(2,)");
/// assert_eq!(python_tuple(&[]), "()");
/// ```
pub fn python_tuple(sizes: &[usize]) -> String {
    let comma = if sizes.len() == 1 { "," } else { "" };
    format!("({}{comma})", joined(sizes))
}

/// A shape as PyTorch prints `x.shape`.
///
/// ```
/// use tensor_core::display::torch_size;
///
/// assert_eq!(torch_size(&[2, 3]), "torch.Size([2, 3])");
/// assert_eq!(torch_size(&[]), "torch.Size([])");
/// ```
pub fn torch_size(shape: &[usize]) -> String {
    format!("torch.Size([{}])", joined(shape))
}
