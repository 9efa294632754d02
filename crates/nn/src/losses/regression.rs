//! Losses of predicted numbers.

use super::losses;

losses! {
    /// The squared difference: `torch.nn.MSELoss`.
    ///
    /// ```
    /// use nn::{MSELoss, Reduction};
    /// use tensor::tensor;
    /// let (x, target) = (tensor![1.0, 2.0], tensor![0.0, 4.0]);
    /// assert_eq!(MSELoss::new().forward(&x, &target).item::<f32>(), 2.5);
    /// assert_eq!(MSELoss::with(|loss| loss.reduction(Reduction::Sum)).forward(&x, &target).item::<f32>(), 5.0);
    /// ```
    MSELoss, MSELossOptions {} {} |self, input, target| input.mse_loss(target, self.reduction);

    /// The absolute difference: `torch.nn.L1Loss`.
    L1Loss, L1LossOptions {} {} |self, input, target| input.l1_loss(target, self.reduction);

    /// The absolute difference less β / 2, and its square over 2β where it is below β: `torch.nn.SmoothL1Loss`. Girshick (2015),
    /// "Fast R-CNN".
    SmoothL1Loss, SmoothL1LossOptions {} {
        /// Where the square ends.
        beta: f64 = 1.0,
    } |self, input, target| input.smooth_l1_loss(target, self.reduction, self.beta);

    /// Half the squared difference, and a line where the difference is above δ: `torch.nn.HuberLoss`. Huber (1964), "Robust
    /// estimation of a location parameter".
    HuberLoss, HuberLossOptions {} {
        /// Where the square ends.
        delta: f64 = 1.0,
    } |self, input, target| input.huber_loss(target, self.reduction, self.delta);
}
