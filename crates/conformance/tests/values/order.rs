//! What samples at random do not meet, with the values that PyTorch 2.15 prints: NaN, infinities and equal elements in order,
//! softmax of them, running statistics, columns long enough for every way of sorting, and the texts of refusals.

use tensor_core::op::norm::BatchNorm;
use tensor_core::{DType, Element, Tensor};

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

fn tensor<T: Element>(values: &[T], shape: &[usize]) -> Tensor {
    Tensor::from_vec(values.to_vec(), shape, ops_cpu::cpu())
}

fn row(values: &[f32]) -> Tensor {
    tensor(values, &[values.len()])
}

/// Equal, NaN to NaN.
#[track_caller]
fn same(found: &Tensor, wanted: &[f32]) {
    let found = found.to_vec::<f32>();
    let near = |a: f32, b: f32| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * b.abs();
    assert!(
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| near(*a, *b)),
        "{found:?}: {wanted:?}"
    );
}

#[test]
fn nan_infinities_and_equal_elements_in_order() {
    let x = row(&[2.0, NAN, -0.0, 0.0, -INF, 2.0, INF, NAN, -1.0]);
    assert_eq!(x.argsort(0, false).to_vec::<i64>(), [4, 8, 2, 3, 0, 5, 6, 1, 7]);
    assert_eq!(x.argsort(0, true).to_vec::<i64>(), [1, 7, 6, 0, 5, 2, 3, 8, 4]);
    same(&x.topk(4, 0, true).values, &[NAN, NAN, INF, 2.0]);
    same(&x.topk(3, 0, false).values, &[-INF, -1.0, 0.0]);
    same(&x.kthvalue(3, 0, false).values, &[0.0]);
    assert_eq!(x.median_dim(0, false).indices.item::<i64>(), 1);
    assert_eq!(x.nanmedian_dim(0, false).indices.item::<i64>(), 3);
    assert_eq!(x.cummax(0).indices.to_vec::<i64>(), [0, 1, 1, 1, 1, 1, 1, 7, 7]);
    assert_eq!(x.cummin(0).indices.to_vec::<i64>(), [0, 1, 1, 1, 1, 1, 1, 7, 7]);
    let sorted = row(&[1.0, 2.0, 2.0, 3.0]);
    let values = row(&[2.0, NAN, 0.0, 9.0]);
    assert_eq!(sorted.searchsorted(&values, false).to_vec::<i64>(), [1, 4, 0, 4]);
    assert_eq!(sorted.searchsorted(&values, true).to_vec::<i64>(), [3, 4, 0, 4]);
    let mode = tensor(&[3i64, 1, 2, 2, 3], &[5]).mode(0, false);
    assert_eq!((mode.values.item::<i64>(), mode.indices.item::<i64>()), (2, 3));
    let x = tensor(&[1.0, 3.0, 3.0, NAN, 0.0, 5.0, 2.0, 2.0, 2.0], &[3, 3]);
    assert_eq!(x.argmax_dim(1, false).to_vec::<i64>(), [1, 0, 0]);
    assert_eq!(x.argmax_dim(0, false).to_vec::<i64>(), [1, 0, 1]);
    assert_eq!(x.argmin_dim(0, false).to_vec::<i64>(), [1, 1, 2]);
}

#[test]
fn softmax_of_infinities() {
    let x = tensor(&[1.0, INF, 2.0, -INF, -INF, -INF, NAN, 1.0, 2.0, -INF, 0.0, 0.0], &[4, 3]);
    let wanted = [NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0.0, 0.5, 0.5];
    same(&x.softmax(1), &wanted);
    same(&x.t().softmax(0).t(), &wanted);
    let half = -std::f32::consts::LN_2;
    same(&x.narrow(0, 3, 1).log_softmax(1), &[-INF, half, half]);
    same(&x.narrow(0, 3, 1).t().log_softmax(0), &[-INF, half, half]);
}

#[test]
fn running_statistics() {
    let statistics = || (row(&[0.0, 0.0]), row(&[1.0, 1.0]));
    let options = BatchNorm { training: true, momentum: 0.5, eps: 1e-30, ..BatchNorm::default() };
    let (mean, variance) = statistics();
    let x = tensor(&[1.0f32, 2.0, 3.0, 6.0, 5.0, 1.0], &[3, 2]);
    let y = x.batch_norm(Some(&mean), Some(&variance), options);
    same(&y, &[-1.2247448, -0.4629101, 0.0, 1.3887302, 1.2247448, -0.9258201]);
    same(&mean, &[1.5, 1.5]);
    same(&variance, &[2.5, 4.0]);
    let (mean, variance) = statistics();
    let x = tensor(&[0.0f32, 1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0], &[2, 2, 2]);
    same(&x.instance_norm(Some(&mean), Some(&variance), options), &[-1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0]);
    same(&mean, &[5.25, 12.25]);
    same(&variance, &[10.75, 24.75]);
}

