//! `.npy` files to tensors. It believes nothing that a file says of its size: memory grows with the bytes that arrive.

use super::header::Header;
use super::unreadable;
use std::io::{ErrorKind as Io, Read};
use storage::{OutOfMemory, Storage};
use tensor_core::{DType, Error, ErrorKind, Result, Tensor, bail};

/// How every file begins; two bytes for the version follow.
const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy's own limit for headers that nobody vouches for.
const LONGEST_HEADER: usize = 10_000;
/// The memory that is taken before anything has arrived, in bytes.
const STEP: usize = 1 << 16;

/// Reads one array, and not a byte beyond it.
pub fn array(from: &mut impl Read) -> Result<Tensor> {
    let header = header(from)?;
    let numel = header.shape.iter().product();
    let storage = match header.dtype.size() {
        1 => {
            let mut words = words::<u8>(from, numel)?;
            if header.dtype == DType::Bool {
                words.iter_mut().for_each(|word| *word = u8::from(*word != 0));
            }
            Storage::from_vec(words)
        }
        2 => Storage::from_vec(ordered(words(from, numel)?, header.swapped, u16::swap_bytes)),
        4 => Storage::from_vec(ordered(words(from, numel)?, header.swapped, u32::swap_bytes)),
        _ => Storage::from_vec(ordered(words(from, numel)?, header.swapped, u64::swap_bytes)),
    };
    Tensor::from_storage(storage?, header.layout(), header.dtype, crate::cpu())
}

/// An error if something follows.
pub fn check_end(from: &mut impl Read) -> Result<()> {
    if fill(from, &mut [0])? > 0 {
        bail!(
            Format,
            "bytes follow the end of the array. If they are further arrays, read one after the other with numpy::read."
        );
    }
    Ok(())
}

/// Reads up to the end of the header.
fn header(from: &mut impl Read) -> Result<Header> {
    let mut start = [0; 8];
    let got = fill(from, &mut start)?;
    check_magic(&start[..got])?;
    complete("magic string", start.len(), got)?;
    let mut length = [0; 4];
    let width = match start[6..] {
        [1, 0] => 2,
        [2 | 3, 0] => 4,
        [major, minor] => {
            bail!(Format, "we only support format version (1,0), (2,0), and (3,0), not ({major}, {minor})")
        }
        _ => unreachable!("two bytes"),
    };
    complete("array header length", width, fill(from, &mut length[..width])?)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_HEADER {
        bail!(
            Format,
            "Header info length ({length}) is large and may not be safe to load securely: headers of arrays of numbers have a few \
             hundred bytes"
        );
    }
    let mut text = vec![0; length];
    complete("array header", length, fill(from, &mut text)?)?;
    match start[6] {
        // Before version 3 a byte is a character.
        1 | 2 => Header::parse(&text.iter().map(|byte| char::from(*byte)).collect::<String>()),
        _ => match std::str::from_utf8(&text) {
            Ok(text) => Header::parse(text),
            Err(_) => bail!(Format, "Cannot parse header: it is no UTF-8"),
        },
    }
}

/// An error that says what the file is instead, where its first bytes tell.
fn check_magic(start: &[u8]) -> Result<()> {
    let magic = &start[..start.len().min(MAGIC.len())];
    if start.is_empty() {
        bail!(Format, "No data left in file");
    }
    if magic == &MAGIC[..magic.len()] {
        return Ok(());
    }
    match start {
        [b'P', b'K', ..] => bail!(Format, "this is an archive of several arrays: load it with numpy::load_npz"),
        [0x80, ..] => bail!(
            Format,
            "This file contains pickled (object) data, which runs code when it is read, and is never read here. Save the array with \
             np.save instead."
        ),
        _ => bail!(
            Format,
            "the magic string is not correct; expected b'\\x93NUMPY', got b'{}'. This is no .npy file.",
            magic.escape_ascii()
        ),
    }
}

/// Reads `count` words of the file.
fn words<W: bytemuck::Pod>(from: &mut impl Read, count: usize) -> Result<Vec<W>> {
    let mut words: Vec<W> = vec![];
    while words.len() < count {
        let before = words.len();
        // As much again as has arrived, so that few steps lead to any size.
        let more = (count - before).min(before.max(STEP / size_of::<W>()));
        let bytes = (before + more) * size_of::<W>();
        words.try_reserve_exact(more).map_err(|_| OutOfMemory { bytes })?;
        words.resize(before + more, W::zeroed());
        let got = fill(from, bytemuck::cast_slice_mut(&mut words[before..]))?;
        if got < more * size_of::<W>() {
            return Err(cut_off("array data", count * size_of::<W>(), before * size_of::<W>() + got));
        }
    }
    Ok(words)
}

/// The words in this machine's byte order.
fn ordered<W: Copy>(mut words: Vec<W>, swapped: bool, swap: fn(W) -> W) -> Vec<W> {
    if swapped {
        words.iter_mut().for_each(|word| *word = swap(*word));
    }
    words
}

/// An error if less arrived than was announced.
fn complete(what: &str, expected: usize, got: usize) -> Result<()> {
    if got < expected {
        return Err(cut_off(what, expected, got));
    }
    Ok(())
}

#[cold]
fn cut_off(what: &str, expected: usize, got: usize) -> Error {
    Error::new(ErrorKind::Format, format!("EOF: reading {what}, expected {expected} bytes got {got}"))
}

/// Reads until `into` is full or nothing more comes; how many bytes came.
fn fill(from: &mut impl Read, into: &mut [u8]) -> Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match from.read(&mut into[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == Io::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    Ok(got)
}
