//! The IDX format of MNIST: two zero bytes, a code of the numbers' type, the number of dimensions, their sizes as 32-bit numbers
//! with the highest byte first, and the numbers likewise.

use crate::files::{damaged, read};
use std::path::Path;
use tensor::{DType, Result, Tensor, cpu};

/// The dtype and the bytes per number of a code.
fn kind(code: u8) -> Option<DType> {
    Some(match code {
        0x08 => DType::U8,
        0x09 => DType::I8,
        0x0B => DType::I16,
        0x0C => DType::I32,
        0x0D => DType::F32,
        0x0E => DType::F64,
        _ => return None,
    })
}

/// The tensor in an IDX file, which may be compressed with gzip.
///
/// # Errors
/// If the file cannot be read or is none; the error says which file and what is wrong with it.
pub fn read_idx(path: impl AsRef<Path>) -> Result<Tensor> {
    let path = path.as_ref();
    parse(&read(path)?).map_err(|what| damaged(path, what))
}

/// The tensor in the bytes of an IDX file, or what is wrong with them.
fn parse(bytes: &[u8]) -> Result<Tensor, String> {
    let [0, 0, code, rank, rest @ ..] = bytes else {
        return Err("it does not begin as an IDX file does, with two zero bytes".into());
    };
    let dtype = kind(*code).ok_or_else(|| format!("no type of numbers has the code {code:#04x}"))?;
    let rank = usize::from(*rank);
    if rest.len() < 4 * rank {
        return Err(format!("it ends within the sizes of its {rank} dimensions"));
    }
    let (sizes, numbers) = rest.split_at(4 * rank);
    let sizes: Vec<usize> =
        sizes.chunks_exact(4).map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize).collect();
    let wanted = sizes.iter().try_fold(dtype.size(), |product, &size| product.checked_mul(size));
    if wanted != Some(numbers.len()) {
        return Err(format!("{} bytes do not fill the shape {sizes:?} of {}", numbers.len(), dtype));
    }
    let mut native = numbers.to_vec();
    if cfg!(target_endian = "little") {
        native.chunks_exact_mut(dtype.size()).for_each(<[u8]>::reverse);
    }
    Tensor::from_bytes(&native, sizes.into_iter().collect(), dtype, cpu()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_highest_byte_first() {
        let x = parse(&[0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0xFF, 0xFE]).unwrap();
        assert_eq!(x.to_string(), "tensor([[258,  -2]], dtype=torch.int16)");
    }

    #[test]
    fn what_is_no_such_file_is_told() {
        let text = |bytes: &[u8]| parse(bytes).unwrap_err();
        assert!(text(b"PK\x03\x04").contains("two zero bytes"));
        assert!(text(&[0, 0, 7, 1, 0, 0, 0, 1, 0]).contains("code 0x07"));
        assert!(text(&[0, 0, 8, 3, 0, 0, 0, 1]).contains("within the sizes"));
        assert!(text(&[0, 0, 8, 1, 0, 0, 0, 9, 1]).contains("1 bytes do not fill the shape [9]"));
        let huge = [[0, 0, 8, 3].as_slice(), &[0xFF; 12]].concat();
        assert!(text(&huge).contains("0 bytes do not fill"));
    }
}
