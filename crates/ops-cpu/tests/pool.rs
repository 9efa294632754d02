//! Pools against windows written out.

use tensor_core::op::pool::{AvgPoolOptions, MaxPoolOptions};
use tensor_core::{DType, Tensor};

fn numbers(shape: &[usize]) -> Tensor {
    let count: usize = shape.iter().product();
    let values: Vec<f64> = (0..count).map(|i| ((i * 7919 + 31) % 17) as f64 - 8.0).collect();
    Tensor::from_vec(values, shape, ops_cpu::cpu())
}

/// (elements inside with their places, elements that count with padding) of each window of `[h, w]`, in order.
type Lists = Vec<(Vec<usize>, usize)>;

#[derive(Clone, Copy, Debug)]
struct Case {
    input: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    ceil: bool,
}

impl Case {
    fn output(&self, i: usize) -> usize {
        let span = self.dilation[i] * (self.kernel[i] - 1) + 1;
        let room = (self.input[i] + 2 * self.padding[i]).checked_sub(span);
        let Some(room) = room else { return 0 };
        let mut count = if self.ceil { room.div_ceil(self.stride[i]) } else { room / self.stride[i] } + 1;
        if self.ceil && (count - 1) * self.stride[i] >= self.input[i] + self.padding[i] {
            count -= 1;
        }
        count
    }

    fn lists(&self) -> Lists {
        let mut lists = vec![];
        for oh in 0..self.output(0) {
            for ow in 0..self.output(1) {
                let (mut inside, mut counted) = (vec![], 0);
                for kh in 0..self.kernel[0] {
                    for kw in 0..self.kernel[1] {
                        let h = oh * self.stride[0] + kh * self.dilation[0];
                        let w = ow * self.stride[1] + kw * self.dilation[1];
                        let [ph, pw] = self.padding;
                        counted += (h < self.input[0] + 2 * ph && w < self.input[1] + 2 * pw) as usize;
                        if h >= ph && w >= pw && h < self.input[0] + ph && w < self.input[1] + pw {
                            inside.push((h - ph) * self.input[1] + w - pw);
                        }
                    }
                }
                lists.push((inside, counted));
            }
        }
        lists
    }
}

