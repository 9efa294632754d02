//! A transformer's decoder: attention among the target's steps, then to the encoder's output, then two linear layers, several
//! times.

use super::{
    Creation, Dropout, Forward, LayerNorm, Linear, Module, MultiheadAttention, TransformerOptions, copied, observe,
};
use crate::{AttentionMasks, ModuleList};
use tensor::Tensor;

tensor::settings! {
    /// Which steps a decoder sees: masks as those of [`AttentionMasks`].
    pub struct DecoderMasks {
        /// Of the target among itself.
        tgt_mask: into Option<Tensor> = None,
        /// Of the encoder's output, by the target.
        memory_mask: into Option<Tensor> = None,
        /// Of the target's steps.
        tgt_key_padding_mask: into Option<Tensor> = None,
        /// Of the encoder's output's steps.
        memory_key_padding_mask: into Option<Tensor> = None,
        /// Whether `tgt_mask` hides what comes later.
        tgt_is_causal: bool = false,
        /// Whether `memory_mask` hides what comes later.
        memory_is_causal: bool = false,
    }
}

/// Attention among the target's steps, then to the encoder's output, then two linear layers, each added to its input and
/// normalized: `torch.nn.TransformerDecoderLayer`.
///
/// ```
/// use nn::TransformerDecoderLayer;
/// use tensor::rand;
/// let layer = TransformerDecoderLayer::with(16, 4, |layer| layer.dim_feedforward(32));
/// assert_eq!(layer.forward(&rand([20, 3, 16]), &rand([10, 3, 16])).shape(), &[20, 3, 16]);
/// ```
#[derive(Module)]
pub struct TransformerDecoderLayer {
    /// Among the target's steps.
    pub self_attn: MultiheadAttention,
    /// From the target's steps to the encoder's output.
    pub multihead_attn: MultiheadAttention,
    /// To the wider space.
    pub linear1: Linear,
    /// In the wider space.
    pub dropout: Dropout,
    /// Back.
    pub linear2: Linear,
    /// Of the attention among the target's steps.
    pub norm1: LayerNorm,
    /// Of the attention to the encoder's output.
    pub norm2: LayerNorm,
    /// Of the linear layers.
    pub norm3: LayerNorm,
    /// Of the attention among the target's steps.
    pub dropout1: Dropout,
    /// Of the attention to the encoder's output.
    pub dropout2: Dropout,
    /// Of the linear layers.
    pub dropout3: Dropout,
    nhead: usize,
    #[skip]
    settings: TransformerOptions,
}

impl TransformerDecoderLayer {
    /// With the default settings.
    #[track_caller]
    pub fn new(d_model: usize, nhead: usize) -> TransformerDecoderLayer {
        TransformerDecoderLayer::with(d_model, nhead, |layer| layer)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        d_model: usize,
        nhead: usize,
        settings: impl FnOnce(TransformerOptions) -> TransformerOptions,
    ) -> TransformerDecoderLayer {
        TransformerDecoderLayer::of(d_model, nhead, settings(TransformerOptions::default()))
    }

    #[track_caller]
    pub(super) fn of(d_model: usize, nhead: usize, settings: TransformerOptions) -> TransformerDecoderLayer {
        TransformerDecoderLayer {
            self_attn: settings.attention(d_model, nhead),
            multihead_attn: settings.attention(d_model, nhead),
            linear1: settings.linear(d_model, settings.dim_feedforward),
            dropout: settings.dropout_layer(),
            linear2: settings.linear(settings.dim_feedforward, d_model),
            norm1: settings.norm(d_model),
            norm2: settings.norm(d_model),
            norm3: settings.norm(d_model),
            dropout1: settings.dropout_layer(),
            dropout2: settings.dropout_layer(),
            dropout3: settings.dropout_layer(),
            nhead,
            settings,
        }
    }

    #[track_caller]
    fn copied(&self) -> TransformerDecoderLayer {
        let d_model = self.linear1.weight.size(1);
        copied(self, |creation: Creation| {
            TransformerDecoderLayer::of(d_model, self.nhead, self.settings.clone().creation(creation))
        })
    }

    /// The output for a target (step, batch, feature), in the settings' order, or (step, feature), and an encoder's output.
    #[track_caller]
    pub fn forward(&self, tgt: &Tensor, memory: &Tensor) -> Tensor {
        self.forward_with(tgt, memory, |masks| masks)
    }

