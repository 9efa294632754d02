//! Recurrent networks, attention, transformers and embeddings as in PyTorch: printed forms, the initial parameters bit for bit, outputs,
//! gradients, what is drawn, and whole training runs.

use crate::cases::{Case, Inputs, case};
use crate::losses;
use crate::numbers::{bits, compare, list};
use sconce::nn::utils::{clip_grad_norm_, rnn::*};
use sconce::nn::*;
use sconce::prelude::{Gradient, Tensor, manual_seed, rand, randn, tensor, zeros};
use serde_json::Value;

pub const CASES: &str = include_str!("../../fixtures/nn_sequence.jsonl");

fn later() -> Tensor {
    Transformer::generate_square_subsequent_mask(4)
}

fn truth(numbers: &Tensor) -> Tensor {
    numbers.ne(0)
}

fn pack(x: &Tensor) -> PackedSequence {
    pack_padded_sequence_with(x, &tensor![2, 5, 3], |pack| pack.enforce_sorted(false))
}

fn two((a, b): (Tensor, Tensor)) -> Vec<Tensor> {
    vec![a, b]
}

fn three((a, (b, c)): (Tensor, (Tensor, Tensor))) -> Vec<Tensor> {
    vec![a, b, c]
}

fn padded(output: &PackedSequence) -> Tensor {
    pad_packed_sequence(output).0
}

fn attended((output, weights): (Tensor, Option<Tensor>)) -> Vec<Tensor> {
    [output].into_iter().chain(weights).collect()
}

