//! The language of `einsum`: which dimension of which operand has which letter. Errors are PyTorch's. It knows no tensors.

use crate::{Result, bail};

/// One entry of an operand's subscripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscript {
    /// A letter.
    Letter(u8),
    /// As many dimensions as are left over.
    Ellipsis,
}

/// A parsed equation.
#[derive(Debug, PartialEq, Eq)]
pub struct Equation {
    /// For each operand, its subscripts.
    pub operands: Vec<Vec<Subscript>>,
    /// Those of the result.
    pub output: Vec<Subscript>,
}

fn invalid(at: usize) -> Result<Subscript> {
    bail!(
        Value,
        "einsum(): invalid subscript given at index {at} in the equation string, subscripts must be in [a-zA-Z]"
    )
}

/// Reads `equation` for `count` operands.
///
/// # Errors
/// If it is none, or one for another number of operands.
pub fn parse(equation: &str, count: usize) -> Result<Equation> {
    if count == 0 {
        bail!(Value, "einsum(): must provide at least one operand");
    }
    let bytes = equation.as_bytes();
    let arrow = equation.find("->");
    let left = &bytes[..arrow.unwrap_or(bytes.len())];
    let mut operands = vec![vec![]];
    let mut i = 0;
    while i < left.len() {
        let at = operands.len() - 1;
        match left[i] {
            b' ' => {}
            b',' if operands.len() == count => {
                bail!(Value, "einsum(): fewer operands were provided than specified in the equation")
            }
            b',' => operands.push(vec![]),
            b'.' if operands[at].contains(&Subscript::Ellipsis) => {
                bail!(Value, "einsum(): found '.' for operand {at} for which an ellipsis was already found")
            }
            b'.' if left[i..].starts_with(b"...") => {
                operands[at].push(Subscript::Ellipsis);
                i += 2;
            }
            b'.' => bail!(Value, "einsum(): found '.' for operand {at} that is not part of any ellipsis"),
            letter if letter.is_ascii_alphabetic() => operands[at].push(Subscript::Letter(letter)),
            _ => return invalid(i).map(|_| unreachable!("an error")),
        }
        i += 1;
    }
    if operands.len() < count {
        bail!(Value, "einsum(): more operands were provided than specified in the equation");
    }
    let output = match arrow {
        None => implicit(&operands),
        Some(arrow) => explicit(&bytes[arrow + 2..], arrow + 2, &operands)?,
    };
    Ok(Equation { operands, output })
}

/// Without an arrow: what an ellipsis covers, then the letters that occur once, in the order of the alphabet.
fn implicit(operands: &[Vec<Subscript>]) -> Vec<Subscript> {
    let all: Vec<Subscript> = operands.concat();
    let once = (b'A'..=b'z').map(Subscript::Letter).filter(|s| all.iter().filter(|t| *t == s).count() == 1);
    all.contains(&Subscript::Ellipsis).then_some(Subscript::Ellipsis).into_iter().chain(once).collect()
}

fn explicit(right: &[u8], start: usize, operands: &[Vec<Subscript>]) -> Result<Vec<Subscript>> {
    let mut output = vec![];
    let mut i = 0;
    while i < right.len() {
        match right[i] {
            b' ' => {}
            b'.' if output.contains(&Subscript::Ellipsis) => {
                bail!(Value, "einsum(): found '.' for output but an ellipsis (...) was already found")
            }
            b'.' if right[i..].starts_with(b"...") => {
                output.push(Subscript::Ellipsis);
                i += 2;
            }
            b'.' => bail!(Value, "einsum(): found '.' for output that is not part of any ellipsis (...)"),
            letter if letter.is_ascii_alphabetic() => {
                let (name, letter) = (letter as char, Subscript::Letter(letter));
                if output.contains(&letter) {
                    bail!(Value, "einsum(): output subscript {name} appears more than once in the output");
                }
                if !operands.iter().any(|operand| operand.contains(&letter)) {
                    bail!(
                        Value,
                        "einsum(): output subscript {name} does not appear in the equation for any input operand"
                    );
                }
                output.push(letter);
            }
            _ => output.push(invalid(start + i)?),
        }
        i += 1;
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(equation: &str, count: usize) -> String {
        let letter = |s: &Subscript| match s {
            Subscript::Letter(letter) => *letter as char,
            Subscript::Ellipsis => '.',
        };
        parse(equation, count).expect("an equation").output.iter().map(letter).collect()
    }

    #[test]
    fn without_an_arrow_letters_that_occur_once_are_kept() {
        assert_eq!(output("ij,jk", 2), "ik");
        assert_eq!(output("ba", 1), "ab");
        assert_eq!(output("b...A , A", 2), ".b");
        assert_eq!(output("ij,jk->k i", 2), "ki");
        assert_eq!(output("ii->", 1), "");
    }

    #[test]
    fn what_is_no_equation_is_refused_in_pytorchs_words() {
        for (equation, count, text) in [
            ("ij", 2, "more operands were provided than specified in the equation"),
            ("ij,jk", 1, "fewer operands were provided than specified in the equation"),
            ("i..j...", 1, "found '.' for operand 0 that is not part of any ellipsis"),
            ("i...j...", 1, "found '.' for operand 0 for which an ellipsis was already found"),
            ("ij->ii", 1, "output subscript i appears more than once in the output"),
            ("1j", 1, "invalid subscript given at index 0 in the equation string, subscripts must be in [a-zA-Z]"),
            ("ij-", 1, "invalid subscript given at index 2 in the equation string, subscripts must be in [a-zA-Z]"),
            ("ij->i1", 1, "invalid subscript given at index 5 in the equation string, subscripts must be in [a-zA-Z]"),
            ("ij->k", 1, "output subscript k does not appear in the equation for any input operand"),
            ("ij->..", 1, "found '.' for output that is not part of any ellipsis (...)"),
            ("ij->...ij...", 1, "found '.' for output but an ellipsis (...) was already found"),
        ] {
            assert_eq!(parse(equation, count).unwrap_err().text(), format!("einsum(): {text}"));
        }
    }
}
