//! One event file: its name, which TensorBoard looks for, its first record, and when it is written. It knows no kind of value.

use super::wire::Message;
use super::{messages, record};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tensor::{Error, ErrorKind, Result};

/// How long events may wait before they are written: PyTorch's `flush_secs`.
const PATIENCE: Duration = Duration::from_secs(120);

/// A file that takes events.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: BufWriter<File>,
    flushed: Instant,
}

impl EventFile {
    /// A new file in `folder`, which is made where it is missing.
    pub fn create(folder: &Path) -> Result<EventFile> {
        // Files of one program that begin in the same second have different numbers.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let (seconds, process) = (now() as u64, std::process::id());
        let name = format!(
            "events.out.tfevents.{seconds:010}.{}.{process}.{}",
            host(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let path = folder.join(name);
        let made = std::fs::create_dir_all(folder).and_then(|()| File::create_new(&path));
        let file = made.map_err(|error| failed(&path, error))?;
        let mut file = EventFile { path, file: BufWriter::new(file), flushed: Instant::now() };
        file.write(&messages::version(now()))?;
        file.flush()?;
        Ok(file)
    }

    /// A value at a step, at this moment.
    pub fn add(&mut self, value: &Message, step: usize) -> Result<()> {
        self.write(&messages::event(now(), step as i64, value))?;
        if self.flushed.elapsed() > PATIENCE { self.flush() } else { Ok(()) }
    }

    /// Brings everything into the file.
    pub fn flush(&mut self) -> Result<()> {
        self.flushed = Instant::now();
        self.file.flush().map_err(|error| failed(&self.path, error))
    }

    fn write(&mut self, event: &Message) -> Result<()> {
        self.file.write_all(&record::framed(event.bytes())).map_err(|error| failed(&self.path, error))
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// The machine's name where the system tells it without further ado; it only serves to tell files apart.
fn host() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let told = told.or_else(|| std::env::var("HOSTNAME").ok()).or_else(|| std::env::var("COMPUTERNAME").ok());
    let name: String =
        told.unwrap_or_default().trim().chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect();
    if name.is_empty() { "localhost".into() } else { name }
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{} cannot be written: {error}", path.display()))
}
