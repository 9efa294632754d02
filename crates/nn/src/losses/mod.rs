//! Losses, as modules: `torch.nn.MSELoss` and its relatives, a table. How they are computed is known to the tensor's operations
//! of the same names.

mod classes;
mod likelihood;
mod margins;
mod regression;

pub use self::classes::*;
pub use self::likelihood::*;
pub use self::margins::*;
pub use self::regression::*;
use crate::Module;
use tensor::Tensor;
pub use tensor_core::op::Reduction;

/// A loss of an input and a target, to take one without knowing which.
///
/// ```
/// use nn::{L1Loss, Loss, MSELoss};
/// use tensor::tensor;
/// let losses: [Box<dyn Loss>; 2] = [Box::new(MSELoss::new()), Box::new(L1Loss::new())];
/// let values = losses.map(|loss| loss.forward(&tensor![3.0], &tensor![1.0]).item::<f64>());
/// assert_eq!(values, [4.0, 2.0]);
/// ```
pub trait Loss: Module {
    /// The loss; one number, unless it is not reduced.
    #[track_caller]
    fn forward(&self, input: &Tensor, target: &Tensor) -> Tensor;
}

/// Modules of settings, each with the buffers in the first braces, the fields in the second, and `reduction`.
macro_rules! losses {
    ($($(#[$doc:meta])* $name:ident, $options:ident
       { $($(#[$buffer_doc:meta])* $buffer:ident),* $(,)? }
       { $($(#[$field_doc:meta])* $field:ident: $ty:ty = $default:expr),* $(,)? }
       |$self:ident, $first:ident $(, $argument:ident)*| $output:expr $(=> check |$checked:ident| $check:expr)?;)*) => { $(
        tensor::settings! {
            #[doc = concat!("What [`", stringify!($name), "`] takes.")]
            pub struct $options {
                $($(#[$buffer_doc])* $buffer: into Option<tensor::Tensor> = None,)*
                $($(#[$field_doc])* $field: $ty = $default,)*
                /// What becomes of the losses of all elements.
                reduction: crate::Reduction = crate::Reduction::Mean,
            }
        }

        $(#[$doc])*
        #[derive(crate::Module)]
        pub struct $name {
            $($(#[$buffer_doc])* #[buffer] pub $buffer: Option<tensor::Tensor>,)*
            $($(#[$field_doc])* pub $field: $ty,)*
            /// What becomes of the losses of all elements.
            #[skip]
            pub reduction: crate::Reduction,
        }

        impl $name {
            /// With the default settings: the mean of all losses.
            #[allow(clippy::new_without_default)]
            pub fn new() -> $name {
                $name::with(|loss| loss)
            }

            /// With other settings than the default ones.
            #[track_caller]
            pub fn with(settings: impl FnOnce($options) -> $options) -> $name {
                let $options { $($buffer,)* $($field,)* reduction } = settings($options::default());
                let loss = $name { $($buffer,)* $($field,)* reduction };
                $(
                    let $checked = &loss;
                    $check
                )?
                loss
            }

            /// The loss; one number, unless it is not reduced.
            ///
            /// # Panics
            /// If shapes or values do not fit, with PyTorch's text.
            #[track_caller]
            pub fn forward(&$self, $first: &tensor::Tensor $(, $argument: &tensor::Tensor)*) -> tensor::Tensor {
                let output = $output;
                crate::observe($self, $first, output)
            }
        }
    )* };
}
use losses;

macro_rules! pairs {
    ($($name:ident),* $(,)?) => { $(
        impl Loss for $name {
            #[track_caller]
            fn forward(&self, input: &Tensor, target: &Tensor) -> Tensor {
                $name::forward(self, input, target)
            }
        }
    )* };
}
pairs! {
    MSELoss, L1Loss, SmoothL1Loss, HuberLoss, CrossEntropyLoss, NLLLoss, BCELoss, BCEWithLogitsLoss, KLDivLoss, PoissonNLLLoss,
    HingeEmbeddingLoss, MultiMarginLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss, SoftMarginLoss,
}
