//! Images in folders, one folder per class, and how one image is read. It holds paths; pictures are read when they are asked for.

use super::images::write_transform;
use crate::Dataset;
use crate::files::{damaged, failed};
use crate::transforms::Transform;
use std::fmt;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tensor::{Error, ErrorKind, Result, Tensor, from_vec, or_panic};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What files are taken for images, by their extension.
const EXTENSIONS: [&str; 3] = ["jpg", "jpeg", "png"];

/// Images of the folders `root/class/…`, classes numbered by the order of their names; an item is (image `uint8` [3, H, W],
/// class), or what a transform makes of it. JPEG and PNG are read.
///
/// ```no_run
/// use data::{DataLoader, sets::ImageFolder, transforms::*};
/// let transform = Compose::new().then(RandomResizedCrop::new(224)).then(RandomHorizontalFlip::default()).then(ToTensor);
/// let train = ImageFolder::new("hymenoptera/train")?.transform(transform);
/// for (images, classes) in &DataLoader::with(train, |o| o.batch_size(4).shuffle(true).num_workers(2)) {
///     assert_eq!(images.shape()[1..], [3, 224, 224]);
/// }
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone)]
pub struct ImageFolder {
    root: PathBuf,
    classes: Arc<[String]>,
    samples: Arc<[(PathBuf, usize)]>,
    transform: Option<Arc<dyn Transform>>,
}

impl ImageFolder {
    /// The images below `root`.
    ///
    /// # Errors
    /// If there are no folders in it, or one of them holds no image.
    pub fn new(root: impl AsRef<Path>) -> Result<ImageFolder> {
        let root = root.as_ref();
        let folders: Vec<PathBuf> = entries(root)?.into_iter().filter(|path| path.is_dir()).collect();
        if folders.is_empty() {
            return Err(Error::new(ErrorKind::Io, format!("Couldn't find any class folder in {}.", root.display())));
        }
        let (mut classes, mut samples, mut empty) = (vec![], vec![], vec![]);
        for (class, folder) in folders.iter().enumerate() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let before = samples.len();
            collect(folder, class, &mut samples)?;
            if samples.len() == before {
                empty.push(name.clone());
            }
            classes.push(name);
        }
        if !empty.is_empty() {
            let text = format!(
                "{}: Found no valid file for the classes {}. Supported extensions are: .{}",
                root.display(),
                empty.join(", "),
                EXTENSIONS.join(", .")
            );
            return Err(Error::new(ErrorKind::Io, text));
        }
        Ok(ImageFolder { root: root.to_owned(), classes: classes.into(), samples: samples.into(), transform: None })
    }

    /// The set with `transform` applied to each image.
    #[must_use]
    pub fn transform(mut self, transform: impl Transform + 'static) -> ImageFolder {
        self.transform = Some(Arc::new(transform));
        self
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The images' paths and classes.
    pub fn samples(&self) -> &[(PathBuf, usize)] {
        &self.samples
    }

    /// The classes of all images.
    pub fn targets(&self) -> Vec<i64> {
        self.samples.iter().map(|sample| sample.1 as i64).collect()
    }

    /// As [`get`](Dataset::get), returning a file that cannot be read as an error.
    pub fn try_get(&self, index: usize) -> Result<(Tensor, i64)> {
        let (path, class) = &self.samples[index];
        let image = read_image(path)?;
        let image = self.transform.iter().fold(image, |image, transform| transform.apply(&image));
        Ok((image, *class as i64))
    }
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = fs::read_dir(folder).and_then(|list| list.map(|entry| entry.map(|entry| entry.path())).collect());
    let mut paths: Vec<PathBuf> = list.map_err(|error| failed(folder, &error))?;
    paths.sort();
    Ok(paths)
}

/// The images in a folder, then those in its folders.
fn collect(folder: &Path, class: usize, samples: &mut Vec<(PathBuf, usize)>) -> Result<()> {
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries(folder)?.into_iter().partition(|path| path.is_dir());
    let is_image = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        EXTENSIONS.contains(&&*extension)
    };
    samples.extend(files.into_iter().filter(is_image).map(|path| (path, class)));
    folders.iter().try_for_each(|folder| collect(folder, class, samples))
}

impl Dataset for ImageFolder {
    type Item = (Tensor, i64);

    fn len(&self) -> usize {
        self.samples.len()
    }

    /// # Panics
    /// If the file cannot be read.
    #[track_caller]
    fn get(&self, index: usize) -> (Tensor, i64) {
        or_panic(self.try_get(index))
    }
}

impl fmt::Display for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Dataset ImageFolder\n    Number of datapoints: {}\n    Root location: {}",
            self.len(),
            self.root.display()
        )?;
        write_transform(f, self.transform.as_deref())
    }
}

impl fmt::Debug for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The colours of a JPEG or PNG file, `uint8` [3, H, W]: grey ones three times, transparency dropped.
///
/// # Errors
/// If the file cannot be read, or is no such image.
pub fn read_image(path: impl AsRef<Path>) -> Result<Tensor> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(|error| failed(path, &error))?;
    let (pixels, channels, height, width) = if bytes.starts_with(b"\x89PNG") {
        png(&bytes).map_err(|what| damaged(path, what))?
    } else if bytes.starts_with(&[0xFF, 0xD8]) {
        jpeg(&bytes).map_err(|what| damaged(path, what))?
    } else {
        return Err(damaged(path, "it is neither a JPEG nor a PNG file"));
    };
    let plane = height * width;
    let mut planes = vec![0; 3 * plane];
    // Grey, with or without transparency, has one colour.
    let color = |channel: usize| if channels < 3 { 0 } else { channel };
    for (channel, out) in planes.chunks_exact_mut(plane.max(1)).enumerate() {
        let from = pixels[color(channel)..].iter().step_by(channels);
        out.iter_mut().zip(from).for_each(|(out, &level)| *out = level);
    }
    Ok(from_vec(planes, [3, height, width]))
}

/// Pixels, channels, height and width.
type Decoded = (Vec<u8>, usize, usize, usize);

fn jpeg(bytes: &[u8]) -> Result<Decoded, String> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(|error| format!("{error:?}"))?;
    let (width, height) = decoder.dimensions().ok_or("it says no size")?;
    let channels = pixels.len() / (width * height).max(1);
    Ok((pixels, channels, height, width))
}

fn png(bytes: &[u8]) -> Result<Decoded, String> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let info = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    Ok((pixels, info.color_type.samples(), info.height as usize, info.width as usize))
}
