//! Windows that move over images: convolutions, pools, and the views that rearrange channels and places.

use super::table;
use crate::opdb::Args;
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions, Padding};
use tensor_core::op::pool::{AvgPoolOptions, MaxPoolOptions};
use tensor_core::op::{FoldOptions, MaxUnpool, PadMode};
use tensor_core::{DType, Spatial, Tensor};

fn spatial(list: Vec<i64>) -> Option<Spatial> {
    match list[..] {
        [all] => Some(all.into()),
        [h, w] => Some([h, w].into()),
        [d, h, w] => Some([d, h, w].into()),
        _ => None,
    }
}

fn each(a: &Args, i: usize, name: &str, default: i64) -> Spatial {
    a.opt_ints(i, name).and_then(spatial).unwrap_or(default.into())
}

fn convolved(a: &Args, rank: usize) -> Tensor {
    let padding = match a.opt_text(4, "padding") {
        Some("same") => Padding::Same,
        Some(_) => Padding::Valid,
        None => each(a, 4, "padding", 0).into(),
    };
    let options = ConvOptions {
        stride: each(a, 3, "stride", 1),
        padding,
        dilation: each(a, 5, "dilation", 1),
        groups: a.int_or(6, "groups", 1),
    };
    let (weight, bias) = (a.t(1, "weight"), a.opt_t(2, "bias"));
    match rank {
        1 => a.x().conv1d(weight, bias, options),
        2 => a.x().conv2d(weight, bias, options),
        _ => a.x().conv3d(weight, bias, options),
    }
}

fn transposed(a: &Args, rank: usize) -> Tensor {
    if a.x().dtype().size() == 2 {
        a.refuse("transposed convolutions of the half types, whose taps PyTorch adds up in half arithmetic");
    }
    let options = ConvTransposeOptions {
        stride: each(a, 3, "stride", 1),
        padding: each(a, 4, "padding", 0),
        output_padding: each(a, 5, "output_padding", 0),
        groups: a.int_or(6, "groups", 1),
        dilation: each(a, 7, "dilation", 1),
    };
    let (weight, bias) = (a.t(1, "weight"), a.opt_t(2, "bias"));
    match rank {
        1 => a.x().conv_transpose1d(weight, bias, options),
        2 => a.x().conv_transpose2d(weight, bias, options),
        _ => a.x().conv_transpose3d(weight, bias, options),
    }
}

fn largest(a: &Args, rank: usize) -> Vec<Tensor> {
    let options = MaxPoolOptions {
        stride: a.opt_ints(2, "stride").and_then(spatial),
        padding: each(a, 3, "padding", 0),
        dilation: each(a, 4, "dilation", 1),
        ceil_mode: a.bool_or(5, "ceil_mode", false),
    };
    let kernel = each(a, 1, "kernel_size", 1);
    let (values, places) = match rank {
        1 => a.x().max_pool1d_with_indices(kernel, options),
        2 => a.x().max_pool2d_with_indices(kernel, options),
        _ => a.x().max_pool3d_with_indices(kernel, options),
    };
    if a.bool_or(6, "return_indices", false) { vec![values, places] } else { vec![values] }
}

fn mean(a: &Args, rank: usize) -> Tensor {
    let options = AvgPoolOptions {
        stride: a.opt_ints(2, "stride").and_then(spatial),
        padding: each(a, 3, "padding", 0),
        ceil_mode: a.bool_or(4, "ceil_mode", false),
        count_include_pad: a.bool_or(5, "count_include_pad", true),
        divisor_override: a.opt_int(6, "divisor_override").map(|divisor| divisor as i32),
    };
    let kernel = each(a, 1, "kernel_size", 1);
    match rank {
        1 => a.x().avg_pool1d(kernel, options),
        2 => a.x().avg_pool2d(kernel, options),
        _ if a.x().dtype() == DType::I64 => a.refuse("means of whole numbers in three dimensions"),
        _ => a.x().avg_pool3d(kernel, options),
    }
}

fn size(a: &Args) -> (Option<usize>, Option<usize>) {
    let wanted = a.open_ints(1, "output_size");
    let at = |i: usize| wanted[i.min(wanted.len() - 1)].map(|size| size as usize);
    (at(0), at(1))
}

fn padded(a: &Args) -> Tensor {
    let known = [("reflect", PadMode::Reflect), ("replicate", PadMode::Replicate), ("circular", PadMode::Circular)];
    let asked = a.text_or(2, "mode", "constant");
    let number = || PadMode::Constant(a.opt_scalar(3, "value").unwrap_or(0.into()));
    let mode = known.iter().find(|(name, _)| *name == asked).map_or_else(number, |(_, mode)| *mode);
    a.x().pad(a.ints(1, "pad"), mode)
}

