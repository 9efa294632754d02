//! Convolutions of floats, which are computed in tiles, panels and woven rows, beside those of whole numbers, which are plain loops:
//! of small whole numbers both are exact.

use sconce::{DType, Gradient, Tensor, manual_seed, randint};
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions};

/// Sizes of the input and the weight, then stride, padding, dilation and groups.
type Case = (&'static [usize], &'static [usize], i64, i64, i64, i64);

#[test]
fn transposed_convolutions_are_sums() {
    let cases: [Case; 12] = [
        (&[2, 64, 14, 14], &[64, 32, 4, 4], 2, 1, 1, 1),
        // Rows of unequal parts, and many panels of channels.
        (&[1, 5, 9, 31], &[5, 200, 3, 3], 2, 1, 1, 1),
        (&[2, 6, 40, 7], &[6, 11, 5, 2], 3, 2, 1, 1),
        (&[3, 8, 5, 6], &[8, 9, 3, 3], 2, 0, 1, 2),
        (&[1, 4, 6, 5], &[4, 10, 3, 3], 2, 1, 2, 1),
        // A kernel that is smaller than the stride leaves places to the bias alone.
        (&[2, 3, 7, 8], &[3, 5, 1, 1], 3, 0, 1, 1),
        (&[2, 3, 1, 1], &[3, 7, 4, 4], 4, 1, 1, 1),
        // One and three dimensions.
        (&[2, 9, 700], &[9, 13, 5], 2, 2, 1, 1),
        (&[1, 3, 2500], &[3, 2, 7], 4, 0, 1, 1),
        (&[2, 4, 3, 5, 6], &[4, 6, 3, 2, 4], 2, 1, 1, 1),
        (&[1, 96, 33, 35], &[96, 70, 3, 3], 2, 1, 1, 1),
        (&[2, 12, 10, 11], &[12, 33, 3, 3], 1, 1, 1, 3),
    ];
    for (x, weight, stride, padding, dilation, groups) in cases {
        for adjacent in [0, 1] {
            if adjacent >= stride {
                continue;
            }
            let options = ConvTransposeOptions {
                stride: stride.into(),
                padding: padding.into(),
                dilation: dilation.into(),
                groups,
                output_padding: adjacent.into(),
            };
            agrees(x, weight, weight[1] * groups as usize, &format!("{x:?} {weight:?} {options:?}"), |x, w, bias| {
                match x.dim() {
                    3 => x.conv_transpose1d(w, Some(bias), options),
                    4 => x.conv_transpose2d(w, Some(bias), options),
                    _ => x.conv_transpose3d(w, Some(bias), options),
                }
            });
        }
    }
}

#[test]
fn convolutions_are_sums() {
    let cases: [Case; 13] = [
        (&[2, 3, 32, 32], &[16, 3, 3, 3], 1, 1, 1, 1),
        // Channels that leave rests of every size beside full panels.
        (&[1, 5, 9, 31], &[9, 5, 3, 3], 1, 1, 1, 1),
        (&[1, 5, 9, 13], &[10, 5, 3, 3], 2, 1, 1, 1),
        (&[1, 5, 9, 13], &[11, 5, 3, 3], 1, 0, 2, 1),
        // Planes: rows shorter than a register, of some registers and a rest, kernels beyond either end, lines left out.
        (&[2, 64, 12, 12], &[64, 1, 3, 3], 1, 1, 1, 64),
        (&[2, 3, 9, 56], &[3, 1, 5, 5], 1, 2, 1, 3),
        (&[1, 4, 21, 37], &[4, 1, 3, 4], 1, 3, 3, 4),
        (&[1, 2, 3, 5], &[2, 1, 3, 3], 1, 4, 2, 2),
        (&[2, 3, 70], &[3, 1, 7], 1, 3, 1, 3),
        (&[1, 2, 4, 6, 20], &[2, 1, 3, 3, 3], 1, 1, 1, 2),
        (&[1, 6, 30, 9], &[14, 3, 5, 2], 3, 2, 1, 2),
        (&[2, 9, 700], &[13, 9, 5], 2, 2, 1, 1),
        (&[2, 4, 5, 6, 7], &[8, 4, 3, 2, 4], 1, 1, 1, 1),
    ];
    for (x, weight, stride, padding, dilation, groups) in cases {
        let options = ConvOptions { stride: stride.into(), padding: padding.into(), dilation: dilation.into(), groups };
        agrees(x, weight, weight[0], &format!("{x:?} {weight:?} {options:?}"), |x, w, bias| match x.dim() {
            3 => x.conv1d(w, Some(bias), options),
            4 => x.conv2d(w, Some(bias), options),
            _ => x.conv3d(w, Some(bias), options),
        });
    }
}

