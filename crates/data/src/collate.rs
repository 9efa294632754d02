//! How items become a batch: PyTorch's `default_collate`, by the items' type. It knows no data set.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use tensor::{Tensor, from_vec, stack};

/// An item that batches can be made of.
///
/// | items | batch |
/// |---|---|
/// | tensors of one shape | one tensor with a new first dimension |
/// | whole numbers, `bool`, `f32`, `f64` | a tensor of `int64`, `bool`, `float32`, `float64` |
/// | tuples | a tuple of batches |
/// | vectors and arrays of one length | a vector of batches, one per position |
/// | maps with the same keys | a map of batches |
/// | `String`, `&str`, `()` | a vector |
pub trait Collate: Sized {
    /// What a batch of such items is.
    type Batch;

    /// The items in one batch.
    fn collate(items: Vec<Self>) -> Self::Batch;
}

/// Items in one batch, as a loader does it where no other way is given.
///
/// ```
/// use data::default_collate;
/// let (x, names) = default_collate(vec![(1.5f64, "one"), (2.5, "two")]);
/// assert_eq!(x.to_string(), "tensor([1.5000, 2.5000], dtype=torch.float64)");
/// assert_eq!(names, ["one", "two"]);
/// ```
///
/// # Panics
/// If there are no items, or tensors differ in shape.
#[track_caller]
pub fn default_collate<T: Collate>(items: Vec<T>) -> T::Batch {
    T::collate(items)
}

impl Collate for Tensor {
    type Batch = Tensor;

    #[track_caller]
    fn collate(items: Vec<Tensor>) -> Tensor {
        stack(&items, 0)
    }
}

macro_rules! numbers {
    ($($ty:ty => $to:ty),* $(,)?) => { $(
        impl Collate for $ty {
            type Batch = Tensor;

            fn collate(items: Vec<$ty>) -> Tensor {
                let count = items.len();
                from_vec(items.into_iter().map(|item| item as $to).collect::<Vec<$to>>(), count)
            }
        }
    )* };
}
numbers!(
    u8 => i64, i8 => i64, u16 => i64, i16 => i64, u32 => i64, i32 => i64, i64 => i64, usize => i64,
    bool => bool, f32 => f32, f64 => f64,
);

macro_rules! texts {
    ($($ty:ty),*) => { $(
        impl Collate for $ty {
            type Batch = Vec<$ty>;

            fn collate(items: Vec<$ty>) -> Vec<$ty> {
                items
            }
        }
    )* };
}
texts!(String, &'static str, ());

macro_rules! tuples {
    ($($($ty:ident $list:ident $at:tt),+;)*) => { $(
        impl<$($ty: Collate),+> Collate for ($($ty,)+) {
            type Batch = ($($ty::Batch,)+);

            #[track_caller]
            fn collate(items: Vec<Self>) -> Self::Batch {
                $(let mut $list = Vec::with_capacity(items.len());)+
                for item in items {
                    $($list.push(item.$at);)+
                }
                ($($ty::collate($list),)+)
            }
        }
    )* };
}
tuples! {
    A a 0;
    A a 0, B b 1;
    A a 0, B b 1, C c 2;
    A a 0, B b 1, C c 2, D d 3;
    A a 0, B b 1, C c 2, D d 3, E e 4;
    A a 0, B b 1, C c 2, D d 3, E e 4, F f 5;
}

/// Position by position.
#[track_caller]
fn by_position<T: Collate>(items: impl Iterator<Item = Vec<T>>) -> Vec<T::Batch> {
    let mut columns: Vec<Vec<T>> = vec![];
    for (row, item) in items.enumerate() {
        if row == 0 {
            columns.resize_with(item.len(), Vec::new);
        }
        assert!(item.len() == columns.len(), "each element in list of batch should be of equal size");
        columns.iter_mut().zip(item).for_each(|(column, value)| column.push(value));
    }
    columns.into_iter().map(T::collate).collect()
}

impl<T: Collate> Collate for Vec<T> {
    type Batch = Vec<T::Batch>;

    #[track_caller]
    fn collate(items: Vec<Vec<T>>) -> Vec<T::Batch> {
        by_position(items.into_iter())
    }
}

impl<T: Collate, const N: usize> Collate for [T; N] {
    type Batch = Vec<T::Batch>;

    #[track_caller]
    fn collate(items: Vec<[T; N]>) -> Vec<T::Batch> {
        by_position(items.into_iter().map(Vec::from))
    }
}

macro_rules! maps {
    ($($map:ident: $bound:ident $(+ $more:ident)*),*) => { $(
        impl<K: $bound $(+ $more)*, V: Collate> Collate for $map<K, V> {
            type Batch = $map<K, V::Batch>;

            #[track_caller]
            fn collate(items: Vec<$map<K, V>>) -> $map<K, V::Batch> {
                let count = items.len();
                let mut lists = $map::<K, Vec<V>>::new();
                for (key, value) in items.into_iter().flatten() {
                    lists.entry(key).or_default().push(value);
                }
                assert!(lists.values().all(|list| list.len() == count), "each map of a batch should have the same keys");
                lists.into_iter().map(|(key, list)| (key, V::collate(list))).collect()
            }
        }
    )* };
}
maps!(BTreeMap: Ord, HashMap: Hash + Eq);
