//! Convolutions and their gradients against sums written out: all of PyTorch's options, many sizes, in one, two and three
//! dimensions.

use tensor_core::op::conv::Window;
use tensor_core::{DType, Tensor, or_panic};

/// Small whole numbers, whose products and sums are exact in every dtype.
fn numbers(shape: &[usize], seed: u64) -> Tensor {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let count = shape.iter().product();
    let draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 7) as i64 - 3
    };
    let values: Vec<i64> = std::iter::repeat_with(draw).take(count).collect();
    Tensor::from_vec(values, shape, ops_cpu::cpu())
}

/// One convolution's sizes.
#[derive(Clone, Debug)]
struct Case {
    batch: usize,
    ins: usize,
    outs: usize,
    input: Vec<usize>,
    kernel: Vec<usize>,
    window: Window,
}

impl Case {
    fn output(&self) -> Vec<usize> {
        (0..self.input.len())
            .map(|i| {
                let [s, p, d] = self.numbers(i);
                (self.input[i] + 2 * p - d * (self.kernel[i] - 1) - 1) / s + 1
            })
            .collect()
    }

    fn numbers(&self, i: usize) -> [usize; 3] {
        [self.window.stride[i], self.window.padding[i], self.window.dilation[i]].map(usize::from)
    }

    fn shape(&self, lead: [usize; 2], sizes: &[usize]) -> Vec<usize> {
        lead.into_iter().chain(sizes.iter().copied()).collect()
    }

    fn fits(&self) -> bool {
        (0..self.input.len()).all(|i| {
            let [_, p, d] = self.numbers(i);
            self.input[i] + 2 * p > d * (self.kernel[i] - 1)
        })
    }

    /// Visits the positions in input, weight and output of all products.
    fn products(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (groups, output) = (self.window.groups as usize, self.output());
        let planes = [&self.input, &self.kernel, &output].map(|sizes| sizes.iter().product::<usize>());
        let split = |mut i: usize, sizes: &[usize]| {
            let mut index = vec![0; sizes.len()];
            for (place, size) in index.iter_mut().zip(sizes).rev() {
                *place = i % size;
                i /= size;
            }
            index
        };
        for n in 0..self.batch {
            for o in 0..self.outs {
                for i in 0..self.ins / groups {
                    let channel = o / (self.outs / groups) * (self.ins / groups) + i;
                    for place in 0..planes[2] {
                        let at = split(place, &output);
                        for tap in 0..planes[1] {
                            let k = split(tap, &self.kernel);
                            let mut from = 0;
                            let inside = (0..at.len()).all(|d| {
                                let [stride, padding, dilation] = self.numbers(d);
                                let position = at[d] * stride + k[d] * dilation;
                                from = from * self.input[d] + position.saturating_sub(padding);
                                position >= padding && position - padding < self.input[d]
                            });
                            if inside {
                                let x = (n * self.ins + channel) * planes[0] + from;
                                let weight = (o * (self.ins / groups) + i) * planes[1] + tap;
                                visit(x, weight, (n * self.outs + o) * planes[2] + place);
                            }
                        }
                    }
                }
            }
        }
    }

    fn check(&self, dtype: DType, form: fn(&Tensor) -> Tensor) {
        let groups = self.window.groups as usize;
        let x = numbers(&self.shape([self.batch, self.ins], &self.input), 1);
        let weight = numbers(&self.shape([self.outs, self.ins / groups], &self.kernel), 2);
        let g = numbers(&self.shape([self.batch, self.outs], &self.output()), 3);
        let bias = numbers(&[self.outs], 4);
        let [xs, ws, gs, bs] = [&x, &weight, &g, &bias].map(|t| t.to_vec::<i64>());
        let plane: usize = self.output().iter().product();
        let mut expected = [
            (0..gs.len()).map(|i| bs[i / plane % self.outs]).collect::<Vec<_>>(),
            vec![0; xs.len()],
            vec![0; ws.len()],
        ];
        self.products(|from, factor, to| {
            expected[0][to] += xs[from] * ws[factor];
            expected[1][from] += gs[to] * ws[factor];
            expected[2][factor] += xs[from] * gs[to];
        });
        let [a, w, h, b] = [&x, &weight, &g, &bias].map(|t| form(&t.to_dtype(dtype)));
        let results = [
            or_panic(self.window.try_forward(&a, &w, Some(&b))),
            or_panic(self.window.try_input(&h, &w, x.shape())),
            or_panic(self.window.try_weight(&a, &h, weight.shape())),
        ];
        for ((result, expected), what) in results.iter().zip(expected).zip(["output", "input", "weight"]) {
            // A half may round, everything else is exact.
            let wanted = Tensor::from_vec(expected, result.shape(), ops_cpu::cpu()).to_dtype(dtype);
            let same = result.eq(&wanted).to_vec::<bool>();
            let wrong = same.iter().position(|same| !same);
            assert!(
                wrong.is_none(),
                "{what} of {self:?} as {dtype}: {:?} at {wrong:?} instead of {:?}",
                result.to_dtype(DType::F64).to_vec::<f64>()[wrong.unwrap_or(0)],
                wanted.to_dtype(DType::F64).to_vec::<f64>()[wrong.unwrap_or(0)],
            );
        }
    }
}

