//! `torch.nn.functional`: what the layers compute, as functions. Each is the method of [`Tensor`] of the same name, which says
//! what it takes and when it fails; those that draw numbers do so from the default stream.
//!
//! ```
//! use nn::functional as F;
//! let x = tensor::tensor![[1.0, 2.0, 3.0]];
//! assert_eq!(F::relu(&-&x).to_vec::<f32>(), [0.0; 3]);
//! assert_eq!(F::log_softmax(&x, 1).shape(), &[1, 3]);
//! ```

use tensor::{Attention, IntoShape, Noise, Tensor};
use tensor_core::Spatial;
use tensor_core::op::activation::Approximate;
pub use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions, Padding};
pub use tensor_core::op::norm::BatchNorm;
pub use tensor_core::op::pool::{AvgPoolOptions, IntoOutputSize, MaxPoolOptions};
pub use tensor_core::op::{
    BceWithLogits, CrossEntropy, CtcLoss, FoldOptions, Interpolate, InterpolateMode, MaxUnpool, MultiMargin, NllLoss,
    PadMode, Reduction, TripletMargin,
};

/// Functions of the methods of the same names.
macro_rules! functional {
    ($($name:ident $([$($generics:tt)*])? ($($arg:ident: $ty:ty),*) -> $out:ty;)*) => { $(
        #[doc = concat!("[`Tensor::", stringify!($name), "`](Tensor#method.", stringify!($name), ") of `input`.")]
        #[track_caller]
        pub fn $name $(<$($generics)*>)? (input: &Tensor $(, $arg: $ty)*) -> $out {
            input.$name($($arg),*)
        }
    )* };
}

