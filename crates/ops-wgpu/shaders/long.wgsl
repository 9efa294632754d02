// Whole numbers of 64 bits as the language has them. `long_narrow.wgsl` has the same functions for adapters without.

alias Long = i64;

// By words: Mesa's processor driver (22.3) compares numbers wrongly that the language's own conversion has made of bytes.
fn widened(x: i32) -> Long {
    return bitcast<i64>(u64(bitcast<u32>(x)) | (u64(bitcast<u32>(x >> 31u)) << 32u));
}
fn narrowed(x: Long) -> i32 { return i32(x); }
fn nearest_narrow(x: Long) -> i32 { return i32(clamp(x, -2147483648li, 2147483647li)); }
fn long_of(x: f32) -> Long { return i64(x); }
fn float_of(x: Long) -> f32 { return f32(x); }
fn is_set(x: Long) -> bool { return x != 0li; }
fn long_most() -> Long { return 0x7fffffffffffffffli; }
fn long_less(a: Long, b: Long) -> bool { return a < b; }
fn long_plus(a: Long, b: Long) -> Long { return a + b; }
fn long_times(a: Long, b: Long) -> Long { return a * b; }
