//! The recurrent networks under their names. They differ in the step and in what goes from step to step.

use super::network::{Kind, Network};
use super::{Memory, Recurrence, RnnNonlinearity};
use crate::utils::rnn::PackedSequence;
use crate::{Member, MemberMut, Mode, Module, observe, repr};
use tensor::Tensor;

macro_rules! networks {
    ($($(#[$doc:meta])* $name:ident($state:ty) |$settings:ident| $kind:expr;)*) => { $(
        $(#[$doc])*
        pub struct $name {
            network: Network,
            /// Whether there is dropout between layers.
            pub training: Mode,
        }

        impl $name {
            /// One layer, forward, with biases.
            #[track_caller]
            pub fn new(input_size: usize, hidden_size: usize) -> $name {
                $name::with(input_size, hidden_size, |settings| settings)
            }

            /// With other settings than the default ones.
            ///
            /// # Panics
            /// If a size or a setting is none that there is, as in PyTorch.
            #[track_caller]
            pub fn with(
                input_size: usize,
                hidden_size: usize,
                settings: impl FnOnce(Recurrence) -> Recurrence,
            ) -> $name {
                let $settings = settings(Recurrence::default());
                let kind = $kind;
                $name { network: Network::new(kind, input_size, hidden_size, $settings), training: Mode::default() }
            }

            /// The outputs of all steps, those of two directions side by side, and the last states of each layer and
            /// direction, for sequences (step, batch, feature), (batch, step, feature) with `batch_first`, or (step, feature).
            /// First states are (layers · directions, batch, hidden), without batch if the input has none; zeros if not given.
            ///
            /// # Panics
            /// If shapes or dtypes do not fit, with PyTorch's text.
            #[track_caller]
            pub fn forward(&self, input: &Tensor, hx: Option<&$state>) -> (Tensor, $state) {
                let hx = hx.map(Memory::parts);
                let (output, ends) = self.network.forward(stringify!($name), input, hx, self.training.get());
                (observe(self, input, output), Memory::of(ends))
            }

            #[doc = concat!("As [`forward`](", stringify!($name), "::forward), for sequences of several lengths.")]
            #[track_caller]
            pub fn forward_packed(&self, input: &PackedSequence, hx: Option<&$state>) -> (PackedSequence, $state) {
                let hx = hx.map(Memory::parts);
                let (output, ends) = self.network.forward_packed(input, hx, self.training.get());
                observe(self, &input.data, output.data.clone());
                (output, Memory::of(ends))
            }
        }

        impl Module for $name {
            fn type_name(&self) -> &'static str {
                stringify!($name)
            }
            fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>)) {
                self.network.members(visit);
                visit("training", Member::Mode(&self.training));
            }
            fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
                self.network.members_mut(visit);
            }
            fn extra_repr(&self) -> String {
                self.network.extra_repr()
            }
            fn as_dyn(&self) -> &dyn Module {
                self
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&repr(self))
            }
        }
    )* };
}

networks! {
    /// h' = tanh(W_ih·x + b_ih + W_hh·h + b_hh) for each step, or max(…, 0): `torch.nn.RNN`. Elman (1990), "Finding structure in
    /// time".
    ///
    /// Parameters are `weight_ih_l0` (hidden, input), `weight_hh_l0` (hidden, hidden), `bias_ih_l0` and `bias_hh_l0` (hidden) of
    /// the first layer, `…_l0_reverse` of its other direction, and so on; all are drawn evenly from ±1/√hidden.
    ///
    /// ```
    /// use nn::RNN;
    /// use tensor::randn;
    /// let rnn = RNN::with(10, 20, |rnn| rnn.num_layers(2));
    /// let (output, h) = rnn.forward(&randn([5, 3, 10]), None);
    /// assert_eq!((output.shape(), h.shape()), (&[5, 3, 20][..].into(), &[2, 3, 20][..].into()));
    /// let (_, h) = rnn.forward(&randn([1, 3, 10]), Some(&h));
    /// assert_eq!(h.shape(), &[2, 3, 20]);
    /// assert_eq!(rnn.to_string(), "RNN(10, 20, num_layers=2)");
    /// ```
    RNN(Tensor) |settings| Kind::from(settings.nonlinearity);

    /// Long short-term memory: `torch.nn.LSTM`. Hochreiter and Schmidhuber (1997); with `proj_size` h is projected, Sak et al.
    /// (2014). States are pairs (h, c).
    ///
    /// Parameters are those of [`RNN`], with 4 · hidden rows for the gates i, f, g, o, and `weight_hr_l0` (proj, hidden).
    ///
    /// ```
    /// use nn::LSTM;
    /// use tensor::randn;
    /// let lstm = LSTM::with(10, 20, |lstm| lstm.batch_first(true).bidirectional(true));
    /// let (output, (h, c)) = lstm.forward(&randn([3, 5, 10]), None);
    /// assert_eq!((output.size(2), h.size(0), c.size(0)), (40, 2, 2));
    /// assert_eq!(lstm.to_string(), "LSTM(10, 20, batch_first=True, bidirectional=True)");
    /// ```
    LSTM((Tensor, Tensor)) |settings| {
        no_nonlinearity(&settings);
        Kind::Lstm
    };

    /// Gated recurrent units: `torch.nn.GRU`. Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder".
    ///
    /// Parameters are those of [`RNN`], with 3 · hidden rows for the gates r, z, n.
    ///
    /// ```
    /// use nn::GRU;
    /// use tensor::randn;
    /// let gru = GRU::new(10, 20);
    /// // One sequence without a batch.
    /// let (output, h) = gru.forward(&randn([5, 10]), None);
    /// assert!(output.i(-1).equal(&h.i(0)));
    /// ```
    GRU(Tensor) |settings| {
        no_nonlinearity(&settings);
        Kind::Gru
    };
}

#[track_caller]
fn no_nonlinearity(settings: &Recurrence) {
    let default = settings.nonlinearity == RnnNonlinearity::default();
    assert!(default, "RNNBase.__init__() got an unexpected keyword argument 'nonlinearity'");
}
