//! What recurrent networks share: parameters by layer and direction, checks, and layers one after the other with dropout in
//! between. It knows the kinds of steps by name only.

use super::{Creation, Recurrence, RnnNonlinearity, python, uniform_parameter};
use crate::utils::rnn::PackedSequence;
use crate::{Member, MemberMut};
use tensor::{DType, Noise, Options, Place, Tensor, cat, python_float, zeros_with};
use tensor_core::op::RnnOptions;

/// What a step computes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tanh,
    Relu,
    Lstm,
    Gru,
}

impl Kind {
    fn gates(self) -> usize {
        match self {
            Kind::Tanh | Kind::Relu => 1,
            Kind::Lstm => 4,
            Kind::Gru => 3,
        }
    }
}

/// A network, but for its public form.
pub(super) struct Network {
    kind: Kind,
    input_size: usize,
    hidden_size: usize,
    settings: Recurrence,
    names: Vec<String>,
    parameters: Vec<Tensor>,
}

impl Network {
    #[track_caller]
    pub(super) fn new(kind: Kind, input_size: usize, hidden_size: usize, settings: Recurrence) -> Network {
        assert!(
            (0.0..=1.0).contains(&settings.dropout),
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        );
        for (name, size) in
            [("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", settings.num_layers)]
        {
            assert!(size > 0, "{name} must be greater than zero");
        }
        assert!(
            kind == Kind::Lstm || settings.proj_size == 0,
            "proj_size argument is only supported for LSTM, not RNN or GRU"
        );
        assert!(settings.proj_size < hidden_size, "proj_size has to be smaller than hidden_size");
        let mut network =
            Network { kind, input_size, hidden_size, settings, names: Vec::new(), parameters: Vec::new() };
        network.fill();
        network
    }

    /// Draws the parameters, all evenly from ±1/√hidden.
    #[track_caller]
    fn fill(&mut self) {
        let Recurrence { num_layers, bias, proj_size, creation, .. } = self.settings;
        let (gates, output) = (self.kind.gates() * self.hidden_size, self.output_size());
        let bound = 1.0 / (self.hidden_size as f64).sqrt();
        for layer in 0..num_layers {
            for suffix in ["", "_reverse"].into_iter().take(self.directions()) {
                let input = if layer == 0 { self.input_size } else { output * self.directions() };
                let shapes: [(&str, &[usize], bool); 5] = [
                    ("weight_ih", &[gates, input], true),
                    ("weight_hh", &[gates, output], true),
                    ("bias_ih", &[gates], bias),
                    ("bias_hh", &[gates], bias),
                    ("weight_hr", &[proj_size, self.hidden_size], proj_size > 0),
                ];
                for (name, shape, _) in shapes.into_iter().filter(|(_, _, exists)| *exists) {
                    self.names.push(format!("{name}_l{layer}{suffix}"));
                    self.parameters.push(uniform_parameter(shape, bound, creation));
                }
            }
        }
    }

    fn directions(&self) -> usize {
        1 + usize::from(self.settings.bidirectional)
    }

    /// The width of one direction's output.
    fn output_size(&self) -> usize {
        if self.settings.proj_size > 0 { self.settings.proj_size } else { self.hidden_size }
    }

