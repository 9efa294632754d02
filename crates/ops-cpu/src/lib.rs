//! The CPU as a device: kernels for every operation, compiled for several vector widths and chosen at run time, on a small
//! team of threads. It knows no gradients.

mod activation;
mod attend;
mod binary;
mod cast;
mod conv;
mod convert;
mod copy;
mod ctc;
mod dense;
mod draw;
mod elementwise;
mod fold;
mod half;
mod index;
pub mod isa;
mod join;
mod linalg;
mod loss;
pub mod math;
mod matmul;
mod memory;
mod nest;
mod norm;
mod number;
mod pad;
mod pool;
pub mod random;
mod recurrent;
mod reduce;
mod resize;
mod sample;
mod scan;
mod select;
mod slices;
mod sort;
mod stream;
pub mod team;
mod ternary;
mod tiles;
mod turn;
mod unary;
mod update;
pub mod vector;

use memory::{Read, Write};
use smallvec::SmallVec;
use storage::{Source, Storage};
use tensor_core::op::Convert;
use tensor_core::op::random::Random;
use tensor_core::op::update::Update;
use tensor_core::{DType, Device, Generator, Input, Memory, Op, Output, Result};

/// The processor and its memory.
#[derive(Debug)]
pub struct Cpu;

static CPU: Cpu = Cpu;

/// The CPU's handle.
///
/// ```
/// assert_eq!(ops_cpu::cpu().name(), "cpu");
/// ```
#[inline]
pub fn cpu() -> &'static dyn Device {
    &CPU
}

impl Device for Cpu {
    fn name(&self) -> &str {
        "cpu"
    }

    fn is_host(&self) -> bool {
        true
    }

    #[inline]
    fn allocate(&self, bytes: usize) -> Result<Storage> {
        Ok(Storage::host(bytes)?)
    }

    fn upload(&self, from: &[u8], storage: &mut Storage) -> Result<()> {
        storage.exclusive().expect("memory of the CPU").copy_from_slice(from);
        Ok(())
    }

    fn download(&self, storage: &Storage, to: &mut [u8]) -> Result<()> {
        match storage::Reading::lock(&[storage]).source(0) {
            Source::Host(bytes) => to.copy_from_slice(bytes),
            Source::Device(_) => unreachable!("memory of another device"),
        }
        Ok(())
    }

    fn run(&self, op: &Op, compute: DType, inputs: &[Input<'_>], output: &mut Output<'_>) -> Result<()> {
        let out = Write::new(output);
        let x = |i: usize| Read::new(&inputs[i], &out);
        let all = || -> SmallVec<[Read<'_>; 4]> { (0..inputs.len()).map(x).collect() };
        match *op {
            Op::Unary(op) => unary::run(op, compute, x(0), &out),
            Op::Binary(op) => binary::run(op, compute, x(0), x(1), &out),
            Op::Scalar { op, number, reversed } => binary::run_scalar(op, number, reversed, compute, x(0), &out),
            Op::Activation(op) => activation::run(op, compute, &all(), &out),
            Op::Select(op) => select::run(op, compute, &all(), &out),
            Op::Ternary(op) => ternary::run(op, compute, &all(), &out),
            Op::Convert(Convert::Fill(number)) => {
                convert::fill(number, &out);
                Ok(())
            }
            Op::Convert(Convert::Cast(_) | Convert::Clone | Convert::Contiguous | Convert::Copy | Convert::Move) => {
                convert::copy(x(0), &out);
                Ok(())
            }
            Op::Reduce(op) => reduce::run(op, compute, x(0), &out),
            Op::Matmul(op) => matmul::run(op, compute, &all(), &out),
            Op::Index(op) => index::run(op, inputs[0].source.is_none(), &all(), &out),
            Op::Join(op) => join::run(op, &all(), &out),
            Op::Linalg(op) => linalg::run(op, &all(), &out),
            Op::Conv(op) => conv::run(op, compute, &all(), &out),
            Op::Pad(op) => pad::run(op, x(0), &out),
            Op::Pool(op) => pool::run(op, compute, &all(), &out),
            Op::Fold(op) => fold::run(op, x(0), &out),
            Op::Resize(op) => resize::run(op, x(0), &out),
            Op::Sample(op) => sample::run(op, compute, &all(), &out),
            Op::Attend(op) => attend::run(op, compute, &all(), &out),
            Op::Loss(op) => loss::run(op, compute, &all(), &out),
            Op::Ctc(op) => ctc::run(op, &all(), &out),
            Op::Norm(op) => norm::run(op, compute, &all(), &out),
            Op::Recurrent(op) => recurrent::run(op, compute, &all(), &out),
            Op::Scan(op) => scan::run(op, compute, &all(), &out),
            Op::Sort(op) => sort::run(op, compute, &all(), &out),
            Op::View(_) => unreachable!("views never reach a device"),
        }
    }

    fn draw(&self, what: &Random, generator: &Generator, output: &mut Output<'_>) -> Result<()> {
        draw::run(what, generator, &mut Write::new(output))
    }

    fn update(&self, update: &Update, gradient: Input<'_>, outputs: &mut [Output<'_>]) -> Result<()> {
        let outputs: SmallVec<[Write<'_>; 4]> = outputs.iter_mut().map(Write::new).collect();
        update::run(*update, Read::new(&gradient, &outputs[0]), &outputs)
    }

    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn memory(&self) -> Memory {
        let pool = storage::pool::statistics();
        Memory { live: pool.live, cached: pool.cached, peak: pool.peak }
    }

    fn empty_cache(&self) {
        storage::pool::empty_cache();
    }

    fn reset_peak_memory(&self) {
        storage::pool::reset_peak();
    }
}
