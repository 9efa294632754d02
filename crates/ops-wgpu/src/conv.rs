//! Convolutions and their gradients, all three as one product of matrices of which the right one is read from an image on the
//! way: the convolution (weight times image), the input's gradient (weight times gradient) and the weight's (gradient times
//! image). A tile of 4096 results is a group's, 64 by 64 or lower where there are few rows; few results of long sums are cut into
//! parts. Groups of few channels, for which tiles would stay empty, compute each result by itself.

use crate::convert;
use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel, Writing};
use crate::map::{self, Argument, Places};
use crate::memory::Block;
use storage::{DType, Source, Target};
use tensor_core::op::Conv;
use tensor_core::op::conv::Window;
use tensor_core::{Input, Layout, Output, Result};

/// Rows times columns of a tile.
const TILE: usize = 4096;
/// Rows below which tiles would be all but empty.
const FEW_ROWS: usize = 8;
/// Groups that keep a large device busy.
const WANTED: usize = 512;
/// Products of a sum that are worth a part of their own.
const PART: usize = 256;

/// A convolution's sizes. Missing spatial dimensions stand in front and have size one.
struct Geometry {
    batch: usize,
    groups: usize,
    /// Channels per group, of input and output.
    ins: usize,
    outs: usize,
    input: [usize; 3],
    output: [usize; 3],
    taps: [usize; 3],
    stride: [usize; 3],
    padding: [usize; 3],
    dilation: [usize; 3],
}

fn volume(sizes: [usize; 3]) -> usize {
    sizes.iter().product()
}

impl Geometry {
    /// From the shapes of input `[n, c, …]`, output and weight.
    fn new(window: &Window, x: &[usize], y: &[usize], weight: &[usize]) -> Geometry {
        let rank = x.len() - 2;
        let spatial = |sizes: &[usize]| std::array::from_fn(|i| if i + rank < 3 { 1 } else { sizes[i + rank - 1] });
        let of = |values: [u16; 3], missing: usize| {
            std::array::from_fn(|i| if i + rank < 3 { missing } else { usize::from(values[i + rank - 3]) })
        };
        let groups = window.groups as usize;
        Geometry {
            batch: x[0],
            groups,
            ins: weight[1],
            outs: weight[0] / groups,
            input: spatial(x),
            output: spatial(y),
            taps: spatial(weight),
            stride: of(window.stride, 1),
            padding: of(window.padding, 0),
            dilation: of(window.dilation, 1),
        }
    }
}

/// The product behind a convolution: for each group of channels `rows` by `columns` sums of `outer` · `inner` products.
struct Product {
    rows: usize,
    columns: usize,
    outer: usize,
    inner: [usize; 3],
    /// Where a group's left matrix begins, and from one of its rows to the next.
    left_group: usize,
    left_row: usize,
    /// From one of the outer numbers to the next, in the left matrix.
    left_outer: usize,
    /// Columns of one image in the result; all columns of the weight's gradient.
    plane: usize,
}

impl Product {
    fn new(op: Conv, g: &Geometry) -> Product {
        let (taps, input, output) = (volume(g.taps), volume(g.input), volume(g.output));
        match op {
            Conv::Forward(_) => Product {
                rows: g.outs,
                columns: g.batch * output,
                outer: g.ins,
                inner: g.taps,
                left_group: g.outs * g.ins * taps,
                left_row: g.ins * taps,
                left_outer: taps,
                plane: output,
            },
            Conv::Input(_) => Product {
                rows: g.ins,
                columns: g.batch * input,
                outer: g.outs,
                inner: g.taps,
                left_group: g.outs * g.ins * taps,
                left_row: taps,
                left_outer: g.ins * taps,
                plane: input,
            },
            Conv::Weight(_) => Product {
                rows: g.outs,
                columns: g.ins * taps,
                outer: g.batch,
                inner: g.output,
                left_group: g.outs * output,
                left_row: output,
                left_outer: g.groups * g.outs * output,
                plane: g.ins * taps,
            },
        }
    }

    fn depth(&self) -> usize {
        self.outer * volume(self.inner)
    }
}

