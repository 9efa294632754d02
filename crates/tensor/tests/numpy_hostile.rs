//! `.npy` and `.npz` files that lie, break off or are something else: an error with its text for each, no panic, and no memory
//! for what is only claimed.

use std::io::{Cursor, Read};
use std::path::PathBuf;
use tensor::{Error, ErrorKind, Tensor, arange, numpy, tensor, zeros};

/// A file of version 1.0 with this header and as many bytes of data.
fn file(header: &str, data: usize) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(std::iter::repeat_n(1, data));
    file
}

/// A file of two rows of three `float32`.
fn good() -> Vec<u8> {
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24)
}

#[track_caller]
fn refused(file: &[u8], kind: ErrorKind, text: &str) {
    let error = numpy::read(file).unwrap_err();
    assert_eq!((error.text(), error.kind()), (text, kind));
}

#[test]
fn what_is_no_array_is_told_as_what_it_is() {
    let format = ErrorKind::Format;
    refused(b"", format, "No data left in file");
    refused(
        b"hello, world",
        format,
        "the magic string is not correct; expected b'\\x93NUMPY', got b'hello,'. This is no .npy file.",
    );
    refused(b"\x93NU", format, "EOF: reading magic string, expected 8 bytes got 3");
    refused(
        b"\x93NUMPZ\x01\x00",
        format,
        "the magic string is not correct; expected b'\\x93NUMPY', got b'\\x93NUMPZ'. This is no .npy file.",
    );
    refused(b"PK\x03\x04", format, "this is an archive of several arrays: load it with numpy::load_npz");
    refused(
        b"\x80\x04\x95",
        format,
        "This file contains pickled (object) data, which runs code when it is read, and is never read here. Save the array with \
         np.save instead.",
    );
    let version = "we only support format version (1,0), (2,0), and (3,0), not (4, 0)";
    refused(b"\x93NUMPY\x04\x00\x76\x00", format, version);
    let version = "we only support format version (1,0), (2,0), and (3,0), not (1, 1)";
    refused(b"\x93NUMPY\x01\x01\x76\x00", format, version);
}

#[test]
fn files_that_break_off_say_where() {
    let good = good();
    let format = ErrorKind::Format;
    refused(&good[..7], format, "EOF: reading magic string, expected 8 bytes got 7");
    refused(&good[..9], format, "EOF: reading array header length, expected 2 bytes got 1");
    refused(&good[..40], format, "EOF: reading array header, expected 60 bytes got 30");
    refused(&good[..70], format, "EOF: reading array data, expected 24 bytes got 0");
    refused(&good[..good.len() - 1], format, "EOF: reading array data, expected 24 bytes got 23");
    refused(b"\x93NUMPY\x02\x00\x10", format, "EOF: reading array header length, expected 4 bytes got 1");
}

#[test]
fn long_headers_are_not_believed() {
    let text = "Header info length (4294967295) is large and may not be safe to load securely: headers of arrays of numbers have a \
                few hundred bytes";
    refused(b"\x93NUMPY\x03\x00\xff\xff\xff\xff{}", ErrorKind::Format, text);
    refused(b"\x93NUMPY\x01\x00\x10\x27{}", ErrorKind::Format, "EOF: reading array header, expected 10000 bytes got 2");
    refused(b"\x93NUMPY\x03\x00\x02\x00\x00\x00\xff\xff", ErrorKind::Format, "Cannot parse header: it is no UTF-8");
}

