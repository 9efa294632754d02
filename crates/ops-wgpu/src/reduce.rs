//! Many elements into one. A reduction is a state with four functions: how it starts, takes an element, merges with another one
//! and ends. Invocations fold parts of the elements, alone or as a workgroup; where few results leave too few of them, parts are
//! folded first and merged by a second kernel. The order is fixed by the shape, so results repeat.

use crate::element::{Kind, is_nonzero};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing, spread};
use crate::map::Places;
use crate::nest::Nest;
use storage::{DType, Scalar};
use tensor_core::op::reduce::{Reduce, ReduceKind};
use tensor_core::{Input, Layout, Output, Result};

/// A state in WGSL, by the functions named above; T is the kind of the elements.
struct State {
    number: u32,
    /// What the result is given in.
    result: Kind,
    text: &'static str,
    /// How a state is kept between two kernels: values of kind T, whole numbers, and the functions `save` and `load`.
    values: usize,
    numbers: usize,
    keeping: &'static str,
}

const ONE: &str = "
fn save(i: u32, s: S) { values_put(i, s); }
fn load(i: u32) -> S { return values(i); }
";

/// The state of truths, kept as whole numbers.
const TRUTH: &str = "
fn save(i: u32, s: S) { numbers_put(i, s); }
fn load(i: u32) -> S { return numbers(i); }
";

const PLACE: &str = "
struct S { value: T, at: i32 }
fn start() -> S { return S(T(0), -1); }
fn take(s: S, v: T, k: u32) -> S { return merge(s, S(v, i32(k))); }
fn merge(a: S, b: S) -> S {
    if (a.at < 0) { return b; }
    if (b.at < 0) { return a; }
    if (beats(b.value, a.value)) { return b; }
    if (beats(a.value, b.value)) { return a; }
    if (b.at < a.at) { return b; }
    return a;
}
fn finish(s: S) -> i32 { return s.at; }
";

const KEPT_PLACE: &str = "
fn save(i: u32, s: S) { values_put(i, s.value); numbers_put(i, s.at); }
fn load(i: u32) -> S { return S(values(i), numbers(i)); }
";

/// Welford's and Chan's updates of mean and squares.
const SPREAD: &str = "
struct S { n: T, mean: T, squares: T }
fn start() -> S { return S(T(0), T(0), T(0)); }
fn take(s: S, v: T, k: u32) -> S {
    let n = s.n + T(1);
    let d = v - s.mean;
    let mean = s.mean + d / n;
    return S(n, mean, s.squares + d * (v - mean));
}
fn merge(a: S, b: S) -> S {
    if (a.n == T(0)) { return b; }
    if (b.n == T(0)) { return a; }
    let n = a.n + b.n;
    let d = b.mean - a.mean;
    return S(n, a.mean + d * (b.n / n), a.squares + b.squares + d * d * (a.n * (b.n / n)));
}
fn variance(s: S) -> T {
    if (s.n == T(0)) { return s.squares / s.n; }
    return s.squares / max(s.n - correction(), T(0));
}
";

const KEPT_SPREAD: &str = "
fn save(i: u32, s: S) { values_put(3u * i, s.n); values_put(3u * i + 1u, s.mean); values_put(3u * i + 2u, s.squares); }
fn load(i: u32) -> S { return S(values(3u * i), values(3u * i + 1u), values(3u * i + 2u)); }
";

