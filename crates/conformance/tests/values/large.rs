//! Results of more than eight megabytes are written past the caches; they are those of their parts, bit for bit.

use sconce::prelude::*;
use sconce::{cat, manual_seed, rand, randn};

/// Rows and columns: the parts' boundaries, and most rows, begin within a line of the cache.
const SHAPE: [usize; 2] = [2400, 1027];
/// Rows of a part, whose results are small.
const PART: usize = 400;

/// The same bits from `call` at once and in parts of rows.
fn by_parts(name: &str, rows: &[&Tensor], call: impl Fn(&[Tensor]) -> Tensor) {
    let whole = call(&rows.iter().map(|x| (*x).clone()).collect::<Vec<_>>());
    let bytes = whole.numel() * whole.dtype().size();
    assert!(bytes >= 8 << 20, "{name}: only {bytes} bytes");
    let parts: Vec<Tensor> = (0..SHAPE[0])
        .step_by(PART)
        .map(|at| call(&rows.iter().map(|x| x.narrow(0, at as i64, PART)).collect::<Vec<_>>()))
        .collect();
    let parts = cat(&parts, 0);
    assert_eq!(whole.shape(), parts.shape(), "{name}");
    assert!(whole.equal(&parts), "{name}");
}

#[test]
fn they_are_put_together_of_parts() {
    manual_seed(0);
    let (x, y) = (randn(SHAPE), randn(SHAPE));
    let (row, column) = (randn([SHAPE[1]]), randn([SHAPE[0], 1]));
    by_parts("contiguous operands", &[&x, &y], |x| &x[0] + &x[1]);
    by_parts("a row", &[&x], |x| &x[0] * &row);
    by_parts("a column", &[&x, &column], |x| &x[0] - &x[1]);
    by_parts("one operand", &[&x], |x| x[0].exp());
    by_parts("three operands", &[&x, &y], |x| x[0].gt(0.0).where_(&x[0], &x[1]));
    by_parts("another type", &[&x], |x| (&x[0] * 100.0).to(DType::I64));
    by_parts("mixed types", &[&x.to(DType::F64), &y], |x| &x[0] + &x[1]);
    by_parts("every other element", &[&randn([SHAPE[0], 2 * SHAPE[1]])], |x| x[0].slice(1, 0, i64::MAX, 2).clone_());
    by_parts("a copy", &[&x], |x| x[0].clone_());
    by_parts("elements reversed", &[&x], |x| x[0].flip(1));
    by_parts("totals along rows", &[&x], |x| x[0].cumsum(1));
    by_parts("positions of extremes", &[&x], |x| x[0].cummax(1).indices);
    by_parts("totals of doubles", &[&rand(SHAPE).to(DType::F64)], |x| x[0].cumprod(1));
}

#[test]
fn they_are_what_turned_operands_give() {
    manual_seed(0);
    let x = randn(SHAPE);
    // Down the columns, and rows turned upside down, there are no parts to compare with.
    assert!(x.cumsum(0).equal(&x.t().contiguous().cumsum(1).t().contiguous()), "totals along columns");
    assert!(x.flip(0).flip(0).equal(&x) && x.flip([0, 1]).flip(1).equal(&x.flip(0)), "rows turned upside down");
    let back = |x: &Tensor| {
        let x = x.detach().requires_grad_(true);
        x.cumsum(1).backward_from(&x.detach());
        x.grad().expect("it was asked for")
    };
    by_parts("totals from the end", &[&x], |x| back(&x[0]));
    // Permuted, but without gaps: elements are numbered as they lie.
    let turned = x.t();
    assert!(turned.relu().contiguous().equal(&x.relu().t().contiguous()), "a permuted result");
}
