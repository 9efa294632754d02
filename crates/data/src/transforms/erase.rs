//! A rectangle wiped out of an image (Zhong et al., 2017).

use super::Transform;
use super::draws::{chance, position, sides};
use super::image::{ImageSize, channels, rectangle, size};
use super::pad::number;
use tensor::{Tensor, python_float, randn};

tensor::settings! {
    /// What [`RandomErasing`] wipes out.
    pub struct RandomErasingOptions {
        /// How probable it is.
        p: f64 = 0.5,
        /// The least and the greatest share of the image's area.
        scale: (f64, f64) = (0.02, 0.33),
        /// The least and the greatest height over width.
        ratio: (f64, f64) = (0.3, 3.3),
        /// What stands there afterwards; `None` for normal noise.
        value: into Option<f64> = 0.0,
    }
}

/// With a probability, a random rectangle of an image replaced by a number or by noise.
///
/// ```
/// use data::transforms::{RandomErasing, Transform};
/// let erased = RandomErasing::with(|erasing| erasing.p(1.0).scale((0.3, 0.3))).apply(&tensor::ones([1, 20, 20]));
/// assert!(erased.sum().item::<f64>() < 400.0);
/// ```
#[derive(Clone)]
pub struct RandomErasing {
    options: RandomErasingOptions,
}

/// How often a rectangle is drawn until one fits.
const ATTEMPTS: usize = 10;

impl RandomErasing {
    /// Rectangles as the settings say.
    ///
    /// # Panics
    /// If the probability or the shares are none.
    #[track_caller]
    pub fn with(settings: impl FnOnce(RandomErasingOptions) -> RandomErasingOptions) -> RandomErasing {
        let options = settings(RandomErasingOptions::default());
        assert!(options.scale.0 >= 0.0 && options.scale.1 <= 1.0, "Scale should be between 0 and 1");
        assert!((0.0..=1.0).contains(&options.p), "Random erasing probability should be between 0 and 1");
        RandomErasing { options }
    }
}

impl Transform for RandomErasing {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let RandomErasingOptions { p, scale, ratio, value } = self.options;
        if !chance(|u| u < p as f32) {
            return image.clone();
        }
        let own = size(image);
        for _ in 0..ATTEMPTS {
            let (height, width) = sides(own.height * own.width, scale, ratio);
            if height >= own.height || width >= own.width {
                continue;
            }
            let noise = value.is_none().then(|| randn([channels(image), height, width]));
            let top = position(own.height - height);
            let left = position(own.width - width);
            let out = image.clone_();
            let part = rectangle(&out, top, left, ImageSize { height, width });
            match (noise, value) {
                (Some(noise), _) => _ = part.copy_(&noise),
                (_, value) => _ = part.fill_(value.unwrap_or(0.0)),
            }
            return out;
        }
        image.clone()
    }

    fn describe(&self) -> String {
        let RandomErasingOptions { p, scale, ratio, value } = self.options;
        let pair = |(a, b): (f64, f64)| format!("({}, {})", python_float(a), python_float(b));
        let value = value.map_or("random".into(), number);
        format!(
            "RandomErasing(p={}, scale={}, ratio={}, value={value}, inplace=False)",
            python_float(p),
            pair(scale),
            pair(ratio)
        )
    }
}
