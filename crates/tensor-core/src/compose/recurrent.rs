//! Recurrent networks: layers and directions around the one operation that runs the steps of a layer.

use crate::mode::{self, Recording};
use crate::op::join::{try_cat, try_stack};
use crate::op::recurrent::{Cell, Layer, Recurrent};
use crate::twins::twins;
use crate::{Op, Result, Tensor, bail};

/// How the layers of a recurrent network are put together. The default is PyTorch's: one layer, forward, with biases.
///
/// There is no dropout between layers here: run them one by one with it in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RnnOptions {
    /// Whether each direction of each layer has two biases behind its two weights.
    pub has_biases: bool,
    /// Layers, each on the output of the one before.
    pub num_layers: usize,
    /// Whether each layer also runs from the last step to the first; outputs are then side by side.
    pub bidirectional: bool,
    /// Whether sequences come as (batch, step, feature) rather than (step, batch, feature).
    pub batch_first: bool,
    /// Whether each h is projected (Sak et al. 2014): a weight (projection, hidden) comes last among the parameters of each
    /// direction of each layer, and h has that size wherever it is given, taken or returned.
    pub projected: bool,
}

impl RnnOptions {
    /// How many parameters one direction of one layer has.
    fn each(self) -> usize {
        2 + 2 * usize::from(self.has_biases) + usize::from(self.projected)
    }
}

impl Default for RnnOptions {
    fn default() -> Self {
        RnnOptions { has_biases: true, num_layers: 1, bidirectional: false, batch_first: false, projected: false }
    }
}

/// How many sequences run at each step, and where they end.
struct Sizes {
    /// `int64`, on the tensors' device.
    tensor: Tensor,
    /// The rows of the sequences' last steps; `None` if all are in the last step.
    last: Option<Tensor>,
    /// How many sequences there are.
    count: usize,
}

impl Sizes {
    /// All sequences run through all steps.
    fn even(steps: usize, count: usize, like: &Tensor) -> Result<Sizes> {
        let tensor = Tensor::try_from_slice(&vec![count as i64; steps], [steps], like.device())?;
        Ok(Sizes { tensor, last: None, count })
    }

    /// Of a packed sequence.
    fn packed(sizes: &Tensor, data: &Tensor) -> Result<Sizes> {
        let all = sizes.try_to_vec::<i64>()?;
        let Some(count) = all.first().map(|n| *n as usize) else {
            bail!(Value, "Expected a packed sequence of at least one step, but batch_sizes is empty")
        };
        let falls = all.windows(2).all(|pair| pair[0] >= pair[1] && pair[1] >= 1) && all[0] >= 1;
        if !falls || all.iter().sum::<i64>() != data.shape()[0] as i64 {
            bail!(
                Value,
                "Expected batch_sizes that do not grow, each at least 1, of sum {} (the rows of the data), but got {all:?}",
                data.shape()[0]
            );
        }
        let mut last = vec![0; count];
        let mut start = 0;
        for size in &all {
            (0..*size).for_each(|i| last[i as usize] = start + i);
            start += size;
        }
        let last = Tensor::try_from_slice(&last, [count], data.device())?;
        Ok(Sizes { tensor: sizes.clone(), last: Some(last), count })
    }

    /// The rows of the steps that come first.
    fn starts(&self, reverse: bool) -> Result<Tensor> {
        let rows = |start: i64| {
            Tensor::try_from_slice(
                &Vec::from_iter(start..start + self.count as i64),
                [self.count],
                self.tensor.device(),
            )
        };
        match &self.last {
            Some(rows) if reverse => Ok(rows.clone()),
            None if reverse => rows(((self.tensor.numel() - 1) * self.count) as i64),
            _ => rows(0),
        }
    }

    /// The states after each sequence's last step, of those of all steps.
    fn ends(&self, states: &Tensor, reverse: bool) -> Result<Tensor> {
        match &self.last {
            _ if reverse => states.try_narrow(0, 0, self.count),
            None => states.try_narrow(0, (states.shape()[0] - self.count) as i64, self.count),
            Some(rows) => states.try_index_select(0, rows),
        }
    }
}

/// The parameters of one direction of one layer.
struct Parameters<'a> {
    input: &'a Tensor,
    hidden: &'a Tensor,
    biases: Option<[&'a Tensor; 2]>,
    projection: Option<&'a Tensor>,
}

