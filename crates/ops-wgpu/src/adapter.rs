//! Which GPUs there are, in the order of preference, and what a chosen one can do. It opens no device.
//!
//! `SCONCE_GPU` chooses: a number in the list of [`adapters`](crate::adapters), a part of a name, or `software` for adapters that compute on the
//! processor. Without it, software adapters do not count: nobody who asks for a GPU wants to wait for one.

use std::fmt;
use wgpu::{Adapter, Backend, DeviceType, Features, Instance, InstanceDescriptor, Limits};

/// The variable that chooses among adapters.
pub const VARIABLE: &str = "SCONCE_GPU";

/// What an adapter is and can do.
#[derive(Clone, Debug)]
pub struct AdapterInfo {
    /// Its name, as the driver tells it.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// The interface through which it is reached: `Vulkan`, `Metal`, `Dx12`, `BrowserWebGpu`.
    pub backend: String,
    /// What it is: `discrete GPU`, `integrated GPU`, `virtual GPU`, `software`, `other`.
    pub kind: &'static str,
    /// The most bytes of one tensor that a kernel can see.
    pub bindable_bytes: u64,
    /// The most bytes of one tensor.
    pub tensor_bytes: u64,
    /// Whether it computes with 64-bit whole numbers.
    pub int64: bool,
    /// Whether it computes in double precision.
    pub float64: bool,
    /// Rows and columns of the cooperative matrices that multiply `float16`: `None` where there are none, or the feature
    /// `cooperative` is off.
    pub cooperative: Option<usize>,
}

impl fmt::Display for AdapterInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |has: bool| if has { "yes" } else { "no" };
        write!(
            f,
            "{} ({}, {}, {}): tensors up to {} MB, int64 {}, float64 {}",
            self.name,
            self.kind,
            self.backend,
            self.driver,
            self.bindable_bytes >> 20,
            yes(self.int64),
            yes(self.float64)
        )?;
        match self.cooperative {
            Some(side) => write!(f, ", float16 by matrices of {side} × {side}"),
            None => Ok(()),
        }
    }
}

/// What double precision needs: it looks at bits in numbers of their width.
const DOUBLE: Features = Features::SHADER_F64.union(Features::SHADER_INT64);

/// Features that are used where they are.
#[cfg(not(feature = "cooperative"))]
pub(crate) const WANTED: Features = DOUBLE;
#[cfg(feature = "cooperative")]
pub(crate) const WANTED: Features = DOUBLE.union(crate::matmul::cooperative::FEATURES);

/// What `adapter` is, and which of `wanted` it has.
pub(crate) fn describe(adapter: &Adapter, wanted: Features) -> AdapterInfo {
    let (info, limits): (_, Limits) = (adapter.get_info(), adapter.limits());
    let features = adapter.features() & wanted;
    AdapterInfo {
        driver: format!("{} {}", info.driver, info.driver_info).trim().to_string(),
        backend: format!("{:?}", info.backend),
        kind: kind(info.device_type),
        bindable_bytes: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
        tensor_bytes: limits.max_buffer_size,
        int64: features.contains(Features::SHADER_INT64),
        float64: features.contains(DOUBLE),
        #[cfg(feature = "cooperative")]
        cooperative: crate::matmul::cooperative::Matrices::of(adapter, wanted).map(|matrices| matrices.side),
        #[cfg(not(feature = "cooperative"))]
        cooperative: None,
        name: info.name,
    }
}

fn kind(device_type: DeviceType) -> &'static str {
    match device_type {
        DeviceType::DiscreteGpu => "discrete GPU",
        DeviceType::IntegratedGpu => "integrated GPU",
        DeviceType::VirtualGpu => "virtual GPU",
        DeviceType::Cpu => "software",
        DeviceType::Other => "other",
    }
}

/// The better, the smaller.
fn rank(device_type: DeviceType) -> u8 {
    match device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    }
}

/// All adapters, the best first, each through one interface.
pub(crate) async fn all() -> Vec<Adapter> {
    let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
    let mut adapters = instance.enumerate_adapters(wgpu::Backends::all()).await;
    let backend_rank = |backend: Backend| match backend {
        Backend::Vulkan | Backend::Metal | Backend::BrowserWebGpu => 0,
        Backend::Dx12 => 1,
        Backend::Gl | Backend::Noop => 2,
    };
    adapters.retain(|adapter| backend_rank(adapter.get_info().backend) < 2);
    adapters.sort_by_key(|adapter| {
        let info = adapter.get_info();
        (rank(info.device_type), backend_rank(info.backend))
    });
    // On Windows one card shows up as Vulkan's and as DirectX's.
    let mut seen: Vec<(u32, u32, String, Backend)> = Vec::new();
    adapters.retain(|adapter| {
        let info = adapter.get_info();
        let again = seen.iter().any(|(vendor, device, name, backend)| {
            (*vendor, *device, name) == (info.vendor, info.device, &info.name) && *backend != info.backend
        });
        seen.push((info.vendor, info.device, info.name, info.backend));
        !again
    });
    adapters
}

/// Those of `adapters` that `choice`, the value of [`VARIABLE`], allows.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn chosen(adapters: Vec<Adapter>, choice: Option<&str>) -> Vec<Adapter> {
    let is_software = |adapter: &Adapter| adapter.get_info().device_type == DeviceType::Cpu;
    let choice = choice.map(str::trim).filter(|choice| !choice.is_empty());
    match (choice, choice.and_then(|choice| choice.parse::<usize>().ok())) {
        (None, _) => adapters.into_iter().filter(|adapter| !is_software(adapter)).collect(),
        (_, Some(number)) => adapters.into_iter().skip(number).take(1).collect(),
        (Some("software"), _) => adapters.into_iter().filter(is_software).collect(),
        (Some(part), _) => {
            let part = part.to_lowercase();
            adapters.into_iter().filter(|adapter| adapter.get_info().name.to_lowercase().contains(&part)).collect()
        }
    }
}

/// The adapter that checks and does nothing.
#[cfg(feature = "noop")]
pub(crate) async fn noop() -> Adapter {
    let noop = wgpu::NoopBackendOptions {
        // As most adapters have them; the defaults are a range.
        subgroup_min_size: Some(32),
        subgroup_max_size: Some(32),
        ..wgpu::NoopBackendOptions::enabled()
    };
    let backend_options = wgpu::BackendOptions { noop, ..Default::default() };
    let descriptor = InstanceDescriptor {
        backends: wgpu::Backends::NOOP,
        backend_options,
        ..InstanceDescriptor::new_without_display_handle()
    };
    Instance::new(descriptor).request_adapter(&Default::default()).await.expect("an adapter that does nothing")
}
