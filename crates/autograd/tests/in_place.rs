//! Writing in place: right gradients, also through views, and PyTorch's refusals. Expected numbers are PyTorch's.
#![allow(clippy::approx_constant, reason = "expected numbers as PyTorch prints them")]

mod making;

use autograd::{Backward, Gradient, grad, grad_with, no_grad};
use making::*;
use tensor_core::Tensor;

/// `y = x / 2`, then `change(y, x)` in place; compares y and the gradient of (y · [1, −2, 0.5]).sum().
#[track_caller]
fn changed(change: impl Fn(&Tensor, &Tensor) -> Tensor, value: [f64; 3], gradient: [f64; 3]) {
    let x = leaf();
    let y = &x * 0.5;
    assert!(change(&y, &x).is_same(&y), "an operation in place returns the tensor itself");
    assert_close(&y, &value);
    assert!(y.requires_grad() && !y.is_leaf());
    (&y * &vector(&[1.0, -2.0, 0.5])).sum().backward();
    assert_grad(&x, &gradient);
}

#[test]
fn functions_in_place_have_the_gradients_of_functions() {
    changed(|y, x| y.mul_(x), [0.5, 2.0, 4.5], [1.0, -4.0, 1.5]);
    changed(|y, _| y.exp_(), [1.648_721_3, 2.718_281_7, 4.481_689], [0.824_360_6, -2.718_281_7, 1.120_422_2]);
    changed(
        |y, _| y.sigmoid_(),
        [0.622_459_35, 0.731_058_6, 0.817_574_4],
        [0.117_501_855, -0.196_611_93, 0.037_286_617],
    );
    changed(|y, _| y.tanh_(), [0.462_117_17, 0.761_594_2, 0.905_148_3], [0.393_223_85, -0.419_974_3, 0.045_176_655]);
    changed(|y, _| y.sqrt_(), [0.707_106_8, 1.0, 1.224_744_9], [0.353_553_38, -0.5, 0.102_062_07]);
    changed(|y, _| y.relu_(), [0.5, 1.0, 1.5], [0.5, -1.0, 0.25]);
    changed(|y, _| y.pow_(3), [0.125, 1.0, 3.375], [0.375, -3.0, 1.6875]);
    changed(|y, _| y.sin_(), [0.479_425_55, 0.841_471, 0.997_495], [0.438_791_28, -0.540_302_3, 0.017_684_3]);
    changed(|y, _| y.log_(), [-std::f64::consts::LN_2, 0.0, 0.405_465_13], [1.0, -1.0, 0.166_666_67]);
    changed(|y, _| y.reciprocal_(), [2.0, 1.0, 0.666_666_7], [-2.0, 1.0, -0.111_111_12]);
    changed(|y, _| y.clamp_(0.6, 1.2), [0.6, 1.0, 1.2], [0.0, -1.0, 0.0]);
    changed(|y, x| y.div_(x + 1.0), [0.25, 0.333_333_34, 0.375], [0.125, -0.111_111_12, 0.015_625]);
    changed(|y, x| y.sub_(x * x), [-0.5, -3.0, -7.5], [-1.5, 7.0, -2.75]);
    changed(|y, x| y.pow_(x), [0.5, 1.0, 3.375], [0.153_426_41, -2.0, 2.371_722_5]);
    changed(|y, _| y.add_(y), [1.0, 2.0, 3.0], [1.0, -2.0, 0.5]);
    // PyTorch refuses its backward; the old value on both sides is kept here.
    changed(|y, _| y.mul_(y), [0.25, 1.0, 2.25], [0.5, -2.0, 0.75]);
    let first = Tensor::from_vec(vec![true, false, false], [3], ops_cpu::cpu());
    changed(|y, _| y.masked_fill_(&first, 7.0), [7.0, 1.0, 1.5], [0.0, -1.0, 0.25]);
    let at = Tensor::from_vec(vec![0i64, 0, 2], [3], ops_cpu::cpu());
    changed(|y, x| y.scatter_add_(0, &at, &(x * x)), [5.5, 1.0, 10.5], [2.5, 3.0, 3.25]);
}

#[test]
fn what_is_written_over_goes_on_being_watched() {
    for write in [|y: &Tensor| y.fill_(3.0), |y: &Tensor| y.copy_(&vector(&[3.0])), |y: &Tensor| y.zero_()] {
        let x = leaf();
        let y = &x * 2.0;
        write(&y);
        assert!(y.requires_grad());
        (&y * &y).sum().backward();
        assert_grad(&x, &[0.0; 3]);
    }
    let (x, y) = (leaf(), zeros(&[2, 3]));
    y.copy_(&x);
    assert_eq!(y.grad_fn().unwrap().to_string(), "<CopyBackwards>");
    y.sum().backward();
    assert_grad(&x, &[2.0; 3]);
}

