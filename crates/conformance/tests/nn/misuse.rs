//! What modules of sequences say of misuse, against PyTorch's words.

use crate::sequences::lines;
use sconce::dtype::float64;
use sconce::nn::utils::rnn::*;
use sconce::nn::*;
use sconce::prelude::{Place, Tensor, from_vec, ones, tensor};

fn t<const N: usize>(shape: [usize; N]) -> Tensor {
    ones(shape)
}

fn i<const N: usize>(values: [i64; N]) -> Tensor {
    from_vec(values.to_vec(), [N])
}

fn attention() -> MultiheadAttention {
    MultiheadAttention::new(8, 2)
}

fn transformer() -> Transformer {
    Transformer::with(8, 2, 1, 1, |layer| layer.dim_feedforward(8))
}

type Misuse = (&'static str, fn());

#[rustfmt::skip]
const CASES: &[Misuse] = &[
    ("nn.LSTM(3, 4, dropout=1.5)", || drop(LSTM::with(3, 4, |l| l.dropout(1.5)))),
    ("nn.LSTM(0, 4)", || drop(LSTM::new(0, 4))),
    ("nn.GRU(3, 0)", || drop(GRU::new(3, 0))),
    ("nn.RNN(3, 4, 0)", || drop(RNN::with(3, 4, |r| r.num_layers(0)))),
    ("nn.GRU(3, 4, proj_size=2)", || drop(GRU::with(3, 4, |g| g.proj_size(2)))),
    ("nn.LSTM(3, 4, proj_size=4)", || drop(LSTM::with(3, 4, |l| l.proj_size(4)))),
    ("nn.RNN(3, 4)(t(5))", || drop(RNN::new(3, 4).forward(&t([5]), None))),
    ("nn.LSTM(3, 4)(t(5))", || drop(LSTM::new(3, 4).forward(&t([5]), None))),
    ("nn.GRU(3, 4)(t(5, 2, 2))", || drop(GRU::new(3, 4).forward(&t([5, 2, 2]), None))),
    ("nn.GRU(3, 4)(t(5, 2, 3).double())", || drop(GRU::new(3, 4).forward(&t([5, 2, 3]).to(float64), None))),
    ("nn.GRU(3, 4)(t(5, 2, 3), t(1, 3, 4))", || drop(GRU::new(3, 4).forward(&t([5, 2, 3]), Some(&t([1, 3, 4]))))),
    ("nn.GRU(3, 4)(t(5, 2, 3), t(1, 4))", || drop(GRU::new(3, 4).forward(&t([5, 2, 3]), Some(&t([1, 4]))))),
    ("nn.LSTM(3, 4)(t(5, 3), (t(1, 2, 4), t(1, 4)))", || {
        drop(LSTM::new(3, 4).forward(&t([5, 3]), Some(&(t([1, 2, 4]), t([1, 4])))));
    }),
    ("nn.LSTM(3, 4)(t(5, 2, 3), (t(1, 2, 4), t(1, 2, 3)))", || {
        drop(LSTM::new(3, 4).forward(&t([5, 2, 3]), Some(&(t([1, 2, 4]), t([1, 2, 3])))));
    }),
    ("nn.GRUCell(3, 4)(t(1, 2, 3))", || drop(GRUCell::new(3, 4).forward(&t([1, 2, 3]), None))),
    ("nn.LSTMCell(3, 4)(t(2, 3), (t(2, 4), t(1, 2, 4)))", || {
        drop(LSTMCell::new(3, 4).forward(&t([2, 3]), Some(&(t([2, 4]), t([1, 2, 4])))));
    }),
    ("pack_padded_sequence(t(5, 2, 3), i(2, 5))", || drop(pack_padded_sequence(&t([5, 2, 3]), &i([2, 5])))),
    ("pack_padded_sequence(t(5, 2, 3), i(2, 0))", || drop(pack_padded_sequence(&t([5, 2, 3]), &i([2, 0])))),
    ("pack_padded_sequence(t(5, 2, 3), i(5, 2, 2))", || drop(pack_padded_sequence(&t([5, 2, 3]), &i([5, 2, 2])))),
    ("pad_packed_sequence(pack_padded_sequence(t(5, 2, 3), i(5, 2)), total_length=4)", || {
        let packed = pack_padded_sequence(&t([5, 2, 3]), &i([5, 2]));
        drop(pad_packed_sequence_with(&packed, |pad| pad.total_length(4)));
    }),
    ("nn.MultiheadAttention(8, 3)", || drop(MultiheadAttention::new(8, 3))),
    ("nn.MultiheadAttention(8, 0)", || drop(MultiheadAttention::new(8, 0))),
    ("nn.MultiheadAttention(8, 2)(t(8), t(8), t(8))", || drop(attention().forward(&t([8]), &t([8]), &t([8])))),
    ("nn.MultiheadAttention(8, 2)(t(2, 8), t(2, 2, 8), t(2, 2, 8))", || {
        drop(attention().forward(&t([2, 8]), &t([2, 2, 8]), &t([2, 2, 8])));
    }),
    ("nn.MultiheadAttention(8, 2)(t(2, 1, 8), t(3, 1, 8), t(2, 1, 8))", || {
        drop(attention().forward(&t([2, 1, 8]), &t([3, 1, 8]), &t([2, 1, 8])));
    }),
    ("nn.MultiheadAttention(8, 2)(t(2, 1, 8), t(2, 1, 8), t(2, 1, 8), attn_mask=t(2, 3))", || {
        let x = t([2, 1, 8]);
        drop(attention().forward_with(&x, &x.clone_(), &x.clone_(), |masks| masks.attn_mask(t([2, 3]))));
    }),
    ("nn.MultiheadAttention(8, 2)(t(2, 1, 8), t(2, 1, 8), t(2, 1, 8), key_padding_mask=t(1, 3))", || {
        let x = t([2, 1, 8]);
        drop(attention().forward_with(&x, &x, &x, |masks| masks.key_padding_mask(t([1, 3]))));
    }),
    ("nn.MultiheadAttention(8, 2)(t(2, 1, 8), t(2, 1, 8), t(2, 1, 8), is_causal=True)", || {
        let x = t([2, 1, 8]);
        drop(attention().forward_with(&x, &x, &x, |masks| masks.is_causal(true)));
    }),
    ("nn.Transformer(8, 2, 1, 1, 8)(t(2, 1, 8), t(2, 2, 8))", || drop(transformer().forward(&t([2, 1, 8]), &t([2, 2, 8])))),
    ("nn.Transformer(8, 2, 1, 1, 8)(t(2, 1, 4), t(2, 1, 8))", || drop(transformer().forward(&t([2, 1, 4]), &t([2, 1, 8])))),
    ("nn.Embedding(3, 2, padding_idx=3)", || drop(Embedding::with(3, 2, |table| table.padding_idx(3)))),
    ("nn.EmbeddingBag(3, 2)(i(1, 2))", || drop(EmbeddingBag::new(3, 2).forward(&i([1, 2]), None, None))),
    ("nn.EmbeddingBag(3, 2)(i(1, 2), i(0), t(2))", || {
        drop(EmbeddingBag::new(3, 2).forward(&i([1, 2]), Some(&i([0])), Some(&t([2]))));
    }),
    ("nn.EmbeddingBag(3, 2, mode='sum')(i(1, 2), i(0), t(3))", || {
        let bags = EmbeddingBag::with(3, 2, |bags| bags.mode(BagMode::Sum));
        drop(bags.forward(&i([1, 2]), Some(&i([0])), Some(&t([3]))));
    }),
    ("nn.TripletMarginLoss(margin=-1.0)", || { let _ = TripletMarginLoss::with(|loss| loss.margin(-1.0)); }),
    ("nn.MultiMarginLoss(p=3)", || drop(MultiMarginLoss::with(|loss| loss.p(3)))),
    ("nn.CrossEntropyLoss()(t(2, 3), i(0))", || drop(CrossEntropyLoss::new().forward(&t([2, 3]), &tensor![0]))),
    ("nn.CrossEntropyLoss(label_smoothing=2.0)(t(2, 3), i(0, 1))", || {
        drop(CrossEntropyLoss::with(|loss| loss.label_smoothing(2.0)).forward(&t([2, 3]), &i([0, 1])));
    }),
];

#[test]
fn errors_are_pytorchs() {
    let _alone = crate::numbers::alone();
    let expected = lines("error");
    assert_eq!(expected.len(), CASES.len());
    for line in expected {
        let text = line["error"].as_str().expect("text");
        let Some((_, misuse)) = CASES.iter().find(|(name, _)| *name == text) else {
            panic!("{text} is not known here")
        };
        let Err(said) = std::panic::catch_unwind(misuse) else { panic!("{text} is no error here") };
        let said = said.downcast_ref::<String>().cloned().or(said.downcast_ref::<&str>().map(|said| said.to_string()));
        assert_eq!(said.as_deref(), line["text"].as_str(), "{text}");
    }
}
