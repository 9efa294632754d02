//! Arrays of `ndarray` to tensors and back: dtypes, layouts, shared memory, and what is refused.

mod far;

use far::sent;
use tensor::autograd::no_grad;
use tensor::dtype::*;
use tensor::ndarray::{Array, Array1, Array2, ArrayD, Axis, IxDyn, ShapeBuilder, array, s};
use tensor::{
    DType, Element, ErrorKind, Gradient, Ndarray, Place, Tensor, bf16, f16, from_ndarray, full_with, ones, tensor,
    tensor_with, zeros, zeros_with,
};

/// An array of every number of elements and dimensions, there and back.
fn round_trip<T: Element>(number: impl Fn(usize) -> T) {
    for shape in [vec![], vec![0], vec![1], vec![3], vec![2, 3], vec![0, 3], vec![2, 1, 4], vec![20, 30, 40]] {
        let numel: usize = shape.iter().product();
        let numbers: Vec<T> = (0..numel).map(&number).collect();
        let rows = ArrayD::from_shape_vec(IxDyn(&shape), numbers.clone()).unwrap();
        let columns = ArrayD::from_shape_vec(IxDyn(&shape).f(), numbers).unwrap();
        for array in [rows, columns] {
            let x = from_ndarray(array.clone());
            assert_eq!((x.dtype(), &x.shape()[..]), (T::DTYPE, &shape[..]));
            assert_eq!(x.to_vec::<T>(), array.iter().copied().collect::<Vec<T>>());
            assert_eq!(x.to_ndarray::<T>(), array);
            assert!(x.to_ndarray::<T>().is_standard_layout());
            x.with_ndarray::<T, _>(|view| assert_eq!(view, array));
            x.with_ndarray_mut::<T, _>(|view| assert_eq!(view, array));
        }
    }
}

#[test]
fn every_dtype_and_shape_goes_there_and_back() {
    round_trip(|i| i % 3 == 0);
    round_trip(|i| i as u8);
    round_trip(|i| i as i8);
    round_trip(|i| i as i16 - 7);
    round_trip(|i| i as i32 - 7);
    round_trip(|i| i as i64 - 7);
    round_trip(|i| f16::from_f32(i as f32 / 4.0));
    round_trip(|i| bf16::from_f32(i as f32 / 4.0));
    round_trip(|i| i as f32 / 4.0);
    round_trip(|i| i as f64 / 4.0);
}

#[test]
fn the_memory_of_a_large_array_is_taken_over_with_its_strides() {
    let array = Array2::from_shape_fn((300, 200).f(), |(i, j)| (1000 * i + j) as f64);
    let (address, copy) = (array.as_ptr().addr(), array.clone());
    let x = from_ndarray(array);
    assert_eq!((x.data_ptr(), &x.stride()[..], x.dtype()), (address, &[1, 300][..], float64));
    assert_eq!(x.to_ndarray::<f64>(), copy.into_dyn());
}

#[test]
fn a_cut_array_keeps_its_offset_and_gaps() {
    let mut array = Array::from_shape_fn((40, 50, 60), |(i, j, k)| (i * 10_000 + j * 100 + k) as i32);
    let address = array.as_ptr().addr();
    array.slice_collapse(s![3..;2, 5.., ..;7]);
    let expected = array.clone();
    let x = from_ndarray(array);
    assert_eq!((&x.stride()[..], x.storage_offset()), (&[6000, 60, 7][..], 3 * 3000 + 5 * 60));
    assert_eq!(x.data_ptr(), address + 4 * x.storage_offset());
    assert_eq!(x.to_ndarray::<i32>(), expected.into_dyn());
}

