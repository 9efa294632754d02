//! Event files, read back by a decoder that shares nothing with the writer: framing, checksums, messages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tensor::{DType, arange};
use train::tensorboard::SummaryWriter;

/// CRC-32C bit by bit, with the mask of the record format.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        for bit in 0..8 {
            let carry = (crc ^ u32::from(byte >> bit)) & 1;
            crc = crc >> 1 ^ if carry == 1 { 0x82f6_3b78 } else { 0 };
        }
    }
    let crc = !crc;
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// The records of a file.
fn records(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let mut rest = &bytes[..];
    let mut records = Vec::new();
    let word = |bytes: &[u8]| u32::from_le_bytes(bytes[..4].try_into().unwrap());
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        assert_eq!(word(&rest[8..]), checksum(&rest[..8]));
        let data = &rest[12..12 + length];
        assert_eq!(word(&rest[12 + length..]), checksum(data));
        records.push(data.to_vec());
        rest = &rest[16 + length..];
    }
    records
}

/// A message: of each field its values as bytes; numbers are little-endian in eight bytes, or four if they are `float`.
type Fields = BTreeMap<u64, Vec<Vec<u8>>>;

fn varint(rest: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = rest[0];
        *rest = &rest[1..];
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return value;
        }
    }
    panic!("a number that does not end");
}

fn fields(message: &[u8]) -> Fields {
    let mut rest = message;
    let mut fields = Fields::new();
    while !rest.is_empty() {
        let key = varint(&mut rest);
        let length = match key & 7 {
            0 => {
                let value = varint(&mut rest).to_le_bytes().to_vec();
                fields.entry(key >> 3).or_default().push(value);
                continue;
            }
            1 => 8,
            2 => varint(&mut rest) as usize,
            5 => 4,
            kind => panic!("fields of kind {kind} are not written"),
        };
        fields.entry(key >> 3).or_default().push(rest[..length].to_vec());
        rest = &rest[length..];
    }
    fields
}

fn double(bytes: &[u8]) -> f64 {
    f64::from_le_bytes(bytes.try_into().unwrap())
}

fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks(8).map(double).collect()
}

fn int(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap())
}

/// Steps and values (`Summary.Value`) in the only event file of a folder, after the version.
fn values(folder: &Path) -> Vec<(u64, Fields)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].file_name().unwrap().to_str().unwrap().starts_with("events.out.tfevents.1"));
    let events: Vec<Fields> = records(&files[0]).iter().map(|record| fields(record)).collect();
    assert_eq!(events[0][&3], [b"brain.Event:2".to_vec()]);
    let times: Vec<f64> = events.iter().map(|event| double(&event[&1][0])).collect();
    assert!(times[0] > 1.7e9 && times.is_sorted());
    let values = events[1..].iter().map(|event| (int(&event[&2][0]), fields(&fields(&event[&5][0])[&1][0])));
    values.collect()
}

/// An empty folder, which is taken away in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        Folder(std::env::temp_dir().join(format!("sconce-events-{}-{name}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn numbers_are_written() {
    let folder = Folder::new("numbers");
    let mut writer = SummaryWriter::new(&folder.0).unwrap();
    writer.add_scalar("loss/train", 0.5, 0).unwrap();
    writer.add_scalar("loss/train", 0.25, 300).unwrap();
    writer.add_scalars("a/b", &[("x", 1.0), ("y", 2.0)], 7).unwrap();
    writer.add_scalars("a/b", &[("x", 3.0)], 8).unwrap();
    writer.flush().unwrap();
    let read = |folder: &Path| -> Vec<(u64, String, f32)> {
        let number = |value: &Fields| f32::from_le_bytes(value[&2][0][..].try_into().unwrap());
        let tag = |value: &Fields| String::from_utf8(value[&1][0].clone()).unwrap();
        values(folder).iter().map(|(step, value)| (*step, tag(value), number(value))).collect()
    };
    let loss = || "loss/train".to_string();
    assert_eq!(read(writer.log_dir()), [(0, loss(), 0.5), (300, loss(), 0.25)]);
    assert_eq!(read(&folder.0.join("a_b_x")), [(7, "a/b".into(), 1.0), (8, "a/b".into(), 3.0)]);
    assert_eq!(read(&folder.0.join("a_b_y")), [(7, "a/b".into(), 2.0)]);
}

#[test]
fn histograms_pictures_and_texts_are_written() {
    let folder = Folder::new("kinds");
    let mut writer = SummaryWriter::new(&folder.0).unwrap();
    writer.add_histogram("w", &[-1.0, 2.0, 2.0], 1).unwrap();
    writer.add_image("p", &arange(2 * 4).reshape([1, 2, 4]).to_dtype(DType::U8), 2).unwrap();
    writer.add_text("t", "grün", 3).unwrap();
    assert_eq!(writer.add_histogram("w", &[0.0; 0], 1).unwrap_err().text(), "The input has no element.");
    assert!(writer.add_image("p", &arange(4), 2).is_err());
    // Dropping writes what is left.
    drop(writer);
    let values = values(&folder.0);
    assert_eq!(values.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [1, 2, 3]);

    let histogram = fields(&values[0].1[&5][0]);
    assert_eq!([1, 2, 3, 4, 5].map(|field| double(&histogram[&field][0])), [-1.0, 2.0, 3.0, 3.0, 9.0]);
    let (limits, counts) = (doubles(&histogram[&6][0]), doubles(&histogram[&7][0]));
    assert_eq!((limits.len(), counts[0], counts[1], counts[counts.len() - 1]), (counts.len(), 0.0, 1.0, 2.0));
    assert!(limits.is_sorted() && limits[0] <= -1.0 && limits[limits.len() - 1] > 2.0);

    let image = fields(&values[1].1[&4][0]);
    assert_eq!([1, 2, 3].map(|field| int(&image[&field][0])), [2, 4, 1]);
    assert_eq!(&image[&4][0][..8], b"\x89PNG\r\n\x1a\n");

    let text = &values[2].1;
    assert_eq!(text[&1][0], b"t/text_summary");
    let tensor = fields(&text[&8][0]);
    assert_eq!((int(&tensor[&1][0]), tensor[&8][0].as_slice()), (7, "grün".as_bytes()));
    assert_eq!(fields(&fields(&text[&9][0])[&1][0])[&1][0], b"text");
}
