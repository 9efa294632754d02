//! Standardizing: groups of elements share a mean and a variance. A first kernel finds those of every group, others use them.
//! Inputs are row-major, as who plans the operation makes them; a gradient may lie otherwise.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::map::{self, Argument, Places};
use crate::memory::Block;
use crate::own::output_as;
use crate::rows;
use storage::{DType, Scalar};
use tensor_core::op::norm::{Over, Standard};
use tensor_core::{Dims, Input, Layout, Output, Result};

/// Which elements belong together.
#[derive(Clone, Copy)]
struct Groups {
    over: Over,
    /// How many groups there are, and how many elements each has.
    groups: usize,
    size: usize,
    channels: usize,
    /// Elements of a sample's channel.
    rest: usize,
    /// How many weights there are.
    weights: usize,
}

impl Groups {
    fn new(over: Over, shape: &[usize]) -> Groups {
        let numel: usize = shape.iter().product();
        let channels = shape.get(1).copied().unwrap_or(1);
        let rest: usize = shape.iter().skip(2).product();
        let (groups, weights) = match over {
            Over::Trailing(dims) => {
                let (lead, last) = shape.split_at(shape.len() - dims as usize);
                (lead.iter().product(), last.iter().product())
            }
            Over::Groups(groups) => (shape[0] * groups as usize, channels),
            Over::Channels => (channels, channels),
        };
        let size = numel.checked_div(groups).unwrap_or(0);
        Groups { over, groups, size, channels, rest, weights }
    }

    fn declare(&self, kernel: &mut Kernel<'_>) {
        kernel.variant(match self.over {
            Over::Trailing(_) => 0,
            Over::Groups(_) => 1,
            Over::Channels => 2,
        });
        let samples = (self.groups * self.size).checked_div(self.channels * self.rest).unwrap_or(0);
        kernel.size("groups_", self.groups).size("size", self.size).size("channels", self.channels);
        kernel.size("rest", self.rest).size("samples", samples);
    }

    /// `number(group, k)`: the element in row-major order; of an element's number i: `group_of(i)` and `weight_of(i)`;
    /// `sharing()`: how many elements share a weight; `member(j, k)`: the number of the k-th that shares weight j.
    fn text(&self) -> &'static str {
        match self.over {
            Over::Trailing(_) => {
                "
fn number(group: u32, k: u32) -> u32 { return group * size() + k; }
fn group_of(i: u32) -> u32 { return i / size(); }
fn weight_of(i: u32) -> u32 { return i % size(); }
fn sharing() -> u32 { return groups_(); }
fn member(j: u32, k: u32) -> u32 { return k * size() + j; }
"
            }
            Over::Groups(_) => {
                "
fn number(group: u32, k: u32) -> u32 { return group * size() + k; }
fn group_of(i: u32) -> u32 { return i / size(); }
fn weight_of(i: u32) -> u32 { return (i / rest()) % channels(); }
fn sharing() -> u32 { return samples() * rest(); }
fn member(j: u32, k: u32) -> u32 { return ((k / rest()) * channels() + j) * rest() + k % rest(); }
"
            }
            Over::Channels => {
                "
fn number(group: u32, k: u32) -> u32 { return ((k / rest()) * channels() + group) * rest() + k % rest(); }
fn group_of(i: u32) -> u32 { return (i / rest()) % channels(); }
fn weight_of(i: u32) -> u32 { return (i / rest()) % channels(); }
fn sharing() -> u32 { return samples() * rest(); }
fn member(j: u32, k: u32) -> u32 { return number(j, k); }
"
            }
        }
    }
}

fn own_dtype(kind: Kind) -> DType {
    if kind == Kind::F64 { DType::F64 } else { DType::F32 }
}

/// The mean and one over the deviation of every group, one behind the other.
fn statistics(gpu: &Gpu, standard: Standard, groups: &Groups, kind: Kind, x: &Input<'_>) -> Result<Block> {
    let block = gpu.block(groups.groups.max(1) * 2 * own_dtype(kind).size())?;
    let mut kernel = Kernel::new(gpu, "standard_statistics");
    groups.declare(&mut kernel);
    kernel.variant(u32::from(standard.centred)).number("eps", kind, Scalar::Float(standard.eps));
    kernel.write_own("found", &block, own_dtype(kind), kind).read("x", x, kind);
    let places = Places::declare(&mut kernel, "x", x.layout);
    let centred = standard.centred;
    rows::run_kept(gpu, &mut kernel, groups.groups, groups.size, || {
        let result =
            "if (first == 0u) { found_put(2u * o, mean); found_put(2u * o + 1u, T(1) / sqrt(variance + eps())); }";
        rows::prelude(kind) + &places.text() + groups.text() + &moments_text(centred, result)
    })?;
    drop(kernel);
    Ok(block)
}

