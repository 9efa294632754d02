//! What can go wrong, as one type. Texts are PyTorch's wherever PyTorch has one, so that they can be searched for. It knows
//! no operation: whoever finds a misuse writes its text.

use std::fmt;

/// The result of every fallible operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A misuse or a failure: its kind, for programs, and its text, for people. One pointer in size.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<(ErrorKind, String)>);

/// The kinds of error, for programs that react to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Shapes that do not fit each other or the operation.
    Shape,
    /// A dimension that the tensor does not have, or named twice.
    Dim,
    /// An index outside its dimension.
    Index,
    /// An element type that the operation cannot take.
    DType,
    /// Tensors on different devices, or on one that lacks the data.
    Device,
    /// An argument outside the values it may have.
    Value,
    /// A write to memory that the operands or the result share.
    Overlap,
    /// Gradients asked for where there are none, or a graph used against its rules.
    Autograd,
    /// Something that this device or build does not do.
    Unsupported,
    /// Memory that could not be had.
    Memory,
    /// Data from outside (files, arrays) that does not say what it should.
    Format,
    /// The operating system's refusal to read or write.
    Io,
}

impl Error {
    /// An error of `kind` with its text.
    #[cold]
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> Error {
        Error(Box::new((kind, text.into())))
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.0
    }

    /// The text alone.
    pub fn text(&self) -> &str {
        &self.0.1
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// As [`Display`](fmt::Display), so that `unwrap` and `main` returning an error stay readable.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Error {}

impl From<storage::OutOfMemory> for Error {
    #[cold]
    fn from(error: storage::OutOfMemory) -> Error {
        let text = format!("not enough memory: you tried to allocate {} bytes.", error.bytes);
        Error::new(ErrorKind::Memory, text)
    }
}

/// The value, or a panic at the caller's line with the error's text: how the panicking form of a method is made of its
/// `try_` twin.
#[inline]
#[track_caller]
pub fn or_panic<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(&error),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn fail(error: &Error) -> ! {
    panic!("{error}")
}

/// Returns an [`Error`] of the given kind with a formatted text.
#[macro_export]
macro_rules! bail {
    ($kind:ident, $($text:tt)*) => {
        return Err($crate::Error::new($crate::ErrorKind::$kind, format!($($text)*)))
    };
}