    /// [`forward`](TransformerDecoderLayer::forward) with masks.
    #[track_caller]
    pub fn forward_with(
        &self,
        tgt: &Tensor,
        memory: &Tensor,
        masks: impl FnOnce(DecoderMasks) -> DecoderMasks,
    ) -> Tensor {
        let masks = masks(DecoderMasks::default());
        let among = |x: &Tensor| {
            let (y, _) = self.self_attn.forward_with(x, x, x, |own| AttentionMasks {
                attn_mask: masks.tgt_mask,
                key_padding_mask: masks.tgt_key_padding_mask,
                is_causal: masks.tgt_is_causal,
                need_weights: false,
                ..own
            });
            self.dropout1.forward(&y)
        };
        let across = |x: &Tensor| {
            let (y, _) = self.multihead_attn.forward_with(x, memory, memory, |own| AttentionMasks {
                attn_mask: masks.memory_mask,
                key_padding_mask: masks.memory_key_padding_mask,
                is_causal: masks.memory_is_causal,
                need_weights: false,
                ..own
            });
            self.dropout2.forward(&y)
        };
        let feedforward = |x: &Tensor| {
            let wide = self.settings.activation.of(&self.linear1.forward(x));
            self.dropout3.forward(&self.linear2.forward(&self.dropout.forward(&wide)))
        };
        let output = if self.settings.norm_first {
            let x = tgt + among(&self.norm1.forward(tgt));
            let x = &x + across(&self.norm2.forward(&x));
            &x + feedforward(&self.norm3.forward(&x))
        } else {
            let x = self.norm1.forward(&(tgt + among(tgt)));
            let x = self.norm2.forward(&(&x + across(&x)));
            self.norm3.forward(&(&x + feedforward(&x)))
        };
        observe(self, tgt, output)
    }
}

/// Several decoder layers, which start as copies of one: `torch.nn.TransformerDecoder`.
///
/// ```
/// use nn::{TransformerDecoder, TransformerDecoderLayer};
/// use tensor::rand;
/// let layer = TransformerDecoderLayer::with(16, 4, |layer| layer.dim_feedforward(32));
/// let decoder = TransformerDecoder::new(layer, 2);
/// assert_eq!(decoder.forward(&rand([20, 3, 16]), &rand([10, 3, 16])).shape(), &[20, 3, 16]);
/// ```
#[derive(Module)]
pub struct TransformerDecoder {
    /// One after the other.
    pub layers: ModuleList<TransformerDecoderLayer>,
    /// Of the last layer's output.
    pub norm: Option<LayerNorm>,
}

impl TransformerDecoder {
    /// Without a normalization at the end.
    #[track_caller]
    pub fn new(decoder_layer: TransformerDecoderLayer, num_layers: usize) -> TransformerDecoder {
        TransformerDecoder { layers: (0..num_layers).map(|_| decoder_layer.copied()).collect(), norm: None }
    }

    /// With a normalization at the end.
    #[track_caller]
    pub fn with_norm(decoder_layer: TransformerDecoderLayer, num_layers: usize, norm: LayerNorm) -> TransformerDecoder {
        TransformerDecoder { norm: Some(norm), ..TransformerDecoder::new(decoder_layer, num_layers) }
    }

    /// The output for a target (step, batch, feature), in the layers' order, or (step, feature), and an encoder's output.
    #[track_caller]
    pub fn forward(&self, tgt: &Tensor, memory: &Tensor) -> Tensor {
        self.forward_with(tgt, memory, |masks| masks)
    }

    /// [`forward`](TransformerDecoder::forward) with masks.
    #[track_caller]
    pub fn forward_with(
        &self,
        tgt: &Tensor,
        memory: &Tensor,
        masks: impl FnOnce(DecoderMasks) -> DecoderMasks,
    ) -> Tensor {
        let masks = masks(DecoderMasks::default());
        let step = |x: Tensor, layer: &TransformerDecoderLayer| layer.forward_with(&x, memory, |_| masks.clone());
        let output = self.layers.iter().fold(tgt.clone(), step);
        observe(self, tgt, self.norm.as_ref().map_or(output.clone(), |norm| norm.forward(&output)))
    }
}
