//! Parameters as one vector, and back.

use tensor::{Tensor, cat};

/// All elements in one vector, one parameter after the other: `torch.nn.utils.parameters_to_vector`.
///
/// ```
/// use nn::{Linear, Module, utils::{parameters_to_vector, vector_to_parameters}};
/// let layer = Linear::new(2, 3);
/// let vector = parameters_to_vector(&layer.parameters());
/// assert_eq!(vector.shape(), &[9]);
/// vector_to_parameters(&(vector * 0.0), &layer.parameters());
/// assert_eq!(layer.bias.unwrap().to_vec::<f32>(), [0.0; 3]);
/// ```
///
/// # Panics
/// If there are no parameters, or they are on several devices.
#[track_caller]
pub fn parameters_to_vector(parameters: &[Tensor]) -> Tensor {
    one_device(parameters);
    let rows: Vec<Tensor> = parameters.iter().map(|parameter| parameter.reshape([-1])).collect();
    cat(&rows, 0)
}

/// Writes the elements of a vector into the parameters, one after the other: `torch.nn.utils.vector_to_parameters`. The values
/// are copied; in PyTorch the parameters become views of the vector.
///
/// # Panics
/// If the vector has fewer elements than the parameters, or these are on several devices.
#[track_caller]
pub fn vector_to_parameters(vector: &Tensor, parameters: &[Tensor]) {
    one_device(parameters);
    let mut start = 0;
    for parameter in parameters {
        let length = parameter.numel();
        parameter.detach().copy_(&vector.detach().narrow(0, start, length).view(parameter.shape()));
        start += length as i64;
    }
}

#[track_caller]
fn one_device(parameters: &[Tensor]) {
    let apart = parameters.windows(2).any(|pair| pair[0].device().name() != pair[1].device().name());
    assert!(!apart, "Found two parameters on different devices, this is currently not supported.");
}
