//! A device whose memory the host cannot see, to test what is refused there. It keeps bytes and computes nothing.

use std::sync::{Mutex, PoisonError};
use storage::Storage;
use tensor::{Device, Error, ErrorKind, Generator, Result, Tensor};
use tensor_core::op::random::Random;
use tensor_core::op::update::Update;
use tensor_core::{DType, Input, Memory, Op, Output};

/// The device. It has a size, because devices are told apart by their addresses.
#[derive(Debug)]
struct Far(&'static str);

static FAR: Far = Far("gpu:0");

/// A copy of `x` on a device called `gpu:0`.
pub fn sent(x: &Tensor) -> Tensor {
    x.try_to_device(&FAR).unwrap()
}

fn bytes(storage: &Storage) -> &Mutex<Vec<u8>> {
    storage.device_memory().and_then(|memory| memory.downcast_ref()).expect("memory of this device")
}

fn nothing() -> Result<()> {
    Err(Error::new(ErrorKind::Unsupported, "this device computes nothing"))
}

impl Device for Far {
    fn name(&self) -> &str {
        self.0
    }

    fn is_host(&self) -> bool {
        false
    }

    fn allocate(&self, bytes: usize) -> Result<Storage> {
        Ok(Storage::device(bytes, Box::new(Mutex::new(vec![0u8; bytes]))))
    }

    fn upload(&self, from: &[u8], storage: &mut Storage) -> Result<()> {
        bytes(storage).lock().unwrap_or_else(PoisonError::into_inner).copy_from_slice(from);
        Ok(())
    }

    fn download(&self, storage: &Storage, to: &mut [u8]) -> Result<()> {
        to.copy_from_slice(&bytes(storage).lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    fn run(&self, _: &Op, _: DType, _: &[Input<'_>], _: &mut Output<'_>) -> Result<()> {
        nothing()
    }

    fn draw(&self, _: &Random, _: &Generator, _: &mut Output<'_>) -> Result<()> {
        nothing()
    }

    fn update(&self, _: &Update, _: Input<'_>, _: &mut [Output<'_>]) -> Result<()> {
        nothing()
    }

    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn memory(&self) -> Memory {
        Memory::default()
    }

    fn empty_cache(&self) {}

    fn reset_peak_memory(&self) {}
}