fn state(kind: ReduceKind, own: Kind) -> State {
    let one = |number, text| State { number, result: own, text, values: 1, numbers: 0, keeping: ONE };
    let truth = |number, text| State { number, result: Kind::I32, text, values: 0, numbers: 1, keeping: TRUTH };
    let place = |number, text| State { number, result: Kind::I32, text, values: 1, numbers: 1, keeping: KEPT_PLACE };
    let spread = |number, text| State { number, result: own, text, values: 3, numbers: 0, keeping: KEPT_SPREAD };
    match kind {
        ReduceKind::Sum => one(
            0,
            "alias S = T;\nfn start() -> S { return T(0); }\nfn take(s: S, v: T, k: u32) -> S { return plus(s, v); }\n\
             fn merge(a: S, b: S) -> S { return plus(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ReduceKind::Mean => one(
            1,
            "alias S = T;\nfn start() -> S { return T(0); }\nfn take(s: S, v: T, k: u32) -> S { return s + v; }\n\
             fn merge(a: S, b: S) -> S { return a + b; }\nfn finish(s: S) -> T { return s / T(reduced()); }\n",
        ),
        ReduceKind::Prod => one(
            2,
            "alias S = T;\nfn start() -> S { return one(); }\nfn take(s: S, v: T, k: u32) -> S { return times(s, v); }\n\
             fn merge(a: S, b: S) -> S { return times(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ReduceKind::Max => one(
            3,
            "alias S = T;\nfn start() -> S { return least(); }\nfn take(s: S, v: T, k: u32) -> S { return larger(s, v); }\n\
             fn merge(a: S, b: S) -> S { return larger(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ReduceKind::Min => one(
            4,
            "alias S = T;\nfn start() -> S { return most(); }\nfn take(s: S, v: T, k: u32) -> S { return smaller(s, v); }\n\
             fn merge(a: S, b: S) -> S { return smaller(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ReduceKind::ArgMax => {
            place(5, "fn beats(a: T, b: T) -> bool { return (less(b, a) || unordered(a)) && !unordered(b); }\n")
        }
        ReduceKind::ArgMin => {
            place(6, "fn beats(a: T, b: T) -> bool { return (less(a, b) || unordered(a)) && !unordered(b); }\n")
        }
        ReduceKind::Any => truth(
            7,
            "alias S = i32;\nfn start() -> S { return 0; }\nfn take(s: S, v: T, k: u32) -> S { return select(s, 1, nonzero(v)); }\n\
             fn merge(a: S, b: S) -> S { return a | b; }\nfn finish(s: S) -> i32 { return s; }\n",
        ),
        ReduceKind::All => truth(
            8,
            "alias S = i32;\nfn start() -> S { return 1; }\nfn take(s: S, v: T, k: u32) -> S { return select(0, s, nonzero(v)); }\n\
             fn merge(a: S, b: S) -> S { return a & b; }\nfn finish(s: S) -> i32 { return s; }\n",
        ),
        ReduceKind::Var { .. } => spread(9, "fn finish(s: S) -> T { return variance(s); }\n"),
        ReduceKind::Std { .. } => spread(10, "fn finish(s: S) -> T { return sqrt(variance(s)); }\n"),
    }
}

/// The order of elements, with NaN where there is one, and their arithmetic as functions, which all kinds have.
pub(crate) fn order(kind: Kind) -> String {
    let arithmetic = match kind {
        Kind::I64 => {
            "fn less(a: T, b: T) -> bool { return long_less(a, b); }
fn plus(a: T, b: T) -> T { return long_plus(a, b); }
fn times(a: T, b: T) -> T { return long_times(a, b); }
fn one() -> T { return widened(1); }
"
        }
        _ => {
            "fn less(a: T, b: T) -> bool { return a < b; }
fn plus(a: T, b: T) -> T { return a + b; }
fn times(a: T, b: T) -> T { return a * b; }
fn one() -> T { return T(1); }
"
        }
    };
    let order = match kind {
        Kind::F32 => {
            "fn unordered(x: T) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn most() -> T { var u = 0x7f800000u; return bitcast<f32>(u); }
fn least() -> T { return -most(); }
"
        }
        Kind::F64 => {
            "fn unordered(x: T) -> bool { return (bitcast<u64>(x) << 1u) > 0xffe0000000000000lu; }
fn most() -> T { var u = 0x7ff0000000000000lu; return bitcast<f64>(u); }
fn least() -> T { return -most(); }
"
        }
        Kind::I32 => {
            "fn unordered(x: T) -> bool { return false; }
fn most() -> T { return 0x7fffffff; }
fn least() -> T { return -0x7fffffff - 1; }
"
        }
        Kind::I64 => {
            "fn unordered(x: T) -> bool { return false; }
fn most() -> T { return long_most(); }
fn least() -> T { return ~long_most(); }
"
        }
    };
    format!("{order}{arithmetic}")
}

