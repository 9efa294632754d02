//! NumPy's files under NumPy's names: `.npy`, one array, and `.npz`, a zip of several. They carry numbers to and from Python, and
//! nothing else: pickles are never read.
//!
//! Everything that touches a file returns what went wrong as an error that names the file. Nothing in a file is believed
//! before it has arrived: memory grows with the bytes that come, not with the sizes that are claimed.
//!
//! ```
//! use tensor::{numpy, tensor};
//! let path = std::env::temp_dir().join(format!("weights-{}.npy", std::process::id()));
//! numpy::save(&path, &tensor![[1.0, 2.0], [3.0, 4.0]])?;
//! assert_eq!(numpy::load(&path)?.to_string(), "tensor([[1., 2.],\n        [3., 4.]])");
//! # std::fs::remove_file(&path).unwrap();
//! # Ok::<(), tensor::Error>(())
//! ```

mod archive;
mod descr;
mod header;
mod incoming;
mod outgoing;

pub use archive::{load_npz, read_npz, savez, savez_compressed, write_npz, write_npz_compressed};

use std::fs::File;
use std::io::{ErrorKind as Io, Read, Write};
use std::path::{Path, PathBuf};
use tensor_core::{Error, ErrorKind, Result, Tensor};

/// The tensor in an `.npy` file, as `np.load` reads it, in host memory. Its dtype is the array's, whatever the byte order in the
/// file; an array in Fortran order keeps it as strides.
///
/// # Errors
/// If the file cannot be read, is no `.npy` file, holds something other than numbers of a tensor's dtypes, or ends too early or
/// too late.
pub fn load(path: impl AsRef<Path>) -> Result<Tensor> {
    let path = path.as_ref();
    let whole = || -> Result<Tensor> {
        let mut file = File::open(path).map_err(failed)?;
        let x = incoming::array(&mut file)?;
        incoming::check_end(&mut file)?;
        Ok(x)
    };
    whole().map_err(|error| of(path.display(), error))
}

/// The next array of a stream in the format of `.npy` files, in host memory. Reading ends with the array's last byte, so that
/// several arrays that were written one after the other can be read so.
///
/// ```
/// use tensor::{numpy, tensor};
/// let mut bytes = vec![];
/// numpy::write(&mut bytes, &tensor![1, 2, 3])?;
/// numpy::write(&mut bytes, &tensor![0.5])?;
/// let mut rest = &bytes[..];
/// assert_eq!(numpy::read(&mut rest)?.to_vec::<i64>(), [1, 2, 3]);
/// assert_eq!(numpy::read(&mut rest)?.to_vec::<f32>(), [0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// As [`load`], but for what follows.
pub fn read(mut from: impl Read) -> Result<Tensor> {
    incoming::array(&mut from)
}

/// Writes a tensor to an `.npy` file, byte for byte as `np.save` does; as there, `.npy` is appended to a path that does not end
/// so, and a file that is there already is replaced.
///
/// The tensor's memory stays locked for reading until all is written.
///
/// # Errors
/// If the tensor is `bfloat16`, which NumPy lacks, if it is on another device or requires grad, as in PyTorch's `numpy()`, or if
/// the file cannot be written.
pub fn save(path: impl AsRef<Path>, x: &Tensor) -> Result<()> {
    let path = with_ending(path.as_ref(), ".npy");
    outgoing::check(x)?;
    let whole = || outgoing::array(&mut File::create(&path).map_err(failed)?, x);
    whole().map_err(|error| of(path.display(), error))
}

/// As [`save`], into any writer.
///
/// # Errors
/// As [`save`].
pub fn write(mut to: impl Write, x: &Tensor) -> Result<()> {
    outgoing::check(x)?;
    outgoing::array(&mut to, x)?;
    to.flush().map_err(failed)
}

/// The operating system's refusal.
fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}

/// As [`failed`], from a reader that may be a decoder: what it finds wrong with the data comes through the same type.
fn unreadable(error: std::io::Error) -> Error {
    match error.kind() {
        Io::InvalidData | Io::InvalidInput | Io::UnexpectedEof => Error::new(ErrorKind::Format, error.to_string()),
        _ => failed(error),
    }
}

/// The error with the name of what it is about.
fn of(name: impl std::fmt::Display, error: Error) -> Error {
    Error::new(error.kind(), format!("{name}: {error}"))
}

/// The path as NumPy completes it.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    if !path.as_encoded_bytes().ends_with(ending.as_bytes()) {
        path.push(ending);
    }
    path.into()
}

/// What a file says, for a message: not more of it than people read, and nothing that a terminal would obey.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let text = text.trim_end();
    let mut shown = String::new();
    for letter in text.chars().take(LONGEST) {
        match letter {
            '\'' | '"' => shown.push(letter),
            _ => shown.extend(letter.escape_debug()),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
