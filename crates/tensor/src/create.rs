//! Creation functions under PyTorch's names. Each comes as `zeros(shape)`, as `zeros_with(shape, options)` with a dtype, a
//! device or [`Options`], and as `try_zeros_with`, which returns misuse as an error.

use crate::{Draw, Gradient, Options, default_generator};
use tensor_core::op::random::Random;
use tensor_core::{
    DType, Element, Generator, IntoShape, Nested, Result, Scalar, Tensor, bail, default_literal_dtype, or_panic,
    same_device, shape,
};

/// Defines a creation function in its three forms.
macro_rules! creators {
    ($($(#[$doc:meta])* pub fn $name:ident, $with:ident, $try_with:ident
       ($($arg:ident: $ty:ty),*; $options:ident) $body:block)*) => { $(
        $(#[$doc])*
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_with), "`] returns an error.")]
        #[track_caller]
        pub fn $name($($arg: $ty),*) -> Tensor {
            or_panic($try_with($($arg,)* Options::new()))
        }

        #[doc = concat!("As [`", stringify!($name), "`], with a dtype, a device or [`Options`].")]
        #[track_caller]
        pub fn $with($($arg: $ty,)* options: impl Into<Options>) -> Tensor {
            or_panic($try_with($($arg,)* options))
        }

        #[doc = concat!("As [`", stringify!($with), "`], but returns misuse as an error.")]
        pub fn $try_with($($arg: $ty,)* options: impl Into<Options>) -> Result<Tensor> {
            let $options: Options = options.into();
            let tensor: Tensor = $body;
            if $options.wants_grad() { tensor.try_requires_grad_(true) } else { Ok(tensor) }
        }
    )* };
}

