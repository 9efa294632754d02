//! Derivatives of conversions: the gradient comes back in the input's dtype, which the engine sees to.

use super::{Rule, rules};
use tensor_core::op::Convert;

pub(super) fn rules(op: Convert) -> &'static [Rule] {
    match op {
        Convert::Cast(_) | Convert::Clone | Convert::Contiguous => rules![|g| g.clone()],
        // Of what was written over, nothing is left.
        Convert::Copy => rules![|g| g.clone(), |_g, input| input.zeros()],
        Convert::Move => {
            rules![|g, input| g.try_to_device(input.node.device).unwrap_or_else(|error| panic!("{error}"))]
        }
        Convert::Fill(_) => rules![|_g, input| input.zeros()],
    }
}

pub(super) fn name(op: Convert) -> &'static str {
    match op {
        Convert::Cast(_) | Convert::Move => "ToCopyBackward0",
        Convert::Clone | Convert::Contiguous => "CloneBackward0",
        Convert::Copy => "CopyBackwards",
        Convert::Fill(_) => "FillBackward2",
    }
}
