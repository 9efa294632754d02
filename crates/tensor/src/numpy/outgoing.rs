//! Tensors to `.npy` files, byte for byte as NumPy writes them.

use super::header::Header;
use super::{descr, failed};
use crate::ndarray::check_readable;
use std::io::Write;
use storage::Single;
use tensor_core::{Result, Source, Tensor, bail};

/// How a file begins: what it is, and version 1.0, which does for every header of numbers.
const START: &[u8] = b"\x93NUMPY\x01\x00";

/// An error for a tensor that NumPy could not hold or may not see.
pub fn check(x: &Tensor) -> Result<()> {
    check_readable(x)?;
    if descr::of(x.dtype()).is_none() {
        bail!(
            DType,
            "Got unsupported ScalarType {}: NumPy has no {}. Convert the tensor first, for example with to(float32).",
            x.dtype().type_name(),
            x.dtype().name()
        );
    }
    Ok(())
}

/// Writes a tensor that has passed [`check`].
pub fn array(to: &mut impl Write, x: &Tensor) -> Result<()> {
    let x = x.detach();
    let backwards = x.try_permute((0..x.ndim()).rev().collect::<Vec<_>>())?;
    let fortran_order = !x.is_contiguous() && backwards.is_contiguous();
    let descr = descr::of(x.dtype()).expect("the tensor has been checked");
    let text = Header::text(&descr, fortran_order, x.shape(), START.len() + 2);
    let length = u16::try_from(text.len()).expect("a header of few dimensions is short");
    let mut put = |bytes: &[u8]| to.write_all(bytes).map_err(failed);
    put(START)?;
    put(&length.to_le_bytes())?;
    put(text.as_bytes())?;

    let rows = if fortran_order { backwards } else { x.try_contiguous()? };
    let (layout, size) = (rows.layout(), rows.element_size());
    let held = Single::lock(rows.storage());
    let Source::Host(bytes) = held.source() else { unreachable!("the tensor has been checked") };
    put(&bytes[layout.offset() * size..layout.span() * size])
}
