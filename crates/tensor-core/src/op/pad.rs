//! Padding: elements added at the ends of dimensions, or taken away. They are one number, or come from inside: mirrored, repeated or
//! wrapped around.

use super::{Op, Plan};
use crate::twins::twins;
use crate::{DType, Dims, IntoShape, Layout, Result, Tensor, bail, shape};
use storage::Scalar;

/// What a dimension gets at its ends, up to three neighbouring dimensions at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// Before and after; numbers below zero take away.
    pub sides: [[i32; 2]; 3],
    /// The number's bits, in two halves so that an operation stays small.
    bits: [u32; 2],
    /// The first of the dimensions.
    pub first: u8,
    /// How many there are.
    pub count: u8,
    /// What stands there.
    pub ends: Ends,
}

/// What stands at the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ends {
    /// A truth value.
    Bool,
    /// A whole number.
    Int,
    /// A real number.
    Float,
    /// Elements from inside.
    Inside(Edge),
    /// The derivative of `Inside`: each element added to the one that it came from.
    Gradient(Edge),
}

/// Which elements from inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Mirrored at the last element, which is not repeated.
    Reflect,
    /// The last element.
    Replicate,
    /// Those of the other end.
    Circular,
}

/// What `pad` puts at the ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PadMode {
    /// A number; plain numbers mean this.
    Constant(Scalar),
    /// What lies inside, mirrored at the last element: `c b a b c` for one that begins with `a`.
    Reflect,
    /// The last element: `a a a b c`.
    Replicate,
    /// What lies at the other end: `y z a b c`.
    Circular,
}

impl<N: Into<Scalar>> From<N> for PadMode {
    fn from(number: N) -> PadMode {
        PadMode::Constant(number.into())
    }
}

impl Pad {
    /// `number` at the ends of dimension `first` and those after it, as many as `sides` has, but not more than three.
    pub fn constant(number: Scalar, first: usize, sides: &[[i32; 2]]) -> Pad {
        let (ends, word) = match number {
            Scalar::Bool(truth) => (Ends::Bool, truth as u64),
            Scalar::Int(whole) => (Ends::Int, whole as u64),
            Scalar::Float(real) => (Ends::Float, real.to_bits()),
        };
        Pad { bits: [word as u32, (word >> 32) as u32], ..Pad::inside(ends, first, sides) }
    }

    /// Elements from inside at the ends, or their derivative.
    pub fn inside(ends: Ends, first: usize, sides: &[[i32; 2]]) -> Pad {
        let mut three = [[0; 2]; 3];
        three.iter_mut().zip(sides).for_each(|(to, pair)| *to = *pair);
        Pad { sides: three, bits: [0; 2], first: first as u8, count: sides.len() as u8, ends }
    }

    /// The number at the ends; zero where they come from inside.
    pub fn number(&self) -> Scalar {
        let word = self.bits[0] as u64 | (self.bits[1] as u64) << 32;
        match self.ends {
            Ends::Bool => Scalar::Bool(word != 0),
            Ends::Int | Ends::Inside(_) | Ends::Gradient(_) => Scalar::Int(word as i64),
            Ends::Float => Scalar::Float(f64::from_bits(word)),
        }
    }

    /// The same dimensions with what was added taken away, and zeros for what was taken away.
    pub fn undone(self) -> Pad {
        let sides = self.sides.map(|[before, after]| [-before, -after]);
        Pad::constant(Scalar::Int(0), self.first as usize, &sides[..self.count as usize])
    }