/// The function `row` that finds a group's mean and variance, and then does `result`.
fn moments_text(centred: bool, result: &str) -> String {
    let mean = match centred {
        true => {
            "var sum = T(0);
    for (var k = first; k < size(); k += step) { sum += first_time(o, k); }
    let mean = all_sum(sum) / T(size());"
        }
        false => "let mean = T(0);",
    };
    let read = if centred { "at" } else { "first_time" };
    format!(
        "
fn element(o: u32, k: u32) -> T {{ return x(x_at(number(o, k))); }}

fn row(o: u32, first: u32, step: u32) {{
    {mean}
    var squares = T(0);
    for (var k = first; k < size(); k += step) {{
        let d = {read}(o, k) - mean;
        squares += d * d;
    }}
    let variance = all_sum(squares) / T(size());
    {result}
}}
"
    )
}

/// As [`statistics`], from the means and variances that are given.
fn given_statistics(gpu: &Gpu, standard: Standard, groups: &Groups, kind: Kind, moments: &Input<'_>) -> Result<Block> {
    let block = gpu.block(groups.groups.max(1) * 2 * own_dtype(kind).size())?;
    let mut kernel = Kernel::new(gpu, "standard_given");
    kernel.size("groups_", groups.groups).number("eps", kind, Scalar::Float(standard.eps));
    kernel.write_own("found", &block, own_dtype(kind), kind).read("x", moments, kind);
    let places = Places::declare(&mut kernel, "x", moments.layout);
    kernel.run_each(groups.groups, || {
        rows::prelude(kind)
            + &places.text()
            + "
fn each(o: u32) {
    found_put(2u * o, x(x_at(o)));
    found_put(2u * o + 1u, T(1) / sqrt(x(x_at(groups_() + o)) + eps()));
}
"
    })?;
    drop(kernel);
    Ok(block)
}

/// The statistics of x's groups, from what is at hand.
fn of_groups(
    gpu: &Gpu,
    standard: Standard,
    groups: &Groups,
    kind: Kind,
    x: &Input<'_>,
    moments: Option<&Input<'_>>,
) -> Result<Block> {
    match moments.filter(|_| standard.given) {
        Some(moments) => given_statistics(gpu, standard, groups, kind, moments),
        None => statistics(gpu, standard, groups, kind, x),
    }
}

/// Mean, variance and result in one kernel: for groups that find room in a workgroup, each element is read once.
fn at_once(
    gpu: &Gpu,
    standard: Standard,
    groups: &Groups,
    kind: Kind,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let (x, weight, bias) = (&inputs[0], inputs.get(1), inputs.get(2));
    let writing = if crate::element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    let mut kernel = Kernel::new(gpu, "standard_at_once");
    groups.declare(&mut kernel);
    kernel.variant(u32::from(standard.centred)).number("eps", kind, Scalar::Float(standard.eps));
    kernel.write("y", output, kind, writing).read("x", x, kind);
    let mut places =
        vec![Places::declare(&mut kernel, "x", x.layout), Places::declare(&mut kernel, "y", output.layout)];
    for (name, operand) in [("weight", weight), ("bias", bias)] {
        if let Some(operand) = operand {
            kernel.read(name, operand, kind);
            places.push(Places::declare(&mut kernel, name, operand.layout));
        }
    }
    let (weighted, biased) = (weight.is_some(), bias.is_some());
    rows::run_kept(gpu, &mut kernel, groups.groups, groups.size, || {
        let factor = if weighted { " * weight(weight_at(weight_of(i)))" } else { "" };
        let summand = if biased { " + bias(bias_at(weight_of(i)))" } else { "" };
        let result = format!(
            "let scale = T(1) / sqrt(variance + eps());
    for (var k = first; k < size(); k += step) {{
        let i = number(o, k);
        y_put(y_at(i), (at(o, k) - mean) * scale{factor}{summand});
    }}"
        );
        rows::prelude(kind)
            + &places.iter().map(Places::text).collect::<String>()
            + groups.text()
            + &moments_text(standard.centred, &result)
    })
}