creators! {
    /// A tensor of the given numbers: one, or nested arrays and vectors. Rust's untyped literals become PyTorch's types:
    /// whole numbers (`i32`) `int64`, reals (`f64`) `float32`; for other dtypes name one: `tensor_with([1.0, 2.0], float64)`.
    ///
    /// ```
    /// use tensor::{tensor, tensor_with, dtype::*};
    /// assert_eq!(tensor(7).to_string(), "tensor(7)");
    /// assert_eq!(tensor([[1.0, 2.5]]).to_string(), "tensor([[1.0000, 2.5000]])");
    /// assert_eq!(tensor_with([3.0, 6.0, 9.0], float16).to_string(), "tensor([3., 6., 9.], dtype=torch.float16)");
    /// ```
    pub fn tensor, tensor_with, try_tensor_with(data: impl Nested; options) {
        Tensor::try_from_nested(&data, options.dtype_or(literal_dtype(&data)), options.place())?
    }

    /// Zeros.
    ///
    /// ```
    /// assert_eq!(tensor::zeros([2]).to_string(), "tensor([0., 0.])");
    /// ```
    pub fn zeros, zeros_with, try_zeros_with(shape: impl IntoShape; options) {
        Tensor::try_full_on(shape, 0, options.dtype_or(DType::F32), options.place())?
    }

    /// Ones.
    pub fn ones, ones_with, try_ones_with(shape: impl IntoShape; options) {
        Tensor::try_full_on(shape, 1, options.dtype_or(DType::F32), options.place())?
    }

    /// One number everywhere. Its kind decides the dtype: `int64`, `float32` or `bool`.
    pub fn full, full_with, try_full_with(shape: impl IntoShape, value: impl Into<Scalar>; options) {
        let value = value.into();
        let own = match value {
            Scalar::Bool(_) => DType::Bool,
            Scalar::Int(_) => DType::I64,
            Scalar::Float(_) => DType::F32,
        };
        Tensor::try_full_on(shape, value, options.dtype_or(own), options.place())?
    }

    /// Memory as it is found; write before you read.
    pub fn empty, empty_with, try_empty_with(shape: impl IntoShape; options) {
        Tensor::try_empty_on(shape, options.dtype_or(DType::F32), options.place())?
    }

    /// The identity matrix of size n.
    pub fn eye, eye_with, try_eye_with(n: usize; options) {
        let (dtype, place) = (options.dtype_or(DType::F32), options.place());
        let eye = Tensor::try_full_on([n, n], 0, dtype, place)?;
        eye.try_as_strided([n], [n + 1], 0)?.try_fill_(1)?;
        eye
    }

    /// Numbers from a start, in steps, up to but without an end: `arange(10)`, `arange(1..4)`, `arange((0, 10, 2))`. Whole
    /// numbers give `int64`, else `float32`.
    ///
    /// ```
    /// assert_eq!(tensor::arange((0, 10, 3)).to_string(), "tensor([0, 3, 6, 9])");
    /// ```
    ///
    pub fn arange, arange_with, try_arange_with(span: impl IntoSpan; options) {
        let Span { start, end, step } = span.span();
        let own = if [start, end, step].iter().any(|x| x.is_floating_point()) { DType::F32 } else { DType::I64 };
        check_step(start, end, step)?;
        let count = match own {
            DType::I64 => {
                let (distance, step) = (end.to_i64() as i128 - start.to_i64() as i128, step.to_i64() as i128);
                ((distance + step - step.signum()) / step) as f64
            }
            _ => ((end.to_f64() - start.to_f64()) / step.to_f64()).ceil(),
        };
        series(start, step, count, own, options)?
    }

    /// Numbers from a start, in steps, up to an end, which is included; always `float32` unless a dtype is named. PyTorch
    /// deprecates it: use [`arange`], whose results are easier to size.
    pub fn range, range_with, try_range_with(span: impl IntoSpan; options) {
        let Span { start, end, step } = span.span();
        check_step(start, end, step)?;
        let count = ((end.to_f64() - start.to_f64()) / step.to_f64()).floor() + 1.0;
        let options = options.dtype(options.dtype_or(DType::F32));
        series(start, step, count, DType::F32, options)?
    }

    /// `steps` numbers at equal distances from `start` to `end`, both included.
    ///
    /// ```
    /// assert_eq!(tensor::linspace(0.0, 1.0, 5).to_string(), "tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])");
    /// ```
    pub fn linspace, linspace_with, try_linspace_with(start: f64, end: f64, steps: usize; options) {
        let dtype = options.dtype_or(DType::F32);
        // From both ends towards the middle, in the dtype's own precision, so that the ends are exact.
        let half = steps / 2;
        let values: Vec<f64> = if dtype == DType::F64 {
            let step = (end - start) / (steps.max(2) - 1) as f64;
            (0..steps).map(|i| if i < half { start + step * i as f64 } else { end - step * (steps - i - 1) as f64 }).collect()
        } else {
            let (start, end) = (start as f32, end as f32);
            let step = (end - start) / (steps.max(2) - 1) as f32;
            let at = |i: usize| if i < half { start + step * i as f32 } else { end - step * (steps - i - 1) as f32 };
            (0..steps).map(|i| at(i) as f64).collect()
        };
        let values = if steps == 1 { vec![start] } else { values };
        Tensor::try_from_slice(&values, steps, options.place())?.try_to_dtype(dtype)?
    }

    /// Numbers drawn evenly from [0, 1), from the default stream.
    pub fn rand, rand_with, try_rand_with(shape: impl IntoShape; options) {
        default_generator().try_rand_with(shape, options)?
    }

    /// Numbers from the standard normal distribution, from the default stream.
    pub fn randn, randn_with, try_randn_with(shape: impl IntoShape; options) {
        default_generator().try_normal_with(0.0, 1.0, shape, options)?
    }

    /// Numbers from the normal distribution, from the default stream.
    pub fn normal, normal_with, try_normal_with(mean: f64, std: f64, shape: impl IntoShape; options) {
        default_generator().try_normal_with(mean, std, shape, options)?
    }

    /// Whole numbers from [low, high), from the default stream, `int64`.
    pub fn randint, randint_with, try_randint_with(low: i64, high: i64, shape: impl IntoShape; options) {
        default_generator().try_randint_with(low, high, shape, options)?
    }

    /// The numbers 0 … n − 1 in random order, from the default stream, `int64`.
    ///
    /// ```
    /// tensor::manual_seed(0);
    /// assert_eq!(tensor::randperm(10).to_string(), "tensor([4, 1, 7, 5, 3, 9, 0, 8, 6, 2])");
    /// ```
    pub fn randperm, randperm_with, try_randperm_with(n: usize; options) {
        default_generator().try_randperm_with(n, options)?
    }
}

