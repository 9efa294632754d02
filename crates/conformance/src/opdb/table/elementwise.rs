//! Functions of elements, choices between values, and conversions.

use super::table;
use crate::opdb::Args;
use tensor_core::op::Rounding;
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
    "addcdiv" => |a| a.x().addcdiv(a.t(1, "tensor1"), a.t(2, "tensor2"), a.opt_scalar(3, "value").unwrap_or(Scalar::Int(1)));
    "addcmul" => |a| a.x().addcmul(a.t(1, "tensor1"), a.t(2, "tensor2"), a.opt_scalar(3, "value").unwrap_or(Scalar::Int(1)));
    "allclose" => |a| {
        let (rtol, atol) = (a.float_or(2, "rtol", 1e-5), a.float_or(3, "atol", 1e-8));
        a.x().allclose(a.t(1, "other"), rtol, atol, a.bool_or(4, "equal_nan", false))
    };
    "bitwise_left_shift" => |a| a.x().bitwise_left_shift(a.operand(1, "other"));
    "bitwise_right_shift" => |a| a.x().bitwise_right_shift(a.operand(1, "other"));
    "clamp" => |a| match (a.has(1, "min"), a.has(2, "max")) {
        (true, true) => a.x().clamp(a.operand(1, "min"), a.operand(2, "max")),
        (true, false) => a.x().clamp_min(a.operand(1, "min")),
        (false, _) => a.x().clamp_max(a.operand(2, "max")),
    };
    "clamp_max" => |a| a.x().clamp_max(a.operand(1, "max"));
    "clamp_min" => |a| a.x().clamp_min(a.operand(1, "min"));
    "copysign" => |a| a.x().copysign(a.operand(1, "other"));
    "deg2rad" => |a| a.x().deg2rad();
    "digamma" => |a| a.x().digamma();
    "div" => |a| match a.opt_text(2, "rounding_mode") {
        Some("trunc") => a.x().div_rounded(a.operand(1, "other"), Rounding::Trunc),
        Some("floor") => a.x().div_rounded(a.operand(1, "other"), Rounding::Floor),
        _ => a.x().div(a.operand(1, "other")),
    };
    "equal" => |a| a.x().equal(a.t(1, "other"));
    "erfinv" => |a| a.x().erfinv();
    "float_power" => |a| a.x().float_power(a.operand(1, "exponent"));
    "fmax" => |a| a.x().fmax(a.operand(1, "other"));
    "fmin" => |a| a.x().fmin(a.operand(1, "other"));
    "gcd" => |a| a.x().gcd(a.operand(1, "other"));
    "heaviside" => |a| a.x().heaviside(a.operand(1, "values"));
    "hypot" => |a| a.x().hypot(a.operand(1, "other"));
    "isclose" => |a| {
        let (rtol, atol) = (a.float_or(2, "rtol", 1e-5), a.float_or(3, "atol", 1e-8));
        a.x().isclose(a.t(1, "other"), rtol, atol, a.bool_or(4, "equal_nan", false))
    };
    "isneginf" => |a| a.x().isneginf();
    "isposinf" => |a| a.x().isposinf();
    "isreal" => |a| a.x().isreal();
    "lcm" => |a| a.x().lcm(a.operand(1, "other"));
    "ldexp" => |a| a.x().ldexp(a.t(1, "other"));
    "lerp" => |a| a.x().lerp(a.t(1, "end"), a.operand(2, "weight"));
    "lgamma" => |a| a.x().lgamma();
    "logaddexp" => |a| a.x().logaddexp(a.operand(1, "other"));
    "logaddexp2" => |a| a.x().logaddexp2(a.operand(1, "other"));
    "nan_to_num" => |a| {
        a.x().nan_to_num(a.float_or(1, "nan", 0.0), a.opt_float(2, "posinf"), a.opt_float(3, "neginf"))
    };
    "nextafter" => |a| a.x().nextafter(a.operand(1, "other"));
    "polygamma" => |a| a.x().polygamma(a.int(1, "n"));
    "positive" => |a| a.x().positive();
    "rad2deg" => |a| a.x().rad2deg();
    "round" => |a| match a.opt_int(1, "decimals") {
        Some(decimals) => a.x().round_decimals(decimals as i32),
        None => a.x().round(),
    };
    "rsub" => |a| a.x().rsub(a.operand(1, "other"), a.opt_scalar(2, "alpha").unwrap_or(Scalar::Int(1)));
    "sgn" => |a| a.x().sgn();
    "signbit" => |a| a.x().signbit();
    "sinc" => |a| a.x().sinc();
    "special.polygamma" => |a| a.x().polygamma(a.int(1, "n"));
    "special.zeta" => |a| a.x().special_zeta(a.operand(1, "other"));
    "square" => |a| a.x().square();
    "xlogy" => |a| a.x().xlogy(a.operand(1, "other"));
    "fill" => |a| a.x().clone_().fill_(a.scalar(1, "value"));
}
