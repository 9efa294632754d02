//! A transformer's encoder: attention among the source's steps, then two linear layers, several times.

use super::{
    Creation, Dropout, Forward, LayerNorm, Linear, Module, MultiheadAttention, TransformerOptions, copied, observe,
};
use crate::ModuleList;
use tensor::Tensor;

tensor::settings! {
    /// Which steps an encoder sees: masks as those of [`AttentionMasks`](crate::AttentionMasks).
    pub struct EncoderMasks {
        /// Of the source among itself. PyTorch calls it `src_mask` in a layer.
        mask: into Option<Tensor> = None,
        /// Of the source's steps.
        src_key_padding_mask: into Option<Tensor> = None,
        /// Whether `mask` hides what comes later.
        is_causal: bool = false,
    }
}

/// Attention among the steps of a sequence, then two linear layers, each added to its input and normalized:
/// `torch.nn.TransformerEncoderLayer`.
///
/// ```
/// use nn::{Activation, Forward, TransformerEncoderLayer};
/// let layer = TransformerEncoderLayer::with(16, 4, |layer| layer.dim_feedforward(32).activation(Activation::Gelu));
/// assert_eq!(layer.forward(&tensor::rand([10, 3, 16])).shape(), &[10, 3, 16]);
/// ```
#[derive(Module)]
pub struct TransformerEncoderLayer {
    /// Among the source's steps.
    pub self_attn: MultiheadAttention,
    /// To the wider space.
    pub linear1: Linear,
    /// In the wider space.
    pub dropout: Dropout,
    /// Back.
    pub linear2: Linear,
    /// Of the attention.
    pub norm1: LayerNorm,
    /// Of the linear layers.
    pub norm2: LayerNorm,
    /// Of the attention.
    pub dropout1: Dropout,
    /// Of the linear layers.
    pub dropout2: Dropout,
    nhead: usize,
    #[skip]
    settings: TransformerOptions,
}

impl TransformerEncoderLayer {
    /// With the default settings.
    #[track_caller]
    pub fn new(d_model: usize, nhead: usize) -> TransformerEncoderLayer {
        TransformerEncoderLayer::with(d_model, nhead, |layer| layer)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        d_model: usize,
        nhead: usize,
        settings: impl FnOnce(TransformerOptions) -> TransformerOptions,
    ) -> TransformerEncoderLayer {
        TransformerEncoderLayer::of(d_model, nhead, settings(TransformerOptions::default()))
    }

    #[track_caller]
    pub(super) fn of(d_model: usize, nhead: usize, settings: TransformerOptions) -> TransformerEncoderLayer {
        TransformerEncoderLayer {
            self_attn: settings.attention(d_model, nhead),
            linear1: settings.linear(d_model, settings.dim_feedforward),
            dropout: settings.dropout_layer(),
            linear2: settings.linear(settings.dim_feedforward, d_model),
            norm1: settings.norm(d_model),
            norm2: settings.norm(d_model),
            dropout1: settings.dropout_layer(),
            dropout2: settings.dropout_layer(),
            nhead,
            settings,
        }
    }

    #[track_caller]
    fn copied(&self) -> TransformerEncoderLayer {
        let d_model = self.linear1.weight.size(1);
        copied(self, |creation: Creation| {
            TransformerEncoderLayer::of(d_model, self.nhead, self.settings.clone().creation(creation))
        })
    }

    /// The output for sequences (step, batch, feature), in the settings' order, or (step, feature), with masks.
    #[track_caller]
    pub fn forward_with(&self, src: &Tensor, masks: impl FnOnce(EncoderMasks) -> EncoderMasks) -> Tensor {
        let masks = masks(EncoderMasks::default());
        let attention = |x: &Tensor| {
            let (y, _) = self.self_attn.forward_with(x, x, x, |own| crate::AttentionMasks {
                attn_mask: masks.mask,
                key_padding_mask: masks.src_key_padding_mask,
                is_causal: masks.is_causal,
                need_weights: false,
                ..own
            });
            self.dropout1.forward(&y)
        };
        let feedforward = |x: &Tensor| {
            let wide = self.settings.activation.of(&self.linear1.forward(x));
            self.dropout2.forward(&self.linear2.forward(&self.dropout.forward(&wide)))
        };
        let output = if self.settings.norm_first {
            let x = src + attention(&self.norm1.forward(src));
            &x + feedforward(&self.norm2.forward(&x))
        } else {
            let x = self.norm1.forward(&(src + attention(src)));
            self.norm2.forward(&(&x + feedforward(&x)))
        };
        observe(self, src, output)
    }
}

impl Forward for TransformerEncoderLayer {
    #[track_caller]
    fn forward(&self, src: &Tensor) -> Tensor {
        self.forward_with(src, |masks| masks)
    }
}

/// Several encoder layers, which start as copies of one: `torch.nn.TransformerEncoder`.
///
/// ```
/// use nn::{Forward, TransformerEncoder, TransformerEncoderLayer};
/// let layer = TransformerEncoderLayer::with(16, 4, |layer| layer.dim_feedforward(32));
/// let encoder = TransformerEncoder::new(layer, 6);
/// assert!(encoder.layers[0].linear1.weight.equal(&encoder.layers[5].linear1.weight));
/// assert_eq!(encoder.forward(&tensor::rand([10, 3, 16])).shape(), &[10, 3, 16]);
/// ```
#[derive(Module)]
pub struct TransformerEncoder {
    /// One after the other.
    pub layers: ModuleList<TransformerEncoderLayer>,
    /// Of the last layer's output.
    pub norm: Option<LayerNorm>,
}

impl TransformerEncoder {
    /// Without a normalization at the end.
    #[track_caller]
    pub fn new(encoder_layer: TransformerEncoderLayer, num_layers: usize) -> TransformerEncoder {
        TransformerEncoder { layers: (0..num_layers).map(|_| encoder_layer.copied()).collect(), norm: None }
    }

    /// With a normalization at the end.
    #[track_caller]
    pub fn with_norm(encoder_layer: TransformerEncoderLayer, num_layers: usize, norm: LayerNorm) -> TransformerEncoder {
        TransformerEncoder { norm: Some(norm), ..TransformerEncoder::new(encoder_layer, num_layers) }
    }

    /// The output for sequences (step, batch, feature), in the layers' order, or (step, feature), with masks.
    #[track_caller]
    pub fn forward_with(&self, src: &Tensor, masks: impl FnOnce(EncoderMasks) -> EncoderMasks) -> Tensor {
        let masks = masks(EncoderMasks::default());
        let output = self.layers.iter().fold(src.clone(), |x, layer| layer.forward_with(&x, |_| masks.clone()));
        observe(self, src, self.norm.as_ref().map_or(output.clone(), |norm| norm.forward(&output)))
    }
}

impl Forward for TransformerEncoder {
    #[track_caller]
    fn forward(&self, src: &Tensor) -> Tensor {
        self.forward_with(src, |masks| masks)
    }
}
