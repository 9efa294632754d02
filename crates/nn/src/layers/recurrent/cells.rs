//! One step of a recurrent network, as a layer.

use super::{Creation, Memory, RnnNonlinearity, python, uniform_parameter};
use crate::{Module, observe};
use tensor::{Options, Tensor, zeros_with};

tensor::settings! {
    /// What a recurrent cell takes beside its sizes.
    pub struct CellOptions {
        /// Whether the two weights have biases.
        bias: bool = true,
        /// What is applied to the state; only of [`RNNCell`].
        nonlinearity: RnnNonlinearity = RnnNonlinearity::Tanh,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

macro_rules! cells {
    ($($(#[$doc:meta])* $name:ident($state:ty, $gates:literal)
       |$cell:ident, $input:ident, $hx:ident, $ih:ident, $hh:ident| $step:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            /// (gates · hidden, input)
            pub weight_ih: Tensor,
            /// (gates · hidden, hidden)
            pub weight_hh: Tensor,
            /// (gates · hidden)
            pub bias_ih: Option<Tensor>,
            /// (gates · hidden)
            pub bias_hh: Option<Tensor>,
            #[skip]
            nonlinearity: RnnNonlinearity,
        }

        impl $name {
            /// With biases.
            #[track_caller]
            pub fn new(input_size: usize, hidden_size: usize) -> $name {
                $name::with(input_size, hidden_size, |settings| settings)
            }

            /// With other settings than the default ones.
            #[track_caller]
            pub fn with(
                input_size: usize,
                hidden_size: usize,
                settings: impl FnOnce(CellOptions) -> CellOptions,
            ) -> $name {
                let CellOptions { bias, nonlinearity, creation } = settings(CellOptions::default());
                assert!(
                    stringify!($name) == "RNNCell" || nonlinearity == RnnNonlinearity::default(),
                    concat!(stringify!($name), ".__init__() got an unexpected keyword argument 'nonlinearity'")
                );
                let bound = if hidden_size > 0 { 1.0 / (hidden_size as f64).sqrt() } else { 0.0 };
                let gates = $gates * hidden_size;
                $name {
                    weight_ih: uniform_parameter(&[gates, input_size], bound, creation),
                    weight_hh: uniform_parameter(&[gates, hidden_size], bound, creation),
                    bias_ih: bias.then(|| uniform_parameter(&[gates], bound, creation)),
                    bias_hh: bias.then(|| uniform_parameter(&[gates], bound, creation)),
                    nonlinearity,
                }
            }

            /// The next state for an input (batch, feature) or (feature) and a state (batch, hidden) or (hidden); zeros if not
            /// given.
            ///
            /// # Panics
            /// If shapes do not fit.
            #[track_caller]
            pub fn forward(&self, input: &Tensor, hx: Option<&$state>) -> $state {
                let ($cell, hx) = (self, hx.map(Memory::parts));
                let rank = input.ndim();
                let name = stringify!($name);
                assert!(rank == 1 || rank == 2, "{name}: Expected input to be 1D or 2D, got {rank}D instead");
                for (i, state) in hx.iter().flatten().enumerate() {
                    let which = if name == "LSTMCell" { format!("hx[{i}]") } else { "hidden".into() };
                    let rank = state.ndim();
                    assert!(rank == 1 || rank == 2, "{name}: Expected {which} to be 1D or 2D, got {rank}D instead");
                }
                let row = |x: &Tensor| if rank == 1 { x.unsqueeze(0) } else { x.clone() };
                let $input = &row(input);
                let $hx: Vec<Tensor> = match hx {
                    Some(hx) => hx.iter().map(row).collect(),
                    None => {
                        let options = Options::from(input.dtype()).device(input.device());
                        vec![zeros_with([$input.size(0), self.weight_hh.size(1)], options); 2]
                    }
                };
                let ($ih, $hh) = (self.bias_ih.as_ref(), self.bias_hh.as_ref());
                let next: $state = $step;
                let mut next = next.parts();
                if rank == 1 {
                    next.iter_mut().for_each(|state| *state = state.squeeze_dim(0));
                }
                next[0] = observe(self, input, next[0].clone());
                Memory::of(next)
            }

            fn extra_repr(&self) -> String {
                let mut text = format!("{}, {}", self.weight_ih.size(1), self.weight_hh.size(1));
                if self.bias_ih.is_none() {
                    text += &format!(", bias={}", python(false));
                }
                if self.nonlinearity == RnnNonlinearity::Relu {
                    text += ", nonlinearity=relu";
                }
                text
            }
        }
    )* };
}

cells! {
    /// A step of [`RNN`](crate::RNN): `torch.nn.RNNCell`.
    ///
    /// ```
    /// use nn::RNNCell;
    /// use tensor::randn;
    /// let cell = RNNCell::new(10, 20);
    /// let inputs = randn([6, 3, 10]);
    /// let h = (0..6).fold(randn([3, 20]), |h, step| cell.forward(&inputs.i(step), Some(&h)));
    /// assert_eq!(h.shape(), &[3, 20]);
    /// ```
    RNNCell(Tensor, 1) |cell, input, hx, ih, hh| match cell.nonlinearity {
        RnnNonlinearity::Tanh => input.rnn_tanh_cell(&hx[0], &cell.weight_ih, &cell.weight_hh, ih, hh),
        RnnNonlinearity::Relu => input.rnn_relu_cell(&hx[0], &cell.weight_ih, &cell.weight_hh, ih, hh),
    };
    /// A step of [`LSTM`](crate::LSTM): `torch.nn.LSTMCell`. States are pairs (h, c).
    ///
    /// ```
    /// use nn::LSTMCell;
    /// let (h, c) = LSTMCell::new(10, 20).forward(&tensor::randn([3, 10]), None);
    /// assert_eq!((h.shape(), c.size(1)), (&[3, 20][..].into(), 20));
    /// ```
    LSTMCell((Tensor, Tensor), 4) |cell, input, hx, ih, hh| {
        input.lstm_cell((&hx[0], &hx[1]), &cell.weight_ih, &cell.weight_hh, ih, hh)
    };
    /// A step of [`GRU`](crate::GRU): `torch.nn.GRUCell`.
    ///
    /// ```
    /// use nn::GRUCell;
    /// assert_eq!(GRUCell::new(10, 20).forward(&tensor::randn([10]), None).shape(), &[20]);
    /// ```
    GRUCell(Tensor, 3) |cell, input, hx, ih, hh| {
        input.gru_cell(&hx[0], &cell.weight_ih, &cell.weight_hh, ih, hh)
    };
}