    pub(crate) fn plan(self, x: &Tensor) -> Result<Plan> {
        let sign = if matches!(self.ends, Ends::Gradient(_)) { -1 } else { 1 };
        let mut sizes: Dims = x.shape().clone();
        for (size, [before, after]) in sizes.iter_mut().skip(self.first as usize).zip(self.sides) {
            let padded = *size as i64 + sign * (before as i64 + after as i64);
            *size = match usize::try_from(padded) {
                Ok(size) => size,
                Err(_) => bail!(Shape, "narrow(): length must be non-negative."),
            };
        }
        shape::checked_numel(&sizes)?;
        if let Ends::Gradient(_) = self.ends
            && !x.dtype().is_floating_point()
        {
            bail!(DType, "the derivative of padding is not implemented for '{}'", x.dtype().type_name());
        }
        Ok(Plan { layout: Layout::contiguous(sizes), dtype: x.dtype(), compute: x.dtype() })
    }
}

/// A number of elements as an operation holds it.
fn held(side: i64) -> Result<i32> {
    match i32::try_from(side) {
        Ok(side) => Ok(side),
        Err(_) => bail!(Unsupported, "padding may be at most {} elements, but got {side}", i32::MAX),
    }
}

/// The number of sizes that PyTorch's texts name, and where they stand: `H: 3, W: 4`.
fn named(sizes: &[i64], between: &str) -> String {
    let names = ["D", "H", "W"];
    let names = &names[3 - sizes.len()..];
    names.iter().zip(sizes).map(|(name, size)| format!("{name}: {size}")).collect::<Vec<_>>().join(between)
}

impl Tensor {
    /// One number at the ends; `sides` are those of all dimensions.
    fn pad_with(&self, number: Scalar, sides: &[[i32; 2]]) -> Result<Tensor> {
        let left = |(size, pair): (&usize, &[i32; 2])| {
            pair.iter().fold(*size as i64, |size, side| size + (*side).min(0) as i64)
        };
        if self.shape().iter().zip(sides).map(left).any(|left| left < 0) {
            bail!(Shape, "narrow(): length must be non-negative.");
        }
        let mut x: Option<Tensor> = None;
        let mut end = sides.len();
        while let Some(last) = sides[..end].iter().rposition(|pair| *pair != [0; 2]) {
            let first = last.saturating_sub(2);
            let pad = Pad::constant(number, first, &sides[first..=last]);
            x = Some(Tensor::apply(Op::Pad(pad), &[x.as_ref().unwrap_or(self)])?);
            end = first;
        }
        x.map_or_else(|| self.try_clone(), Ok)
    }

    /// Elements from inside at the ends of the last dimensions, of which `sides` has two or three.
    fn pad_from(&self, edge: Edge, sides: &[[i32; 2]]) -> Result<Tensor> {
        let (rank, count) = (self.ndim(), sides.len());
        if count == 0 || count > 3 || (rank != count + 1 && rank != count + 2) {
            bail!(
                Unsupported,
                "Padding size {} is not supported for {rank}D input tensor.\nSupported combinations for non-constant padding:\n  \
                 - 2D or 3D input: padding size = 2 (pads last dimension)\n  \
                 - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n  \
                 - 4D or 5D input: padding size = 6 (pads last 3 dimensions)",
                2 * count
            );
        }
        let first = rank - count;
        let sizes: Vec<i64> = self.shape()[first..].iter().map(|size| *size as i64).collect();
        match edge {
            Edge::Circular => {
                for (size, [before, after]) in sizes.iter().zip(sides) {
                    let (before, after) = (*before as i64, *after as i64);
                    if before > *size || after > *size {
                        bail!(Value, "Padding value causes wrapping around more than once.");
                    }
                    let left = size + before.min(0) + after.min(0);
                    if size + before + after < 0 || left < 0 {
                        bail!(Value, "Negative padding value is resulting in an empty dimension");
                    }
                    if before.max(after) > left {
                        bail!(Value, "Padding value causes wrapping around more than once.");
                    }
                }
            }
            Edge::Reflect | Edge::Replicate => self.check_inside(edge, first, &sizes, sides)?,
        }
        Tensor::apply(Op::Pad(Pad::inside(Ends::Inside(edge), first, sides)), &[self])
    }

