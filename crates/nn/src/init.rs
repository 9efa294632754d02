//! Initial values of parameters: `torch.nn.init`. From the same seed they are PyTorch's, bit for bit, except those that go
//! through a decomposition. It knows no layer.

mod gain;
mod structured;
mod variance;

pub use self::gain::{Nonlinearity, calculate_gain};
pub use self::structured::{dirac_, dirac_groups_, eye_, orthogonal_, sparse_};
pub use self::variance::{
    FanMode, calculate_fan_in_and_fan_out, kaiming_normal_, kaiming_normal_with_, kaiming_uniform_,
    kaiming_uniform_with_, xavier_normal_, xavier_uniform_,
};
use tensor::{Fill, Tensor};

macro_rules! fills {
    ($($(#[$doc:meta])* pub fn $name:ident($tensor:ident $(, $arg:ident)*) $body:expr;)*) => { $(
        $(#[$doc])*
        #[track_caller]
        pub fn $name($tensor: &Tensor $(, $arg: f64)*) -> Tensor {
            let $tensor = $tensor.detach();
            $body
        }
    )* };
}

fills! {
    /// Numbers drawn evenly from [a, b); PyTorch's defaults are 0 and 1. Returns the tensor's values.
    ///
    /// ```
    /// use nn::init::uniform_;
    /// let w = tensor::empty([3, 5]);
    /// uniform_(&w, -0.1, 0.1);
    /// assert!(w.abs().max().item::<f64>() <= 0.1);
    /// ```
    pub fn uniform_(tensor, a, b) tensor.uniform_(a, b);
    /// Numbers from the normal distribution; PyTorch's defaults are 0 and 1.
    pub fn normal_(tensor, mean, std) tensor.normal_(mean, std);
    /// Numbers from the normal distribution, only those in [a, b]; PyTorch's defaults are 0, 1, −2 and 2.
    pub fn trunc_normal_(tensor, mean, std, a, b) tensor::trunc_normal_(&tensor, mean, std, a, b);
    /// The same number everywhere.
    pub fn constant_(tensor, val) tensor.fill_(val);
    /// Ones.
    pub fn ones_(tensor) tensor.fill_(1);
    /// Zeros.
    pub fn zeros_(tensor) tensor.fill_(0);
}
