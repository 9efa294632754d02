//! Losses of predicted classes and of sequences of them.

use super::losses;
use tensor_core::op::{CrossEntropy, CtcLoss, NllLoss};

losses! {
    /// The cross entropy between the softmax of logits (batch, classes, …) and a target, class numbers (batch, …) or
    /// probabilities of the logits' shape: `torch.nn.CrossEntropyLoss`.
    ///
    /// ```
    /// use nn::CrossEntropyLoss;
    /// use tensor::{tensor, zeros};
    /// let loss = CrossEntropyLoss::new().forward(&zeros([3, 5]), &tensor![1, 0, 4]);
    /// assert!((loss.item::<f64>() - 5f64.ln()).abs() < 1e-6);
    /// ```
    CrossEntropyLoss, CrossEntropyLossOptions {
        /// A factor for each class.
        weight,
    } {
        /// The class number whose elements do not count.
        ignore_index: i64 = -100,
        /// The part of each target that is spread over all classes.
        label_smoothing: f64 = 0.0,
    } |self, input, target| input.cross_entropy(target, CrossEntropy {
        weight: self.weight.as_ref(),
        ignore_index: self.ignore_index,
        reduction: self.reduction,
        label_smoothing: self.label_smoothing,
    });

    /// The negative of the log-probability, of those in `input` (batch, classes, …), of the target's class: `torch.nn.NLLLoss`.
    NLLLoss, NLLLossOptions {
        /// A factor for each class.
        weight,
    } {
        /// The class number whose elements do not count.
        ignore_index: i64 = -100,
    } |self, input, target| input.nll_loss(target, NllLoss {
        weight: self.weight.as_ref(),
        ignore_index: self.ignore_index,
        reduction: self.reduction,
    });

    /// −ln of the probability of a sequence of labels, each of which may last for several steps, with blanks between them:
    /// `torch.nn.CTCLoss`. Graves et al. (2006), "Connectionist temporal classification".
    CTCLoss, CTCLossOptions {} {
        /// The class of blanks.
        blank: i64 = 0,
        /// Whether infinite losses, of sequences too long for their input, count as zero.
        zero_infinity: bool = false,
    } |self, log_probs, targets, input_lengths, target_lengths| {
        let options = CtcLoss { blank: self.blank, reduction: self.reduction, zero_infinity: self.zero_infinity };
        log_probs.ctc_loss(targets, input_lengths, target_lengths, options)
    };
}
