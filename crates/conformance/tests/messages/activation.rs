//! Activations: dtypes that they cannot take, parameters outside of what they may be.

use crate::names::*;
use tensor_core::op::activation::Approximate;

misuses! {
    "torch.nn.functional.gelu(n(2))" DType: n([2]).gelu(Approximate::None), n([2]).try_gelu(Approximate::None);
    "torch.nn.functional.gelu(b(2))" DType: b([2]).gelu(Approximate::None), b([2]).try_gelu(Approximate::None);
    "torch.nn.functional.elu(n(2))" DType: n([2]).elu(1.0), n([2]).try_elu(1.0);
    "torch.nn.functional.elu(b(2))" DType: b([2]).elu(1.0), b([2]).try_elu(1.0);
    "torch.nn.functional.celu(n(2))" DType: n([2]).celu(1.0), n([2]).try_celu(1.0);
    "torch.nn.functional.celu(b(2))" DType: b([2]).celu(1.0), b([2]).try_celu(1.0);
    "torch.nn.functional.selu(n(2))" DType: n([2]).selu(), n([2]).try_selu();
    "torch.nn.functional.selu(b(2))" DType: b([2]).selu(), b([2]).try_selu();
    "torch.nn.functional.leaky_relu(n(2))" DType: n([2]).leaky_relu(0.01), n([2]).try_leaky_relu(0.01);
    "torch.nn.functional.leaky_relu(b(2))" DType: b([2]).leaky_relu(0.01), b([2]).try_leaky_relu(0.01);
    "torch.nn.functional.softplus(n(2))" DType: n([2]).softplus(1.0, 20.0), n([2]).try_softplus(1.0, 20.0);
    "torch.nn.functional.softplus(b(2))" DType: b([2]).softplus(1.0, 20.0), b([2]).try_softplus(1.0, 20.0);
    "torch.nn.functional.hardshrink(n(2))" DType: n([2]).hardshrink(0.5), n([2]).try_hardshrink(0.5);
    "torch.nn.functional.hardshrink(b(2))" DType: b([2]).hardshrink(0.5), b([2]).try_hardshrink(0.5);
    "torch.nn.functional.softshrink(n(2))" DType: n([2]).softshrink(0.5), n([2]).try_softshrink(0.5);
    "torch.nn.functional.softshrink(b(2))" DType: b([2]).softshrink(0.5), b([2]).try_softshrink(0.5);
    "torch.nn.functional.hardsigmoid(n(2))" DType: n([2]).hardsigmoid(), n([2]).try_hardsigmoid();
    "torch.nn.functional.hardsigmoid(b(2))" DType: b([2]).hardsigmoid(), b([2]).try_hardsigmoid();
    "torch.nn.functional.hardswish(n(2))" DType: n([2]).hardswish(), n([2]).try_hardswish();
    "torch.nn.functional.hardswish(b(2))" DType: b([2]).hardswish(), b([2]).try_hardswish();
    "torch.nn.functional.mish(n(2))" DType: n([2]).mish(), n([2]).try_mish();
    "torch.nn.functional.mish(b(2))" DType: b([2]).mish(), b([2]).try_mish();
    "torch.nn.functional.logsigmoid(n(2))" DType: n([2]).logsigmoid(), n([2]).try_logsigmoid();
    "torch.nn.functional.logsigmoid(b(2))" DType: b([2]).logsigmoid(), b([2]).try_logsigmoid();
    "torch.nn.functional.hardtanh(b(2))" DType: b([2]).hardtanh(-1.0, 1.0), b([2]).try_hardtanh(-1.0, 1.0);
    "torch.nn.functional.relu6(b(2))" DType: b([2]).relu6(), b([2]).try_relu6();
    "torch.nn.functional.softsign(b(2))" DType: b([2]).softsign(), b([2]).try_softsign();
    "torch.nn.functional.tanhshrink(b(2))" DType: b([2]).tanhshrink(), b([2]).try_tanhshrink();
    "torch.nn.functional.threshold(b(2), 1, 2)" DType: b([2]).threshold(1.0, 2.0), b([2]).try_threshold(1.0, 2.0);
    "torch.nn.functional.threshold(n(2).to(uint8), 0.5, -2.0)" Value: n([2]).to_dtype(uint8).threshold(0.5, -2.0), n([2]).to_dtype(uint8).try_threshold(0.5, -2.0);
    "torch.nn.functional.softshrink(f(2), -1)" Value: f([2]).softshrink(-1.0), f([2]).try_softshrink(-1.0);
    "torch.nn.functional.softshrink(f(2).to(float16), -0.5)" Value: f([2]).to_dtype(float16).softshrink(-0.5), f([2]).to_dtype(float16).try_softshrink(-0.5);
    "torch.nn.functional.celu(f(2), 0)" Value: f([2]).celu(0.0), f([2]).try_celu(0.0);
    "torch.nn.functional.hardtanh(f(2), 2, 1)" Value: f([2]).hardtanh(2.0, 1.0), f([2]).try_hardtanh(2.0, 1.0);
    "torch.nn.functional.glu(f(3))" Shape: f([3]).glu(-1), f([3]).try_glu(-1);
    "torch.nn.functional.glu(f())" Shape: f([]).glu(-1), f([]).try_glu(-1);
    "torch.nn.functional.glu(f(2), 1)" Dim: f([2]).glu(1), f([2]).try_glu(1);
    "torch.nn.functional.glu(n(2))" DType: n([2]).glu(-1), n([2]).try_glu(-1);
    "torch.nn.functional.prelu(f(2, 3), f(2))" Shape: f([2, 3]).prelu(&f([2])), f([2, 3]).try_prelu(&f([2]));
    "torch.nn.functional.prelu(f(2, 3), f(3, 1))" Shape: f([2, 3]).prelu(&f([3, 1])), f([2, 3]).try_prelu(&f([3, 1]));
    "torch.nn.functional.prelu(f(), f(3))" Shape: f([]).prelu(&f([3])), f([]).try_prelu(&f([3]));
    "torch.nn.functional.prelu(f(3), f(3))" Shape: f([3]).prelu(&f([3])), f([3]).try_prelu(&f([3]));
    "torch.nn.functional.prelu(f(3), f(1).to(float64))" DType: f([3]).prelu(&f([1]).to_dtype(float64)), f([3]).try_prelu(&f([1]).to_dtype(float64));
    "torch.nn.functional.prelu(n(3), n(1))" DType: n([3]).prelu(&n([1])), n([3]).try_prelu(&n([1]));
}