#[test]
fn views_and_negative_strides_are_copied() {
    let array = Array1::from_iter(0..20_000i64);
    let x = from_ndarray(array.view());
    assert_ne!(x.data_ptr(), array.as_ptr().addr());
    assert_eq!(from_ndarray(array.slice(s![..3])).to_vec::<i64>(), [0, 1, 2]);
    let shared = array.clone().into_shared();
    assert_eq!(from_ndarray(shared.clone()).i(3).item::<i64>(), shared[3]);
    let broadcast = array![1.5f32, 2.5];
    assert_eq!(from_ndarray(broadcast.broadcast((3, 2)).unwrap()).to_vec::<f32>(), [1.5, 2.5, 1.5, 2.5, 1.5, 2.5]);

    let mut backwards = array![[1, 2, 3], [4, 5, 6]];
    backwards.invert_axis(Axis(1));
    let x = from_ndarray(backwards.clone());
    assert_eq!((x.to_vec::<i32>(), x.is_contiguous()), (vec![3, 2, 1, 6, 5, 4], true));
    assert_eq!(from_ndarray(backwards.view()).to_vec::<i32>(), [3, 2, 1, 6, 5, 4]);
}

#[test]
fn a_copy_is_not_changed_with_the_tensor_and_a_view_is_the_tensor() {
    let x = ones([7]);
    let array = x.to_ndarray::<f32>();
    x.add_(1.0);
    assert_eq!(array, Array1::from_elem(7, 1.0).into_dyn());
    assert_eq!(x.with_ndarray::<f32, _>(|view| view.sum()), 14.0);
    let address = x.with_ndarray::<f32, _>(|view| view.as_ptr().addr());
    assert_eq!(address, x.data_ptr());
}

#[test]
fn views_are_seen_with_their_strides_at_every_size() {
    // Sixteen bytes and fewer live in words, more in a block.
    for n in [1, 2, 4, 5, 100] {
        let x = tensor::arange(4 * n as i64).reshape([4, n]).to(int32);
        let y = x.t().narrow(1, 1, 2);
        let expected = Array2::from_shape_fn((n, 2), |(i, j)| ((j + 1) * n + i) as i32).into_dyn();
        y.with_ndarray::<i32, _>(|view| assert_eq!(view, expected));
        y.with_ndarray_mut::<i32, _>(|mut view| view.mapv_inplace(|v| -v));
        assert_eq!(y.to_ndarray::<i32>(), expected.mapv(|v| -v));
        assert_eq!(x.select(0, 0).to_vec::<i32>(), (0..n as i32).collect::<Vec<_>>());
    }
    let wide = tensor![1.0, 2.0].unsqueeze(0).expand([3, 2]);
    assert_eq!(wide.with_ndarray::<f32, _>(|view| (view.strides().to_vec(), view.sum())), (vec![0, 1], 9.0));
    zeros([3, 4]).narrow(0, 3, 0).with_ndarray_mut::<f32, _>(|view| assert_eq!(view.shape(), [0, 4]));
}

#[test]
fn writing_counts_as_one_write_in_place() {
    let x = zeros([3]);
    let before = x.version();
    x.with_ndarray::<f32, _>(|_| ());
    assert_eq!(x.version(), before);
    x.with_ndarray_mut::<f32, _>(|mut view| view[[1]] = 5.0);
    assert_eq!((x.version(), x.to_vec::<f32>()), (before + 1, vec![0.0, 5.0, 0.0]));

    let w = ones([3]).requires_grad_(true);
    let loss = (&w * &x).sum();
    x.with_ndarray_mut::<f32, _>(|mut view| view.fill(1.0));
    let error = loss.try_backward_with(Default::default()).unwrap_err();
    assert!(error.text().contains("modified by an inplace operation"), "{error}");
}

#[test]
fn a_failed_writer_leaves_the_tensor_usable() {
    let x = zeros([100]);
    let write = || x.with_ndarray_mut::<f32, ()>(|_| panic!("on purpose"));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(write)).is_err());
    assert_eq!(x.add_(1.0).sum().item::<f32>(), 100.0);
}

