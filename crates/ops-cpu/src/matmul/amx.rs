//! Products of `bfloat16` by AMX: registers of 16 rows of 64 bytes, of which one instruction multiplies two and adds the products
//! to a third. The instructions are written in assembly, because Rust does not name them yet. It does not know where operands come
//! from.
//!
//! Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 18, and volume 2, TDPBF16PS.

use super::panels::{Form, Pair};
use super::product::{Cut, Method};
use super::tile::{Block, Job};
use crate::memory::fetch_to_write;

/// The instructions of AMX-BF16.
pub struct Amx;

/// Rows and columns of a register of results.
const SIDE: usize = 16;

/// Pairs of a chunk: those of two registers of columns stay in the first-level cache while all rows meet them.
const DEPTH: usize = 256;

/// How this method cuts: a register of the left operand has the pairs of 16 rows, one of the right operand those of 16 columns.
fn cut() -> Cut {
    Cut {
        left: Form { sizes: &[SIDE], group: SIDE },
        right: Form { sizes: &[SIDE, 2 * SIDE], group: 1 },
        depth: DEPTH,
        padding: SIDE,
        block: [8 * SIDE, 16 * SIDE],
    }
}

/// Registers of results that are worked on together, so that each register of an operand is used twice: two rows of two.
type Square = [[f32; 2 * SIDE]; 2 * SIDE];

/// What multiplies the panels of a square.
trait Squares {
    /// Sets all results to the products of `pairs` pairs, a multiple of [`SIDE`]: those of two panels of rows (the second one may be
    /// the first) with a panel of `width` columns, one register or two.
    ///
    /// # Safety
    /// The processor has the instructions, and the panels can be read.
    unsafe fn products(left: [*const Pair; 2], right: *const Pair, width: usize, pairs: usize, square: &mut Square);
}

/// Computes a block, square by square.
///
/// # Safety
/// As [`Method::run`].
#[inline(always)]
unsafe fn squares<S: Squares>(job: &Job<Pair, f32>, block: &Block) {
    let mut square: Square = [[0.0; 2 * SIDE]; 2 * SIDE];
    let (left, right) = (job.left.panels(), job.right.panels());
    // Also sums of nothing are written.
    for place in (0..job.places.max(1)).step_by(job.depth) {
        let pairs = job.depth.min(job.places - place);
        for column in block.columns.clone().step_by(2 * SIDE) {
            let columns = (2 * SIDE).min(block.columns.end - column);
            let right = right.at(place, pairs, column);
            for row in block.rows.clone().step_by(2 * SIDE) {
                let rows = (2 * SIDE).min(block.rows.end - row);
                let below = if rows > SIDE { row + SIDE } else { row };
                let left = [row, below].map(|row| left.at(place, pairs, row));
                for r in row..row + rows {
                    fetch_to_write(job.to.wrapping_add(r * job.row + column).cast(), columns * size_of::<f32>());
                }
                // SAFETY: the caller's; both panels were filled up to whole registers.
                unsafe { S::products(left, right, columns.next_multiple_of(SIDE), pairs, &mut square) };
                let adds = job.adds || place > 0;
                for (r, sums) in square[..rows].iter().enumerate() {
                    let to = job.to.wrapping_add((row + r) * job.row + column);
                    // SAFETY: the square lies within the block.
                    unsafe {
                        match columns == 2 * SIDE {
                            true => put(sums, &mut *to.cast::<[f32; 2 * SIDE]>(), job.factor, adds),
                            false => put(sums, std::slice::from_raw_parts_mut(to, columns), job.factor, adds),
                        }
                    }
                }
            }
        }
    }
}

