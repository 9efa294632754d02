//! Tensors over memory that was made elsewhere.

use storage::Storage;
use tensor_core::{DType, Dims, Layout, Result, Tensor};

/// A tensor of that layout over six numbers.
fn over(shape: &[usize], strides: &[usize], offset: usize) -> Result<Tensor> {
    let storage = Storage::from_vec(vec![0f32, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    Tensor::from_storage(
        storage,
        Layout::strided(Dims::from(shape), Dims::from(strides), offset),
        DType::F32,
        ops_cpu::cpu(),
    )
}

#[test]
fn a_layout_within_the_storage_is_taken_as_it_is() {
    let x = over(&[2, 2], &[1, 3], 1).unwrap();
    assert_eq!(x.to_vec::<f32>(), [1.0, 4.0, 2.0, 5.0]);
    assert_eq!((&x.stride()[..], x.storage_offset(), x.is_view()), (&[1, 3][..], 1, false));
    assert_eq!(over(&[0, 3], &[3, 1], 0).unwrap().numel(), 0);
    assert_eq!(over(&[], &[], 5).unwrap().item::<f32>(), 5.0);
}

#[test]
fn a_layout_that_reaches_beyond_the_storage_is_refused() {
    assert_eq!(
        over(&[2, 2], &[1, 3], 2).unwrap_err().text(),
        "setStorage: sizes [2, 2], strides [1, 3], storage offset 2, and itemsize 4 requiring a storage size of 28 are out of \
         bounds for storage of size 24"
    );
    assert!(over(&[3, 2], &[usize::MAX / 2, 1], 0).is_err());
    assert!(over(&[], &[], 6).is_err());
}