/// Every way of sorting and searching against Rust's own, over rows, columns, and dtypes of every width of key.
#[test]
fn long_rows_and_columns() {
    for count in [7usize, 200, 1500] {
        let x = Tensor::from_vec(
            (0..3 * count).map(|i| (i * 7919 % 1013) as f32 - 500.0).collect(),
            [3, count],
            ops_cpu::cpu(),
        );
        for dtype in [DType::F32, DType::F64, DType::F16, DType::I16, DType::I64, DType::U8] {
            let x = x.to_dtype(dtype);
            let rows = x.to_dtype(DType::F64).to_vec::<f64>();
            for (columns, x) in [(false, x.clone()), (true, x.t().contiguous())] {
                let dim = if columns { 0 } else { 1 };
                let lay = |x: Tensor| if columns { x.t().contiguous() } else { x }.to_dtype(DType::I64).to_vec::<i64>();
                let (up, down) = (lay(x.argsort(dim, false)), lay(x.argsort(dim, true)));
                let (least, most) = (lay(x.topk(5, dim, false).indices), lay(x.topk(5, dim, true).indices));
                let middle = lay(x.median_dim(dim, true).indices);
                let (first, last) = (lay(x.argmin_dim(dim, true)), lay(x.argmax_dim(dim, true)));
                for r in 0..3 {
                    let row = &rows[r * count..][..count];
                    let mut wanted: Vec<i64> = (0..count as i64).collect();
                    wanted.sort_by(|a, b| row[*a as usize].total_cmp(&row[*b as usize]));
                    assert_eq!(up[r * count..][..count], wanted);
                    assert_eq!(least[r * 5..][..5], wanted[..5]);
                    assert_eq!(middle[r], wanted[(count - 1) / 2]);
                    assert_eq!(first[r], wanted[0]);
                    wanted.sort_by(|a, b| row[*b as usize].total_cmp(&row[*a as usize]).then(a.cmp(b)));
                    assert_eq!(down[r * count..][..count], wanted);
                    assert_eq!(most[r * 5..][..5], wanted[..5]);
                    assert_eq!(last[r], wanted[0]);
                }
            }
        }
    }
}

#[test]
fn refusals() {
    let x = || tensor(&[0.0f32; 6], &[2, 3]);
    let truths = tensor(&[true, false], &[2]);
    let whole = tensor(&[1i64, 2], &[2]);
    let text = |result: tensor_core::Result<Tensor>| result.expect_err("a refusal").text().to_string();
    let pair = |result: tensor_core::Result<tensor_core::op::reduce::Extreme>| text(result.map(|found| found.values));
    assert_eq!(text(whole.try_softmax(0)), "\"softmax_lastdim_kernel_impl\" not implemented for 'Long'");
    assert_eq!(text(whole.unsqueeze(1).try_log_softmax(0)), "\"log_softmax_kernel_impl\" not implemented for 'Long'");
    assert_eq!(
        text(x().try_layer_norm(4, None, None, 1e-5)),
        "Given normalized_shape=[4], expected input with shape [*, 4], but got input of size[2, 3]"
    );
    assert_eq!(
        text(x().try_layer_norm(3, Some(&tensor(&[1.0f64; 3], &[3])), None, 1e-5)),
        "mixed dtype (CPU): expect parameter to have scalar type of Float"
    );
    assert_eq!(
        text(x().try_group_norm(2, None, None, 1e-5)),
        "Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 3] and num_groups=2"
    );
    assert_eq!(
        text(x().try_batch_norm(None, None, BatchNorm::default())),
        "running_mean must be defined in evaluation mode"
    );
    let training = BatchNorm { training: true, ..BatchNorm::default() };
    assert_eq!(
        text(x().narrow(0, 0, 1).try_batch_norm(None, None, training)),
        "Expected more than 1 value per channel when training, got input size torch.Size([1, 3])"
    );
    assert_eq!(pair(x().try_topk(4, 1, true)), "selected index k out of range");
    assert_eq!(pair(truths.try_topk(1, 0, true)), "topk does not support bool dtypes on CPU");
    assert_eq!(pair(x().try_kthvalue(0, 1, false)), "kthvalue(): selected number k out of range for dimension 1");
    assert_eq!(
        pair(x().narrow(1, 0, 0).try_median_dim(1, false)),
        "median(): Expected reduction dim 1 to have non-zero size."
    );
    assert_eq!(text(truths.try_median()), "\"median_cpu\" not implemented for 'Bool'");
    assert_eq!(text(whole.try_logcumsumexp(0)), "\"logcumsumexp_out_cpu\" not implemented for 'Long'");
    assert_eq!(
        text(whole.try_norm(2.0)),
        "linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long"
    );
    assert_eq!(text(whole.neg().try_bincount(None, 0)), "bincount only supports 1-d non-negative integral inputs.");
    assert_eq!(text(whole.try_one_hot(2)), "Class values must be smaller than num_classes.");
    assert_eq!(text(whole.try_histc(3, 0.0, 0.0)), "\"histogram_cpu\" not implemented for 'Long'");
}
