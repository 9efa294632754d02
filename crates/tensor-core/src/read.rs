//! Elements read back to the host.

use crate::twins::twins;
use crate::{DType, Element, Result, Tensor, bail};
use storage::{Bool, Scalar, Source, bf16, f16};

/// The number at the start of `bytes`.
#[inline]
pub(crate) fn number(dtype: DType, bytes: &[u8]) -> Scalar {
    fn first<T: storage::Pod>(bytes: &[u8]) -> T {
        bytemuck::pod_read_unaligned(&bytes[..std::mem::size_of::<T>()])
    }
    match dtype {
        DType::Bool => Scalar::Bool(first::<Bool>(bytes).0 != 0),
        DType::U8 => first::<u8>(bytes).into(),
        DType::I8 => first::<i8>(bytes).into(),
        DType::I16 => first::<i16>(bytes).into(),
        DType::I32 => first::<i32>(bytes).into(),
        DType::I64 => first::<i64>(bytes).into(),
        DType::F16 => first::<f16>(bytes).into(),
        DType::BF16 => first::<bf16>(bytes).into(),
        DType::F32 => first::<f32>(bytes).into(),
        DType::F64 => first::<f64>(bytes).into(),
    }
}

impl Tensor {
    /// The element at `index` (one number per dimension; none stands for zeros) of a tensor in host memory; of one elsewhere,
    /// after a copy.
    #[inline]
    pub(crate) fn number_at(&self, index: &[usize]) -> Result<Scalar> {
        let at = self.layout().position(index) * self.element_size();
        let held = storage::Single::lock(self.storage());
        match held.source() {
            Source::Host(bytes) => Ok(number(self.dtype(), &bytes[at..])),
            Source::Device(_) => {
                let mut all = vec![0; self.storage().len()];
                self.device().download(self.storage(), &mut all)?;
                Ok(number(self.dtype(), &all[at..]))
            }
        }
    }

    /// The only element as a number of its kind.
    ///
    /// # Errors
    /// If there is not exactly one element.
    #[inline]
    pub fn try_scalar(&self) -> Result<Scalar> {
        if self.numel() != 1 {
            bail!(Value, "a Tensor with {} elements cannot be converted to Scalar", self.numel());
        }
        self.number_at(&[])
    }
}

twins! {
    /// The only element of a tensor, converted to `T`: `x.item::<f64>()`.
    ///
    /// # Errors
    /// If there is not exactly one element.
    pub fn item | try_item [T: Element] (self) -> T {
        Ok(T::from_scalar(self.try_scalar()?))
    }

    /// All elements, row-major. `T` is the Rust type of the tensor's dtype.
    ///
    /// # Errors
    /// If `T` is not the tensor's dtype (convert with `to_dtype` first).
    pub fn to_vec | try_to_vec [T: Element] (self) -> Vec<T> {
        if T::DTYPE != self.dtype() {
            bail!(
                DType,
                "expected scalar type {} but found {}",
                T::DTYPE.type_name(),
                self.dtype().type_name()
            );
        }
        let bytes = self.host_bytes()?;
        let size = self.element_size();
        Ok(bytes.chunks_exact(size).map(|chunk| T::load(bytemuck::pod_read_unaligned(chunk))).collect())
    }

    /// The bytes of all elements, row-major, in this machine's byte order: what [`from_bytes`](Tensor::from_bytes) takes.
    pub fn to_bytes | try_to_bytes(self) -> Vec<u8> {
        Ok(self.host_bytes()?.to_vec())
    }
}
