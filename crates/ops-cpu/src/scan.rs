//! Running totals. Several rows run together, because each step waits for the one before it; where the dimension is not the
//! last one, neighbouring columns do. `float32` and the half types run in `float64`, as in PyTorch.

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use crate::slices::{Slices, WIDTH};
use std::marker::PhantomData;
use storage::Pod;
use tensor_core::op::scan::{Scan, ScanKind};
use tensor_core::{DType, Result};

/// Rows that run together. More of them, at distances of a power of two, would fall into the same few places of the cache.
const ROWS: usize = 4;

/// One kind of running total.
trait Step: Send + Sync + 'static {
    /// What the elements are.
    type In: Pod + Send + Sync;
    /// What is carried along.
    type State: Copy;
    /// What is written.
    type Out: Pod + Send + Sync;
    /// Before the first element.
    const START: Self::State;
    /// The state after the element `x` at position `i`, and what is written there. `b` is the second input's element, or `x`.
    fn step(state: Self::State, x: Self::In, b: Self::In, i: usize) -> (Self::State, Self::Out);
}

macro_rules! steps {
    ($($name:ident: $in:ty, $state:ty = $start:expr, |$s:ident, $x:ident, $b:ident| $next:expr;)*) => { $(
        struct $name;
        impl Step for $name {
            type In = $in;
            type State = $state;
            type Out = $in;
            const START: $state = $start;
            #[inline(always)]
            fn step($s: $state, $x: $in, $b: $in, _: usize) -> ($state, $in) {
                let next: $state = $next;
                (next, next as $in)
            }
        }
    )* };
}
steps! {
    SumF32: f32, f64 = 0.0, |sum, x, _b| sum + x as f64;
    SumF64: f64, f64 = 0.0, |sum, x, _b| sum + x;
    SumI64: i64, i64 = 0, |sum, x, _b| sum.wrapping_add(x);
    ProdF32: f32, f64 = 1.0, |product, x, _b| product * x as f64;
    ProdF64: f64, f64 = 1.0, |product, x, _b| product * x;
    ProdI64: i64, i64 = 1, |product, x, _b| product.wrapping_mul(x);
    LogF32: f32, f64 = f64::NEG_INFINITY, |sum, x, _b| log_add(sum, x as f64);
    LogF64: f64, f64 = f64::NEG_INFINITY, |sum, x, _b| log_add(sum, x);
    LinearF32: f32, f64 = 0.0, |y, a, b| a as f64 + b as f64 * y;
    LinearF64: f64, f64 = 0.0, |y, a, b| a + b * y;
}

/// ln(e^a + e^b).
#[inline(always)]
fn log_add(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    // Equal infinities have no difference.
    if low == high && !low.is_finite() { b } else { (low - high).exp().ln_1p() + high }
}

/// The position of the extreme so far.
struct Position<T, const MAX: bool>(PhantomData<T>);

impl<T: Number, const MAX: bool> Step for Position<T, MAX> {
    type In = T;
    type State = Option<(T, i64)>;
    type Out = i64;
    const START: Option<(T, i64)> = None;
    #[inline(always)]
    fn step(state: Self::State, x: T, _: T, i: usize) -> (Self::State, i64) {
        let new = match state {
            Some((best, at)) if !x.is_nan() && (best.is_nan() || if MAX { x < best } else { x > best }) => (best, at),
            _ => (x, i as i64),
        };
        (Some(new), new.1)
    }
}

