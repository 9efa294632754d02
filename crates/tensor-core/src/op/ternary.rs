//! Functions of three elements, broadcast, in one pass: mixtures, and products and quotients added to something.

use super::{Op, Plan};
use crate::twins::twins;
use crate::{DType, IntoOperand, Layout, Operand, Result, Tensor, bail, shape};
use storage::Scalar;

/// A function of three elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ternary {
    /// Inputs (x, a, b): x + value · a · b.
    Addcmul {
        /// A factor.
        value: Scalar,
    },
    /// Inputs (x, a, b): x + value · a / b.
    Addcdiv {
        /// A factor.
        value: Scalar,
    },
    /// Inputs (start, end, weight): start + weight · (end − start).
    Lerp,
    /// As `Lerp`, of inputs (start, end), with one weight for all.
    LerpBy {
        /// The weight.
        weight: f64,
    },
}

impl Ternary {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let mut shape = x.shape().clone();
        for other in &inputs[1..] {
            shape = shape::broadcast(&shape, other.shape())?;
        }
        let dtype = promoted(inputs);
        match self {
            Ternary::Addcmul { .. } if dtype == DType::Bool => {
                bail!(DType, "\"addcmul_cpu_out\" not implemented for 'Bool'")
            }
            Ternary::Addcdiv { .. }
                if !inputs[1].dtype().is_floating_point() && !inputs[2].dtype().is_floating_point() =>
            {
                bail!(
                    DType,
                    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true \
                     division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * \
                     torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / \
                     tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * \
                     tensor1 / tensor2), for all dtypes."
                )
            }
            Ternary::Lerp | Ternary::LerpBy { .. } => {
                for (other, name) in inputs[1..].iter().zip(["end", "weight"]) {
                    // A weight without dimensions may be of another kind.
                    if other.dtype() != x.dtype() && !(name == "weight" && other.ndim() == 0) {
                        let (own, got) = (c_name(x.dtype()), c_name(other.dtype()));
                        bail!(DType, "expected dtype {own} for `{name}` but got dtype {got}");
                    }
                }
                if !dtype.is_floating_point() {
                    let kind = if self == Ternary::Lerp { "tensor" } else { "scalar" };
                    bail!(DType, "\"lerp_kernel_{kind}\" not implemented for '{}'", dtype.type_name());
                }
            }
            Ternary::Addcmul { .. } | Ternary::Addcdiv { .. } => {}
        }
        let layout = match inputs {
            all if all.iter().all(|x| x.shape() == &shape && x.is_contiguous()) => Layout::contiguous(shape),
            all if all.iter().all(|y| y.shape() == &shape && y.stride() == x.stride()) => x.layout().repeated(),
            [x, a] => Layout::following(shape, &[x.layout(), a.layout()]),
            [x, a, b] => Layout::following(shape, &[x.layout(), a.layout(), b.layout()]),
            _ => unreachable!("{self:?} with {} inputs", inputs.len()),
        };
        Ok(Plan { layout, dtype, compute: dtype })
    }
}

/// The common dtype. Tensors without dimensions agree among themselves before they meet the others.
fn promoted(inputs: &[&Tensor]) -> DType {
    let of = |number: bool| {
        let some = inputs.iter().filter(|x| (x.ndim() == 0) == number).map(|x| x.dtype());
        some.reduce(DType::promote)
    };
    match (of(false), of(true)) {
        (Some(dtype), Some(number)) => dtype.promote_ranked(1, number, 0),
        (one, other) => one.or(other).expect("at least one input"),
    }
}

/// What C++ calls a dtype.
fn c_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::U8 => "unsigned char",
        DType::I8 => "signed char",
        DType::I16 => "short int",
        DType::I32 => "int",
        DType::I64 => "long int",
        DType::F16 => "c10::Half",
        DType::BF16 => "c10::BFloat16",
        DType::F32 => "float",
        DType::F64 => "double",
    }
}

impl Tensor {
    /// What a mixture with `weight` is, on the tensors it takes.
    fn lerp_with<T>(&self, end: &Tensor, weight: Operand<'_>, run: impl Fn(Op, &[&Tensor]) -> Result<T>) -> Result<T> {
        match weight {
            Operand::Tensor(weight) => run(Op::Ternary(Ternary::Lerp), &[self, end, weight]),
            Operand::Owned(weight) => run(Op::Ternary(Ternary::Lerp), &[self, end, &weight]),
            Operand::Number(weight) => run(Op::Ternary(Ternary::LerpBy { weight: weight.to_f64() }), &[self, end]),
        }
    }
}

twins! {
    /// This tensor plus `value` times the product of `tensor1` and `tensor2`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.addcmul(&x, &x, 0.5).to_vec::<f32>(), [1.5, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast, or for `bool`.
    pub fn addcmul | try_addcmul [S: Into<Scalar>] (self, tensor1: &Tensor, tensor2: &Tensor, value: S) -> Tensor {
        Tensor::apply(Op::Ternary(Ternary::Addcmul { value: value.into() }), &[self, tensor1, tensor2])
    }

    /// [`addcmul`](Tensor::addcmul) in place; returns the tensor itself.
    pub fn addcmul_ | try_addcmul_ [S: Into<Scalar>] (self, tensor1: &Tensor, tensor2: &Tensor, value: S) -> Tensor {
        self.write(Op::Ternary(Ternary::Addcmul { value: value.into() }), &[self, tensor1, tensor2])?;
        Ok(self.clone())
    }

    /// This tensor plus `value` times the quotient of `tensor1` and `tensor2`.
    ///
    /// # Errors
    /// If the shapes do not broadcast, or if both are whole numbers.
    pub fn addcdiv | try_addcdiv [S: Into<Scalar>] (self, tensor1: &Tensor, tensor2: &Tensor, value: S) -> Tensor {
        Tensor::apply(Op::Ternary(Ternary::Addcdiv { value: value.into() }), &[self, tensor1, tensor2])
    }

    /// [`addcdiv`](Tensor::addcdiv) in place; returns the tensor itself.
    pub fn addcdiv_ | try_addcdiv_ [S: Into<Scalar>] (self, tensor1: &Tensor, tensor2: &Tensor, value: S) -> Tensor {
        self.write(Op::Ternary(Ternary::Addcdiv { value: value.into() }), &[self, tensor1, tensor2])?;
        Ok(self.clone())
    }

    /// The mixture start + weight · (end − start), with this tensor as the start; the weight is a tensor or a number.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let start = Tensor::from_vec(vec![0.0f32, 10.0], [2], ops_cpu::cpu());
    /// let end = Tensor::from_vec(vec![4.0f32, 20.0], [2], ops_cpu::cpu());
    /// assert_eq!(start.lerp(&end, 0.25).to_vec::<f32>(), [1.0, 12.5]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast, or the dtypes are not one float dtype.
    pub fn lerp | try_lerp [W: IntoOperand] (self, end: &Tensor, weight: W) -> Tensor {
        self.lerp_with(end, weight.operand(), Tensor::apply)
    }

    /// [`lerp`](Tensor::lerp) in place; returns the tensor itself.
    pub fn lerp_ | try_lerp_ [W: IntoOperand] (self, end: &Tensor, weight: W) -> Tensor {
        self.lerp_with(end, weight.operand(), |op, inputs| self.write(op, inputs))?;
        Ok(self.clone())
    }
}