#[test]
fn a_kept_old_value_is_a_copy_with_its_history() {
    let x = leaf();
    let y = &x * 1.0;
    y.mul_(&x).exp_();
    let options = autograd::GradOptions { create_graph: true, ..Default::default() };
    let first = grad_with(&[&y.sum()], &[&x], options).unwrap().remove(0).unwrap();
    first.sum().backward();
    let relative =
        |x: &Tensor, expected: [f64; 3]| assert_close(&(x / &vector(&expected.map(|v| v as f32))), &[1.0; 3]);
    relative(&first.detach(), [5.436_563_5, 218.392_59, 48_618.504]);
    relative(&x.grad().unwrap(), [16.309_69, 982.766_66, 307_917.19]);
}

const LEAF: &str = "a leaf Variable that requires grad is being used in an in-place operation.";
const LEAF_VIEW: &str = "a view of a leaf Variable that requires grad is being used in an in-place operation.";

#[test]
fn leaves_are_not_written_in_place() {
    let x = leaf();
    let text = |result: tensor_core::Result<Tensor>| result.unwrap_err().text().to_string();
    assert_eq!(text(x.try_mul_(2.0)), LEAF);
    assert_eq!(text(x.try_fill_(2.0)), LEAF);
    assert_eq!(text(x.select(0, 1).try_add_(2.0)), LEAF_VIEW);
    assert_eq!(text(x.view([3, 1]).t().try_exp_()), LEAF_VIEW);
    assert_eq!(x.try_i_put(0, 1.0).unwrap_err().text(), LEAF_VIEW);
    // A view that was made a leaf itself.
    let part = zeros(&[3]).slice(0, 0, 2, 1).requires_grad_(true);
    assert_eq!(text(part.try_mul_(2.0)), LEAF_VIEW);
    assert_close(&x, &[1.0, 2.0, 3.0]);
    no_grad(|| x.mul_(2.0));
    x.detach().add_(1.0);
    assert_close(&x, &[3.0, 5.0, 7.0]);
    assert!(x.is_leaf() && x.requires_grad());
}

#[test]
fn views_made_without_recording_are_not_written_with_it() {
    let y = leaf() * 1.0;
    let part = no_grad(|| y.slice(0, 0, 2, 1));
    assert_eq!(
        part.try_mul_(2.0).unwrap_err().text(),
        "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is \
         ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both \
         inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be \
         tracked)."
    );
    no_grad(|| part.mul_(2.0));
    assert_close(&y, &[2.0, 4.0, 3.0]);
}

#[test]
fn shared_elements_are_not_written() {
    let text = "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please \
                clone() the tensor before performing the operation.";
    assert_eq!((matrix() * 1.0).expand([2, 2, 3]).try_mul_(2.0).unwrap_err().text(), text);
}

#[test]
fn rows_filled_with_computed_values() {
    let (x, out) = (leaf(), zeros(&[2, 3]));
    let before = out.select(0, 0);
    out.i_put(0, &x * 2.0);
    assert_eq!(out.grad_fn().unwrap().to_string(), "<CopySlices>");
    // A view from before sees the new value and its history.
    assert!(before.requires_grad());
    assert_eq!(before.grad_fn().unwrap().to_string(), "<AsStridedBackward0>");
    (&out * &counting(&[2, 3])).sum().backward();
    assert_grad(&x, &[0.0, 2.0, 4.0]);

    // A recurrence that stores its states.
    let (x, states) = (leaf(), zeros(&[3, 4]));
    let mut state = &x * 1.0;
    for step in 0..4 {
        state = (&state * &x).tanh();
        states.i_put((.., step), &state);
    }
    (&states * &states).sum().backward();
    assert_grad(&x, &[4.947_489_7, 0.501_527_97, 0.061_121_158]);
}

#[test]
fn a_write_through_a_view_is_the_bases() {
    let m = matrix();
    let b = &m * 1.0;
    let (column, other) = (b.select(0, 1), b.view(6));
    column.mul_(2.0);
    assert_close(&other, &[1.0, 2.0, 3.0, 8.0, 10.0, 12.0]);
    (&other * &counting(&[6])).sum().backward();
    assert_grad(&m, &[0.0, 1.0, 2.0, 6.0, 8.0, 10.0]);

    let m = matrix();
    let b = &m * 1.0;
    let right = b.slice(1, 1, 3, 1);
    let turned = right.t();
    turned.select(0, 0).exp_();
    ((&b * &b).sum() + right.sum() * 3.0 + turned.select(0, 1).sum()).backward();
    let gradient =
        m.grad().unwrap() / Tensor::from_vec(vec![1.0f32, 100.0, 10.0, 1.0, 1e4, 10.0], [2, 3], ops_cpu::cpu());
    assert_close(&gradient, &[2.0, 1.313_634_6, 1.0, 8.0, 4.449_817_2, 1.6]);

    let m = matrix();
    let b = &m * &m;
    let row = b.select(0, 0);
    row.add_(m.select(0, 1));
    let doubled = &row * 2.0;
    b.select(0, 0).mul_(3.0);
    assert_close(&row, &[15.0, 27.0, 45.0]);
    (b.sum() + doubled.sum() + (&row * 4.0).sum()).backward();
    assert_grad(&m, &[34.0, 68.0, 102.0, 25.0, 27.0, 29.0]);
}

