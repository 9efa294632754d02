//! Losses. Of predicted classes: the loss of every place by itself, then their sum; going back, the sum of a place's powers once
//! more. Classes that do not exist are found by the kernels and told later.

mod binary;
mod difference;

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, NO_DIM, Writing};
use crate::map::{self, Argument, Places};
use crate::own::Own;
use crate::{reduce, rows};
use storage::{DType, Scalar};
use tensor_core::op::loss::Classes;
use tensor_core::op::reduce::{Reduce, ReduceKind};
use tensor_core::op::{Loss, Reduction};
use tensor_core::{Input, Output, Result};

/// Sizes of what is judged.
struct Job<'a> {
    gpu: &'a Gpu,
    classes: Classes,
    kind: Kind,
    x: &'a Input<'a>,
    target: &'a Input<'a>,
    weight: Option<&'a Input<'a>>,
    /// Classes.
    count: usize,
    /// Places of a sample.
    inner: usize,
    places: usize,
}

/// `number(place, label)` of x; `class_of(place)`, −1 where it does not count; and its weight.
const PLACES: &str = "
fn number(place: u32, label: u32) -> u32 {
    return (place / inner() * classes() + label) * inner() + place % inner();
}

fn class_of(place: u32) -> i32 {
    let label = labels(values_at(place));
    if (label == ignored()) { return -1; }
    if (label < 0 || label >= i32(classes())) {
        fault(label, classes(), NO_DIM);
        return -1;
    }
    return label;
}
";

pub(crate) fn run(gpu: &Gpu, op: Loss, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let (classes, rest) = match op {
        Loss::Classes(classes) => (classes, inputs),
        Loss::ClassesGradient(classes) => (classes, &inputs[1..]),
        Loss::Difference(own) => return difference::losses(gpu, own, compute, inputs, output),
        Loss::DifferenceGradient(own) => return difference::gradient(gpu, own, compute, inputs, output),
        Loss::Binary(own) => return binary::losses(gpu, own, compute, inputs, output),
        Loss::BinaryGradient(own) => return binary::gradient(gpu, own, compute, inputs, output),
    };
    let g = matches!(op, Loss::ClassesGradient(_)).then(|| &inputs[0]);
    let shape = rest[0].layout.shape();
    let dim = usize::from(shape.len() > 1);
    let job = Job {
        gpu,
        classes,
        kind: Kind::of(compute),
        x: &rest[0],
        target: &rest[1],
        weight: rest.get(2),
        count: shape[dim],
        inner: shape[dim + 1..].iter().product(),
        places: rest[1].layout.numel(),
    };
    match g {
        None => job.forward(output),
        Some(g) => job.backward(g, output),
    }
}

