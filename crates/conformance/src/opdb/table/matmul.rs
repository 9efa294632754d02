//! Products.

use super::table;

table! {
    "bmm" => |a| a.x().bmm(a.t(1, "mat2"));
    "dot" => |a| a.x().dot(a.t(1, "tensor"));
    "matmul" => |a| a.x().matmul(a.t(1, "other"));
    "mm" => |a| a.x().mm(a.t(1, "mat2"));
    "mv" => |a| a.x().mv(a.t(1, "vec"));
    "__rmatmul__" => |a| a.t(1, "other").matmul(a.x());
}
