//! Leave to use what wgpu calls experimental: the crate's only `unsafe`, compiled with the feature `cooperative` alone.
#![allow(unsafe_code)]

/// Leave to ask a device for experimental features. It turns none on.
pub(crate) fn features() -> wgpu::ExperimentalFeatures {
    // SAFETY: wgpu asks for the knowledge that such features may have bugs that break Rust's rules, also when called safely.
    // Cooperative matrices are the only one in use here: whoever compiles the feature `cooperative` agrees, as its documentation
    // says. Kernels that use them load and store within arrays of known length in a workgroup's memory.
    unsafe { wgpu::ExperimentalFeatures::enabled() }
}
