//! Kernels that compute each element of their output by itself: over operands that broadcast to the output ([`elementwise`]),
//! or from wherever a function finds its elements ([`gather`]).

use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel, Writing, writing};
use crate::nest::Nest;
use crate::parts::{self, Memory, Part, Window};
use smallvec::SmallVec;
use std::any::Any;
use std::fmt::Write;
use storage::{DType, Source, Target};
use tensor_core::{Input, Layout, Output, Result};

/// An operand with its name in the shader.
pub(crate) struct Argument<'a> {
    pub(crate) name: &'static str,
    pub(crate) input: Input<'a>,
    /// What its elements are read as.
    pub(crate) kind: Kind,
    /// Whether they are positions.
    positions: bool,
}

impl<'a> Argument<'a> {
    pub(crate) fn new(name: &'static str, input: &Input<'a>, kind: Kind) -> Argument<'a> {
        Argument { name, input: *input, kind, positions: false }
    }

    /// Positions, labels or sizes, as whole numbers of 32 bits.
    pub(crate) fn positions(name: &'static str, input: &Input<'a>) -> Argument<'a> {
        Argument { positions: true, ..Argument::new(name, input, Kind::I32) }
    }

    /// Declares it as an operand of `kernel`.
    pub(crate) fn read(&self, kernel: &mut Kernel<'a>) {
        match self.positions {
            true => kernel.read_positions(self.name, &self.input),
            false => kernel.read(self.name, &self.input, self.kind),
        };
    }
}

/// Declares the loops of `nest`, all of their numbers being parameters.
pub(crate) fn declare(kernel: &mut Kernel<'_>, name: &'static str, nest: &Nest) {
    let loops = nest.loops.iter().flat_map(|each| std::iter::once(each.size).chain(each.strides.iter().copied()));
    kernel.variant(nest.loops.len() as u32);
    kernel.list(name, nest.offsets.iter().copied().chain(loops));
}

/// The function `name` of a running number that gives the position of operand `operand` out of `count`.
pub(crate) fn position(name: &str, list: &str, nest: &Nest, operand: usize, count: usize) -> String {
    let mut text = format!("fn {name}(i: u32) -> u32 {{\n    var at = {list}({operand}u);\n    var rest = i;\n");
    for number in (0..nest.loops.len()).rev() {
        let size = count + number * (count + 1);
        let stride = size + 1 + operand;
        _ = match number {
            0 => writeln!(text, "    at += rest * {list}({stride}u);"),
            _ => writeln!(
                text,
                "    at += (rest % {list}({size}u)) * {list}({stride}u);\n    rest = rest / {list}({size}u);"
            ),
        };
    }
    text + "    return at;\n}\n"
}

/// What an entry writes: so many elements, the first of which is at an offset.
#[derive(Clone, Copy)]
struct Span {
    numel: usize,
    offset: usize,
    dtype: DType,
    writing: Writing,
}

/// The entry's function `each` for an output `y` written from `element(i)`.
fn entry(kernel: &mut Kernel<'_>, span: Span, body: impl FnOnce() -> String) -> Result<()> {
    let Span { numel, offset, dtype, writing } = span;
    if numel == 0 {
        return Ok(());
    }
    match writing {
        Writing::Whole | Writing::Shared => {
            kernel.run_each(numel, || format!("{}\nfn each(i: u32) {{ y_put(y_at(i), element(i)); }}\n", body()))
        }
        Writing::Packed => {
            let lanes = element::lanes(dtype);
            kernel.size("numel_", numel).size("first_", offset / lanes);
            kernel.run_each(numel.div_ceil(lanes), || {
                let bits = 32 / lanes;
                format!(
                    "{}\nfn each(w: u32) {{\n    var word = 0u;\n    for (var l = 0u; l < {lanes}u; l++) {{\n        \
                     let i = w * {lanes}u + l;\n        if (i < numel_()) {{ word |= y_bits(element(i)) << (l * {bits}u); }}\n    \
                     }}\n    y_[first_() + w] = word;\n}}\n",
                    body()
                )
            })
        }
    }
}

/// Writes `f(operands…extra)` to each place of the output, `f` giving values of `kind`. Where operands have more bytes than
/// can be bound, the places are dealt with in parts.
pub(crate) fn elementwise<'a>(
    kernel: &mut Kernel<'a>,
    operands: &[Argument<'a>],
    output: &Output<'a>,
    kind: Kind,
    extra: &'static str,
    f: impl FnOnce() -> String,
) -> Result<()> {
    let layouts: SmallVec<[&Layout; 4]> =
        std::iter::once(output.layout).chain(operands.iter().map(|operand| operand.input.layout)).collect();
    let nest = Nest::new(&layouts);
    let job = Job { operands, output, kind, extra };
    let Some(parts) = job.parts(kernel.gpu(), &nest) else {
        return job.run(kernel, &nest, None, output.layout.numel(), f);
    };
    let text = f();
    for part in parts {
        job.run(&mut kernel.clone(), &part.nest, Some(&part.windows), part.numel, || text.clone())?;
    }
    Ok(())
}

