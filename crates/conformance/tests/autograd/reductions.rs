//! Conversions, reductions, products, and a few chains of them.

use crate::Case;
use tensor_core::{DType, Tensor};

fn zeros(shape: &[usize]) -> Tensor {
    tensor_core::or_panic(Tensor::try_full_on(shape, 0.0, DType::F32, ops_cpu::cpu()))
}

/// The distances of each row from its largest element, as powers of e.
fn shifted_exp(x: &Tensor) -> Tensor {
    (x - x.amax(1, true)).exp()
}

pub const CASES: &[Case] = &[
    ("clone", |x| x[0].clone_()),
    ("contiguous", |x| x[0].t().contiguous()),
    ("to float64", |x| x[0].to_dtype(DType::F64)),
    ("to float16", |x| x[0].to_dtype(DType::F16)),
    ("fill_", |x| (&x[0] * 1).fill_(2.0)),
    ("copy_", |x| zeros(&[2, 2, 3]).copy_(&x[0])),
    ("copy_ over", |x| (&x[0] * 1).copy_(&x[1])),
    ("sum", |x| x[0].sum()),
    ("sum dim", |x| x[0].sum_dim(1, false)),
    ("sum keepdim", |x| x[0].sum_dim(1, true)),
    ("sum dims", |x| x[0].sum_dim([0, 2], false)),
    ("sum all dims", |x| x[0].sum_dim([0, 1, 2], false)),
    ("mean", |x| x[0].mean()),
    ("mean dim", |x| x[0].mean_dim(1, false)),
    ("mean keepdim", |x| x[0].mean_dim(1, true)),
    ("mean dims", |x| x[0].mean_dim([0, 2], false)),
    ("mean all dims", |x| x[0].mean_dim([0, 1, 2], false)),
    ("amax dims", |x| x[0].amax([0, 2], false)),
    ("amax all dims", |x| x[0].amax([0, 1, 2], false)),
    ("amin dims", |x| x[0].amin([0, 2], false)),
    ("amin all dims", |x| x[0].amin([0, 1, 2], false)),
    ("prod", |x| x[0].prod()),
    ("prod dim", |x| x[0].prod_dim(1, false)),
    ("prod keepdim", |x| x[0].prod_dim(1, true)),
    ("std", |x| x[0].std()),
    ("std dim", |x| x[0].std_dim(1, 1.0, false)),
    ("std keepdim", |x| x[0].std_dim(1, 1.0, true)),
    ("var", |x| x[0].var()),
    ("var dim", |x| x[0].var_dim(1, 1.0, false)),
    ("var keepdim", |x| x[0].var_dim(1, 1.0, true)),
    ("var correction", |x| x[0].var_dim(1, 0.0, false)),
    ("max", |x| x[0].max()),
    ("min", |x| x[0].min()),
    ("max dim", |x| x[0].max_dim(1, false).values),
    ("max dim keepdim", |x| x[0].max_dim(1, true).values),
    ("min dim", |x| x[0].min_dim(0, false).values),
    ("mm", |x| x[0].mm(&x[1])),
    ("bmm", |x| x[0].bmm(&x[1])),
    ("mv", |x| x[0].mv(&x[1])),
    ("dot", |x| x[0].dot(&x[1])),
    ("matmul 1 1", |x| x[0].matmul(&x[1])),
    ("matmul 1 2", |x| x[0].matmul(&x[1])),
    ("matmul 2 1", |x| x[0].matmul(&x[1])),
    ("matmul 2 2", |x| x[0].matmul(&x[1])),
    ("matmul 3 1", |x| x[0].matmul(&x[1])),
    ("matmul 1 3", |x| x[0].matmul(&x[1])),
    ("matmul 3 2", |x| x[0].matmul(&x[1])),
    ("matmul 3 3", |x| x[0].matmul(&x[1])),
    ("matmul 4 3", |x| x[0].matmul(&x[1])),
    ("linear", |x| (x[0].matmul(&x[1].t()) + &x[2]).relu()),
    ("softmax", |x| shifted_exp(&x[0]) / shifted_exp(&x[0]).sum_dim(1, true)),
    ("cross entropy", |x| {
        let classes = Tensor::from_vec(vec![1i64, 0, 2], [3, 1], ops_cpu::cpu());
        -(&x[0] - x[0].exp().sum_dim(1, true).log()).gather(1, &classes).mean()
    }),
    ("normalized", |x| (&x[0] - x[0].mean_dim(0, false)) / (x[0].var_dim(0, 0.0, false) + 1e-5).sqrt()),
];
