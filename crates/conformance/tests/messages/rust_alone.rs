//! Misuses that Python has no words for: of Rust's types, and of sizes that `usize` alone can hold. What they say stands beside
//! them.

use crate::names::*;

misuses! {
    "to_vec of another dtype" DType: f([2]).to_vec::<i64>(), f([2]).try_to_vec::<i64>();
    "from_vec of too few" Shape: from_vec(vec![1, 2, 3], [2, 2]), Tensor::try_from_slice(&[1, 2, 3], [2, 2], cpu());
    "sizes beyond i64" Memory: zeros([usize::MAX, 2]), try_zeros_with([usize::MAX, 2], Options::new());
    "a size beyond i64 is no -1" Shape: f([2, 3]).reshape([usize::MAX, 2]), f([2, 3]).try_reshape([usize::MAX, 2]);
    "a position beyond i64 is no -1" Index: f([2, 3]).i(usize::MAX), f([2, 3]).try_i(usize::MAX);
    "a closed range to the last number" fine: f([2, 3]).i(0..=i64::MAX);
    "narrow by usize::MAX" Index: f([3]).narrow(0, 1, usize::MAX), f([3]).try_narrow(0, 1, usize::MAX);
    "split by usize::MAX" fine: f([3]).split(usize::MAX, 0);
    "chunk by usize::MAX" fine: f([3]).chunk(usize::MAX, 0);
    "as_strided from usize::MAX" Memory:
        f([3]).as_strided([2], [1], usize::MAX), f([3]).try_as_strided([2], [1], usize::MAX);
    "eye of usize::MAX" Memory: eye(usize::MAX), try_eye_with(usize::MAX, Options::new());
    "linspace of usize::MAX" Memory:
        linspace(0.0, 1.0, usize::MAX), try_linspace_with(0.0, 1.0, usize::MAX, Options::new());
    "multinomial of usize::MAX" Memory:
        multinomial(&f([3]), usize::MAX, true), try_multinomial(&f([3]), usize::MAX, true, &default_generator());
    "what a step beyond all bounds leaves" fine
        { let x = leaf([3, 2]); let y = (&x * 2.0).i(step(0..2, i64::MAX)); y.i(0).add_(1.0); }:
        (y.sum() + y.contiguous().sum() + y.unsqueeze(0).flip(..).sum() + (&y + 1.0).exp().sum()).backward();
    "as many dimensions as there may be" fine
        { let x = f([2]).view(many(2)).requires_grad_(true); let mask = x.gt(0.0); }:
        (x.i(&mask).sum() + x.sum_dim([0, 63], true).sum() + x.max_dim(63, true).values.squeeze() + x.flip(..).sum()).backward();
    "one dimension more in an index" Dim { let x = f([2]).view(many(2)); }: x.i((NewAxis, ..)), x.try_i((NewAxis, ..));
    "one dimension more in a stack" Dim { let x = [f([2]).view(many(2))]; }: stack(&x, 0), try_stack(&x, 0);
}

/// What the cases say; those that are fine say nothing.
pub const TEXTS: &[(&str, &str)] = &[
    ("to_vec of another dtype", "expected scalar type Long but found Float"),
    ("from_vec of too few", "shape '[2, 2]' is invalid for input of size 3"),
    ("sizes beyond i64", "Storage size calculation overflowed with sizes=[9223372036854775807, 2]"),
    ("a size beyond i64 is no -1", "shape '[9223372036854775807, 2]' is invalid for input of size 6"),
    ("a position beyond i64 is no -1", "index 9223372036854775807 is out of bounds for dimension 0 with size 2"),
    ("narrow by usize::MAX", "start (1) + length (18446744073709551615) exceeds dimension size (3)."),
    ("as_strided from usize::MAX", "Storage size calculation overflowed with sizes=[2] and strides=[1]"),
    ("eye of usize::MAX", "numel: integer multiplication overflow"),
    ("linspace of usize::MAX", "Storage size calculation overflowed with sizes=[18446744073709551615]"),
    ("one dimension more in an index", "only tensors with up to 64 dims are supported"),
    ("one dimension more in a stack", "only tensors with up to 64 dims are supported"),
    ("multinomial of usize::MAX", "Storage size calculation overflowed with sizes=[18446744073709551615]"),
];
