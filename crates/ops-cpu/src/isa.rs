//! Chooses the widest vector instructions of this processor, once, and runs kernels compiled for them.
//!
//! A [`Kernel`] is plain scalar Rust, always inlined; [`dispatch`] instantiates it once per [`Level`] inside a function
//! that has the level's instructions enabled, and the compiler vectorizes each copy to that width. It does not know what
//! any kernel computes.

use crate::vector::{Array, Vector};
use std::sync::OnceLock;

/// One set of vector instructions, as a type, so that a kernel can ask for its properties at compile time.
pub trait Level: Copy + 'static {
    /// Whether a fused multiply-add is one instruction. Where it is not, `mul_add` is a library call, hundreds of times
    /// slower than the arithmetic around it, and must not be used.
    const FMA: bool;
    /// Registers.
    const REGISTERS: usize;
    /// A register of `f32`.
    type Single: Vector<f32>;
    /// A register of `f64`.
    type Double: Vector<f64>;
}

/// What every processor of the architecture has (SSE2 on x86-64, NEON on aarch64).
#[derive(Clone, Copy)]
pub struct Baseline;
/// AVX2 with FMA and F16C: 256-bit vectors.
#[derive(Clone, Copy)]
pub struct Avx2;
/// AVX-512 F, VL, DQ and BW: 512-bit vectors.
#[derive(Clone, Copy)]
pub struct Avx512;

impl Level for Baseline {
    const FMA: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
    const REGISTERS: usize = if cfg!(target_arch = "aarch64") { 32 } else { 16 };
    type Single = Array<f32, 4>;
    type Double = Array<f64, 2>;
}
impl Level for Avx2 {
    const FMA: bool = true;
    const REGISTERS: usize = 16;
    #[cfg(target_arch = "x86_64")]
    type Single = crate::vector::Single8;
    #[cfg(target_arch = "x86_64")]
    type Double = crate::vector::Double4;
    #[cfg(not(target_arch = "x86_64"))]
    type Single = Array<f32, 8>;
    #[cfg(not(target_arch = "x86_64"))]
    type Double = Array<f64, 4>;
}
impl Level for Avx512 {
    const FMA: bool = true;
    const REGISTERS: usize = 32;
    #[cfg(target_arch = "x86_64")]
    type Single = crate::vector::Single16;
    #[cfg(target_arch = "x86_64")]
    type Double = crate::vector::Double8;
    #[cfg(not(target_arch = "x86_64"))]
    type Single = Array<f32, 16>;
    #[cfg(not(target_arch = "x86_64"))]
    type Double = Array<f64, 8>;
}

/// A loop to be compiled for several levels. Implementations mark `run` and everything it calls `#[inline(always)]`: a
/// function that is not inlined into the featured caller runs without its instructions.
pub trait Kernel {
    /// What the loop returns.
    type Output;
    /// Whether a copy for AVX-512 is worth its size in the program; large kernels of doubles, which are rare, do without.
    const WIDEST: bool = true;
    /// Runs the loop with the instructions of `L`.
    fn run<L: Level>(self) -> Self::Output;
}

/// The levels, as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Isa {
    /// [`Baseline`].
    Baseline,
    /// [`Avx2`].
    Avx2,
    /// [`Avx512`].
    Avx512,
}

/// The level in use: the widest that the processor has, or the one that `SCONCE_ISA` (`baseline`, `avx2`, `avx512`) asks
/// for if it has that too.
pub fn isa() -> Isa {
    static CHOICE: OnceLock<Isa> = OnceLock::new();
    *CHOICE.get_or_init(|| {
        let asked = match std::env::var("SCONCE_ISA").as_deref() {
            Ok("baseline") => Isa::Baseline,
            Ok("avx2") => Isa::Avx2,
            _ => Isa::Avx512,
        };
        asked.min(widest())
    })
}

#[cfg(target_arch = "x86_64")]
fn widest() -> Isa {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw");
    match (avx2, avx512) {
        (true, true) => Isa::Avx512,
        (true, false) => Isa::Avx2,
        _ => Isa::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn widest() -> Isa {
    Isa::Baseline
}

/// Runs `kernel` compiled for the widest instructions of this processor.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    match isa() {
        // SAFETY: `isa` returns a level only after the processor has confirmed its instructions.
        Isa::Avx512 if K::WIDEST => return unsafe { avx512(kernel) },
        // SAFETY: as above; AVX-512 implies AVX2.
        Isa::Avx512 | Isa::Avx2 => return unsafe { avx2(kernel) },
        Isa::Baseline => {}
    }
    kernel.run::<Baseline>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx512>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx2>()
}
