//! Products: square, skinny, transposed, batched, of matrices and vectors, in several dtypes.

use crate::measure::{Bench, Work, flops, forward_and_back, parameter};
use sconce::prelude::*;
use tensor_core::compose::attention::Attention;

/// A product of matrices with its number of products and sizes: `batch` times [n, k] · [k, m].
fn work(batch: usize, n: usize, k: usize, m: usize, dtype: DType) -> Work {
    let numbers = batch * (n * k + k * m + n * m);
    // AVX512-BF16 would do twice as much in half types; the limit here is that of float32.
    let width = if dtype == float64 { 2.0 } else { 1.0 };
    Work { bytes: (dtype.size() * numbers) as f64, flops: 2.0 * width * (batch * n * k * m) as f64 }
}

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let mut case = |name: &str, a: &[usize], b: &[usize], dtype: DType, call: fn(&Tensor, &Tensor) -> Tensor| {
        let (n, k) = (a[a.len() - 2], a[a.len() - 1]);
        let batch = if a.len() == 3 { a[0] } else { 1 };
        let m = b.iter().product::<usize>() / batch / k;
        bench.case(&format!("matmul/{name}"), work(batch, n, k, m, dtype), || {
            let (a, b) = (randn(a).to(dtype), randn(b).to(dtype));
            move || call(&a, &b)
        });
    };
    let product: fn(&Tensor, &Tensor) -> Tensor = |a, b| a.matmul(b);
    for n in [64, 128, 256, 512, 1024, 2048] {
        case(&format!("f32_{n}"), &[n, n], &[n, n], float32, product);
    }
    case("gemv_1x4096x4096", &[1, 4096], &[4096, 4096], float32, product);
    case("gemvT_1x4096x4096", &[1, 4096], &[4096, 4096], float32, |a, b| a.matmul(&b.t()));
    case("bmm_64x128x64x128", &[64, 128, 64], &[64, 64, 128], float32, product);
    case("abt_1024", &[1024, 1024], &[1024, 1024], float32, |a, b| a.matmul(&b.t()));
    case("atb_1024", &[1024, 1024], &[1024, 1024], float32, |a, b| a.t().matmul(b));
    case("skinny_128x784x512", &[128, 784], &[784, 512], float32, product);
    case("f64_512", &[512, 512], &[512, 512], float64, product);
    case("bf16_1024", &[1024, 1024], &[1024, 1024], bfloat16, product);
    case("f16_1024", &[1024, 1024], &[1024, 1024], float16, product);
    // Two products of queries with keys and values; going back, five.
    let (heads, length, width) = (64, 512, 64);
    let product = 2 * heads * length * length * width;
    let shape = [8, 8, length, width];
    let numbers = 4 * heads * length * width;
    bench.case("matmul/attention_8x8x512x64_fwd", flops(2 * product, numbers), || {
        let [q, k, v] = [0; 3].map(|_| rand(shape));
        move || q.scaled_dot_product_attention(&k, &v, Attention::default())
    });
    bench.case("matmul/attention_8x8x512x64_fwdbwd", flops(7 * product, 3 * numbers), || {
        let inputs = [0; 3].map(|_| parameter(&shape));
        forward_and_back(inputs, rand(shape), |[q, k, v]| q.scaled_dot_product_attention(k, v, Attention::default()))
    });
}
