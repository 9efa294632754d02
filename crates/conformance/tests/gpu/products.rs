//! Products of matrices in all classes of shapes, of factors at all strides, and by cooperative matrices.

use super::{both, compare, numbers, own_gpu};
use ops_wgpu::Gpu;
use sconce::{DType, Tensor};

#[test]
pub(super) fn of_every_size_class() {
    for (n, k, m) in [(1, 1, 1), (3, 70, 5), (65, 33, 130), (200, 300, 150), (520, 40, 600)] {
        both(&format!("{n}x{k}x{m}"), &[numbers(&[n, k], 1), numbers(&[k, m], 2)], 30.0, |t| vec![t[0].mm(&t[1])]);
        both("transposed", &[numbers(&[k, n], 1), numbers(&[m, k], 2)], 30.0, |t| vec![t[0].t().mm(&t[1].t())]);
    }
    both("stacked", &[numbers(&[7, 20, 30], 1), numbers(&[7, 30, 9], 2)], 10.0, |t| vec![t[0].bmm(&t[1])]);
    both("vector", &[numbers(&[300, 2000], 1), numbers(&[2000], 2)], 100.0, |t| vec![t[0].mv(&t[1])]);
    both("linear", &[numbers(&[32, 70], 1), numbers(&[50, 70], 2), numbers(&[50], 3)], 10.0, |t| {
        vec![t[0].linear(&t[1], Some(&t[2]))]
    });
    let whole = |x: Tensor| (x * 9.0).to_dtype(DType::I64);
    both("whole numbers", &[whole(numbers(&[40, 50], 1)), whole(numbers(&[50, 30], 2))], 1.0, |t| vec![t[0].mm(&t[1])]);
}

/// A way in which the numbers of a stack of matrices may lie in memory: its name, and what puts them there.
type Placing = (&'static str, fn(&Tensor) -> Tensor);

const LAYOUTS: [Placing; 4] = [
    ("row by row", Tensor::clone),
    ("turned", |x| x.transpose(1, 2).contiguous().transpose(1, 2)),
    ("in the midst", |x| {
        let columns = x.shape()[2];
        x.repeat([1, 1, 3]).narrow(2, columns as i64, columns)
    }),
    ("with gaps", |x| {
        let [batches, rows, columns] = x.shape()[..] else { unreachable!("a stack of matrices") };
        let twice = x.unsqueeze(3).expand([batches, rows, columns, 2]).reshape([batches, rows, 2 * columns]);
        twice.slice(2, 0, 2 * columns as i64, 2)
    }),
];

/// Panics unless `gpu` multiplies stacks of matrices as the CPU does, also with something added, for factors that lie as the pair
/// of layouts says.
fn check(gpu: &'static Gpu, dtype: DType, [batches, n, k, m]: [usize; 4], [left, right]: [usize; 2], is_based: bool) {
    let number = |shape: &[usize], seed| match dtype.is_floating_point() {
        true => numbers(shape, seed).to_dtype(dtype),
        false => (numbers(shape, seed) * 9.0).to_dtype(dtype),
    };
    let factors = [number(&[batches, n, k], 1), number(&[batches, k, m], 2)];
    let bases = [number(&[m], 3), number(&[batches, n, 1], 4), number(&[batches, n, m], 5)];
    let ((a_name, a_layout), (b_name, b_layout)) = (LAYOUTS[left], LAYOUTS[right]);
    let compute = |[a, b]: [&Tensor; 2], base: Option<&Tensor>| {
        let (a, b) = (a_layout(a), b_layout(b));
        match base {
            // Without batches it is another operation.
            Some(base) if batches == 1 && base.ndim() < 3 => base.addmm(&a.select(0, 0), &b.select(0, 0), 1.0, 1.0),
            Some(base) => base.baddbmm(&a, &b, 1.0, 1.0),
            None => a.bmm(&b),
        }
    };
    let there = |x: &Tensor| x.try_to_device(gpu).expect("memory for a small matrix");
    for base in std::iter::once(None).chain(bases.iter().filter(|_| is_based).map(Some)) {
        let ours = compute([&there(&factors[0]), &there(&factors[1])], base.map(there).as_ref());
        let theirs = compute([&factors[0], &factors[1]], base);
        compare(&ours, &theirs, 20.0).unwrap_or_else(|why| {
            let shape = base.map(|base| base.shape().to_vec());
            panic!("{batches} of {n}x{k}x{m}, {dtype}, {a_name} by {b_name}, base {shape:?}: {why}")
        });
    }
}

/// So many matrices that tiles of 64, or of 128, are computed, with sizes that are multiples of four and others.
#[test]
fn of_many_matrices() {
    let Some(gpu) = own_gpu() else { return };
    for (dtype, layouts) in [(DType::F16, [0, 1]), (DType::BF16, [1, 0]), (DType::I32, [0, 0]), (DType::I16, [1, 2])] {
        check(gpu, dtype, [128, 20, 12, 64], layouts, false);
    }
    for layouts in [[0, 0], [1, 1], [2, 3]] {
        check(gpu, DType::F32, [128, 12, 36, 68], layouts, layouts[0] < 2);
        check(gpu, DType::F32, [128, 65, 33, 7], layouts, false);
    }
    check(gpu, DType::F32, [128, 132, 20, 8], [0, 0], false);
    check(gpu, DType::F32, [128, 132, 20, 8], [1, 1], false);
    check(gpu, DType::F32, [128, 7, 9, 129], [0, 3], false);
}

/// The same of float16 by the device as it is, which may have cooperative matrices, and by one that has none.
#[test]
fn of_halves() {
    let (Some(own), Some(plain)) = (own_gpu(), super::narrow::spare_plain()) else { return };
    match own.info().cooperative {
        Some(side) => eprintln!("by cooperative matrices of {side} by {side}"),
        None => eprintln!("skipped: {} has no cooperative matrices of float16", own.info().name),
    }
    let devices = if own.info().cooperative.is_some() { vec![plain, own] } else { vec![plain] };
    for gpu in devices {
        for layouts in [[0, 0], [1, 1], [2, 3]] {
            check(gpu, DType::F16, [1, 64, 64, 64], layouts, layouts[0] < 2);
            check(gpu, DType::F16, [3, 37, 50, 75], layouts, false);
        }
        check(gpu, DType::F16, [1, 130, 1, 8], [0, 0], false);
        check(gpu, DType::F16, [1, 9, 200, 70], [1, 1], true);
    }
}
