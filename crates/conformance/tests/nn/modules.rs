//! What all modules do: names, shared parameters, modes, state dicts and their errors, moving, hooks, summaries.

use sconce::dtype::*;
use sconce::nn::*;
use sconce::prelude::*;

#[derive(Module)]
struct Block {
    norm: BatchNorm1d,
    scale: Tensor,
    #[buffer]
    offset: Tensor,
    layers: Vec<Linear>,
    extra: Option<Linear>,
    width: usize,
    training: Mode,
}

impl Block {
    fn new() -> Block {
        Block {
            norm: BatchNorm1d::new(4),
            scale: parameter(ones([4])),
            offset: zeros([4]),
            layers: (0..2).map(|_| Linear::new(4, 4)).collect(),
            extra: None,
            width: 4,
            training: Mode::default(),
        }
    }
}

impl Forward for Block {
    fn forward(&self, x: &Tensor) -> Tensor {
        assert_eq!(x.size(-1), self.width);
        let x = self.layers.iter().fold(self.norm.forward(x), |x, layer| layer.forward(&x).relu());
        if self.training.get() { &x * &self.scale } else { &x + &self.offset }
    }
}

#[test]
fn names_come_in_pytorchs_order() {
    let _alone = crate::numbers::alone();
    let block = Block::new();
    let names: Vec<String> = block.named_parameters().into_iter().map(|(name, _)| name).collect();
    let expected =
        ["scale", "norm.weight", "norm.bias", "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"];
    assert_eq!(names, expected);
    let state = block.state_dict();
    assert_eq!(state.keys().take(3).collect::<Vec<_>>(), ["scale", "offset", "norm.weight"]);
    assert_eq!(state.len(), 11);
    let modules: Vec<String> = block.named_modules().into_iter().map(|(name, _)| name).collect();
    assert_eq!(modules, ["", "norm", "layers", "layers.0", "layers.1"]);
    assert_eq!(
        block.to_string(),
        "Block(\n  (norm): BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)\n  \
         (layers): ModuleList(\n    (0-1): 2 x Linear(in_features=4, out_features=4, bias=True)\n  )\n)"
    );
}

#[test]
fn a_shared_parameter_counts_once() {
    let _alone = crate::numbers::alone();
    let mut pair = vec![Linear::new(3, 3), Linear::new(3, 3)];
    pair[1].weight = pair[0].weight.clone();
    assert_eq!(pair.parameters().len(), 3);
    assert_eq!(pair.state_dict().len(), 4);
    let pair = pair.to(float64);
    assert!(pair[0].weight.is_same(&pair[1].weight), "moving keeps them one");
    assert_eq!(pair.parameter_count(true), 9 + 3 + 3);
    pair[0].weight.requires_grad_(false);
    assert_eq!(pair.parameter_count(true), 6);
}

#[test]
fn modes_reach_every_part() {
    let _alone = crate::numbers::alone();
    let block = Block::new();
    assert!(block.is_training() && block.norm.training.get());
    block.eval();
    assert!(!block.is_training() && !block.norm.training.get() && !block.training.get());
    block.train();
    assert!(block.is_training());
}

#[test]
fn moving_keeps_gradients_and_whole_numbers() {
    let _alone = crate::numbers::alone();
    let block = Block::new();
    block.forward(&rand([3, 4])).sum().backward();
    let block = block.to(float64);
    assert_eq!(block.scale.dtype(), float64);
    assert!(block.scale.requires_grad() && block.scale.is_leaf());
    assert_eq!(block.scale.grad().unwrap().dtype(), float64);
    assert_eq!(block.norm.num_batches_tracked.as_ref().unwrap().dtype(), int64);
    assert_eq!(block.forward(&rand_like(&zeros_with([3, 4], float64))).dtype(), float64);
    block.zero_grad();
    assert!(block.parameters().iter().all(|parameter| parameter.grad().is_none()));
}

#[test]
fn a_state_dict_that_does_not_fit_is_reported_as_in_pytorch() {
    let _alone = crate::numbers::alone();
    let net = sequential!["a" => Linear::new(2, 3), "b" => Linear::new(3, 1)];
    let before = net.state_dict().copied();
    let mut state = net.state_dict().copied();
    state.remove("b.bias");
    state.insert("c.weight", zeros([1]));
    let error = net.load_state_dict(&state).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Error(s) in loading state_dict for Sequential:\n\tMissing key(s) in state_dict: \"b.bias\". \n\t\
         Unexpected key(s) in state_dict: \"c.weight\". "
    );
    let report = net.load_state_dict_partly(&state).unwrap();
    assert_eq!((report.missing_keys, report.unexpected_keys), (vec!["b.bias".into()], vec!["c.weight".into()]));
    state.insert("a.weight", zeros([2, 2]));
    let error = net.load_state_dict_partly(&state).unwrap_err();
    assert_eq!(
        error.to_string().lines().last().unwrap(),
        "\tsize mismatch for a.weight: copying a param with shape torch.Size([2, 2]) from checkpoint, the shape in current \
         model is torch.Size([3, 2])."
    );
    assert!(net.state_dict().iter().all(|(name, tensor)| tensor.equal(before.get(name).unwrap())));
}

