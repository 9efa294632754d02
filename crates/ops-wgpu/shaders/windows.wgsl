/// The number by which a window's sum is divided.
fn divisor(oh: u32, ow: u32) -> T {
    if (fixed() != 0) {
        return T(fixed());
    }
    return T(max(i32(counted(0u, oh) * counted(1u, ow)), 1));
}