/// Defines a function that makes a tensor like another one, in three forms as [`creators`] does.
macro_rules! like {
    ($($(#[$doc:meta])* pub fn $name:ident, $with:ident, $try_with:ident
       ($($arg:ident: $ty:ty),*) |$x:ident| $fill:expr;)*) => { $(
        $(#[$doc])*
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_with), "`] returns an error.")]
        #[track_caller]
        pub fn $name(like: &Tensor $(, $arg: $ty)*) -> Tensor {
            or_panic($try_with(like $(, $arg)*, Options::new()))
        }

        #[doc = concat!("As [`", stringify!($name), "`], with another dtype, device or [`Options`].")]
        #[track_caller]
        pub fn $with(like: &Tensor $(, $arg: $ty)*, options: impl Into<Options>) -> Tensor {
            or_panic($try_with(like $(, $arg)*, options))
        }

        #[doc = concat!("As [`", stringify!($with), "`], but returns misuse as an error.")]
        pub fn $try_with(like: &Tensor $(, $arg: $ty)*, options: impl Into<Options>) -> Result<Tensor> {
            let options: Options = options.into();
            let $x = room_like(like, options)?;
            let filled: Result<Tensor> = $fill;
            if options.wants_grad() { filled?.try_requires_grad_(true) } else { filled }
        }
    )* };
}

/// Memory in the shape and the order of `like`, with its dtype and on its device where the options name no other.
fn room_like(like: &Tensor, options: Options) -> Result<Tensor> {
    let (dtype, device) = (options.dtype_or(like.dtype()), options.place_or(like.device()));
    if same_device(device, like.device()) {
        return like.try_empty_like(dtype);
    }
    Tensor::try_empty_on(like.shape(), dtype, device)
}

like! {
    /// Zeros in the shape, dtype, device and order of memory of another tensor.
    pub fn zeros_like, zeros_like_with, try_zeros_like_with() |x| x.try_fill_(0);
    /// Ones in the shape, dtype, device and order of memory of another tensor.
    pub fn ones_like, ones_like_with, try_ones_like_with() |x| x.try_fill_(1);
    /// One number in the shape, dtype, device and order of memory of another tensor.
    pub fn full_like, full_like_with, try_full_like_with(value: impl Into<Scalar>) |x| x.try_fill_(value);
    /// Memory as it is found, in the shape, dtype, device and order of another tensor.
    pub fn empty_like, empty_like_with, try_empty_like_with() |x| Ok(x);
    /// Numbers drawn evenly from [0, 1), in the shape, dtype, device and order of memory of another tensor.
    pub fn rand_like, rand_like_with, try_rand_like_with() |x| x.try_uniform_with_(0.0, 1.0, &default_generator());
    /// Numbers from the standard normal distribution, in the shape, dtype, device and order of memory of another tensor.
    pub fn randn_like, randn_like_with, try_randn_like_with() |x| x.try_normal_with_(0.0, 1.0, &default_generator());
    /// Whole numbers from [low, high), in the shape, dtype, device and order of memory of another tensor.
    pub fn randint_like, randint_like_with, try_randint_like_with(low: i64, high: i64) |x| {
        x.try_random_with_(low, high, &default_generator())
    };
}