/// Panics unless `call` gives the same numbers in `float32` and `float64` as in `int64`.
fn agrees(x: &[usize], weight: &[usize], outs: usize, case: &str, call: impl Fn(&Tensor, &Tensor, &Tensor) -> Tensor) {
    manual_seed(7);
    let [x, weight, bias] = [x, weight, &[outs]].map(|shape| randint(-4, 5, shape));
    let exact = call(&x, &weight, &bias);
    for dtype in [DType::F32, DType::F64] {
        let y = call(&x.to_dtype(dtype), &weight.to_dtype(dtype), &bias.to_dtype(dtype));
        assert!(y.to_dtype(DType::I64).equal(&exact), "{dtype:?} {case}");
    }
}

/// ⟨gradient, v⟩ = ⟨convolution of v, g⟩, for the input's and for the weight's gradient: all numbers are small and whole, so that floats
/// are exact, and the right side is a plain sum.
#[test]
fn gradients_of_convolutions_are_their_adjoints() {
    let cases: [Case; 15] = [
        (&[3, 3, 32, 32], &[16, 3, 3, 3], 1, 1, 1, 1),
        (&[9, 5, 7, 7], &[70, 5, 3, 3], 1, 1, 1, 1),
        (&[2, 8, 28, 28], &[33, 8, 4, 4], 2, 1, 1, 1),
        (&[2, 3, 40, 41], &[64, 3, 7, 7], 2, 3, 1, 1),
        (&[1, 5, 9, 300], &[20, 5, 3, 3], 1, 1, 1, 1),
        (&[2, 6, 13, 11], &[26, 6, 3, 2], 3, 2, 2, 1),
        (&[2, 12, 10, 11], &[48, 4, 3, 3], 1, 1, 1, 3),
        (&[2, 20, 9, 9], &[130, 20, 1, 1], 1, 0, 1, 1),
        (&[2, 20, 9, 9], &[17, 20, 1, 1], 2, 0, 1, 1),
        (&[1, 128, 4, 4], &[200, 128, 3, 3], 1, 1, 1, 1),
        (&[2, 9, 700], &[13, 9, 5], 2, 2, 1, 1),
        (&[2, 9, 1500], &[32, 9, 5], 1, 2, 1, 1),
        (&[2, 4, 5, 6, 7], &[18, 4, 3, 2, 4], 2, 1, 1, 1),
        (&[3, 2, 12, 12], &[5, 2, 3, 3], 1, 1, 1, 1),
        (&[2, 6, 12, 40], &[6, 1, 3, 3], 1, 1, 1, 6),
    ];
    for (x, weight, stride, padding, dilation, groups) in cases {
        let options = ConvOptions { stride: stride.into(), padding: padding.into(), dilation: dilation.into(), groups };
        let conv = |x: &Tensor, w: &Tensor| match x.dim() {
            3 => x.conv1d(w, None, options),
            4 => x.conv2d(w, None, options),
            _ => x.conv3d(w, None, options),
        };
        manual_seed(7);
        let [x, weight, x_way, weight_way] = [x, weight, x, weight].map(|shape| randint(-2, 3, shape));
        let g = randint(-2, 3, conv(&x, &weight).shape());
        let along = |y: &Tensor, g: &Tensor| (y * g).sum().item::<i64>();
        for dtype in [DType::F32, DType::F64] {
            let [x, w] = [&x, &weight].map(|whole| {
                let parameter = whole.to_dtype(dtype);
                parameter.requires_grad_(true);
                parameter
            });
            conv(&x, &w).backward_from(&g.to_dtype(dtype));
            let [of_x, of_weight] =
                [&x, &w].map(|parameter| parameter.grad().expect("a gradient").to_dtype(DType::I64));
            let case = format!("{dtype:?} {:?} {:?} {options:?}", x.shape(), w.shape());
            assert_eq!(along(&of_x, &x_way), along(&conv(&x_way, &weight), &g), "input: {case}");
            let x = x.detach().to_dtype(DType::I64);
            assert_eq!(along(&of_weight, &weight_way), along(&conv(&x, &weight_way), &g), "weight: {case}");
        }
    }
}
