//! Running totals. Several rows run together, because each step waits for the one before it; where the dimension is not the
//! last one, neighbouring columns do. `float32` and the half types run in `float64`, as in PyTorch.

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use crate::slices::{Slices, WIDTH};
use crate::stream::Past;
use bytemuck::Zeroable;
use std::marker::PhantomData;
use storage::Pod;
use tensor_core::op::scan::{Scan, ScanKind};
use tensor_core::{DType, Result};

/// Rows that run together.
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
    /// Whether a step is arithmetic that registers do for several runs at once.
    const TOGETHER: bool;
    /// The state after the element `x` at position `i`, and what is written there. `b` is the second input's element, or `x`.
    fn step(state: Self::State, x: Self::In, b: Self::In, i: usize) -> (Self::State, Self::Out);
}

macro_rules! steps {
    ($together:literal $($name:ident: $in:ty, $state:ty = $start:expr, |$s:ident, $x:ident, $b:ident| $next:expr;)*) => { $(
        struct $name;
        impl Step for $name {
            type In = $in;
            type State = $state;
            type Out = $in;
            const START: $state = $start;
            const TOGETHER: bool = $together;
            #[inline(always)]
            fn step($s: $state, $x: $in, $b: $in, _: usize) -> ($state, $in) {
                let next: $state = $next;
                (next, next as $in)
            }
        }
    )* };
}
steps! { true
    SumF32: f32, f64 = 0.0, |sum, x, _b| sum + x as f64;
    SumF64: f64, f64 = 0.0, |sum, x, _b| sum + x;
    SumI64: i64, i64 = 0, |sum, x, _b| sum.wrapping_add(x);
    ProdF32: f32, f64 = 1.0, |product, x, _b| product * x as f64;
    ProdF64: f64, f64 = 1.0, |product, x, _b| product * x;
    ProdI64: i64, i64 = 1, |product, x, _b| product.wrapping_mul(x);
    LinearF32: f32, f64 = 0.0, |y, a, b| a as f64 + b as f64 * y;
    LinearF64: f64, f64 = 0.0, |y, a, b| a + b * y;
}
steps! { false
    LogF32: f32, f64 = f64::NEG_INFINITY, |sum, x, _b| log_add(sum, x as f64);
    LogF64: f64, f64 = f64::NEG_INFINITY, |sum, x, _b| log_add(sum, x);
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
    const TOGETHER: bool = false;
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
        let bytes = size_of_val(x) / size_of::<S::In>() * size_of::<S::Out>();
        let job = |at, len| Job::<S> { x, b, y, at, len, shape, reverse: scan.reverse };
        let rows = |from, to| match scan.reverse {
            true => dispatch(Rows::<S, true>(job(from, to - from))),
            false => dispatch(Rows::<S, false>(job(from, to - from))),
        };
        shape.each(rows, |at, width| dispatch(Tile(job(at, width), Past::of(bytes))));
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

/// `len` rows from number `at`, from their ends if `REVERSE`.
struct Rows<'a, S: Step, const REVERSE: bool>(Job<'a, S>);

impl<S: Step, const REVERSE: bool> Kernel for Rows<'_, S, REVERSE> {
    type Output = ();
    // Four runs fill a register of AVX2 with their states.
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Rows(job) = self;
        let end = job.at + job.len;
        let mut row = job.at;
        while row + ROWS <= end {
            rows::<S, ROWS, REVERSE>(&job, row);
            row += ROWS;
        }
        (row..end).for_each(|row| rows::<S, 1, REVERSE>(&job, row));
    }
}

/// `N` rows together.
#[inline(always)]
fn rows<S: Step, const N: usize, const REVERSE: bool>(job: &Job<'_, S>, row: usize) {
    let count = job.shape.count;
    let at: [usize; N] = std::array::from_fn(|r| (row + r) * count);
    let x = at.map(|at| &job.x[at..][..count]);
    let b = at.map(|at| &job.b[at..][..count]);
    // SAFETY: rows are apart, and each belongs to one range.
    let mut y = at.map(|at| unsafe { job.y.part(at, count) });
    totals::<S, N, REVERSE>(x, b, &mut y);
}

