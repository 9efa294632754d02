//! Products of vectors, matrices and stacks of them, with something added or summed over other dimensions, by way of the
//! primitive ones.

use super::einsum::pair;
use crate::op::{Matmul, Op};
use crate::twins::twins;
use crate::{DType, Dims, IntoShape, Result, Scalar, Tensor, bail, or_panic, shape};

/// A factor as the dtype has it: whole numbers lose fractions, as in PyTorch.
fn factor(x: &Tensor, number: Scalar) -> Scalar {
    if x.dtype().is_floating_point() { number } else { Scalar::Int(number.to_i64()) }
}

/// `beta` · `base`, broadcast, + `alpha` · `product`. A `beta` of zero forgets the base, whatever it holds.
fn added(base: &Tensor, product: Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    let base = base.try_expand(product.shape())?;
    if base.dtype() != product.dtype() {
        bail!(
            DType,
            "self and mat2 must have the same dtype, but got {} and {}",
            base.dtype().type_name(),
            product.dtype().type_name()
        );
    }
    let (beta, alpha) = (factor(&product, beta), factor(&product, alpha));
    let product = if alpha.to_f64() == 1.0 { product } else { product.try_mul(alpha)? };
    match beta.to_f64() {
        0.0 => Ok(product),
        1.0 => product.try_add(&base),
        _ => product.try_add(&base.try_mul(beta)?),
    }
}

/// An error unless `x` is a vector.
fn check_vector(name: &str, argument: &str, x: &Tensor) -> Result<()> {
    if x.ndim() != 1 {
        bail!(Shape, "{name}: Expected 1-D argument {argument}, but got {}-D", x.ndim());
    }
    Ok(())
}

