//! What networks are made of, at sizes of theirs: recurrent layers, normalization, losses, attention, products.

use super::{both, numbers};
use sconce::Attention;
use sconce::{DType, Tensor};
use tensor_core::op::recurrent::Cell;
use tensor_core::op::{BceWithLogits, CrossEntropy, CtcLoss, Reduction, RnnOptions};

fn parameters(cell: Cell, inputs: usize, hidden: usize, layers: usize, directions: usize) -> Vec<Tensor> {
    let mut all = vec![];
    for layer in 0..layers {
        for _ in 0..directions {
            let from = if layer == 0 { inputs } else { hidden * directions };
            for shape in [
                &[cell.gates() * hidden, from][..],
                &[cell.gates() * hidden, hidden],
                &[cell.gates() * hidden],
                &[cell.gates() * hidden],
            ] {
                all.push(numbers(shape, 10 + all.len() as u32));
            }
        }
    }
    all
}

#[test]
fn recurrent_layers() {
    for cell in [Cell::Tanh, Cell::Relu, Cell::Lstm, Cell::Gru] {
        for directions in [1, 2] {
            let hidden = 5;
            let mut inputs = vec![
                numbers(&[4, 3, 2], 1),
                numbers(&[2 * directions, 3, hidden], 2),
                numbers(&[2 * directions, 3, hidden], 3),
            ];
            inputs.extend(parameters(cell, 2, hidden, 2, directions));
            let options = RnnOptions { num_layers: 2, bidirectional: directions == 2, ..RnnOptions::default() };
            let run = |t: &[Tensor], sizes: Option<&Tensor>| -> Vec<Tensor> {
                let (x, h, c, p) = (&t[0], &t[1], &t[2], &t[3..]);
                let x = &if sizes.is_some() { x.reshape([12, 2]).narrow(0, 0, 8) } else { x.clone() };
                let two = |(y, h): (Tensor, Tensor)| vec![y, h];
                let three = |(y, h, c): (Tensor, Tensor, Tensor)| vec![y, h, c];
                match (cell, sizes) {
                    (Cell::Tanh, None) => two(x.rnn_tanh(h, p, options)),
                    (Cell::Relu, None) => two(x.rnn_relu(h, p, options)),
                    (Cell::Gru, None) => two(x.gru(h, p, options)),
                    (Cell::Lstm, None) => three(x.lstm((h, c), p, options)),
                    (Cell::Tanh, Some(sizes)) => two(x.rnn_tanh_packed(sizes, h, p, options)),
                    (Cell::Relu, Some(sizes)) => two(x.rnn_relu_packed(sizes, h, p, options)),
                    (Cell::Gru, Some(sizes)) => two(x.gru_packed(sizes, h, p, options)),
                    (Cell::Lstm, Some(sizes)) => three(x.lstm_packed(sizes, (h, c), p, options)),
                }
            };
            both(&format!("{cell:?} {directions}"), &inputs, 8.0, |t| run(t, None));
            both(&format!("{cell:?} {directions}, packed"), &inputs, 8.0, |t| {
                let sizes =
                    Tensor::from_vec(vec![3i64, 2, 2, 1], [4], sconce::cpu()).try_to_device(t[0].device()).unwrap();
                run(t, Some(&sizes))
            });
            let halves: Vec<Tensor> = inputs.iter().map(|x| x.to_dtype(DType::F16)).collect();
            both(&format!("{cell:?} {directions}, float16"), &halves, 8.0, |t| run(t, None));
        }
    }
}

#[test]
fn connectionist_temporal_classification() {
    let x = numbers(&[6, 2, 4], 1);
    for rows in [true, false] {
        both("ctc_loss", &[x.clone()], 8.0, |t| {
            let fixed = |values: &[i64]| {
                Tensor::from_vec(values.to_vec(), [values.len()], sconce::cpu()).try_to_device(t[0].device()).unwrap()
            };
            let labels = if rows { fixed(&[1, 2, 2, 3, 3, 1]).reshape([2, 3]) } else { fixed(&[1, 2, 2, 3, 3]) };
            let options = CtcLoss { reduction: Reduction::None, ..CtcLoss::default() };
            vec![t[0].log_softmax(2).ctc_loss(&labels, &fixed(&[6, 5]), &fixed(&[3, 2]), options)]
        });
    }
}