/// Kind and text of the error of all three ways.
fn refusals<T: Element>(x: &Tensor) -> [Option<(ErrorKind, String)>; 3] {
    let told = |error: tensor::Error| (error.kind(), error.text().to_string());
    [
        x.try_to_ndarray::<T>().err().map(told),
        x.try_with_ndarray::<T, _>(|_| ()).err().map(told),
        x.try_with_ndarray_mut::<T, _>(|_| ()).err().map(told),
    ]
}

#[test]
fn another_type_is_refused_not_converted() {
    let expected = Some((ErrorKind::DType, "expected scalar type Float but found Double".to_string()));
    let x = zeros_with([2], float64);
    assert_eq!(refusals::<f32>(&x), [(); 3].map(|_| expected.clone()));
    assert_eq!(x.version(), 0);
}

#[test]
fn another_device_is_refused_with_the_words_of_pytorch() {
    let text =
        "can't convert gpu:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.";
    let x = sent(&tensor![1.0, 2.0]);
    assert_eq!(refusals::<f32>(&x), [(); 3].map(|_| Some((ErrorKind::Device, text.to_string()))));
    assert_eq!(x.cpu().to_ndarray::<f32>(), array![1.0f32, 2.0].into_dyn());
}

#[test]
fn a_tensor_that_requires_grad_is_refused_while_operations_are_recorded() {
    let numpy = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.";
    let told = |text: &str| Some((ErrorKind::Autograd, text.to_string()));
    let leaf = ones([2, 2]).requires_grad_(true);
    let in_place = "a leaf Variable that requires grad is being used in an in-place operation.";
    assert_eq!(refusals::<f32>(&leaf), [told(numpy), told(numpy), told(in_place)]);
    let view = leaf.select(0, 1);
    let in_place = "a view of a leaf Variable that requires grad is being used in an in-place operation.";
    assert_eq!(refusals::<f32>(&view), [told(numpy), told(numpy), told(in_place)]);
    let computed = &leaf * 2.0;
    assert_eq!(refusals::<f32>(&computed), [(); 3].map(|_| told(numpy)));

    assert_eq!(refusals::<f32>(&leaf.detach()), [None, None, None]);
    no_grad(|| {
        assert_eq!(refusals::<f32>(&leaf), [None, None, None]);
        leaf.with_ndarray_mut::<f32, _>(|mut view| view.fill(3.0));
    });
    assert_eq!(leaf.detach().to_vec::<f32>(), [3.0; 4]);
}

#[test]
fn elements_that_share_memory_can_be_read_but_not_written() {
    let x = tensor![1.0, 2.0].unsqueeze(0).expand([3, 2]);
    let error = x.try_with_ndarray_mut::<f32, _>(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overlap);
    assert_eq!(error.text(), x.try_fill_(0.0).unwrap_err().text());
    assert!(x.try_with_ndarray::<f32, _>(|_| ()).is_ok());
}

#[test]
fn bytes_that_are_no_bool_are_not_shown_as_one() {
    let x = Tensor::from_bytes(&[1, 2, 0], tensor::Dims::from(&[3][..]), DType::Bool, tensor::cpu()).unwrap();
    let expected =
        "a bool tensor holds bytes other than 0 and 1, which Rust's bool cannot be. Use to_ndarray() to copy it.";
    let [copy, read, write] = refusals::<bool>(&x);
    assert_eq!((copy, read.unwrap().1, write.unwrap().1), (None, expected.to_string(), expected.to_string()));
    assert_eq!(x.to_ndarray::<bool>(), array![true, true, false].into_dyn());
    assert!(full_with([3], true, bool_).with_ndarray::<bool, _>(|view| view.iter().all(|x| *x)));
}

#[test]
#[should_panic(expected = "expected scalar type Float but found Double")]
fn the_panicking_form_says_the_same() {
    tensor_with([1.0], float64).to_ndarray::<f32>();
}
