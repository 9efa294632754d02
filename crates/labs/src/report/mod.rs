//! A transcript as one page: HTML with its style and its pictures inside, so that it can be mailed, printed and read without a
//! network. It does not run anything.

mod html;

use crate::transcript::Transcript;
use std::io;
use std::path::{Path, PathBuf};

/// Writes the page into `folder`, which is made if need be, and returns where it is.
///
/// # Errors
/// If the folder cannot be made or written.
pub fn write(transcript: &Transcript, folder: &Path, name: &str) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    std::fs::write(&path, html::page(transcript))?;
    Ok(path)
}