struct Job<'k, 'a> {
    operands: &'k [Argument<'a>],
    output: &'k Output<'a>,
    kind: Kind,
    extra: &'static str,
}

impl<'a> Job<'_, 'a> {
    /// `None`: all can be done at once, or nothing helps.
    fn parts(&self, gpu: &Gpu, nest: &Nest) -> Option<Vec<Part>> {
        let most = gpu.info().bindable_bytes;
        let is_large = |memory: &(dyn Any + Send + Sync)| kernel::buffer(memory).size() > most;
        let output = matches!(&self.output.target, Target::Device(memory) if is_large(*memory));
        let large =
            |operand: &Argument<'_>| matches!(operand.input.source, Some(Source::Device(memory)) if is_large(memory));
        if self.output.layout.numel() == 0 || !output && !self.operands.iter().any(large) {
            return None;
        }
        let memory = |input: &Input<'_>| Memory { size: input.dtype.size(), in_output: input.source.is_none() };
        let memories: SmallVec<[Memory; 4]> =
            std::iter::once(Memory { size: self.output.dtype.size(), in_output: false })
                .chain(self.operands.iter().map(|operand| memory(&operand.input)))
                .collect();
        parts::cut(nest, &memories, usize::try_from(most).unwrap_or(usize::MAX))
    }

    fn run(
        &self,
        kernel: &mut Kernel<'a>,
        nest: &Nest,
        windows: Option<&[Window]>,
        numel: usize,
        f: impl FnOnce() -> String,
    ) -> Result<()> {
        let writing = writing(self.output);
        kernel.write("y", self.output, self.kind, writing);
        if let Some(windows) = windows {
            kernel.write_within(windows[0]);
        }
        for (number, operand) in self.operands.iter().enumerate() {
            operand.read(kernel);
            if let (Some(windows), Some(_)) = (windows, operand.input.source) {
                kernel.read_within(windows[number + 1]);
            }
        }
        declare(kernel, "nest_", nest);
        let span = Span { numel, offset: nest.offsets[0], dtype: self.output.dtype, writing };
        entry(kernel, span, || {
            let count = 1 + self.operands.len();
            let mut text = f();
            if writing != Writing::Packed {
                text += &position("y_at", "nest_", nest, 0, count);
            }
            let mut arguments = String::new();
            for (number, operand) in self.operands.iter().enumerate() {
                let name = operand.name;
                text += &position(&format!("{name}_at"), "nest_", nest, number + 1, count);
                arguments += &format!("{}{name}({name}_at(i))", if number > 0 { ", " } else { "" });
            }
            let arguments = format!("{arguments}{}", self.extra);
            let arguments = arguments.trim_start_matches(", ");
            text + &format!("fn element(i: u32) -> {} {{ return f({arguments}); }}\n", self.kind.name())
        })
    }
}

/// Writes `element(i)` of `body`, a value of `kind`, to the output's element number i in row-major order. Each operand `x` has
/// `x_at(i)`, the position of its own element number i in row-major order.
pub(crate) fn gather<'a>(
    kernel: &mut Kernel<'a>,
    operands: &[Argument<'a>],
    output: &Output<'a>,
    kind: Kind,
    body: impl FnOnce() -> String,
) -> Result<()> {
    // Words are written by one invocation each only where neighbours in memory are neighbours in number.
    let writing = match writing(output) {
        Writing::Packed if !output.layout.is_contiguous() => Writing::Shared,
        other => other,
    };
    kernel.write("y", output, kind, writing);
    for operand in operands {
        operand.read(kernel);
    }
    let places = Places::declare(kernel, "y", output.layout);
    let all: Vec<Places> =
        operands.iter().map(|operand| Places::declare(kernel, operand.name, operand.input.layout)).collect();
    let span = Span { numel: output.layout.numel(), offset: output.layout.offset(), dtype: output.dtype, writing };
    entry(kernel, span, || {
        let mut text = body();
        if writing != Writing::Packed {
            text += &places.text();
        }
        for place in &all {
            text += &place.text();
        }
        text
    })
}

/// Where elements counted in row-major order lie: the function `name_at` of a number.
pub(crate) struct Places {
    name: &'static str,
    nest: Nest,
    list: &'static str,
}

impl Places {
    /// Declares the parameters of `layout`'s places.
    pub(crate) fn declare(kernel: &mut Kernel<'_>, name: &'static str, layout: &Layout) -> Places {
        Places::of(kernel, name, Nest::in_order(layout))
    }

    /// Declares the parameters of a nest over one operand.
    pub(crate) fn of(kernel: &mut Kernel<'_>, name: &'static str, nest: Nest) -> Places {
        // The parameters' name has to be another one than the function's, and both live as long as the program.
        macro_rules! lists {
            ($($operand:ident)*) => { match name { $(stringify!($operand) => concat!(stringify!($operand), "_nest_"),)* other => unreachable!("an operand with the name {other}") } };
        }
        let list = lists!(x y a b c g h index values mask weight bias grid outer inner);
        declare(kernel, list, &nest);
        Places { name, nest, list }
    }

    pub(crate) fn text(&self) -> String {
        position(&format!("{}_at", self.name), self.list, &self.nest, 0, 1)
    }
}
