//! One notation and one width for all numbers of a tensor, chosen from the numbers that are shown.
//!
//! These are the rules of `_Formatter` in PyTorch's `torch/_tensor_str.py`. This file does not know dimensions or
//! lines.

use super::python::{fixed, scientific};
use super::{PrintOptions, Value};

/// How the numbers of one tensor are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// Floats that are all integers, without decimals but with a point: `3.`
    Integral,
    /// Floats with this many decimals: `3.1416`
    Fixed(u16),
    /// Floats with this many decimals and an exponent: `3.1416e+00`
    Scientific(u16),
}

/// The notation and the width that the shown numbers of a tensor have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberFormat {
    /// Floats only: integers and truth values have a single notation.
    notation: Notation,
    /// The characters to which shorter numbers are filled with spaces on the left.
    width: usize,
}

impl NumberFormat {
    /// Chooses the format for the numbers that are shown.
    ///
    /// Floats are scientific if the largest magnitude is above 10⁸ or above 1000 times the smallest, or the smallest
    /// below 10⁻⁴, unless the options decide; else they are integral if all are integers. Only numbers other than 0,
    /// ±∞ and nan have a say in notation and width, as in PyTorch, so that a nan among short numbers is not aligned.
    pub(super) fn choose(shown: &[Value], options: &PrintOptions) -> Self {
        let mut format = Self { notation: Notation::Integral, width: 1 };
        let mut integral = true;
        let mut smallest = f64::INFINITY;
        let mut largest = 0.0_f64;
        for value in shown {
            match value {
                Value::Float(number) if number.is_finite() && *number != 0.0 => {
                    integral &= number.fract() == 0.0;
                    smallest = smallest.min(number.abs());
                    largest = largest.max(number.abs());
                }
                Value::Float(_) => {}
                Value::Bool(_) | Value::Int(_) => format.width = format.width.max(format.text(*value).len()),
            }
        }
        if largest == 0.0 {
            // Nothing but integers, zeros and what is not finite: even a demand for scientific notation has no effect.
            return format;
        }
        let disparate = largest / smallest > 1000.0 || largest > 1.0e8 || smallest < 1.0e-4;
        format.notation = if options.sci_mode.unwrap_or(disparate) {
            Notation::Scientific(options.precision)
        } else if integral {
            Notation::Integral
        } else {
            Notation::Fixed(options.precision)
        };
        for value in shown {
            if let Value::Float(number) = value
                && number.is_finite()
                && *number != 0.0
            {
                format.width = format.width.max(format.text(*value).len());
            }
        }
        format
    }

    /// The characters that lines are broken by; single numbers may be wider.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Appends one number, filled to the width.
    pub(super) fn push(&self, text: &mut String, value: Value) {
        let number = self.text(value);
        text.extend(std::iter::repeat_n(' ', self.width.saturating_sub(number.len())));
        text.push_str(&number);
    }

    /// One number without filling.
    fn text(&self, value: Value) -> String {
        match (value, self.notation) {
            (Value::Bool(truth), _) => String::from(if truth { "True" } else { "False" }),
            (Value::Int(number), _) => number.to_string(),
            (Value::Float(number), Notation::Scientific(precision)) => scientific(number, precision),
            (Value::Float(number), Notation::Fixed(precision)) => fixed(number, precision),
            (Value::Float(number), Notation::Integral) => {
                let point = if number.is_finite() { "." } else { "" };
                fixed(number, 0) + point
            }
        }
    }
}