pub(super) fn forward(
    gpu: &Gpu,
    standard: Standard,
    kind: Kind,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let x = &inputs[0];
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let groups = Groups::new(standard.over, x.layout.shape());
    if !standard.given && !matches!(standard.over, Over::Channels) {
        return at_once(gpu, standard, &groups, kind, inputs, output);
    }
    let found = of_groups(gpu, standard, &groups, kind, x, inputs.last())?;
    let rest = &inputs[1..inputs.len() - usize::from(standard.given)];
    let (weight, bias) = (rest.first(), rest.get(1));
    let mut kernel = Kernel::new(gpu, "standard");
    groups.declare(&mut kernel);
    kernel.read_own("found", &found, own_dtype(kind), kind);
    let mut operands = vec![Argument::new("x", x, kind)];
    operands.extend(weight.map(|weight| Argument::new("weight", weight, kind)));
    operands.extend(bias.map(|bias| Argument::new("bias", bias, kind)));
    map::gather(&mut kernel, &operands, output, kind, || {
        let factor = if weight.is_some() { " * weight(weight_at(weight_of(i)))" } else { "" };
        let summand = if bias.is_some() { " + bias(bias_at(weight_of(i)))" } else { "" };
        format!(
            "alias T = {};\n{}\nfn element(i: u32) -> T {{\n    let group = group_of(i);\n    \
             return (x(x_at(i)) - found(2u * group)) * found(2u * group + 1u){factor}{summand};\n}}\n",
            kind.name(),
            groups.text()
        )
    })
}

