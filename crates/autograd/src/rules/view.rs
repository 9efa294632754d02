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
        View::AsStrided => rules![|g, layouts| {
            let (base, part) = layouts;
            let (flat, whole) = flat_zeros(base, g);
            let places = relative(part, base);
            if places.overlaps_itself() {
                let at = positions(&places);
                let at = or_panic(Tensor::try_from_slice(&at, at.len(), g.device()));
                let flat = flat.index_add(0, &at, &g.reshape(-1));
                return flat.as_strided(whole.shape(), whole.stride(), 0);
            }
            flat.as_strided(part.shape(), part.strides(), places.offset()).copy_(g);
            whole
        }],
        View::Scatter => rules![
            |g, layouts| {
                let (base, part) = layouts;
                let (flat, whole) = flat_zeros(base, g);
                whole.copy_(g);
                flat.as_strided(part.shape(), part.strides(), relative(part, base).offset()).fill_(0);
                whole
            },
            |g, layouts| {
                let (base, part) = layouts;
                let (flat, whole) = flat_zeros(base, g);
                whole.copy_(g);
                flat.as_strided(part.shape(), part.strides(), relative(part, base).offset()).clone_()
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
        _ => unreachable!("only parts along one dimension"),
    };
    part.copy_(g);
    whole
}

/// Zeros for all of the base's memory, and the base's layout over them, in the gradient's dtype.
fn flat_zeros(base: &Layout, g: &Tensor) -> (Tensor, Tensor) {
    let flat = or_panic(Tensor::try_full_on(base.span() - base.offset(), 0, g.dtype(), g.device()));
    let whole = flat.as_strided(base.shape(), base.strides(), 0);
    (flat, whole)
}

/// The part's layout counted from the base's first element.
fn relative(part: &Layout, base: &Layout) -> Layout {
    Layout::strided(part.shape().clone(), part.strides().clone(), part.offset() - base.offset())
}

/// The place of every element, row-major.
fn positions(layout: &Layout) -> Vec<i64> {
    let mut at = vec![layout.offset() as i64];
    for (size, stride) in layout.shape().iter().zip(&layout.strides()[..]) {
        at = at.iter().flat_map(|start| (0..*size).map(move |i| start + (i * stride) as i64)).collect();
    }
    at
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
        View::Squeeze { .. } => "SqueezeBackward0",
        View::Unsqueeze { .. } => "UnsqueezeBackward0",
        View::AsStrided => "AsStridedBackward0",
        View::Scatter => "CopySlices",
    }
}
