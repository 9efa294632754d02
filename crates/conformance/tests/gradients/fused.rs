//! Operations that fuse several others against these written out: results and gradients, on shapes that end inside blocks and on
//! operands that lie across.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::compose::attention::{self, Attention};
use tensor_core::op::attend::Scores;
use tensor_core::op::{CrossEntropy, NllLoss, Reduction};
use tensor_core::{DType, Tensor};

/// Compares results and gradients of two ways to compute.
fn alike(name: &str, inputs: &[Tensor], a: impl Fn(&[Tensor]) -> Tensor, b: impl Fn(&[Tensor]) -> Tensor) {
    let of = |f: &dyn Fn(&[Tensor]) -> Tensor| {
        let own: Vec<Tensor> = inputs.iter().map(|x| x.detach().requires_grad_(true)).collect();
        let y = f(&own);
        // Each element counts differently.
        let factors = any_like(&y);
        (&y * &factors).sum().backward();
        let mut all = vec![y.detach()];
        all.extend(own.iter().map(|x| x.grad().expect("a gradient")));
        all
    };
    for (i, (x, y)) in of(&a).iter().zip(of(&b)).enumerate() {
        assert_eq!(x.shape(), y.shape(), "{name}: shape of {i}");
        let worst = (x - &y).abs().max().item::<f64>();
        assert!(worst < 1e-12, "{name}: result or gradient {i} is off by {worst:e}");
    }
}

fn any_like(y: &Tensor) -> Tensor {
    let sizes: Vec<usize> = y.shape().to_vec();
    any(&sizes)
}

#[test]
fn attention_is_what_its_products_give() {
    // Batch, heads, queries, keys, width, values: one block and several, whole and broken, and few heads of so many queries that they
    // are cut into parts.
    let sizes = [[2, 3, 5, 7, 4, 3], [1, 2, 64, 64, 8, 8], [2, 1, 130, 70, 5, 6], [1, 1, 70, 200, 3, 3]];
    for [b, h, l, s, e, v] in sizes.into_iter().chain([[1, 1, 700, 90, 3, 4], [1, 2, 1000, 50, 2, 3]]) {
        // Heads lie across, as a projection leaves them.
        let inputs = [any(&[b, l, h, e]), any(&[b, s, h, e]), any(&[b, s, h, v])];
        let heads = |x: &[Tensor]| -> Vec<Tensor> { x.iter().map(|x| x.transpose(1, 2)).collect() };
        let seen = any(&[l, s]).gt(0.0);
        let (summands, nothing) = (any(&[b, 1, l, s]).detach(), seen.logical_and(&any(&[l, 1]).gt(0.0)));
        let masks = [None, Some(&seen), Some(&summands), Some(&nothing)];
        for (mask, causal) in masks.into_iter().map(|mask| (mask, false)).chain([(None, true)]) {
            let options = Attention { attn_mask: mask, is_causal: causal, ..Attention::default() };
            let scores = Scores { scale: 1.0 / (e as f64).sqrt(), causal };
            let fused = |x: &[Tensor]| {
                let x = heads(x);
                x[0].scaled_dot_product_attention(&x[1], &x[2], options)
            };
            let plain = |x: &[Tensor]| {
                let x = heads(x);
                attention::weights(&x[0], &x[1], mask, scores).expect("fitting shapes").matmul(&x[2])
            };
            let y = fused(&inputs.clone().map(|x| x.requires_grad_(true)));
            assert_eq!(
                y.grad_fn().map(|f| f.name().into_owned()).as_deref(),
                Some("ScaledDotProductFlashAttentionForCpuBackward0")
            );
            alike(
                &format!("attention {l}×{s}, mask {:?}, causal {causal}", mask.map(|m| m.dtype())),
                &inputs,
                fused,
                plain,
            );
        }
    }
}

