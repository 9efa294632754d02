//! Functions of several tensors: broadcast against each other, spread over a grid, put side by side.

use crate::op::join::try_cat;
use crate::{Dims, Result, Tensor, bail, or_panic, shape};

/// Defines functions of several tensors in pairs, as `twins!` defines methods.
macro_rules! of_several {
    ($($(#[$doc:meta])* pub fn $name:ident | $try_name:ident($tensors:ident $(, $arg:ident: $ty:ty)*) -> $out:ty $body:block)*) => { $(
        $(#[$doc])*
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_name), "`] returns an error.")]
        #[track_caller]
        pub fn $name<T: AsRef<Tensor>>($tensors: &[T] $(, $arg: $ty)*) -> $out {
            or_panic($try_name($tensors $(, $arg)*))
        }

        #[doc = concat!("As [`", stringify!($name), "`], but returns misuse as an error.")]
        pub fn $try_name<T: AsRef<Tensor>>($tensors: &[T] $(, $arg: $ty)*) -> Result<$out> $body
    )* };
}

fn each(tensors: &[impl AsRef<Tensor>], change: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Vec<Tensor>> {
    tensors.iter().map(|x| change(x.as_ref())).collect()
}

of_several! {
    /// The tensors seen in the shape that they broadcast to.
    ///
    /// # Errors
    /// If they do not broadcast.
    pub fn broadcast_tensors | try_broadcast_tensors(tensors) -> Vec<Tensor> {
        let shape = tensors.iter().try_fold(Dims::scalar(), |shape, x| shape::broadcast(&shape, x.as_ref().shape()))?;
        each(tensors, |x| x.try_expand(&shape))
    }

    /// The coordinates of the points of a grid whose axes are the given vectors: one tensor per axis. `indexing` is `"ij"`, the
    /// first axis along the first dimension, or `"xy"`, the first along the second.
    ///
    /// ```
    /// # use tensor_core::{Tensor, compose::stacking::meshgrid};
    /// let x = Tensor::from_vec(vec![1i64, 2], [2], ops_cpu::cpu());
    /// let y = Tensor::from_vec(vec![3i64, 4, 5], [3], ops_cpu::cpu());
    /// let [a, b] = &meshgrid(&[&x, &y], "ij")[..] else { panic!() };
    /// assert_eq!(a.to_vec::<i64>(), [1, 1, 1, 2, 2, 2]);
    /// assert_eq!(b.to_vec::<i64>(), [3, 4, 5, 3, 4, 5]);
    /// ```
    ///
    /// # Errors
    /// If there is no tensor, one is no vector, dtypes differ, or `indexing` is something else.
    pub fn meshgrid | try_meshgrid(tensors, indexing: &str) -> Vec<Tensor> {
        let Some(first) = tensors.first().map(AsRef::as_ref) else { bail!(Value, "meshgrid expects a non-empty TensorList") };
        if let Some(x) = tensors.iter().map(AsRef::as_ref).find(|x| x.ndim() > 1) {
            bail!(Shape, "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {:?}", x.shape());
        }
        if tensors.iter().any(|x| x.as_ref().dtype() != first.dtype()) {
            bail!(DType, "torch.meshgrid expects all tensors to have the same dtype");
        }
        let swaps = match indexing {
            "ij" => false,
            "xy" => tensors.len() >= 2,
            other => bail!(Value, "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: {other}"),
        };
        let place = |i: usize| if swaps && i < 2 { 1 - i } else { i };
        let mut shape = Dims::filled(tensors.len(), 1);
        tensors.iter().enumerate().for_each(|(i, x)| shape[place(i)] = x.as_ref().numel());
        let spread = |(i, x): (usize, &T)| {
            let mut own = Dims::filled(shape.len(), 1);
            own[place(i)] = x.as_ref().numel();
            x.as_ref().try_reshape(own)?.try_expand(&shape)
        };
        // With "xy", PyTorch makes the grid with the first two exchanged and exchanges the dimensions back.
        tensors.iter().enumerate().map(spread).collect()
    }

    /// The tensors side by side: vectors one after the other, others along the second dimension.
    pub fn hstack | try_hstack(tensors) -> Tensor {
        if tensors.is_empty() {
            bail!(Value, "hstack expects a non-empty TensorList");
        }
        let all = each(tensors, Tensor::try_atleast_1d)?;
        try_cat(&all, if all[0].ndim() == 1 { 0 } else { 1 })
    }

    /// The tensors one below the other, vectors as rows.
    pub fn vstack | try_vstack(tensors) -> Tensor {
        if tensors.is_empty() {
            bail!(Value, "vstack expects a non-empty TensorList");
        }
        try_cat(&each(tensors, Tensor::try_atleast_2d)?, 0)
    }

    /// The tensors one behind the other, along the third dimension.
    pub fn dstack | try_dstack(tensors) -> Tensor {
        if tensors.is_empty() {
            bail!(Value, "dstack expects a non-empty TensorList");
        }
        try_cat(&each(tensors, Tensor::try_atleast_3d)?, 2)
    }

    /// The tensors side by side, vectors as columns.
    pub fn column_stack | try_column_stack(tensors) -> Tensor {
        if tensors.is_empty() {
            bail!(Value, "column_stack expects a non-empty TensorList");
        }
        try_hstack(&each(tensors, |x| if x.ndim() <= 1 { x.try_reshape([-1, 1]) } else { Ok(x.clone()) })?)
    }

    /// The matrices along the diagonal of one matrix, among zeros; vectors are rows.
    ///
    /// # Errors
    /// If a tensor has more than two dimensions.
    pub fn block_diag | try_block_diag(tensors) -> Tensor {
        let Some(device) = tensors.first().map(|x| x.as_ref().device()) else {
            bail!(Value, "torch.block_diag: expected at least one tensor, but got none");
        };
        if let Some((i, x)) = tensors.iter().map(AsRef::as_ref).enumerate().find(|(_, x)| x.ndim() > 2) {
            bail!(
                Shape,
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {} dimensions",
                x.ndim()
            );
        }
        let blocks = each(tensors, Tensor::try_atleast_2d)?;
        let dtype = blocks.iter().map(Tensor::dtype).reduce(crate::DType::promote).expect("at least one tensor");
        let total = |dim: usize| blocks.iter().map(|x| x.shape()[dim]).sum::<usize>();
        let whole = Tensor::try_full_on([total(0), total(1)], 0, dtype, device)?;
        let (mut row, mut column) = (0, 0);
        for block in &blocks {
            let &[height, width] = &block.shape()[..] else { unreachable!("matrices") };
            whole.try_narrow(0, row, height)?.try_narrow(1, column, width)?.try_copy_(block)?;
            row += height as i64;
            column += width as i64;
        }
        Ok(whole)
    }

    /// All combinations of one element from each vector, as rows.
    ///
    /// # Errors
    /// If a tensor is no vector.
    pub fn cartesian_prod | try_cartesian_prod(tensors) -> Tensor {
        if let Some(x) = tensors.iter().map(AsRef::as_ref).find(|x| x.ndim() != 1) {
            bail!(Shape, "Expect a 1D vector, but got shape {:?}", x.shape());
        }
        match tensors {
            [one] => Ok(one.as_ref().clone()),
            _ => {
                let grid = try_meshgrid(tensors, "ij")?;
                crate::op::join::try_stack(&each(&grid, |x| x.try_reshape(-1))?, 1)
            }
        }
    }
}
