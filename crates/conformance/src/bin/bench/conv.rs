//! Convolutions, pools and batch normalization, forward and with their gradients.

use crate::measure::{Bench, Work, floats, flops, forward_and_back, parameter};
use sconce::prelude::*;
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions};
use tensor_core::op::norm::BatchNorm;
use tensor_core::op::pool::{AvgPoolOptions, MaxPoolOptions};

/// The image of most cases.
const IMAGE: [usize; 4] = [32, 64, 56, 56];

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let same = ConvOptions { padding: 1.into(), ..ConvOptions::default() };
    let halved = ConvOptions { stride: 2.into(), padding: 3.into(), ..ConvOptions::default() };
    let depthwise = ConvOptions { groups: 64, ..same };
    convolution(bench, "k3_32x3x32x32_16", &[32, 3, 32, 32], &[16, 3, 3, 3], same);
    convolution(bench, "k3_32x64x56x56_64", &IMAGE, &[64, 64, 3, 3], same);
    convolution(bench, "k7s2_8x3x224x224_64", &[8, 3, 224, 224], &[64, 3, 7, 7], halved);
    convolution(bench, "dw3_32x64x56x56", &IMAGE, &[64, 1, 3, 3], depthwise);
    convolution(bench, "k1_32x64x56x56_256", &IMAGE, &[256, 64, 1, 1], ConvOptions::default());
    let doubled = ConvTransposeOptions { stride: 2.into(), padding: 1.into(), ..ConvTransposeOptions::default() };
    // Each element of the input meets all taps of the kernel.
    let (image, kernel) = ([32, 64, 14, 14], [64, 32, 4, 4]);
    let work = products(32 * 64 * 14 * 14 * 32 * 4 * 4, 32 * 64 * 14 * 14 + 32 * 32 * 28 * 28);
    both(bench, "convT_k4s2_32x64x14x14_32", &image, &kernel, work, move |x, w| x.conv_transpose2d(w, None, doubled));

    let pair = MaxPoolOptions::default();
    let overlapping = MaxPoolOptions { stride: Some(2.into()), padding: 1.into(), ..pair };
    pool(bench, "maxpool2_32x64x56x56", move |x| x.max_pool2d(2, pair));
    pool(bench, "maxpool3s2_32x64x56x56", move |x| x.max_pool2d(3, overlapping));
    pool(bench, "avgpool2_32x64x56x56", |x| x.avg_pool2d(2, AvgPoolOptions::default()));

    let numbers = IMAGE.iter().product::<usize>();
    // The statistics need a pass before the values; backward reads the input and the gradient twice.
    bench.case("conv/bn_train_32x64x56x56_fwd", floats(3 * numbers), || {
        let x = rand(IMAGE);
        let [mean, var, w, b] = [zeros([64]), ones([64]), ones([64]), zeros([64])];
        move || x.batch_norm(Some(&mean), Some(&var), training(&w, &b))
    });
    bench.case("conv/bn_train_32x64x56x56_fwdbwd", floats(8 * numbers), || {
        let (mean, var) = (zeros([64]), ones([64]));
        let inputs = [parameter(&IMAGE), parameter(&[64]), parameter(&[64])];
        forward_and_back(inputs, rand(IMAGE), move |[x, w, b]| x.batch_norm(Some(&mean), Some(&var), training(w, b)))
    });
}

fn training<'a>(weight: &'a Tensor, bias: &'a Tensor) -> BatchNorm<'a> {
    BatchNorm { training: true, weight: Some(weight), bias: Some(bias), ..BatchNorm::default() }
}

/// A product is two operations.
fn products(count: usize, numbers: usize) -> Work {
    flops(2 * count, numbers)
}

fn convolution(bench: &mut Bench, name: &str, image: &[usize], kernel: &[usize], options: ConvOptions) {
    let output = zeros(image).conv2d(&zeros(kernel), None, options).numel();
    let taps: usize = kernel[1..].iter().product();
    let work = products(output * taps, image.iter().product::<usize>() + output);
    both(bench, name, image, kernel, work, move |x, w| x.conv2d(w, None, options));
}

/// A function of an image and a kernel, forward, and forward and back: both gradients cost as many products as the function.
fn both(
    bench: &mut Bench,
    name: &str,
    image: &[usize],
    kernel: &[usize],
    work: Work,
    call: impl Fn(&Tensor, &Tensor) -> Tensor + Copy,
) {
    bench.case(&format!("conv/{name}_fwd"), work, || {
        let (x, w) = (rand(image), rand(kernel));
        move || call(&x, &w)
    });
    let Work { bytes, flops } = work;
    bench.case(&format!("conv/{name}_fwdbwd"), Work { bytes: 3.0 * bytes, flops: 3.0 * flops }, || {
        let inputs = [parameter(image), parameter(kernel)];
        let g = rand_like(&no_grad(|| call(&inputs[0], &inputs[1])));
        forward_and_back(inputs, g, move |[x, w]| call(x, w))
    });
}

fn pool(bench: &mut Bench, name: &str, call: impl Fn(&Tensor) -> Tensor + Copy) {
    let numbers = IMAGE.iter().product::<usize>();
    bench.case(&format!("conv/{name}_fwd"), floats(numbers + numbers / 4), || {
        let x = rand(IMAGE);
        move || call(&x)
    });
    // Backward reads the input again, to find where the largest lies, and writes its gradient.
    bench.case(&format!("conv/{name}_fwdbwd"), floats(3 * numbers + numbers / 2), || {
        let x = parameter(&IMAGE);
        let g = rand_like(&no_grad(|| call(&x)));
        forward_and_back([x], g, move |[x]| call(x))
    });
}
