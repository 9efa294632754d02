//! Every layer as in PyTorch: its printed form, the initial parameters bit for bit, output, gradients and running statistics.

use crate::numbers::{bits, compare, list, shape};
use sconce::dtype::float64;
use sconce::nn::*;
use sconce::prelude::{Forward, Gradient, Tensor, manual_seed, rand};
use sconce::{DType, randn_with};
use serde_json::Value;

const CASES: &str = include_str!("../../fixtures/nn.jsonl");

fn boxed(layer: impl Forward + 'static) -> Option<Box<dyn Forward>> {
    Some(Box::new(layer))
}

/// The layer of that Python text, if it is one from one tensor to one.
fn layer(text: &str) -> Option<Box<dyn Forward>> {
    match text {
        "Linear(5, 3)" => boxed(Linear::new(5, 3)),
        "Linear(5, 3, bias=False)" => boxed(Linear::with(5, 3, |o| o.bias(false))),
        "Linear(5, 3, dtype=torch.float64)" => boxed(Linear::with(5, 3, |l| l.creation(float64))),
        "Identity()" => boxed(Identity::new()),
        "Conv1d(4, 6, 3)" => boxed(Conv1d::new(4, 6, 3)),
        "Conv1d(4, 6, 3, stride=2, padding=1, padding_mode='circular')" => {
            boxed(Conv1d::with(4, 6, 3, |c| c.stride(2).padding(1).padding_mode(PaddingMode::Circular)))
        }
        "Conv2d(4, 6, 3)" => boxed(Conv2d::new(4, 6, 3)),
        "Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2, bias=False)" => {
            boxed(Conv2d::with(4, 6, (3, 2), |o| {
                o.stride((2, 1)).padding((1, 2)).dilation((1, 2)).groups(2).bias(false)
            }))
        }
        "Conv2d(4, 4, 4, padding='same', groups=4, padding_mode='reflect')" => {
            boxed(Conv2d::with(4, 4, 4, |c| c.padding(Padding::Same).groups(4).padding_mode(PaddingMode::Reflect)))
        }
        "Conv2d(2, 3, 3, padding='valid')" => boxed(Conv2d::with(2, 3, 3, |c| c.padding(Padding::Valid))),
        "Conv2d(2, 3, 3, padding=1, padding_mode='replicate')" => {
            boxed(Conv2d::with(2, 3, 3, |c| c.padding(1).padding_mode(PaddingMode::Replicate)))
        }
        "Conv3d(2, 3, 2, padding=1)" => boxed(Conv3d::with(2, 3, 2, |o| o.padding(1))),
        "ConvTranspose1d(4, 6, 3, stride=2)" => boxed(ConvTranspose1d::with(4, 6, 3, |o| o.stride(2))),
        "ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)" => {
            boxed(ConvTranspose2d::with(4, 6, 3, |o| o.stride(2).padding(1).output_padding(1)))
        }
        "ConvTranspose2d(4, 6, (2, 3), groups=2, bias=False, dilation=2)" => {
            boxed(ConvTranspose2d::with(4, 6, (2, 3), |o| o.groups(2).bias(false).dilation(2)))
        }
        "ConvTranspose3d(2, 3, 2)" => boxed(ConvTranspose3d::new(2, 3, 2)),
        "MaxPool1d(2)" => boxed(MaxPool1d::new(2)),
        "MaxPool2d(2)" => boxed(MaxPool2d::new(2)),
        "MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), ceil_mode=True)" => {
            boxed(MaxPool2d::with((3, 2), |o| o.stride((2, 1)).padding((1, 0)).dilation((1, 2)).ceil_mode(true)))
        }
        "MaxPool3d(2)" => boxed(MaxPool3d::new(2)),
        "AvgPool1d(2)" => boxed(AvgPool1d::new(2)),
        "AvgPool2d((2, 3), stride=2, padding=1, count_include_pad=False)" => {
            boxed(AvgPool2d::with((2, 3), |o| o.stride(2).padding(1).count_include_pad(false)))
        }
        "AvgPool2d(2, divisor_override=3)" => boxed(AvgPool2d::with(2, |o| o.divisor_override(3))),
        "AvgPool3d(2)" => boxed(AvgPool3d::new(2)),
        "LPPool1d(2.0, 3)" => boxed(LPPool1d::new(2.0, 3)),
        "LPPool2d(2.0, (2, 2), stride=1)" => boxed(LPPool2d::with(2.0, (2, 2), |p| p.stride(1))),
        "AdaptiveAvgPool1d(3)" => boxed(AdaptiveAvgPool1d::new(3)),
        "AdaptiveAvgPool2d(3)" => boxed(AdaptiveAvgPool2d::new(3)),
        "AdaptiveAvgPool2d((2, None))" => boxed(AdaptiveAvgPool2d::new((Some(2), None))),
        "AdaptiveMaxPool1d(3)" => boxed(AdaptiveMaxPool1d::new(3)),
        "AdaptiveMaxPool2d((3, 2))" => boxed(AdaptiveMaxPool2d::new((3, 2))),
        "BatchNorm1d(3)" => boxed(BatchNorm1d::new(3)),
        "BatchNorm1d(3, momentum=None)" => boxed(BatchNorm1d::with(3, |n| n.momentum(None))),
        "BatchNorm2d(3)" => boxed(BatchNorm2d::new(3)),
        "BatchNorm2d(3, eps=0.01, momentum=0.3, affine=False)" => {
            boxed(BatchNorm2d::with(3, |o| o.eps(0.01).momentum(0.3).affine(false)))
        }
        "BatchNorm2d(3, track_running_stats=False)" => boxed(BatchNorm2d::with(3, |o| o.track_running_stats(false))),
        "BatchNorm2d(3, bias=False)" => boxed(BatchNorm2d::with(3, |o| o.bias(false))),
        "BatchNorm3d(2)" => boxed(BatchNorm3d::new(2)),
        "InstanceNorm1d(3)" => boxed(InstanceNorm1d::new(3)),
        "InstanceNorm2d(3, affine=True, track_running_stats=True)" => {
            boxed(InstanceNorm2d::with(3, |o| o.affine(true).track_running_stats(true)))
        }
        "InstanceNorm2d(3)" => boxed(InstanceNorm2d::new(3)),
        "InstanceNorm3d(2)" => boxed(InstanceNorm3d::new(2)),
        "LayerNorm(5)" => boxed(LayerNorm::new(5)),
        "LayerNorm((3, 5), bias=False)" => boxed(LayerNorm::with([3, 5], |n| n.bias(false))),
        "LayerNorm(5, eps=0.1, elementwise_affine=False)" => {
            boxed(LayerNorm::with(5, |o| o.eps(0.1).elementwise_affine(false)))
        }
        "GroupNorm(2, 4)" => boxed(GroupNorm::new(2, 4)),
        "GroupNorm(2, 4, affine=False)" => boxed(GroupNorm::with(2, 4, |o| o.affine(false))),
        "LocalResponseNorm(2)" => boxed(LocalResponseNorm::new(2)),
        "LocalResponseNorm(3, alpha=0.1, beta=0.5, k=2.0)" => {
            boxed(LocalResponseNorm::with(3, |o| o.alpha(0.1).beta(0.5).k(2.0)))
        }
        "RMSNorm(5)" => boxed(RMSNorm::new(5)),
        "RMSNorm((2, 5), eps=1e-05, elementwise_affine=False)" => {
            boxed(RMSNorm::with([2, 5], |n| n.eps(1e-5).elementwise_affine(false)))
        }
        "Dropout(0.5)" => boxed(Dropout::new(0.5)),
        "Dropout(0.2, inplace=True)" => boxed(Dropout::new(0.2).inplace(true)),
        "Dropout1d(0.5)" => boxed(Dropout1d::new(0.5)),
        "Dropout2d(0.3)" => boxed(Dropout2d::new(0.3)),
        "Dropout3d(0.5)" => boxed(Dropout3d::new(0.5)),
        "AlphaDropout(0.1)" => boxed(AlphaDropout::new(0.1)),
        "FeatureAlphaDropout(0.5)" => boxed(FeatureAlphaDropout::new(0.5)),
        "ReLU()" => boxed(ReLU::new()),
        "ReLU(inplace=True)" => boxed(ReLU::new().inplace(true)),
        "ReLU6()" => boxed(ReLU6::new()),
        "ELU()" => boxed(ELU::default()),
        "ELU(0.5, inplace=True)" => boxed(ELU::new(0.5).inplace(true)),
        "CELU(2.0)" => boxed(CELU::new(2.0)),
        "SELU()" => boxed(SELU::new()),
        "GELU()" => boxed(GELU::default()),
        "GELU('tanh')" => boxed(GELU::new(Approximate::Tanh)),
        "Hardshrink()" => boxed(Hardshrink::default()),
        "Hardsigmoid()" => boxed(Hardsigmoid::new()),
        "Hardswish()" => boxed(Hardswish::new()),
        "Hardtanh()" => boxed(Hardtanh::default()),
        "Hardtanh(-0.5, 0.25, inplace=True)" => boxed(Hardtanh::new(-0.5, 0.25).inplace(true)),
        "LeakyReLU()" => boxed(LeakyReLU::default()),
        "LeakyReLU(0.2)" => boxed(LeakyReLU::new(0.2)),
        "LogSigmoid()" => boxed(LogSigmoid::new()),
        "PReLU()" => boxed(PReLU::new()),
        "PReLU(3, 0.1)" => boxed(PReLU::with(|p| p.num_parameters(3).init(0.1))),
        "RReLU()" => boxed(RReLU::default()),
        "SiLU()" => boxed(SiLU::new()),
        "Mish()" => boxed(Mish::new()),
        "Softplus()" => boxed(Softplus::default()),
        "Softplus(2.0, 10.0)" => boxed(Softplus::new(2.0, 10.0)),
        "Softshrink(0.3)" => boxed(Softshrink::new(0.3)),
        "Softsign()" => boxed(Softsign::new()),
        "Sigmoid()" => boxed(Sigmoid::new()),
        "Tanh()" => boxed(Tanh::new()),
        "Tanhshrink()" => boxed(Tanhshrink::new()),
        "Threshold(0.1, 20.0)" => boxed(Threshold::new(0.1, 20.0)),
        "GLU()" => boxed(GLU::default()),
        "Softmax(1)" => boxed(Softmax::new(1)),
        "LogSoftmax(-1)" => boxed(LogSoftmax::new(-1)),
        "Softmin(0)" => boxed(Softmin::new(0)),
        "Softmax2d()" => boxed(Softmax2d::new()),
        "Flatten()" => boxed(Flatten::new()),
        "Flatten(0, -2)" => boxed(Flatten::of(0, -2)),
        "Unflatten(1, (2, 3))" => boxed(Unflatten::new(1, [2, 3])),
        "Upsample(scale_factor=2)" => boxed(Upsample::by(2.0)),
        "Upsample(size=(3, 4), mode='bilinear', align_corners=True)" => {
            boxed(Upsample::to_size((3, 4)).mode(InterpolateMode::Bilinear).align_corners(true))
        }
        "Upsample(scale_factor=(2, 3.5), mode='bicubic')" => {
            boxed(Upsample::by((2.0, 3.5)).mode(InterpolateMode::Bicubic))
        }
        "PixelShuffle(2)" => boxed(PixelShuffle::new(2)),
        "PixelUnshuffle(2)" => boxed(PixelUnshuffle::new(2)),
        "ChannelShuffle(2)" => boxed(ChannelShuffle::new(2)),
        "ZeroPad1d(2)" => boxed(ZeroPad1d::new(2)),
        "ZeroPad2d((1, 2, 3, 0))" => boxed(ZeroPad2d::new((1, 2, 3, 0))),
        "ConstantPad1d((1, 2), 3.5)" => boxed(ConstantPad1d::new((1, 2), 3.5)),
        "ConstantPad3d(1, 3.5)" => boxed(ConstantPad3d::new(1, 3.5)),
        "ReflectionPad1d(2)" => boxed(ReflectionPad1d::new(2)),
        "ReflectionPad2d(1)" => boxed(ReflectionPad2d::new(1)),
        "ReplicationPad2d((1, 1, 2, 0))" => boxed(ReplicationPad2d::new((1, 1, 2, 0))),
        "CircularPad2d(1)" => boxed(CircularPad2d::new(1)),
        "Unfold((2, 3), padding=1)" => boxed(Unfold::with((2, 3), |o| o.padding(1))),
        "Fold((4, 5), (2, 2))" => boxed(Fold::new((4, 5), (2, 2))),
        "Sequential(Linear(4, 3), ReLU(), Sequential(Linear(3, 2)))" => {
            boxed(sequential![Linear::new(4, 3), ReLU::new(), sequential![Linear::new(3, 2)]])
        }
        _ => None,
    }
}