twins! {
    /// The products of all pairs of two vectors' elements, a matrix.
    ///
    /// # Errors
    /// If an operand is no vector.
    pub fn outer | try_outer(self, other: &Tensor) -> Tensor {
        check_vector("outer", "self", self)?;
        check_vector("outer", "vec2", other)?;
        self.try_unsqueeze(1)?.try_mul(&other.try_unsqueeze(0)?)
    }

    /// [`outer`](Tensor::outer) under another name.
    pub fn ger | try_ger(self, other: &Tensor) -> Tensor {
        self.try_outer(other)
    }

    /// `beta` · this tensor, broadcast, + `alpha` · a matrix product. PyTorch's defaults are 1 and 1.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// let bias = Tensor::from_vec(vec![100.0f32, 200.0], [2], ops_cpu::cpu());
    /// assert_eq!(bias.addmm(&x, &x, 1, 1).to_vec::<f32>(), [107.0, 210.0, 115.0, 222.0]);
    /// ```
    ///
    /// # Errors
    /// If shapes or dtypes do not fit.
    pub fn addmm | try_addmm [B: Into<Scalar>, A: Into<Scalar>] (
        self, mat1: &Tensor, mat2: &Tensor, beta: B, alpha: A,
    ) -> Tensor {
        let (beta, alpha) = (beta.into(), alpha.into());
        if beta.to_f64() == 1.0 && alpha.to_f64() == 1.0 {
            return Tensor::apply(Op::Matmul(Matmul::Addmm), &[self, mat1, mat2]);
        }
        added(self, mat1.try_mm(mat2)?, beta, alpha)
    }

    /// `beta` · this tensor, broadcast, + `alpha` · the product of a matrix and a vector.
    pub fn addmv | try_addmv [B: Into<Scalar>, A: Into<Scalar>] (
        self, mat: &Tensor, vec: &Tensor, beta: B, alpha: A,
    ) -> Tensor {
        added(self, mat.try_mv(vec)?, beta.into(), alpha.into())
    }

    /// `beta` · this tensor, broadcast, + `alpha` · the outer product of two vectors.
    pub fn addr | try_addr [B: Into<Scalar>, A: Into<Scalar>] (
        self, vec1: &Tensor, vec2: &Tensor, beta: B, alpha: A,
    ) -> Tensor {
        check_vector("addr", "vec1", vec1)?;
        check_vector("addr", "vec2", vec2)?;
        let (product, beta, alpha) = (vec1.try_outer(vec2)?, beta.into(), alpha.into());
        if product.dtype() == DType::Bool {
            let product = product.try_logical_and(&alpha_mask(&product, alpha)?)?;
            let base = self.try_expand(product.shape())?;
            return product.try_logical_or(&base.try_logical_and(&alpha_mask(&product, beta)?)?);
        }
        let base = self.try_expand(product.shape())?;
        let product = product.try_mul(alpha)?;
        if beta.to_f64() == 0.0 { product.try_to_dtype(product.dtype().promote(base.dtype())) } else { base.try_mul(beta)?.try_add(&product) }
    }

    /// `beta` · this tensor, broadcast, + `alpha` · the products of two stacks of matrices, one by one.
    pub fn baddbmm | try_baddbmm [B: Into<Scalar>, A: Into<Scalar>] (
        self, batch1: &Tensor, batch2: &Tensor, beta: B, alpha: A,
    ) -> Tensor {
        added(self, batch1.try_bmm(batch2)?, beta.into(), alpha.into())
    }

    /// `beta` · this tensor, broadcast, + `alpha` · the sum of the products of two stacks of matrices.
    pub fn addbmm | try_addbmm [B: Into<Scalar>, A: Into<Scalar>] (
        self, batch1: &Tensor, batch2: &Tensor, beta: B, alpha: A,
    ) -> Tensor {
        let (&[p, n, k], &[q, l, m]) = (&batch1.shape()[..], &batch2.shape()[..]) else {
            bail!(Shape, "batch1 must be a 3D tensor");
        };
        if p != q || k != l {
            bail!(
                Shape,
                "Expected size for first two dimensions of batch2 tensor to be: [{p}, {k}] but got: [{q}, {l}]."
            );
        }
        // One product serves, because sums over matrices and over columns are one.
        let rows = batch1.try_permute([1, 0, 2])?.try_reshape([n, p * k])?;
        added(self, rows.try_mm(&batch2.try_reshape([p * k, m])?)?, beta.into(), alpha.into())
    }

    /// Sums of products over the last dimensions of both.
    ///
    /// # Errors
    /// If they differ in size, or dtypes do.
    pub fn inner | try_inner(self, other: &Tensor) -> Tensor {
        if self.ndim() == 0 || other.ndim() == 0 {
            return self.try_mul(other);
        }
        if self.shape().last() != other.shape().last() {
            bail!(
                Shape,
                "inner() the last dimension must match on both input tensors but got shapes {:?} and {:?}",
                self.shape(),
                other.shape()
            );
        }
        self.try_tensordot_dims(other, -1, -1)
    }

    /// The sum of the products of two vectors' elements. (For complex numbers the first would be conjugated.)
    pub fn vdot | try_vdot(self, other: &Tensor) -> Tensor {
        self.try_dot(other)
    }

    /// The Kronecker product: each element times the whole of `other`.
    pub fn kron | try_kron(self, other: &Tensor) -> Tensor {
        let rank = self.ndim().max(other.ndim());
        let sizes = |x: &Tensor| -> Vec<usize> {
            std::iter::repeat_n(1, rank - x.ndim()).chain(x.shape().iter().copied()).collect()
        };
        let (a, b) = (sizes(self), sizes(other));
        let spread = |sizes: &[usize], first: bool| -> Dims {
            sizes.iter().flat_map(|size| if first { [*size, 1] } else { [1, *size] }).collect()
        };
        let product = self.try_reshape(spread(&a, true))?.try_mul(&other.try_reshape(spread(&b, false))?)?;
        product.try_reshape(a.iter().zip(&b).map(|(a, b)| a * b).collect::<Dims>())
    }

    /// Sums of products over the last `dims` dimensions of this tensor and the first of `other`.
    ///
    /// # Errors
    /// If their sizes or dtypes differ, or there are fewer dimensions.
    pub fn tensordot | try_tensordot(self, other: &Tensor, dims: i64) -> Tensor {
        if dims < 0 {
            bail!(Value, "tensordot expects dims >= 0, but got dims={dims}");
        }
        if dims as usize > self.ndim().min(other.ndim()) {
            bail!(Value, "tensordot expects dims < ndim_a or ndim_b, but got dims={dims}");
        }
        self.try_tensordot_dims(other, (-dims..0).collect::<Vec<_>>(), (0..dims).collect::<Vec<_>>())
    }

    /// Sums of products over dimensions `ours` of this tensor and `theirs` of the other, in pairs.
    ///
    /// # Errors
    /// If sizes of a pair or dtypes differ.
    pub fn tensordot_dims | try_tensordot_dims [A: IntoShape, B: IntoShape] (self, other: &Tensor, ours: A, theirs: B) -> Tensor {
        let (ours, theirs) = (ours.sizes(), theirs.sizes());
        if ours.len() != theirs.len() {
            bail!(Value, "both dimension lists should have same length");
        }
        let wrap = |dims: &[i64], x: &Tensor| {
            dims.iter().map(|dim| shape::checked_dim(*dim, x.ndim())).collect::<Result<Vec<usize>>>()
        };
        let (a, b) = (wrap(&ours, self)?, wrap(&theirs, other)?);
        let size = |x: &Tensor, dim: usize| x.shape().get(dim).copied().unwrap_or(1);
        let (mut left, mut right) = (self.clone(), other.clone());
        for i in 0..a.len() {
            let (x, y) = (size(self, a[i]), size(other, b[i]));
            // A size of one stands for the other's, so that the other may be summed at once.
            if x != y && x == 1 {
                right = right.try_sum_dim(b[i] as i64, true)?.try_to_dtype(other.dtype())?;
            } else if x != y && y == 1 {
                left = left.try_sum_dim(a[i] as i64, true)?.try_to_dtype(self.dtype())?;
            } else if x != y {
                bail!(
                    Shape,
                    "contracted dimensions need to match, but first has size {x} in dim {} and second has size {y} in dim {}",
                    ours[i],
                    theirs[i]
                );
            }
        }
        if self.dtype() != other.dtype() {
            bail!(DType, "both inputs should have same dtype");
        }
        let rest = |x: &Tensor, dims: &[usize]| (0..x.ndim()).filter(|dim| !dims.contains(dim)).collect::<Vec<_>>();
        let (rows, columns) = (rest(self, &a), rest(other, &b));
        let count = |x: &Tensor, dims: &[usize]| dims.iter().map(|dim| x.shape()[*dim]).product::<usize>();
        let (n, m) = (count(self, &rows), count(other, &columns));
        let k = if left.ndim() == 0 { 1 } else { count(&left, &a) };
        let order = |x: &Tensor, first: &[usize], second: &[usize]| {
            if x.ndim() == 0 { Ok(x.clone()) } else { x.try_permute([first, second].concat()) }
        };
        let (left, right) = (order(&left, &rows, &a)?, order(&right, &b, &columns)?);
        let sizes = rows.iter().map(|dim| self.shape()[*dim]).chain(columns.iter().map(|dim| other.shape()[*dim]));
        left.try_reshape([n, k])?.try_mm(&right.try_reshape([k, m])?)?.try_reshape(sizes.collect::<Dims>())
    }

    /// This tensor's last dimension mapped by `weight`, `[out, in]`, plus `bias`: x · weightᵀ + bias.
    ///
    /// # Errors
    /// If shapes or dtypes do not fit.
    pub fn linear | try_linear(self, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
        if self.ndim() == 0 || weight.ndim() == 0 {
            bail!(
                Shape,
                "both arguments to linear need to be at least 1D, but they are {}D and {}D",
                self.ndim(),
                weight.ndim()
            );
        }
        let turned = weight.try_t()?;
        let Some(bias) = bias else { return self.try_matmul(&turned) };
        match (self.shape().split_last(), weight.ndim()) {
            (Some((_, [_])), 2) => bias.try_addmm(self, &turned, 1, 1),
            (Some((k, lead)), 2) if lead.len() > 1 => {
                let rows = self.try_reshape([lead.iter().product(), *k])?;
                let sizes = lead.iter().copied().chain([weight.shape()[0]]).collect();
                Ok(bias.try_addmm(&rows, &turned, 1, 1)?.unsafe_view(sizes))
            }
            _ => self.try_matmul(&turned)?.try_add(bias),
        }
    }

    /// y_k = xᵀ · weight_k · `other` + bias_k over the last dimensions; `weight` is `[out, in1, in2]`.
    ///
    /// # Errors
    /// If shapes do not fit.
    pub fn bilinear | try_bilinear(self, other: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
        if self.ndim() != other.ndim() {
            bail!(Shape, "bilinear(): input dimensions do not match: got {} and {}", self.ndim(), other.ndim());
        }
        let &[out, in1, in2] = &weight.shape()[..] else { bail!(Shape, "bilinear(): weight must be 3D") };
        let (Some((first, lead)), Some((second, other_lead))) = (self.shape().split_last(), other.shape().split_last()) else {
            bail!(Shape, "bilinear(): inputs must have at least one dimension");
        };
        if let Some(dim) = (0..lead.len()).find(|dim| lead[*dim] != other_lead[*dim]) {
            bail!(
                Shape,
                "bilinear(): input batch dimensions do not match at dim {dim}: got {} and {}",
                lead[dim],
                other_lead[dim]
            );
        }
        for (i, (size, wanted)) in [(first, in1), (second, in2)].into_iter().enumerate() {
            if *size != wanted {
                bail!(Shape, "bilinear(): input{} size does not match weight size: got {size} but expected {wanted}", i + 1);
            }
        }
        let rows: usize = lead.iter().product();
        let (x, y) = (self.try_reshape([rows, in1])?, other.try_reshape([rows, in2])?);
        // x times all weights at once, then with each row's y.
        let mapped = x.try_mm(&weight.try_permute([1, 0, 2])?.try_reshape([in1, out * in2])?)?;
        let product = mapped.try_reshape([rows, out, in2])?.try_bmm(&y.try_unsqueeze(2)?)?;
        let product = product.try_reshape(lead.iter().copied().chain([out]).collect::<Dims>())?;
        match bias {
            Some(bias) => product.try_add(bias),
            None => Ok(product),
        }
    }

    /// The cross product of vectors of three elements along `dim`; without one, the first dimension of size three.
    ///
    /// # Errors
    /// If there is no such dimension or the shapes do not broadcast.
    pub fn cross | try_cross(self, other: &Tensor, dim: Option<i64>) -> Tensor {
        let shape = shape::broadcast(self.shape(), other.shape())?;
        let given = dim;
        let dim = match dim {
            Some(dim) => shape::checked_dim(dim, shape.len())?,
            None => match shape.iter().position(|size| *size == 3) {
                Some(dim) => dim,
                None => bail!(Shape, "no dimension of size 3 in input"),
            },
        };
        let size = |x: &Tensor| (dim + x.ndim()).checked_sub(shape.len()).map_or(1, |dim| x.shape()[dim]);
        if size(self) != 3 || size(other) != 3 {
            bail!(
                Shape,
                "linalg.cross: inputs dimension {} must have length 3. Got {} and {}",
                given.unwrap_or(dim as i64),
                size(self),
                size(other)
            );
        }
        let (a, b) = (self.try_expand(&shape)?, other.try_expand(&shape)?);
        let turned = |x: &Tensor, by: i64| x.try_roll(by, dim as i64);
        let left = turned(&a, -1)?.try_mul(&turned(&b, 1)?)?;
        left.try_sub(&turned(&a, 1)?.try_mul(&turned(&b, -1)?)?)
    }

    /// Square matrices multiplied with themselves, `n` factors in all; the identity for none, the inverse's power for negative `n`.
    ///
    /// # Errors
    /// If the matrices are not square, or have to be inverted and are singular.
    pub fn matrix_power | try_matrix_power(self, n: i64) -> Tensor {
        let Some((&[rows, columns], _)) = self.shape().split_last_chunk::<2>().map(|(lead, last)| (last, lead)) else {
            bail!(Shape, "linalg.matrix_power: The input tensor A must have at least 2 dimensions.");
        };
        if rows != columns {
            bail!(
                Shape,
                "linalg.matrix_power: A must be batches of square matrices, but they are {rows} by {columns} matrices"
            );
        }
        if n < 0 {
            return self.try_inverse()?.try_matrix_power(n.saturating_neg());
        }
        let (mut rest, mut square, mut power) = (n, self.clone(), None::<Tensor>);
        while rest > 0 {
            if rest & 1 == 1 {
                power = Some(match power {
                    Some(power) => power.try_matmul(&square)?,
                    None => square.clone(),
                });
            }
            rest >>= 1;
            if rest > 0 {
                square = square.try_matmul(&square)?;
            }
        }
        match power {
            Some(power) if n > 1 => Ok(power),
            Some(power) => power.try_clone(),
            None => {
                // A copy that is written over, so that the result has a gradient, zero.
                let whole = self.try_clone()?.try_zero_()?;
                whole.try_diagonal(0, -2, -1)?.try_fill_(1)?;
                Ok(whole)
            }
        }
    }

    /// The sum of products along `dim`, of tensors that broadcast.
    ///
    /// # Errors
    /// If sizes or dtypes do not fit.
    pub fn vecdot | try_vecdot(self, other: &Tensor, dim: i64) -> Tensor {
        let shape = shape::broadcast(self.shape(), other.shape())?;
        let dim = shape::checked_dim(dim, shape.len())?;
        let (a, b) = (self.try_expand(&shape)?, other.try_expand(&shape)?);
        let product = pair(&a, &b, &[dim])?;
        product.try_squeeze_dim(dim as i64)
    }
}

