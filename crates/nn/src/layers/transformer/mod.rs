//! Transformers of Vaswani et al. (2017), "Attention is all you need", as layers: encoder, decoder, and both together.

mod decoder;
mod encoder;

pub use self::decoder::*;
pub use self::encoder::*;
use super::{Creation, Dropout, LayerNorm, Linear, MultiheadAttention};
use crate::init::xavier_uniform_;
use crate::{Forward, Module, observe};
use tensor::{Gradient, Options, Tensor, full_with, get_rng_state, or_panic, set_rng_state};
use tensor_core::op::activation::Approximate;

/// The function between the two linear layers of a transformer's layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// x above zero.
    #[default]
    Relu,
    /// x times the normal distribution's Φ(x).
    Gelu,
}

impl Activation {
    #[track_caller]
    fn of(self, x: &Tensor) -> Tensor {
        match self {
            Activation::Relu => x.relu(),
            Activation::Gelu => x.gelu(Approximate::None),
        }
    }
}

tensor::settings! {
    /// What a transformer's layer takes beside its width and heads.
    pub struct TransformerOptions {
        /// The width between the two linear layers.
        dim_feedforward: usize = 2048,
        /// The probability that an element is zero in training, wherever there is dropout.
        dropout: f64 = 0.1,
        /// The function between the two linear layers.
        activation: Activation = Activation::Relu,
        /// What the normalizations add to variances.
        layer_norm_eps: f64 = 1e-5,
        /// Whether sequences come as (batch, step, feature) rather than (step, batch, feature).
        batch_first: bool = false,
        /// Whether each part is preceded by its normalization, rather than followed.
        norm_first: bool = false,
        /// Whether linear layers, attention and normalizations have biases.
        bias: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

impl TransformerOptions {
    #[track_caller]
    fn attention(&self, d_model: usize, nhead: usize) -> MultiheadAttention {
        MultiheadAttention::with(d_model, nhead, |attention| {
            attention.dropout(self.dropout).bias(self.bias).batch_first(self.batch_first).creation(self.creation)
        })
    }

    #[track_caller]
    fn linear(&self, from: usize, to: usize) -> Linear {
        Linear::with(from, to, |linear| linear.bias(self.bias).creation(self.creation))
    }

    #[track_caller]
    fn norm(&self, d_model: usize) -> LayerNorm {
        LayerNorm::with(d_model, |norm| norm.eps(self.layer_norm_eps).bias(self.bias).creation(self.creation))
    }

    #[track_caller]
    fn dropout_layer(&self) -> Dropout {
        Dropout::new(self.dropout)
    }
}

/// A module with the values of `like` in memory of its own. `make` makes one of the same form for a dtype and a device; what it
/// draws is not taken from the random stream.
#[track_caller]
fn copied<M: Module>(like: &M, make: impl FnOnce(Creation) -> M) -> M {
    let creation =
        like.parameters().first().map_or(Options::new(), |own| Options::from(own.dtype()).device(own.device()));
    let stream = get_rng_state();
    let copy = make(creation);
    or_panic(set_rng_state(&stream));
    copy.load_state_dict(&like.state_dict()).unwrap_or_else(|error| panic!("{error}"));
    for (copy, own) in copy.parameters().iter().zip(like.parameters()) {
        copy.requires_grad_(own.requires_grad());
    }
    copy.set_training(like.is_training());
    copy
}

tensor::settings! {
    /// Which steps a transformer sees: masks as those of [`AttentionMasks`](crate::AttentionMasks).
    pub struct TransformerMasks {
        /// Of the source among itself.
        src_mask: into Option<Tensor> = None,
        /// Of the target among itself.
        tgt_mask: into Option<Tensor> = None,
        /// Of the encoder's output, by the target.
        memory_mask: into Option<Tensor> = None,
        /// Of the source's steps.
        src_key_padding_mask: into Option<Tensor> = None,
        /// Of the target's steps.
        tgt_key_padding_mask: into Option<Tensor> = None,
        /// Of the encoder's output's steps.
        memory_key_padding_mask: into Option<Tensor> = None,
        /// Whether `src_mask` hides what comes later.
        src_is_causal: bool = false,
        /// Whether `tgt_mask` hides what comes later.
        tgt_is_causal: bool = false,
        /// Whether `memory_mask` hides what comes later.
        memory_is_causal: bool = false,
    }
}

/// Encoder and decoder: `torch.nn.Transformer`.
///
/// After their layers are made, all parameters of more than one dimension are drawn by `xavier_uniform_`.
///
/// ```
/// use nn::Transformer;
/// use tensor::rand;
/// let net = Transformer::with(16, 4, 2, 2, |layer| layer.dim_feedforward(32));
/// let (source, target) = (rand([10, 3, 16]), rand([20, 3, 16]));
/// let later = Transformer::generate_square_subsequent_mask(20);
/// let output = net.forward_with(&source, &target, |masks| masks.tgt_mask(later));
/// assert_eq!(output.shape(), &[20, 3, 16]);
/// ```
#[derive(Module)]
pub struct Transformer {
    /// Of the source.
    pub encoder: TransformerEncoder,
    /// Of the target.
    pub decoder: TransformerDecoder,
    d_model: usize,
    batch_first: bool,
}

impl Transformer {
    /// Six layers each; PyTorch's default are 512 features in 8 heads.
    #[track_caller]
    pub fn new(d_model: usize, nhead: usize) -> Transformer {
        Transformer::with(d_model, nhead, 6, 6, |layer| layer)
    }

    /// With so many layers, of other settings than the default ones.
    #[track_caller]
    pub fn with(
        d_model: usize,
        nhead: usize,
        num_encoder_layers: usize,
        num_decoder_layers: usize,
        settings: impl FnOnce(TransformerOptions) -> TransformerOptions,
    ) -> Transformer {
        let settings = settings(TransformerOptions::default());
        let layer = TransformerEncoderLayer::of(d_model, nhead, settings.clone());
        let encoder = TransformerEncoder::with_norm(layer, num_encoder_layers, settings.norm(d_model));
        let layer = TransformerDecoderLayer::of(d_model, nhead, settings.clone());
        let decoder = TransformerDecoder::with_norm(layer, num_decoder_layers, settings.norm(d_model));
        let net = Transformer { encoder, decoder, d_model, batch_first: settings.batch_first };
        for parameter in net.parameters().iter().filter(|parameter| parameter.ndim() > 1) {
            xavier_uniform_(parameter, 1.0);
        }
        net
    }

    /// The decoder's output for a target (step, batch, feature), in the settings' order, and the encoder's for the source.
    ///
    /// # Panics
    /// If shapes do not fit, with PyTorch's text.
    #[track_caller]
    pub fn forward(&self, src: &Tensor, tgt: &Tensor) -> Tensor {
        self.forward_with(src, tgt, |masks| masks)
    }

    /// [`forward`](Transformer::forward) with masks.
    #[track_caller]
    pub fn forward_with(
        &self,
        src: &Tensor,
        tgt: &Tensor,
        masks: impl FnOnce(TransformerMasks) -> TransformerMasks,
    ) -> Tensor {
        let masks = masks(TransformerMasks::default());
        let batch = if self.batch_first { 0 } else { 1 };
        assert!(
            src.ndim() != 3 || tgt.ndim() == 3 && src.size(batch) == tgt.size(batch),
            "the batch number of src and tgt must be equal"
        );
        assert!(
            src.size(-1) == self.d_model && tgt.size(-1) == self.d_model,
            "the feature number of src and tgt must be equal to d_model"
        );
        let memory = self.encoder.forward_with(src, |_| EncoderMasks {
            mask: masks.src_mask,
            src_key_padding_mask: masks.src_key_padding_mask,
            is_causal: masks.src_is_causal,
        });
        let output = self.decoder.forward_with(tgt, &memory, |_| DecoderMasks {
            tgt_mask: masks.tgt_mask,
            memory_mask: masks.memory_mask,
            tgt_key_padding_mask: masks.tgt_key_padding_mask,
            memory_key_padding_mask: masks.memory_key_padding_mask,
            tgt_is_causal: masks.tgt_is_causal,
            memory_is_causal: masks.memory_is_causal,
        });
        observe(self, src, output)
    }

    /// Numbers to add to scores so that each step sees those up to itself: zeros, and −∞ above the diagonal.
    ///
    /// ```
    /// let mask = nn::Transformer::generate_square_subsequent_mask(2);
    /// assert_eq!(mask.to_vec::<f32>(), [0.0, f32::NEG_INFINITY, 0.0, 0.0]);
    /// ```
    #[track_caller]
    pub fn generate_square_subsequent_mask(size: usize) -> Tensor {
        Transformer::generate_square_subsequent_mask_with(size, Creation::new())
    }

    /// [`generate_square_subsequent_mask`](Transformer::generate_square_subsequent_mask) in a dtype, on a device.
    #[track_caller]
    pub fn generate_square_subsequent_mask_with(size: usize, creation: impl Into<Creation>) -> Tensor {
        full_with([size, size], f64::NEG_INFINITY, creation.into()).triu(1)
    }
}