/// Computes a convolution or a gradient of one.
pub(crate) fn run(gpu: &Gpu, op: Conv, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let shape = |i: usize| &inputs[i].layout.shape()[..];
    let (geometry, left, right) = match &op {
        Conv::Forward(window) => (Geometry::new(window, shape(0), output.layout.shape(), shape(1)), 1, 0),
        Conv::Input(window) => (Geometry::new(window, output.layout.shape(), shape(0), shape(1)), 1, 0),
        Conv::Weight(window) => (Geometry::new(window, shape(0), shape(1), output.layout.shape()), 1, 0),
    };
    let (mut blocks, mut layouts) =
        ([None, None], [Layout::contiguous(shape(0).into()), Layout::contiguous(shape(1).into())]);
    for (i, block) in blocks.iter_mut().enumerate() {
        *block = row_major(gpu, &inputs[i], &layouts[i])?;
        if block.is_none() {
            layouts[i] = inputs[i].layout.clone();
        }
    }
    let operand = |i: usize| Input {
        source: blocks[i].as_ref().map_or(inputs[i].source, |block| Some(Source::Device(block))),
        layout: &layouts[i],
        dtype: inputs[i].dtype,
    };
    let product = Product::new(op, &geometry);
    let kind = Kind::of(compute);
    let job = Job { gpu, op, geometry: &geometry, product: &product, kind };
    let operands = [operand(left), operand(right)];
    if product.rows < FEW_ROWS {
        job.one_by_one(operands, inputs.get(2), output)
    } else {
        job.tiles(operands, inputs.get(2), output)
    }
}

/// A row-major copy of an operand that is not.
fn row_major(gpu: &Gpu, x: &Input<'_>, layout: &Layout) -> Result<Option<Block>> {
    if x.layout.is_contiguous() {
        return Ok(None);
    }
    let block = gpu.block(layout.numel() * x.dtype.size())?;
    convert::copy(gpu, x, &Output { target: Target::Device(&block), layout, dtype: x.dtype })?;
    Ok(Some(block))
}

struct Job<'a> {
    gpu: &'a Gpu,
    op: Conv,
    geometry: &'a Geometry,
    product: &'a Product,
    kind: Kind,
}

