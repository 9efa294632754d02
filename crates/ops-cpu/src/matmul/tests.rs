//! Every method beside sums in double precision, on all forms of operands; those in plain arithmetic on any processor, the
//! instructions where they are.

use super::amx::{self, Amx};
use super::pairs::{self, Pairs};
use super::panels::Place;
use super::product::{Floats, Matrix, Method, Target, all};
use crate::number::Number;
use storage::bf16;

/// Small fractions, which all types hold exactly, and as the type's numbers.
struct Operand<N> {
    fractions: Vec<f64>,
    numbers: Vec<N>,
    row: usize,
    column: usize,
    batch: usize,
}

impl<N> Operand<N> {
    /// Matrices by rows or by columns, whose neighbours lie `step` apart.
    fn new(batch: usize, [rows, columns]: [usize; 2], by_rows: bool, step: usize, seed: u32, of: fn(f64) -> N) -> Self {
        let mut state = seed;
        let fractions: Vec<f64> = (0..batch * rows * columns * step)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 25) as f64 / 64.0 - 1.0
            })
            .collect();
        let numbers = fractions.iter().map(|x| of(*x)).collect();
        let (row, column) = if by_rows { (columns * step, step) } else { (step, rows * step) };
        Operand { fractions, numbers, row, column, batch: rows * columns * step }
    }

    fn matrix(&self) -> Matrix<N> {
        Matrix { start: self.numbers.as_ptr(), row: self.row, column: self.column }
    }

    fn at(&self, item: usize, row: usize, column: usize) -> f64 {
        self.fractions[item * self.batch + row * self.row + column * self.column]
    }
}

/// Products of all forms of operands: sums of so few multiples of 2⁻¹² are exact in `float32`, whatever their order.
fn follows<M: Method>(of: fn(f64) -> <M::Place as Place>::Number) {
    let shapes = [
        (1, 2, 2, 2),
        (1, 8, 16, 48),
        (2, 7, 5, 50),
        (1, 100, 259, 33),
        (1, 17, 1, 16),
        (3, 9, 300, 200),
        (1, 3, 0, 5),
        (12, 3, 4, 5),
        (9, 20, 30, 70),
        (1, 250, 70, 410),
        (1, 5, 1100, 6),
        (1, 35, 2100, 35),
    ];
    for (batch, n, k, m) in shapes {
        for (a_rows, b_rows, step) in
            [(true, true, 1), (false, true, 1), (true, false, 1), (false, false, 1), (true, false, 3), (false, true, 2)]
        {
            for adds in [false, true] {
                let a = Operand::new(batch, [n, k], a_rows, step, 1, of);
                let b = Operand::new(batch, [k, m], b_rows, step, 2, of);
                // Rows with room between them, which must stay as it is.
                let (row, old) = (m + 3, M::Sum::from_scalar(storage::Scalar::Float(0.5)));
                let mut y = vec![old; batch * n * row];
                let to = Target {
                    start: y.as_mut_ptr(),
                    row,
                    factor: M::Sum::from_scalar(storage::Scalar::Float(2.0)),
                    adds,
                };
                // SAFETY: the operands and the result have these sizes; whoever names `M` vouches for its instructions.
                unsafe { all::<M>(batch, [n, k, m], a.matrix(), b.matrix(), to, [a.batch, b.batch, n * row]) }.unwrap();
                for (i, y) in y.iter().enumerate() {
                    let (item, r, column) = (i / (n * row), i / row % n, i % row);
                    let sum: f64 = match column < m {
                        true => 2.0 * (0..k).map(|l| a.at(item, r, l) * b.at(item, l, column)).sum::<f64>(),
                        false => 0.0,
                    };
                    let exact = sum + if adds || column >= m { 0.5 } else { 0.0 };
                    let case = format!("{batch} {n} {k} {m} {a_rows} {b_rows} {step} {adds}");
                    assert_eq!(y.to_f64(), exact, "{case}: {item} {r} {column}");
                }
            }
        }
    }
}

fn halves(x: f64) -> u16 {
    bf16::from_f64(x).to_bits()
}

#[test]
fn tiles_of_floats_make_the_product() {
    follows::<Floats<f32>>(|x| x as f32);
    follows::<Floats<f64>>(|x| x);
}

#[test]
fn panels_and_blocks_of_pairs_make_the_product() {
    follows::<pairs::Model>(halves);
}

#[test]
fn panels_and_squares_make_the_product() {
    follows::<amx::Model>(halves);
}

#[test]
fn instructions_for_pairs_make_the_product() {
    match Pairs::are_native() {
        true => follows::<Pairs>(halves),
        false => eprintln!("skipped: this processor does not multiply bfloat16"),
    }
}

#[test]
fn instructions_for_squares_make_the_product() {
    match Amx::is_native() {
        true => follows::<Amx>(halves),
        false => eprintln!("skipped: this processor does not multiply squares of bfloat16"),
    }
}

/// A row of a product does not depend on the others: alone it is cut, packed and shared otherwise.
#[test]
fn rows_are_the_same_alone_and_together() {
    let of = |x: f64| (x * 1.1) as f32;
    let (n, k, m) = (133, 700, 95);
    let (a, b) = (Operand::new(1, [n, k], true, 1, 1, of), Operand::new(1, [k, m], true, 1, 2, of));
    let product = |n: usize, a: Matrix<f32>| {
        let mut y = vec![0f32; n * m];
        let to = Target { start: y.as_mut_ptr(), row: m, factor: 1.0, adds: false };
        // SAFETY: the operands and the result have these sizes.
        unsafe { all::<Floats<f32>>(1, [n, k, m], a, b.matrix(), to, [0; 3]) }.unwrap();
        y
    };
    let whole = product(n, a.matrix());
    for row in 0..n {
        assert_eq!(product(1, a.matrix().from(row)), whole[row * m..][..m], "row {row}");
    }
}
