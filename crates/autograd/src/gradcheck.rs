//! Derivatives checked against finite differences, in doubles.

use crate::engine::{GradOptions, grad_with};
use crate::gradient::Gradient;
use crate::mode::no_grad;
use tensor_core::{DType, Result, Tensor, bail};

/// How finite differences are taken and compared. The defaults are PyTorch's.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// Half the distance between the two points of a difference.
    pub eps: f64,
    /// The absolute error allowed.
    pub atol: f64,
    /// The relative error allowed.
    pub rtol: f64,
}

impl Default for Tolerance {
    fn default() -> Tolerance {
        Tolerance { eps: 1e-6, atol: 1e-5, rtol: 1e-3 }
    }
}

/// Checks the derivative of `f` at `inputs` (doubles that require gradients) against finite differences, element by element.
///
/// ```
/// use autograd::{Gradient, Tolerance, gradcheck};
/// use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![0.3f64, 0.7], [2], ops_cpu::cpu()).requires_grad_(true);
/// gradcheck(|x| x[0].sin() * &x[0], &[x], Tolerance::default()).unwrap();
/// ```
///
/// # Errors
/// A text that names input, output element, and both values, for the first element that differs; also if an input is no
/// double that requires a gradient.
pub fn gradcheck(f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor], tolerance: Tolerance) -> Result<()> {
    first_order(&f, inputs, tolerance)
}

/// A function that is checked. There are many of them, and nothing is gained by a copy of the checks for each.
type Function<'a> = &'a dyn Fn(&[Tensor]) -> Tensor;

fn first_order(f: Function<'_>, inputs: &[Tensor], tolerance: Tolerance) -> Result<()> {
    let watched: Vec<&Tensor> = inputs.iter().filter(|input| input.requires_grad()).collect();
    if watched.is_empty() {
        bail!(
            Autograd,
            "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True."
        );
    }
    if let Some(input) = watched.iter().find(|input| input.dtype() != DType::F64) {
        bail!(DType, "gradcheck needs double precision inputs, but got {}", input.dtype());
    }
    let output = f(inputs);
    let count = output.numel();
    for (number, input) in inputs.iter().enumerate().filter(|(_, input)| input.requires_grad()) {
        let numeric = no_grad(|| differences(f, inputs, number, tolerance.eps));
        for element in 0..count {
            let seed = one_hot(&output, element)?;
            let options = GradOptions {
                grad_outputs: Some(std::slice::from_ref(&seed)),
                retain_graph: true,
                create_graph: false,
            };
            let analytic = match output.requires_grad() {
                true => grad_with(&[&output], &[input], options)?.remove(0),
                false => None,
            };
            let analytic = analytic.map_or_else(|| vec![0.0; input.numel()], |grad| grad.to_vec::<f64>());
            for (place, (found, rows)) in analytic.iter().zip(&numeric).enumerate() {
                let expected = rows[element];
                if !((found - expected).abs() <= tolerance.atol + tolerance.rtol * expected.abs()) {
                    bail!(
                        Autograd,
                        "Jacobian mismatch for output 0 with respect to input {number}: element {element} of the output by element \
                         {place} of the input\nnumerical: {expected}\nanalytical: {found}"
                    );
                }
            }
        }
    }
    Ok(())
}

/// Checks the derivative of the derivative: [`gradcheck`] of the function that maps inputs, and the gradient of the result, to
/// the gradients of the inputs.
///
/// # Errors
/// As [`gradcheck`].
pub fn gradgradcheck(f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor], tolerance: Tolerance) -> Result<()> {
    second_order(&f, inputs, tolerance)
}

fn second_order(f: Function<'_>, inputs: &[Tensor], tolerance: Tolerance) -> Result<()> {
    let output = f(inputs);
    // Any direction serves; this one has no symmetry.
    let seed: Vec<f64> = (0..output.numel()).map(|i| 0.5 + ((i * 7 + 3) % 11) as f64 / 11.0).collect();
    let seed = Tensor::try_from_slice(&seed, output.shape(), output.device())?.try_requires_grad_(true)?;
    let mut all = inputs.to_vec();
    all.push(seed);
    let first = |all: &[Tensor]| -> Tensor {
        let (inputs, seed) = (&all[..all.len() - 1], &all[all.len() - 1]);
        crate::mode::enable_grad(|| {
            let output = f(inputs);
            let watched: Vec<&Tensor> = inputs.iter().filter(|input| input.requires_grad()).collect();
            let options =
                GradOptions { grad_outputs: Some(std::slice::from_ref(seed)), retain_graph: true, create_graph: true };
            let grads = tensor_core::or_panic(grad_with(&[&output], &watched, options));
            let flat: Vec<Tensor> = grads.into_iter().flatten().map(|grad| grad.reshape(-1)).collect();
            tensor_core::op::join::cat(&flat, 0)
        })
    };
    first_order(&first, &all, tolerance)
}

/// Zeros in the shape of `output`, with a one at `element` in row-major order.
fn one_hot(output: &Tensor, element: usize) -> Result<Tensor> {
    let mut seed = vec![0.0f64; output.numel()];
    seed[element] = 1.0;
    Tensor::try_from_slice(&seed, output.shape(), output.device())?.try_to_dtype(output.dtype())
}

/// For each element of input `number`, the central differences of all output elements.
fn differences(f: Function<'_>, inputs: &[Tensor], number: usize, eps: f64) -> Vec<Vec<f64>> {
    let values = inputs[number].detach().to_vec::<f64>();
    let at = |place: usize, shift: f64| {
        let mut moved = values.clone();
        moved[place] += shift;
        let mut inputs: Vec<Tensor> = inputs.to_vec();
        // The moved input keeps the layout of the original: functions may depend on it.
        let copy = tensor_core::or_panic(inputs[number].try_empty_like(DType::F64));
        let flat = Tensor::from_vec(moved, copy.shape(), copy.device());
        copy.copy_(&flat);
        inputs[number] = copy.requires_grad_(true);
        f(&inputs).detach().to_dtype(DType::F64).to_vec::<f64>()
    };
    let row = |place| {
        let (above, below) = (at(place, eps), at(place, -eps));
        above.iter().zip(&below).map(|(above, below)| (above - below) / (2.0 * eps)).collect()
    };
    (0..values.len()).map(row).collect()
}