/// The sums over every group of the weighted gradient, and of that times the standardized element.
fn pulls(
    gpu: &Gpu,
    groups: &Groups,
    kind: Kind,
    (g, x, weight): (&Input<'_>, &Input<'_>, Option<&Input<'_>>),
    found: &Block,
) -> Result<Block> {
    let block = gpu.block(groups.groups.max(1) * 2 * own_dtype(kind).size())?;
    let mut kernel = Kernel::new(gpu, "standard_pulls");
    groups.declare(&mut kernel);
    kernel.write_own("pulls", &block, own_dtype(kind), kind).read("x", x, kind).read("g", g, kind);
    kernel.read_own("found", found, own_dtype(kind), kind);
    let mut places = vec![Places::declare(&mut kernel, "x", x.layout), Places::declare(&mut kernel, "g", g.layout)];
    if let Some(weight) = weight {
        kernel.read("weight", weight, kind);
        places.push(Places::declare(&mut kernel, "weight", weight.layout));
    }
    rows::run(gpu, &mut kernel, groups.groups, groups.size, || {
        let factor = if weight.is_some() { " * weight(weight_at(weight_of(i)))" } else { "" };
        rows::prelude(kind)
            + &places.iter().map(Places::text).collect::<String>()
            + groups.text()
            + &format!(
                "
fn row(o: u32, first: u32, step: u32) {{
    let mean = found(2u * o);
    let scale = found(2u * o + 1u);
    var plain = T(0);
    var turned = T(0);
    for (var k = first; k < size(); k += step) {{
        let i = number(o, k);
        let pull = g(g_at(i)){factor};
        plain += pull;
        turned += pull * (x(x_at(i)) - mean) * scale;
    }}
    plain = all_sum(plain);
    turned = all_sum(turned);
    if (first == 0u) {{
        pulls_put(2u * o, plain / T(size()));
        pulls_put(2u * o + 1u, turned / T(size()));
    }}
}}
"
            )
    })?;
    drop(kernel);
    Ok(block)
}

/// The gradient of x, written to `output`.
fn input_gradient(
    gpu: &Gpu,
    standard: Standard,
    groups: &Groups,
    kind: Kind,
    (g, x, weight): (&Input<'_>, &Input<'_>, Option<&Input<'_>>),
    found: &Block,
    output: &Output<'_>,
) -> Result<()> {
    let pulls = pulls(gpu, groups, kind, (g, x, weight), found)?;
    let mut kernel = Kernel::new(gpu, "standard_input");
    groups.declare(&mut kernel);
    kernel.variant(u32::from(standard.centred));
    kernel.read_own("found", found, own_dtype(kind), kind).read_own("pulls", &pulls, own_dtype(kind), kind);
    let mut operands = vec![Argument::new("x", x, kind), Argument::new("g", g, kind)];
    operands.extend(weight.map(|weight| Argument::new("weight", weight, kind)));
    map::gather(&mut kernel, &operands, output, kind, || {
        let factor = if weight.is_some() { " * weight(weight_at(weight_of(i)))" } else { "" };
        let plain = if standard.centred { " - pulls(2u * group)" } else { "" };
        format!(
            "alias T = {};\n{}\nfn element(i: u32) -> T {{\n    let group = group_of(i);\n    let scale = found(2u * group + 1u);\n    \
             let turned = (x(x_at(i)) - found(2u * group)) * scale;\n    \
             return scale * (g(g_at(i)){factor}{plain} - turned * pulls(2u * group + 1u));\n}}\n",
            kind.name(),
            groups.text()
        )
    })
}

/// The gradients of the weight and, behind it, of the bias if `biased`, written to `output`.
fn weight_gradient(
    gpu: &Gpu,
    groups: &Groups,
    kind: Kind,
    (g, x): (&Input<'_>, &Input<'_>),
    found: &Block,
    biased: bool,
    output: &Output<'_>,
) -> Result<()> {
    let mut kernel = Kernel::new(gpu, "standard_weight");
    groups.declare(&mut kernel);
    kernel.variant(u32::from(biased)).size("weights", groups.weights);
    let writing = if crate::element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    kernel.write("y", output, kind, writing).read("x", x, kind).read("g", g, kind);
    kernel.read_own("found", found, own_dtype(kind), kind);
    let places = [
        Places::declare(&mut kernel, "x", x.layout),
        Places::declare(&mut kernel, "g", g.layout),
        Places::declare(&mut kernel, "y", output.layout),
    ];
    let sharing = (groups.groups * groups.size).checked_div(groups.weights).unwrap_or(0);
    rows::run(gpu, &mut kernel, groups.weights, sharing, || {
        let bias = if biased { "y_put(y_at(weights() + o), plain);" } else { "" };
        rows::prelude(kind)
            + &places.map(|places| places.text()).concat()
            + groups.text()
            + &format!(
                "
fn row(o: u32, first: u32, step: u32) {{
    var plain = T(0);
    var turned = T(0);
    for (var k = first; k < sharing(); k += step) {{
        let i = member(o, k);
        let group = group_of(i);
        let pull = g(g_at(i));
        plain += pull;
        turned += pull * (x(x_at(i)) - found(2u * group)) * found(2u * group + 1u);
    }}
    plain = all_sum(plain);
    turned = all_sum(turned);
    if (first == 0u) {{
        y_put(y_at(o), turned);
        {bias}
    }}
}}
"
            )
    })
}

pub(super) fn input(
    gpu: &Gpu,
    standard: Standard,
    kind: Kind,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let (g, x, weight) = (&inputs[0], &inputs[1], inputs.get(2));
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let groups = Groups::new(standard.over, x.layout.shape());
    let found = statistics(gpu, standard, &groups, kind, x)?;
    input_gradient(gpu, standard, &groups, kind, (g, x, weight), &found, output)
}

pub(super) fn weight(
    gpu: &Gpu,
    standard: Standard,
    kind: Kind,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let (g, x) = (&inputs[0], &inputs[1]);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let groups = Groups::new(standard.over, x.layout.shape());
    let found = statistics(gpu, standard, &groups, kind, x)?;
    weight_gradient(gpu, &groups, kind, (g, x), &found, false, output)
}

/// The gradients of x, of the weight and of the bias, one behind the other.
pub(super) fn all(gpu: &Gpu, standard: Standard, kind: Kind, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let (g, x, weight) = (&inputs[0], &inputs[1], &inputs[2]);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let groups = Groups::new(standard.over, x.layout.shape());
    let found = of_groups(gpu, standard, &groups, kind, x, inputs.get(3))?;
    let numel = x.layout.numel();
    let offset = output.layout.offset();
    let part = |shape: &[usize], at: usize| {
        let plain = Layout::contiguous(Dims::from(shape));
        Layout::strided(plain.shape().clone(), plain.strides().clone(), at)
    };
    let weights = part(&[2 * groups.weights], offset + numel);
    let shape: &[usize] = x.layout.shape();
    let x_part = part(shape, offset);
    if numel > 0 {
        let target = output_as(output, &x_part);
        input_gradient(gpu, standard, &groups, kind, (g, x, Some(weight)), &found, &target)?;
    }
    weight_gradient(gpu, &groups, kind, (g, x), &found, true, &output_as(output, &weights))
}

/// The mean and the variance of each channel, as two rows.
pub(super) fn moments(gpu: &Gpu, kind: Kind, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let groups = Groups::new(Over::Channels, x.layout.shape());
    let mut kernel = Kernel::new(gpu, "moments");
    groups.declare(&mut kernel);
    kernel.write("y", output, kind, Writing::Whole).read("x", x, kind);
    let places = [Places::declare(&mut kernel, "x", x.layout), Places::declare(&mut kernel, "y", output.layout)];
    rows::run_kept(gpu, &mut kernel, groups.groups, groups.size, || {
        let result = "if (first == 0u) { y_put(y_at(o), mean); y_put(y_at(groups_() + o), variance); }";
        rows::prelude(kind) + &places.map(|places| places.text()).concat() + groups.text() + &moments_text(true, result)
    })
}
