//! Elements brought to a common scale.

use super::table;
use crate::opdb::Args;
use tensor_core::Tensor;
use tensor_core::op::norm::BatchNorm;

/// The input in the dtype that is asked for, if one is.
fn typed(a: &Args, i: usize) -> Tensor {
    match a.opt_dtype(i, "dtype") {
        Some(dtype) => a.x().to_dtype(dtype),
        None => a.x().clone(),
    }
}

fn sizes(a: &Args) -> Vec<i64> {
    a.ints(1, "normalized_shape")
}

/// What batch and instance normalization take by name; running statistics are written, so they are copies.
fn batched(a: &Args, training: &str, default: bool) -> Tensor {
    let running = |i, name| a.opt_t(i, name).map(|x| x.detach().clone_());
    let (mean, variance) = (running(1, "running_mean"), running(2, "running_var"));
    let options = BatchNorm {
        weight: a.opt_t(3, "weight"),
        bias: a.opt_t(4, "bias"),
        training: a.bool_or(5, training, default),
        momentum: a.float_or(6, "momentum", 0.1),
        eps: a.float_or(7, "eps", 1e-5),
    };
    if training == "training" {
        return a.x().batch_norm(mean.as_ref(), variance.as_ref(), options);
    }
    a.x().instance_norm(mean.as_ref(), variance.as_ref(), options)
}

table! {
    "log_softmax" => |a| typed(a, 2).log_softmax(a.int(1, "dim"));
    "logsumexp" => |a| a.x().logsumexp(a.ints(1, "dim"), a.bool_or(2, "keepdim", false));
    "nn.functional.batch_norm" => |a| match a.x().ndim() {
        // PyTorch takes a vector without elements and returns it.
        0 | 1 => a.refuse("batch_norm of a vector"),
        _ => batched(a, "training", false),
    };
    "nn.functional.group_norm" => |a| {
        let (weight, bias) = (a.opt_t(2, "weight"), a.opt_t(3, "bias"));
        a.x().group_norm(a.int(1, "num_groups") as usize, weight, bias, a.float_or(4, "eps", 1e-5))
    };
    "nn.functional.instance_norm" => |a| batched(a, "use_input_stats", true);
    "nn.functional.layer_norm" => |a| {
        if a.x().numel() == 1 {
            a.refuse("a row of one element, whose gradient is zero here and rounding noise in PyTorch");
        }
        a.x().layer_norm(sizes(a), a.opt_t(2, "weight"), a.opt_t(3, "bias"), a.float_or(4, "eps", 1e-5))
    };
    "nn.functional.local_response_norm" => |a| {
        let (alpha, beta, k) = (a.float_or(2, "alpha", 1e-4), a.float_or(3, "beta", 0.75), a.float_or(4, "k", 1.0));
        a.x().local_response_norm(a.int(1, "size") as usize, alpha, beta, k)
    };
    "nn.functional.rms_norm" => |a| a.x().rms_norm(sizes(a), a.opt_t(2, "weight"), a.opt_float(3, "eps"));
    "nn.functional.softmin" => |a| typed(a, 3).softmin(a.int(1, "dim"));
    "softmax" => |a| typed(a, 2).softmax(a.int(1, "dim"));
}