#[test]
fn headers_that_say_something_else_are_refused() {
    for (header, text) in [
        ("", "Header is not a dictionary: "),
        ("[1]\n", "Header is not a dictionary: [1]"),
        ("{'descr': '<f4', 'shape'", "Cannot parse header: {'descr': '<f4', 'shape'"),
        ("{'a': 1}} \x1b[2J\n", "Cannot parse header: {'a': 1}} \\u{1b}[2J"),
        ("{}", "Header does not contain the correct keys: "),
        ("{'descr': '<f4', 'shape': (2,)}", "Header does not contain the correct keys: descr, shape"),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (3,)}",
            "Header does not contain the correct keys: descr, fortran_order, shape, shape",
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
            "Header does not contain the correct keys: descr, fortran_order, more, shape",
        ),
        ("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}", "fortran_order is not a valid bool: 1"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", "shape is not valid: 2"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}", "shape is not valid: (-2, 3)"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2.5,)}", "shape is not valid: (2.5,)"),
        ("{'descr': '<q9', 'fortran_order': False, 'shape': (2,)}", "descr is not a valid dtype descriptor: '<q9'"),
        ("{'descr': '', 'fortran_order': False, 'shape': (2,)}", "descr is not a valid dtype descriptor: ''"),
        ("{'descr': '<Ux', 'fortran_order': False, 'shape': (2,)}", "descr is not a valid dtype descriptor: '<Ux'"),
        ("{'descr': 4, 'fortran_order': False, 'shape': (2,)}", "descr is not a valid dtype descriptor: 4"),
    ] {
        refused(&file(header, 100), ErrorKind::Format, text);
    }
    let nested = format!("{{'descr': {}", "(".repeat(9000));
    let text = format!("Cannot parse header: {}…", &nested[..200]);
    refused(&file(&nested, 0), ErrorKind::Format, &text);
    let deep = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({})}}", "1, ".repeat(65));
    let text = "maximum supported dimension for an ndarray is currently 64, found 65";
    refused(&file(&deep, 4), ErrorKind::Format, text);
}

#[test]
fn types_that_are_no_numbers_are_named() {
    let of = |descr: &str| file(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,)}}"), 100);
    let only = "The only supported types are: float64, float32, float16, int64, int32, int16, int8, uint8, and bool.";
    for (descr, name, instead) in [
        ("'<u4'", "uint32", "array.astype('int64')"),
        ("'<c16'", "complex128", "array.real and array.imag"),
        ("'<U12'", "str_", "numbers that stand for the texts"),
        ("[('a', '<f4')]", "void", "each field as an array of its own"),
    ] {
        let text = format!("can't convert np.ndarray of type numpy.{name}. {only} In NumPy, save {instead} instead.");
        refused(&of(descr), ErrorKind::DType, &text);
    }
    refused(
        &of("'|O'"),
        ErrorKind::DType,
        "Object arrays cannot be loaded when allow_pickle=False: numpy.object_ is stored as a pickle, which runs code when it is read, \
         and is never read here. Save arrays of numbers instead.",
    );
}

#[test]
fn shapes_beyond_all_memory_are_refused() {
    for shape in [
        "(4294967296, 4294967296)",
        "(4294967296, 4294967296, 0)",
        "(18446744073709551616,)",
        "(99999999999999999999999999999999,)",
        "(18446744073709551615, 2)",
        "(1152921504606846976,)",
    ] {
        for order in ["True", "False"] {
            let header = format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': {shape}}}");
            let text = format!("array is too big: no memory can hold the shape {shape}");
            refused(&file(&header, 100), ErrorKind::Format, &text);
        }
    }
}

#[test]
fn memory_is_taken_for_what_arrives_only() {
    /// Remembers the most that was asked for at once: what has been allocated to read into.
    struct Asked<'a>(&'a [u8], usize);
    impl Read for Asked<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.1 = self.1.max(into.len());
            self.0.read(into)
        }
    }
    for (arrived, most) in [(100, 1 << 16), (70_000, 1 << 16), (1_000_000, 1 << 20)] {
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000000000, 1)}";
        let bytes = file(header, arrived);
        let mut reader = Asked(&bytes, 0);
        let error = numpy::read(&mut reader).unwrap_err();
        assert_eq!(error.text(), format!("EOF: reading array data, expected 800000000000000000 bytes got {arrived}"));
        assert!(reader.1 <= most, "{} bytes were taken after {arrived}", reader.1);
    }
}

