//! Derivatives of running totals: each element counts in all totals after it, so gradients run back the other way. Products and
//! logarithms of sums run back as y = a + b · (y before), which needs no division and is its own derivative's form.

use super::{Rule, rules};
use tensor_core::op::join::cat;
use tensor_core::op::scan::{Scan, ScanKind};
use tensor_core::{Op, Tensor, or_panic};

fn scan(op: &Op) -> Scan {
    match op {
        Op::Scan(scan) => *scan,
        _ => unreachable!("the rules of running totals"),
    }
}

/// A running total the other way.
fn back(kind: ScanKind, scan: Scan, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Scan(Scan { kind, reverse: !scan.reverse, ..scan }), inputs))
}

/// At each element the one before it in the order of the scan, at the first one `fill`.
fn before(x: &Tensor, scan: Scan, fill: f64) -> Tensor {
    shifted(x, scan.dim, !scan.reverse, fill)
}

/// At each element the one after it in the order of the scan, at the last one `fill`.
fn after(x: &Tensor, scan: Scan, fill: f64) -> Tensor {
    shifted(x, scan.dim, scan.reverse, fill)
}

fn shifted(x: &Tensor, dim: u8, up: bool, fill: f64) -> Tensor {
    let single = |x: &Tensor| or_panic(Tensor::try_full_on(x.shape(), fill, x.dtype(), x.device()));
    if x.ndim() == 0 || x.numel() == 0 {
        return single(x);
    }
    let (dim, rest) = (dim as i64, x.shape()[dim as usize] - 1);
    let edge = single(&x.detach().narrow(dim, 0, 1));
    if up { cat(&[edge, x.narrow(dim, 0, rest)], dim) } else { cat(&[x.narrow(dim, 1, rest), edge], dim) }
}

/// NaN, which ∞ − ∞ makes, as 0.
fn without_nan(x: &Tensor) -> Tensor {
    x.masked_fill(&x.isnan(), 0.0)
}

pub(super) fn rules(op: Scan) -> &'static [Rule] {
    match op.kind {
        ScanKind::Sum => rules![|g, op| back(ScanKind::Sum, scan(op), &[g])],
        ScanKind::Prod => rules![|g, x, y, op| {
            let scan = scan(op);
            before(y, scan, 1.0) * back(ScanKind::Linear, scan, &[g, &after(x, scan, 0.0)])
        }],
        ScanKind::LogSumExp => rules![|g, x, y, op| {
            let scan = scan(op);
            let share = without_nan(&(y - after(y, scan, f64::INFINITY)).exp());
            without_nan(&(x - y).exp()) * back(ScanKind::Linear, scan, &[g, &share])
        }],
        ScanKind::Linear => {
            rules![|g, b, op| back(ScanKind::Linear, scan(op), &[g, &after(b, scan(op), 0.0)]), |g, b, y, op| {
                let scan = scan(op);
                back(ScanKind::Linear, scan, &[g, &after(b, scan, 0.0)]) * before(y, scan, 0.0)
            }]
        }
        ScanKind::ArgMax | ScanKind::ArgMin => &[],
    }
}

pub(super) fn name(op: Scan) -> &'static str {
    match op.kind {
        ScanKind::Sum => "CumsumBackward0",
        ScanKind::Prod => "CumprodBackward0",
        ScanKind::LogSumExp => "LogcumsumexpBackward0",
        ScanKind::ArgMax => "CummaxBackward0",
        ScanKind::ArgMin => "CumminBackward0",
        ScanKind::Linear => "LinearScanBackward0",
    }
}