#[test]
fn rows_long_and_short_are_normalized() {
    for shape in [[3usize, 5], [2, 3000], [500, 70]] {
        both("softmax", &[numbers(&shape, 1)], 10.0, |t| vec![t[0].softmax(1), t[0].log_softmax(1), t[0].softmax(0)]);
        let weights = [numbers(&shape, 1), numbers(&shape[1..], 2), numbers(&shape[1..], 3)];
        both("layer_norm", &weights, 100.0, |t| vec![t[0].layer_norm(shape[1], Some(&t[1]), Some(&t[2]), 1e-5)]);
        both("cross_entropy", &[numbers(&shape, 1)], 10.0, |t| {
            let target =
                sconce::arange(shape[0] as i64).remainder(shape[1] as i64).try_to_device(t[0].device()).unwrap();
            vec![t[0].cross_entropy(&target, CrossEntropy::default())]
        });
    }
    let images = [numbers(&[4, 6, 9, 7], 1), numbers(&[6], 2), numbers(&[6], 3)];
    both("group_norm", &images, 100.0, |t| vec![t[0].group_norm(3, Some(&t[1]), Some(&t[2]), 1e-5)]);
}

#[test]
fn losses_of_answers() {
    let inputs = [[7, 13], [7, 13], [7, 13], [1, 13]].map(|shape| numbers(&shape, 1 + shape[0] as u32));
    for reduction in [Reduction::None, Reduction::Mean, Reduction::Sum] {
        for dtype in [DType::F32, DType::F16] {
            let inputs = inputs.each_ref().map(|x| x.to_dtype(dtype));
            both("binary_cross_entropy", &inputs[..3], 20.0, |t| {
                let (x, target, weight) = (t[0].sigmoid(), t[1].sigmoid(), t[2].detach());
                [None, Some(&weight)].map(|weight| x.binary_cross_entropy(&target, weight, reduction)).to_vec()
            });
            both("binary_cross_entropy_with_logits", &inputs, 20.0, |t| {
                let (target, weight, yes) = (t[1].sigmoid(), t[2].detach(), t[3].detach().abs());
                [(None, None), (Some(&weight), None), (None, Some(&yes)), (Some(&weight), Some(&yes))]
                    .map(|(weight, pos_weight)| BceWithLogits { weight, reduction, pos_weight })
                    .map(|options| t[0].binary_cross_entropy_with_logits(&target, options))
                    .to_vec()
            });
            both("soft_margin_loss", &inputs[..1], 20.0, |t| {
                vec![t[0].soft_margin_loss(&t[0].detach().sign(), reduction)]
            });
        }
    }
}

#[test]
fn attention_with_and_without_masks() {
    let inputs = [numbers(&[2, 3, 40, 16], 1), numbers(&[2, 3, 33, 16], 2), numbers(&[2, 3, 33, 8], 3)];
    for is_causal in [false, true] {
        both("attention", &inputs, 20.0, |t| {
            let options = Attention { is_causal, ..Attention::default() };
            vec![t[0].scaled_dot_product_attention(&t[1], &t[2], options)]
        });
    }
    let mask = numbers(&[40, 33], 4);
    both("attention with a mask", &[&inputs[..], &[mask]].concat(), 20.0, |t| {
        let options = Attention { attn_mask: Some(&t[3].detach()), ..Attention::default() };
        vec![t[0].scaled_dot_product_attention(&t[1], &t[2], options)]
    });
}

#[test]
fn workgroups_that_share_rows() {
    super::cut_as_hardware(|| {
        rows_long_and_short_are_normalized();
        attention_with_and_without_masks();
        super::products::of_every_size_class();
        super::large::long_reductions();
    });
}
