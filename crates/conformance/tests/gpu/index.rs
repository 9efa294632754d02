//! Positions by the ten thousand, of every dtype: many values at one place, none at another, and positions that are none.

use super::{compare, computes, gpu};
use sconce::{DType, Device, Gradient, Tensor};

/// Whole numbers from a simple generator, below `limit`.
fn numbers(count: usize, limit: i64, seed: u64) -> Vec<i64> {
    let mut state = seed * 2 + 1;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as i64 % limit
    };
    (0..count).map(|_| next()).collect()
}

fn positions(shape: &[usize], limit: i64, seed: u64, device: &'static dyn Device) -> Tensor {
    let count = shape.iter().product();
    Tensor::from_vec(numbers(count, limit, seed), shape, sconce::cpu()).try_to_device(device).unwrap()
}

/// Small numbers, so that sums of them are exact in every dtype wide enough.
fn values(shape: &[usize], dtype: DType, seed: u64, device: &'static dyn Device) -> Tensor {
    let count = shape.iter().product();
    let list: Vec<i64> = numbers(count, 5, seed);
    Tensor::from_vec(list, shape, sconce::cpu()).to_dtype(dtype).try_to_device(device).unwrap()
}

fn check(name: &str, dtype: DType, run: impl Fn(&'static dyn Device) -> Tensor) {
    let Some(gpu) = gpu() else { return };
    if computes(gpu, dtype) {
        compare(&run(gpu), &run(sconce::cpu()), 1.0).unwrap_or_else(|why| panic!("{name} {dtype}: {why}"));
    }
}

#[test]
fn slices_meet_in_the_order_of_the_positions() {
    for dtype in DType::ALL {
        for (rows, count, columns) in [(7, 20_000, 9), (70_000, 3000, 5), (300, 3000, 130)] {
            // The CPU rounds halves after each value.
            if dtype.size() == 2 && dtype.is_floating_point() && count / rows > 1000 {
                continue;
            }
            check("index_add", dtype, |device| {
                let x = values(&[rows, columns], dtype, 1, device);
                x.index_add(
                    0,
                    &positions(&[count], rows as i64, 2, device),
                    &values(&[count, columns], dtype, 3, device),
                )
            });
            check("index_copy", dtype, |device| {
                let x = values(&[rows, columns], dtype, 1, device);
                x.index_copy(
                    0,
                    &positions(&[count], rows as i64, 2, device),
                    &values(&[count, columns], dtype, 3, device),
                )
            });
        }
    }
}

#[test]
fn elements_meet_in_the_order_of_the_positions() {
    for dtype in DType::ALL {
        check("scatter_add", dtype, |device| {
            let x = values(&[40, 90], dtype, 1, device).transpose(0, 1);
            let index = positions(&[4000, 40], 90, 2, device);
            x.scatter_add(0, &index, &values(&[4000, 40], dtype, 3, device))
        });
        check("scatter", dtype, |device| {
            let x = values(&[3, 5000], dtype, 1, device);
            x.scatter(1, &positions(&[2, 6000], 5000, 2, device), &values(&[2, 6000], dtype, 3, device))
        });
        for how in ["prod", "amax", "amin"] {
            check(how, dtype, |device| {
                let x = values(&[3, 5000], dtype, 1, device);
                let source = values(&[2, 6000], dtype, 3, device);
                x.scatter_reduce(1, &positions(&[2, 6000], 5000, 2, device), &source, how, true)
            });
        }
        check("scatter_add_", dtype, |device| {
            let base = values(&[50, 301], dtype, 1, device);
            let x = base.narrow(1, 1, 299);
            x.scatter_add_(1, &positions(&[50, 400], 299, 2, device), &values(&[50, 400], dtype, 3, device));
            base
        });
    }
}

#[test]
fn few_values_into_large_tensors_in_place() {
    for dtype in DType::ALL {
        check("in place", dtype, |device| {
            let base = values(&[40, 30, 21], dtype, 1, device);
            let x = base.transpose(0, 2).narrow(1, 3, 25);
            x.index_copy_(1, &positions(&[4], 25, 2, device), &values(&[21, 4, 40], dtype, 3, device));
            x.scatter_(2, &positions(&[5, 20, 9], 40, 4, device), &values(&[5, 20, 9], dtype, 5, device));
            let (a, b) = (positions(&[3, 1], 21, 6, device), positions(&[4], 40, 7, device));
            x.try_put_at_(0b101, &[&a, &b], &values(&[3, 4, 25], dtype, 8, device), false).unwrap();
            x.index_add_(1, &positions(&[6], 3, 9, device), &values(&[21, 6, 40], dtype, 10, device));
            x.try_put_at_(0b11, &[&a, &b.remainder(25)], &values(&[3, 4, 40], dtype, 11, device), true).unwrap();
            base
        });
    }
}

#[test]
fn several_dimensions_take_positions() {
    check("index_get", DType::F32, |device| {
        let x = values(&[3, 4, 5, 6, 2], DType::F32, 1, device);
        let all: Vec<Tensor> =
            [3, 4, 5, 6].iter().map(|size| positions(&[50], *size, *size as u64, device) - *size).collect();
        x.try_index_get(0b1111, &all.iter().collect::<Vec<_>>()).unwrap()
    });
    for accumulate in [false, true] {
        check("index_put", DType::F32, |device| {
            let x = values(&[30, 4, 50, 6], DType::F32, 1, device);
            let (a, b) = (positions(&[60, 1], 30, 2, device), positions(&[70], 50, 3, device));
            let values = values(&[60, 70, 4, 6], DType::F32, 4, device);
            x.try_put_at(0b101, &[&a, &b], &values, accumulate).unwrap()
        });
    }
}

#[test]
fn masks_over_many_elements() {
    for dtype in DType::ALL {
        for shape in [[3, 1001, 7], [130, 129, 128]] {
            check("masked_select", dtype, |device| {
                let x = values(&shape, dtype, 1, device);
                x.transpose(0, 2).masked_select(&values(&shape, DType::Bool, 2, device).transpose(0, 2))
            });
            check("nonzero", dtype, |device| values(&shape, dtype, 1, device).transpose(1, 2).nonzero());
            check("masked_scatter", dtype, |device| {
                let x = values(&shape, dtype, 1, device);
                x.masked_scatter(
                    &values(&shape, DType::Bool, 2, device),
                    &values(&[shape.iter().product()], dtype, 3, device),
                )
            });
        }
    }
}

#[test]
fn embeddings_leave_their_padding_out() {
    for (rows, count) in [(5, 30), (5000, 4000)] {
        check("embedding", DType::F32, |device| {
            let weight = values(&[rows, 32], DType::F32, 1, device).requires_grad_(true);
            let words = positions(&[2, count], rows as i64, 2, device);
            let y = words.embedding(&weight, Some(3));
            y.backward_from(&values(&[2, count, 32], DType::F32, 3, device));
            weight.grad().unwrap()
        });
    }
}

#[test]
fn positions_that_are_none_are_told_when_results_are_read() {
    // Another test that reads results of the same device might be told instead.
    let Some(gpu) = super::failures::spare() else { return };
    let x = values(&[3, 4], DType::F32, 1, gpu);
    let index = Tensor::from_vec(vec![0i64, 5], [2], sconce::cpu()).try_to_device(gpu).unwrap();
    let select = |_: &Tensor| x.index_select(0, &index);
    let add = |values: &Tensor| x.index_add(0, &index, values);
    for run in [&select as &dyn Fn(&Tensor) -> Tensor, &add] {
        let error = run(&values(&[2, 4], DType::F32, 2, gpu)).try_to_device(sconce::cpu()).unwrap_err().to_string();
        assert!(error.contains("index 5 is out of bounds for dimension 0 with size 3"), "{error}");
    }
    assert!(x.try_to_device(sconce::cpu()).is_ok(), "an error is told once");
}
