//! Attention of several heads, as a layer. What one head computes is known to the tensor's operations.

use super::{Creation, Linear, forward, python};
use crate::init::{constant_, xavier_normal_, xavier_uniform_};
use crate::{Mode, Module, observe, parameter, python_tuple};
use tensor::{Attention, DType, Noise, Options, Tensor, cat, empty_with, or_panic, zeros_with};
use tensor_core::compose::attention::weights;
use tensor_core::op::PadMode;
use tensor_core::op::attend::Scores;

tensor::settings! {
    /// What attention of several heads takes beside its width and heads.
    pub struct MultiheadOptions {
        /// The probability that a weight of attention is zero in training.
        dropout: f64 = 0.0,
        /// Whether the projections have biases.
        bias: bool = true,
        /// Whether a learned vector is put behind keys and values.
        add_bias_kv: bool = false,
        /// Whether zeros are put behind keys and values.
        add_zero_attn: bool = false,
        /// The keys' width, if another one.
        kdim: into Option<usize> = None,
        /// The values' width, if another one.
        vdim: into Option<usize> = None,
        /// Whether sequences come as (batch, step, feature) rather than (step, batch, feature).
        batch_first: bool = false,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

tensor::settings! {
    /// Which keys are seen, and whether the weights of attention are wanted.
    pub struct AttentionMasks {
        /// (batch, keys), or (keys) without a batch: `bool`, true for keys that nobody sees, or numbers added to scores.
        key_padding_mask: into Option<Tensor> = None,
        /// Whether the weights are given back.
        need_weights: bool = true,
        /// (queries, keys) or (batch · heads, queries, keys): `bool`, true where a key is not seen, or numbers added to scores.
        attn_mask: into Option<Tensor> = None,
        /// Whether the weights given back are the heads' mean.
        average_attn_weights: bool = true,
        /// Whether `attn_mask`, which must be given, hides what comes later.
        is_causal: bool = false,
    }
}

/// The output projection of [`MultiheadAttention`], under PyTorch's name for it: a [`Linear`].
#[derive(Module)]
#[module(extra_repr)]
pub struct NonDynamicallyQuantizableLinear {
    /// (out_features, in_features)
    pub weight: Tensor,
    /// (out_features)
    pub bias: Option<Tensor>,
}

impl NonDynamicallyQuantizableLinear {
    fn extra_repr(&self) -> String {
        let (inputs, outputs) = (self.weight.size(1), self.weight.size(0));
        format!("in_features={inputs}, out_features={outputs}, bias={}", python(self.bias.is_some()))
    }
}

forward!(NonDynamicallyQuantizableLinear, |self, x| x.linear(&self.weight, self.bias.as_ref()));

/// Scaled dot-product attention in several heads, each with projections of its own: `torch.nn.MultiheadAttention`. Vaswani et al.
/// (2017), "Attention is all you need".
///
/// The weights of the inputs' projections are drawn by `xavier_uniform_`, that of the output's as [`Linear`]'s; biases are zero.
///
/// ```
/// use nn::MultiheadAttention;
/// use tensor::randn;
/// let attention = MultiheadAttention::with(8, 2, |attention| attention.batch_first(true));
/// let x = randn([4, 5, 8]);
/// let (y, weights) = attention.forward(&x, &x, &x);
/// assert_eq!((y.shape(), weights.unwrap().shape()), (x.shape(), &[4, 5, 5][..].into()));
/// ```
#[derive(Module)]
pub struct MultiheadAttention {
    /// (embed_dim, embed_dim), if keys or values have another width.
    pub q_proj_weight: Option<Tensor>,
    /// (embed_dim, kdim)
    pub k_proj_weight: Option<Tensor>,
    /// (embed_dim, vdim)
    pub v_proj_weight: Option<Tensor>,
    /// (3 · embed_dim, embed_dim), if all have the same width.
    pub in_proj_weight: Option<Tensor>,
    /// (3 · embed_dim)
    pub in_proj_bias: Option<Tensor>,
    /// (1, 1, embed_dim)
    pub bias_k: Option<Tensor>,
    /// (1, 1, embed_dim)
    pub bias_v: Option<Tensor>,
    /// From all heads to the output.
    pub out_proj: NonDynamicallyQuantizableLinear,
    num_heads: usize,
    #[skip]
    settings: MultiheadOptions,
    /// Whether there is dropout.
    pub training: Mode,
}

impl MultiheadAttention {
    /// With the default settings.
    #[track_caller]
    pub fn new(embed_dim: usize, num_heads: usize) -> MultiheadAttention {
        MultiheadAttention::with(embed_dim, num_heads, |attention| attention)
    }

    /// With other settings than the default ones.
    ///
    /// # Panics
    /// If the width does not divide by the heads.
    #[track_caller]
    pub fn with(
        embed_dim: usize,
        num_heads: usize,
        settings: impl FnOnce(MultiheadOptions) -> MultiheadOptions,
    ) -> MultiheadAttention {
        let settings = settings(MultiheadOptions::default());
        assert!(
            embed_dim > 0 && num_heads > 0,
            "embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and num_heads={num_heads} instead"
        );
        assert!(embed_dim.is_multiple_of(num_heads), "embed_dim must be divisible by num_heads");
        let MultiheadOptions { bias, add_bias_kv, creation, .. } = settings;
        let (kdim, vdim) = (settings.kdim.unwrap_or(embed_dim), settings.vdim.unwrap_or(embed_dim));
        let apart = kdim != embed_dim || vdim != embed_dim;
        let Linear { weight, bias: out_bias } =
            Linear::with(embed_dim, embed_dim, |linear| linear.bias(bias).creation(creation));
        if let Some(bias) = &out_bias {
            constant_(bias, 0.0);
        }
        let projection = |exists: bool, rows: usize, width: usize| {
            exists.then(|| parameter(xavier_uniform_(&empty_with([rows, width], creation), 1.0)))
        };
        let extra = |_| add_bias_kv.then(|| parameter(xavier_normal_(&empty_with([1, 1, embed_dim], creation), 1.0)));
        let [q_proj_weight, k_proj_weight, v_proj_weight] =
            [embed_dim, kdim, vdim].map(|width| projection(apart, embed_dim, width));
        let in_proj_weight = projection(!apart, 3 * embed_dim, embed_dim);
        let [bias_k, bias_v] = [(), ()].map(extra);
        MultiheadAttention {
            q_proj_weight,
            k_proj_weight,
            v_proj_weight,
            in_proj_weight,
            in_proj_bias: bias.then(|| parameter(zeros_with([3 * embed_dim], creation))),
            bias_k,
            bias_v,
            out_proj: NonDynamicallyQuantizableLinear { weight, bias: out_bias },
            num_heads,
            settings,
            training: Mode::default(),
        }
    }

    /// The output, (queries, batch, embed_dim) with the settings' order, and the heads' mean of the weights of attention,
    /// (batch, queries, keys). Inputs without a batch are (step, feature).
    ///
    /// # Panics
    /// If shapes do not fit, with PyTorch's text.
    #[track_caller]
    pub fn forward(&self, query: &Tensor, key: &Tensor, value: &Tensor) -> (Tensor, Option<Tensor>) {
        self.forward_with(query, key, value, |masks| masks)
    }

    /// [`forward`](MultiheadAttention::forward) with masks, and with or without weights.
    #[track_caller]
    pub fn forward_with(
        &self,
        query: &Tensor,
        key: &Tensor,
        value: &Tensor,
        masks: impl FnOnce(AttentionMasks) -> AttentionMasks,
    ) -> (Tensor, Option<Tensor>) {
        let mut masks = masks(AttentionMasks::default());
        check_ranks(query, key, value, &masks, self.num_heads);
        let batched = query.ndim() == 3;
        let transposed = batched && self.settings.batch_first;
        let [q, k, v] = [query, key, value].map(|x| match () {
            () if transposed => x.transpose(0, 1),
            () if batched => x.clone(),
            () => x.unsqueeze(1),
        });
        if !batched {
            masks.key_padding_mask = masks.key_padding_mask.map(|mask| mask.unsqueeze(0));
        }
        let selves = query.is_same(key) && key.is_same(value);
        let (output, weights) = self.attend(&q, &k, &v, selves, masks);
        let output = match () {
            () if transposed => output.transpose(0, 1),
            () if batched => output,
            () => output.squeeze_dim(1),
        };
        let weights = weights.map(|weights| if batched { weights } else { weights.squeeze_dim(0) });
        (observe(self, query, output), weights)
    }

    /// All with a batch, steps first.
    #[track_caller]
    fn attend(
        &self,
        query: &Tensor,
        key: &Tensor,
        value: &Tensor,
        selves: bool,
        masks: AttentionMasks,
    ) -> (Tensor, Option<Tensor>) {
        let (steps, count, width) = (query.size(0), query.size(1), query.size(2));
        let (heads, embed_dim) = (self.num_heads, self.out_proj.weight.size(0));
        let AttentionMasks { need_weights, average_attn_weights, mut is_causal, .. } = masks;
        assert!(
            !is_causal || masks.attn_mask.is_some(),
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method \
             `generate_square_subsequent_mask` to create this mask."
        );
        let mut padding = masks.key_padding_mask.map(|mask| added(&mask, "key_padding_mask", query.dtype()));
        let mut mask = match masks.attn_mask {
            Some(_) if is_causal && padding.is_none() && !need_weights => None,
            mask => {
                is_causal = false;
                mask.map(|mask| added(&mask, "attn_mask", query.dtype()))
            }
        };
        assert!(width == embed_dim, "was expecting embedding dimension of {embed_dim}, but got {width}");
        let [q, mut k, mut v] = self.projections(query, key, value, selves);
        mask = mask.map(|mask| self.batch_mask(mask, [steps, key.size(0)], count));
        let behind = |mask: Option<Tensor>| mask.map(|mask| mask.pad([0, 1], PadMode::Constant(0.0.into())));
        if let (Some(bias_k), Some(bias_v)) = (&self.bias_k, &self.bias_v) {
            k = cat(&[k, bias_k.repeat([1, count, 1])], 0);
            v = cat(&[v, bias_v.repeat([1, count, 1])], 0);
            (mask, padding) = (behind(mask), behind(padding));
        }
        if self.settings.add_zero_attn {
            let zeros = |x: &Tensor| zeros_with([1, count, embed_dim], Options::from(x.dtype()).device(x.device()));
            (k, v) = (cat(&[k.clone(), zeros(&k)], 0), cat(&[v.clone(), zeros(&v)], 0));
            (mask, padding) = (behind(mask), behind(padding));
        }
        let keys = k.size(0);
        if let Some(padding) = padding {
            for (dim, size) in [count, keys].into_iter().enumerate() {
                let own = padding.size(dim as i64);
                assert!(own == size, "Expected key_padded_mask.shape[{dim}] to be {size}, but got {own}");
            }
            let padding = padding.view([count, 1, 1, keys]);
            mask = Some(mask.map_or(padding.clone(), |mask| mask + padding));
        }
        // (batch, heads, steps, width of a head)
        let split = |x: &Tensor| x.reshape([x.size(0), count, heads, embed_dim / heads]).permute([1, 2, 0, 3]);
        let (q, k, v) = (split(&q), split(&k), split(&v));
        let p = if self.training.get() { self.settings.dropout } else { 0.0 };
        let (result, seen) = if need_weights {
            let scores = (q * (1.0 / (embed_dim / heads) as f64).sqrt()).matmul(&k.mt());
            let scores = mask.map_or(scores.clone(), |mask| scores + mask);
            let seen = scores.softmax(-1).dropout(p, true);
            (seen.matmul(&v), Some(if average_attn_weights { seen.mean_dim(1, false) } else { seen }))
        } else if p > 0.0 {
            let scores = Scores { scale: 1.0 / ((embed_dim / heads) as f64).sqrt(), causal: is_causal };
            (or_panic(weights(&q, &k, mask.as_ref(), scores)).dropout(p, true).matmul(&v), None)
        } else {
            let options = Attention { attn_mask: mask.as_ref(), is_causal, ..Attention::default() };
            (q.scaled_dot_product_attention(&k, &v, options), None)
        };
        let rows = result.permute([2, 0, 1, 3]).reshape([steps, count, embed_dim]);
        (rows.linear(&self.out_proj.weight, self.out_proj.bias.as_ref()), seen)
    }

    /// Queries, keys and values of all heads side by side.
    #[track_caller]
    fn projections(&self, query: &Tensor, key: &Tensor, value: &Tensor, selves: bool) -> [Tensor; 3] {
        let three = |all: Vec<Tensor>| <[Tensor; 3]>::try_from(all).expect("three parts");
        if let Some(weight) = &self.in_proj_weight {
            assert!(
                key.shape() == value.shape(),
                "key shape torch.Size({:?}) does not match value shape torch.Size({:?})",
                key.shape(),
                value.shape()
            );
            if selves {
                return three(query.linear(weight, self.in_proj_bias.as_ref()).chunk(3, -1));
            }
        }
        assert!(
            key.shape()[..2] == value.shape()[..2],
            "key's sequence and batch dims torch.Size({:?}) do not match value's torch.Size({:?})",
            &key.shape()[..2],
            &value.shape()[..2]
        );
        let weights = match (&self.in_proj_weight, &self.q_proj_weight, &self.k_proj_weight, &self.v_proj_weight) {
            (Some(weight), ..) => three(weight.chunk(3, 0)),
            (None, Some(q), Some(k), Some(v)) => [q.clone(), k.clone(), v.clone()],
            _ => panic!("use_separate_proj_weight is False but in_proj_weight is None"),
        };
        let biases = self.in_proj_bias.as_ref().map(|bias| bias.chunk(3, 0));
        let bias = |i: usize| biases.as_ref().map(|biases| &biases[i]);
        [(query, 0), (key, 1), (value, 2)].map(|(x, i)| x.linear(&weights[i], bias(i)))
    }

    /// A mask as (batch or 1, heads or 1, queries, keys).
    #[track_caller]
    fn batch_mask(&self, mask: Tensor, [steps, keys]: [usize; 2], count: usize) -> Tensor {
        let flat = [count * self.num_heads, steps, keys];
        let expected = &flat[3 - mask.ndim()..];
        assert!(
            mask.shape()[..] == *expected,
            "The shape of the {}D attn_mask is torch.Size({:?}), but should be {}.",
            mask.ndim(),
            mask.shape(),
            python_tuple(expected)
        );
        if mask.ndim() == 2 { mask.view([1, 1, steps, keys]) } else { mask.view([count, self.num_heads, steps, keys]) }
    }
}

/// A mask as what is added to scores.
#[track_caller]
fn added(mask: &Tensor, name: &str, dtype: DType) -> Tensor {
    if mask.dtype().is_floating_point() {
        return mask.clone();
    }
    assert!(mask.dtype() == DType::Bool, "only bool and floating types of {name} are supported");
    let zeros = zeros_with(mask.shape(), Options::from(dtype).device(mask.device()));
    zeros.masked_fill(mask, f64::NEG_INFINITY)
}

#[track_caller]
fn check_ranks(query: &Tensor, key: &Tensor, value: &Tensor, masks: &AttentionMasks, heads: usize) {
    let rank = query.ndim();
    assert!(
        rank == 2 || rank == 3,
        "query should be unbatched 2D or batched 3D tensor but received {rank}-D query tensor"
    );
    let batched = if rank == 3 { "batched" } else { "unbatched" };
    let (k, v) = (key.ndim(), value.ndim());
    assert!(
        k == rank && v == rank,
        "For {batched} ({rank}-D) `query`, expected `key` and `value` to be {rank}-D but found {k}-D and {v}-D tensors \
         respectively"
    );
    if let Some(own) = masks.key_padding_mask.as_ref().map(Tensor::ndim) {
        let expected = rank - 1;
        assert!(
            own == expected,
            "For {batched} ({rank}-D) `query`, expected `key_padding_mask` to be `None` or {expected}-D but found {own}-D tensor \
             instead"
        );
    }
    if let Some(mask) = &masks.attn_mask {
        let own = mask.ndim();
        assert!(
            own == 2 || own == 3,
            "For {batched} ({rank}-D) `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found {own}-D tensor instead"
        );
        let expected = [heads, query.size(0), key.size(0)];
        assert!(
            rank == 3 || own == 2 || mask.shape()[..] == expected,
            "Expected `attn_mask` shape to be {} but got torch.Size({:?})",
            python_tuple(&expected),
            mask.shape()
        );
    }
}
