//! Event files for TensorBoard: what `torch.utils.tensorboard.SummaryWriter` writes of them, under its names. It needs neither
//! TensorFlow nor TensorBoard.

mod buckets;
mod file;
mod messages;
mod record;
mod wire;

use self::buckets::Buckets;
use self::file::EventFile;
use self::wire::Message;
use crate::figures::Numbers;
use crate::picture::pictures;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tensor::{DType, Error, ErrorKind, Result, Tensor};

/// Writes values of a training into a folder that TensorBoard shows: `tensorboard --logdir runs`.
///
/// ```
/// use train::tensorboard::SummaryWriter;
/// # let folder = std::env::temp_dir().join(format!("runs-{}", std::process::id()));
/// let mut writer = SummaryWriter::new(&folder)?;
/// for step in 0..10 {
///     writer.add_scalar("loss/train", 1.0 / (step + 1) as f64, step)?;
/// }
/// writer.add_histogram("weights", &tensor::randn([100]), 9)?;
/// writer.flush()?;
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// What was added is in the file after [`flush`](SummaryWriter::flush), when the writer is dropped, and every two minutes.
#[derive(Debug)]
pub struct SummaryWriter {
    folder: PathBuf,
    file: EventFile,
    /// Files of single curves, by folder.
    curves: BTreeMap<PathBuf, EventFile>,
}

impl SummaryWriter {
    /// A new event file in `folder`, which is made where it is missing. Each run should have a folder of its own: `runs/adam-1`.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn new(folder: impl AsRef<Path>) -> Result<SummaryWriter> {
        let folder = folder.as_ref().to_path_buf();
        Ok(SummaryWriter { file: EventFile::create(&folder)?, folder, curves: BTreeMap::new() })
    }

    /// The folder.
    pub fn log_dir(&self) -> &Path {
        &self.folder
    }

    /// A number at a step. A slash in the tag groups what belongs together: `loss/train`. It is kept in single precision.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add_scalar(&mut self, tag: &str, value: f64, step: usize) -> Result<()> {
        self.add(&messages::scalar(tag, value), step)
    }

    /// Several numbers in one diagram: each becomes a curve with a folder of its own, as in PyTorch.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn add_scalars(&mut self, tag: &str, values: &[(&str, f64)], step: usize) -> Result<()> {
        for (name, value) in values {
            let folder = self.folder.join(format!("{}_{name}", tag.replace('/', "_")));
            if !self.curves.contains_key(&folder) {
                self.curves.insert(folder.clone(), EventFile::create(&folder)?);
            }
            if let Some(file) = self.curves.get_mut(&folder) {
                file.add(&messages::scalar(tag, *value), step)?;
            }
        }
        Ok(())
    }

    /// How values are distributed: of a tensor of any shape, or of a row of numbers.
    ///
    /// # Errors
    /// If there are no finite values, or the file cannot be written.
    pub fn add_histogram(&mut self, tag: &str, values: &(impl Numbers + ?Sized), step: usize) -> Result<()> {
        let values = values.numbers();
        let text =
            if values.is_empty() { "The input has no element." } else { "The histogram is empty: no value is finite." };
        let buckets = Buckets::of(&values).ok_or_else(|| Error::new(ErrorKind::Value, text))?;
        self.add(&messages::histogram(tag, &buckets), step)
    }

    /// A picture: `[1 or 3, height, width]`, of bytes or of real numbers from 0 to 1.
    ///
    /// # Errors
    /// If the shape is another, or the file cannot be written.
    pub fn add_image(&mut self, tag: &str, image: &Tensor, step: usize) -> Result<()> {
        let batch = image.try_unsqueeze(0)?;
        // PyTorch takes whatever is no byte for numbers from 0 to 1.
        let range = if batch.dtype() == DType::U8 { (0.0, 255.0) } else { (0.0, 1.0) };
        for picture in pictures(&batch, range)? {
            self.add(&messages::image(tag, &picture), step)?;
        }
        Ok(())
    }

    /// A text, which may be Markdown.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add_text(&mut self, tag: &str, text: &str, step: usize) -> Result<()> {
        self.add(&messages::text(tag, text), step)
    }

    /// Brings all that was added into the files.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        self.file.flush()?;
        self.curves.values_mut().try_for_each(EventFile::flush)
    }

    fn add(&mut self, value: &Message, step: usize) -> Result<()> {
        self.file.add(value, step)
    }
}
