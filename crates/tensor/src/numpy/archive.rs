//! `.npz` files: zips of `.npy` files. It knows nothing of what is in those, and trusts an archive no more than they are
//! trusted: names must differ, members must not share bytes, and sizes and checksums must hold.

use super::{failed, incoming, of, outgoing, shown, unreadable, with_ending};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rawzip::path::{EntryPath, ZipFilePath};
use rawzip::{CompressionMethod, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ReaderAt, ZipArchive, ZipArchiveWriter};
use std::borrow::Borrow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tensor_core::{Error, ErrorKind, Result, Tensor, bail};

/// The names and tensors in an `.npz` file, in the file's order, in host memory.
///
/// # Errors
/// If the file cannot be read or is no zip, if two members have one name or share bytes, if what is in a member is not what the
/// archive says, and as [`load`](super::load) for each.
pub fn load_npz(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor)>> {
    let path = path.as_ref();
    let whole = || {
        let mut file = File::open(path).map_err(failed)?;
        let length = check_start(&mut file)?;
        members(&ZipArchive::from_file(file, &mut buffer()).map_err(broken)?, length)
    };
    whole().map_err(|error| of(path.display(), error))
}

/// As [`load_npz`], from any reader that can seek, in which the archive is all there is.
///
/// # Errors
/// As [`load_npz`].
pub fn read_npz(mut from: impl Read + Seek) -> Result<Vec<(String, Tensor)>> {
    let length = check_start(&mut from)?;
    members(&ZipArchive::from_seekable(from, &mut buffer()).map_err(broken)?, length)
}

/// Writes tensors under their names to an `.npz` file, as `np.savez` does; as there, `.npz` is appended to a path that does not
/// end so.
///
/// ```
/// use tensor::{numpy, tensor};
/// let path = std::env::temp_dir().join(format!("model-{}.npz", std::process::id()));
/// numpy::savez(&path, [("weight", &tensor![[0.5, 1.5]]), ("bias", &tensor![7])])?;
/// let arrays = numpy::load_npz(&path)?;
/// assert_eq!((&*arrays[0].0, arrays[0].1.to_vec::<f32>()), ("weight", vec![0.5, 1.5]));
/// assert_eq!(arrays[1].0, "bias");
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// As [`save`](super::save) for each tensor; also if two have one name.
pub fn savez<N: AsRef<str>, T: Borrow<Tensor>>(
    path: impl AsRef<Path>,
    arrays: impl IntoIterator<Item = (N, T)>,
) -> Result<()> {
    save(path.as_ref(), arrays, CompressionMethod::STORE)
}

/// As [`savez`], compressed, as `np.savez_compressed` does.
///
/// # Errors
/// As [`savez`].
pub fn savez_compressed<N: AsRef<str>, T: Borrow<Tensor>>(
    path: impl AsRef<Path>,
    arrays: impl IntoIterator<Item = (N, T)>,
) -> Result<()> {
    save(path.as_ref(), arrays, CompressionMethod::DEFLATE)
}

/// As [`savez`], into any writer.
///
/// # Errors
/// As [`savez`].
pub fn write_npz<N: AsRef<str>, T: Borrow<Tensor>>(
    to: impl Write,
    arrays: impl IntoIterator<Item = (N, T)>,
) -> Result<()> {
    write(to, &checked(arrays)?, CompressionMethod::STORE)
}

/// As [`savez_compressed`], into any writer.
///
/// # Errors
/// As [`savez`].
pub fn write_npz_compressed<N: AsRef<str>, T: Borrow<Tensor>>(
    to: impl Write,
    arrays: impl IntoIterator<Item = (N, T)>,
) -> Result<()> {
    write(to, &checked(arrays)?, CompressionMethod::DEFLATE)
}

fn buffer() -> Vec<u8> {
    vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE]
}

/// The length of the file; an error that says what it is instead, if it is a single array. A zip is read from its end.
fn check_start(from: &mut (impl Read + Seek)) -> Result<u64> {
    let mut start = vec![];
    from.seek(SeekFrom::Start(0)).map_err(failed)?;
    from.take(6).read_to_end(&mut start).map_err(failed)?;
    if start == b"\x93NUMPY" {
        bail!(Format, "this is a single array: load it with numpy::load");
    }
    from.seek(SeekFrom::End(0)).map_err(failed)
}

