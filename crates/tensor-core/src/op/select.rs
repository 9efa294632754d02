//! A choice between values, element by element: `where`, `masked_fill`, `clamp`, `nan_to_num`.

use super::unary::elementwise_layout;
use super::{Binary, Op, Plan};
use crate::apply::can_cast;
use crate::twins::twins;
use crate::{DType, IntoOperand, Layout, Operand, Result, Tensor, bail, shape};
use storage::Scalar;

/// A choice between values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Select {
    /// Inputs (condition, a, b): a where the condition holds, else b.
    Where,
    /// Inputs (x, mask): the number where the mask holds, else x.
    MaskedFill(Scalar),
    /// The input, a stack of matrices, with zeros on one side of a diagonal.
    Triangle {
        /// Whether elements on and above the diagonal stay; else those on and below it.
        upper: bool,
        /// How far the diagonal lies above the main one.
        diagonal: i64,
    },
    /// The input, but at least `min` and at most `max`; infinite where there is no bound.
    Clamp {
        /// The lower bound.
        min: f64,
        /// The upper bound; where it is below `min`, the result is `max`.
        max: f64,
    },
    /// The input, but numbers instead of NaN and infinities.
    NanToNum {
        /// Instead of NaN.
        nan: f64,
        /// Instead of plus infinity.
        posinf: f64,
        /// Instead of minus infinity.
        neginf: f64,
    },
}

impl Select {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        match (self, inputs) {
            (Select::Where, [condition, a, b]) => {
                if condition.dtype() != DType::Bool {
                    bail!(
                        DType,
                        "where expected condition to be a boolean tensor, but got a tensor with dtype {}",
                        condition.dtype().type_name()
                    );
                }
                let (layouts, shape) = ([condition.layout(), a.layout(), b.layout()], condition.shape());
                if layouts.iter().all(|x| x.shape() == shape && x.strides() == layouts[0].strides()) {
                    let dtype = a.dtype().promote_ranked(a.ndim(), b.dtype(), b.ndim());
                    return Ok(Plan { layout: layouts[0].repeated(), dtype, compute: dtype });
                }
                let shape = shape::broadcast(&shape::broadcast(condition.shape(), a.shape())?, b.shape())?;
                let dtype = a.dtype().promote_ranked(a.ndim(), b.dtype(), b.ndim());
                let layout = Layout::following(shape, &[condition.layout(), a.layout(), b.layout()]);
                Ok(Plan { layout, dtype, compute: dtype })
            }
            (Select::MaskedFill(_), [x, mask]) => {
                if mask.dtype() != DType::Bool {
                    bail!(
                        DType,
                        "masked_fill_ only supports boolean masks, but got mask with dtype {}",
                        mask.dtype().cpp_name()
                    );
                }
                let shape = shape::broadcast(mask.shape(), x.shape())?;
                Ok(Plan::new(shape, x.dtype()))
            }
            (Select::Triangle { upper, .. }, [x]) => {
                if x.ndim() < 2 {
                    let name = if upper { "triu" } else { "tril" };
                    bail!(Shape, "{name}: input tensor must have at least 2 dimensions");
                }
                Ok(Plan::new(x.shape().clone(), x.dtype()))
            }
            (Select::Clamp { min, max }, [x]) => {
                if x.dtype() == DType::Bool {
                    let bounds = match (min == f64::NEG_INFINITY, max == f64::INFINITY) {
                        (true, false) => "_max",
                        (false, true) => "_min",
                        _ => "",
                    };
                    bail!(DType, "\"clamp{bounds}_scalar_cpu\" not implemented for 'Bool'");
                }
                Ok(Plan { layout: elementwise_layout(x), dtype: x.dtype(), compute: x.dtype() })
            }
            (Select::NanToNum { .. }, [x]) => {
                Ok(Plan { layout: elementwise_layout(x), dtype: x.dtype(), compute: x.dtype() })
            }
            (
                Select::Where
                | Select::MaskedFill(_)
                | Select::Triangle { .. }
                | Select::Clamp { .. }
                | Select::NanToNum { .. },
                _,
            ) => {
                unreachable!("{self:?} with {} inputs", inputs.len())
            }
        }
    }
}

/// The dtype that bounds or a fill value bring a tensor of `dtype` to.
fn with_numbers(dtype: DType, numbers: &[Option<Scalar>]) -> DType {
    numbers.iter().flatten().fold(dtype, |dtype, number| dtype.promote_scalar(*number))
}

fn clamp_op(min: Option<Scalar>, max: Option<Scalar>) -> Result<Op> {
    if min.is_none() && max.is_none() {
        bail!(Value, "torch.clamp: At least one of 'min' or 'max' must not be None");
    }
    let min = min.map_or(f64::NEG_INFINITY, Scalar::to_f64);
    let max = max.map_or(f64::INFINITY, Scalar::to_f64);
    Ok(Op::Select(Select::Clamp { min, max }))
}