/// The larger and the smaller of two, NaN if there is one.
pub(crate) const ORDERED: &str = "
fn larger(a: T, b: T) -> T {
    if (unordered(a)) { return a; }
    if (unordered(b)) { return b; }
    return select(a, b, less(a, b));
}
fn smaller(a: T, b: T) -> T {
    if (unordered(a)) { return a; }
    if (unordered(b)) { return b; }
    return select(a, b, less(b, a));
}
";

/// How the elements are shared out.
#[derive(Clone, Copy)]
struct Cut {
    /// Whether a workgroup folds together; else each invocation alone.
    together: bool,
    /// Parts of the elements of one result.
    parts: usize,
    /// Elements of a part.
    len: usize,
}

impl Cut {
    fn new(gpu: &Gpu, results: usize, count: usize, is_row: bool) -> Cut {
        // Barriers are slow where a processor plays the GPU; rows are read in order by neighbouring invocations elsewhere.
        let together = if gpu.is_software() {
            results < 64 && count >= 1024
        } else {
            results < 4096 && count >= 128 || is_row && count >= 64
        };
        let (wanted, least) = if together { (512, 4096) } else { (16384, 256) };
        let parts = (wanted / results.max(1)).min(count / least).max(1);
        // A long sum by one invocation alone would lose digits.
        let parts = if together { parts } else { parts.max(count.div_ceil(4096)) };
        let len = count.div_ceil(parts).max(1);
        Cut { together, parts: count.div_ceil(len).max(1), len }
    }
}

const ALONE: &str = "
fn each(i: u32) {
    let o = i % results();
    let part = i / results();
    let base = outer_at(o);
    let end = min((part + 1u) * len(), reduced());
    var s = start();
    for (var k = part * len(); k < end; k++) {
        s = take(s, x(base + inner_at(k)), k);
    }
    done(o, i, s);
}
";

const TOGETHER: &str = "
var<workgroup> shared_: array<S, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = group.y * groups.x + group.x;
    if (i >= results() * parts()) { return; }
    let o = i % results();
    let part = i / results();
    let base = outer_at(o);
    let end = min((part + 1u) * len(), reduced());
    var s = start();
    for (var k = part * len() + lane; k < end; k += 256u) {
        s = take(s, x(base + inner_at(k)), k);
    }
    shared_[lane] = s;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half >>= 1u) {
        if (lane < half) { shared_[lane] = merge(shared_[lane], shared_[lane + half]); }
        workgroupBarrier();
    }
    if (lane == 0u) { done(o, i, shared_[0]); }
}
";