fn cases() -> Vec<Case> {
    let mut cases = vec![];
    for input in [[4, 6], [7, 5], [9, 20], [1, 33]] {
        for kernel in [[1, 1], [2, 2], [3, 3], [1, 4], [5, 2]] {
            for stride in [[1, 1], [2, 2], [3, 1], [4, 5]] {
                for padding in [[0, 0], [1, 1], [0, 2]] {
                    for dilation in [[1, 1], [2, 3]] {
                        for ceil in [false, true] {
                            let case = Case { input, kernel, stride, padding, dilation, ceil };
                            let fits = (0..2).all(|i| {
                                padding[i] <= ((kernel[i] - 1) * dilation[i]).div_ceil(2) && case.output(i) > 0
                            });
                            if fits && case.lists().iter().all(|(inside, _)| !inside.is_empty()) {
                                cases.push(case);
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(cases.len() > 200);
    cases
}

#[test]
fn largest_elements_and_their_places() {
    for case in cases() {
        let x = numbers(&[2, 3, case.input[0], case.input[1]]);
        let options = MaxPoolOptions {
            stride: Some(case.stride.into()),
            padding: case.padding.into(),
            dilation: case.dilation.into(),
            ceil_mode: case.ceil,
        };
        let plane = case.input[0] * case.input[1];
        let values = x.to_vec::<f64>();
        let (mut best, mut places) = (vec![], vec![]);
        for image in values.chunks(plane) {
            for (inside, _) in case.lists() {
                let place = inside.iter().copied().reduce(|a, b| if image[b] > image[a] { b } else { a }).expect("one");
                best.push(image[place]);
                places.push(place as i64);
            }
        }
        for dtype in [DType::F64, DType::F32, DType::BF16, DType::I32] {
            let (y, index) = x.to_dtype(dtype).max_pool2d_with_indices(case.kernel, options);
            assert_eq!(y.shape()[..], [2, 3, case.output(0), case.output(1)], "{case:?}");
            assert_eq!(y.to_dtype(DType::F64).to_vec::<f64>(), best, "{case:?} {dtype}");
            assert_eq!(index.to_vec::<i64>(), places, "{case:?} {dtype}");
        }
    }
}

#[test]
fn means() {
    for case in cases().into_iter().filter(|case| case.dilation == [1, 1]) {
        if (0..2).any(|i| case.padding[i] > case.kernel[i] / 2) {
            continue;
        }
        let x = numbers(&[3, case.input[0], case.input[1]]);
        for (count_include_pad, divisor_override) in [(true, None), (false, None), (true, Some(3))] {
            let options = AvgPoolOptions {
                stride: Some(case.stride.into()),
                padding: case.padding.into(),
                ceil_mode: case.ceil,
                count_include_pad,
                divisor_override,
            };
            let values = x.to_vec::<f64>();
            let mut expected = vec![];
            for image in values.chunks(case.input[0] * case.input[1]) {
                for (inside, counted) in case.lists() {
                    let sum: f64 = inside.iter().map(|place| image[*place]).sum();
                    let count = if count_include_pad { counted } else { inside.len() };
                    expected.push(sum / divisor_override.map_or(count as f64, f64::from));
                }
            }
            let y = x.avg_pool2d(case.kernel, options);
            assert_eq!(y.to_vec::<f64>(), expected, "{case:?} {options:?}");
        }
    }
}

#[test]
fn windows_that_adapt() {
    for (input, output) in [([5, 7], [3, 4]), ([6, 6], [2, 3]), ([3, 4], [5, 9]), ([8, 1], [1, 1])] {
        let x = numbers(&[2, input[0], input[1]]);
        let values = x.to_vec::<f64>();
        let (mut means, mut best) = (vec![], vec![]);
        for image in values.chunks(input[0] * input[1]) {
            for oh in 0..output[0] {
                for ow in 0..output[1] {
                    let range = |o: usize, i: usize| o * input[i] / output[i]..((o + 1) * input[i]).div_ceil(output[i]);
                    let window: Vec<f64> = range(oh, 0)
                        .flat_map(|h| range(ow, 1).map(move |w| (h, w)))
                        .map(|(h, w)| image[h * input[1] + w])
                        .collect();
                    means.push(window.iter().sum::<f64>() / window.len() as f64);
                    best.push(window.iter().copied().fold(f64::NEG_INFINITY, f64::max));
                }
            }
        }
        assert_eq!(x.adaptive_avg_pool2d(output).to_vec::<f64>(), means);
        let (y, index) = x.adaptive_max_pool2d_with_indices(output);
        assert_eq!(y.to_vec::<f64>(), best);
        assert_eq!(x.flatten_dims(1, 2).gather(1, &index.flatten_dims(1, 2)).to_vec::<f64>(), best);
    }
}

#[test]
fn not_a_number_wins() {
    let nan = f32::NAN;
    let x = Tensor::from_vec(vec![1.0, nan, 9.0, nan, 2.0, 3.0, 4.0, 5.0], [1, 2, 4], ops_cpu::cpu());
    let (y, index) = x.max_pool2d_with_indices(2, MaxPoolOptions::default());
    assert!(y.isnan().to_vec::<bool>().iter().all(|nan| *nan));
    assert_eq!(index.to_vec::<i64>(), [1, 3]);
    let low = Tensor::from_vec(vec![f32::NEG_INFINITY; 4], [1, 2, 2], ops_cpu::cpu());
    let options = MaxPoolOptions { stride: Some(1.into()), padding: 1.into(), ..MaxPoolOptions::default() };
    let (_, index) = low.max_pool2d_with_indices(2, options);
    assert_eq!(index.to_vec::<i64>(), [0, 0, 1, 0, 0, 1, 2, 2, 3]);
}
