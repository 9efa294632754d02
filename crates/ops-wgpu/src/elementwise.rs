//! What element-wise families share: the functions that their expressions may use, and how an expression becomes one. How operands
//! lie is for `map.rs`, what a function is for its family's file.

use crate::element::{Kind, is_nonzero};
use crate::gpu::Gpu;
use crate::{activation, binary, long};
use storage::DType;

/// The functions that expressions may use, with T the kind that is computed in.
pub(crate) fn prelude(gpu: &Gpu, kind: Kind, dtype: DType) -> String {
    if long::is_narrow(gpu, kind) {
        return long::prelude();
    }
    let mut text = format!(
        "alias T = {};\nfn nonzero(x: T) -> bool {{ return {}; }}\nfn width() -> i32 {{ return {}; }}\n",
        kind.name(),
        is_nonzero("x", kind),
        dtype.size() * 8
    );
    text += activation::LIMITED;
    match kind {
        Kind::F32 => {
            text += crate::MATH;
            text += activation::CURVES;
        }
        Kind::I32 | Kind::I64 => text += binary::WHOLE,
        Kind::F64 => {
            text += crate::MATH_DOUBLE;
            text += activation::CURVES;
        }
    }
    text
}

/// The function `f` of `parameters` that gives `expression`, as a truth value or as a number.
pub(crate) fn function(parameters: &[&str], kind: Kind, test: bool, expression: &str) -> String {
    let parameters: Vec<String> = parameters.iter().map(|name| format!("{name}: {}", kind.name())).collect();
    let (result, expression) = match test {
        true => ("i32", format!("select(0i, 1i, {expression})")),
        false => (kind.name(), expression.to_string()),
    };
    format!("fn f({}) -> {result} {{ return {expression}; }}\n", parameters.join(", "))
}

/// What a function's results are given in: truths as whole numbers.
pub(crate) fn result_kind(test: bool, kind: Kind) -> Kind {
    if test { Kind::I32 } else { kind }
}
