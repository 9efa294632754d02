//! Losses that are negative logarithms of probabilities.

use super::losses;
use tensor_core::op::BceWithLogits;

losses! {
    /// The cross entropy of probabilities and targets from 0 to 1: `torch.nn.BCELoss`.
    BCELoss, BCELossOptions {
        /// A factor for each element's loss.
        weight,
    } {} |self, input, target| input.binary_cross_entropy(target, self.weight.as_ref(), self.reduction);

    /// [`BCELoss`] of the logistic function of each element, without loss of digits: `torch.nn.BCEWithLogitsLoss`.
    ///
    /// ```
    /// use nn::BCEWithLogitsLoss;
    /// let x = tensor::zeros([3]);
    /// assert!((BCEWithLogitsLoss::new().forward(&x, &x).item::<f64>() - 2f64.ln()).abs() < 1e-6);
    /// ```
    BCEWithLogitsLoss, BCEWithLogitsLossOptions {
        /// A factor for each element's loss.
        weight,
        /// A factor for positive targets.
        pos_weight,
    } {} |self, input, target| input.binary_cross_entropy_with_logits(target, BceWithLogits {
        weight: self.weight.as_ref(),
        reduction: self.reduction,
        pos_weight: self.pos_weight.as_ref(),
    });

    /// t (ln t − x) for logarithms x: `torch.nn.KLDivLoss`. [`Reduction::BatchMean`](crate::Reduction::BatchMean) is the
    /// divergence as defined.
    KLDivLoss, KLDivLossOptions {} {
        /// Whether the target holds logarithms, too.
        log_target: bool = false,
    } |self, input, target| input.kl_div(target, self.reduction, self.log_target);

    /// eˣ − t x for counts t with the logarithms x of their means: `torch.nn.PoissonNLLLoss`.
    PoissonNLLLoss, PoissonNLLLossOptions {} {
        /// Whether the input holds logarithms.
        log_input: bool = true,
        /// Whether Stirling's approximation of ln t! is added.
        full: bool = false,
        /// Added before a logarithm.
        eps: f64 = 1e-8,
    } |self, input, target| input.poisson_nll_loss(target, self.log_input, self.full, self.eps, self.reduction);

    /// (ln v + (x − t)² / v) / 2 for normal variables of mean x and variance v: `torch.nn.GaussianNLLLoss`.
    GaussianNLLLoss, GaussianNLLLossOptions {} {
        /// Whether ln(2π) / 2 is added.
        full: bool = false,
        /// What variances count as at least.
        eps: f64 = 1e-6,
    } |self, input, target, var| input.gaussian_nll_loss(target, var, self.full, self.eps, self.reduction);
}
