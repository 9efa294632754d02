//! Conversions.

use crate::samples::*;
use autograd::{Gradient, Tolerance, gradcheck};
use tensor_core::op::Convert;
use tensor_core::{DType, Op, Scalar, Tensor, or_panic};

/// One of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Convert; 6] = [
    Convert::Cast(DType::F32),
    Convert::Clone,
    Convert::Contiguous,
    Convert::Copy,
    Convert::Move,
    Convert::Fill(Scalar::Float(2.5)),
];

#[test]
fn every_conversion() {
    for op in KINDS {
        for form in FORMS {
            let x = sample(&[2, 3], form, -1.0..1.0, 31);
            match op {
                Convert::Cast(_) => {
                    // There and back: differences of float32 are coarse.
                    let loose = Tolerance { eps: 1e-2, atol: 1e-3, rtol: 1e-3 };
                    let f = |x: &[Tensor]| (x[0].to_dtype(DType::F32) * 3.0).to_dtype(DType::F64);
                    gradcheck(f, &[x], loose).unwrap();
                }
                Convert::Clone | Convert::Contiguous | Convert::Move => {
                    check(&format!("{op:?}"), |x| or_panic(Tensor::apply(Op::Convert(op), &[&x[0]])).sin(), &[x]);
                }
                Convert::Copy => {
                    let target = |x: &Tensor| Tensor::try_full_on(x.shape(), 0.0, DType::F64, x.device()).unwrap();
                    check("copy_", |x| target(&x[0]).copy_(&x[0]).sin(), &[x.clone()]);
                    check("copy_ over a watched tensor", |x| x[0].sin().copy_(&(&x[0] * 2.0)), &[x.clone()]);
                    check("copy_, broadcast", |x| target(&x[0]).copy_(&x[0].select(0, 1)).exp(), &[x]);
                }
                Convert::Fill(number) => {
                    check("fill_", |x| &x[0].sin().fill_(number) * &x[0], &[x]);
                }
            }
        }
    }
}

#[test]
fn halves_pass_gradients_too() {
    for dtype in [DType::F16, DType::BF16, DType::F32] {
        let x = any(&[3]);
        (x.to_dtype(dtype) * 4.0).sum().backward();
        let grad = x.grad().unwrap();
        assert_eq!((grad.dtype(), grad.to_vec::<f64>()), (DType::F64, vec![4.0; 3]));
    }
    for dtype in DType::ALL.iter().filter(|dtype| !dtype.is_floating_point()) {
        assert!(!any(&[3]).to_dtype(*dtype).requires_grad());
    }
}