#[test]
fn loading_writes_into_the_parameters_themselves() {
    let _alone = crate::numbers::alone();
    let (one, other) = (Linear::new(2, 2), Linear::new(2, 2));
    let held = other.weight.clone();
    other.load_state_dict(&one.state_dict()).unwrap();
    assert!(held.equal(&one.weight) && held.requires_grad());
}

#[test]
fn files_keep_names_order_and_every_dtype() {
    let _alone = crate::numbers::alone();
    let all = [bool_, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64];
    let state: StateDict =
        all.iter().map(|dtype| (format!("z.{dtype}"), (arange((0, 6)) - 2).to(*dtype).reshape([2, 3]))).collect();
    let path = std::env::temp_dir().join(format!("state-{}.safetensors", std::process::id()));
    state.save(&path).unwrap();
    let loaded = StateDict::load(&path).unwrap();
    std::fs::write(&path, b"not one").unwrap();
    let error = StateDict::load(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert!(error.contains("state-") && error.contains("cannot be read"), "{error}");
    assert!(StateDict::load(&path).unwrap_err().to_string().contains("cannot be read"));
    assert_eq!(loaded.len(), state.len());
    for (name, tensor) in state.iter() {
        let read = loaded.get(name).unwrap();
        assert_eq!((read.dtype(), read.shape()), (tensor.dtype(), tensor.shape()), "{name}");
        assert!(read.equal(tensor), "{name}");
    }
}

#[test]
fn a_summary_counts_shapes_parameters_and_bytes() {
    let _alone = crate::numbers::alone();
    let net = sequential![
        "conv" => Conv2d::new(1, 8, 3),
        "block" => sequential![ReLU::new(), MaxPool2d::new(2)],
        "flat" => Flatten::new(),
        "out" => Linear::new(8 * 13 * 13, 10),
    ];
    net["conv"].requires_grad_(false);
    manual_seed(5);
    let table = summary(&net, &[2, 1, 28, 28]);
    let untouched = rand([1]).item::<f32>();
    manual_seed(5);
    assert_eq!(rand([1]).item::<f32>(), untouched, "the random stream stays where it was");
    assert!(net.is_training());
    let shapes: Vec<_> = table.rows.iter().map(|row| row.output_shape.clone().unwrap()).collect();
    let expected: [&[usize]; 7] =
        [&[2, 10], &[2, 8, 26, 26], &[2, 8, 13, 13], &[2, 8, 26, 26], &[2, 8, 13, 13], &[2, 1352], &[2, 10]];
    assert_eq!(shapes, expected);
    assert_eq!((table.total_params, table.trainable_params), (80 + 13530, 13530));
    assert_eq!(table.params_bytes, 4 * 13610);
    let text = table.to_string();
    assert!(text.contains("    (0): ReLU") && text.contains("Total parameters: 13,610"), "{text}");
}

#[test]
fn misuse_says_what_pytorch_says() {
    let _alone = crate::numbers::alone();
    fn text(misuse: impl FnOnce() + std::panic::UnwindSafe) -> String {
        let panic = std::panic::catch_unwind(misuse).unwrap_err();
        panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(|text| text.to_string())).unwrap()
    }
    assert_eq!(
        text(|| {
            let _ = Dropout::new(1.5);
        }),
        "dropout probability has to be between 0 and 1, but got 1.5"
    );
    assert_eq!(text(|| drop(Conv2d::with(3, 4, 3, |conv| conv.groups(2)))), "in_channels must be divisible by groups");
    assert_eq!(
        text(|| drop(Conv2d::with(3, 4, 3, |conv| conv.stride(2).padding(Padding::Same)))),
        "padding='same' is not supported for strided convolutions"
    );
    assert_eq!(text(|| drop(GroupNorm::new(2, 3))), "num_channels (3) must be divisible by num_groups (2)");
    assert_eq!(text(|| drop(BatchNorm2d::new(3).forward(&zeros([2, 3])))), "expected 4D input (got 2D input)");
    let error = text(|| drop(Linear::new(3, 2).forward(&zeros([2, 4]))));
    assert_eq!(error, "addmm: mat1 and mat2 shapes cannot be multiplied (2x4 and 3x2)");
}