#[test]
fn a_file_holds_one_array_a_stream_may_hold_more() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trailing.npy");
    let mut bytes = good();
    bytes.push(0);
    std::fs::write(&path, &bytes).unwrap();
    let error = numpy::load(&path).unwrap_err();
    let text =
        "bytes follow the end of the array. If they are further arrays, read one after the other with numpy::read.";
    assert_eq!((error.kind(), error.text()), (ErrorKind::Format, &*format!("{}: {text}", path.display())));
    let mut rest = &bytes[..];
    numpy::read(&mut rest).unwrap();
    assert_eq!(rest, [0]);
}

#[test]
fn a_reader_that_fails_is_not_taken_for_a_bad_file() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the cable was pulled"))
        }
    }
    let error = numpy::read(good()[..90].chain(Failing)).unwrap_err();
    assert_eq!((error.kind(), error.text()), (ErrorKind::Io, "the cable was pulled"));
}

#[test]
fn a_byte_that_is_no_truth_value_counts_as_true() {
    let mut bytes = file("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", 3);
    let end = bytes.len();
    bytes[end - 3..].copy_from_slice(&[0, 1, 0x80]);
    let x = numpy::read(&bytes[..]).unwrap();
    assert_eq!(x.to_vec::<bool>(), [false, true, true]);
    assert_eq!(x.sum().item::<i64>(), 2);
}

/// An archive of two arrays, `a` and `b`.
fn archive(compressed: bool) -> Vec<u8> {
    let (mut bytes, arrays) = (vec![], [("a", tensor![1.0, 2.0]), ("b", arange(3))]);
    match compressed {
        false => numpy::write_npz(&mut bytes, arrays).unwrap(),
        true => numpy::write_npz_compressed(&mut bytes, arrays).unwrap(),
    }
    bytes
}

fn read_npz(bytes: &[u8]) -> Result<Vec<(String, Tensor)>, Error> {
    numpy::read_npz(Cursor::new(bytes))
}

/// Where the records of this signature begin.
fn records(bytes: &[u8], signature: &[u8; 4]) -> Vec<usize> {
    (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(signature)).collect()
}

/// The archive with other bytes at a place in the directory's record of a member.
fn altered(compressed: bool, member: usize, place: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = archive(compressed);
    let at = records(&bytes, b"PK\x01\x02")[member] + place;
    bytes[at..at + value.len()].copy_from_slice(value);
    bytes
}

#[track_caller]
fn bad_archive(bytes: &[u8], kind: ErrorKind, text: &str) {
    let error = read_npz(bytes).unwrap_err();
    assert_eq!((error.text(), error.kind()), (text, kind));
}

#[test]
fn what_is_no_archive_is_refused() {
    let format = ErrorKind::Format;
    bad_archive(b"", format, "File is not a zip file");
    bad_archive(b"PK\x03\x04 and then nothing", format, "File is not a zip file");
    bad_archive(&[7; 5000], format, "File is not a zip file");
    bad_archive(&good(), format, "this is a single array: load it with numpy::load");
    let whole = archive(true);
    bad_archive(&whole[..whole.len() - 30], format, "File is not a zip file");
    bad_archive(&[&whole[..], b"x"].concat(), format, "bytes follow the end of the archive");
    // The directory is whole, the members are not.
    let cut = [&whole[..20], &whole[records(&whole, b"PK\x01\x02")[0]..]].concat();
    assert_eq!(read_npz(&cut).unwrap_err().kind(), format);
}