/// Reads every member of an archive in a file of `length` bytes.
fn members<R: ReaderAt>(archive: &ZipArchive<R>, length: u64) -> Result<Vec<(String, Tensor)>> {
    let (mut found, mut names, mut places) = (vec![], HashSet::new(), vec![]);
    let mut buffer = buffer();
    let mut entries = archive.entries(&mut buffer);
    while let Some(record) = entries.next_entry().map_err(broken)? {
        let name = name(record.file_path().as_ref())?;
        if record.flags().is_encrypted() {
            bail!(Unsupported, "'{}': the member is encrypted", shown(&name));
        }
        if !names.insert(name.clone()) {
            bail!(Format, "'{}': two members have this name", shown(&name));
        }
        let entry = archive.get_entry(record.wayfinder()).map_err(|error| about(&name, broken(error)))?;
        places.push((record.local_header_offset(), entry.compressed_data_range().1));
        found.push((name, record.compression_method(), entry));
    }
    if found.len() as u64 != archive.entries_hint() {
        bail!(Format, "Bad zip file: it announces {} members and has {}", archive.entries_hint(), found.len());
    }
    places.push((archive.directory_offset(), archive.end_offset()));
    places.sort_unstable();
    if places.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        bail!(Format, "Overlapped entries (possible zip bomb): members of the archive share bytes");
    }
    if archive.end_offset() != length {
        bail!(Format, "bytes follow the end of the archive");
    }
    let tensor = |(name, method, entry): (String, _, _)| match member(&entry, method) {
        Ok(x) => Ok((name, x)),
        Err(error) => Err(about(&name, error)),
    };
    found.into_iter().map(tensor).collect()
}

/// The name of an array, which its member has with `.npy`.
fn name(member: &[u8]) -> Result<String> {
    match std::str::from_utf8(member) {
        Ok(name) => Ok(name.strip_suffix(".npy").unwrap_or(name).to_string()),
        Err(_) => bail!(Format, "the name of a member is no UTF-8: b'{}'", member.escape_ascii()),
    }
}

/// The member that an error is about.
fn about(name: &str, error: Error) -> Error {
    of(format_args!("'{}'", shown(name)), error)
}

/// Reads one member, to its end, where its size and checksum are compared.
fn member<R: ReaderAt>(entry: &rawzip::ZipEntry<'_, R>, method: CompressionMethod) -> Result<Tensor> {
    let content: Box<dyn Read + '_> = match method {
        CompressionMethod::STORE => Box::new(entry.reader()),
        CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(entry.reader())),
        other => {
            bail!(Unsupported, "That compression method is not supported: {other}. Save with np.savez_compressed.")
        }
    };
    let mut content = entry.verifying_reader(content);
    let x = incoming::array(&mut content)?;
    incoming::check_end(&mut content)?;
    Ok(x)
}

/// The arrays with the paths of their members, if all of them can be written.
fn checked<N: AsRef<str>, T: Borrow<Tensor>>(
    arrays: impl IntoIterator<Item = (N, T)>,
) -> Result<Vec<(String, Tensor)>> {
    let (mut checked, mut paths) = (vec![], HashSet::new());
    for (name, x) in arrays {
        let (name, x) = (name.as_ref(), x.borrow());
        outgoing::check(x).map_err(|error| about(name, error))?;
        let path = format!("{name}.npy");
        // The crate writes either exact bytes, which readers take for code page 437, or texts, of which it makes proper paths.
        if !path.is_ascii() && ZipFilePath::from_str(&path).as_str() != path {
            bail!(Value, "'{}': a name with other letters than ASCII has to be a plain path", shown(name));
        }
        if path.len() > usize::from(u16::MAX) {
            let most = usize::from(u16::MAX) - ".npy".len();
            bail!(Value, "'{}': a name has at most {most} bytes", shown(name));
        }
        if !paths.insert(path.clone()) {
            bail!(Value, "'{}': two arrays have this name", shown(name));
        }
        checked.push((path, x.clone()));
    }
    Ok(checked)
}

fn save<N: AsRef<str>, T: Borrow<Tensor>>(
    path: &Path,
    arrays: impl IntoIterator<Item = (N, T)>,
    method: CompressionMethod,
) -> Result<()> {
    let path = with_ending(path, ".npz");
    let arrays = checked(arrays)?;
    let whole = || write(BufWriter::new(File::create(&path).map_err(failed)?), &arrays, method);
    whole().map_err(|error| of(path.display(), error))
}

fn write(to: impl Write, arrays: &[(String, Tensor)], method: CompressionMethod) -> Result<()> {
    let mut archive = ZipArchiveWriter::new(to);
    for (path, x) in arrays {
        let path = if path.is_ascii() { EntryPath::verbatim(path.as_bytes()) } else { EntryPath::conformant(path) };
        let (mut entry, sums) = archive.new_file(path).compression_method(method).start().map_err(broken)?;
        let sums = if method == CompressionMethod::DEFLATE {
            let mut to = sums.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
            outgoing::array(&mut to, x)?;
            let (encoder, sums) = to.finish().map_err(broken)?;
            encoder.finish().map_err(failed)?;
            sums
        } else {
            let mut to = sums.wrap(&mut entry);
            outgoing::array(&mut to, x)?;
            to.finish().map_err(broken)?.1
        };
        entry.finish(sums).map_err(broken)?;
    }
    archive.finish().map_err(broken)?;
    Ok(())
}

/// What the crate found wrong with an archive.
fn broken(error: rawzip::Error) -> Error {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => unreadable(error),
        rawzip::ErrorKind::MissingEndOfCentralDirectory => Error::new(ErrorKind::Format, "File is not a zip file"),
        other => Error::new(ErrorKind::Format, format!("Bad zip file: {other}")),
    }
}
