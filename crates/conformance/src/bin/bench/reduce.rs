//! Many elements into one, over everything, rows and columns; running totals, order, and rows brought to a common scale, with
//! their gradients.

use crate::measure::{Bench, Work, floats, forward_and_back, parameter};
use sconce::prelude::*;
use tensor_core::op::CrossEntropy;

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let mut case = |name: &str, shape: &[usize], call: fn(&Tensor) -> Tensor| {
        bench.case(&format!("reduce/{name}"), floats(shape.iter().product()), || {
            let a = rand(shape);
            move || call(&a)
        });
    };
    case("sum_all_16M", &[1 << 24], |a| a.sum());
    case("sum_all_1M", &[1 << 20], |a| a.sum());
    case("sum_dim0_4096", &[4096, 4096], |a| a.sum_dim(0, false));
    case("sum_dim1_4096", &[4096, 4096], |a| a.sum_dim(1, false));
    case("amax_dim0_4096", &[4096, 4096], |a| a.amax(0, false));
    case("max_dim1_idx_4096", &[4096, 4096], |a| a.max_dim(1, false).values);
    case("argmax_dim1_4096", &[4096, 4096], |a| a.argmax_dim(1, false));
    case("mean_dim1_4096x1024", &[4096, 1024], |a| a.mean_dim(1, false));
    case("var_dim1_4096x1024", &[4096, 1024], |a| a.var_dim(1, 1.0, false));
    let mut rows = |name: &str, work: Work, call: fn(&Tensor) -> Tensor| {
        bench.case(&format!("reduce/{name}"), work, || {
            let a = rand([4096, 1024]);
            move || call(&a)
        });
    };
    let pass = floats(2 * 4096 * 1024);
    rows("softmax_4096x1024", pass, |a| a.softmax(-1));
    rows("log_softmax_4096x1024", pass, |a| a.log_softmax(-1));
    rows("cumsum_dim1_4096x1024", pass, |a| a.cumsum(1));
    let mut square = |name: &str, call: fn(&Tensor) -> Tensor| {
        bench.case(&format!("reduce/{name}"), floats(0), || {
            let a = rand([1024, 1024]);
            move || call(&a)
        });
    };
    square("sort_1024x1024", |a| a.sort(1, false).values);
    square("topk10_1024x1024", |a| a.topk(10, 1, true).values);
    square("unique_1M", |a| a.unique());
    bench.case("reduce/layer_norm_4096x1024", pass, || {
        let (a, w, b) = (rand([4096, 1024]), ones([1024]), zeros([1024]));
        move || a.layer_norm([1024], Some(&w), Some(&b), 1e-5)
    });
    // Forward: read, write; backward: the gradient and the input or output, and the input's gradient.
    let both = floats(5 * 4096 * 1024);
    bench.case("reduce/layer_norm_fwdbwd_4096x1024", both, || {
        let (a, w, b) = (parameter(&[4096, 1024]), parameter(&[1024]), parameter(&[1024]));
        let g = rand([4096, 1024]);
        forward_and_back([a, w, b], g, |[a, w, b]| a.layer_norm([1024], Some(w), Some(b), 1e-5))
    });
    bench.case("reduce/softmax_fwdbwd_4096x1024", both, || {
        forward_and_back([parameter(&[4096, 1024])], rand([4096, 1024]), |[a]| a.softmax(-1))
    });
    // The gradient is the only matrix that is written.
    bench.case("reduce/cross_entropy_fwdbwd_4096x1024", floats(3 * 4096 * 1024), || {
        let target = randint(0, 1024, [4096]);
        forward_and_back([parameter(&[4096, 1024])], ones(()), move |[a]| {
            a.cross_entropy(&target, CrossEntropy::default())
        })
    });
    bench.case("reduce/sum_fwdbwd_4096x1024", pass, || {
        forward_and_back([parameter(&[4096, 1024])], rand([4096]), |[a]| a.sum_dim(1, false))
    });
}