/// Writes multiplied sums, or adds them.
#[inline(always)]
fn put(sums: &[f32; 2 * SIDE], to: &mut [f32], factor: f32, adds: bool) {
    if adds {
        to.iter_mut().zip(sums).for_each(|(to, sum)| *to += sum * factor);
    } else {
        to.iter_mut().zip(sums).for_each(|(to, sum)| *to = sum * factor);
    }
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod linux {
    use super::*;
    use std::arch::asm;
    use std::arch::x86_64::__cpuid_count;
    use std::sync::OnceLock;

    impl Amx {
        /// Whether the processor has the instructions, the system lets this process use them, and `SCONCE_ISA` does not forbid them.
        pub fn is_native() -> bool {
            static FOUND: OnceLock<bool> = OnceLock::new();
            crate::isa::isa() == crate::isa::Isa::Avx512 && *FOUND.get_or_init(|| is_there() && is_allowed())
        }
    }

    fn is_there() -> bool {
        /// Bits of EDX of leaf 7: AMX-BF16 and AMX-TILE.
        const BITS: u32 = 1 << 22 | 1 << 24;
        __cpuid_count(0, 0).eax >= 7 && __cpuid_count(7, 0).edx & BITS == BITS
    }

    /// Asks Linux for the registers, whose 8 KB it does not reserve for every thread.
    /// <https://docs.kernel.org/arch/x86/xstate.html>
    fn is_allowed() -> bool {
        const ARCH_PRCTL: i64 = 158;
        const ARCH_REQ_XCOMP_PERM: i64 = 0x1023;
        const XFEATURE_XTILEDATA: i64 = 18;
        let mut result = ARCH_PRCTL;
        // SAFETY: the call reads no memory; systems that do not know it return an error.
        unsafe {
            asm!(
                "syscall",
                inout("rax") result,
                in("rdi") ARCH_REQ_XCOMP_PERM,
                in("rsi") XFEATURE_XTILEDATA,
                out("rcx") _,
                out("r11") _,
                options(nostack),
            );
        }
        result == 0
    }

    impl Method for Amx {
        type Place = Pair;
        type Sum = f32;
        const READS_ROWS: bool = false;
        fn cut() -> Cut {
            super::cut()
        }
        unsafe fn run(job: &Job<Pair, f32>, block: &Block) {
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
            unsafe fn featured(job: &Job<Pair, f32>, block: &Block) {
                // SAFETY: the caller's.
                unsafe { squares::<Amx>(job, block) }
            }
            /// Palette 1, whose registers all have 16 rows of 64 bytes.
            const SHAPES: [u8; 64] = {
                let mut shapes = [0; 64];
                shapes[0] = 1;
                let mut register = 0;
                while register < 8 {
                    shapes[16 + 2 * register] = 64;
                    shapes[48 + register] = SIDE as u8;
                    register += 1;
                }
                shapes
            };
            // SAFETY: the caller has found the instructions. Nothing else in this thread uses the registers; they are given back,
            // so that the system need not keep them.
            unsafe {
                asm!("ldtilecfg [{}]", in(reg) &SHAPES, options(nostack, readonly));
                featured(job, block);
                asm!("tilerelease", options(nostack, nomem));
            }
        }
    }

    /// Asks for the 16 lines of the register after the next one.
    macro_rules! ahead {
        ($from:literal) => {
            concat!(
                ahead!(@ $from, "2048", "2112", "2176", "2240"),
                ahead!(@ $from, "2304", "2368", "2432", "2496"),
                ahead!(@ $from, "2560", "2624", "2688", "2752"),
                ahead!(@ $from, "2816", "2880", "2944", "3008"),
            )
        };
        (@ $from:literal, $($at:literal),*) => { concat!($("prefetcht0 [{", $from, "} + ", $at, "]\n"),*) };
    }

    impl Squares for Amx {
        #[inline(always)]
        unsafe fn products(
            left: [*const Pair; 2],
            right: *const Pair,
            width: usize,
            pairs: usize,
            square: &mut Square,
        ) {
            // Results are in registers 0 to 3, rows in 4 and 5, columns in 6 and 7. Where there is one register of columns, it
            // counts as both: the results beside it are not asked for.
            let second = if width > SIDE { right.wrapping_add(SIDE) } else { right };
            // SAFETY: the caller vouches for the panels: a step reads 16 rows of 64 bytes of each; the square has room for four
            // registers of results.
            unsafe {
                asm!(
                    "tilezero tmm0",
                    "tilezero tmm1",
                    "tilezero tmm2",
                    "tilezero tmm3",
                    "test {steps}, {steps}",
                    "jz 3f",
                    "2:",
                    "tileloadd tmm4, [{upper} + {row}]",
                    "tileloadd tmm6, [{first} + {line}]",
                    "tileloadd tmm5, [{lower} + {row}]",
                    "tileloadd tmm7, [{second} + {line}]",
                    // Rows come from the second-level cache, which loads of registers do not look ahead in by themselves.
                    ahead!("upper"),
                    "tdpbf16ps tmm0, tmm4, tmm6",
                    "tdpbf16ps tmm2, tmm5, tmm6",
                    ahead!("lower"),
                    "tdpbf16ps tmm1, tmm4, tmm7",
                    "tdpbf16ps tmm3, tmm5, tmm7",
                    "add {upper}, 1024",
                    "add {lower}, 1024",
                    "add {first}, {step}",
                    "add {second}, {step}",
                    "dec {steps}",
                    "jnz 2b",
                    "3:",
                    "tilestored [{to} + {wide}], tmm0",
                    "tilestored [{to} + {wide} + 64], tmm1",
                    "tilestored [{to} + {wide} + 2048], tmm2",
                    "tilestored [{to} + {wide} + 2112], tmm3",
                    steps = inout(reg) pairs / SIDE => _,
                    upper = inout(reg) left[0] => _,
                    lower = inout(reg) left[1] => _,
                    first = inout(reg) right => _,
                    second = inout(reg) second => _,
                    row = in(reg) 64usize,
                    line = in(reg) 4 * width,
                    step = in(reg) 4 * SIDE * width,
                    wide = in(reg) size_of::<[f32; 2 * SIDE]>(),
                    to = in(reg) square,
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack),
                );
            }
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
mod nowhere {
    use super::*;

    impl Amx {
        /// Nothing else has such instructions, or nobody has told how to ask the system for them.
        pub fn is_native() -> bool {
            false
        }
    }

    impl Method for Amx {
        type Place = Pair;
        type Sum = f32;
        const READS_ROWS: bool = false;
        fn cut() -> Cut {
            super::cut()
        }
        unsafe fn run(_: &Job<Pair, f32>, _: &Block) {
            unreachable!("no such instructions")
        }
    }
}

/// The same in plain arithmetic: what is compared with sums in double precision on any processor.
#[cfg(test)]
pub struct Model;

#[cfg(test)]
impl Squares for Model {
    unsafe fn products(left: [*const Pair; 2], right: *const Pair, width: usize, pairs: usize, square: &mut Square) {
        let halves = |pair: Pair| [f32::from_bits(pair.0 << 16), f32::from_bits(pair.0 & 0xFFFF_0000)];
        for (r, sums) in square.iter_mut().enumerate() {
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum = 0.0;
                for pair in 0..pairs {
                    let from = left[r / SIDE].wrapping_add(pair / SIDE * SIDE * SIDE + r % SIDE * SIDE + pair % SIDE);
                    // SAFETY: the caller vouches for the panels.
                    let (a, b) = unsafe { (halves(*from), halves(*right.add(pair * width + c % width))) };
                    *sum = *sum + a[0] * b[0] + a[1] * b[1];
                }
            }
        }
    }
}

#[cfg(test)]
impl Method for Model {
    type Place = Pair;
    type Sum = f32;
    const READS_ROWS: bool = false;
    fn cut() -> Cut {
        cut()
    }
    unsafe fn run(job: &Job<Pair, f32>, block: &Block) {
        // SAFETY: the caller's; no instructions are needed.
        unsafe { squares::<Model>(job, block) }
    }
}
