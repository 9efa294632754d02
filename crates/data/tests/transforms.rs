//! Transforms against torchvision's, on bytes and on floats, from the same seed: `transforms.tsv` of the package conformance, whose
//! format `make_transforms.py` beside it describes.

use data::transforms::*;
use tensor::{DType, Tensor, from_vec, manual_seed};

const CASES: &str = include_str!("../../conformance/fixtures/transforms.tsv");

/// The transform of a case; `unit` is what a level of 1 in 255 is.
fn transform(name: &str, unit: f64) -> Box<dyn Transform> {
    match name {
        "center_crop" => Box::new(CenterCrop::new((5, 4))),
        "center_crop_large" => Box::new(CenterCrop::new((15, 20))),
        "random_crop" => Box::new(RandomCrop::new((4, 6))),
        "random_crop_padded" => Box::new(RandomCrop::with(8, |crop| crop.padding(2).fill(7.0 * unit))),
        "random_crop_needed" => {
            Box::new(RandomCrop::with((12, 14), |crop| crop.pad_if_needed(true).padding_mode(PaddingMode::Reflect)))
        }
        "pad" => Box::new(Pad::with((1, 2, 3, 4), |pad| pad.padding_mode(PaddingMode::Symmetric))),
        "pad_edge" => Box::new(Pad::with(2, |pad| pad.padding_mode(PaddingMode::Edge))),
        "flip" => Box::new(RandomHorizontalFlip::default()),
        "flip_vertical" => Box::new(RandomVerticalFlip::new(0.3)),
        "resize" => Box::new(Resize::new(5)),
        "resize_up" => Box::new(Resize::new((15, 9))),
        "resize_most" => Box::new(Resize::with(6, |resize| resize.max_size(7))),
        "resized_crop" => Box::new(RandomResizedCrop::new(6)),
        "resized_crop_wide" => {
            Box::new(RandomResizedCrop::with((3, 9), |crop| crop.scale((0.5, 2.0)).ratio((2.0, 3.0))))
        }
        "rotation" => Box::new(RandomRotation::new(40.0)),
        "rotation_filled" => Box::new(RandomRotation::with((80.0, 100.0), |rotation| rotation.fill(9.0 * unit))),
        "jitter" => Box::new(ColorJitter::with(|jitter| jitter.brightness(0.4).contrast(0.4).saturation(0.4).hue(0.2))),
        "jitter_hue" => Box::new(ColorJitter::with(|jitter| jitter.hue(0.5))),
        "jitter_between" => Box::new(ColorJitter::with(|jitter| jitter.brightness((0.1, 3.0)).contrast(2.0))),
        "grayscale" => Box::new(Grayscale::new(3)),
        "apply" => Box::new(RandomApply::new(Compose::new().then(RandomHorizontalFlip::new(1.0)), 0.4)),
        "erasing" => Box::new(RandomErasing::with(|erasing| erasing.p(0.8))),
        "erasing_noise" => Box::new(RandomErasing::with(|erasing| erasing.p(0.8).value(None))),
        "normalize" => Box::new(Normalize::new([0.5, 0.4, 0.3], [0.2, 0.25, 0.5])),
        "noise" => Box::new(GaussianNoise::with(|noise| noise.mean(0.1).sigma(0.2))),
        _ => panic!("unknown case {name}"),
    }
}

/// The image that the fixture describes.
fn picture(sizes: &[usize], dtype: DType) -> Tensor {
    let [channels, height, width] = sizes[..] else { panic!("three sizes") };
    let pixel = |c, y, x| ((37 * c + 11 * y + 5 * x + x * y) % 256) as u8;
    let rows = (0..channels).flat_map(|c| (0..height).map(move |y| (c, y)));
    let pixels = rows.flat_map(|(c, y)| (0..width).map(move |x| pixel(c, y, x))).collect::<Vec<u8>>();
    let image = from_vec(pixels, sizes);
    if dtype == DType::U8 { image } else { ToTensor.apply(&image) }
}

fn numbers(text: &str) -> Vec<usize> {
    text.split(',').map(|size| size.parse().expect("a size")).collect()
}

#[test]
fn results_and_descriptions_are_torchvision_s() {
    let (mut checked, mut wrong) = (0, vec![]);
    for line in CASES.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, dtype, sizes, results, shown] = fields[..] else { panic!("five fields: {line}") };
        let dtype = if dtype == "torch.uint8" { DType::U8 } else { DType::F32 };
        let (unit, bound) = if dtype == DType::U8 { (1.0, 0.0) } else { (1.0 / 255.0, 6e-5) };
        let transform = transform(name, unit);
        assert_eq!(transform.describe(), shown.replace("\\n", "\n"), "{name} {dtype}");
        let image = picture(&numbers(sizes), dtype);
        manual_seed(11);
        for (round, wanted) in results.split(';').enumerate() {
            let (shape, values) = wanted.split_once(':').expect("sizes and numbers");
            let got = transform.apply(&image);
            assert_eq!((&got.shape()[..], got.dtype()), (&numbers(shape)[..], dtype), "{name} {dtype}");
            let got = got.to_dtype(DType::F64).to_vec::<f64>();
            let wanted: Vec<f64> = values.split(' ').map(|value| value.parse().expect("a number")).collect();
            let far = |(got, wanted): (&f64, &f64)| (got - wanted).abs() > bound * wanted.abs().max(1.0);
            let differ = got.iter().zip(&wanted).filter(|&(got, wanted)| far((got, wanted))).count();
            if differ > 0 {
                wrong.push(format!("{name} {dtype} {sizes} round {round}: {differ} of {}", wanted.len()));
            }
            checked += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 200, "{checked}");
}

#[test]
fn misuse_has_torchvision_s_words() {
    let refusal = |body: &dyn Fn()| {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).expect_err("a panic");
        panic
            .downcast_ref::<String>()
            .cloned()
            .unwrap_or_else(|| panic.downcast_ref::<&str>().expect("a text").to_string())
    };
    let image = picture(&[3, 4, 5], DType::U8);
    assert_eq!(
        refusal(&|| _ = RandomCrop::new(5).apply(&image)),
        "Required crop size (5, 5) is larger than input image size (4, 5)"
    );
    assert_eq!(
        refusal(&|| _ = Normalize::new([0.5], [0.5]).apply(&image)),
        "Input tensor should be a float tensor. Got torch.uint8."
    );
    assert_eq!(
        refusal(&|| _ = Normalize::new([0.5], [0.0])),
        "std evaluated to zero after conversion to torch.float32, leading to division by zero."
    );
    assert_eq!(
        refusal(&|| _ = ColorJitter::with(|jitter| jitter.hue(0.6))),
        "hue values should be between (-0.5, 0.5), but got [-0.6, 0.6]."
    );
    assert_eq!(
        refusal(&|| _ = ColorJitter::with(|jitter| jitter.contrast(-1.0))),
        "If contrast is a single number, it must be non negative."
    );
    assert_eq!(refusal(&|| _ = Grayscale::new(2)), "num_output_channels should be either 1 or 3");
    assert_eq!(
        refusal(&|| _ = Resize::with(6, |resize| resize.max_size(6))),
        "max_size = 6 must be strictly greater than the requested size for the smaller edge size = 6"
    );
}
