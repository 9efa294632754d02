//! Random fills and noise. They have PyTorch's numbers, because each case starts from the same seed.

use super::table;
use sconce::{Fill, Noise};

table! {
    "cauchy" => |a| a.x().clone_().cauchy_(a.float_or(1, "median", 0.0), a.float_or(2, "sigma", 1.0));
    "exponential" => |a| a.x().clone_().exponential_(a.float_or(1, "lambd", 1.0));
    "geometric" => |a| a.x().clone_().geometric_(a.float_or(1, "p", 0.5));
    "log_normal" => |a| a.x().clone_().log_normal_(a.float_or(1, "mean", 1.0), a.float_or(2, "std", 2.0));
    "nn.functional.alpha_dropout" => |a| {
        let (p, training) = (a.float_or(1, "p", 0.5), a.bool_or(2, "training", false));
        a.without(&["inplace"]).x().alpha_dropout(p, training)
    };
    "nn.functional.dropout" => |a| {
        let (p, training) = (a.float_or(1, "p", 0.5), a.bool_or(2, "training", true));
        a.without(&["inplace"]).x().dropout(p, training)
    };
    "nn.functional.dropout2d" => |a| {
        let (p, training) = (a.float_or(1, "p", 0.5), a.bool_or(2, "training", true));
        a.without(&["inplace"]).x().dropout2d(p, training)
    };
    "nn.functional.dropout3d" => |a| {
        let (p, training) = (a.float_or(1, "p", 0.5), a.bool_or(2, "training", true));
        a.without(&["inplace"]).x().dropout3d(p, training)
    };
    "nn.functional.feature_alpha_dropout" => |a| {
        let (p, training) = (a.float_or(1, "p", 0.5), a.bool_or(2, "training", false));
        a.without(&["inplace"]).x().feature_alpha_dropout(p, training)
    };
    "nn.functional.rrelu" => |a| {
        let (lower, upper) = (a.float_or(1, "lower", 1.0 / 8.0), a.float_or(2, "upper", 1.0 / 3.0));
        let training = a.bool_or(3, "training", false);
        a.without(&["inplace"]).x().rrelu(lower, upper, training)
    };
    "uniform" => |a| a.x().clone_().uniform_(a.float_or(1, "from", 0.0), a.float_or(2, "to", 1.0));
}
