//! Which dtype the result of two operands has: PyTorch's lattice, and its rule for plain numbers beside tensors.
//! Source: <https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc>.

use crate::{DType, Scalar};

impl DType {
    /// The smallest dtype that both `self` and `other` convert to without changing kind: `int8` and `uint8` meet in `int16`,
    /// the two half types in `float32`, an integer and a float in the float.
    ///
    /// ```
    /// use storage::DType;
    /// assert_eq!(DType::U8.promote(DType::I8), DType::I16);
    /// assert_eq!(DType::I64.promote(DType::F16), DType::F16);
    /// assert_eq!(DType::F16.promote(DType::BF16), DType::F32);
    /// ```
    #[inline]
    pub fn promote(self, other: DType) -> DType {
        if self == other {
            return self;
        }
        let (low, high) = if self < other { (self, other) } else { (other, self) };
        match (low, high) {
            (DType::U8, DType::I8) => DType::I16,
            (DType::F16, DType::BF16) => DType::F32,
            _ => high,
        }
    }

    /// The dtype of a tensor of this dtype combined with a plain number: the number's *kind* (bool, whole, real) counts, its
    /// size does not.
    ///
    /// ```
    /// use storage::{DType, Scalar};
    /// assert_eq!(DType::I64.promote_scalar(Scalar::Int(10)), DType::I64);
    /// assert_eq!(DType::I64.promote_scalar(Scalar::Float(1.5)), DType::F32);
    /// assert_eq!(DType::F16.promote_scalar(Scalar::Float(1.5)), DType::F16);
    /// ```
    #[inline]
    pub fn promote_scalar(self, number: Scalar) -> DType {
        match number {
            Scalar::Float(_) if !self.is_floating_point() => DType::F32,
            Scalar::Int(_) if self == DType::Bool => DType::I64,
            _ => self,
        }
    }

    /// Promotion in which each operand may also be a zero-dimensional tensor: such an operand only raises the result's
    /// dtype when it is of a higher kind (bool < whole < real) than the operands with dimensions.
    pub fn promote_ranked(self, rank: usize, other: DType, other_rank: usize) -> DType {
        if self == other || (rank == 0) == (other_rank == 0) {
            return self.promote(other);
        }
        let (with_dims, without) = if rank > 0 { (self, other) } else { (other, self) };
        if without.kind() > with_dims.kind() { without } else { with_dims }
    }

    /// 0 bool, 1 whole, 2 real: the order in which kinds win.
    fn kind(self) -> u8 {
        match self {
            DType::Bool => 0,
            DType::U8 | DType::I8 | DType::I16 | DType::I32 | DType::I64 => 1,
            DType::F16 | DType::BF16 | DType::F32 | DType::F64 => 2,
        }
    }

    /// This dtype if it is a float, else `float32`: the result of `exp`, `/`, `mean` and their like on whole numbers.
    #[inline]
    pub fn to_float(self) -> DType {
        if self.is_floating_point() { self } else { DType::F32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promotion_is_commutative_and_idempotent() {
        for a in DType::ALL {
            assert_eq!(a.promote(a), a);
            for b in DType::ALL {
                assert_eq!(a.promote(b), b.promote(a), "{a} {b}");
            }
        }
    }

    #[test]
    fn zero_dimensional_operands_only_raise_the_kind() {
        assert_eq!(DType::F16.promote_ranked(2, DType::F32, 0), DType::F16);
        assert_eq!(DType::I32.promote_ranked(1, DType::F64, 0), DType::F64);
        assert_eq!(DType::U8.promote_ranked(0, DType::I8, 0), DType::I16);
        assert_eq!(DType::I8.promote_ranked(3, DType::I64, 0), DType::I8);
    }
}
