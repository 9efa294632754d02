//! Tensors as pictures: values of `[channels, height, width]` to bytes, and bytes to PNG. It knows no figure and no file.

use tensor::{DType, Error, ErrorKind, Place, Result, Tensor, torch_size};

/// Rows of pixels, one byte (grey) or three (red, green, blue) each.
pub struct Picture {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// One or three.
    pub channels: usize,
    /// The pixels row by row.
    pub bytes: Vec<u8>,
}

/// Pictures of `[n, 1 or 3, h, w]`. Bytes are taken as they are; of real numbers `low` becomes black and `high` white.
pub fn pictures(images: &Tensor, (low, high): (f64, f64)) -> Result<Vec<Picture>> {
    let &[_, channels @ (1 | 3), height, width] = &images.shape()[..] else {
        let shape = torch_size(images.shape());
        return Err(Error::new(
            ErrorKind::Shape,
            format!("images have the shape [n, 1 or 3, height, width], got {shape}"),
        ));
    };
    let images = images.detach().try_to(tensor::cpu())?;
    let levels: Vec<u8> = if images.dtype() == DType::U8 {
        images.try_to_vec()?
    } else {
        let level = |value: f64| ((value - low) / (high - low) * 255.0).clamp(0.0, 255.0) as u8;
        images.try_to_dtype(DType::F64)?.try_to_vec()?.into_iter().map(level).collect()
    };
    let plane = width * height;
    if plane == 0 {
        return Err(Error::new(ErrorKind::Shape, "images need at least one pixel"));
    }
    let interleaved =
        |image: &[u8]| (0..plane * channels).map(|at| image[at % channels * plane + at / channels]).collect();
    let pictures = levels.chunks(plane * channels);
    Ok(pictures.map(|image| Picture { width, height, channels, bytes: interleaved(image) }).collect())
}

impl Picture {
    /// The picture as a PNG file's bytes.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width as u32, self.height as u32);
        encoder.set_color(if self.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&self.bytes));
        written.expect("a picture has as many bytes as its size says, and memory takes them");
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_come_together() {
        let image = tensor::arange(12).reshape([1, 3, 2, 2]).to_dtype(DType::U8);
        let picture = &pictures(&image, (0.0, 1.0)).unwrap()[0];
        assert_eq!(picture.bytes, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture.png())).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!((info.width, info.height, &bytes), (2, 2, &picture.bytes));
    }

    #[test]
    fn ranges_are_stretched_and_cut() {
        let image = tensor::tensor![[[[-1.0, 0.0, 1.0, 9.0]]]];
        assert_eq!(pictures(&image, (-1.0, 1.0)).unwrap()[0].bytes, [0, 127, 255, 255]);
        assert_eq!(pictures(&tensor::zeros([2, 2]), (0.0, 1.0)).err().unwrap().kind(), ErrorKind::Shape);
    }
}
