//! An image turned by a random angle, each pixel that of its nearest place before.

use super::Transform;
use super::draws::uniform;
use super::image::{is_bytes, size};
use super::pad::number;
use tensor::{Place, Tensor, from_vec, full_like, python_float};

tensor::settings! {
    /// What a [`RandomRotation`] takes beside its angles.
    pub struct RandomRotationOptions {
        /// What stands where the image was not.
        fill: f64 = 0.0,
    }
}

/// An image turned counterclockwise around its centre by a random angle; its size stays.
///
/// ```
/// use data::transforms::{RandomRotation, Transform};
/// let image = tensor::tensor([[[1.0, 2.0], [3.0, 4.0]]]);
/// let quarter = RandomRotation::with((90.0, 90.0), |rotation| rotation);
/// assert_eq!(quarter.apply(&image).to_string(), "tensor([[[2., 4.],\n         [1., 3.]]])");
/// ```
#[derive(Clone)]
pub struct RandomRotation {
    degrees: (f64, f64),
    options: RandomRotationOptions,
}

impl RandomRotation {
    /// By up to `degrees` in either direction.
    ///
    /// # Panics
    /// If that is negative.
    #[track_caller]
    pub fn new(degrees: f64) -> RandomRotation {
        assert!(degrees >= 0.0, "If degrees is a single number, it must be positive.");
        RandomRotation::with((-degrees, degrees), |rotation| rotation)
    }

    /// By an angle between two, in degrees, as the settings say.
    pub fn with(
        degrees: (f64, f64),
        settings: impl FnOnce(RandomRotationOptions) -> RandomRotationOptions,
    ) -> RandomRotation {
        RandomRotation { degrees, options: settings(RandomRotationOptions::default()) }
    }
}

impl Transform for RandomRotation {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let angle = uniform(self.degrees.0, self.degrees.1);
        let (height, width) = (size(image).height, size(image).width);
        let sources = if is_bytes(image) { fixed(angle, height, width) } else { float(angle, height, width) };
        // Where nothing was, the first pixel is taken and then replaced.
        let places: Vec<i64> = sources.iter().map(|source| source.map_or(0, |at| at as i64)).collect();
        let outside: Vec<bool> = sources.iter().map(Option::is_none).collect();
        let rank = image.ndim() as i64;
        let mut flat: Vec<i64> = image.shape().iter().map(|&n| n as i64).collect();
        flat.truncate(rank as usize - 2);
        flat.push(-1);
        let moved = image.reshape(&flat[..]).index_select(-1, &from_vec(places, height * width).to(image.device()));
        let moved = moved.reshape(image.shape());
        let outside = from_vec(outside, [height, width]).to(image.device());
        outside.where_(full_like(&moved, self.options.fill), &moved)
    }

    fn describe(&self) -> String {
        let (low, high) = self.degrees;
        let (low, high, fill) = (python_float(low), python_float(high), number(self.options.fill));
        format!("RandomRotation(degrees=[{low}, {high}], interpolation=nearest, expand=False, fill={fill})")
    }
}

/// Where each pixel was, row-major, in Pillow's fixed-point numbers of 16 bits.
fn fixed(angle: f64, height: usize, width: usize) -> Vec<Option<usize>> {
    let angle = angle.rem_euclid(360.0);
    let at = |x: i64, y: i64| {
        let inside = (0..width as i64).contains(&x) && (0..height as i64).contains(&y);
        inside.then_some((y * width as i64 + x) as usize)
    };
    let (w, h) = (width as i64, height as i64);
    let places = (0..h).flat_map(|y| (0..w).map(move |x| (x, y)));
    // Turns without rounding.
    match angle {
        0.0 => return places.map(|(x, y)| at(x, y)).collect(),
        90.0 if w == h => return places.map(|(x, y)| at(w - 1 - y, x)).collect(),
        180.0 => return places.map(|(x, y)| at(w - 1 - x, h - 1 - y)).collect(),
        270.0 if w == h => return places.map(|(x, y)| at(y, h - 1 - x)).collect(),
        _ => {}
    }
    let turn = -angle.to_radians();
    let digits = |x: f64| format!("{x:.15}").parse::<f64>().unwrap_or(x);
    let (cos, sin, back) = (digits(turn.cos()), digits(turn.sin()), digits(-turn.sin()));
    let (cx, cy) = (width as f64 / 2.0, height as f64 / 2.0);
    let (dx, dy) = (cos * -cx + sin * -cy + cx, back * -cx + cos * -cy + cy);
    let fix = |x: f64| (x * 65536.0 + 0.5).floor() as i64;
    let (cos16, sin16, back16) = (fix(cos), fix(sin), fix(back));
    let (x0, y0) = (fix(dx + cos * 0.5 + sin * 0.5), fix(dy + back * 0.5 + cos * 0.5));
    places.map(|(x, y)| at((x0 + cos16 * x + sin16 * y) >> 16, (y0 + back16 * x + cos16 * y) >> 16)).collect()
}

/// Where each pixel was, row-major, as sampling a grid in `float32` finds it.
fn float(angle: f64, height: usize, width: usize) -> Vec<Option<usize>> {
    let turn = (-angle).to_radians();
    let (cos, sin) = (turn.cos() as f32, turn.sin() as f32);
    let (w, h) = (width as f32, height as f32);
    let scaled = [[cos / (0.5 * w), sin / (0.5 * w)], [-sin / (0.5 * h), cos / (0.5 * h)]];
    let source = |(x, y): (usize, usize)| {
        let (x, y) = (x as f32 + 0.5 - w * 0.5, y as f32 + 0.5 - h * 0.5);
        let place = |row: [f32; 2], size: f32| (((x * row[0] + y * row[1] + 1.0) * size - 1.0) / 2.0).round_ties_even();
        let (x, y) = (place(scaled[0], w), place(scaled[1], h));
        ((0.0..w).contains(&x) && (0.0..h).contains(&y)).then(|| y as usize * width + x as usize)
    };
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(source).collect()
}
