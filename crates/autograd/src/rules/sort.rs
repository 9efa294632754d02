//! Positions by order have no derivative; that of the values read at them is `gather`'s.

use super::Rule;
use tensor_core::op::Sort;

pub(super) fn rules(op: Sort) -> &'static [Rule] {
    match op {
        Sort::Argsort { .. } | Sort::Top { .. } | Sort::Kth { .. } | Sort::Median { .. } | Sort::Search { .. } => &[],
    }
}

pub(super) fn name(op: Sort) -> &'static str {
    match op {
        Sort::Argsort { .. } => "ArgsortBackward0",
        Sort::Top { .. } => "TopkBackward0",
        Sort::Kth { .. } => "KthvalueBackward0",
        Sort::Median { .. } => "MedianBackward0",
        Sort::Search { .. } => "SearchsortedBackward0",
    }
}
