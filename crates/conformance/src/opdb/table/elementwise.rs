//! Functions of elements, choices between values, and conversions.

use super::table;
use crate::opdb::Args;
use tensor_core::{DType, Operand, Scalar, Tensor};

/// The second operand times `alpha`.
fn scaled<'a>(a: &'a Args) -> Operand<'a> {
    match (a.operand(1, "other"), a.opt_scalar(2, "alpha")) {
        (other, None) => other,
        (Operand::Tensor(x), Some(alpha)) => Operand::Owned(x.mul(alpha)),
        (Operand::Number(x), Some(alpha)) => Operand::Number(product(x, alpha)),
        (Operand::Owned(_), Some(_)) => unreachable!("operands are borrowed"),
    }
}

fn product(a: Scalar, b: Scalar) -> Scalar {
    match (a, b) {
        (Scalar::Float(_), _) | (_, Scalar::Float(_)) => Scalar::Float(a.to_f64() * b.to_f64()),
        (Scalar::Int(_) | Scalar::Bool(_), Scalar::Int(_) | Scalar::Bool(_)) => Scalar::Int(a.to_i64() * b.to_i64()),
    }
}

fn cast(a: &Args, dtype: DType) -> Tensor {
    a.without(&["memory_format"]).x().to_dtype(dtype)
}

table! {
    "abs" => |a| a.x().abs();
    "acos" => |a| a.x().acos();
    "acosh" => |a| a.x().acosh();
    "asin" => |a| a.x().asin();
    "asinh" => |a| a.x().asinh();
    "atan" => |a| a.x().atan();
    "atanh" => |a| a.x().atanh();
    "bitwise_not" => |a| a.x().bitwise_not();
    "ceil" => |a| a.x().ceil();
    "cos" => |a| a.x().cos();
    "cosh" => |a| a.x().cosh();
    "erf" => |a| a.x().erf();
    "erfc" => |a| a.x().erfc();
    "exp" => |a| a.x().exp();
    "exp2" => |a| a.x().exp2();
    "expm1" => |a| a.x().expm1();
    "floor" => |a| a.x().floor();
    "frac" => |a| a.x().frac();
    "isfinite" => |a| a.x().isfinite();
    "isinf" => |a| a.x().isinf();
    "isnan" => |a| a.x().isnan();
    "log" => |a| a.x().log();
    "log10" => |a| a.x().log10();
    "log1p" => |a| a.x().log1p();
    "log2" => |a| a.x().log2();
    "logical_not" => |a| a.x().logical_not();
    "neg" => |a| a.x().neg();
    "reciprocal" => |a| a.x().reciprocal();
    "rsqrt" => |a| a.x().rsqrt();
    "sigmoid" => |a| a.x().sigmoid();
    "sign" => |a| a.x().sign();
    "sin" => |a| a.x().sin();
    "sinh" => |a| a.x().sinh();
    "sqrt" => |a| a.x().sqrt();
    "tan" => |a| a.x().tan();
    "tanh" => |a| a.x().tanh();
    "trunc" => |a| a.x().trunc();
    "nn.functional.relu" => |a| a.without(&["inplace"]).x().relu();
    "nn.functional.silu" => |a| a.without(&["inplace"]).x().silu();
    "atan2" => |a| a.x().atan2(a.operand(1, "other"));
    "bitwise_and" => |a| a.x().bitwise_and(a.operand(1, "other"));
    "bitwise_or" => |a| a.x().bitwise_or(a.operand(1, "other"));
    "bitwise_xor" => |a| a.x().bitwise_xor(a.operand(1, "other"));
    "eq" => |a| a.x().eq(a.operand(1, "other"));
    "floor_divide" => |a| a.x().floor_divide(a.operand(1, "other"));
    "fmod" => |a| a.x().fmod(a.operand(1, "other"));
    "ge" => |a| a.x().ge(a.operand(1, "other"));
    "gt" => |a| a.x().gt(a.operand(1, "other"));
    "le" => |a| a.x().le(a.operand(1, "other"));
    "logical_and" => |a| a.x().logical_and(a.operand(1, "other"));
    "logical_or" => |a| a.x().logical_or(a.operand(1, "other"));
    "logical_xor" => |a| a.x().logical_xor(a.operand(1, "other"));
    "lt" => |a| a.x().lt(a.operand(1, "other"));
    "maximum" => |a| a.x().maximum(a.operand(1, "other"));
    "minimum" => |a| a.x().minimum(a.operand(1, "other"));
    "mul" => |a| a.x().mul(a.operand(1, "other"));
    "ne" => |a| a.x().ne(a.operand(1, "other"));
    "pow" => |a| a.x().pow(a.operand(1, "other"));
    "remainder" => |a| a.x().remainder(a.operand(1, "other"));
    "true_divide" => |a| a.x().div(a.operand(1, "other"));
    "add" => |a| a.x().add(scaled(a));
    "sub" => |a| a.x().sub(scaled(a));
    "where" => |a| a.t(1, "condition").where_(a.x(), a.operand(2, "other"));
    "masked_fill" => |a| match a.opt_scalar(2, "value") {
        Some(value) => a.x().masked_fill(a.t(1, "mask"), value),
        None => a.t(1, "mask").where_(a.t(2, "value").to_dtype(a.x().dtype()), a.x()),
    };
    "clone" => |a| a.without(&["memory_format"]).x().clone_();
    "contiguous" => |a| a.without(&["memory_format"]).x().contiguous();
    "bfloat16" => |a| cast(a, DType::BF16);
    "bool" => |a| cast(a, DType::Bool);
    "byte" => |a| cast(a, DType::U8);
    "char" => |a| cast(a, DType::I8);
    "double" => |a| cast(a, DType::F64);
    "float" => |a| cast(a, DType::F32);
    "half" => |a| cast(a, DType::F16);
    "int" => |a| cast(a, DType::I32);
    "long" => |a| cast(a, DType::I64);
    "short" => |a| cast(a, DType::I16);
    "fill" => |a| a.x().clone_().fill_(a.scalar(1, "value"));
}