/// Whether a factor of truth values is not zero, as a tensor.
fn alpha_mask(like: &Tensor, factor: Scalar) -> Result<Tensor> {
    Tensor::try_full_on((), factor.to_f64() != 0.0, DType::Bool, like.device())
}

/// The product of several matrices, in the order of multiplication that costs least; the first and the last may be vectors.
/// PyTorch's `linalg.multi_dot` and `chain_matmul`.
///
/// # Panics
/// Where [`try_multi_dot`] returns an error.
#[track_caller]
pub fn multi_dot<T: AsRef<Tensor>>(tensors: &[T]) -> Tensor {
    or_panic(try_multi_dot(tensors))
}

/// As [`multi_dot`], but returns misuse as an error.
///
/// # Errors
/// If there are fewer than two tensors, or their shapes do not fit.
pub fn try_multi_dot<T: AsRef<Tensor>>(tensors: &[T]) -> Result<Tensor> {
    let mut all: Vec<Tensor> = tensors.iter().map(|x| x.as_ref().clone()).collect();
    let count = all.len();
    if count < 2 {
        bail!(Shape, "multi_dot(): expected at least 2 tensors but got {count}");
    }
    let (first, last) = (all[0].ndim() == 1, all[count - 1].ndim() == 1);
    for (i, which) in [(0, "first"), (count - 1, "last")] {
        let rank = all[i].ndim();
        match rank {
            1 => all[i] = all[i].try_unsqueeze(if i == 0 { 0 } else { 1 })?,
            2 => {}
            _ => bail!(Shape, "multi_dot(): the {which} tensor must be 1D or 2D but got {rank}D"),
        }
    }
    for i in 1..count {
        if all[i].ndim() != 2 {
            bail!(Shape, "multi_dot(): tensor {i} must be 2D but got {}D", all[i].ndim());
        }
        if all[i - 1].shape()[1] != all[i].shape()[0] {
            bail!(
                Shape,
                "multi_dot(): tensors {} and {i} with shapes {:?} and {:?} cannot be multiplied",
                i - 1,
                all[i - 1].shape(),
                all[i].shape()
            );
        }
    }
    // The cheapest way to multiply matrices i … j, and where it is cut, for longer and longer parts.
    let sizes: Vec<usize> = [all[0].shape()[0]].into_iter().chain(all.iter().map(|x| x.shape()[1])).collect();
    let (mut cost, mut cut) = (vec![vec![0usize; count]; count], vec![vec![0; count]; count]);
    for len in 1..count {
        for i in 0..count - len {
            let j = i + len;
            let price = |k: usize| {
                let own = sizes[i].saturating_mul(sizes[k + 1]).saturating_mul(sizes[j + 1]);
                own.saturating_add(cost[i][k]).saturating_add(cost[k + 1][j])
            };
            let best = (i..j).min_by_key(|k| price(*k)).expect("at least one cut");
            (cost[i][j], cut[i][j]) = (price(best), best);
        }
    }
    let product = multiplied(&all, &cut, 0, count - 1)?;
    let product = if first { product.try_squeeze_dim(0)? } else { product };
    if last { product.try_squeeze_dim(-1) } else { Ok(product) }
}

/// The product of matrices `i` to `j`. The depth is at most the number of matrices.
fn multiplied(all: &[Tensor], cut: &[Vec<usize>], i: usize, j: usize) -> Result<Tensor> {
    if i == j {
        return Ok(all[i].clone());
    }
    let k = cut[i][j];
    multiplied(all, cut, i, k)?.try_mm(&multiplied(all, cut, k + 1, j)?)
}
