//! Connectionist temporal classification: sums over all ways to stretch labels, forwards and backwards through the steps, in
//! logarithms; an invocation takes a sample through the steps. As on the CPU, where the papers are named, but in single precision
//! unless the probabilities are doubles.

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::map::{self, Argument, Places};
use crate::own::Own;
use crate::rows;
use storage::DType;
use tensor_core::op::Ctc;
use tensor_core::{Input, Output, Result};

const SAMPLES: &str = include_str!("../shaders/ctc.wgsl");

/// The operands beside a gradient, and what follows from their shapes.
struct Job<'a> {
    gpu: &'a Gpu,
    kind: Kind,
    blank: u32,
    x: &'a Input<'a>,
    labels: &'a Input<'a>,
    of_input: &'a Input<'a>,
    of_target: &'a Input<'a>,
    /// Steps, samples, classes.
    sizes: [usize; 3],
    /// The most places that a sample's labels have with the blanks between them.
    width: usize,
}

pub(crate) fn run(gpu: &Gpu, op: Ctc, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let (blank, zero_infinity, rest) = match op {
        Ctc::Loss { blank, zero_infinity } => (blank, zero_infinity, inputs),
        Ctc::Gradient { blank, zero_infinity } => (blank, zero_infinity, &inputs[1..]),
    };
    let &[steps, count, classes] = &rest[0].layout.shape()[..] else { unreachable!("checked by the method") };
    let most = rest[1].layout.shape().last().copied().unwrap_or(0);
    let job = Job {
        gpu,
        kind: Kind::of(compute),
        blank,
        x: &rest[0],
        labels: &rest[1],
        of_input: &rest[2],
        of_target: &rest[3],
        sizes: [steps, count, classes],
        width: 2 * most + 1,
    };
    if output.layout.numel() == 0 {
        return Ok(());
    }
    match op {
        Ctc::Loss { .. } => {
            let ways = job.ways(false)?;
            job.losses(&ways, output)
        }
        Ctc::Gradient { .. } => job.gradient(&inputs[0], zero_infinity, output),
    }
}

impl Job<'_> {
    fn own_dtype(&self) -> DType {
        if self.kind == Kind::F64 { DType::F64 } else { DType::F32 }
    }

    fn declare<'k>(&'k self, kernel: &mut Kernel<'k>) -> Vec<Places> {
        let [steps, count, classes] = self.sizes;
        kernel.size("steps", steps).size("samples", count).size("classes", classes).size("width", self.width);
        kernel.size("blank", self.blank as usize).size("rows", self.labels.layout.rank());
        kernel.read("x", self.x, self.kind).read_positions("labels", self.labels);
        kernel.read_positions("of_input", self.of_input).read_positions("of_target", self.of_target);
        [("x", self.x), ("values", self.labels), ("a", self.of_input), ("b", self.of_target)]
            .map(|(name, input)| Places::declare(kernel, name, input.layout))
            .into()
    }

    fn text(&self, places: &[Places]) -> String {
        rows::prelude(self.kind) + &places.iter().map(Places::text).collect::<String>() + SAMPLES
    }

    /// For every sample, step and place, the logarithm of the probability of all ways that lead there; or from there on.
    fn ways(&self, backwards: bool) -> Result<Own> {
        let [steps, count, _] = self.sizes;
        let own = Own::new(self.gpu, &[count, steps.max(1), self.width], self.own_dtype())?;
        let output = own.output();
        let mut kernel = Kernel::new(self.gpu, "ctc_ways");
        kernel.variant(u32::from(backwards)).write("y", &output, self.kind, Writing::Whole);
        let places = self.declare(&mut kernel);
        kernel.run_each(count, || {
            let body = if backwards { "backwards(n);" } else { "forwards(n);" };
            let passes = include_str!("../shaders/ctc_passes.wgsl");
            format!("{}{passes}\nfn each(n: u32) {{ {body} }}\n", self.text(&places))
        })?;
        drop(kernel);
        Ok(own)
    }

    fn losses(&self, ways: &Own, output: &Output<'_>) -> Result<()> {
        let ways = ways.input();
        let mut kernel = Kernel::new(self.gpu, "ctc_loss");
        let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
        kernel.write("y", output, self.kind, writing).read("alpha", &ways, self.kind);
        let places = self.declare(&mut kernel);
        let to = Places::declare(&mut kernel, "y", output.layout);
        kernel.run_each(self.sizes[1], || {
            let total = include_str!("../shaders/ctc_total.wgsl");
            format!("{}{}{total}\nfn each(n: u32) {{ y_put(y_at(n), -total(n)); }}\n", self.text(&places), to.text())
        })
    }

    /// (e^x − the probability of a class at a step, given the labels) · g.
    fn gradient(&self, g: &Input<'_>, zero_infinity: bool, output: &Output<'_>) -> Result<()> {
        let (alpha, beta) = (self.ways(false)?, self.ways(true)?);
        let (alpha, beta) = (alpha.input(), beta.input());
        let mut kernel = Kernel::new(self.gpu, "ctc_gradient");
        kernel.variant(u32::from(zero_infinity)).read("alpha", &alpha, self.kind).read("beta", &beta, self.kind);
        let places = self.declare(&mut kernel);
        map::gather(&mut kernel, &[Argument::new("g", g, self.kind)], output, self.kind, || {
            let impossible = if zero_infinity { "all == least()" } else { "false" };
            format!(
                "{}{}
fn element(i: u32) -> T {{
    let t = i / (samples() * classes());
    let n = (i / classes()) % samples();
    let label = i % classes();
    let all = total(n);
    if (t >= steps_of(n) || {impossible}) {{ return T(0); }}
    var way = least();
    for (var place = 0u; place < places_of(n); place++) {{
        if (label_of(n, place) == label) {{
            let at = (n * steps() + t) * width() + place;
            way = sum_of(way, alpha(at) + beta(at), least());
        }}
    }}
    let own = x(x_at(i));
    // Both directions count the step's own probability.
    return (exp_(own) - exp_(way - all - own)) * g(g_at(n));
}}
",
                self.text(&places),
                include_str!("../shaders/ctc_total.wgsl")
            )
        })
    }
}