impl<'a> Parameters<'a> {
    fn of(all: &'a [Tensor], options: RnnOptions) -> Parameters<'a> {
        Parameters {
            input: &all[0],
            hidden: &all[1],
            biases: options.has_biases.then(|| [&all[2], &all[3]]),
            projection: if options.projected { all.last() } else { None },
        }
    }

    /// The input's part of the gates, and the operation's extra input if it is a bias.
    fn pre(&self, cell: Cell, x: &Tensor) -> Result<(Tensor, Option<Tensor>)> {
        let pre = x.try_matmul(&self.input.try_t()?)?;
        let width = self.hidden.shape()[1];
        match (cell, self.biases) {
            (Cell::Gru, Some([input, hidden])) => {
                let zeros = Tensor::try_full_on([width], 0, hidden.dtype(), hidden.device())?;
                let before = input.try_add(&try_cat(&[hidden.try_narrow(0, 0, 2 * width)?, zeros], 0)?)?;
                Ok((pre.try_add(&before)?, Some(hidden.try_narrow(0, 2 * width as i64, width)?)))
            }
            (Cell::Gru, None) => Ok((pre, Some(Tensor::try_full_on([width], 0, x.dtype(), x.device())?))),
            (Cell::Tanh | Cell::Relu | Cell::Lstm, Some([input, hidden])) => {
                Ok((pre.try_add(&input.try_add(hidden)?)?, None))
            }
            (Cell::Tanh | Cell::Relu | Cell::Lstm, None) => Ok((pre, None)),
        }
    }

    /// The states of all steps, from the first ones. The operation knows no projection: W_hh (W_hr h) is (W_hh W_hr) h, and what
    /// a first h, projected already, gives is added to its step's gates.
    fn run(&self, layer: Layer, x: &Tensor, first: &[Tensor], sizes: &Sizes) -> Result<Vec<Tensor>> {
        let (pre, bias) = self.pre(layer.cell, x)?;
        let extra = first.get(1).or(bias.as_ref());
        let states = |all: Tensor| (0..layer.cell.states()).map(|i| all.try_select(0, i as i64)).collect();
        let Some(projection) = self.projection else {
            return states(self.steps(layer, [&pre, &first[0], self.hidden], extra, sizes)?);
        };
        let pulled = first[0].try_matmul(&self.hidden.try_t()?)?;
        let pre = pre.try_index_add(0, &sizes.starts(layer.reverse)?, &pulled)?;
        let zeros = Tensor::try_full_on([sizes.count, projection.shape()[1]], 0, x.dtype(), x.device())?;
        let all = self.steps(layer, [&pre, &zeros, &self.hidden.try_matmul(projection)?], extra, sizes)?;
        let mut states: Vec<Tensor> = states(all)?;
        states[0] = states[0].try_matmul(&projection.try_t()?)?;
        Ok(states)
    }

    /// The operation: the states of all steps, `[states, total, H]`, from (pre, h, weight).
    fn steps(&self, layer: Layer, inputs: [&Tensor; 3], extra: Option<&Tensor>, sizes: &Sizes) -> Result<Tensor> {
        let (total, width) = (inputs[0].shape()[0], inputs[2].shape()[1]);
        let mut inputs: Vec<&Tensor> = inputs.into_iter().chain(extra).collect();
        let keeps = mode::is_recording() && inputs.iter().any(|x| x.is_tracked());
        inputs.push(&sizes.tensor);
        let trace = {
            let _mode = Recording::set(false);
            Tensor::apply(Op::Recurrent(Recurrent::Trace { layer, keeps }), &inputs)?
        };
        if !keeps {
            return trace.try_view([layer.cell.states(), total, width]);
        }
        inputs.push(&trace);
        Tensor::apply(Op::Recurrent(Recurrent::States(layer)), &inputs)
    }
}

/// What shapes must be, and what `parameters` are: for each layer and direction the two weights, and the biases if there are
/// some.
fn check(
    cell: Cell,
    x: &Tensor,
    hx: &[&Tensor],
    parameters: &[Tensor],
    options: RnnOptions,
    count: usize,
) -> Result<()> {
    let directions = 1 + options.bidirectional as usize;
    let each = options.each();
    let expected = options.num_layers * directions * each;
    if parameters.len() != expected || expected == 0 {
        bail!(
            Value,
            "got an incorrect number of RNN parameters: {} layers of {directions} directions have {expected}, but got {}",
            options.num_layers,
            parameters.len()
        );
    }
    if options.projected && cell != Cell::Lstm {
        bail!(Value, "projections are only supported for LSTM");
    }
    let (gates, output) = match parameters[1].shape()[..] {
        [gates, output] => (gates, output),
        _ => bail!(Shape, "weight_hh must have 2 dimensions, got {}", parameters[1].ndim()),
    };
    let hidden = if options.projected { gates / cell.gates() } else { output };
    let gates = cell.gates() * hidden;
    for (i, parameter) in parameters.iter().enumerate() {
        let names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
        let (name, shape) = match (i % each, i / each < directions) {
            (0, true) => (names[0], vec![gates, x.shape()[x.ndim() - 1]]),
            (0, false) => (names[0], vec![gates, directions * output]),
            (1, _) => (names[1], vec![gates, output]),
            (place, _) if options.projected && place == each - 1 => ("weight_hr", vec![output, hidden]),
            (place, _) => (names[place], vec![gates]),
        };
        if parameter.shape()[..] != shape[..] {
            bail!(
                Shape,
                "{name} of layer {}: expected size {shape:?}, got {:?}",
                i / each / directions,
                parameter.shape()
            );
        }
    }
    for (i, state) in hx.iter().enumerate() {
        let expected = [options.num_layers * directions, count, if i == 0 { output } else { hidden }];
        if state.shape()[..] != expected {
            let name = if hx.len() > 1 { format!("hidden[{i}]") } else { "hidden".to_owned() };
            let [layers, count, hidden] = expected;
            bail!(Shape, "Expected {name} size ({layers}, {count}, {hidden}), got {:?}", state.shape());
        }
    }
    Ok(())
}

/// Output rows of the last layer, and the last states of all layers, as one stack for each state.
fn layers(
    cell: Cell,
    x: &Tensor,
    hx: &[&Tensor],
    parameters: &[Tensor],
    options: RnnOptions,
    sizes: &Sizes,
) -> Result<(Tensor, Vec<Tensor>)> {
    let directions: &[bool] = if options.bidirectional { &[false, true] } else { &[false] };
    let mut parameters = parameters.chunks_exact(options.each()).zip(0..);
    let mut ends = vec![vec![]; cell.states()];
    let mut x = x.clone();
    for _ in 0..options.num_layers {
        let mut outputs = vec![];
        for reverse in directions {
            let (own, number) = parameters.next().expect("as many as checked");
            let own = Parameters::of(own, options);
            let first: Vec<Tensor> = hx.iter().map(|state| state.try_select(0, number)).collect::<Result<_>>()?;
            let states = own.run(Layer { cell, reverse: *reverse }, &x, &first, sizes)?;
            for (i, ends) in ends.iter_mut().enumerate() {
                ends.push(sizes.ends(&states[i], *reverse)?);
            }
            outputs.push(states[0].clone());
        }
        x = match &outputs[..] {
            [only] => only.clone(),
            both => try_cat(both, 1)?,
        };
    }
    let ends = ends.iter().map(|ends| try_stack(ends, 0)).collect::<Result<_>>()?;
    Ok((x, ends))
}

/// A network over sequences of one length.
fn network(
    cell: Cell,
    x: &Tensor,
    hx: &[&Tensor],
    parameters: &[Tensor],
    options: RnnOptions,
) -> Result<(Tensor, Vec<Tensor>)> {
    if x.ndim() != 3 {
        bail!(Shape, "input must have 3 dimensions, got {}", x.ndim());
    }
    let steps_first = if options.batch_first { x.try_transpose(0, 1)? } else { x.clone() };
    let [steps, count, width] = [0, 1, 2].map(|dim| steps_first.shape()[dim]);
    if steps == 0 {
        bail!(Value, "Expected sequence length to be larger than 0 in RNN");
    }
    check(cell, x, hx, parameters, options, count)?;
    let rows = steps_first.try_reshape([steps * count, width])?;
    let (output, ends) = layers(cell, &rows, hx, parameters, options, &Sizes::even(steps, count, x)?)?;
    let width = output.shape()[1];
    let output = output.try_view([steps, count, width])?;
    Ok((if options.batch_first { output.try_transpose(0, 1)? } else { output }, ends))
}

/// A network over a packed sequence.
fn packed(
    cell: Cell,
    data: &Tensor,
    batch_sizes: &Tensor,
    hx: &[&Tensor],
    parameters: &[Tensor],
    options: RnnOptions,
) -> Result<(Tensor, Vec<Tensor>)> {
    if data.ndim() != 2 {
        bail!(Shape, "input must have 2 dimensions, got {}", data.ndim());
    }
    let sizes = Sizes::packed(batch_sizes, data)?;
    check(cell, data, hx, parameters, options, sizes.count)?;
    layers(cell, data, hx, parameters, options, &sizes)
}

/// One step.
fn step(
    cell: Cell,
    x: &Tensor,
    hx: &[&Tensor],
    weights: [&Tensor; 2],
    biases: [Option<&Tensor>; 2],
) -> Result<Vec<Tensor>> {
    if x.ndim() != 2 {
        bail!(Shape, "input must have 2 dimensions, got {}", x.ndim());
    }
    let (biases, has_biases) = match biases {
        [Some(input), Some(hidden)] => (vec![input.clone(), hidden.clone()], true),
        [None, None] => (vec![], false),
        _ => bail!(Value, "expected both biases or none of them"),
    };
    let parameters: Vec<Tensor> = weights.into_iter().cloned().chain(biases).collect();
    let first: Vec<Tensor> = hx.iter().map(|state| state.try_unsqueeze(0)).collect::<Result<_>>()?;
    let first: Vec<&Tensor> = first.iter().collect();
    let options = RnnOptions { has_biases, ..RnnOptions::default() };
    let (_, ends) = network(cell, &x.try_unsqueeze(0)?, &first, &parameters, options)?;
    ends.iter().map(|end| end.try_squeeze_dim(0)).collect()
}

fn one((output, mut ends): (Tensor, Vec<Tensor>)) -> (Tensor, Tensor) {
    (output, ends.remove(0))
}

fn two((output, mut ends): (Tensor, Vec<Tensor>)) -> (Tensor, Tensor, Tensor) {
    let cell = ends.remove(1);
    (output, ends.remove(0), cell)
}

twins! {
    /// A network of long short-term memory (Hochreiter and Schmidhuber 1997) over sequences (step, batch, feature): the outputs
    /// of all steps, and the last h and c of each layer and direction. `hx` are the first h and c, (layers · directions, batch,
    /// hidden). `parameters` are, for each layer and each of its directions, weight_ih (4 · hidden, features), weight_hh
    /// (4 · hidden, hidden), and bias_ih and bias_hh; gates in the order i, f, g, o.
    ///
    /// ```
    /// use tensor_core::{Tensor, op::RnnOptions};
    /// let zeros = |shape: &[usize]| Tensor::from_vec(vec![0.0f32; shape.iter().product()], shape, ops_cpu::cpu());
    /// let parameters = [zeros(&[8, 3]), zeros(&[8, 2]), zeros(&[8]), zeros(&[8])];
    /// let (x, h) = (zeros(&[5, 4, 3]), zeros(&[1, 4, 2]));
    /// let (output, h_n, c_n) = x.lstm((&h, &h), &parameters, RnnOptions::default());
    /// assert_eq!((&output.shape()[..], h_n.shape(), c_n.shape()), (&[5, 4, 2][..], h.shape(), h.shape()));
    /// ```
    ///
    /// # Errors
    /// If a shape or the number of parameters is another one, or there are no steps.
    pub fn lstm | try_lstm(self, hx: (&Tensor, &Tensor), parameters: &[Tensor], options: RnnOptions) -> (Tensor, Tensor, Tensor) {
        Ok(two(network(Cell::Lstm, self, &[hx.0, hx.1], parameters, options)?))
    }

    /// As [`lstm`](Tensor::lstm) on a packed sequence: rows of the first step of all sequences, longest first, then those of the
    /// second step of all that have one, and so on; `batch_sizes` (`int64`) says how many there are at each step.
    ///
    /// # Errors
    /// As `lstm`; also if `batch_sizes` grow or have another sum than there are rows.
    pub fn lstm_packed | try_lstm_packed(
        self, batch_sizes: &Tensor, hx: (&Tensor, &Tensor), parameters: &[Tensor], options: RnnOptions
    ) -> (Tensor, Tensor, Tensor) {
        Ok(two(packed(Cell::Lstm, self, batch_sizes, &[hx.0, hx.1], parameters, options)?))
    }

    /// A network of gated recurrent units (Cho et al. 2014), as [`lstm`](Tensor::lstm) with one state and three gates in the order
    /// r, z, n.
    ///
    /// # Errors
    /// As `lstm`.
    pub fn gru | try_gru(self, hx: &Tensor, parameters: &[Tensor], options: RnnOptions) -> (Tensor, Tensor) {
        Ok(one(network(Cell::Gru, self, &[hx], parameters, options)?))
    }

    /// [`gru`](Tensor::gru) on a packed sequence, as [`lstm_packed`](Tensor::lstm_packed).
    ///
    /// # Errors
    /// As `lstm_packed`.
    pub fn gru_packed | try_gru_packed(
        self, batch_sizes: &Tensor, hx: &Tensor, parameters: &[Tensor], options: RnnOptions
    ) -> (Tensor, Tensor) {
        Ok(one(packed(Cell::Gru, self, batch_sizes, &[hx], parameters, options)?))
    }

    /// A simple recurrent network, h' = tanh(W_ih x + b_ih + W_hh h + b_hh), as [`lstm`](Tensor::lstm) with one state and one gate.
    ///
    /// # Errors
    /// As `lstm`.
    pub fn rnn_tanh | try_rnn_tanh(self, hx: &Tensor, parameters: &[Tensor], options: RnnOptions) -> (Tensor, Tensor) {
        Ok(one(network(Cell::Tanh, self, &[hx], parameters, options)?))
    }

    /// [`rnn_tanh`](Tensor::rnn_tanh) on a packed sequence, as [`lstm_packed`](Tensor::lstm_packed).
    ///
    /// # Errors
    /// As `lstm_packed`.
    pub fn rnn_tanh_packed | try_rnn_tanh_packed(
        self, batch_sizes: &Tensor, hx: &Tensor, parameters: &[Tensor], options: RnnOptions
    ) -> (Tensor, Tensor) {
        Ok(one(packed(Cell::Tanh, self, batch_sizes, &[hx], parameters, options)?))
    }

    /// A simple recurrent network, h' = max(W_ih x + b_ih + W_hh h + b_hh, 0), as [`rnn_tanh`](Tensor::rnn_tanh).
    ///
    /// # Errors
    /// As `lstm`.
    pub fn rnn_relu | try_rnn_relu(self, hx: &Tensor, parameters: &[Tensor], options: RnnOptions) -> (Tensor, Tensor) {
        Ok(one(network(Cell::Relu, self, &[hx], parameters, options)?))
    }

    /// [`rnn_relu`](Tensor::rnn_relu) on a packed sequence, as [`lstm_packed`](Tensor::lstm_packed).
    ///
    /// # Errors
    /// As `lstm_packed`.
    pub fn rnn_relu_packed | try_rnn_relu_packed(
        self, batch_sizes: &Tensor, hx: &Tensor, parameters: &[Tensor], options: RnnOptions
    ) -> (Tensor, Tensor) {
        Ok(one(packed(Cell::Relu, self, batch_sizes, &[hx], parameters, options)?))
    }

    /// One step of [`lstm`](Tensor::lstm) for inputs (batch, feature): the next h and c.
    ///
    /// # Errors
    /// As `lstm`.
    pub fn lstm_cell | try_lstm_cell(
        self, hx: (&Tensor, &Tensor), w_ih: &Tensor, w_hh: &Tensor, b_ih: Option<&Tensor>, b_hh: Option<&Tensor>
    ) -> (Tensor, Tensor) {
        let mut states = step(Cell::Lstm, self, &[hx.0, hx.1], [w_ih, w_hh], [b_ih, b_hh])?;
        let c = states.remove(1);
        Ok((states.remove(0), c))
    }

    /// One step of [`gru`](Tensor::gru) for inputs (batch, feature).
    ///
    /// # Errors
    /// As `gru`.
    pub fn gru_cell | try_gru_cell(
        self, hx: &Tensor, w_ih: &Tensor, w_hh: &Tensor, b_ih: Option<&Tensor>, b_hh: Option<&Tensor>
    ) -> Tensor {
        Ok(step(Cell::Gru, self, &[hx], [w_ih, w_hh], [b_ih, b_hh])?.remove(0))
    }

    /// One step of [`rnn_tanh`](Tensor::rnn_tanh) for inputs (batch, feature).
    ///
    /// # Errors
    /// As `rnn_tanh`.
    pub fn rnn_tanh_cell | try_rnn_tanh_cell(
        self, hx: &Tensor, w_ih: &Tensor, w_hh: &Tensor, b_ih: Option<&Tensor>, b_hh: Option<&Tensor>
    ) -> Tensor {
        Ok(step(Cell::Tanh, self, &[hx], [w_ih, w_hh], [b_ih, b_hh])?.remove(0))
    }

    /// One step of [`rnn_relu`](Tensor::rnn_relu) for inputs (batch, feature).
    ///
    /// # Errors
    /// As `rnn_relu`.
    pub fn rnn_relu_cell | try_rnn_relu_cell(
        self, hx: &Tensor, w_ih: &Tensor, w_hh: &Tensor, b_ih: Option<&Tensor>, b_hh: Option<&Tensor>
    ) -> Tensor {
        Ok(step(Cell::Relu, self, &[hx], [w_ih, w_hh], [b_ih, b_hh])?.remove(0))
    }
}