#[test]
fn attention_does_not_depend_on_threads() {
    let inputs = [any(&[1, 1, 1100, 8]), any(&[1, 1, 300, 8]), any(&[1, 1, 300, 5])];
    let all = || {
        let own = inputs.each_ref().map(|x| x.detach().to_dtype(DType::F32).requires_grad_(true));
        let y = own[0].scaled_dot_product_attention(&own[1], &own[2], Attention::default());
        (&y * &y).sum().backward();
        own.map(|x| x.grad().expect("a gradient").to_vec::<f32>())
    };
    let before = ops_cpu::team::num_threads();
    let [alone, together] = [1, 3].map(|threads| {
        ops_cpu::team::set_num_threads(threads);
        all()
    });
    ops_cpu::team::set_num_threads(before);
    assert!(alone == together);
}

#[test]
fn attention_broadcasts_keys_over_heads() {
    let inputs = [any(&[2, 3, 4, 5]), any(&[1, 6, 5]), any(&[2, 1, 6, 2])];
    let scores = Scores { scale: 0.5, causal: false };
    alike(
        "attention with shared keys",
        &inputs,
        |x| x[0].scaled_dot_product_attention(&x[1], &x[2], Attention { scale: Some(0.5), ..Attention::default() }),
        |x| attention::weights(&x[0], &x[1], None, scores).expect("fitting shapes").matmul(&x[2]),
    );
}

/// The losses of class numbers of log-probabilities, by a sum over one-hot rows.
fn picked(log: &Tensor, target: &Tensor, options: NllLoss<'_>) -> Tensor {
    let dim = (log.ndim() > 1) as i64;
    let count = log.size(dim);
    let counts = target.ne(options.ignore_index);
    let numbers = target.masked_fill(&counts.logical_not(), 0);
    let hot = numbers.unsqueeze(-1).eq(&Tensor::from_vec((0..count as i64).collect(), [count], log.device()));
    let hot = hot.movedim(-1, dim).to_dtype(DType::F64) * counts.unsqueeze(dim).to_dtype(DType::F64);
    let weighted = match options.weight {
        Some(weight) => {
            let mut sizes = vec![1; log.ndim()];
            sizes[dim as usize] = count;
            hot * weight.view(sizes)
        }
        None => hot,
    };
    let losses = -(log * &weighted).sum_dim(dim, false);
    match options.reduction {
        Reduction::None => losses,
        Reduction::Sum => losses.sum(),
        _ => losses.sum() / weighted.sum(),
    }
}

#[test]
fn losses_of_classes_are_what_their_parts_give() {
    for shape in [vec![5], vec![1, 3], vec![70, 10], vec![4, 300], vec![2, 5, 3], vec![3, 4, 130], vec![2, 3, 9, 31]] {
        let dim = (shape.len() > 1) as usize;
        let count = shape[dim];
        let places: Vec<usize> = shape.iter().enumerate().filter(|(i, _)| *i != dim).map(|(_, n)| *n).collect();
        let numel: usize = places.iter().product();
        // Every seventh place does not count.
        let number = |i: usize| if i % 7 == 6 { -100 } else { ((i * 31 + i / 3) % count) as i64 };
        let target = Tensor::from_vec((0..numel).map(number).collect(), places, ops_cpu::cpu());
        let weight = any(&[count]).detach().abs() + 0.5;
        for (weight, reduction) in [None, Some(&weight)]
            .into_iter()
            .flat_map(|weight| [Reduction::None, Reduction::Sum, Reduction::Mean].map(|reduction| (weight, reduction)))
        {
            let options = NllLoss { weight, reduction, ..NllLoss::default() };
            let entropy = CrossEntropy { weight, reduction, ..CrossEntropy::default() };
            let name = format!("{shape:?} {reduction:?} weighted {}", weight.is_some());
            let x = [any(&shape)];
            let log = |x: &Tensor| x.log_softmax(dim as i64);
            alike(
                &format!("nll_loss {name}"),
                &x,
                |x| x[0].nll_loss(&target, options),
                |x| picked(&x[0], &target, options),
            );
            let fused = |x: &[Tensor]| x[0].cross_entropy(&target, entropy);
            alike(&format!("cross_entropy {name}"), &x, fused, |x| picked(&log(&x[0]), &target, options));
        }
    }
}
