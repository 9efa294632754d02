//! Connectionist temporal classification: how unlikely a sequence of labels is when each label may last for several steps, with
//! blanks between them. Its derivative is an operation here, too.

use super::{Op, Plan};
use crate::op::Reduction;
use crate::twins::twins;
use crate::{DType, Dims, Result, Tensor, bail};

/// The loss of each sample, or its derivative. Both take (log probabilities `[t, n, c]`, labels, input lengths `[n]`, label
/// lengths `[n]`), labels and lengths as `int64` and checked, labels as `[n, s]` or in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ctc {
    /// −ln p of each sample.
    Loss {
        /// The class of blanks.
        blank: u32,
        /// Whether impossible samples get no gradient.
        zero_infinity: bool,
    },
    /// The gradient of the log probabilities; the losses' gradient comes first among the inputs.
    Gradient {
        /// As above.
        blank: u32,
        /// As above.
        zero_infinity: bool,
    },
}

impl Ctc {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        match self {
            Ctc::Loss { .. } => Ok(Plan::new([inputs[0].shape()[1]].as_slice().into(), inputs[0].dtype())),
            Ctc::Gradient { .. } => Ok(Plan::new(Dims::clone(inputs[1].shape()), inputs[1].dtype())),
        }
    }
}

/// The arguments of [`Tensor::ctc_loss`] that have defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CtcLoss {
    /// The class of blanks.
    pub blank: i64,
    /// What becomes of the losses; a mean is one of losses per label.
    pub reduction: Reduction,
    /// Whether infinite losses, of sequences too long for their input, count as zero.
    pub zero_infinity: bool,
}

fn lengths(name: &str, x: &Tensor, count: usize) -> Result<(Tensor, Vec<i64>)> {
    if x.dtype().is_floating_point() || x.dtype() == DType::Bool {
        bail!(DType, "{name} must be integral");
    }
    let x = x.try_to_dtype(DType::I64)?.try_contiguous()?;
    let values = x.try_to_vec::<i64>()?;
    if values.len() != count {
        bail!(Shape, "{name} must be of size batch_size");
    }
    Ok((x, values))
}

const WHERE: &str = "(while checking arguments for ctc_loss_allocate_outputs)";

twins! {
    /// −ln of the probability of the labels `targets` under log probabilities `[t, n, c]` (or `[t, c]`) of `n` samples, of which
    /// `input_lengths` steps count. Targets are rows `[n, s]` or one after the other, `target_lengths` of them each.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::CtcLoss};
    /// let half = Tensor::from_vec(vec![0.5f32.ln(); 4], [2, 1, 2], ops_cpu::cpu());
    /// let whole = |x: i64| Tensor::from_vec(vec![x], [1], ops_cpu::cpu());
    /// let target = Tensor::from_vec(vec![1i64], [1, 1], ops_cpu::cpu());
    /// // "1 blank", "blank 1" and "1 1" are three of four.
    /// let loss = half.ctc_loss(&target, &whole(2), &whole(1), CtcLoss::default()).item::<f32>();
    /// assert!((loss + 0.75f32.ln()).abs() < 1e-6);
    /// ```
    ///
    /// # Errors
    /// If shapes, lengths or the blank do not fit, a label is no class, or the dtype is neither `float32` nor `float64`.
    pub fn ctc_loss | try_ctc_loss(
        self, targets: &Tensor, input_lengths: &Tensor, target_lengths: &Tensor, options: CtcLoss
    ) -> Tensor {
        let CtcLoss { blank, reduction, zero_infinity } = options;
        if self.ndim() != 3 {
            if self.ndim() == 2 {
                let one = self.try_unsqueeze(1)?;
                let loss = one.try_ctc_loss(&targets.try_unsqueeze(0)?, input_lengths, target_lengths, options)?;
                return if reduction == Reduction::None { loss.try_squeeze_dim(0) } else { Ok(loss) };
            }
            bail!(
                Shape,
                "Expected 3-dimensional tensor, but got {}-dimensional tensor for argument #1 'log_probs' {WHERE}",
                self.ndim()
            );
        }
        let [steps, count, classes] = [0, 1, 2].map(|dim| self.shape()[dim]);
        let (of_input, inputs) = lengths("input_lengths", input_lengths, count)?;
        let (of_target, wanted) = lengths("target_lengths", target_lengths, count)?;
        if !matches!(self.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "\"ctc_loss_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        if blank < 0 || blank >= classes as i64 {
            bail!(Value, "blank must be in label range");
        }
        for (name, list) in [("input_lengths", &inputs), ("target_lengths", &wanted)] {
            if let Some(length) = list.iter().find(|length| **length < 0) {
                bail!(Value, "Expected {name} to have value at least 0, but got value {length} {WHERE}");
            }
        }
        if let Some(length) = inputs.iter().find(|length| **length > steps as i64) {
            bail!(Value, "Expected input_lengths to have value at most {steps}, but got value {length} {WHERE}");
        }
        let targets = targets.try_to_dtype(DType::I64)?.try_contiguous()?;
        let (total, most) = (wanted.iter().sum::<i64>(), wanted.iter().copied().max().unwrap_or(0));
        let size = targets.shape();
        match targets.ndim() {
            1 if size[0] as i64 != total => bail!(
                Shape,
                "Expected tensor to have size {total} at dimension 0, but got size {} for argument #2 'targets' {WHERE}",
                size[0]
            ),
            1 => {}
            2 if size[0] != count => bail!(
                Shape,
                "Expected tensor to have size {count} at dimension 0, but got size {} for argument #2 'targets' {WHERE}",
                size[0]
            ),
            2 if (size[1] as i64) < most => bail!(
                Shape,
                "Expected tensor to have size at least {most} at dimension 1, but got size {} for argument #2 'targets' {WHERE}",
                size[1]
            ),
            2 => {}
            rank => bail!(Shape, "targets: expected one or two dimensions, but got {rank} {WHERE}"),
        }
        let labels = targets.try_to_vec::<i64>()?;
        let row = |n: usize| match targets.ndim() {
            1 => wanted[..n].iter().sum::<i64>() as usize,
            _ => n * size[1],
        };
        let mut used = (0..count).flat_map(|n| &labels[row(n)..row(n) + wanted[n] as usize]);
        if let Some(label) = used.find(|label| **label < 0 || **label >= classes as i64) {
            bail!(Index, "ctc_loss: target {label} is out of bounds for {classes} classes");
        }
        let op = Op::Ctc(Ctc::Loss { blank: blank as u32, zero_infinity });
        let losses = Tensor::apply(op, &[self, &targets, &of_input, &of_target])?;
        let losses = match zero_infinity {
            true => losses.try_masked_fill(&losses.detach().try_eq(f64::INFINITY)?, 0.0)?,
            false => losses,
        };
        match reduction {
            Reduction::Mean => {
                let length = of_target.try_reshape([-1])?.try_clamp_min(1)?.try_to_dtype(self.dtype())?;
                losses.try_div(&length)?.try_mean()
            }
            Reduction::None | Reduction::Sum | Reduction::BatchMean => reduction.of(losses),
        }
    }
}
