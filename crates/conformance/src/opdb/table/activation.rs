//! Activations.

use super::table;
use tensor_core::op::activation::Approximate;

table! {
    "logit" => |a| a.x().logit(a.opt_float(1, "eps"));
    "nn.functional.celu" => |a| a.without(&["inplace"]).x().celu(a.float_or(1, "alpha", 1.0));
    "nn.functional.elu" => |a| a.without(&["inplace"]).x().elu(a.float_or(1, "alpha", 1.0));
    "nn.functional.gelu" => |a| {
        let tanh = a.text_or(1, "approximate", "none") == "tanh";
        a.x().gelu(if tanh { Approximate::Tanh } else { Approximate::None })
    };
    "nn.functional.glu" => |a| a.x().glu(a.int_or(1, "dim", -1));
    "nn.functional.hardshrink" => |a| a.x().hardshrink(a.float_or(1, "lambd", 0.5));
    "nn.functional.hardsigmoid" => |a| a.without(&["inplace"]).x().hardsigmoid();
    "nn.functional.hardswish" => |a| a.without(&["inplace"]).x().hardswish();
    "nn.functional.hardtanh" => |a| {
        let (low, high) = (a.float_or(1, "min_val", -1.0), a.float_or(2, "max_val", 1.0));
        a.without(&["inplace"]).x().hardtanh(low, high)
    };
    "nn.functional.leaky_relu" => |a| a.without(&["inplace"]).x().leaky_relu(a.float_or(1, "negative_slope", 0.01));
    "nn.functional.logsigmoid" => |a| a.x().logsigmoid();
    "nn.functional.mish" => |a| a.without(&["inplace"]).x().mish();
    "nn.functional.prelu" => |a| a.x().prelu(a.t(1, "weight"));
    "nn.functional.relu6" => |a| a.without(&["inplace"]).x().relu6();
    "nn.functional.selu" => |a| a.without(&["inplace"]).x().selu();
    "nn.functional.softplus" => |a| a.x().softplus(a.float_or(1, "beta", 1.0), a.float_or(2, "threshold", 20.0));
    "nn.functional.softshrink" => |a| a.x().softshrink(a.float_or(1, "lambd", 0.5));
    "nn.functional.softsign" => |a| a.x().softsign();
    "nn.functional.tanhshrink" => |a| a.x().tanhshrink();
    "nn.functional.threshold" => |a| a.x().threshold(a.float_or(1, "threshold", 0.0), a.float_or(2, "value", 0.0));
}
