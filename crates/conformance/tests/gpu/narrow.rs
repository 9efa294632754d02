//! An adapter without 64-bit whole numbers and double precision, as browsers and phones have them: int64 tensors work as
//! positions, results and numbers there.

use super::{compare, numbers, opdb, own_gpu};
use sconce::{DType, Gradient, Tensor};
use std::sync::OnceLock;
use tensor_core::op::CrossEntropy;

/// The adapter of the other tests, without what phones lack, opened anew.
pub(super) fn spare_plain() -> Option<&'static ops_wgpu::Gpu> {
    let own = own_gpu()?.info();
    let number = ops_wgpu::adapters().iter().position(|adapter| adapter.name == own.name)?;
    let gpu = ops_wgpu::open_plain(number).expect("an adapter that was opened before");
    assert!(!gpu.info().int64 && !gpu.info().float64 && gpu.info().cooperative.is_none());
    Some(gpu)
}

/// The same for all tests that do nothing wrong.
fn plain() -> Option<&'static ops_wgpu::Gpu> {
    static GPU: OnceLock<Option<&'static ops_wgpu::Gpu>> = OnceLock::new();
    *GPU.get_or_init(spare_plain)
}

fn same(name: &str, inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Vec<Tensor>) {
    let Some(gpu) = plain() else { return };
    let there: Vec<Tensor> = inputs.iter().map(|x| x.try_to_device(gpu).unwrap()).collect();
    for (i, (ours, theirs)) in f(&there).iter().zip(f(inputs)).enumerate() {
        compare(ours, &theirs, 1.0).unwrap_or_else(|why| panic!("{name}, result {i}: {why}"));
        if theirs.dtype() == DType::I64 {
            // To the last bit, of which doubles have too few.
            let list = |x: &Tensor| x.try_to_device(sconce::cpu()).unwrap().flatten().to_vec::<i64>();
            assert_eq!(list(ours), list(&theirs), "{name}, result {i}");
        }
    }
}

/// Numbers of all sizes, and those around where words end.
fn long_numbers() -> Tensor {
    let mut list: Vec<i64> = vec![0, 1, -1, 7, i64::MAX, i64::MIN, i64::MIN + 1, 1 << 31, -(1 << 31), (1 << 31) - 1];
    list.extend([
        1 << 32,
        (1 << 32) - 1,
        -(1 << 32),
        -(1 << 32) - 1,
        (1 << 53) + 1,
        (1 << 24) + 1,
        0x0100_0000_8000_0001,
    ]);
    let mut state = 88_172_645_463_325_252u64;
    for shift in 0..60 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.push(state as i64 >> shift);
    }
    let count = list.len();
    Tensor::from_vec(list, [count], sconce::cpu())
}

#[test]
fn arithmetic_in_two_words() {
    let x = long_numbers();
    same("pairs", &[x.unsqueeze(1), x.clone()], |t| {
        let (a, b) = (&t[0], &t[1]);
        vec![
            a + b,
            a - b,
            a * b,
            a.bitwise_and(b),
            a.bitwise_or(b),
            a.bitwise_xor(b),
            a.eq(b),
            a.ne(b),
            a.lt(b),
            a.le(b),
            a.gt(b),
            a.ge(b),
            a.maximum(b),
            a.minimum(b),
            a.logical_and(b),
        ]
    });
    same("single", &[x.clone()], |t| {
        let a = &t[0];
        vec![-a, a.bitwise_not(), a.sign(), a.logical_not(), a + 5, 3 - a, a.relu(), a.eq(7), a.clone_()]
    });
    // Divisors that are not zero, and no quotient that overflows.
    let divisors = Tensor::from_vec(vec![1i64, 2, -3, 7, 1000, -(1 << 33), i64::MAX], [7], sconce::cpu());
    same("quotients", &[x.unsqueeze(1), divisors], |t| {
        vec![t[0].remainder(&t[1]), t[0].floor_divide(&t[1]), t[0].fmod(&t[1])]
    });
}

