//! Methods that are written with other operations: no kernel, no rule, one file a theme. What a composition cannot do as fast
//! as a kernel could is an operation in `op/`.

pub mod positions;
