//! Shaders compiled once for each key, with the layouts of their bindings. It does not know what they compute.

use crate::kernel::Key;
use crate::stream::SLOT;
use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, PoisonError};
use tensor_core::{Error, ErrorKind, Result};
use wgpu::{BindGroupLayout, BindGroupLayoutEntry, BindingType, BufferBindingType, ComputePipeline, ShaderStages};

/// How many bindings of each sort a shader has, behind its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub(crate) writes: usize,
    pub(crate) reads: usize,
    pub(crate) faults: bool,
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) pipeline: Arc<ComputePipeline>,
    pub(crate) layout: Arc<BindGroupLayout>,
    #[cfg(debug_assertions)]
    source: String,
}

#[derive(Debug, Default)]
pub(crate) struct Pipelines {
    entries: Mutex<HashMap<Key, Arc<Entry>>>,
    layouts: Mutex<HashMap<Shape, Arc<BindGroupLayout>>>,
}

impl Pipelines {
    /// The pipeline of `key`, made from `source` if there is none yet.
    pub(crate) fn get(
        &self,
        device: &wgpu::Device,
        key: &Key,
        shape: Shape,
        source: impl FnOnce() -> String,
    ) -> Result<Arc<Entry>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(key) {
            // A key that forgets what its text depends on gives wrong numbers, rarely and far away.
            #[cfg(debug_assertions)]
            assert_eq!(entry.source, source(), "the key of shader `{}` is too short", key.name);
            return Ok(entry.clone());
        }
        let entry = Arc::new(self.compile(device, key, shape, &source())?);
        entries.insert(key.clone(), entry.clone());
        Ok(entry)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn compile(&self, device: &wgpu::Device, key: &Key, shape: Shape, source: &str) -> Result<Entry> {
        let layout = self.layout(device, shape);
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(key.name),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(key.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        });
        if let Some(error) = crate::memory::now(scope.pop()).flatten() {
            let text = format!("the shader `{}` does not compile on this device: {error}", key.name);
            return Err(Error::new(ErrorKind::Device, text));
        }
        Ok(Entry {
            pipeline: Arc::new(pipeline),
            layout,
            #[cfg(debug_assertions)]
            source: source.to_string(),
        })
    }

    fn layout(&self, device: &wgpu::Device, shape: Shape) -> Arc<BindGroupLayout> {
        let mut layouts = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let storage = |read_only| BufferBindingType::Storage { read_only };
            let sorts = std::iter::once(BufferBindingType::Uniform)
                .chain(std::iter::repeat_n(storage(false), shape.writes))
                .chain(std::iter::repeat_n(storage(true), shape.reads))
                .chain(std::iter::repeat_n(storage(false), usize::from(shape.faults)));
            let entries: Vec<BindGroupLayoutEntry> = sorts
                .enumerate()
                .map(|(binding, ty)| BindGroupLayoutEntry {
                    binding: binding as u32,
                    visibility: ShaderStages::COMPUTE,
                    ty: BindingType::Buffer {
                        ty,
                        has_dynamic_offset: binding == 0,
                        min_binding_size: (binding == 0).then(|| NonZeroU64::new(SLOT as u64)).flatten(),
                    },
                    count: None,
                })
                .collect();
            Arc::new(
                device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries }),
            )
        };
        layouts.entry(shape).or_insert_with(make).clone()
    }
}
