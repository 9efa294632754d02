//! Images in other sizes, and read at the places of a grid.

use super::table;
use crate::opdb::Args;
use tensor_core::op::sample::{SampleMode, SamplePadding};
use tensor_core::op::{GridSample, Interpolate, InterpolateMode, ScaleFactor};
use tensor_core::{DType, Spatial, Tensor};

fn size(a: &Args) -> Option<Spatial> {
    a.opt_ints(1, "size").map(|list| match list[..] {
        [h, w] => [h, w].into(),
        [d, h, w] => [d, h, w].into(),
        _ => list[0].into(),
    })
}

fn factor(a: &Args) -> Option<ScaleFactor> {
    a.opt_floats(2, "scale_factor").map(|list| match list[..] {
        [h, w] => [h, w].into(),
        [d, h, w] => [d, h, w].into(),
        _ => list[0].into(),
    })
}

const MODES: [(&str, InterpolateMode); 7] = [
    ("nearest", InterpolateMode::Nearest),
    ("nearest-exact", InterpolateMode::NearestExact),
    ("linear", InterpolateMode::Linear),
    ("bilinear", InterpolateMode::Bilinear),
    ("trilinear", InterpolateMode::Trilinear),
    ("bicubic", InterpolateMode::Bicubic),
    ("area", InterpolateMode::Area),
];

fn bytes(a: &Args) {
    if a.x().dtype() == DType::U8 {
        a.refuse("weighted sums of bytes, which PyTorch makes in whole numbers");
    }
}

fn resized(a: &Args) -> Tensor {
    let asked = a.text_or(3, "mode", "nearest");
    let (_, mode) = *MODES.iter().find(|(name, _)| *name == asked).expect("a mode");
    if !matches!(mode, InterpolateMode::Nearest | InterpolateMode::NearestExact) {
        bytes(a);
    }
    if mode == InterpolateMode::Area && a.x().ndim() == 5 && a.x().dtype().size() == 2 {
        a.refuse("means of bodies of the half types, which PyTorch adds up in half arithmetic");
    }
    a.x().interpolate(Interpolate {
        size: size(a),
        scale_factor: factor(a),
        mode,
        align_corners: a.has(4, "align_corners").then(|| a.bool_or(4, "align_corners", false)),
        recompute_scale_factor: a.bool_or(5, "recompute_scale_factor", false),
    })
}

const BETWEEN: [(&str, SampleMode); 3] =
    [("bilinear", SampleMode::Bilinear), ("nearest", SampleMode::Nearest), ("bicubic", SampleMode::Bicubic)];
const BEYOND: [(&str, SamplePadding); 3] =
    [("zeros", SamplePadding::Zeros), ("border", SamplePadding::Border), ("reflection", SamplePadding::Reflection)];

fn sampled(a: &Args) -> Tensor {
    if a.x().dtype().size() == 2 {
        a.refuse("grids of the half types, whose places PyTorch computes in half arithmetic");
    }
    let (asked, beyond) = (a.text_or(2, "mode", "bilinear"), a.text_or(3, "padding_mode", "zeros"));
    let mode = BETWEEN.iter().find(|(name, _)| *name == asked).expect("a mode").1;
    if mode == SampleMode::Bicubic && a.x().ndim() == 5 {
        a.refuse("cubic polynomials in bodies");
    }
    let padding_mode = BEYOND.iter().find(|(name, _)| *name == beyond).expect("a padding").1;
    let align_corners = a.bool_or(4, "align_corners", false);
    a.x().grid_sample(a.t(1, "grid"), GridSample { mode, padding_mode, align_corners })
}

table! {
    "nn.functional.grid_sample" => |a| sampled(a);
    "nn.functional.interpolate" => |a| resized(a);
    "nn.functional.upsample_bilinear" => |a| {
        bytes(a);
        a.x().upsample_bilinear(size(a), factor(a))
    };
    "nn.functional.upsample_nearest" => |a| a.x().upsample_nearest(size(a), factor(a));
}