    pub(super) fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>)) {
        self.names.iter().zip(&self.parameters).for_each(|(name, own)| visit(name, Member::Parameter(own)));
    }

    pub(super) fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
        self.names.iter().zip(&mut self.parameters).for_each(|(name, own)| visit(name, MemberMut::Parameter(own)));
    }

    pub(super) fn extra_repr(&self) -> String {
        let Recurrence { num_layers, bias, batch_first, dropout, bidirectional, proj_size, .. } = self.settings;
        let mut text = format!("{}, {}", self.input_size, self.hidden_size);
        let mut add = |differs: bool, name: &str, value: String| {
            if differs {
                text += &format!(", {name}={value}");
            }
        };
        add(proj_size != 0, "proj_size", proj_size.to_string());
        add(num_layers != 1, "num_layers", num_layers.to_string());
        add(!bias, "bias", python(bias).into());
        add(batch_first, "batch_first", python(batch_first).into());
        add(dropout != 0.0, "dropout", python_float(dropout));
        add(bidirectional, "bidirectional", python(bidirectional).into());
        text
    }

    /// Outputs and last states of sequences of one length, of a batch or without one.
    #[track_caller]
    pub(super) fn forward(
        &self,
        name: &str,
        input: &Tensor,
        hx: Option<Vec<Tensor>>,
        training: bool,
    ) -> (Tensor, Vec<Tensor>) {
        let rank = input.ndim();
        // PyTorch says one word more for a simple network.
        let what = if matches!(self.kind, Kind::Tanh | Kind::Relu) { "D tensor" } else { "D" };
        assert!(rank == 2 || rank == 3, "{name}: Expected input to be 2D or 3D, got {rank}{what} instead");
        hx.iter().for_each(|hx| self.check_ranks(hx, rank));
        let batch_dim = if self.settings.batch_first { 0 } else { 1 };
        let (input, hx) = match rank {
            2 => (input.unsqueeze(batch_dim), hx.map(|hx| hx.iter().map(|state| state.unsqueeze(1)).collect())),
            _ => (input.clone(), hx),
        };
        let steps_first = if self.settings.batch_first { input.transpose(0, 1) } else { input };
        let hx = self.checked(&steps_first, hx, steps_first.size(1));
        let (output, ends) = self.layers(&steps_first, None, hx, training);
        let output = if self.settings.batch_first { output.transpose(0, 1) } else { output };
        match rank {
            2 => (output.squeeze_dim(batch_dim), ends.iter().map(|state| state.squeeze_dim(1)).collect()),
            _ => (output, ends),
        }
    }

    /// Outputs and last states of sequences of several lengths.
    #[track_caller]
    pub(super) fn forward_packed(
        &self,
        input: &PackedSequence,
        hx: Option<Vec<Tensor>>,
        training: bool,
    ) -> (PackedSequence, Vec<Tensor>) {
        let data = &input.data;
        assert!(data.ndim() == 2, "input must have 2 dimensions, got {}", data.ndim());
        let ordered = |states: Vec<Tensor>, order: &Option<Tensor>| match order {
            Some(order) => states.iter().map(|state| state.index_select(1, order)).collect(),
            None => states,
        };
        let hx = hx.map(|hx| ordered(hx, &input.sorted_indices));
        let hx = self.checked(data, hx, input.batch_sizes.i(0).item::<i64>() as usize);
        let sizes = input.batch_sizes.to(data.device());
        let (output, ends) = self.layers(data, Some(&sizes), hx, training);
        (PackedSequence { data: output, ..input.clone() }, ordered(ends, &input.unsorted_indices))
    }

    #[track_caller]
    fn check_ranks(&self, hx: &[Tensor], rank: usize) {
        let ranks: Vec<usize> = hx.iter().map(Tensor::ndim).collect();
        let batched = if rank == 3 { "batched" } else { "unbatched" };
        match ranks[..] {
            [h] => assert!(h == rank, "For {batched} {rank}-D input, hx should also be {rank}-D but got {h}-D tensor"),
            _ => assert!(
                ranks.iter().all(|own| *own == rank),
                "For {batched} {rank}-D input, hx and cx should also be {rank}-D but got ({}-D, {}-D) tensors",
                ranks[0],
                ranks[1]
            ),
        }
    }

    /// The first states, zeros where none are given, checked as the input is.
    #[track_caller]
    fn checked(&self, input: &Tensor, hx: Option<Vec<Tensor>>, count: usize) -> Vec<Tensor> {
        let (own, given) = (self.parameters[0].dtype(), input.dtype());
        let name = |dtype: DType| format!("torch.{}", dtype.name());
        assert!(
            own == given,
            "RNN input dtype ({0}) does not match weight dtype ({1}). Convert input: input.to({1}), or convert model: \
             model.to({0})",
            name(given),
            name(own)
        );
        let width = input.size(-1);
        assert!(
            width == self.input_size,
            "input.size(-1) must be equal to input_size. Expected {}, got {width}",
            self.input_size
        );
        let widths = [self.output_size(), self.hidden_size];
        let widths = &widths[..if self.kind == Kind::Lstm { 2 } else { 1 }];
        let layers = self.settings.num_layers * self.directions();
        let options: Creation = Options::from(input.dtype()).device(input.device());
        let Some(hx) = hx else {
            return widths.iter().map(|width| zeros_with([layers, count, *width], options)).collect();
        };
        for (i, (state, width)) in hx.iter().zip(widths).enumerate() {
            let which = if widths.len() > 1 { format!("hidden[{i}]") } else { "hidden".into() };
            assert!(
                state.shape()[..] == [layers, count, *width],
                "Expected {which} size ({layers}, {count}, {width}), got {:?}",
                state.shape()
            );
        }
        hx
    }

    /// The layers one by one, on rows of a packed sequence if there are `sizes`.
    #[track_caller]
    fn layers(&self, x: &Tensor, sizes: Option<&Tensor>, hx: Vec<Tensor>, training: bool) -> (Tensor, Vec<Tensor>) {
        let Recurrence { num_layers, bias, dropout, bidirectional, proj_size, .. } = self.settings;
        let options = RnnOptions { has_biases: bias, bidirectional, projected: proj_size > 0, ..RnnOptions::default() };
        let (mut x, mut ends) = (x.clone(), vec![Vec::new(); hx.len()]);
        for (layer, own) in self.parameters.chunks(self.parameters.len() / num_layers).enumerate() {
            if layer > 0 {
                x = x.dropout(dropout, training);
            }
            let first = |state: &Tensor| state.narrow(0, (layer * self.directions()) as i64, self.directions());
            let first: Vec<Tensor> = hx.iter().map(first).collect();
            let (output, last) = self.layer(&x, sizes, &first, own, options);
            ends.iter_mut().zip(last).for_each(|(ends, last)| ends.push(last));
            x = output;
        }
        (x, ends.iter().map(|ends| if let [only] = &ends[..] { only.clone() } else { cat(ends, 0) }).collect())
    }

    #[track_caller]
    fn layer(
        &self,
        x: &Tensor,
        sizes: Option<&Tensor>,
        hx: &[Tensor],
        own: &[Tensor],
        options: RnnOptions,
    ) -> (Tensor, Vec<Tensor>) {
        let one = |(output, h): (Tensor, Tensor)| (output, vec![h]);
        let two = |(output, h, c): (Tensor, Tensor, Tensor)| (output, vec![h, c]);
        match (self.kind, sizes) {
            (Kind::Tanh, None) => one(x.rnn_tanh(&hx[0], own, options)),
            (Kind::Relu, None) => one(x.rnn_relu(&hx[0], own, options)),
            (Kind::Gru, None) => one(x.gru(&hx[0], own, options)),
            (Kind::Lstm, None) => two(x.lstm((&hx[0], &hx[1]), own, options)),
            (Kind::Tanh, Some(sizes)) => one(x.rnn_tanh_packed(sizes, &hx[0], own, options)),
            (Kind::Relu, Some(sizes)) => one(x.rnn_relu_packed(sizes, &hx[0], own, options)),
            (Kind::Gru, Some(sizes)) => one(x.gru_packed(sizes, &hx[0], own, options)),
            (Kind::Lstm, Some(sizes)) => two(x.lstm_packed(sizes, (&hx[0], &hx[1]), own, options)),
        }
    }
}

impl From<RnnNonlinearity> for Kind {
    fn from(nonlinearity: RnnNonlinearity) -> Kind {
        match nonlinearity {
            RnnNonlinearity::Tanh => Kind::Tanh,
            RnnNonlinearity::Relu => Kind::Relu,
        }
    }
}
