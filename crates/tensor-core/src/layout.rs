//! Where a tensor's elements lie in its storage: shape, strides, offset. Pure arithmetic: no bytes, dtypes or devices.

use crate::{Dims, Result, bail};

/// Shape, strides (in elements) and offset of a tensor in its storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    shape: Dims,
    strides: Dims,
    offset: usize,
    numel: usize,
    contiguous: bool,
    plain: bool,
}

/// The strides of a row-major tensor of this shape, and its number of elements.
#[inline]
fn row_major(shape: &Dims) -> (Dims, usize) {
    let mut strides = shape.clone();
    let (mut step, mut numel) = (1, 1);
    for stride in strides.iter_mut().rev() {
        let size = *stride;
        *stride = step;
        step *= size.max(1);
        numel *= size;
    }
    (strides, numel)
}

impl Layout {
    /// Row-major elements of `shape`, from the start of the storage.
    #[inline]
    pub fn contiguous(shape: Dims) -> Layout {
        let (strides, numel) = row_major(&shape);
        Layout { shape, strides, offset: 0, numel, contiguous: true, plain: true }
    }

    /// Elements of `shape` at the given strides and offset.
    pub fn strided(shape: Dims, strides: Dims, offset: usize) -> Layout {
        debug_assert_eq!(shape.len(), strides.len());
        let numel = shape.iter().product();
        let contiguous = numel == 0 || {
            let mut expected = 1;
            shape.iter().zip(&strides[..]).rev().all(|(size, stride)| {
                let fits = *size == 1 || *stride == expected;
                expected *= size;
                fits
            })
        };
        // The offset of an empty tensor finds nothing, and could lie outside a storage that holds nothing.
        let offset = if numel == 0 { 0 } else { offset };
        let plain = contiguous && offset == 0 && strides == row_major(&shape).0;
        Layout { shape, strides, offset, numel, contiguous, plain }
    }

    /// Sizes.
    #[inline]
    pub fn shape(&self) -> &Dims {
        &self.shape
    }

    /// Strides, in elements.
    #[inline]
    pub fn strides(&self) -> &Dims {
        &self.strides
    }

    /// Elements before the first one in the storage.
    #[inline]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many elements there are.
    #[inline]
    pub fn numel(&self) -> usize {
        self.numel
    }