    /// What mirrored and repeated ends ask of the input, in PyTorch's order.
    fn check_inside(&self, edge: Edge, first: usize, sizes: &[i64], sides: &[[i32; 2]]) -> Result<()> {
        let count = sizes.len();
        let batch = self.ndim() - count - 1;
        if self.shape()[batch..].contains(&0) {
            bail!(
                Shape,
                "Expected {}D or {}D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, \
                 but got: {:?}",
                count + 1,
                count + 2,
                self.shape()
            );
        }
        if edge == Edge::Reflect {
            for (i, (size, [before, after])) in sizes.iter().zip(sides).enumerate().rev() {
                if *before as i64 >= *size || *after as i64 >= *size {
                    bail!(
                        Value,
                        "Argument #{}: Padding size should be less than the corresponding input dimension, but got: padding \
                         ({before}, {after}) at dimension {} of input {:?}",
                        4 + 2 * (count - 1 - i),
                        first + i,
                        self.shape()
                    );
                }
            }
        }
        let padded = |(size, [before, after]): (&i64, &[i32; 2])| size + *before as i64 + *after as i64;
        let padded: Vec<i64> = sizes.iter().zip(sides).map(padded).collect();
        if padded.iter().any(|size| *size < 1) {
            match count {
                1 => bail!(Shape, "input (W: {}) is too small. Calculated output W: {}", sizes[0], padded[0]),
                _ => bail!(
                    Shape,
                    "Calculated output {} must be >= 1 in every dimension (input {})",
                    named(&padded, " "),
                    named(sizes, ", ")
                ),
            }
        }
        if self.dtype() == DType::Bool {
            let name = if edge == Edge::Reflect { "reflection" } else { "replication" };
            bail!(DType, "\"{name}_pad{count}d\" not implemented for 'Bool'");
        }
        Ok(())
    }
}

twins! {
    /// Elements added at the ends of dimensions: before and after the last one, before and after the one before it, and so on;
    /// numbers below zero take elements away. What is added is a number, or comes from inside, which [`PadMode`] says.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::PadMode};
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0], [1, 3], ops_cpu::cpu());
    /// assert_eq!(x.pad([1, 2], 0).to_vec::<f32>(), [0.0, 1.0, 2.0, 3.0, 0.0, 0.0]);
    /// assert_eq!(x.pad([1, -1, 0, 1], 9).to_vec::<f32>(), [9.0, 1.0, 2.0, 9.0, 9.0, 9.0]);
    /// assert_eq!(x.pad([2, 0], PadMode::Reflect).to_vec::<f32>(), [3.0, 2.0, 1.0, 2.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If there is not an even number of paddings or too many, a dimension would become smaller than nothing, or elements from
    /// inside are asked for in another number than that of 1 to 3 last dimensions, after one or two others.
    pub fn pad | try_pad [P: IntoShape, M: Into<PadMode>] (self, padding: P, mode: M) -> Tensor {
        let list = padding.sizes();
        if !list.len().is_multiple_of(2) {
            bail!(Value, "Padding length must be divisible by 2");
        }
        let rank = self.ndim();
        if list.len() > 2 * rank {
            bail!(
                Value,
                "Padding length should be less than or equal to two times the input dimension but got padding length {} and input of \
                 dimension {rank}",
                list.len()
            );
        }
        // The list begins with the last dimension.
        let pairs = list.chunks_exact(2).rev().map(|pair| Ok([held(pair[0])?, held(pair[1])?]));
        let pairs = pairs.collect::<Result<Vec<[i32; 2]>>>()?;
        match mode.into() {
            PadMode::Constant(number) => {
                let mut sides = vec![[0; 2]; rank - pairs.len()];
                sides.extend(pairs);
                self.pad_with(number, &sides)
            }
            PadMode::Reflect => self.pad_from(Edge::Reflect, &pairs),
            PadMode::Replicate => self.pad_from(Edge::Replicate, &pairs),
            PadMode::Circular => self.pad_from(Edge::Circular, &pairs),
        }
    }
}
