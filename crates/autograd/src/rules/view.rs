//! Derivatives of views: the gradient seen, or put back, the other way round.

use super::{Input, Rule, rules};
use tensor_core::op::{Origin, View};
use tensor_core::{Layout, Op, Tensor, or_panic};

fn view(op: &Op) -> View {
    match op {
        Op::View(view) => *view,
        _ => unreachable!("the rules of views"),
    }
}

pub(super) fn rules(op: View) -> &'static [Rule] {
    match op {
        View::Reshape | View::UnsafeView | View::Squeeze { .. } => rules![|g, input| g.reshape(input.shape())],
        View::Permute { .. } => rules![|g, op| {
            let View::Permute { order } = view(op) else { unreachable!("the rule of permute") };
            let mut inverse = vec![0; g.ndim()];
            order[..g.ndim()].iter().enumerate().for_each(|(place, dim)| inverse[*dim as usize] = place);
            g.permute(inverse)
        }],
        View::Transpose { .. } => rules![|g, op| {
            let View::Transpose { a, b } = view(op) else { unreachable!("the rule of transpose") };
            g.transpose(a as i64, b as i64)
        }],
        View::T => rules![|g| g.t()],
        // Broadcasting is undone by the engine.
        View::Expand => rules![|g| g.clone()],
        View::Select { .. } | View::Slice { .. } => rules![|g, op, input| put_back(g, view(op), input)],
        View::Unsqueeze { .. } => rules![|g, op| {
            let View::Unsqueeze { dim } = view(op) else { unreachable!("the rule of unsqueeze") };
            g.squeeze_dim(dim as i64)
        }],
        View::Diagonal { .. } => rules![|g, op, input| {
            let View::Diagonal { offset, dim1, dim2 } = view(op) else { unreachable!("the rule of diagonals") };
            let whole = input.zeros();
            whole.diagonal(offset, dim1 as i64, dim2 as i64).copy_(g);
            whole
        }],
        View::Unfold { .. } => rules![|g, op, input| {
            let View::Unfold { dim, step } = view(op) else { unreachable!("the rule of windows") };
            let (whole, dim) = (input.zeros(), dim as i64);
            let size = g.shape()[g.ndim() - 1];
            if g.ndim() == 1 && input.shape().is_empty() {
                return if size == 0 { whole } else { g.reshape(()) };
            }
            if size <= step {
                whole.unfold(dim, size, step).copy_(g);
                return whole;
            }
            // The first elements of all windows, then the second ones, …: none of them meet.
            for i in 0..size as i64 {
                whole.slice(dim, i, whole.size(dim) as i64 - size as i64 + i + 1, step as i64).add_(g.select(-1, i));
            }
            whole
        }],
        View::AsStrided => rules![|g, layouts| {
            let (base, part) = layouts;
            // The part may reach beyond what the base shows of the storage.
            let start = base.offset().min(part.offset());
            let flat = zeros_like(g, base.span().max(part.span()).saturating_sub(start));
            let (base, part) = (counted_from(start, base), counted_from(start, part));
            let flat = if part.overlaps_itself() {
                flat.index_add(0, &positions(&part, g), &g.reshape(-1))
            } else {
                seen_as(&flat, &part).copy_(g);
                flat
            };
            if !base.overlaps_itself() {
                return seen_as(&flat, &base);
            }
            // Base elements that are one place share its gradient.
            let ones = zeros_like(g, base.numel()).fill_(1);
            let owners = zeros_like(g, flat.numel()).index_add(0, &positions(&base, g), &ones);
            seen_as(&(flat / owners.clamp_min(1)), &base)
        }],
        View::Scatter => rules![
            |g, layouts| {
                let (base, part) = layouts;
                let start = base.offset().min(part.offset());
                let flat = zeros_like(g, base.span().max(part.span()).saturating_sub(start));
                let whole = seen_as(&flat, &counted_from(start, base)).copy_(g);
                seen_as(&flat, &counted_from(start, part)).fill_(0);
                whole
            },
            |g, layouts| {
                let (base, part) = layouts;
                let start = base.offset().min(part.offset());
                let flat = zeros_like(g, base.span().max(part.span()).saturating_sub(start));
                seen_as(&flat, &counted_from(start, base)).copy_(g);
                seen_as(&flat, &counted_from(start, part)).clone_()
            }
        ],
    }
}