/// The module of a line, or none that is known here.
#[rustfmt::skip]
fn made(module: &str, call: &str) -> Option<Box<dyn Case>> {
    let encoder_layer = || TransformerEncoderLayer::with(8, 2, |layer| layer.dim_feedforward(16));
    let decoder_layer = || TransformerDecoderLayer::with(8, 2, |layer| layer.dim_feedforward(16));
    Some(match (module, ()) {
        ("RNN(3, 4)", _) if call == "m(x)" => case(RNN::new(3, 4), |m, i| two(m.forward(i.get("x"), None))),
        ("RNN(3, 4)", _) => case(RNN::new(3, 4), |m, i| {
            let (output, h) = m.forward_packed(&pack_sequence(&[i.get("x").clone(), i.get("y").clone()]), None);
            vec![padded(&output), h]
        }),
        ("RNN(3, 4, 2, nonlinearity='relu', bias=False, batch_first=True, bidirectional=True)", _) => case(
            RNN::with(3, 4, |rnn| {
                rnn.num_layers(2).nonlinearity(RnnNonlinearity::Relu).bias(false).batch_first(true).bidirectional(true)
            }),
            |m, i| two(m.forward(i.get("x"), Some(i.get("y")))),
        ),
        ("LSTM(3, 4, 2)", _) => case(LSTM::with(3, 4, |lstm| lstm.num_layers(2)), |m, i| three(m.forward(i.get("x"), None))),
        ("LSTM(3, 4, 2, batch_first=True, dropout=0.5, bidirectional=True)", _) => case(
            LSTM::with(3, 4, |lstm| lstm.num_layers(2).batch_first(true).dropout(0.5).bidirectional(true)),
            |m, i| three(m.forward(i.get("x"), None)),
        ),
        ("LSTM(3, 5, 2, proj_size=2, bidirectional=True)", _) => case(
            LSTM::with(3, 5, |lstm| lstm.num_layers(2).proj_size(2).bidirectional(true)),
            |m, i| three(m.forward(i.get("x"), Some(&(i.get("y").clone(), i.get("z").clone())))),
        ),
        ("LSTM(3, 4)", _) => case(LSTM::new(3, 4), |m, i| three(m.forward(i.get("x"), None))),
        ("GRU(3, 4, 2, dropout=0.3)", _) => case(
            GRU::with(3, 4, |gru| gru.num_layers(2).dropout(0.3)),
            |m, i| two(m.forward(i.get("x"), None)),
        ),
        ("GRU(3, 4, bias=False)", _) => case(
            GRU::with(3, 4, |gru| gru.bias(false)),
            |m, i| two(m.forward(i.get("x"), Some(i.get("y")))),
        ),
        ("LSTM(3, 4, 2, dropout=0.5, bidirectional=True)", _) => case(
            LSTM::with(3, 4, |lstm| lstm.num_layers(2).dropout(0.5).bidirectional(true)),
            |m, i| {
                let (output, ends) = m.forward_packed(&pack(i.get("x")), None);
                three((padded(&output), ends))
            },
        ),
        ("LSTM(3, 5, proj_size=2, bidirectional=True)", _) => case(
            LSTM::with(3, 5, |lstm| lstm.proj_size(2).bidirectional(true)),
            |m, i| {
                let first = (i.get("y").clone(), i.get("z").clone());
                let (output, ends) = m.forward_packed(&pack(i.get("x")), Some(&first));
                three((padded(&output), ends))
            },
        ),
        ("GRU(3, 4)", _) => case(GRU::new(3, 4), |m, i| {
            let (output, h) = m.forward_packed(&pack(i.get("x")), Some(i.get("y")));
            vec![padded(&output), h]
        }),
        ("RNNCell(3, 4)", _) => case(RNNCell::new(3, 4), |m, i| vec![m.forward(i.get("x"), Some(i.get("y")))]),
        ("RNNCell(3, 4, bias=False, nonlinearity='relu')", _) => case(
            RNNCell::with(3, 4, |cell| cell.bias(false).nonlinearity(RnnNonlinearity::Relu)),
            |m, i| vec![m.forward(i.get("x"), None)],
        ),
        ("LSTMCell(3, 4)", _) => case(
            LSTMCell::new(3, 4),
            |m, i| two(m.forward(i.get("x"), Some(&(i.get("y").clone(), i.get("z").clone())))),
        ),
        ("GRUCell(3, 4)", _) => case(GRUCell::new(3, 4), |m, i| vec![m.forward(i.get("x"), Some(i.get("y")))]),
        ("MultiheadAttention(8, 2)", _) if call == "m(x, x, x)" => case(MultiheadAttention::new(8, 2), |m, i| {
            let x = i.get("x");
            attended(m.forward(x, x, x))
        }),
        ("MultiheadAttention(8, 2)", _) => case(MultiheadAttention::new(8, 2), |m, i| {
            let x = i.get("x");
            attended(m.forward_with(x, x, x, |masks| masks.attn_mask(later()).is_causal(true).need_weights(false)))
        }),
        ("MultiheadAttention(8, 2, dropout=0.3, batch_first=True)", _) => case(
            MultiheadAttention::with(8, 2, |attention| attention.dropout(0.3).batch_first(true)),
            |m, i| attended(m.forward(i.get("x"), i.get("y"), i.get("y"))),
        ),
        ("MultiheadAttention(8, 2, bias=False, kdim=6, vdim=5)", _) => case(
            MultiheadAttention::with(8, 2, |attention| attention.bias(false).kdim(6).vdim(5)),
            |m, i| attended(m.forward(i.get("x"), i.get("y"), i.get("z"))),
        ),
        ("MultiheadAttention(8, 2, add_bias_kv=True, add_zero_attn=True)", _) => case(
            MultiheadAttention::with(8, 2, |attention| attention.add_bias_kv(true).add_zero_attn(true)),
            |m, i| attended(m.forward_with(i.get("x"), i.get("y"), i.get("y"), |masks| {
                let masks = masks.key_padding_mask(truth(i.get("a"))).attn_mask(truth(i.get("b")));
                masks.average_attn_weights(false)
            })),
        ),
        ("MultiheadAttention(8, 2, dropout=0.2)", _) => case(
            MultiheadAttention::with(8, 2, |attention| attention.dropout(0.2)),
            |m, i| {
                let x = i.get("x");
                attended(m.forward_with(x, x, x, |masks| masks.attn_mask(i.get("y").clone()).need_weights(false)))
            },
        ),
        ("MultiheadAttention(8, 4)", _) => case(
            MultiheadAttention::new(8, 4),
            |m, i| attended(m.forward(i.get("x"), i.get("y"), i.get("y"))),
        ),
        ("TransformerEncoderLayer(8, 2, 16)", _) => case(encoder_layer(), |m, i| vec![m.forward(i.get("x"))]),
        ("TransformerEncoderLayer(8, 2, 16, activation='gelu', batch_first=True, norm_first=True, bias=False)", _) => case(
            TransformerEncoderLayer::with(8, 2, |layer| {
                layer.dim_feedforward(16).activation(Activation::Gelu).batch_first(true).norm_first(true).bias(false)
            }),
            |m, i| vec![m.forward_with(i.get("x"), |masks| masks.src_key_padding_mask(truth(i.get("a"))))],
        ),
        ("TransformerDecoderLayer(8, 2, 16, dropout=0.2)", _) => case(
            TransformerDecoderLayer::with(8, 2, |layer| layer.dim_feedforward(16).dropout(0.2)),
            |m, i| vec![m.forward_with(i.get("x"), i.get("y"), |masks| masks.tgt_mask(later()))],
        ),
        ("TransformerDecoderLayer(8, 2, 16, norm_first=True)", _) => case(
            TransformerDecoderLayer::with(8, 2, |layer| layer.dim_feedforward(16).norm_first(true)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"))],
        ),
        ("TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 2, LayerNorm(8))", _) => case(
            TransformerEncoder::with_norm(encoder_layer(), 2, LayerNorm::new(8)),
            |m, i| vec![m.forward_with(i.get("x"), |masks| masks.mask(later()))],
        ),
        ("TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 2)", _) => case(
            TransformerDecoder::new(decoder_layer(), 2),
            |m, i| vec![m.forward(i.get("x"), i.get("y"))],
        ),
        ("Transformer(8, 2, 1, 2, 16)", _) => case(
            Transformer::with(8, 2, 1, 2, |layer| layer.dim_feedforward(16)),
            |m, i| vec![m.forward_with(i.get("x"), i.get("y"), |masks| masks.tgt_mask(later()))],
        ),
        ("Embedding(5, 3)", _) => case(Embedding::new(5, 3), |m, i| vec![m.forward(i.get("a"))]),
        ("Embedding(5, 3, padding_idx=-4, max_norm=1.0, norm_type=1.0)", _) => case(
            Embedding::with(5, 3, |table| table.padding_idx(-4).max_norm(1.0).norm_type(1.0)),
            |m, i| vec![m.forward(i.get("a"))],
        ),
        ("Embedding(5, 3, scale_grad_by_freq=True)", _) => case(
            Embedding::with(5, 3, |table| table.scale_grad_by_freq(true)),
            |m, i| vec![m.forward(i.get("a"))],
        ),
        ("EmbeddingBag(5, 3)", _) => case(
            EmbeddingBag::new(5, 3),
            |m, i| vec![m.forward(i.get("a"), Some(i.get("b")), None)],
        ),
        ("EmbeddingBag(5, 3, mode='sum')", _) => case(
            EmbeddingBag::with(5, 3, |bags| bags.mode(BagMode::Sum)),
            |m, i| vec![m.forward(i.get("a"), None, Some(i.get("x")))],
        ),
        ("EmbeddingBag(5, 3, mode='max', padding_idx=2)", _) => case(
            EmbeddingBag::with(5, 3, |bags| bags.mode(BagMode::Max).padding_idx(2)),
            |m, i| vec![m.forward(i.get("a"), Some(i.get("b")), None)],
        ),
        ("EmbeddingBag(5, 3, max_norm=1.5, scale_grad_by_freq=True, mode='sum', include_last_offset=True)", _) => case(
            EmbeddingBag::with(5, 3, |bags| {
                bags.max_norm(1.5).scale_grad_by_freq(true).mode(BagMode::Sum).include_last_offset(true)
            }),
            |m, i| vec![m.forward(i.get("a"), Some(i.get("b")), None)],
        ),
        ("EmbeddingBag(5, 3, padding_idx=1)", _) => case(
            EmbeddingBag::with(5, 3, |bags| bags.padding_idx(1)),
            |m, i| vec![m.forward(i.get("a"), None, None)],
        ),
        _ => return losses::made(module),
    })
}

/// Compares one line.
fn check(line: &Value) {
    let name = format!("{} {}", line["module"].as_str().expect("text"), line["call"].as_str().expect("text"));
    manual_seed(0);
    let Some(case) = made(line["module"].as_str().expect("text"), line["call"].as_str().expect("text")) else {
        panic!("{name} is not known here");
    };
    let module = case.module();
    assert_eq!(repr(module), line["repr"].as_str().expect("text"));
    let state = module.state_dict();
    let found: Vec<(String, Vec<usize>, String)> =
        state.iter().map(|(key, own)| (key.to_string(), own.shape().to_vec(), bits(own).to_string())).collect();
    let expected = list(&line["state"]).iter().map(|own| {
        let text = |key: &str| own[key].as_str().expect("text").to_string();
        (text("name"), crate::numbers::shape(&own["shape"]), text("bits"))
    });
    assert_eq!(found, expected.collect::<Vec<_>>(), "{name}: the new module's state");

    let inputs = Inputs::of(&line["inputs"]);
    let outputs = case.call(&inputs);
    let sums = outputs.iter().zip(1..).map(|(y, factor)| y.square().sum() * factor);
    sums.reduce(|sum, next| sum + next).expect("an output").backward();
    let alike = |what: &str, found: &[Tensor], expected: &Value| {
        assert_eq!(found.len(), list(expected).len(), "{name}: {what}");
        for (i, (found, expected)) in found.iter().zip(list(expected)).enumerate() {
            compare(&format!("{name}: {what} {i}"), found, expected, 2e-5);
        }
    };
    alike("output", &outputs, &line["outputs"]);
    let leaves = inputs.drawn().into_iter().cloned().chain(module.parameters());
    let grads: Vec<Option<Tensor>> = leaves.map(|leaf| leaf.grad()).collect();
    assert_eq!(grads.len(), list(&line["gradients"]).len(), "{name}: gradients");
    for (i, (found, expected)) in grads.iter().zip(list(&line["gradients"])).enumerate() {
        match found {
            Some(found) => compare(&format!("{name}: gradient {i}"), found, expected, 5e-5),
            None => assert!(expected.is_null(), "{name}: gradient {i} is missing"),
        }
    }
    if !line["eval"].is_null() {
        module.eval();
        alike("output in evaluation", &case.call(&inputs), &line["eval"]);
    }
    assert_eq!(rand(1).item::<f32>(), line["next"].as_f64().expect("a number") as f32, "{name}: numbers drawn");
}

pub fn lines(key: &str) -> Vec<Value> {
    let all = CASES.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    all.filter(|line| !line[key].is_null()).collect()
}

#[test]
fn modules_are_pytorchs() {
    let _alone = crate::numbers::alone();
    let cases = lines("module");
    assert!(cases.len() > 100);
    let mut failures = Vec::new();
    for line in &cases {
        let name = format!("{} {}", line["module"], line["call"]);
        if let Err(why) = std::panic::catch_unwind(|| check(line)) {
            let text = why.downcast_ref::<String>().cloned();
            failures.push(format!("{name}: {}", text.unwrap_or_else(|| "another panic".into())));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// One number from the last step of a recurrent network, or from the mean over an encoder's steps.
fn trained(text: &str) -> (Vec<f64>, f64) {
    manual_seed(0);
    let recurrent: Box<dyn Case> = match text {
        "RNN(4, 4)" => case(RNN::new(4, 4), |m, i| two(m.forward(i.get("x"), None))),
        "LSTM(4, 4)" => case(LSTM::new(4, 4), |m, i| three(m.forward(i.get("x"), None))),
        "GRU(4, 4)" => case(GRU::new(4, 4), |m, i| two(m.forward(i.get("x"), None))),
        "TransformerEncoder(TransformerEncoderLayer(4, 2, 8), 2)" => {
            let layer = TransformerEncoderLayer::with(4, 2, |layer| layer.dim_feedforward(8));
            case(TransformerEncoder::new(layer, 2), |m, i| vec![m.forward(i.get("x"))])
        }
        other => panic!("{other} is not known here"),
    };
    let head = Linear::new(4, 1);
    let parameters: Vec<Tensor> = recurrent.module().parameters().into_iter().chain(head.parameters()).collect();
    let inputs = Inputs([("x".to_string(), randn([6, 8, 4]))].into());
    let (target, criterion) = (randn([8, 1]), MSELoss::new());
    let (mut losses, mut norm) = (Vec::new(), zeros(()));
    for _ in 0..40 {
        let outputs = recurrent.call(&inputs);
        let read = if outputs.len() > 1 { outputs[0].i(-1) } else { outputs[0].mean_dim(0, false) };
        let loss = criterion.forward(&Forward::forward(&head, &read), &target);
        parameters.iter().for_each(|own| {
            own.set_grad(None);
        });
        loss.backward();
        norm = clip_grad_norm_(&parameters, 1.0);
        for own in &parameters {
            own.detach().sub_(own.grad().expect("a gradient") * 0.1);
        }
        losses.push(loss.item::<f64>());
    }
    (losses, norm.item())
}

#[test]
fn training_goes_as_in_pytorch() {
    let _alone = crate::numbers::alone();
    for line in lines("training") {
        let text = line["training"].as_str().expect("text");
        let (losses, norm) = trained(text);
        let near = |found: f64, expected: &Value| {
            let expected = expected.as_f64().expect("a number");
            (found - expected).abs() <= 1e-4 * expected.abs()
        };
        for (step, (found, expected)) in losses.iter().zip(list(&line["losses"])).enumerate() {
            assert!(near(*found, expected), "{text}, step {step}: {found}, in PyTorch {expected}");
        }
        assert!(near(norm, &line["norm"]), "{text}: norm {norm}, in PyTorch {}", line["norm"]);
        assert!(losses[39] < 0.9 * losses[0], "{text} learns nothing");
    }
}
