//! One definition, two methods: the fallible `try_…` form as written, and the form that panics at the caller's line.

/// Defines methods of `Tensor` in pairs. Each entry is a fallible body under two names:
///
/// `/// Doc. pub fn name | try_name(self, arg: Type) -> Output { body returning Result<Output> }`
macro_rules! twins {
    ($($(#[$doc:meta])* pub fn $name:ident | $try_name:ident $([$($generics:tt)*])?
       ($self:ident $(, $arg:ident : $ty:ty)* $(,)?) -> $out:ty $body:block)*) => {
        impl $crate::Tensor { $(
            $(#[$doc])*
            ///
            /// # Panics
            #[doc = concat!("Where [`", stringify!($try_name), "`](Self::", stringify!($try_name), ") returns an error.")]
            #[inline]
            #[track_caller]
            pub fn $name $(<$($generics)*>)? (&$self $(, $arg: $ty)*) -> $out {
                $crate::or_panic($self.$try_name($($arg),*))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), but returns misuse as an error.")]
            #[inline]
            pub fn $try_name $(<$($generics)*>)? (&$self $(, $arg: $ty)*) -> $crate::Result<$out> $body
        )* }
    };
}
pub(crate) use twins;

/// Defines free functions in pairs, as [`twins`] does methods.
macro_rules! functions {
    ($($(#[$doc:meta])* pub fn $name:ident | $try_name:ident $([$($generics:tt)*])?
       ($($arg:ident : $ty:ty),* $(,)?) -> $out:ty $body:block)*) => { $(
        $(#[$doc])*
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_name), "`] returns an error.")]
        #[inline]
        #[track_caller]
        pub fn $name $(<$($generics)*>)? ($($arg: $ty),*) -> $out {
            $crate::or_panic($try_name($($arg),*))
        }

        #[doc = concat!("As [`", stringify!($name), "`], but returns misuse as an error.")]
        #[inline]
        pub fn $try_name $(<$($generics)*>)? ($($arg: $ty),*) -> $crate::Result<$out> $body
    )* };
}
pub(crate) use functions;