/// The totals of `N` runs of equal length.
#[inline(always)]
fn totals<S: Step, const N: usize, const REVERSE: bool>(
    x: [&[S::In]; N],
    b: [&[S::In]; N],
    y: &mut [&mut [S::Out]; N],
) {
    /// Elements of each run that are turned, so that those of one step lie side by side in a register.
    const BLOCK: usize = 4;
    let len = x[0].len();
    for r in 0..N {
        assert!(x[r].len() == len && b[r].len() == len && y[r].len() == len, "runs of different lengths");
    }
    let blocks = if S::TOGETHER { len - len % BLOCK } else { 0 };
    let step = |states: &mut [S::State; N], y: &mut [&mut [S::Out]; N], i: usize| {
        for r in 0..N {
            (states[r], y[r][i]) = S::step(states[r], x[r][i], b[r][i], i);
        }
    };
    let mut own = [S::START; N];
    if REVERSE {
        (blocks..len).rev().for_each(|i| step(&mut own, y, i));
    }
    for turn in (0..blocks).step_by(BLOCK) {
        let at = if REVERSE { blocks - turn - BLOCK } else { turn };
        // Written as loops over pointers: neither checks nor calls may come between loads that are to become one register.
        let (mut xs, mut bs) = ([[S::In::zeroed(); BLOCK]; N], [[S::In::zeroed(); BLOCK]; N]);
        for r in 0..N {
            // SAFETY: `at` and the elements after it lie before `blocks`, and so within each run.
            unsafe {
                xs[r] = x[r].as_ptr().add(at).cast::<[S::In; BLOCK]>().read();
                bs[r] = b[r].as_ptr().add(at).cast::<[S::In; BLOCK]>().read();
            }
        }
        // The elements of one step side by side, and its results.
        let (mut x_steps, mut b_steps) = ([[S::In::zeroed(); N]; BLOCK], [[S::In::zeroed(); N]; BLOCK]);
        for i in 0..BLOCK {
            for r in 0..N {
                (x_steps[i][r], b_steps[i][r]) = (xs[r][i], bs[r][i]);
            }
        }
        let mut y_steps = [[S::Out::zeroed(); N]; BLOCK];
        for i in 0..BLOCK {
            let i = if REVERSE { BLOCK - 1 - i } else { i };
            for r in 0..N {
                (own[r], y_steps[i][r]) = S::step(own[r], x_steps[i][r], b_steps[i][r], at + i);
            }
        }
        for r in 0..N {
            let mut values = [S::Out::zeroed(); BLOCK];
            for i in 0..BLOCK {
                values[i] = y_steps[i][r];
            }
            // SAFETY: as above.
            unsafe { y[r].as_mut_ptr().add(at).cast::<[S::Out; BLOCK]>().write(values) };
        }
    }
    if !REVERSE {
        (blocks..len).for_each(|i| step(&mut own, y, i));
    }
}

/// `len` columns from the element `at`. Rows wait for their additions, so that for them nothing is gained by writing past the caches.
struct Tile<'a, S: Step>(Job<'a, S>, Option<Past>);

impl<S: Step> Kernel for Tile<'_, S> {
    type Output = ();
    const WIDEST: bool = S::TOGETHER;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Tile(job, past) = &self;
        let mut buffer = [S::Out::zeroed(); WIDTH];
        let Slices { count, inner, .. } = job.shape;
        let mut states = [S::START; WIDTH];
        for turn in 0..count {
            let i = if job.reverse { count - 1 - turn } else { turn };
            let line = job.at + i * inner;
            let (x, b) = (&job.x[line..][..job.len], &job.b[line..][..job.len]);
            // SAFETY: the lines of different tiles and slices are apart.
            let y = unsafe { job.y.part(line, job.len) };
            let values = if past.is_some() { &mut buffer[..job.len] } else { &mut *y };
            for (((y, x), b), state) in values.iter_mut().zip(x).zip(b).zip(&mut states) {
                (*state, *y) = S::step(*state, *x, *b, i);
            }
            if let Some(past) = past {
                // SAFETY: as many bytes.
                unsafe { past.copy(buffer.as_ptr().cast(), y.as_mut_ptr().cast(), size_of_val(y), []) };
            }
        }
    }
}