/// The losses that `each` writes, or their sum or mean.
fn reduced(
    gpu: &Gpu,
    reduction: Reduction,
    numel: usize,
    compute: DType,
    output: &Output<'_>,
    each: impl FnOnce(&Output<'_>) -> Result<()>,
) -> Result<()> {
    let kind = match reduction {
        Reduction::None => return each(output),
        Reduction::Mean => ReduceKind::Mean,
        Reduction::Sum | Reduction::BatchMean => ReduceKind::Sum,
    };
    let dtype = if Kind::of(compute) == Kind::F64 { DType::F64 } else { DType::F32 };
    let all = Own::new(gpu, &[numel], dtype)?;
    each(&all.output())?;
    reduce::run(gpu, Reduce { kind, axes: 1, keepdim: false }, compute, &all.input(), output)
}

/// The share of an element in the gradient of the result, an expression; `count` is declared.
fn share(kernel: &mut Kernel<'_>, reduction: Reduction, numel: usize, kind: Kind) -> &'static str {
    let single = reduction != Reduction::None;
    let count = if reduction == Reduction::Mean { numel as f64 } else { 1.0 };
    kernel.variant(u32::from(single)).number("count", kind, Scalar::Float(count));
    if single { "g(g_at(0u)) / count()" } else { "g(g_at(i))" }
}

impl Job<'_> {
    fn own_dtype(&self) -> DType {
        if self.kind == Kind::F64 { DType::F64 } else { DType::F32 }
    }

    fn declare<'k>(&'k self, kernel: &mut Kernel<'k>) -> Vec<Places> {
        kernel.variant(u32::from(self.classes.logits)).variant(u32::from(self.weight.is_some()));
        kernel.size("classes", self.count).size("inner", self.inner.max(1)).size("places", self.places);
        // Labels beyond 32 bits are read as the nearest number that there is, too.
        let ignored = self.classes.ignore_index;
        kernel.int("ignored", ignored.clamp(i64::from(i32::MIN), i64::from(i32::MAX)));
        kernel.read("x", self.x, self.kind).read_positions("labels", self.target);
        let mut places =
            vec![Places::declare(kernel, "x", self.x.layout), Places::declare(kernel, "values", self.target.layout)];
        if let Some(weight) = self.weight {
            kernel.read("weight", weight, self.kind);
            places.push(Places::declare(kernel, "weight", weight.layout));
        }
        kernel.faults();
        places
    }

    fn text(&self, places: &[Places]) -> String {
        let weight = if self.weight.is_some() { "weight(weight_at(u32(label)))" } else { "T(1)" };
        rows::prelude(self.kind)
            + &places.iter().map(Places::text).collect::<String>()
            + &PLACES.replace("NO_DIM", &format!("{NO_DIM}u"))
            + &format!(
                "fn weight_of(label: i32) -> T {{\n    if (label < 0) {{ return T(0); }}\n    return {weight};\n}}\n"
            )
    }

    /// For each place the logarithm of the sum of its powers.
    fn shifts(&self) -> Result<Own> {
        let own = Own::new(self.gpu, &[self.places], self.own_dtype())?;
        let output = own.output();
        let mut kernel = Kernel::new(self.gpu, "loss_shifts");
        kernel.write("shifts", &output, self.kind, Writing::Whole);
        let places = self.declare(&mut kernel);
        rows::run(self.gpu, &mut kernel, self.places, self.count, || {
            self.text(&places)
                + "
fn row(o: u32, first: u32, step: u32) {
    var most = least();
    for (var k = first; k < classes(); k += step) { most = larger(most, x(x_at(number(o, k)))); }
    most = all_max(most);
    var sum = T(0);
    for (var k = first; k < classes(); k += step) { sum += exp_(x(x_at(number(o, k))) - most); }
    sum = all_sum(sum);
    if (first == 0u) { shifts_put(o, most + log_(sum)); }
}
"
        })?;
        drop(kernel);
        Ok(own)
    }

    /// Each place's loss, written to `output`.
    fn losses(&self, output: &Output<'_>) -> Result<()> {
        let shifts = if self.classes.logits { Some(self.shifts()?) } else { None };
        let shifts = shifts.as_ref().map(Own::input);
        let mut kernel = Kernel::new(self.gpu, "loss");
        let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
        kernel.write("y", output, self.kind, writing);
        if let Some(shifts) = &shifts {
            kernel.read("shifts", shifts, self.kind);
        }
        let places = self.declare(&mut kernel);
        let to = Places::declare(&mut kernel, "y", output.layout);
        kernel.run_each(self.places, || {
            let value = if shifts.is_some() {
                "x(x_at(number(place, u32(label)))) - shifts(place)"
            } else {
                "x(x_at(number(place, u32(label))))"
            };
            self.text(&places)
                + &to.text()
                + &format!(
                    "
fn each(place: u32) {{
    let label = class_of(place);
    var loss = T(0);
    if (label >= 0) {{ loss = -weight_of(label) * ({value}); }}
    y_put(y_at(place), loss);
}}
"
                )
        })
    }

    /// The sum of the weights of all places, as one element.
    fn total(&self) -> Result<Own> {
        let own = Own::new(self.gpu, &[1], self.own_dtype())?;
        let output = own.output();
        let mut kernel = Kernel::new(self.gpu, "loss_total");
        kernel.write("total", &output, self.kind, Writing::Whole);
        let places = self.declare(&mut kernel);
        rows::run(self.gpu, &mut kernel, 1, self.places, || {
            self.text(&places)
                + "
fn row(o: u32, first: u32, step: u32) {
    var sum = T(0);
    for (var place = first; place < places(); place += step) { sum += weight_of(class_of(place)); }
    sum = all_sum(sum);
    if (first == 0u) { total_put(0u, sum); }
}
"
        })?;
        drop(kernel);
        Ok(own)
    }

    fn forward(&self, output: &Output<'_>) -> Result<()> {
        if self.classes.reduction == Reduction::None {
            return self.losses(output);
        }
        let losses = Own::new(self.gpu, &[self.places], self.own_dtype())?;
        self.losses(&losses.output())?;
        let losses = losses.input();
        let total = if self.classes.reduction == Reduction::Mean { Some(self.total()?) } else { None };
        let total = total.as_ref().map(Own::input);
        let mut kernel = Kernel::new(self.gpu, "loss_sum");
        let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
        kernel.size("places", self.places).size("at", output.layout.offset()).write("y", output, self.kind, writing);
        kernel.read("losses", &losses, self.kind);
        if let Some(total) = &total {
            kernel.read("total", total, self.kind);
        }
        rows::run(self.gpu, &mut kernel, 1, self.places, || {
            let result = if total.is_some() { "sum / total(0u)" } else { "sum" };
            rows::prelude(self.kind)
                + &format!(
                    "
fn row(o: u32, first: u32, step: u32) {{
    var sum = T(0);
    for (var place = first; place < places(); place += step) {{ sum += losses(place); }}
    sum = all_sum(sum);
    if (first == 0u) {{ y_put(at(), {result}); }}
}}
"
                )
        })
    }

    fn backward(&self, g: &Input<'_>, output: &Output<'_>) -> Result<()> {
        if output.layout.numel() == 0 {
            return Ok(());
        }
        let shifts = if self.classes.logits { Some(self.shifts()?) } else { None };
        let total = if self.classes.reduction == Reduction::Mean { Some(self.total()?) } else { None };
        let (shifts, total) = (shifts.as_ref().map(Own::input), total.as_ref().map(Own::input));
        let mut kernel = Kernel::new(self.gpu, "loss_gradient");
        let each = self.classes.reduction == Reduction::None;
        kernel.variant(u32::from(each));
        if let Some(shifts) = &shifts {
            kernel.read("shifts", shifts, self.kind);
        }
        if let Some(total) = &total {
            kernel.read("total", total, self.kind);
        }
        let places = self.declare(&mut kernel);
        map::gather(&mut kernel, &[Argument::new("g", g, self.kind)], output, self.kind, || {
            let share = if shifts.is_some() { "exp_(x(x_at(i)) - shifts(place))" } else { "T(0)" };
            let pull = if each { "g(g_at(place))" } else { "g(g_at(0u))" };
            let scale = if total.is_some() { " / total(0u)" } else { "" };
            self.text(&places)
                + &format!(
                    "
fn element(i: u32) -> T {{
    let place = i / (classes() * inner()) * inner() + i % inner();
    let label = class_of(place);
    if (label < 0) {{ return T(0); }}
    let own = select(T(0), T(1), (i / inner()) % classes() == u32(label));
    return ({share} - own) * weight_of(label) * {pull}{scale};
}}
"
                )
        })
    }
}
