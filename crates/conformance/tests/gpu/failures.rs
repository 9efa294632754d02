//! What goes wrong on a device: bad positions, memory, sizes, loss; each an error that says what, none a panic of the driver's.

use super::{gpu, own_gpu};
use sconce::{DType, Device, ErrorKind, Tensor};

/// A device of its own, which a test may spoil.
pub(super) fn spare() -> Option<&'static ops_wgpu::Gpu> {
    own_gpu()?;
    Some(ops_wgpu::open(0).expect("an adapter that was opened before"))
}

#[test]
fn classes_that_do_not_exist_are_told_at_the_next_synchronization() {
    let Some(gpu) = spare() else { return };
    let x = sconce::zeros([2, 3]).try_to_device(gpu).unwrap();
    let target = Tensor::from_vec(vec![1i64, 7], [2], sconce::cpu()).try_to_device(gpu).unwrap();
    let loss = x.cross_entropy(&target, Default::default());
    let error = gpu.synchronize().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Index);
    assert_eq!(error.text(), "Target 7 is out of bounds. (found on gpu:0)");
    // Told once; the device goes on.
    gpu.synchronize().unwrap();
    assert_eq!((x + 1.0).sum().item::<f32>(), 6.0);
    drop(loss);
}

#[test]
fn memory_is_counted_reused_and_limited() {
    let Some(gpu) = spare() else { return };
    let before = gpu.memory();
    let x = sconce::ones([1000, 1000]).try_to_device(gpu).unwrap();
    assert_eq!(gpu.memory().live - before.live, 4 << 20);
    for _ in 0..100 {
        let y = (&x * 2.0).exp().sum();
        assert!(y.item::<f32>() > 0.0);
    }
    let after = gpu.memory();
    assert!(after.live + after.cached < 16 << 20, "a hundred rounds grow the pool: {after:?}");
    assert!(after.peak >= after.live);
    Device::empty_cache(gpu);
    assert_eq!(gpu.memory().cached, 0);

    gpu.set_memory_limit(Some(10 << 20));
    let y = &x + 1.0;
    let error = x.try_add(&y).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Memory);
    assert!(error.text().starts_with("gpu:0 is out of memory: tried to allocate 4000000 bytes, while "), "{error}");
    assert!(error.text().ends_with("the limit set is 10485760"), "{error}");
    // What is dropped makes room.
    drop(y);
    assert_eq!((&x + 1.0).sum().item::<f32>(), 2e6);
    gpu.set_memory_limit(None);
}

#[test]
fn a_tensor_larger_than_the_device_holds_or_sees_is_refused_with_both_sizes() {
    let Some(gpu) = spare() else { return };
    let (bindable, whole) = (gpu.info().bindable_bytes, gpu.info().tensor_bytes);
    if whole < 1 << 40 {
        let error = Device::allocate(gpu, whole as usize + 1).err().expect("too large");
        assert_eq!(error.kind(), ErrorKind::Memory);
        assert!(
            error
                .text()
                .contains(&format!("a tensor of {} bytes is too large for gpu:0, which can hold {whole}", whole + 1)),
            "{error}"
        );
    }
    if bindable < 1 << 30 && bindable < whole {
        // Filling goes in parts, adding up does not.
        let x = Tensor::try_full_on([bindable as usize + 1024], 1, DType::U8, gpu).unwrap();
        let error = x.try_cumsum(0).unwrap_err();
        assert!(error.text().contains("is too large for the kernels of gpu:0"), "{error}");
        assert!(error.text().contains(&format!("which see at most {bindable} of one")), "{error}");
    }
}

#[test]
fn a_lost_device_says_so_and_another_one_can_be_opened() {
    let Some(gpu) = spare() else { return };
    let x = sconce::ones([3]).try_to_device(gpu).unwrap();
    gpu.destroy();
    let error = x.try_add(1.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Device);
    assert_eq!(error.text(), "the device gpu:0 is lost, and its tensors with it: it was destroyed");
    assert!(x.try_to_device(sconce::cpu()).is_err());
    assert!(sconce::ones([3]).try_to_device(gpu).is_err());
    let other = ops_wgpu::open(0).unwrap();
    assert_eq!(sconce::ones([3]).try_to_device(other).unwrap().sum().item::<f32>(), 3.0);
}

#[test]
fn what_has_no_kernel_is_named_with_dtype_and_adapter() {
    let Some(gpu) = gpu() else { return };
    let x = sconce::eye(3).try_to_device(gpu).unwrap();
    let error = x.try_det().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.text().contains("is not supported on gpu:0"), "{error}");
}

#[test]
fn an_adapter_that_is_none_is_an_error() {
    let error = ops_wgpu::open(1000).unwrap_err();
    assert!(error.text().starts_with("there is no adapter of number 1000"), "{error}");
}

#[test]
fn shaders_are_made_once_for_all_shapes() {
    let Some(gpu) = spare() else { return };
    let run = |n: usize| {
        let x = sconce::ones([n, 3]).try_to_device(gpu).unwrap();
        (&x + &x).exp().sum_dim(1, false).softmax(0).sum().item::<f32>()
    };
    run(4);
    run(700);
    let count = gpu.shader_count();
    for n in [5, 60, 800] {
        run(n);
    }
    assert_eq!(gpu.shader_count(), count);
}
