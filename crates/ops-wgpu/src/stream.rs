//! Commands in the order in which they were given: recorded into a batch, submitted together. It knows no operation.

use crate::kernel::WORDS;
use std::collections::VecDeque;
use std::sync::Arc;
use wgpu::{BindGroup, Buffer, ComputePipeline};

/// So many kernels are recorded before they are submitted.
pub(crate) const BATCH: usize = 128;
/// So many batches may be under way: whoever never reads a result shall not run ahead of the device without end.
const UNDER_WAY: usize = 8;
/// The bytes that one kernel's parameters take: the alignment that every adapter accepts.
pub(crate) const SLOT: usize = 256;
const _: () = assert!(WORDS * 4 <= SLOT);

pub(crate) enum Command {
    Dispatch { pipeline: Arc<ComputePipeline>, bindings: BindGroup, offset: u32, groups: [u32; 3] },
    Copy { from: Buffer, from_offset: u64, to: Buffer, to_offset: u64, bytes: u64 },
    Clear { buffer: Buffer, offset: u64, bytes: u64 },
}

/// What is recorded and not yet submitted.
pub(crate) struct Stream {
    commands: Vec<Command>,
    /// The parameters of the batch's kernels, a slot each.
    parameters: Vec<u32>,
    /// Where they will be on the device.
    pub(crate) parameter_buffer: Buffer,
    /// The number of the batch, counted from one.
    pub(crate) batch: u64,
    /// The batches that were submitted last.
    under_way: VecDeque<wgpu::SubmissionIndex>,
    /// Whether a kernel that can find a bad index ran since the last look.
    pub(crate) may_fault: bool,
}

impl Stream {
    pub(crate) fn new(device: &wgpu::Device) -> Stream {
        let parameter_buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (BATCH * SLOT) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Stream {
            commands: vec![],
            parameters: vec![],
            parameter_buffer,
            batch: 1,
            under_way: VecDeque::new(),
            may_fault: false,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// Whether another kernel's parameters have no place left.
    pub(crate) fn is_full(&self) -> bool {
        self.parameters.len() >= BATCH * SLOT / 4
    }

    /// Writes down a kernel's parameters; where they are is its offset.
    pub(crate) fn parameters(&mut self, words: &[u32]) -> u32 {
        let offset = self.parameters.len() * 4;
        self.parameters.extend_from_slice(words);
        self.parameters.resize(offset / 4 + SLOT / 4, 0);
        offset as u32
    }

    pub(crate) fn push(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Gives everything recorded to the device.
    pub(crate) fn submit(&mut self, device: &wgpu::Device, queue: &wgpu::Queue) {
        if self.commands.is_empty() {
            return;
        }
        if !self.parameters.is_empty() {
            // Writes of a queue are ordered with its submissions, so one buffer serves every batch.
            queue.write_buffer(&self.parameter_buffer, 0, bytemuck::cast_slice(&self.parameters));
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut commands = self.commands.drain(..).peekable();
        while let Some(command) = commands.next() {
            match command {
                Command::Copy { from, from_offset, to, to_offset, bytes } => {
                    encoder.copy_buffer_to_buffer(&from, from_offset, &to, to_offset, bytes);
                }
                Command::Clear { buffer, offset, bytes } => encoder.clear_buffer(&buffer, offset, Some(bytes)),
                Command::Dispatch { .. } => {
                    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                    let mut next = Some(command);
                    while let Some(Command::Dispatch { pipeline, bindings, offset, groups: [x, y, z] }) = next {
                        pass.set_pipeline(&pipeline);
                        pass.set_bind_group(0, &bindings, &[offset]);
                        pass.dispatch_workgroups(x, y, z);
                        next = commands.next_if(|command| matches!(command, Command::Dispatch { .. }));
                    }
                }
            }
        }
        drop(commands);
        self.under_way.push_back(queue.submit([encoder.finish()]));
        if self.under_way.len() > UNDER_WAY {
            let submission_index = self.under_way.pop_front();
            _ = device.poll(wgpu::PollType::Wait { submission_index, timeout: None });
        }
        self.parameters.clear();
        self.batch += 1;
    }
}
