//! Truncated normal numbers against PyTorch 2.15: every bit of 40 numbers from seed 7, and where the stream stands afterwards.

use tensor::{DType, Options, manual_seed, randint, trunc_normal_};
use tensor_core::Tensor;

/// (mean, deviation, a, b), then for `float32`, `float64` and `float16` a hash of the bits and the next `randint(0, 1 << 30)`.
type Case = ([f64; 4], [(u64, i64); 3]);

/// Printed by PyTorch: h = h · 31 + bits modulo 2⁶¹ over `torch.nn.init.trunc_normal_(torch.empty(40), mean, std, a, b)`.
const CASES: &[Case] = &[
    (
        [0.0, 1.0, -2.0, 2.0],
        [(909817665733989602, 813901931), (1484344493490736688, 813901931), (335403914906463015, 400742353)],
    ),
    (
        [0.0, 1.0, -0.5, 0.5],
        [(171998028431403515, 559284690), (1577957274548618995, 130548035), (1555349035656125736, 330687764)],
    ),
    (
        [0.0, 1.0, 1.5, 3.0],
        [(487708856508760247, 649641352), (555163598278821845, 8820354), (150009227989664318, 649641352)],
    ),
    (
        [0.5, 0.02, -2.0, 2.0],
        [(1649520658484317577, 830456065), (1548418254023814304, 813901931), (1538329104331994302, 805861870)],
    ),
    (
        [3.0, 1.0, -1.0, 1.0],
        [(227868999172619242, 391711344), (182362321742125046, 714171805), (117803279146010132, 391711344)],
    ),
];

fn bits(x: &Tensor) -> Vec<u64> {
    match x.dtype() {
        DType::F32 => x.to_vec::<f32>().iter().map(|x| x.to_bits() as u64).collect(),
        DType::F64 => x.to_vec::<f64>().iter().map(|x| x.to_bits()).collect(),
        DType::F16 => x.to_vec::<tensor::f16>().iter().map(|x| x.to_bits() as u64).collect(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn numbers_and_stream_are_those_of_pytorch() {
    for ([mean, std, a, b], expected) in CASES {
        for (dtype, (hash, next)) in [DType::F32, DType::F64, DType::F16].into_iter().zip(expected) {
            manual_seed(7);
            let x = tensor::empty_with([40], Options::from(dtype));
            trunc_normal_(&x, *mean, *std, *a, *b);
            let found = bits(&x).into_iter().fold(0u128, |h, bits| (h * 31 + bits as u128) % (1 << 61));
            let stream = randint(0, 1 << 30, [1]).item::<i64>();
            let what = format!("mean {mean}, deviation {std}, [{a}, {b}], {}", dtype.name());
            assert_eq!((found, stream), (*hash as u128, *next), "{what}: {x}");
        }
    }
    let whole = tensor::empty_with([2], Options::from(DType::I64));
    assert!(tensor::try_trunc_normal_(&whole, 0.0, 1.0, -2.0, 2.0, &tensor::default_generator()).is_err());
}
