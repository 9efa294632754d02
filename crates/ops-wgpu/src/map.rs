//! Kernels that compute each element of their output by itself: over operands that broadcast to the output ([`elementwise`]),
//! or from wherever a function finds its elements ([`gather`]).

use crate::element::{self, Kind};
use crate::kernel::{Kernel, Writing, writing};
use crate::nest::Nest;
use smallvec::SmallVec;
use std::fmt::Write;
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

/// The entry's function `each` for an output `y` written from `element(i)`.
fn entry(kernel: &mut Kernel<'_>, output: &Output<'_>, writing: Writing, body: impl FnOnce() -> String) -> Result<()> {
    let numel = output.layout.numel();
    if numel == 0 {
        return Ok(());
    }
    match writing {
        Writing::Whole | Writing::Shared => {
            kernel.run_each(numel, || format!("{}\nfn each(i: u32) {{ y_put(y_at(i), element(i)); }}\n", body()))
        }
        Writing::Packed => {
            let lanes = element::lanes(output.dtype);
            kernel.size("numel_", numel).size("first_", output.layout.offset() / lanes);
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

/// Writes `f(operands…extra)` to each place of the output, `f` giving values of `kind`.
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
    let writing = writing(output);
    kernel.write("y", output, kind, writing);
    for operand in operands {
        operand.read(kernel);
    }
    declare(kernel, "nest_", &nest);
    entry(kernel, output, writing, || {
        let count = layouts.len();
        let mut text = f();
        if writing != Writing::Packed {
            text += &position("y_at", "nest_", &nest, 0, count);
        }
        let mut arguments = String::new();
        for (number, operand) in operands.iter().enumerate() {
            let name = operand.name;
            text += &position(&format!("{name}_at"), "nest_", &nest, number + 1, count);
            arguments += &format!("{}{name}({name}_at(i))", if number > 0 { ", " } else { "" });
        }
        let arguments = format!("{arguments}{extra}");
        let arguments = arguments.trim_start_matches(", ");
        text + &format!("fn element(i: u32) -> {} {{ return f({arguments}); }}\n", kind.name())
    })
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
    entry(kernel, output, writing, || {
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