twins! {
    /// The elements where `condition` (this `bool` tensor) holds from `a`, elsewhere from `b`, all three broadcast. `a` and
    /// `b` are tensors or numbers. PyTorch's `torch.where(condition, a, b)`, with `condition` in front.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![-1.0f32, 2.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.gt(0).where_(&x, 0.0).to_vec::<f32>(), [0.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If the condition is not `bool` or the shapes do not broadcast.
    pub fn where_ | try_where [A: IntoOperand, B: IntoOperand] (self, a: A, b: B) -> Tensor {
        let (a, b) = (a.operand(), b.operand());
        let dtype = match (&a, &b) {
            (Operand::Number(x), Operand::Number(y)) => {
                let of = |n: &Scalar| DType::Bool.promote_scalar(*n);
                Some(of(x).promote(of(y)))
            }
            _ => None,
        };
        let a_dtype = operand_dtype(&a);
        let b_dtype = operand_dtype(&b);
        let tensor = |operand, other: Option<DType>| -> Result<Tensor> {
            match operand {
                Operand::Tensor(x) => Ok(x.clone()),
                Operand::Owned(x) => Ok(x),
                Operand::Number(n) => {
                    let own = dtype.or_else(|| other.map(|d| d.promote_scalar(n))).unwrap_or(DType::F32);
                    Tensor::try_full_on((), n, own, self.device())
                }
            }
        };
        let (a, b) = (tensor(a, b_dtype)?, tensor(b, a_dtype)?);
        // Where conditions were bytes before there was `bool`, PyTorch still takes them.
        match self.dtype() {
            DType::U8 => Tensor::apply(Op::Select(Select::Where), &[&self.try_to_dtype(DType::Bool)?, &a, &b]),
            _ => Tensor::apply(Op::Select(Select::Where), &[self, &a, &b]),
        }
    }

    /// `value` where `mask` holds, else the element. The mask broadcasts.
    ///
    /// # Errors
    /// If the mask is not `bool`, the shapes do not broadcast, or the dtype's range does not reach to `value`.
    pub fn masked_fill | try_masked_fill [S: Into<Scalar>] (self, mask: &Tensor, value: S) -> Tensor {
        Tensor::apply(masked_fill_op(self, value.into())?, &[self, mask])
    }

    /// [`masked_fill`](Tensor::masked_fill) in place; returns the tensor itself.
    pub fn masked_fill_ | try_masked_fill_ [S: Into<Scalar>] (self, mask: &Tensor, value: S) -> Tensor {
        self.write(masked_fill_op(self, value.into())?, &[self, mask])?;
        Ok(self.clone())
    }

    /// The lower triangle of the last two dimensions: zero above `diagonal`, which 0 makes the main one, 1 the one above it.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.tril(0).to_vec::<f32>(), [1.0, 0.0, 3.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// For tensors of less than two dimensions.
    pub fn tril | try_tril(self, diagonal: i64) -> Tensor {
        Tensor::apply(Op::Select(Select::Triangle { upper: false, diagonal }), &[self])
    }

    /// [`tril`](Tensor::tril) in place; returns the tensor itself.
    pub fn tril_ | try_tril_(self, diagonal: i64) -> Tensor {
        self.write(Op::Select(Select::Triangle { upper: false, diagonal }), &[self])?;
        Ok(self.clone())
    }

    /// The upper triangle of the last two dimensions: zero below `diagonal`.
    pub fn triu | try_triu(self, diagonal: i64) -> Tensor {
        Tensor::apply(Op::Select(Select::Triangle { upper: true, diagonal }), &[self])
    }

    /// [`triu`](Tensor::triu) in place; returns the tensor itself.
    pub fn triu_ | try_triu_(self, diagonal: i64) -> Tensor {
        self.write(Op::Select(Select::Triangle { upper: true, diagonal }), &[self])?;
        Ok(self.clone())
    }

    /// At least `min` and at most `max`, which are numbers or tensors; NaN stays.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![-1.0f32, 0.5, 2.0], [3], ops_cpu::cpu());
    /// assert_eq!(x.clamp(0, 1).to_vec::<f32>(), [0.0, 0.5, 1.0]);
    /// let low = Tensor::from_vec(vec![0.0f32, 1.0, 1.0], [3], ops_cpu::cpu());
    /// assert_eq!(x.clamp(&low, 1.5).to_vec::<f32>(), [0.0, 1.0, 1.5]);
    /// ```
    ///
    /// # Errors
    /// For `bool` tensors, or if shapes do not broadcast.
    pub fn clamp | try_clamp [A: IntoOperand, B: IntoOperand] (self, min: A, max: B) -> Tensor {
        let (min, max) = match (min.operand(), max.operand()) {
            (Operand::Number(min), Operand::Number(max)) => (Some(min), Some(max)),
            (min, max) => {
                let limited = Binary::Minimum.apply(&Binary::Maximum.apply(self, min)?, max)?;
                if limited.dtype() == DType::Bool {
                    bail!(DType, "\"clamp_cpu\" not implemented for 'Bool'");
                }
                return Ok(limited);
            }
        };
        let x = self.try_to_dtype(with_numbers(self.dtype(), &[min, max]))?;
        Tensor::apply(clamp_op(min, max)?, &[&x])
    }

    /// At least `min`, a number or a tensor; NaN stays.
    pub fn clamp_min | try_clamp_min [A: IntoOperand] (self, min: A) -> Tensor {
        let min = match min.operand() {
            Operand::Number(min) => Some(min),
            tensor => return Binary::Maximum.apply(self, tensor),
        };
        let x = self.try_to_dtype(with_numbers(self.dtype(), &[min]))?;
        Tensor::apply(clamp_op(min, None)?, &[&x])
    }

    /// At most `max`, a number or a tensor; NaN stays.
    pub fn clamp_max | try_clamp_max [A: IntoOperand] (self, max: A) -> Tensor {
        let max = match max.operand() {
            Operand::Number(max) => Some(max),
            tensor => return Binary::Minimum.apply(self, tensor),
        };
        let x = self.try_to_dtype(with_numbers(self.dtype(), &[max]))?;
        Tensor::apply(clamp_op(None, max)?, &[&x])
    }

    /// [`clamp`](Tensor::clamp) in place; returns the tensor itself.
    pub fn clamp_ | try_clamp_ [A: Into<Scalar>, B: Into<Scalar>] (self, min: A, max: B) -> Tensor {
        let (min, max) = (Some(min.into()), Some(max.into()));
        let dtype = with_numbers(self.dtype(), &[min, max]);
        if !can_cast(dtype, self.dtype()) {
            bail!(
                DType,
                "result type {} can't be cast to the desired output type {}",
                dtype.type_name(),
                self.dtype().cpp_name()
            );
        }
        self.write(clamp_op(min, max)?, &[self])?;
        Ok(self.clone())
    }

    /// `nan` instead of NaN, and `posinf` and `neginf` instead of the infinities; where these are not given, the dtype's
    /// largest and lowest number. Whole numbers stay.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![f32::NAN, f32::INFINITY, 1.0], [3], ops_cpu::cpu());
    /// assert_eq!(x.nan_to_num(0.0, Some(9.0), None).to_vec::<f32>(), [0.0, 9.0, 1.0]);
    /// ```
    pub fn nan_to_num | try_nan_to_num(self, nan: f64, posinf: Option<f64>, neginf: Option<f64>) -> Tensor {
        match nan_to_num_op(self.dtype(), nan, posinf, neginf) {
            Some(op) => Tensor::apply(op, &[self]),
            None => self.try_clone(),
        }
    }

    /// [`nan_to_num`](Tensor::nan_to_num) in place; returns the tensor itself.
    pub fn nan_to_num_ | try_nan_to_num_(self, nan: f64, posinf: Option<f64>, neginf: Option<f64>) -> Tensor {
        if let Some(op) = nan_to_num_op(self.dtype(), nan, posinf, neginf) {
            self.write(op, &[self])?;
        }
        Ok(self.clone())
    }
}

/// The operation; none where there is neither NaN nor infinity.
fn nan_to_num_op(dtype: DType, nan: f64, posinf: Option<f64>, neginf: Option<f64>) -> Option<Op> {
    let largest = match dtype {
        DType::F16 => storage::f16::MAX.to_f64(),
        DType::BF16 => storage::bf16::MAX.to_f64(),
        DType::F32 => f64::from(f32::MAX),
        DType::F64 => f64::MAX,
        DType::Bool | DType::U8 | DType::I8 | DType::I16 | DType::I32 | DType::I64 => return None,
    };
    let (posinf, neginf) = (posinf.unwrap_or(largest), neginf.unwrap_or(-largest));
    Some(Op::Select(Select::NanToNum { nan, posinf, neginf }))
}

fn operand_dtype(operand: &Operand<'_>) -> Option<DType> {
    match operand {
        Operand::Tensor(x) => Some(x.dtype()),
        Operand::Owned(x) => Some(x.dtype()),
        Operand::Number(_) => None,
    }
}

fn masked_fill_op(x: &Tensor, value: Scalar) -> Result<Op> {
    super::convert::check_fits(value, x.dtype())?;
    Ok(Op::Select(Select::MaskedFill(value)))
}
