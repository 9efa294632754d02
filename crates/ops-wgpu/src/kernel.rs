//! One dispatch in the making: its parameters and operands by name, from which the head of its shader is written when it runs
//! for the first time. Shapes are parameters, so that they never make a new shader; what does is in the key.
//!
//! In a shader an operand `x` is a function `x(i: u32)` that gives the element at position i of its storage, in the kind
//! that the kernel computes in; the output is `put(i: u32, v)`. Both can be seen in quads, too ([`View`]). A number `n` is a function `n()`, a list a function of its index.

use crate::element::{self, Kind, View};
use crate::gpu::Gpu;
use crate::parts::Window;
use smallvec::SmallVec;
use std::fmt::Write;
use storage::{DType, Scalar, Source, Target};
use tensor_core::{Error, ErrorKind, Input, Layout, Output, Result};

/// Words of parameters that a kernel has room for.
pub(crate) const WORDS: usize = 64;
/// Invocations of a workgroup: every adapter allows as many.
pub(crate) const GROUP: usize = 256;
/// The dimension of a position that is none of a tensor's but a class.
pub(crate) const NO_DIM: u32 = u32::MAX;
/// Groups along one dimension of a dispatch: the limit of every adapter.
const GROUPS: usize = 65535;

/// What makes a shader another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The kernel's name.
    pub(crate) name: &'static str,
    /// Whatever else its text depends on.
    pub(crate) variant: SmallVec<[u32; 4]>,
    /// Dtypes of operands, and how they are reached.
    operands: SmallVec<[u8; 12]>,
}

#[derive(Clone, Copy)]
enum Parameter {
    Word,
    Int,
    Number(Kind),
    List,
}

#[derive(Clone)]
struct Operand<'a> {
    name: &'static str,
    dtype: DType,
    kind: Kind,
    /// `None`: the output's.
    buffer: Option<&'a wgpu::Buffer>,
    /// Whether its numbers are positions: those too large for `kind` stay too large.
    positions: bool,
    /// The part of the buffer that is bound, if not all of it.
    window: Option<Window>,
    view: View,
}

impl<'a> Operand<'a> {
    fn binding(&self) -> Option<wgpu::BufferBinding<'a>> {
        let (offset, bytes) = self.window.unwrap_or((0, self.buffer?.size()));
        Some(wgpu::BufferBinding { buffer: self.buffer?, offset, size: std::num::NonZeroU64::new(bytes) })
    }
}

/// How a kernel writes its output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// An element has a word, or two.
    Whole,
    /// One invocation writes all elements of a word.
    Packed,
    /// Several invocations may write one word, bit by bit.
    Shared,
}