#[test]
fn conversions_of_two_words() {
    let x = long_numbers();
    let dtypes = DType::ALL.into_iter().filter(|dtype| ![DType::F64, DType::F16].contains(dtype));
    same("from", &[x], |t| dtypes.clone().map(|dtype| t[0].to_dtype(dtype)).collect());
    let list = vec![0.0f32, -0.9, 1.9, -2.5, 3e9, -3e9, 5e9, 1.5e18, -1.5e18, 16_777_217.0];
    let x = Tensor::from_vec(list, [10], sconce::cpu());
    same("to", &[x], |t| {
        vec![t[0].to_dtype(DType::I64), t[0].clamp(-100.0, 100.0).to_dtype(DType::I8).to_dtype(DType::I64)]
    });
}

#[test]
fn positions_and_counts() {
    let x = numbers(&[70, 30], 1);
    let index = sconce::arange(50).remainder(30).to_dtype(DType::I64);
    same("index", &[x.clone(), index], |t| {
        let (x, index) = (&t[0], &t[1]);
        let rows = index.unsqueeze(0).expand([70, 50]);
        vec![
            x.index_select(1, index),
            x.gather(1, &rows.contiguous()),
            x.argmax(),
            x.argmax_dim(1, false),
            x.argsort(1, false),
            x.gt(0.25).sum(),
            x.gt(0.25).sum_dim(0, false),
            x.gt(0.9).nonzero(),
            x.gt(0.25).any(),
            index.cumsum(0),
            index.amax(0, false),
            index.argmin(),
            index.argsort(0, true),
            index.prod(),
            index.index_add(0, index, index),
            index.scatter_add(0, index, index),
            index.narrow(0, 3, 20).repeat([2]),
            index.masked_fill(&index.gt(20), -1),
            index.gt(3).where_(index, &(index * 2)),
            index.roll(&[3], &[0]),
            index.flip(&[0]),
            index.all(),
        ]
    });
}

#[test]
fn embeddings_and_losses() {
    let (weight, scores) = (numbers(&[40, 16], 2), numbers(&[60, 7], 3));
    let words = sconce::arange(60).remainder(40).to_dtype(DType::I64);
    let labels = sconce::arange(60).remainder(7).to_dtype(DType::I64);
    same("losses", &[weight, scores, words, labels], |t| {
        let (weight, scores) = (t[0].detach().requires_grad_(true), t[1].detach().requires_grad_(true));
        let y = t[2].embedding(&weight, Some(3));
        y.backward_from(&y.detach());
        let loss = scores.cross_entropy(&t[3], CrossEntropy::default());
        loss.backward();
        vec![y, weight.grad().unwrap(), loss, scores.grad().unwrap()]
    });
}

#[test]
fn positions_of_more_than_32_bits_are_none() {
    for gpu in [spare_plain(), super::failures::spare()].into_iter().flatten() {
        let x = numbers(&[5, 4], 1).try_to_device(gpu).unwrap();
        for wrong in [1i64 << 32, (1 << 32) + 1, -(1 << 32) + 2, i64::MIN] {
            let index = Tensor::from_vec(vec![0, wrong], [2], sconce::cpu()).try_to_device(gpu).unwrap();
            let error = x.index_select(0, &index).try_to_device(sconce::cpu()).unwrap_err().to_string();
            assert!(error.contains("out of bounds for dimension 0 with size 5"), "{error}");
        }
    }
}

#[test]
fn what_is_missing_says_so() {
    let Some(gpu) = plain() else { return };
    let x = long_numbers().try_to_device(gpu).unwrap();
    let error = x.unsqueeze(0).try_matmul(&x.unsqueeze(1)).unwrap_err().to_string();
    assert!(error.contains("matmul") && error.contains("int64") && error.contains("not supported on"), "{error}");
}

#[test]
fn the_database_of_operations() {
    let Some(gpu) = plain() else { return };
    for table in ["create", "elementwise", "index", "reduce", "scan", "shape", "sort", "view"] {
        opdb::check_on(gpu, table, |dtype| dtype == DType::I64);
    }
}
