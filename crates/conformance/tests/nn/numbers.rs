//! Tensors held against what the fixtures say of them.

use sconce::{Place, Tensor, dtype::float64};
use serde_json::Value;

/// All of a list in the fixtures.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("expected a list, found {value}"))
}

/// A shape in the fixtures.
pub fn shape(value: &Value) -> Vec<usize> {
    list(value).iter().map(|size| size.as_u64().expect("a size") as usize).collect()
}

/// Panics unless `found` has the expected shape and numbers, up to `tolerance` of the largest.
#[track_caller]
pub fn compare(what: &str, found: &Tensor, expected: &Value, tolerance: f64) {
    assert_eq!(found.shape().to_vec(), shape(&expected["shape"]), "{what}: shape");
    let values = found.to(float64).to_vec::<f64>();
    let scale = values.iter().fold(1.0f64, |most, value| most.max(value.abs()));
    let near = |name: &str, found: f64, expected: &Value, room: f64| {
        let expected = expected.as_f64().expect("a number");
        assert!((found - expected).abs() <= room, "{what}: {name} is {found}, expected {expected}");
    };
    for (i, (found, expected)) in values.iter().zip(list(&expected["values"])).enumerate() {
        near(&format!("number {i}"), *found, expected, tolerance * scale);
    }
    if !expected["sum"].is_null() {
        let room = tolerance * scale * values.len() as f64;
        near("the sum", values.iter().sum(), &expected["sum"], room);
        near("the sum of absolute values", values.iter().map(|value| value.abs()).sum(), &expected["abs"], room);
    }
}

/// The sum of a tensor's 32-bit words: equal only if the bits are.
pub fn bits(tensor: &Tensor) -> u64 {
    let words = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes")) as u64;
    tensor.detach().to_bytes().chunks_exact(4).fold(0, |sum, bytes| sum.wrapping_add(words(bytes)))
}

/// Holds the process's default random stream for one test: where tests are threads of one process, they would draw from each
/// other's.
pub fn alone() -> std::sync::MutexGuard<'static, ()> {
    static STREAM: std::sync::Mutex<()> = std::sync::Mutex::new(());
    STREAM.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