impl Job<'_> {
    /// Declares sizes and gives the functions that find elements of the right matrix.
    fn declare(&self, kernel: &mut Kernel<'_>) -> String {
        let (g, p) = (self.geometry, self.product);
        for (name, list) in [
            ("input_size", g.input),
            ("output_size", g.output),
            ("taps", g.taps),
            ("stride", g.stride),
            ("padding", g.padding),
            ("dilation", g.dilation),
            ("inner", p.inner),
        ] {
            kernel.list(name, list);
        }
        for (name, size) in [
            ("groups_", g.groups),
            ("ins", g.ins),
            ("outs", g.outs),
            ("rows", p.rows),
            ("columns", p.columns),
            ("outer", p.outer),
            ("left_group", p.left_group),
            ("left_row", p.left_row),
            ("left_outer", p.left_outer),
            ("plane", p.plane),
        ] {
            kernel.size(name, size);
        }
        // Two dimensions need not look at the third, and gradients without strides need not divide.
        let flat = g.input[0] == 1 && g.taps[0] == 1 && g.output[0] == 1 && g.padding[0] == 0;
        let strided = g.stride != [1; 3];
        let (number, body) = match self.op {
            Conv::Forward(_) => (0, include_str!("../shaders/conv_forward.wgsl")),
            Conv::Input(_) => (1, include_str!("../shaders/conv_input.wgsl")),
            Conv::Weight(_) => (2, include_str!("../shaders/conv_weight.wgsl")),
        };
        kernel.variant(number).variant(u32::from(flat) + 2 * u32::from(strided));
        format!(
            "alias T = {};\nconst FLAT = {flat};\nconst STRIDED = {strided};\nvar<private> channels: u32;\n{body}{}",
            self.kind.name(),
            include_str!("../shaders/conv.wgsl")
        )
    }

    /// Each result by an invocation of its own.
    fn one_by_one(&self, [left, right]: [Input<'_>; 2], bias: Option<&Input<'_>>, output: &Output<'_>) -> Result<()> {
        let mut kernel = Kernel::new(self.gpu, "conv_each");
        let text = self.declare(&mut kernel);
        kernel.variant(u32::from(bias.is_some()));
        let mut operands = vec![Argument::new("a", &left, self.kind), Argument::new("x", &right, self.kind)];
        operands.extend(bias.map(|bias| Argument::new("bias", bias, self.kind)));
        map::gather(&mut kernel, &operands, output, self.kind, || {
            text + &bias_text(bias.is_some()) + include_str!("../shaders/conv_each.wgsl")
        })
    }

    /// Results in tiles; the sums in parts where there are few tiles.
    fn tiles(&self, [left, right]: [Input<'_>; 2], bias: Option<&Input<'_>>, output: &Output<'_>) -> Result<()> {
        let (p, kind) = (self.product, self.kind);
        let narrow = matches!(kind, Kind::F32 | Kind::I32);
        // Invocations side by side, of four columns each; wider tiles of wide types have no room.
        let across: usize = match p.rows {
            0..=16 if narrow => 64,
            0..=32 => 32,
            _ => 16,
        };
        let tiles = [p.columns.div_ceil(4 * across), p.rows.div_ceil(TILE / (4 * across))];
        let all = tiles[0] * tiles[1] * self.geometry.groups;
        // Products that are loaded at once.
        let depth = if narrow && across < 64 { 16 } else { 8 };
        let parts = (WANTED / all).min(p.depth() / PART).max(1);
        let part = p.depth().div_ceil(parts).next_multiple_of(depth).max(1);
        let parts = p.depth().div_ceil(part).max(1);
        let numel = output.layout.numel();
        let dtype = match kind {
            Kind::F32 => DType::F32,
            Kind::I32 => DType::I32,
            Kind::I64 => DType::I64,
            Kind::F64 => DType::F64,
        };
        // Elements that share a word are written faster by a kernel that writes words.
        let apart = parts > 1 || element::lanes(output.dtype) > 1;
        let sums = if apart { Some(self.gpu.block(parts * numel * dtype.size())?) } else { None };
        let mut kernel = Kernel::new(self.gpu, "conv_tiles");
        let text = self.declare(&mut kernel);
        kernel.list("tiles", tiles).size("part", part).size("parts", parts).size("numel", numel);
        kernel.variant(u32::from(bias.is_some())).variant(u32::from(apart)).variant(across as u32);
        let to = match &sums {
            Some(sums) => {
                kernel.write_own("y", sums, dtype, kind);
                None
            }
            None => {
                kernel.write("y", output, kind, Writing::Whole);
                Some(Places::declare(&mut kernel, "y", output.layout))
            }
        };
        kernel.read("a", &left, kind).read("x", &right, kind);
        let mut places =
            vec![Places::declare(&mut kernel, "a", left.layout), Places::declare(&mut kernel, "x", right.layout)];
        let own_bias = bias.filter(|_| !apart);
        if let Some(bias) = own_bias {
            kernel.read("bias", bias, kind);
            places.push(Places::declare(&mut kernel, "bias", bias.layout));
        }
        let by_rows = matches!(self.op, Conv::Weight(_));
        kernel.run(kernel::spread(all * parts), || {
            let places: String = to.iter().chain(&places).map(Places::text).collect();
            let put = match to {
                Some(_) => "y_put(y_at(number), v + bias_of(channel));",
                None => "y_put(split * numel() + number, v);",
            };
            format!(
                "{text}{}{places}const ACROSS = {across}u;\nconst DEPTH = {depth}u;\nconst BY_ROWS = {by_rows};\n\
                 fn put(split: u32, number: u32, channel: u32, v: T) {{ {put} }}\n{}",
                bias_text(own_bias.is_some()),
                include_str!("../shaders/conv_tiles.wgsl")
            )
        })?;
        drop(kernel);
        match &sums {
            Some(sums) => self.add_up(sums, dtype, parts, bias, output),
            None => Ok(()),
        }
    }

    /// The parts' sums, in their order.
    fn add_up(
        &self,
        sums: &Block,
        dtype: DType,
        parts: usize,
        bias: Option<&Input<'_>>,
        output: &Output<'_>,
    ) -> Result<()> {
        let layout = Layout::contiguous([parts * output.layout.numel()].as_slice().into());
        let sums = Input { source: Some(Source::Device(sums)), layout: &layout, dtype };
        let mut kernel = Kernel::new(self.gpu, "conv_parts");
        kernel.size("parts", parts).size("numel", output.layout.numel()).variant(u32::from(bias.is_some()));
        kernel.size("plane", self.product.plane).size("channels", self.geometry.groups * self.product.rows);
        let mut operands = vec![Argument::new("x", &sums, self.kind)];
        operands.extend(bias.map(|bias| Argument::new("bias", bias, self.kind)));
        map::gather(&mut kernel, &operands, output, self.kind, || {
            format!(
                "alias T = {};\n{}fn element(i: u32) -> T {{\n    var sum = bias_of((i / plane()) % channels());\n    \
                 for (var k = 0u; k < parts(); k++) {{ sum += x(x_at(k * numel() + i)); }}\n    return sum;\n}}\n",
                self.kind.name(),
                bias_text(bias.is_some())
            )
        })
    }
}

fn bias_text(is_there: bool) -> String {
    let value = if is_there { "bias(bias_at(channel))" } else { "T(0)" };
    format!("fn bias_of(channel: u32) -> T {{ return {value}; }}\n")
}
