//! The dtypes under PyTorch's names, in lower case: `zeros_with([3], float64)`.
#![allow(non_upper_case_globals, reason = "these are PyTorch's names")]

use tensor_core::DType;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $dtype:ident;)*) => { $(
        $(#[$doc])*
        pub const $name: DType = DType::$dtype;
    )* };
}

names! {
    /// Truth values.
    bool_ = Bool;
    /// Unsigned 8-bit integers.
    uint8 = U8;
    /// Signed 8-bit integers.
    int8 = I8;
    /// Signed 16-bit integers.
    int16 = I16;
    /// Signed 32-bit integers.
    int32 = I32;
    /// Signed 64-bit integers: what whole-number literals become.
    int64 = I64;
    /// Half precision.
    float16 = F16;
    /// Brain float.
    bfloat16 = BF16;
    /// Single precision: the default.
    float32 = F32;
    /// Double precision.
    float64 = F64;
}
