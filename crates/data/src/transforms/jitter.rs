//! Random changes of brightness, contrast, saturation and hue, in random order.

use super::color::{brightness, contrast, saturation};
use super::draws::uniform;
use super::{Transform, hsv};
use tensor::{Tensor, python_float, randperm};

/// How much something may change: a number (as far around the middle), or the least and the greatest factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// As far around the middle.
    Around(f64),
    /// From, to.
    Between(f64, f64),
}

impl From<f64> for Range {
    fn from(distance: f64) -> Range {
        Range::Around(distance)
    }
}

impl From<(f64, f64)> for Range {
    fn from((low, high): (f64, f64)) -> Range {
        Range::Between(low, high)
    }
}

impl Range {
    /// The ends, if they differ from the middle; `least` and `most` bound them.
    #[track_caller]
    fn ends(self, name: &str, middle: f64, least: f64, most: f64) -> Option<(f64, f64)> {
        let (low, high) = match self {
            Range::Around(distance) => {
                assert!(distance >= 0.0, "If {name} is a single number, it must be non negative.");
                // Factors are cut off at 0, turns of the hue are not.
                let low = middle - distance;
                (if middle == 1.0 { low.max(0.0) } else { low }, middle + distance)
            }
            Range::Between(low, high) => (low, high),
        };
        if !(least <= low && low <= high && high <= most) {
            let number = |x: f64| if x == 0.0 { "0".to_string() } else { python_float(x).to_string() };
            panic!(
                "{name} values should be between ({}, {}), but got [{}, {}].",
                number(least),
                number(most),
                python_float(low),
                python_float(high)
            );
        }
        (low != middle || high != middle).then_some((low, high))
    }
}

tensor::settings! {
    /// What a [`ColorJitter`] changes.
    pub struct ColorJitterOptions {
        /// Factors of the light, around 1.
        brightness: into Range = 0.0,
        /// Factors of the differences to the mean, around 1.
        contrast: into Range = 0.0,
        /// Factors of the differences to grey, around 1.
        saturation: into Range = 0.0,
        /// Turns of the hue, around 0, at most half a circle.
        hue: into Range = 0.0,
    }
}

/// Brightness, contrast, saturation and hue changed by random factors, in random order.
///
/// ```
/// use data::transforms::{ColorJitter, Transform};
/// let jitter = ColorJitter::with(|jitter| jitter.brightness(0.2).hue((-0.1, 0.0)));
/// assert_eq!(jitter.to_string(), "ColorJitter(brightness=(0.8, 1.2), contrast=None, saturation=None, hue=(-0.1, 0.0))");
/// let image = tensor::rand([3, 4, 4]);
/// assert_eq!(jitter.apply(&image).shape(), image.shape());
/// ```
#[derive(Clone)]
pub struct ColorJitter {
    /// In the order of torchvision's numbers: brightness, contrast, saturation, hue.
    ranges: [Option<(f64, f64)>; 4],
}

impl ColorJitter {
    /// Changes as the settings say; without any, none.
    ///
    /// # Panics
    /// If a range is not one.
    #[track_caller]
    pub fn with(settings: impl FnOnce(ColorJitterOptions) -> ColorJitterOptions) -> ColorJitter {
        let options = settings(ColorJitterOptions::default());
        let factor = |range: Range, name| range.ends(name, 1.0, 0.0, f64::INFINITY);
        let ranges = [
            factor(options.brightness, "brightness"),
            factor(options.contrast, "contrast"),
            factor(options.saturation, "saturation"),
            options.hue.ends("hue", 0.0, -0.5, 0.5),
        ];
        ColorJitter { ranges }
    }
}

impl Transform for ColorJitter {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let order = randperm(4).to_vec::<i64>();
        let factors = self.ranges.map(|range| range.map(|(low, high)| uniform(low, high)));
        let change = [brightness, contrast, saturation, hsv::turn];
        order.into_iter().fold(image.clone(), |image, at| match factors[at as usize] {
            Some(factor) => change[at as usize](&image, factor),
            None => image,
        })
    }

    fn describe(&self) -> String {
        let range = |range: Option<(f64, f64)>| match range {
            Some((low, high)) => format!("({}, {})", python_float(low), python_float(high)),
            None => "None".into(),
        };
        let [brightness, contrast, saturation, hue] = self.ranges.map(range);
        format!("ColorJitter(brightness={brightness}, contrast={contrast}, saturation={saturation}, hue={hue})")
    }
}
