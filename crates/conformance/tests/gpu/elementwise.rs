//! Element-wise families: every function, dtype and layout, forward and gradient, drawn by proptest.

use super::{compare, computes, gpu};
use conformance::samples;
use proptest::prelude::*;
use sconce::{DType, Tensor};

#[test]
fn placeholder() {
    _ = (compare, computes, gpu);
}