#[derive(Clone)]
pub(crate) struct Kernel<'a> {
    gpu: &'a Gpu,
    key: Key,
    /// What the shader needs of the language beyond what every adapter has.
    directives: &'static str,
    words: SmallVec<[u32; WORDS]>,
    names: SmallVec<[(&'static str, Parameter, usize); 16]>,
    reads: SmallVec<[Operand<'a>; 4]>,
    writes: SmallVec<[(Operand<'a>, Writing); 2]>,
    faults: bool,
    by_functions: bool,
}

/// The buffer behind a device's memory.
pub(crate) fn buffer(memory: &(dyn std::any::Any + Send + Sync)) -> &wgpu::Buffer {
    &memory.downcast_ref::<crate::memory::Block>().expect("memory of a GPU").buffer
}

impl<'a> Kernel<'a> {
    pub(crate) fn new(gpu: &'a Gpu, name: &'static str) -> Kernel<'a> {
        let key = Key { name, variant: SmallVec::new(), operands: SmallVec::new() };
        let (words, names) = (SmallVec::new(), SmallVec::new());
        Kernel {
            gpu,
            key,
            directives: "",
            words,
            names,
            reads: SmallVec::new(),
            writes: SmallVec::new(),
            faults: false,
            by_functions: false,
        }
    }

    /// Something that the shader's text depends on.
    pub(crate) fn variant(&mut self, what: u32) -> &mut Self {
        self.key.variant.push(what);
        self
    }

    /// A whole number without sign.
    pub(crate) fn size(&mut self, name: &'static str, value: usize) -> &mut Self {
        self.names.push((name, Parameter::Word, self.words.len()));
        self.words.push(value as u32);
        self
    }

    /// A whole number.
    pub(crate) fn int(&mut self, name: &'static str, value: i64) -> &mut Self {
        self.names.push((name, Parameter::Int, self.words.len()));
        self.words.push(value as i32 as u32);
        self
    }

    /// A number of the kind that is computed in.
    pub(crate) fn number(&mut self, name: &'static str, kind: Kind, value: Scalar) -> &mut Self {
        self.names.push((name, Parameter::Number(kind), self.words.len()));
        self.words.extend(kind.words(value));
        self
    }

    /// Several whole numbers. How many is part of the key: it moves all parameters behind.
    pub(crate) fn list(&mut self, name: &'static str, values: impl IntoIterator<Item = usize>) -> &mut Self {
        self.names.push((name, Parameter::List, self.words.len()));
        let before = self.words.len();
        self.words.extend(values.into_iter().map(|value| value as u32));
        // What stands behind a list is found by its length.
        self.key.variant.push((self.words.len() - before) as u32);
        self
    }

    /// An operand to read, in `kind`.
    pub(crate) fn read(&mut self, name: &'static str, input: &Input<'a>, kind: Kind) -> &mut Self {
        let buffer = match input.source {
            Some(Source::Device(memory)) => Some(buffer(memory)),
            Some(Source::Host(_)) => unreachable!("operands of one operation are on one device"),
            None => None,
        };
        self.read_buffer(name, buffer, input.dtype, kind)
    }

    fn read_buffer(
        &mut self,
        name: &'static str,
        buffer: Option<&'a wgpu::Buffer>,
        dtype: DType,
        kind: Kind,
    ) -> &mut Self {
        self.key.operands.extend([dtype as u8, kind as u8, u8::from(buffer.is_some())]);
        self.reads.push(Operand { name, dtype, kind, buffer, positions: false, window: None, view: View::Elements });
        self
    }

    /// An operand to read whose numbers are positions, labels or sizes.
    pub(crate) fn read_positions(&mut self, name: &'static str, input: &Input<'a>) -> &mut Self {
        self.read(name, input, Kind::I32);
        self.reads.last_mut().expect("what was just declared").positions = true;
        self.key.operands.push(u8::MAX);
        self
    }

    /// An operand to read from memory that the operation made for itself.
    pub(crate) fn read_own(
        &mut self,
        name: &'static str,
        own: &'a crate::memory::Block,
        dtype: DType,
        kind: Kind,
    ) -> &mut Self {
        self.read_buffer(name, Some(&own.buffer), dtype, kind)
    }

    /// The operand to write, from values in `kind`.
    pub(crate) fn write(&mut self, name: &'static str, output: &Output<'a>, kind: Kind, writing: Writing) -> &mut Self {
        let memory = match &output.target {
            Target::Device(memory) => buffer(*memory),
            Target::Host(_) => unreachable!("operands of one operation are on one device"),
        };
        self.write_buffer(name, memory, output.dtype, kind, writing)
    }

    /// Memory that the operation made for itself, to write.
    pub(crate) fn write_own(
        &mut self,
        name: &'static str,
        own: &'a crate::memory::Block,
        dtype: DType,
        kind: Kind,
    ) -> &mut Self {
        self.write_buffer(name, &own.buffer, dtype, kind, Writing::Whole)
    }

    /// Memory of whole numbers that the operation made for itself, which several invocations may change at once.
    pub(crate) fn write_shared(&mut self, name: &'static str, own: &'a crate::memory::Block) -> &mut Self {
        self.write_buffer(name, &own.buffer, DType::I32, Kind::I32, Writing::Shared)
    }

    fn write_buffer(
        &mut self,
        name: &'static str,
        buffer: &'a wgpu::Buffer,
        dtype: DType,
        kind: Kind,
        writing: Writing,
    ) -> &mut Self {
        self.key.operands.extend([dtype as u8, kind as u8, 2 + writing as u8]);
        self.writes.push((
            Operand { name, dtype, kind, buffer: Some(buffer), positions: false, window: None, view: View::Elements },
            writing,
        ));
        self
    }

    /// Whether all values have 32 bits.
    pub(crate) fn is_narrow(&self) -> bool {
        let all = self.reads.iter().chain(self.writes.iter().map(|write| &write.0));
        all.map(|operand| operand.kind).all(|kind| matches!(kind, Kind::F32 | Kind::I32))
    }

    /// The kernel may find positions that are none, and tells with `fault(position, size, dimension)`.
    pub(crate) fn faults(&mut self) -> &mut Self {
        self.faults = true;
        self
    }

    /// The text treats whole numbers of 64 bits by the functions of `long.wgsl` alone, or does nothing with them but move them:
    /// it also fits adapters on which they are two words.
    pub(crate) fn by_functions(&mut self) -> &mut Self {
        self.by_functions = true;
        self
    }

    /// Of the operand to read that was declared last, a part is bound.
    pub(crate) fn read_within(&mut self, window: Window) {
        self.reads.last_mut().expect("an operand").window = Some(window);
    }

    /// Of the operand to write that was declared last, a part is bound.
    pub(crate) fn write_within(&mut self, window: Window) {
        self.writes.last_mut().expect("an operand").0.window = Some(window);
    }

    /// The operand to read that was declared last is seen in that way.
    pub(crate) fn read_as(&mut self, view: View) -> &mut Self {
        self.reads.last_mut().expect("an operand").view = view;
        self.key.operands.push(0x80 + view as u8);
        self
    }

    /// The operand to write that was declared last is seen in that way; in quads nobody else may write words of theirs.
    pub(crate) fn write_as(&mut self, view: View) -> &mut Self {
        self.writes.last_mut().expect("an operand").0.view = view;
        self.key.operands.push(0x80 + view as u8);
        self
    }

    /// Parts of the language that have to be enabled, which the name tells.
    #[cfg(feature = "cooperative")]
    pub(crate) fn enable(&mut self, directives: &'static str) -> &mut Self {
        self.directives = directives;
        self
    }

    pub(crate) fn gpu(&self) -> &'a Gpu {
        self.gpu
    }

    /// Runs `body`, which has the entry point `main`, in so many groups.
    pub(crate) fn run(&mut self, groups: [usize; 3], body: impl FnOnce() -> String) -> Result<()> {
        if self.words.len() > WORDS {
            let text =
                format!("{}: tensors of that many dimensions are not supported on {}", self.key.name, self.gpu.name());
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        if groups.contains(&0) {
            return Ok(());
        }
        let buffers: SmallVec<[wgpu::BufferBinding<'_>; 8]> =
            self.writes.iter().map(|(operand, _)| operand).chain(&self.reads).filter_map(Operand::binding).collect();
        let dtypes = self.reads.iter().chain(self.writes.iter().map(|write| &write.0)).map(|operand| operand.dtype);
        let kinds = self.reads.iter().chain(self.writes.iter().map(|write| &write.0)).map(|operand| operand.kind);
        self.gpu.check_dtypes(self.key.name, self.by_functions, dtypes, kinds)?;
        self.gpu.check_bindable(&buffers)?;
        let reads = self.reads.iter().filter(|operand| operand.buffer.is_some()).count();
        let shape = crate::pipeline::Shape { writes: self.writes.len(), reads, faults: self.faults };
        let entry = self.gpu.pipeline(&self.key, shape, || format!("{}{}", self.head(), body()))?;
        self.gpu.dispatch(&entry, &buffers, self.faults, &self.words, groups.map(|n| n as u32))
    }

    /// Runs `body` once for each of `count` things, told by number in `main`'s first line.
    pub(crate) fn run_each(&mut self, count: usize, body: impl FnOnce() -> String) -> Result<()> {
        self.size("count_", count);
        self.run(spread(count.div_ceil(GROUP)), || format!("{}\n{EACH}", body()))
    }

    /// Declarations of parameters and operands.
    fn head(&self) -> String {
        let mut text = self.directives.to_string();
        text += "@group(0) @binding(0) var<uniform> params_: array<vec4<u32>, 16>;\n";
        let operands = || self.reads.iter().chain(self.writes.iter().map(|write| &write.0));
        let is_long = |operand: &Operand<'_>| operand.kind == Kind::I64 || operand.dtype == DType::I64;
        if operands().any(is_long) {
            text += crate::long::library(self.gpu);
        }
        let word = |i: usize| format!("params_[{}].{}", i / 4, ["x", "y", "z", "w"][i % 4]);
        for (name, parameter, at) in &self.names {
            _ = match parameter {
                Parameter::Word => writeln!(text, "fn {name}() -> u32 {{ return {}; }}", word(*at)),
                Parameter::Int => writeln!(text, "fn {name}() -> i32 {{ return bitcast<i32>({}); }}", word(*at)),
                Parameter::Number(kind) => {
                    let (low, high) = (word(*at), word(at + 1));
                    let bits = match kind {
                        Kind::F32 | Kind::I32 => low,
                        Kind::I64 if !self.gpu.info().int64 => format!("vec2<u32>({low}, {high})"),
                        Kind::I64 | Kind::F64 => format!("(u64({low}) | (u64({high}) << 32u))"),
                    };
                    writeln!(text, "fn {name}() -> {k} {{ return bitcast<{k}>({bits}); }}", k = kind.name())
                }
                Parameter::List => {
                    writeln!(text, "fn {name}(i: u32) -> u32 {{ let j = {at}u + i; return params_[j >> 2u][j & 3u]; }}")
                }
            };
        }
        let halves = |dtype: DType| matches!(dtype, DType::F16 | DType::BF16);
        if operands().any(|operand| halves(operand.dtype)) {
            text += element::HALVES;
        }
        let mut binding = 1;
        for (Operand { name, dtype, kind, view, .. }, writing) in &self.writes {
            let item = view.item(*dtype);
            let element = if *writing == Writing::Shared { format!("atomic<{item}>") } else { item };
            _ = writeln!(text, "@group(0) @binding({binding}) var<storage, read_write> {name}_: array<{element}>;");
            binding += 1;
            if *view != View::Elements {
                text += &element::quad_writer(name, *dtype, *kind);
                continue;
            }
            let (lanes, encoded) = (element::lanes(*dtype), element::encode(*dtype, *kind));
            let fetch = |at: &str| match writing {
                Writing::Shared => format!("atomicLoad(&{name}_[{at}])"),
                Writing::Whole | Writing::Packed => format!("{name}_[{at}]"),
            };
            let value = element::cast(&element::decode(*dtype, fetch), Kind::of(*dtype), *kind);
            _ = writeln!(text, "fn {name}_get(i: u32) -> {} {{ return {value}; }}", kind.name());
            let kind = kind.name();
            _ = match writing {
                Writing::Whole => {
                    writeln!(text, "fn {name}_put(i: u32, v: {kind}) {{ {name}_[i] = {encoded}; }}")
                }
                Writing::Packed => writeln!(text, "fn {name}_bits(v: {kind}) -> u32 {{ return {encoded}; }}"),
                // Words that are changed as a whole are so by name.
                Writing::Shared if lanes == 1 => Ok(()),
                Writing::Shared => {
                    let bits = 32 / lanes;
                    let (shift, mask) = (format!("(i % {lanes}u) * {bits}u"), (1u64 << bits) - 1);
                    writeln!(
                        text,
                        "fn {name}_put(i: u32, v: {kind}) {{\n    let s = {shift};\n    let w = i / {lanes}u;\n    \
                         atomicAnd(&{name}_[w], ~({mask}u << s));\n    atomicOr(&{name}_[w], {encoded} << s);\n}}"
                    )
                }
            };
        }
        let (output, writing) = match self.writes.first() {
            Some((operand, writing)) => (operand.name, *writing),
            None => ("", Writing::Whole),
        };
        for Operand { name, dtype, kind, buffer, positions, view, .. } in &self.reads {
            let fetch = |at: &str| match (buffer.is_some(), writing) {
                (true, _) => view.word(name, *dtype, at),
                (false, Writing::Shared) => format!("atomicLoad(&{output}_[{at}])"),
                (false, _) => format!("{output}_[{at}]"),
            };
            if buffer.is_some() {
                let item = view.item(*dtype);
                _ = writeln!(text, "@group(0) @binding({binding}) var<storage, read> {name}_: array<{item}>;");
                binding += 1;
            }
            match view {
                View::Elements => {}
                View::Quads => text += &element::quad_reader(name, *dtype, *kind),
                #[cfg(feature = "cooperative")]
                View::Halves => {
                    _ = writeln!(text, "fn {name}(i: u32) -> f16 {{ return {name}_[i >> 2u][i & 3u]; }}");
                    _ = writeln!(text, "fn {name}_quad(q: u32) -> vec4<f16> {{ return {name}_[q]; }}");
                    continue;
                }
            }
            let value = match (element::decode(*dtype, fetch), Kind::of(*dtype)) {
                (value, Kind::I64) if *positions => format!("nearest_narrow({value})"),
                (value, own) => element::cast(&value, own, *kind),
            };
            _ = writeln!(text, "fn {name}(i: u32) -> {} {{ return {value}; }}", kind.name());
        }
        if self.faults {
            _ = writeln!(
                text,
                "@group(0) @binding({binding}) var<storage, read_write> faults_: array<atomic<u32>, 4>;"
            );
            text += FAULT;
        }
        text
    }
}

/// So many groups in a grid of two dimensions, where one is too long.
pub(crate) fn spread(groups: usize) -> [usize; 3] {
    let rows = if groups > GROUPS { groups.div_ceil(GROUPS) } else { 1 };
    [groups.div_ceil(rows), rows, 1]
}

/// Where an output's elements can be written a word at a time: those that fill their storage from a word's start to its end.
pub(crate) fn writing(output: &Output<'_>) -> Writing {
    let lanes = element::lanes(output.dtype);
    let layout: &Layout = output.layout;
    match lanes {
        1 => Writing::Whole,
        _ if layout.is_dense() && layout.offset().is_multiple_of(lanes) && layout.numel().is_multiple_of(lanes) => {
            Writing::Packed
        }
        // A tensor's last word belongs to it alone if nothing of its storage comes behind: so it is with fresh ones.
        _ if layout.is_dense() && layout.offset() == 0 && owns_all(output) => Writing::Packed,
        _ => Writing::Shared,
    }
}

fn owns_all(output: &Output<'_>) -> bool {
    let Target::Device(memory) = &output.target else { return false };
    let block = memory.downcast_ref::<crate::memory::Block>().expect("memory of a GPU");
    block.bytes == output.layout.numel() * output.dtype.size()
}

/// The entry point of kernels that do one thing each.
const EACH: &str = "
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = (group.y * groups.x + group.x) * 256u + lane;
    if (i < count_()) {
        each(i);
    }
}
";

/// The first of a kernel's bad positions is kept, with what it was compared to.
const FAULT: &str = "
fn fault(position: i32, size: u32, dim: u32) {
    if (atomicAdd(&faults_[0], 1u) == 0u) {
        atomicStore(&faults_[1], bitcast<u32>(position));
        atomicStore(&faults_[2], size);
        atomicStore(&faults_[3], dim);
    }
}
";
