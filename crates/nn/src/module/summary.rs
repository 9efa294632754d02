//! The table of a network's layers: output shapes, parameters, memory. It runs the network once and watches it.

use super::{Forward, Module, register_module_forward_hook, walk};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{Display, Formatter};
use std::rc::Rc;
use tensor::{Gradient, Options, Tensor, autograd::no_grad, rand_with};

/// A network's layers, one a row, and what they take together. Its printed form is the table.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The rows, each module before those in it.
    pub rows: Vec<Row>,
    /// Elements of all parameters, each counted once.
    pub total_params: usize,
    /// Elements of the parameters whose gradient is wanted.
    pub trainable_params: usize,
    /// Bytes of the input.
    pub input_bytes: usize,
    /// Bytes of all layers' outputs, which a backward pass needs, and as many again for their gradients.
    pub pass_bytes: usize,
    /// Bytes of parameters and buffers.
    pub params_bytes: usize,
}

/// One module of a summary.
#[derive(Clone, Debug)]
pub struct Row {
    /// How many modules it is inside.
    pub depth: usize,
    /// Its name in the module around it; empty for the whole.
    pub name: String,
    /// Its type.
    pub type_name: &'static str,
    /// The shape of its output, if it was seen: a layer of the library that ran, or the whole.
    pub output_shape: Option<Vec<usize>>,
    /// Elements of the parameters in it.
    pub params: usize,
}

/// The [`Summary`] of a network for an input of `input_shape`, the batch included. It is run once in evaluation mode on random
/// numbers, on the device and in the dtype of its first parameter; neither the network nor the random stream changes.
///
/// ```
/// use nn::{Linear, ReLU, sequential, summary};
/// let net = sequential![Linear::new(784, 128), ReLU::new(), Linear::new(128, 10)];
/// let table = summary(&net, &[1, 784]);
/// assert_eq!(table.total_params, 784 * 128 + 128 + 128 * 10 + 10);
/// assert_eq!(table.rows[3].output_shape.as_deref(), Some(&[1, 10][..]));
/// println!("{table}");
/// ```
#[track_caller]
pub fn summary(net: &impl Forward, input_shape: &[usize]) -> Summary {
    let options =
        net.parameters().first().map_or(Options::new(), |first| Options::from(first.dtype()).device(first.device()));
    let stream = tensor::get_rng_state();
    let input = rand_with(input_shape, options);
    let summary = summary_of(net, &input, |input| net.forward(input));
    tensor::set_rng_state(&stream).expect("a state that was just read");
    summary
}

/// As [`summary`], for a given input and any way to run the network on it, such as a forward pass with several inputs.
///
/// ```
/// use nn::{Embedding, Linear, Forward, sequential, summary_of};
/// use tensor::tensor;
/// let net = sequential![Embedding::new(10, 4), Linear::new(4, 2)];
/// let table = summary_of(&net, &tensor![[1, 2, 3]], |x| net.forward(x));
/// assert_eq!(table.rows[1].output_shape.as_deref(), Some(&[1, 3, 4][..]));
/// ```
#[track_caller]
pub fn summary_of(net: &dyn Module, input: &Tensor, run: impl FnOnce(&Tensor) -> Tensor) -> Summary {
    let seen: Rc<RefCell<HashMap<Identity, Output>>> = Rc::default();
    let sink = seen.clone();
    let hook = register_module_forward_hook(move |module, _, output| {
        sink.borrow_mut().insert(identity(module), (output.shape().to_vec(), bytes(output)));
    });
    let mut modes = Vec::new();
    walk::modes(net, &mut |mode| modes.push(mode.get()));
    net.eval();
    let output = no_grad(|| run(input));
    let mut modes = modes.into_iter();
    walk::modes(net, &mut |mode| mode.set(modes.next().unwrap_or(true)));
    drop(hook);

    let seen = seen.borrow();
    let all = walk::modules(net);
    let row = |(name, module): &(String, &dyn Module)| {
        let shape = seen.get(&identity(*module)).map(|(shape, _)| shape.clone());
        let whole = name.is_empty().then(|| output.shape().to_vec());
        Row {
            depth: if name.is_empty() { 0 } else { name.matches('.').count() + 1 },
            name: name.rsplit('.').next().unwrap_or_default().to_string(),
            type_name: module.type_name(),
            output_shape: shape.or(whole),
            params: module.parameters().iter().map(Tensor::numel).sum(),
        }
    };
    // What contains other modules hands their outputs on.
    let leaves = all.iter().filter(|(_, module)| walk::children(*module).is_empty());
    let pass: usize = leaves.filter_map(|(_, module)| seen.get(&identity(*module))).map(|(_, bytes)| 2 * bytes).sum();
    let parameters = net.parameters();
    Summary {
        rows: all.iter().map(row).collect(),
        total_params: parameters.iter().map(Tensor::numel).sum(),
        trainable_params: parameters.iter().filter(|parameter| parameter.requires_grad()).map(Tensor::numel).sum(),
        input_bytes: bytes(input),
        pass_bytes: pass,
        params_bytes: parameters.iter().chain(&net.buffers()).map(bytes).sum(),
    }
}

/// Which module it is: a struct and its first field lie at one address, but are not of one type.
type Identity = (usize, &'static str);

/// Shape and bytes of what a module made.
type Output = (Vec<usize>, usize);

fn identity(module: &dyn Module) -> Identity {
    (std::ptr::from_ref(module).cast::<()>() as usize, module.type_name())
}

fn bytes(tensor: &Tensor) -> usize {
    tensor.numel() * tensor.element_size()
}

/// A whole number with a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let layer = |row: &Row| match row.depth {
            0 => row.type_name.to_string(),
            depth => format!("{}({}): {}", "  ".repeat(depth), row.name, row.type_name),
        };
        let shape = |row: &Row| row.output_shape.as_ref().map_or("--".into(), |shape| format!("{shape:?}"));
        let params = |row: &Row| if row.params == 0 { "--".into() } else { grouped(row.params) };
        let heads = ["Layer", "Output shape", "Parameters"].map(str::to_string);
        let rows: Vec<[String; 3]> = self.rows.iter().map(|row| [layer(row), shape(row), params(row)]).collect();
        let width =
            |column: usize| rows.iter().chain([&heads]).map(|row| row[column].chars().count()).max().unwrap_or(0);
        let [layers, shapes, counts] = [width(0), width(1), width(2)];
        let rule = "─".repeat(layers + shapes + counts + 4);
        let line =
            |[layer, shape, params]: &[String; 3]| format!("{layer:layers$}  {shape:shapes$}  {params:>counts$}");
        let megabytes = |bytes: usize| format!("{:.2}", bytes as f64 / 1e6);
        writeln!(f, "{}\n{rule}", line(&heads))?;
        for row in &rows {
            writeln!(f, "{}", line(row).trim_end())?;
        }
        writeln!(f, "{rule}")?;
        writeln!(f, "Total parameters: {}", grouped(self.total_params))?;
        writeln!(f, "Trainable parameters: {}", grouped(self.trainable_params))?;
        writeln!(f, "Non-trainable parameters: {}", grouped(self.total_params - self.trainable_params))?;
        writeln!(f, "Input size (MB): {}", megabytes(self.input_bytes))?;
        writeln!(f, "Forward/backward pass size (MB): {}", megabytes(self.pass_bytes))?;
        writeln!(f, "Parameters size (MB): {}", megabytes(self.params_bytes))?;
        write!(f, "Estimated total size (MB): {}", megabytes(self.input_bytes + self.pass_bytes + self.params_bytes))
    }
}
