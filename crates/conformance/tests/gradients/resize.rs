//! Images in other sizes, and their gradients.

use crate::samples::*;
use tensor_core::op::resize::{Kind, Resize, Resizing};
use tensor_core::op::{Interpolate, InterpolateMode, Op};
use tensor_core::{Tensor, or_panic};

#[test]
fn every_kind() {
    // Matches have no wildcard: a new kind needs a sample.
    for kind in [Kind::Nearest, Kind::NearestExact, Kind::Linear, Kind::Cubic] {
        let align = match kind {
            Kind::Nearest | Kind::NearestExact => false,
            Kind::Linear | Kind::Cubic => true,
        };
        for (align, scale) in [(false, 0.0), (align, 0.0), (false, 1.7)] {
            for size in [[3, 4, 0], [6, 7, 0], [4, 2, 0]] {
                let resizing = Resizing { scale, size, dims: 2, kind, align };
                for op in [Resize::Forward(resizing), Resize::Gradient(resizing)] {
                    let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Resize(op), &[&x[0]]));
                    check(&format!("{op:?}"), f, &[any(&[1, 2, 3, 4])]);
                }
            }
        }
    }
}

#[test]
fn every_mode() {
    let modes = [
        (InterpolateMode::Nearest, 4),
        (InterpolateMode::NearestExact, 5),
        (InterpolateMode::Linear, 3),
        (InterpolateMode::Bilinear, 4),
        (InterpolateMode::Trilinear, 5),
        (InterpolateMode::Bicubic, 4),
        (InterpolateMode::Area, 5),
    ];
    for (mode, rank) in modes {
        let shape = &[1, 2, 3, 2, 3][..rank];
        let by_factor = Interpolate { scale_factor: Some(1.5.into()), mode, ..Interpolate::default() };
        let by_size = Interpolate { size: Some(4.into()), mode, ..Interpolate::default() };
        for options in [by_factor, by_size] {
            for form in FORMS {
                check(&format!("{mode:?}"), |x| x[0].interpolate(options), &[sample(shape, form, -1.0..1.0, 73)]);
            }
        }
    }
    let mode = InterpolateMode::Bilinear;
    let apart = Interpolate { scale_factor: Some([1.5, 2.2].into()), mode, ..Interpolate::default() };
    check("factors that differ", |x| x[0].interpolate(apart), &[any(&[1, 2, 3, 4])]);
    check("upsample_bilinear", |x| x[0].upsample_bilinear(Some(5.into()), None), &[any(&[1, 1, 2, 3])]);
    check("upsample_nearest", |x| x[0].upsample_nearest(None, Some(2.0.into())), &[any(&[1, 1, 2, 3])]);
}