fn columns(a: &Args) -> Tensor {
    let options = FoldOptions {
        dilation: each(a, 2, "dilation", 1),
        padding: each(a, 3, "padding", 0),
        stride: each(a, 4, "stride", 1),
    };
    a.x().unfold_windows(each(a, 1, "kernel_size", 1), options)
}

fn three(a: &Args) -> Spatial {
    let wanted = a.open_ints(1, "output_size");
    let own = |i: usize| a.x().size(i as i64 - 3) as i64;
    let size: [i64; 3] = std::array::from_fn(|i| wanted[i.min(wanted.len() - 1)].unwrap_or(own(i)));
    size.into()
}

fn unpooled(a: &Args, rank: usize) -> Tensor {
    let wanted: Option<Vec<usize>> =
        a.opt_ints(5, "output_size").map(|size| size.iter().map(|size| *size as usize).collect());
    let options = MaxUnpool {
        stride: a.opt_ints(3, "stride").and_then(spatial),
        padding: each(a, 4, "padding", 0),
        output_size: wanted.as_deref(),
    };
    let (indices, kernel) = (a.t(1, "indices"), each(a, 2, "kernel_size", 1));
    match rank {
        1 => a.x().max_unpool1d(indices, kernel, options),
        2 => a.x().max_unpool2d(indices, kernel, options),
        _ => a.x().max_unpool3d(indices, kernel, options),
    }
}

table! {
    "constant_pad_nd" => |a| a.x().pad(a.ints(1, "pad"), a.opt_scalar(2, "value").unwrap_or(0.into()));
    "nn.functional.adaptive_avg_pool1d" => |a| a.x().adaptive_avg_pool1d(a.ints(1, "output_size")[0] as usize);
    "nn.functional.adaptive_avg_pool2d" => |a| a.x().adaptive_avg_pool2d(size(a));
    "nn.functional.adaptive_avg_pool3d" => |a| a.x().adaptive_avg_pool3d(three(a));
    "nn.functional.adaptive_max_pool1d" => |a| {
        let wanted = a.ints(1, "output_size")[0] as usize;
        let (values, places) = a.x().adaptive_max_pool1d_with_indices(wanted);
        if a.bool_or(2, "return_indices", false) { vec![values, places] } else { vec![values] }
    };
    "nn.functional.adaptive_max_pool2d" => |a| {
        let (values, places) = a.x().adaptive_max_pool2d_with_indices(size(a));
        if a.bool_or(2, "return_indices", false) { vec![values, places] } else { vec![values] }
    };
    "nn.functional.adaptive_max_pool3d" => |a| {
        let (values, places) = a.x().adaptive_max_pool3d_with_indices(three(a));
        if a.bool_or(2, "return_indices", false) { vec![values, places] } else { vec![values] }
    };
    "nn.functional.avg_pool1d" => |a| mean(a, 1);
    "nn.functional.avg_pool2d" => |a| mean(a, 2);
    "nn.functional.avg_pool3d" => |a| mean(a, 3);
    "nn.functional.channel_shuffle" => |a| a.x().channel_shuffle(a.int(1, "groups") as usize);
    "nn.functional.conv1d" => |a| convolved(a, 1);
    "nn.functional.conv2d" => |a| convolved(a, 2);
    "nn.functional.conv3d" => |a| convolved(a, 3);
    "nn.functional.conv_transpose1d" => |a| transposed(a, 1);
    "nn.functional.conv_transpose2d" => |a| transposed(a, 2);
    "nn.functional.conv_transpose3d" => |a| transposed(a, 3);
    "nn.functional.max_pool1d" => |a| largest(a, 1);
    "nn.functional.max_pool2d" => |a| largest(a, 2);
    "nn.functional.max_pool3d" => |a| largest(a, 3);
    "nn.functional.max_unpool1d" => |a| unpooled(a, 1);
    "nn.functional.max_unpool2d" => |a| unpooled(a, 2);
    "nn.functional.max_unpool3d" => |a| unpooled(a, 3);
    "nn.functional.pad" => |a| padded(a);
    "nn.functional.pixel_shuffle" => |a| a.x().pixel_shuffle(a.int(1, "upscale_factor") as usize);
    "nn.functional.pixel_unshuffle" => |a| a.x().pixel_unshuffle(a.int(1, "downscale_factor") as usize);
    "nn.functional.unfold" => |a| columns(a);
}
