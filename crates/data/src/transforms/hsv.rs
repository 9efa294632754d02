//! Hue, saturation and value, and turning the hue: in bytes as Pillow, in floats as torchvision (both after A. R. Smith, 1978).

use super::image::{channels, check_channels, each_color, is_bytes};
use tensor::{DType, Place, Tensor, cat, from_vec};

/// The image with all hues turned by `turn` of a circle, from −½ to ½.
#[track_caller]
pub(super) fn turn(image: &Tensor, turn: f64) -> Tensor {
    check_channels(image);
    if channels(image) == 1 {
        return image.clone();
    }
    if is_bytes(image) {
        let shift = (turn * 255.0) as i32 as u8;
        return each_color(image, |color| {
            let [h, s, v] = to_bytes(color);
            from_bytes([h.wrapping_add(shift), s, v])
        });
    }
    let planes: Vec<Vec<f32>> = (0..3).map(|at| image.narrow(-3, at, 1).to(DType::F32).to_vec()).collect();
    let turned: Vec<[f32; 3]> =
        (0..planes[0].len()).map(|at| turned([planes[0][at], planes[1][at], planes[2][at]], turn as f32)).collect();
    let shape = image.narrow(-3, 0, 1).shape().clone();
    let plane = |at: usize| from_vec(turned.iter().map(|color| color[at]).collect::<Vec<f32>>(), &shape);
    cat(&[plane(0), plane(1), plane(2)], -3).to(image.dtype()).to(image.device())
}

/// Where the hue lies by which colour is greatest, in sixths of a circle, from the distances of all to the greatest.
fn sixths([r, g, _]: [f32; 3], most: f32, [rc, gc, bc]: [f32; 3]) -> f64 {
    let [rc, gc, bc] = [f64::from(rc), f64::from(gc), f64::from(bc)];
    if r == most {
        f64::from((bc - gc) as f32)
    } else if g == most {
        2.0 + rc - bc
    } else {
        4.0 + gc - rc
    }
}

/// A colour's hue, saturation and value in bytes.
fn to_bytes(color: [u8; 3]) -> [u8; 3] {
    let (most, least) = (*color.iter().max().unwrap_or(&0), *color.iter().min().unwrap_or(&0));
    if most == least {
        return [0, 0, most];
    }
    let range = f32::from(most - least);
    let saturation = range / f32::from(most);
    let distances = color.map(|x| f32::from(most - x) / range);
    let sixths = sixths(color.map(f32::from), f32::from(most), distances) as f32;
    let hue = ((f64::from(sixths) / 6.0 + 1.0) % 1.0) as f32;
    let byte = |x: f32| (f64::from(x) * 255.0) as i32 as u8;
    [byte(hue), byte(saturation), most]
}

/// Which of value, p, q and t are red, green and blue in each sixth of the circle.
const SIXTHS: [[usize; 3]; 6] = [[0, 3, 1], [2, 0, 1], [1, 0, 3], [1, 2, 0], [3, 1, 0], [0, 1, 2]];

/// The colour of a hue, saturation and value in bytes.
fn from_bytes([h, s, v]: [u8; 3]) -> [u8; 3] {
    if s == 0 {
        return [v; 3];
    }
    let place = f64::from(h) * 6.0 / 255.0;
    let sixth = place.floor();
    let part = f64::from((place - sixth) as f32);
    let saturation = f64::from((f64::from(s) / 255.0) as f32);
    let level = |x: f64| ((f64::from(v) * x) as f32).round().clamp(0.0, 255.0) as u8;
    let (p, q, t) = (level(1.0 - saturation), level(1.0 - saturation * part), level(1.0 - saturation * (1.0 - part)));
    SIXTHS[sixth as usize % 6].map(|at| [v, p, q, t][at])
}

/// A colour of floats with its hue turned.
fn turned(color: [f32; 3], turn: f32) -> [f32; 3] {
    let (most, least) = (color.into_iter().fold(f32::MIN, f32::max), color.into_iter().fold(f32::MAX, f32::min));
    let gray = most == least;
    let range = if gray { 1.0 } else { most - least };
    let saturation = (most - least) / if gray { 1.0 } else { most };
    let sixths = sixths(color, most, color.map(|x| (most - x) / range)) as f32;
    let hue = (((sixths / 6.0 + 1.0) % 1.0) + turn).rem_euclid(1.0);
    let place = hue * 6.0;
    let sixth = place.floor();
    let part = place - sixth;
    let level = |x: f32| (most * x).clamp(0.0, 1.0);
    let (p, q, t) = (level(1.0 - saturation), level(1.0 - saturation * part), level(1.0 - saturation * (1.0 - part)));
    SIXTHS[sixth as usize % 6].map(|at| [most, p, q, t][at])
}