/// What the fixtures say of the state of `module`.
fn check_state(text: &str, module: &dyn Module, expected: &Value) {
    let state = module.state_dict();
    let names: Vec<&str> = list(expected).iter().filter_map(|entry| entry["name"].as_str()).collect();
    assert_eq!(state.keys().collect::<Vec<_>>(), names, "{text}");
    for entry in list(expected) {
        let tensor = state.get(entry["name"].as_str().unwrap()).unwrap();
        assert_eq!(tensor.shape().to_vec(), shape(&entry["shape"]), "{text}: {}", entry["name"]);
        assert_eq!(bits(tensor).to_string(), entry["bits"].as_str().unwrap(), "{text}: bits of {}", entry["name"]);
    }
}

#[test]
fn every_layer_is_made_and_runs_as_in_pytorch() {
    let _alone = crate::numbers::alone();
    let mut seen = 0;
    for case in CASES.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON")) {
        let text = case["layer"].as_str().unwrap();
        manual_seed(0);
        let Some(layer) = layer(text) else { continue };
        seen += 1;
        assert_eq!(repr(layer.as_dyn()), case["repr"].as_str().unwrap(), "{text}");
        check_state(text, layer.as_dyn(), &case["state"]);
        let dtype = layer.parameters().first().map_or(DType::F32, |parameter| parameter.dtype());
        let x = randn_with(shape(&case["inputs"][0]), dtype).requires_grad_(true);
        let y = layer.forward(&(&x * 1));
        y.square().sum().backward();
        let tolerance = if dtype == float64 { 1e-8 } else { 2e-6 };
        compare(&format!("{text}: output"), &y, &case["output"], tolerance);
        let tensors: Vec<Tensor> = [x.clone()].into_iter().chain(layer.parameters()).collect();
        for (i, (tensor, expected)) in tensors.iter().zip(list(&case["gradients"])).enumerate() {
            let gradient = tensor.grad().unwrap_or_else(|| panic!("{text}: no gradient {i}"));
            compare(&format!("{text}: gradient {i}"), &gradient, expected, 4.0 * tolerance);
        }
        for (i, (buffer, expected)) in layer.buffers().iter().zip(list(&case["buffers"])).enumerate() {
            compare(&format!("{text}: buffer {i}"), buffer, expected, tolerance);
        }
        layer.eval();
        compare(&format!("{text}: in evaluation"), &layer.forward(&x.detach().clone_()), &case["eval"], tolerance);
        assert_eq!(rand([1]).item::<f32>(), case["next"].as_f64().unwrap() as f32, "{text}: the stream is elsewhere");
    }
    assert_eq!(seen, CASES.lines().count() - 3, "all but the three that are not from one tensor to one");
}

