//! `.npy` and `.npz` files of arbitrary bytes: nothing panics, an array has as many elements as bytes were read for, and what was
//! read is the same once it is written and read again.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sconce::{DType, Tensor, full_with, numpy};
use std::io::Cursor;

#[derive(Arbitrary, Debug)]
enum Case<'a> {
    Array(&'a [u8]),
    /// A file with a right beginning and this header.
    Header {
        version: u8,
        header: &'a [u8],
        data: &'a [u8],
    },
    /// A header of right keys with these values.
    Values {
        descr: u8,
        order: u8,
        fortran: bool,
        shape: &'a str,
        data: &'a [u8],
    },
    Archive(&'a [u8]),
    /// A right archive, and bytes of it that are replaced.
    Edited {
        compressed: bool,
        names: Vec<&'a str>,
        dtypes: Vec<u8>,
        shape: [u8; 2],
        edits: Vec<(u16, u8)>,
        length: Option<u16>,
    },
}

/// Bits, so that NaNs are compared.
fn bits(x: &Tensor) -> Vec<u64> {
    match x.dtype() {
        DType::F16 => x.to_vec::<sconce::f16>().iter().map(|x| x.to_bits().into()).collect(),
        DType::F32 => x.to_vec::<f32>().iter().map(|x| x.to_bits().into()).collect(),
        DType::F64 => x.to_vec::<f64>().iter().map(|x| x.to_bits()).collect(),
        _ => x.to_dtype(DType::I64).to_vec::<i64>().iter().map(|x| *x as u64).collect(),
    }
}

#[track_caller]
fn assert_same(x: &Tensor, y: &Tensor) {
    assert_eq!((x.dtype(), x.shape()), (y.dtype(), y.shape()));
    assert_eq!(bits(x), bits(y));
}

fn array(file: &[u8]) {
    let mut rest = file;
    let Ok(x) = numpy::read(&mut rest) else { return };
    let data = x.numel() * x.element_size();
    let start = if file[6] == 1 { 10 } else { 12 };
    let header = (8..start).rev().fold(0, |length, i| length << 8 | file[i] as usize);
    assert_eq!(file.len() - rest.len(), start + header + data, "the length of what was read");
    let mut written = vec![];
    numpy::write(&mut written, &x).expect("what was read can be written");
    let mut again = &written[..];
    assert_same(&x, &numpy::read(&mut again).expect("what was written can be read"));
    assert!(again.is_empty());
}

fn archive(file: &[u8]) {
    let Ok(arrays) = numpy::read_npz(Cursor::new(file)) else { return };
    let mut written = vec![];
    // Not every name that an archive may have is written.
    if numpy::write_npz(&mut written, arrays.iter().map(|(name, x)| (name, x))).is_err() {
        return;
    }
    let again = numpy::read_npz(Cursor::new(written)).expect("what was written can be read");
    assert_eq!(again.len(), arrays.len());
    for ((name, x), (other, y)) in arrays.iter().zip(&again) {
        assert_eq!(name, other);
        assert_same(x, y);
    }
}

fn file(version: u8, header: &[u8], data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY".to_vec();
    file.extend([version, 0]);
    match version {
        1 => file.extend((header.len() as u16).to_le_bytes()),
        _ => file.extend((header.len() as u32).to_le_bytes()),
    }
    file.extend(header);
    file.extend(data);
    file
}

fuzz_target!(|case: Case| match case {
    Case::Array(file) => array(file),
    Case::Header { version, header, data } => array(&file(version % 4, header, data)),
    Case::Values { descr, order, fortran, shape, data } => {
        let descr = ["b1", "u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "u4", "O"][descr as usize % 11];
        let order = ["<", ">", "|", "=", ""][order as usize % 5];
        let fortran = if fortran { "True" } else { "False" };
        let header = format!("{{'descr': '{order}{descr}', 'fortran_order': {fortran}, 'shape': ({shape}), }}\n");
        array(&file(1, header.as_bytes(), data));
    }
    Case::Archive(file) => archive(file),
    Case::Edited { compressed, names, dtypes, shape, edits, length } => {
        let arrays: Vec<(&str, Tensor)> = names
            .iter()
            .zip(&dtypes)
            .map(|(name, dtype)| {
                let dtype = DType::ALL[*dtype as usize % DType::ALL.len()];
                (*name, full_with([shape[0], shape[1]].map(|size| usize::from(size % 4)), 1, dtype))
            })
            .collect();
        let mut file = vec![];
        let parts = arrays.iter().map(|(name, x)| (name, x));
        let written =
            if compressed { numpy::write_npz_compressed(&mut file, parts) } else { numpy::write_npz(&mut file, parts) };
        if written.is_err() {
            return;
        }
        let read = numpy::read_npz(Cursor::new(&file)).expect("what was written can be read");
        assert_eq!(read.len(), arrays.len());
        for ((name, x), (other, y)) in arrays.iter().zip(&read) {
            assert_eq!(name, other);
            assert_same(x, y);
        }
        for (at, byte) in edits {
            let at = at as usize % file.len();
            file[at] = byte;
        }
        if let Some(length) = length {
            file.truncate(length as usize % (file.len() + 1));
        }
        archive(&file);
    }
});