fn case(batch: usize, channels: [usize; 2], input: &[usize], kernel: &[usize], [s, p, d, g]: [usize; 4]) -> Case {
    let all = |value: usize| {
        let mut list = [0; 3];
        list[..input.len()].fill(value as u16);
        list
    };
    let window = Window { stride: all(s), padding: all(p), dilation: all(d), extra: [0; 3], groups: g as u32 };
    Case { batch, ins: channels[0], outs: channels[1], input: input.to_vec(), kernel: kernel.to_vec(), window }
}

fn same(x: &Tensor) -> Tensor {
    x.clone()
}

/// The same numbers with the first dimension running fastest.
fn turned(x: &Tensor) -> Tensor {
    let back: Vec<usize> = (0..x.ndim()).rev().collect();
    x.permute(&back).contiguous().permute(&back)
}

#[test]
fn a_grid_of_windows() {
    for input in [[1, 1], [5, 7], [9, 4], [12, 31]] {
        for kernel in [[1, 1], [3, 3], [2, 4], [5, 1]] {
            for stride in 1..=3 {
                for padding in 0..=3 {
                    for dilation in 1..=2 {
                        for [ins, outs, groups] in [[1, 1, 1], [3, 5, 1], [4, 6, 2], [4, 4, 4]] {
                            let case = case(2, [ins, outs], &input, &kernel, [stride, padding, dilation, groups]);
                            if case.fits() {
                                case.check(DType::F64, same);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn one_and_three_dimensions() {
    for [stride, padding, dilation] in [[1, 0, 1], [1, 1, 1], [2, 1, 1], [2, 2, 2], [3, 0, 1], [1, 4, 3]] {
        for groups in [1, 2] {
            let options = [stride, padding, dilation, groups];
            for line in [9, 40, 700] {
                case(2, [2, 4], &[line], &[3], options).check(DType::F32, same);
                case(1, [4, 2], &[line], &[1], options).check(DType::F32, same);
            }
            case(2, [2, 4], &[5, 6, 7], &[3, 2, 3], options).check(DType::F32, same);
            case(1, [2, 2], &[5, 9, 8], &[2, 1, 4], options).check(DType::F64, turned);
        }
    }
    let mut uneven = case(2, [2, 3], &[6, 9, 8], &[2, 3, 1], [1, 1, 1, 1]);
    (uneven.window.stride, uneven.window.padding, uneven.window.dilation) = ([1, 2, 3], [0, 2, 1], [3, 1, 2]);
    uneven.check(DType::F64, same);
}

#[test]
fn sizes_beyond_one_block() {
    case(9, [40, 21], &[33, 60], &[3, 3], [1, 1, 1, 1]).check(DType::F32, same);
    case(1, [70, 9], &[50, 70], &[3, 3], [2, 1, 1, 1]).check(DType::F64, same);
    case(2, [64, 130], &[20, 20], &[1, 1], [1, 0, 1, 1]).check(DType::F32, same);
    case(1, [130, 64], &[7, 7], &[3, 3], [1, 1, 1, 1]).check(DType::F32, same);
    case(1, [12, 8], &[9000], &[5], [2, 3, 2, 2]).check(DType::F32, same);
    case(3, [32, 32], &[30, 30], &[3, 3], [1, 1, 1, 32]).check(DType::F32, same);
    case(2, [3, 8], &[64, 64], &[7, 7], [2, 3, 1, 1]).check(DType::F32, same);
}

#[test]
fn every_dtype_and_layout() {
    for dtype in DType::ALL {
        let transposes = dtype.is_floating_point() || dtype == DType::I64;
        if !transposes {
            continue;
        }
        for form in [same, turned] {
            case(2, [4, 6], &[6, 7], &[3, 2], [2, 1, 1, 2]).check(dtype, form);
        }
    }
    for dtype in [DType::U8, DType::I8, DType::I16, DType::I32] {
        let case = case(2, [4, 6], &[6, 7], &[3, 2], [2, 1, 1, 2]);
        let x = numbers(&[2, 4, 6, 7], 1);
        let weight = numbers(&[6, 2, 3, 2], 2);
        let y = or_panic(case.window.try_forward(&x.to_dtype(dtype), &weight.to_dtype(dtype), None));
        let exact = or_panic(case.window.try_forward(&x, &weight, None)).to_dtype(dtype);
        assert!(y.eq(&exact).to_vec::<bool>().iter().all(|same| *same), "{dtype}");
    }
}

#[test]
fn nothing_to_sum() {
    case(0, [2, 2], &[4, 4], &[3, 3], [1, 1, 1, 1]).check(DType::F32, same);
    case(2, [0, 2], &[4, 4], &[3, 3], [1, 1, 1, 1]).check(DType::F32, same);
}

#[test]
fn results_do_not_depend_on_threads() {
    let x = numbers(&[5, 16, 30, 30], 1).to_dtype(DType::F32).sin();
    let weight = numbers(&[24, 16, 3, 3], 2).to_dtype(DType::F32).cos();
    let window = case(5, [16, 24], &[30, 30], &[3, 3], [1, 1, 1, 1]).window;
    let all = || {
        let y = or_panic(window.try_forward(&x, &weight, None));
        let gx = or_panic(window.try_input(&y, &weight, x.shape()));
        let gw = or_panic(window.try_weight(&x, &y, weight.shape()));
        [y, gx, gw].map(|t| t.to_vec::<f32>())
    };
    let before = ops_cpu::team::num_threads();
    ops_cpu::team::set_num_threads(1);
    let alone = all();
    ops_cpu::team::set_num_threads(3);
    let together = all();
    ops_cpu::team::set_num_threads(before);
    assert!(alone == together);
}