/// The case of that Python text.
fn case(text: &str) -> Value {
    let cases = CASES.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    cases.into_iter().find(|case| case["layer"] == text).unwrap_or_else(|| panic!("there is no case {text}"))
}

#[test]
fn bilinear() {
    let _alone = crate::numbers::alone();
    let text = "Bilinear(3, 4, 2)";
    let case = case(text);
    manual_seed(0);
    let layer = Bilinear::new(3, 4, 2);
    assert_eq!(layer.to_string(), case["repr"].as_str().unwrap());
    check_state(text, &layer, &case["state"]);
    let [x1, x2] = [0, 1].map(|i| randn_with(shape(&case["inputs"][i]), DType::F32).requires_grad_(true));
    let y = layer.forward(&x1, &x2);
    y.square().sum().backward();
    compare(text, &y, &case["output"], 2e-6);
    let tensors: Vec<Tensor> = [x1, x2].into_iter().chain(layer.parameters()).collect();
    for (tensor, expected) in tensors.iter().zip(list(&case["gradients"])) {
        compare(text, &tensor.grad().unwrap(), expected, 1e-5);
    }
}

#[test]
fn lists_and_dictionaries() {
    let _alone = crate::numbers::alone();
    let text = "ModuleList([Linear(2, 2), Linear(2, 2), ReLU(), Linear(2, 3)])";
    manual_seed(0);
    let list: ModuleList = vec![
        Box::new(Linear::new(2, 2)),
        Box::new(Linear::new(2, 2)),
        Box::new(ReLU::new()),
        Box::new(Linear::new(2, 3)),
    ];
    assert_eq!(repr(&list), case(text)["repr"].as_str().unwrap());
    check_state(text, &list, &case(text)["state"]);

    let text = "ModuleDict({'a': Linear(2, 2), 'b': ReLU()})";
    manual_seed(0);
    let mut dictionary = ModuleDict::new();
    dictionary.insert("a", Linear::new(2, 2));
    dictionary.insert("b", ReLU::new());
    assert_eq!(dictionary.to_string(), case(text)["repr"].as_str().unwrap());
    check_state(text, &dictionary, &case(text)["state"]);
}