    /// How many dimensions there are.
    #[inline]
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Whether the elements are row-major without gaps (from `offset` on).
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        self.contiguous
    }

    /// Whether this is what [`contiguous`](Layout::contiguous) gives for the shape: from the start of the storage, with the usual
    /// strides also in dimensions of size one, where others would do as well.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// Elements of storage needed, from its start to the last element.
    pub fn span(&self) -> usize {
        if self.numel == 0 {
            return 0;
        }
        self.offset + self.reach() + 1
    }

    /// The distance from the first element to the farthest.
    fn reach(&self) -> usize {
        self.shape.iter().zip(&self.strides[..]).map(|(size, stride)| (size - 1) * stride).sum()
    }

    /// The position in the storage of the element at `index`.
    #[inline]
    pub fn position(&self, index: &[usize]) -> usize {
        self.offset + index.iter().zip(&self.strides[..]).map(|(i, stride)| i * stride).sum::<usize>()
    }

    /// The dimensions from the widest stride to the narrowest; equal strides keep their order.
    fn memory_order(&self) -> smallvec::SmallVec<[usize; 8]> {
        let mut order: smallvec::SmallVec<[usize; 8]> = (0..self.rank()).filter(|dim| self.shape[*dim] != 1).collect();
        order.sort_by_key(|dim| std::cmp::Reverse((self.strides[*dim], self.shape[*dim])));
        order
    }

    /// Whether every element has a place of its own and there are no gaps between them, in whatever order.
    pub fn is_dense(&self) -> bool {
        self.contiguous || self.numel == 0 || {
            let mut expected = 1;
            self.memory_order().iter().rev().all(|dim| {
                let fits = self.strides[*dim] == expected;
                expected *= self.shape[*dim];
                fits
            })
        }
    }

    /// Whether two indices may lie at the same place, as in an expanded tensor.
    pub fn overlaps_itself(&self) -> bool {
        if self.contiguous || self.numel < 2 {
            return false;
        }
        // With dimensions sorted by stride, each stride beyond the reach of the narrower ones excludes an overlap.
        let mut reach = 0;
        !self.memory_order().iter().rev().all(|dim| {
            let clear = self.strides[*dim] > reach;
            reach += (self.shape[*dim] - 1) * self.strides[*dim];
            clear
        })
    }

    /// Whether the elements of `self` and `other`, in one storage, share places.
    pub fn overlap(&self, other: &Layout) -> Overlap {
        if self.numel == 0 || other.numel == 0 {
            return Overlap::None;
        }
        if self == other {
            return Overlap::Same;
        }
        let (a, b) = (self.offset..self.span(), other.offset..other.span());
        if a.end <= b.start || b.end <= a.start {
            Overlap::None
        } else if self.is_dense() && other.is_dense() {
            if a == b && self.contiguous && other.contiguous { Overlap::Same } else { Overlap::Partial }
        } else {
            Overlap::Unknown
        }
    }

    /// The same elements seen in a shape of the same number of elements; `None` if strides cannot express it.
    pub fn reshaped(&self, shape: &Dims) -> Option<Layout> {
        if self.contiguous {
            return Some(Layout { offset: self.offset, plain: self.offset == 0, ..Layout::contiguous(shape.clone()) });
        }
        // Old dimensions that are evenly spaced form runs; each run is cut anew into new dimensions, from the last one back.
        let mut old: smallvec::SmallVec<[(usize, usize); 8]> =
            self.shape.iter().copied().zip(self.strides.iter().copied()).filter(|(size, _)| *size != 1).collect();
        let mut strides = Dims::filled(shape.len(), 1);
        let mut new = shape.len();
        while let Some((mut run, base)) = old.pop() {
            while let Some((size, stride)) = old.last().copied().filter(|(_, stride)| *stride == run * base) {
                debug_assert_eq!(stride, run * base);
                run *= size;
                old.pop();
            }
            let mut filled = 1;
            while new > 0 && (filled < run || shape[new - 1] == 1) {
                new -= 1;
                strides[new] = filled * base;
                filled *= shape[new];
            }
            if filled != run {
                return None;
            }
        }
        if shape[..new].iter().any(|size| *size != 1) {
            return None;
        }
        Some(Layout::strided(shape.clone(), strides, self.offset))
    }

    /// Dimension `i` of the result is dimension `order[i]` of this.
    pub fn permuted(&self, order: &[usize]) -> Layout {
        let pick = |dims: &Dims| order.iter().map(|dim| dims[*dim]).collect();
        Layout::strided(pick(&self.shape), pick(&self.strides), self.offset)
    }

    /// Every size-one dimension repeated to the size that `shape` asks for, without copying; new dimensions come first.
    pub fn expanded(&self, shape: &Dims) -> Result<Layout> {
        if self.shape == *shape {
            return Ok(self.clone());
        }
        let lead = match shape.len().checked_sub(self.rank()) {
            Some(lead) => lead,
            None => bail!(
                Shape,
                "expand(sizes={shape:?}): the number of sizes provided ({}) must be greater or equal to the number of \
                 dimensions in the tensor ({})",
                shape.len(),
                self.rank()
            ),
        };
        let mut strides = Dims::filled(shape.len(), 0);
        for dim in lead..shape.len() {
            let (size, stride) = (self.shape[dim - lead], self.strides[dim - lead]);
            strides[dim] = match size {
                size if size == shape[dim] => stride,
                1 => 0,
                _ => bail!(
                    Shape,
                    "The expanded size of the tensor ({}) must match the existing size ({size}) at non-singleton dimension \
                     {dim}.  Target sizes: {shape:?}.  Tensor sizes: {:?}",
                    shape[dim],
                    self.shape
                ),
            };
        }
        Ok(Layout::strided(shape.clone(), strides, self.offset))
    }

    /// Elements `start, start + step, …` (`len` of them) along `dim`.
    pub fn sliced(&self, dim: usize, start: usize, len: usize, step: usize) -> Layout {
        let (mut shape, mut strides) = (self.shape.clone(), self.strides.clone());
        // An empty slice may start past the end; its offset must still lie in the storage.
        let skipped = if len == 0 { 0 } else { start * strides[dim] };
        shape[dim] = len;
        // A step beyond all bounds leaves one element, whose stride leads nowhere.
        strides[dim] = strides[dim].saturating_mul(step);
        Layout::strided(shape, strides, self.offset + skipped)
    }

    /// The elements at `index` along `dim`, without that dimension.
    pub fn selected(&self, dim: usize, index: usize) -> Layout {
        let offset = self.offset + index * self.strides[dim];
        Layout::strided(self.shape.without(|i| i == dim), self.strides.without(|i| i == dim), offset)
    }

    /// Without the dimensions of `mask`, each of size one.
    pub fn squeezed(&self, mask: u64) -> Layout {
        let drop = |i: usize| mask >> i & 1 == 1;
        Layout::strided(self.shape.without(drop), self.strides.without(drop), self.offset)
    }

    /// With a new dimension of size one before `dim`.
    pub fn unsqueezed(&self, dim: usize) -> Layout {
        let stride = if dim < self.rank() { self.shape[dim].saturating_mul(self.strides[dim]) } else { 1 };
        Layout::strided(self.shape.with_inserted(dim, 1), self.strides.with_inserted(dim, stride), self.offset)
    }

    /// The layout of a fresh copy in the same order in memory: these strides where there are no gaps, else as
    /// [`following`](Layout::following) this layout.
    pub fn preserved(&self) -> Layout {
        match self.is_dense() {
            true => Layout::strided(self.shape.clone(), self.strides.clone(), 0),
            false => Layout::following(self.shape.clone(), &[self]),
        }
    }

    /// The layout of a fresh result computed element by element from inputs that all lie like this one. PyTorch looks for
    /// row-major order first, then for images with channels last, then for any order without gaps, which differ in the
    /// strides of dimensions of size one (`TensorIteratorBase::compute_fast_setup_type`).
    pub fn repeated(&self) -> Layout {
        if self.contiguous {
            return Layout::contiguous(self.shape.clone());
        }
        if let [_, c, h, w] = self.shape[..] {
            let channels_last = Dims::from(&[h * w * c, 1, w * c, c][..]);
            if (0..4).all(|dim| self.shape[dim] == 1 || self.strides[dim] == channels_last[dim]) {
                return Layout::strided(self.shape.clone(), channels_last, 0);
            }
        }
        self.preserved()
    }

    /// The layout of a fresh result of `shape` computed element by element from `inputs`: dense, in the inputs' order of
    /// dimensions, so that a transposed input gives a transposed result, as in PyTorch.
    pub fn following(shape: Dims, inputs: &[&Layout]) -> Layout {
        // Any strides are contiguous where there is no element; PyTorch's iterator still follows their order.
        if inputs.iter().all(|input| input.plain || (input.contiguous && input.numel > 0)) {
            return Layout::contiguous(shape);
        }
        let rank = shape.len();
        let stride = |input: &Layout, dim: usize| {
            let lead = rank - input.rank();
            if dim < lead || input.shape[dim - lead] != shape[dim] { 0 } else { input.strides[dim - lead] }
        };
        // `order` runs from the fastest dimension to the slowest.
        let mut order: smallvec::SmallVec<[usize; 8]> = (0..rank).rev().collect();
        let is_after = |a: usize, b: usize| -> Option<bool> {
            for input in inputs {
                let (x, y) = (stride(input, a), stride(input, b));
                if x == 0 || y == 0 {
                    continue;
                }
                if x != y {
                    return Some(x > y);
                }
                if shape[a] > shape[b] {
                    return Some(true);
                }
            }
            None
        };
        for i in 1..rank {
            let mut at = i;
            for j in (0..i).rev() {
                match is_after(order[j], order[at]) {
                    Some(true) => {
                        order.swap(j, at);
                        at = j;
                    }
                    Some(false) => break,
                    None => {}
                }
            }
        }
        let mut strides = Dims::filled(rank, 0);
        let mut step = 1;
        for dim in order {
            strides[dim] = step;
            step *= shape[dim].max(1);
        }
        Layout::strided(shape, strides, 0)
    }
}

