//! Batch and instance normalization, which treat each channel for itself, as layers.

use super::{Creation, forward, python};
use crate::{Mode, Module, parameter};
use tensor::{Tensor, dtype::int64, ones_with, python_float, tensor_with, zeros_with};
use tensor_core::op::norm::BatchNorm;

tensor::settings! {
    /// What batch normalization takes beside its channels.
    pub struct BatchNormalization {
        /// What is added to variances.
        eps: f64 = 1e-5,
        /// The share of a batch in updated running statistics; `None` for the mean of all batches so far.
        momentum: into Option<f64> = 0.1,
        /// Whether each channel has a factor and, with `bias`, a number to add.
        affine: bool = true,
        /// Whether there is a number to add.
        bias: bool = true,
        /// Whether running statistics are kept, and used in evaluation.
        track_running_stats: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// The text that batch and instance normalization print.
fn channel_repr(features: usize, settings: &BatchNormalization) -> String {
    format!(
        "{features}, eps={}, momentum={}, affine={}, bias={}, track_running_stats={}",
        python_float(settings.eps),
        settings.momentum.map_or("None".into(), python_float),
        python(settings.affine),
        python(settings.affine && settings.bias),
        python(settings.track_running_stats)
    )
}

macro_rules! channel_norms {
    ($defaults:expr, $apply:ident; $($(#[$doc:meta])* $name:ident $ranks:pat, $batched:literal, $expected:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            /// A factor for each channel; ones when new.
            pub weight: Option<Tensor>,
            /// A number to add for each channel; zeros when new.
            pub bias: Option<Tensor>,
            /// The running mean of each channel.
            #[buffer]
            pub running_mean: Option<Tensor>,
            /// The running variance of each channel.
            #[buffer]
            pub running_var: Option<Tensor>,
            /// How many batches the running statistics have seen.
            #[buffer]
            pub num_batches_tracked: Option<Tensor>,
            /// Whether batches are normalized by their own statistics.
            pub training: Mode,
            num_features: usize,
            #[skip]
            settings: BatchNormalization,
        }

        impl $name {
            /// With the default settings.
            #[track_caller]
            pub fn new(num_features: usize) -> $name {
                $name::with(num_features, |norm| norm)
            }

            /// With other settings than the default ones.
            #[track_caller]
            pub fn with(
                num_features: usize,
                settings: impl FnOnce(BatchNormalization) -> BatchNormalization,
            ) -> $name {
                let settings = settings($defaults);
                let BatchNormalization { affine, bias, track_running_stats, creation, .. } = settings;
                let size = [num_features];
                let weight = affine.then(|| parameter(ones_with(size, creation)));
                let bias = (affine && bias).then(|| parameter(zeros_with(size, creation)));
                let running_mean = track_running_stats.then(|| zeros_with(size, creation));
                let running_var = track_running_stats.then(|| ones_with(size, creation));
                let tracked = track_running_stats.then(|| tensor_with(0, creation.dtype(int64)));
                $name {
                    weight,
                    bias,
                    running_mean,
                    running_var,
                    num_batches_tracked: tracked,
                    training: Mode::default(),
                    num_features,
                    settings,
                }
            }

            /// Sets the running statistics to those of a new layer.
            pub fn reset_running_stats(&self) {
                for (buffer, value) in
                    [(&self.running_mean, 0), (&self.running_var, 1), (&self.num_batches_tracked, 0)]
                {
                    buffer.as_ref().inspect(|buffer| {
                        buffer.fill_(value);
                    });
                }
            }

            fn extra_repr(&self) -> String {
                channel_repr(self.num_features, &self.settings)
            }
        }

        forward!($name, |self, x| {
            assert!(matches!(x.ndim(), $ranks), concat!("expected ", $expected, " input (got {}D input)"), x.ndim());
            $apply!(self, x, $batched)
        });
    )* };
}

/// Counts a batch, and says which share it has in the running statistics.
fn counted(tracked: Option<&Tensor>, momentum: Option<f64>) -> f64 {
    let Some(tracked) = tracked else { return momentum.unwrap_or(0.0) };
    tracked.add_(1);
    // Only the mean of all batches has to read the count back, which on a GPU waits for it.
    momentum.unwrap_or_else(|| 1.0 / tracked.item::<f64>())
}

macro_rules! batch_norm {
    ($self:ident, $x:ident, $batched:literal) => {{
        let training = $self.training.get();
        let momentum = counted($self.num_batches_tracked.as_ref().filter(|_| training), $self.settings.momentum);
        let own_statistics = training || $self.running_mean.is_none() && $self.running_var.is_none();
        // In evaluation the running statistics must not be updated, nor those that are not tracked.
        let kept = !training || $self.settings.track_running_stats;
        $x.batch_norm(
            $self.running_mean.as_ref().filter(|_| kept),
            $self.running_var.as_ref().filter(|_| kept),
            BatchNorm {
                weight: $self.weight.as_ref(),
                bias: $self.bias.as_ref(),
                training: own_statistics,
                momentum,
                eps: $self.settings.eps,
            },
        )
    }};
}

channel_norms! {
    BatchNormalization::default(), batch_norm;
    /// Each channel of a batch (n, c) or (n, c, l) brought to mean 0 and variance 1, then scaled: `torch.nn.BatchNorm1d`.
    /// Ioffe and Szegedy (2015), "Batch normalization".
    BatchNorm1d 2 | 3, 3, "2D or 3D";
    /// Each channel of a batch (n, c, h, w) brought to mean 0 and variance 1, then scaled: `torch.nn.BatchNorm2d`. In evaluation
    /// by the running statistics of training, whose variance is the unbiased one. Ioffe and Szegedy (2015), "Batch
    /// normalization".
    ///
    /// ```
    /// use nn::{BatchNorm2d, Forward, Module};
    /// let norm = BatchNorm2d::new(3);
    /// let x = tensor::rand([8, 3, 4, 4]);
    /// assert!(norm.forward(&x).mean().item::<f64>().abs() < 1e-6);
    /// norm.eval();
    /// assert!(norm.forward(&x).mean().item::<f64>() > 0.2); // one batch moves the running mean by a tenth
    /// ```
    BatchNorm2d 4, 4, "4D";
    /// Each channel of a batch (n, c, d, h, w) brought to mean 0 and variance 1, then scaled: `torch.nn.BatchNorm3d`.
    BatchNorm3d 5, 5, "5D";
}

macro_rules! instance_norm {
    ($self:ident, $x:ident, $batched:literal) => {{
        let single = $x.ndim() < $batched;
        let x = if single { $x.unsqueeze(0) } else { $x.clone() };
        let y = x.instance_norm(
            $self.running_mean.as_ref(),
            $self.running_var.as_ref(),
            BatchNorm {
                weight: $self.weight.as_ref(),
                bias: $self.bias.as_ref(),
                training: $self.training.get() || !$self.settings.track_running_stats,
                momentum: $self.settings.momentum.unwrap_or(0.0),
                eps: $self.settings.eps,
            },
        );
        if single { y.squeeze_dim(0) } else { y }
    }};
}

channel_norms! {
    BatchNormalization::default().affine(false).track_running_stats(false), instance_norm;
    /// Each channel of each line (n, c, l) or (c, l) brought to mean 0 and variance 1: `torch.nn.InstanceNorm1d`. It is neither
    /// scaled nor are statistics kept, unless asked for. Ulyanov et al. (2016), "Instance normalization".
    InstanceNorm1d 2 | 3, 3, "2D or 3D";
    /// Each channel of each image (n, c, h, w) or (c, h, w) brought to mean 0 and variance 1: `torch.nn.InstanceNorm2d`. It is
    /// neither scaled nor are statistics kept, unless asked for.
    ///
    /// ```
    /// use nn::{Forward, InstanceNorm2d};
    /// let y = InstanceNorm2d::new(3).forward(&tensor::rand([3, 8, 8]));
    /// assert!(y.mean().item::<f64>().abs() < 1e-6);
    /// ```
    InstanceNorm2d 3 | 4, 4, "3D or 4D";
    /// Each channel of each volume (n, c, d, h, w) or (c, d, h, w) brought to mean 0 and variance 1: `torch.nn.InstanceNorm3d`.
    InstanceNorm3d 4 | 5, 5, "4D or 5D";
}