#[test]
fn members_that_lie_about_themselves_are_refused() {
    let format = ErrorKind::Format;
    // Sizes and checksums are counted in the decoded bytes: 136 of them in `a`.
    for compressed in [false, true] {
        bad_archive(&altered(compressed, 0, 24, &[137, 0, 0, 0]), format, "'a': Invalid size: expected 137, got 136");
        bad_archive(
            &altered(compressed, 0, 24, &[0xff, 0xff, 0xff, 0x7f]),
            format,
            "'a': Invalid size: expected 2147483647, got 136",
        );
        let error = read_npz(&altered(compressed, 0, 16, &[1, 2, 3, 4])).unwrap_err();
        assert!(error.text().starts_with("'a': Invalid checksum: expected 0x04030201, got 0x"), "{error}");
        assert_eq!(read_npz(&altered(compressed, 0, 24, &[5, 0, 0, 0])).unwrap_err().kind(), format);
        assert_eq!(read_npz(&altered(compressed, 1, 20, &[0xff, 0xff, 0xff, 0x7f])).unwrap_err().kind(), format);
        assert_eq!(read_npz(&altered(compressed, 0, 20, &[50, 0, 0, 0])).unwrap_err().kind(), format);
    }
    let text = "'a': That compression method is not supported: 93 (ZSTD). Save with np.savez_compressed.";
    bad_archive(&altered(true, 0, 10, &[93, 0]), ErrorKind::Unsupported, text);
    bad_archive(&altered(true, 0, 8, &[9, 0]), ErrorKind::Unsupported, "'a': the member is encrypted");
    bad_archive(&altered(true, 1, 46, b"a"), format, "'a': two members have this name");
    let text = "the name of a member is no UTF-8: b'\\xff.npy'";
    bad_archive(&altered(true, 0, 46, &[0xff]), format, text);
}

#[test]
fn members_may_not_share_bytes() {
    // The second member where the first one is, and one that goes on into the directory.
    let shared = altered(true, 1, 42, &[0, 0, 0, 0]);
    let long = altered(true, 1, 20, &[0xff, 0xff, 0xff, 0x7f]);
    for bytes in [shared, long] {
        let text = "Overlapped entries (possible zip bomb): members of the archive share bytes";
        bad_archive(&bytes, ErrorKind::Format, text);
    }
}

#[test]
fn the_number_of_members_must_be_right() {
    let mut bytes = archive(true);
    let end = records(&bytes, b"PK\x05\x06")[0];
    bytes[end + 8] = 3;
    bytes[end + 10] = 3;
    bad_archive(&bytes, ErrorKind::Format, "Bad zip file: it announces 3 members and has 2");
}

#[test]
fn a_member_that_is_no_array_is_named() {
    // The stored member's own first byte; its checksum is never reached.
    let mut bytes = archive(false);
    let at = bytes.windows(6).position(|window| window == b"\x93NUMPY").unwrap();
    bytes[at] = b'!';
    let text = "'a': the magic string is not correct; expected b'\\x93NUMPY', got b'!NUMPY'. This is no .npy file.";
    bad_archive(&bytes, ErrorKind::Format, text);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no_array.npz");
    std::fs::write(&path, &bytes).unwrap();
    let error = numpy::load_npz(&path).unwrap_err();
    assert_eq!(error.text(), format!("{}: {text}", path.display()));
}

/// Every byte changed in several ways, and the file broken off after every byte; `read` must return.
fn mutated(whole: &[u8], read: impl Fn(&[u8])) {
    for at in 0..whole.len() {
        read(&whole[..at]);
        let mut bytes = whole.to_vec();
        let values = (0..8).map(|bit| whole[at] ^ 1 << bit).chain([0, 0xff, b'9', b'(', b'\'']);
        for value in values {
            bytes[at] = value;
            read(&bytes);
        }
    }
    // Several bytes at once, in a fixed order that looks random.
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for _ in 0..2000 {
        let mut bytes = whole.to_vec();
        for _ in 0..next() % 6 + 2 {
            let at = next() % bytes.len();
            bytes[at] = next() as u8;
        }
        read(&bytes);
    }
}

#[test]
fn no_change_of_an_array_makes_the_reader_panic() {
    for x in [zeros([2, 3]), arange(4).reshape([2, 2]).t()] {
        let mut whole = vec![];
        numpy::write(&mut whole, &x).unwrap();
        mutated(&whole, |bytes| {
            if let Ok(x) = numpy::read(bytes) {
                assert!(!x.to_string().is_empty());
                assert!(x.numel() * x.element_size() <= bytes.len());
            }
        });
    }
}

#[test]
fn no_change_of_an_archive_makes_the_reader_panic() {
    for compressed in [false, true] {
        mutated(&archive(compressed), |bytes| {
            if let Ok(arrays) = read_npz(bytes) {
                assert!(arrays.iter().all(|(_, x)| x.numel() < 1000));
            }
        });
    }
}