/// Computes a running total.
pub fn run(scan: Scan, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    let float = |wide: fn(Scan, DType, &[Read<'_>], &Write<'_>), narrow: fn(Scan, DType, &[Read<'_>], &Write<'_>)| {
        let run = if compute == DType::F64 { wide } else { narrow };
        run(scan, compute, inputs, out);
    };
    match scan.kind {
        ScanKind::Sum if compute == DType::I64 => along::<SumI64>(scan, compute, inputs, out),
        ScanKind::Sum => float(along::<SumF64>, along::<SumF32>),
        ScanKind::Prod if compute == DType::I64 => along::<ProdI64>(scan, compute, inputs, out),
        ScanKind::Prod => float(along::<ProdF64>, along::<ProdF32>),
        ScanKind::LogSumExp => float(along::<LogF64>, along::<LogF32>),
        ScanKind::Linear => float(along::<LinearF64>, along::<LinearF32>),
        ScanKind::ArgMax => with_number!(compute, T => along::<Position<T, true>>(scan, compute, inputs, out)),
        ScanKind::ArgMin => with_number!(compute, T => along::<Position<T, false>>(scan, compute, inputs, out)),
    }
    Ok(())
}

fn along<S: Step>(scan: Scan, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let shape = Slices::new(scan.dim as usize, out.layout);
    let x = Dense::<S::In>::new(&inputs[0], compute);
    let b = inputs.get(1).map(|b| Dense::<S::In>::new(b, compute));
    // A kind without a second input reads the first one twice, which the compiler sees is for nothing.
    let (x, b) = (x.all(), b.as_ref().map_or(x.all(), Dense::all));
    let result = match scan.kind {
        ScanKind::ArgMax | ScanKind::ArgMin => DType::I64,
        ScanKind::Sum | ScanKind::Prod | ScanKind::LogSumExp | ScanKind::Linear => compute,
    };
    dense::write::<S::Out>(out, result, |y| {
        let job = |at, len| Job::<S> { x, b, y, at, len, shape, reverse: scan.reverse };
        shape.each(|from, to| dispatch(Rows(job(from, to - from))), |at, width| dispatch(Tile(job(at, width))));
    });
}

struct Job<'a, S: Step> {
    x: &'a [S::In],
    b: &'a [S::In],
    y: Places<S::Out>,
    at: usize,
    len: usize,
    shape: Slices,
    reverse: bool,
}

/// `len` rows from number `at`.
struct Rows<'a, S: Step>(Job<'a, S>);

impl<S: Step> Kernel for Rows<'_, S> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Rows(job) = self;
        let end = job.at + job.len;
        let mut row = job.at;
        while row + ROWS <= end {
            rows::<S, ROWS>(&job, row);
            row += ROWS;
        }
        (row..end).for_each(|row| rows::<S, 1>(&job, row));
    }
}

/// `N` rows together.
#[inline(always)]
fn rows<S: Step, const N: usize>(job: &Job<'_, S>, row: usize) {
    let count = job.shape.count;
    let x: [&[S::In]; N] = std::array::from_fn(|r| &job.x[(row + r) * count..][..count]);
    let b: [&[S::In]; N] = std::array::from_fn(|r| &job.b[(row + r) * count..][..count]);
    // SAFETY: rows are apart, and each belongs to one range.
    let y: [&mut [S::Out]; N] = std::array::from_fn(|r| unsafe { job.y.part((row + r) * count, count) });
    let mut states = [S::START; N];
    for turn in 0..count {
        let i = if job.reverse { count - 1 - turn } else { turn };
        for r in 0..N {
            let (state, value) = S::step(states[r], x[r][i], b[r][i], i);
            states[r] = state;
            y[r][i] = value;
        }
    }
}

/// `len` columns from the element `at`.
struct Tile<'a, S: Step>(Job<'a, S>);

impl<S: Step> Kernel for Tile<'_, S> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Tile(Job { x, b, y, at, len, shape: Slices { count, inner, .. }, reverse }) = self;
        let mut states = [S::START; WIDTH];
        for turn in 0..count {
            let i = if reverse { count - 1 - turn } else { turn };
            let line = at + i * inner;
            let (x, b) = (&x[line..][..len], &b[line..][..len]);
            // SAFETY: the lines of different tiles and slices are apart.
            let y = unsafe { y.part(line, len) };
            for (((y, x), b), state) in y.iter_mut().zip(x).zip(b).zip(&mut states) {
                (*state, *y) = S::step(*state, *x, *b, i);
            }
        }
    }
}