/// The gradient at its place in zeros of the input's shape.
fn put_back(g: &Tensor, view: View, input: Input<'_>) -> Tensor {
    let whole = input.zeros();
    let part = match view {
        View::Select { dim, index, .. } => whole.select(dim as i64, index as i64),
        View::Slice { dim, start, step, .. } => {
            let size = input.shape()[dim as usize] as i64;
            // The last places of the slice may lack a full step; the end is where its length says.
            let end = (start + step * g.shape()[dim as usize]) as i64;
            whole.slice(dim as i64, start as i64, end.min(size), step as i64)
        }
        View::Reshape
        | View::UnsafeView
        | View::Permute { .. }
        | View::Transpose { .. }
        | View::T
        | View::Expand
        | View::Squeeze { .. }
        | View::Unsqueeze { .. }
        | View::Diagonal { .. }
        | View::Unfold { .. }
        | View::AsStrided
        | View::Scatter => unreachable!("only parts along one dimension"),
    };
    part.copy_(g);
    whole
}

/// A stretch of memory full of zeros, in the gradient's dtype.
fn zeros_like(g: &Tensor, count: usize) -> Tensor {
    or_panic(Tensor::try_full_on(count, 0, g.dtype(), g.device()))
}

/// The layout with its places counted from `start`.
fn counted_from(start: usize, layout: &Layout) -> Layout {
    Layout::strided(layout.shape().clone(), layout.strides().clone(), layout.offset() - start)
}

/// The memory under a layout.
fn seen_as(flat: &Tensor, layout: &Layout) -> Tensor {
    flat.as_strided(layout.shape(), layout.strides(), layout.offset())
}

/// The place of every element, row-major.
fn positions(layout: &Layout, g: &Tensor) -> Tensor {
    let mut at = vec![layout.offset() as i64];
    for (size, stride) in layout.shape().iter().zip(&layout.strides()[..]) {
        at = at.iter().flat_map(|start| (0..*size).map(move |i| start + (i * stride) as i64)).collect();
    }
    or_panic(Tensor::try_from_slice(&at, at.len(), g.device()))
}

pub(super) fn name(op: View) -> &'static str {
    match op {
        View::Reshape => "ViewBackward0",
        View::UnsafeView => "UnsafeViewBackward0",
        View::Permute { .. } => "PermuteBackward0",
        View::Transpose { .. } => "TransposeBackward0",
        View::T => "TBackward0",
        View::Expand => "ExpandBackward0",
        View::Select { origin: Origin::Unbind, .. } => "UnbindBackward0",
        View::Select { .. } => "SelectBackward0",
        View::Slice { origin: Origin::Split, .. } => "SplitBackward0",
        View::Slice { origin: Origin::SplitSizes, .. } => "SplitWithSizesBackward0",
        View::Slice { .. } => "SliceBackward0",
        View::Squeeze { origin: Origin::SqueezeDim, .. } => "SqueezeBackward1",
        View::Squeeze { origin: Origin::SqueezeDims, .. } => "SqueezeBackward2",
        View::Squeeze { origin: Origin::MatmulVector, .. } => "SqueezeBackward4",
        View::Squeeze { origin: Origin::Max, .. } => "MaxBackward0",
        View::Squeeze { origin: Origin::Min, .. } => "MinBackward0",
        View::Squeeze { origin: Origin::Kthvalue, .. } => "KthvalueBackward0",
        View::Squeeze { origin: Origin::Median, .. } => "MedianBackward1",
        View::Squeeze { origin: Origin::NanMedian, .. } => "NanmedianBackward1",
        View::Squeeze { .. } => "SqueezeBackward0",
        View::Unsqueeze { .. } => "UnsqueezeBackward0",
        View::Diagonal { .. } => "DiagonalBackward0",
        View::Unfold { .. } => "UnfoldBackward0",
        View::AsStrided => "AsStridedBackward0",
        View::Scatter => "CopySlices",
    }
}