/// A tensor of `shape` with the numbers of `data`, row-major, of exactly their Rust type: `i32` gives `int32`, `f64` `float64`.
///
/// ```
/// assert_eq!(tensor::from_vec(vec![1i32, 2], [2]).to_string(), "tensor([1, 2], dtype=torch.int32)");
/// ```
///
/// # Panics
/// If the number of elements differs from the shape's.
#[track_caller]
pub fn from_vec<T: Element>(data: Vec<T>, shape: impl IntoShape) -> Tensor {
    Tensor::from_vec(data, shape, crate::default_device())
}

/// The dtype that nested literals stand for.
fn literal_dtype<N: Nested + ?Sized>(_: &N) -> DType {
    default_literal_dtype(N::Number::DTYPE)
}

/// A new tensor, filled from `generator`.
pub(crate) fn drawn(
    shape: impl IntoShape,
    dtype: DType,
    what: Random,
    options: Options,
    generator: &Generator,
) -> Result<Tensor> {
    let x = Tensor::try_empty_on(shape, options.dtype_or(dtype), options.place_or(crate::default_device()))?;
    let real = matches!(what, Random::Uniform { .. } | Random::Normal { .. });
    if real && !x.dtype().is_floating_point() {
        bail!(DType, "random real numbers are not implemented for '{}'", x.dtype().type_name());
    }
    x.draw(what, generator)?;
    Ok(x)
}

fn check_step(start: Scalar, end: Scalar, step: Scalar) -> Result<()> {
    let (start, end, step) = (start.to_f64(), end.to_f64(), step.to_f64());
    if step == 0.0 {
        bail!(Value, "step must be nonzero");
    }
    if !start.is_finite() || !end.is_finite() {
        bail!(Value, "unsupported range: {start} -> {end}");
    }
    if (end - start) * step < 0.0 {
        bail!(Value, "upper bound and lower bound inconsistent with step sign");
    }
    Ok(())
}

/// `start`, `start + step`, …: `count` of them.
fn series(start: Scalar, step: Scalar, count: f64, own: DType, options: Options) -> Result<Tensor> {
    let dtype = options.dtype_or(own);
    let count = shape::checked_numel(&[count.max(0.0) as usize])?;
    let values = if own == DType::I64 {
        let (start, step) = (start.to_i64(), step.to_i64());
        let values: Vec<i64> = (0..count as i64).map(|i| start.wrapping_add(step.wrapping_mul(i))).collect();
        Tensor::try_from_slice(&values, count, options.place())?
    } else {
        let (start, step) = (start.to_f64(), step.to_f64());
        let values: Vec<f64> = (0..count).map(|i| start + step * i as f64).collect();
        Tensor::try_from_slice(&values, count, options.place())?
    };
    values.try_to_dtype(dtype)
}

/// Start, end and step of [`arange`] and [`range`].
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first number.
    pub start: Scalar,
    /// The bound.
    pub end: Scalar,
    /// The distance.
    pub step: Scalar,
}

/// How spans are written: an end, a Rust range, `(start, end)` or `(start, end, step)`.
pub trait IntoSpan {
    /// As the common form.
    fn span(self) -> Span;
}

macro_rules! spans {
    ($($t:ty)*) => { $(
        impl IntoSpan for $t {
            fn span(self) -> Span { Span { start: Scalar::Int(0), end: self.into(), step: Scalar::Int(1) } }
        }
        impl IntoSpan for std::ops::Range<$t> {
            fn span(self) -> Span { Span { start: self.start.into(), end: self.end.into(), step: Scalar::Int(1) } }
        }
    )* };
}
spans! { i32 i64 usize f32 f64 }

impl<A: Into<Scalar>, B: Into<Scalar>> IntoSpan for (A, B) {
    fn span(self) -> Span {
        Span { start: self.0.into(), end: self.1.into(), step: Scalar::Int(1) }
    }
}

impl<A: Into<Scalar>, B: Into<Scalar>, C: Into<Scalar>> IntoSpan for (A, B, C) {
    fn span(self) -> Span {
        Span { start: self.0.into(), end: self.1.into(), step: self.2.into() }
    }
}