pub(crate) fn run(gpu: &Gpu, op: Reduce, compute: DType, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let state = state(op.kind, kind);
    let results = output.layout.numel();
    if results == 0 {
        return Ok(());
    }
    let is_reduced = |dim: usize| op.axes >> dim & 1 == 1;
    let kept = without(x.layout, is_reduced, x.layout.offset());
    let inner = without(x.layout, |dim| !is_reduced(dim), 0);
    let count = inner.numel();
    let positions = matches!(op.kind, ReduceKind::ArgMax | ReduceKind::ArgMin);
    let (outer, inner) = (Nest::in_order(&kept), if positions { Nest::in_order(&inner) } else { Nest::new(&[&inner]) });
    let is_row = inner.loops.last().is_some_and(|last| last.strides[0] == 1);
    let cut = Cut::new(gpu, results, count, is_row);

    let correction = match op.kind {
        ReduceKind::Var { correction } | ReduceKind::Std { correction } => correction,
        _ => 0.0,
    };
    let prelude = move || {
        let mut text =
            format!("alias T = {};\nfn nonzero(x: T) -> bool {{ return {}; }}\n", kind.name(), is_nonzero("x", kind));
        text += &order(kind);
        text += ORDERED;
        match state.number {
            5 | 6 => text += PLACE,
            9 | 10 => text += SPREAD,
            _ => {}
        }
        text + state.text
    };
    let common = |kernel: &mut Kernel<'_>, parts: usize| {
        if !matches!(state.number, 1 | 9 | 10) {
            kernel.by_functions();
        }
        kernel.variant(state.number).size("results", results).size("reduced", count).size("parts", parts);
        if matches!(state.number, 9 | 10) {
            kernel.number("correction", kind, Scalar::Float(correction));
        }
    };
    let own = match kind {
        Kind::F32 => DType::F32,
        Kind::I32 => DType::I32,
        Kind::I64 => DType::I64,
        Kind::F64 => DType::F64,
    };

    let memory = match cut.parts {
        1 => None,
        parts => Some((
            gpu.block(results * parts * state.values * own.size())?,
            gpu.block(results * parts * state.numbers * DType::I32.size())?,
        )),
    };
    let writing = match crate::element::lanes(output.dtype) {
        1 => Writing::Whole,
        _ => Writing::Shared,
    };
    let mut first: Kernel<'_> = Kernel::new(gpu, "reduce");
    common(&mut first, cut.parts);
    first.variant(u32::from(cut.together)).variant(u32::from(memory.is_some())).size("len", cut.len);
    let mut places = None;
    match &memory {
        None => {
            first.write("y", output, state.result, writing);
            places = Some(Places::declare(&mut first, "y", output.layout));
        }
        Some((values, numbers)) => {
            if state.values > 0 {
                first.write_own("values", values, own, kind);
            }
            if state.numbers > 0 {
                first.write_own("numbers", numbers, DType::I32, Kind::I32);
            }
        }
    }
    first.read("x", x, kind);
    let (outer, inner) = (Places::of(&mut first, "outer", outer), Places::of(&mut first, "inner", inner));
    let body = |shared: &str, places: &Option<Places>| {
        let mut text = prelude() + &outer.text() + &inner.text();
        match places {
            Some(places) => {
                text += &places.text();
                text += "fn done(o: u32, i: u32, s: S) { y_put(y_at(o), finish(s)); }\n";
            }
            None => {
                text += state.keeping.split("fn load").next().expect("the part before");
                text += "fn done(o: u32, i: u32, s: S) { save(i, s); }\n";
            }
        }
        text + shared
    };
    match cut.together {
        true => first.run(spread(results * cut.parts), || body(TOGETHER, &places))?,
        false => first.run_each(results * cut.parts, || body(ALONE, &places))?,
    }

    let Some((values, numbers)) = &memory else { return Ok(()) };
    let mut second = Kernel::new(gpu, "reduce_parts");
    common(&mut second, cut.parts);
    second.write("y", output, state.result, writing);
    if state.values > 0 {
        second.read_own("values", values, own, kind);
    }
    if state.numbers > 0 {
        second.read_own("numbers", numbers, DType::I32, Kind::I32);
    }
    let places = Places::declare(&mut second, "y", output.layout);
    second.run_each(results, || {
        let load = state.keeping.rsplit("fn load").next().expect("the part behind");
        format!(
            "{}{}fn load{load}\nfn each(o: u32) {{\n    var s = load(o);\n    for (var part = 1u; part < parts(); part++) {{\n        \
             s = merge(s, load(part * results() + o));\n    }}\n    y_put(y_at(o), finish(s));\n}}\n",
            prelude(),
            places.text()
        )
    })
}

/// The layout without the dimensions that are `gone`, whatever their size.
fn without(layout: &Layout, gone: impl Fn(usize) -> bool, offset: usize) -> Layout {
    Layout::strided(layout.shape().without(&gone), layout.strides().without(&gone), offset)
}
