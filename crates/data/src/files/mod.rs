//! Files of data sets: found in the folders where they may lie, unpacked, fetched if that is wished, and judged. It knows no set.

mod archive;
mod download;

pub(crate) use archive::member;

use flate2::read::MultiGzDecoder;
use std::fs;
use std::io::{ErrorKind as IoKind, Read};
use std::path::{Path, PathBuf};
use tensor::{Error, ErrorKind, Result};

/// Where the files of a set may lie.
pub(crate) struct Source<'a> {
    /// The set's name.
    pub set: &'a str,
    /// The folder given.
    pub root: &'a Path,
    /// Where below it torchvision puts the files.
    pub raw: PathBuf,
    /// Whether missing ones are fetched.
    pub download: bool,
}

/// A file that can be had from the network.
pub(crate) struct Remote<'a> {
    pub file: &'a str,
    pub md5: &'a str,
    /// What comes before the file's name.
    pub mirrors: &'a [&'a str],
}

impl Source<'_> {
    /// The first of these files that there is, or the remote one, fetched.
    pub fn find(&self, names: &[&str], remote: &Remote<'_>) -> Result<PathBuf> {
        let folders = [self.root.join(&self.raw), self.root.to_owned(), self.root.join("raw")];
        let places = folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
        if let Some(found) = places.into_iter().find(|place| place.exists()) {
            return Ok(found);
        }
        let to = folders[0].join(remote.file);
        if self.download {
            return download::fetch(self.set, remote, &to).map(|()| to);
        }
        let text = format!(
            "{}: there is no {} in {} nor in {}. Put the file there, name another folder, or allow it to be fetched with \
             `download(true)`",
            self.set,
            names.join(" and no "),
            self.root.display(),
            folders[0].display()
        );
        Err(Error::new(ErrorKind::Io, text))
    }
}

/// An error about a file that holds something else than it should.
pub(crate) fn damaged(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Format, format!("{}: {what}", path.display()))
}

/// An error of the operating system about a path.
pub(crate) fn failed(path: &Path, error: &std::io::Error) -> Error {
    let what =
        if error.kind() == IoKind::NotFound { "there is no such file or folder".into() } else { error.to_string() };
    Error::new(ErrorKind::Io, format!("{}: {what}", path.display()))
}

/// The bytes of a file, unpacked if they are compressed with gzip.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    unzip(fs::read(path).map_err(|error| failed(path, &error))?, &path.display().to_string())
}

/// `bytes` unpacked if they are compressed with gzip, which their first two tell.
pub(crate) fn unzip(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(bytes);
    }
    let mut out = vec![];
    match MultiGzDecoder::new(&bytes[..]).read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(error) => Err(Error::new(ErrorKind::Format, format!("{name}: the compressed data is damaged ({error})"))),
    }
}