/// How two sets of elements in one storage lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No place in common.
    None,
    /// The same places in the same order.
    Same,
    /// Some places in common.
    Partial,
    /// The ranges meet, but with gaps; finding out would cost more than a copy.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dims(d: &[usize]) -> Dims {
        Dims::from(d)
    }

    fn positions(layout: &Layout) -> Vec<usize> {
        let mut all = vec![];
        let mut index = vec![0; layout.rank()];
        for _ in 0..layout.numel() {
            all.push(layout.position(&index));
            for dim in (0..layout.rank()).rev() {
                index[dim] += 1;
                if index[dim] < layout.shape()[dim] {
                    break;
                }
                index[dim] = 0;
            }
        }
        all
    }

    #[test]
    fn a_reshape_keeps_the_order_of_elements_or_refuses() {
        let base = Layout::contiguous(dims(&[4, 3, 2]));
        let views = [
            base.clone(),
            base.permuted(&[2, 0, 1]),
            base.sliced(1, 0, 2, 1),
            base.sliced(0, 0, 2, 2),
            base.selected(1, 2),
            base.unsqueezed(1).permuted(&[1, 0, 2, 3]),
            Layout::contiguous(dims(&[1, 3])).expanded(&dims(&[4, 3])).unwrap(),
            base.sliced(2, 1, 1, 1),
        ];
        let mut done = 0;
        for view in &views {
            let n = view.numel();
            for shape in [vec![n], vec![1, n], vec![n / 2, 2], vec![2, n / 2], vec![n / 4, 2, 2], vec![2, 1, n / 2, 1]]
            {
                if shape.iter().product::<usize>() != n {
                    continue;
                }
                if let Some(reshaped) = view.reshaped(&dims(&shape)) {
                    assert_eq!(positions(&reshaped), positions(view), "{view:?} as {shape:?}");
                    done += 1;
                }
            }
        }
        assert!(done > 20);
        assert_eq!(base.permuted(&[2, 1, 0]).reshaped(&dims(&[24])), None);
        assert!(base.sliced(2, 1, 1, 1).reshaped(&dims(&[12])).is_some());
    }

    #[test]
    fn overlap_is_found() {
        let base = Layout::contiguous(dims(&[4, 4]));
        assert!(!base.permuted(&[1, 0]).overlaps_itself());
        assert!(Layout::contiguous(dims(&[1, 4])).expanded(&dims(&[3, 4])).unwrap().overlaps_itself());
        assert_eq!(base.overlap(&base), Overlap::Same);
        assert_eq!(base.overlap(&base.permuted(&[1, 0])), Overlap::Partial);
        assert_eq!(base.selected(0, 0).overlap(&base.selected(0, 1)), Overlap::None);
        assert_eq!(base.sliced(0, 0, 3, 1).overlap(&base.sliced(0, 1, 3, 1)), Overlap::Partial);
    }

    #[test]
    fn results_follow_their_inputs() {
        let a = Layout::contiguous(dims(&[2, 3])).permuted(&[1, 0]);
        assert_eq!(Layout::following(dims(&[3, 2]), &[&a])[..], [1, 3]);
        let b = Layout::contiguous(dims(&[2]));
        assert_eq!(Layout::following(dims(&[3, 2]), &[&a, &b])[..], [1, 3]);
        let c = Layout::contiguous(dims(&[3, 2]));
        assert_eq!(Layout::following(dims(&[3, 2]), &[&c, &a])[..], [2, 1]);
    }

    impl std::ops::Deref for Layout {
        type Target = [usize];
        fn deref(&self) -> &[usize] {
            &self.strides
        }
    }
}
