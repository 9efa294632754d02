//! What happens where a value meets another: it takes its place, is added, multiplied, or the larger or smaller one stays. The
//! half types compute in `float32` and round each time. It knows no positions.

use crate::isa::{Kernel, Level, dispatch};
use crate::number::Number;
use std::marker::PhantomData;
use storage::{Bool, bf16, f16};

/// A way to combine what is at a place with what comes to it.
pub trait Combine<T>: Sync {
    /// Whether the old value does not matter, so that runs are copied.
    const REPLACES: bool = false;
    /// The value that stays.
    fn combine(old: T, new: T) -> T;
}

/// The new value.
pub struct Replace;
/// The sum.
pub struct Sum;
/// The product.
pub struct Product;
/// The larger one.
pub struct Larger;
/// The smaller one.
pub struct Smaller;

impl<T: Copy> Combine<T> for Replace {
    const REPLACES: bool = true;
    #[inline(always)]
    fn combine(_: T, new: T) -> T {
        new
    }
}

macro_rules! combine {
    ($($name:ident $method:ident;)*) => { $(
        combine! { @ $name $method: Bool u8 i8 i16 i32 i64 f32 f64 }
        combine! { % $name $method: f16 bf16 }
    )* };
    (@ $name:ident $method:ident: $($t:ty)*) => { $(
        impl Combine<$t> for $name {
            #[inline(always)]
            fn combine(old: $t, new: $t) -> $t { old.$method(new) }
        }
    )* };
    (% $name:ident $method:ident: $($t:ty)*) => { $(
        impl Combine<$t> for $name {
            #[inline(always)]
            fn combine(old: $t, new: $t) -> $t { <$t>::from_f32(old.to_f32().$method(new.to_f32())) }
        }
    )* };
}
combine! { Sum plus; Product times; Larger larger; Smaller smaller; }

struct Run<T, C> {
    to: *mut T,
    from: *const T,
    len: usize,
    how: PhantomData<C>,
}

impl<T: Copy, C: Combine<T>> Kernel for Run<T, C> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        // SAFETY: the contract of `run`.
        unsafe {
            for i in 0..self.len {
                let to = self.to.add(i);
                to.write(C::combine(to.read(), self.from.add(i).read()));
            }
        }
    }
}

/// Combines `len` elements, `strides` apart, with as many others.
///
/// # Safety
/// Both runs lie within locked storages, are apart, and nobody else touches the first.
#[inline]
pub unsafe fn run<T: Copy, C: Combine<T>>(to: *mut T, from: *const T, strides: [usize; 2], len: usize) {
    // SAFETY: the caller vouches for both runs.
    unsafe {
        match strides {
            [1, 1] if C::REPLACES => std::ptr::copy_nonoverlapping(from, to, len),
            [1, 1] if len >= 16 => dispatch(Run::<T, C> { to, from, len, how: PhantomData }),
            [s, t] => {
                for i in 0..len {
                    let to = to.add(i * s);
                    to.write(C::combine(to.read(), from.add(i * t).read()));
                }
            }
        }
    }
}

/// Calls `$body` with `$t` and `$c` for adding elements of `$dtype` where `$adds` holds, else for copying bits of their size.
macro_rules! with_copy_or_sum {
    ($dtype:expr, $adds:expr, $t:ident, $c:ident => $body:expr) => {
        if $adds {
            type $c = $crate::index::combine::Sum;
            $crate::cast::with_type!($dtype, $t => $body)
        } else {
            type $c = $crate::index::combine::Replace;
            $crate::index::combine::with_bits!($dtype, $t => $body)
        }
    };
}

/// Calls `$body` with `$t` standing for a type of the size of `$dtype`'s elements.
macro_rules! with_bits {
    ($dtype:expr, $t:ident => $body:expr) => {
        match $dtype.size() {
            1 => {
                type $t = u8;
                $body
            }
            2 => {
                type $t = u16;
                $body
            }
            4 => {
                type $t = u32;
                $body
            }
            _ => {
                type $t = u64;
                $body
            }
        }
    };
}
pub(super) use {with_bits, with_copy_or_sum};