functional! {
    relu() -> Tensor;
    relu_() -> Tensor;
    relu6() -> Tensor;
    sigmoid() -> Tensor;
    tanh() -> Tensor;
    silu() -> Tensor;
    mish() -> Tensor;
    selu() -> Tensor;
    hardsigmoid() -> Tensor;
    hardswish() -> Tensor;
    logsigmoid() -> Tensor;
    softsign() -> Tensor;
    tanhshrink() -> Tensor;
    elu(alpha: f64) -> Tensor;
    celu(alpha: f64) -> Tensor;
    gelu(approximate: Approximate) -> Tensor;
    glu(dim: i64) -> Tensor;
    leaky_relu(negative_slope: f64) -> Tensor;
    prelu(weight: &Tensor) -> Tensor;
    rrelu(lower: f64, upper: f64, training: bool) -> Tensor;
    hardshrink(lambd: f64) -> Tensor;
    softshrink(lambd: f64) -> Tensor;
    hardtanh(min_val: f64, max_val: f64) -> Tensor;
    softplus(beta: f64, threshold: f64) -> Tensor;
    threshold(threshold: f64, value: f64) -> Tensor;
    softmax(dim: i64) -> Tensor;
    log_softmax(dim: i64) -> Tensor;
    softmin(dim: i64) -> Tensor;
    gumbel_softmax(tau: f64, hard: bool, dim: i64) -> Tensor;

    linear(weight: &Tensor, bias: Option<&Tensor>) -> Tensor;
    bilinear(input2: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Tensor;
    conv1d(weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor;
    conv2d(weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor;
    conv3d(weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor;
    conv_transpose1d(weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions) -> Tensor;
    conv_transpose2d(weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions) -> Tensor;
    conv_transpose3d(weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions) -> Tensor;
    scaled_dot_product_attention(key: &Tensor, value: &Tensor, options: Attention<'_>) -> Tensor;

    max_pool1d[S: Into<Spatial>](kernel_size: S, options: MaxPoolOptions) -> Tensor;
    max_pool2d[S: Into<Spatial>](kernel_size: S, options: MaxPoolOptions) -> Tensor;
    max_pool3d[S: Into<Spatial>](kernel_size: S, options: MaxPoolOptions) -> Tensor;
    avg_pool1d[S: Into<Spatial>](kernel_size: S, options: AvgPoolOptions) -> Tensor;
    avg_pool2d[S: Into<Spatial>](kernel_size: S, options: AvgPoolOptions) -> Tensor;
    avg_pool3d[S: Into<Spatial>](kernel_size: S, options: AvgPoolOptions) -> Tensor;
    adaptive_avg_pool1d(output_size: usize) -> Tensor;
    adaptive_avg_pool2d[S: IntoOutputSize](output_size: S) -> Tensor;
    adaptive_max_pool1d(output_size: usize) -> Tensor;
    adaptive_max_pool2d[S: IntoOutputSize](output_size: S) -> Tensor;
    max_unpool1d[S: Into<Spatial>](indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>) -> Tensor;
    max_unpool2d[S: Into<Spatial>](indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>) -> Tensor;
    max_unpool3d[S: Into<Spatial>](indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>) -> Tensor;
    lp_pool1d(norm_type: f64, kernel_size: usize, stride: Option<usize>, ceil_mode: bool) -> Tensor;
    lp_pool2d[S: Into<Spatial>](norm_type: f64, kernel_size: S, stride: Option<Spatial>, ceil_mode: bool) -> Tensor;
    lp_pool3d[S: Into<Spatial>](norm_type: f64, kernel_size: S, stride: Option<Spatial>, ceil_mode: bool) -> Tensor;

    batch_norm(running_mean: Option<&Tensor>, running_var: Option<&Tensor>, options: BatchNorm<'_>) -> Tensor;
    instance_norm(running_mean: Option<&Tensor>, running_var: Option<&Tensor>, options: BatchNorm<'_>) -> Tensor;
    layer_norm[S: IntoShape](normalized_shape: S, weight: Option<&Tensor>, bias: Option<&Tensor>, eps: f64) -> Tensor;
    rms_norm[S: IntoShape](normalized_shape: S, weight: Option<&Tensor>, eps: Option<f64>) -> Tensor;
    group_norm(num_groups: usize, weight: Option<&Tensor>, bias: Option<&Tensor>, eps: f64) -> Tensor;
    local_response_norm(size: usize, alpha: f64, beta: f64, k: f64) -> Tensor;

    dropout(p: f64, training: bool) -> Tensor;
    dropout1d(p: f64, training: bool) -> Tensor;
    dropout2d(p: f64, training: bool) -> Tensor;
    dropout3d(p: f64, training: bool) -> Tensor;
    alpha_dropout(p: f64, training: bool) -> Tensor;
    feature_alpha_dropout(p: f64, training: bool) -> Tensor;

    pad[P: IntoShape, M: Into<PadMode>](padding: P, mode: M) -> Tensor;
    interpolate(options: Interpolate) -> Tensor;
    pixel_shuffle(upscale_factor: usize) -> Tensor;
    pixel_unshuffle(downscale_factor: usize) -> Tensor;
    channel_shuffle(groups: usize) -> Tensor;
    fold[O: Into<Spatial>, S: Into<Spatial>](output_size: O, kernel_size: S, options: FoldOptions) -> Tensor;
    normalize(p: f64, dim: i64, eps: f64) -> Tensor;
    cosine_similarity(other: &Tensor, dim: i64, eps: f64) -> Tensor;
    pairwise_distance(other: &Tensor, p: f64, eps: f64, keepdim: bool) -> Tensor;
    one_hot(num_classes: i64) -> Tensor;

    mse_loss(target: &Tensor, reduction: Reduction) -> Tensor;
    l1_loss(target: &Tensor, reduction: Reduction) -> Tensor;
    smooth_l1_loss(target: &Tensor, reduction: Reduction, beta: f64) -> Tensor;
    huber_loss(target: &Tensor, reduction: Reduction, delta: f64) -> Tensor;
    cross_entropy(target: &Tensor, options: CrossEntropy<'_>) -> Tensor;
    nll_loss(target: &Tensor, options: NllLoss<'_>) -> Tensor;
    binary_cross_entropy(target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Tensor;
    binary_cross_entropy_with_logits(target: &Tensor, options: BceWithLogits<'_>) -> Tensor;
    kl_div(target: &Tensor, reduction: Reduction, log_target: bool) -> Tensor;
    poisson_nll_loss(target: &Tensor, log_input: bool, full: bool, eps: f64, reduction: Reduction) -> Tensor;
    gaussian_nll_loss(target: &Tensor, var: &Tensor, full: bool, eps: f64, reduction: Reduction) -> Tensor;
    hinge_embedding_loss(target: &Tensor, margin: f64, reduction: Reduction) -> Tensor;
    margin_ranking_loss(input2: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor;
    multi_margin_loss(target: &Tensor, options: MultiMargin<'_>) -> Tensor;
    multilabel_margin_loss(target: &Tensor, reduction: Reduction) -> Tensor;
    multilabel_soft_margin_loss(target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Tensor;
    soft_margin_loss(target: &Tensor, reduction: Reduction) -> Tensor;
    triplet_margin_loss(positive: &Tensor, negative: &Tensor, options: TripletMargin) -> Tensor;
    cosine_embedding_loss(input2: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor;
}

/// The windows of images (n, c, h, w) as columns: [`Tensor::unfold_windows`].
#[track_caller]
pub fn unfold(input: &Tensor, kernel_size: impl Into<Spatial>, options: FoldOptions) -> Tensor {
    input.unfold_windows(kernel_size, options)
}