#[test]
fn rows_copied_filled_and_zeroed() {
    let m = matrix();
    let b = &m * &m;
    b.select(0, 0).copy_(&b.select(0, 1));
    (&b * &counting(&[2, 3])).sum().backward();
    assert_grad(&m, &[0.0, 0.0, 0.0, 24.0, 50.0, 84.0]);

    let m = matrix();
    let b = &m * &m;
    b.select(0, 1).fill_(5.0);
    b.sum().backward();
    assert_grad(&m, &[2.0, 4.0, 6.0, 0.0, 0.0, 0.0]);

    let m = matrix();
    let b = &m * &m;
    b.select(0, 1).zero_();
    b.select(0, 0).mul_(b.select(0, 0).detach().clone_());
    assert_close(&b, &[1.0, 16.0, 81.0, 0.0, 0.0, 0.0]);
    b.sum().backward();
    assert_grad(&m, &[2.0, 16.0, 54.0, 0.0, 0.0, 0.0]);
}

#[test]
fn second_derivatives_through_written_views() {
    let m = (counting(&[2, 3]) * 0.1 + 0.1).requires_grad_(true);
    let b = &m * 1.0;
    b.select(0, 0).mul_(b.select(0, 1).exp());
    b.select(1, 1).sin_();
    assert_close(&b, &[0.149_182_48, 0.323_801_07, 0.546_635_7, 0.4, 0.479_425_55, 0.6]);
    let options = autograd::GradOptions { create_graph: true, ..Default::default() };
    let first = grad_with(&[&(&b * &b).sum()], &[&m], options).unwrap().remove(0).unwrap();
    assert_close(&first, &[0.445_108_23, 1.010_192_5, 1.992_070_4, 0.844_510_85, 1.043_509_5, 1.797_621_3]);
    (&first * &first).sum().backward();
    assert_close(
        &(m.grad().unwrap() * 0.1),
        &[0.546_602_15, 1.258_236_6, 4.077_958, 0.432_088_85, 0.681_269_36, 2.736_104_7],
    );
}

#[test]
fn kept_values_that_were_written_over_are_noticed() {
    let hint = "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with \
                torch.autograd.set_detect_anomaly(True, check_nan=False).";
    let lead = "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor";
    let x = leaf();
    let y = &x * 2.0;
    let z = &y * &y;
    y.add_(1.0);
    let expected =
        format!("{lead} [3]], which is output 0 of Add, is at version 1; expected version 0 instead. {hint}");
    assert_eq!(backward_error(&z.sum()), expected);

    let y = x.exp();
    y.add_(1.0);
    let expected =
        format!("{lead} [3]], which is output 0 of Exp, is at version 1; expected version 0 instead. {hint}");
    assert_eq!(backward_error(&y.sum()), expected);

    let c = vector(&[1.0, 2.0, 3.0]);
    let y = &x * &c;
    c.add_(1.0);
    let expected = format!("{lead} [3]] is at version 1; expected version 0 instead. {hint}");
    assert_eq!(backward_error(&y.sum()), expected);

    let y = &x * 2.0;
    let part = y.slice(0, 0, 2, 1);
    let z = &part * &part;
    y.add_(1.0);
    let expected =
        format!("{lead} [2]], which is output 0 of AsStrided, is at version 1; expected version 0 instead. {hint}");
    assert_eq!(backward_error(&z.sum()), expected);

    // Through another view, through detach, and of a part that does not overlap: versions belong to the memory.
    let c = counting(&[2, 3]);
    let y = &x * &c.select(0, 0);
    c.select(0, 1).fill_(1.0);
    let expected = format!("{lead} [3]] is at version 1; expected version 0 instead. {hint}");
    assert_eq!(backward_error(&y.sum()), expected);

    let w = leaf();
    let y = &x * &w;
    no_grad(|| w.sub_(0.1));
    assert!(backward_error(&y.sum()).contains("is at version 1; expected version 0 instead."));
}

#[test]
fn what_is_not_kept_may_be_written_over() {
    let x = leaf();
    let y = &x + 1.0;
    let z = &y * 2.0;
    y.fill_(0.0);
    z.sum().backward();
    assert_grad(&x, &[2.0; 3]);
}

#[test]
fn memory_moves_only_when_asked() {
    let y = leaf() * 1.0;
    let at = y.data_ptr();
    y.mul_(2.0).add_(1.0).exp_();
    y.select(0, 0).fill_(1.0);
    assert_eq!(y.data_ptr(), at);
    assert_eq!(y.select(0, 2).data_ptr(), at + 8);
    assert_ne!(y.clone_().data_ptr(), at);
    assert_eq!(y.clone().data_ptr(), at);
}

#[test]
fn a_graph_kept_through_writes_serves_twice() {
    let m = matrix();
    let b = &m * 1.0;
    b.select(0, 0).mul_(2.0);
    let y = (&b * 3.0).sum();
    y.backward_with(Backward { retain_graph: true, ..Backward::default() });
    let first = grad(&[&y], &[&m]).remove(0);
    assert_eq!(first.to_vec::<f32>(), m.grad().unwrap().to_vec::<f32>());
    assert_grad(&m, &[6.0, 6.0, 6.0, 3.0, 3.0, 3.0]);
}
