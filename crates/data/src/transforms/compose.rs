//! Transforms made of transforms. They know only that these are some.

use super::Transform;
use super::draws::chance;
use std::sync::Arc;
use tensor::{Tensor, python_float};

/// Transforms one after another.
#[derive(Clone, Default)]
pub struct Compose(Vec<Arc<dyn Transform>>);

impl Compose {
    /// None yet.
    pub fn new() -> Compose {
        Compose::default()
    }

    /// With one more at the end.
    #[must_use]
    pub fn then(mut self, transform: impl Transform + 'static) -> Compose {
        self.0.push(Arc::new(transform));
        self
    }
}

/// A line for each, indented.
fn lines(transforms: &[Arc<dyn Transform>]) -> String {
    transforms.iter().map(|transform| format!("\n    {}", transform.describe())).collect()
}

impl Transform for Compose {
    fn apply(&self, image: &Tensor) -> Tensor {
        self.0.iter().fold(image.clone(), |image, transform| transform.apply(&image))
    }

    fn describe(&self) -> String {
        format!("Compose({}\n)", lines(&self.0))
    }
}

/// All of some transforms, or none, with a probability.
///
/// ```
/// use data::transforms::{Compose, RandomApply, RandomVerticalFlip, Transform};
/// let never = RandomApply::new(Compose::new().then(RandomVerticalFlip::new(1.0)), 0.0);
/// let image = tensor::tensor([[[1], [2]]]);
/// assert_eq!(never.apply(&image).to_vec::<i64>(), [1, 2]);
/// ```
#[derive(Clone)]
pub struct RandomApply {
    transforms: Compose,
    p: f64,
}

impl RandomApply {
    /// `transforms` with probability `p` (torchvision's default: 0.5).
    pub fn new(transforms: Compose, p: f64) -> RandomApply {
        RandomApply { transforms, p }
    }
}

impl Transform for RandomApply {
    fn apply(&self, image: &Tensor) -> Tensor {
        // torchvision asks whether p lies below the draw, so that equality applies them.
        if chance(|u| !((self.p as f32) < u)) { self.transforms.apply(image) } else { image.clone() }
    }

    fn describe(&self) -> String {
        format!("RandomApply(\n    p={}{}\n)", python_float(self.p), lines(&self.transforms.0))
    }
}

/// A function as a transform, with a type that can be named.
///
/// ```
/// use data::transforms::{Lambda, Transform};
/// let double = Lambda::new(|x| x * 2);
/// assert_eq!(double.apply(&tensor::tensor([1, 2])).to_string(), "tensor([2, 4])");
/// ```
#[derive(Clone)]
pub struct Lambda(Arc<dyn Fn(&Tensor) -> Tensor + Send + Sync>);

impl Lambda {
    /// The transform that calls `f`.
    pub fn new(f: impl Fn(&Tensor) -> Tensor + Send + Sync + 'static) -> Lambda {
        Lambda(Arc::new(f))
    }
}

impl Transform for Lambda {
    fn apply(&self, image: &Tensor) -> Tensor {
        (self.0)(image)
    }
}
