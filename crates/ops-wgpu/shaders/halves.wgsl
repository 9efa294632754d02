// Halves in and out of f32, as IEEE 754 rounds: to nearest, ties to even. The language leaves the rounding of its own
// conversions to the driver.

fn half_in(h: u32) -> f32 {
    let sign = (h & 0x8000u) << 16u;
    let exponent = (h >> 10u) & 31u;
    let fraction = h & 1023u;
    if (exponent == 0u) {
        // A subnormal: a whole number of 2^-24.
        let size = f32(fraction) * 5.9604644775390625e-8;
        return bitcast<f32>(bitcast<u32>(size) | sign);
    }
    let widened = select((exponent + 112u) << 23u, 0x7f800000u, exponent == 31u);
    return bitcast<f32>(sign | widened | (fraction << 13u));
}

fn half_out(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    let sign = (bits >> 16u) & 0x8000u;
    let size = bits & 0x7fffffffu;
    if (size > 0x7f800000u) {
        return sign | 0x7e00u;
    }
    if (size >= 0x477ff000u) {
        return sign | 0x7c00u;
    }
    if (size < 0x38800000u) {
        // Below 2^-14: shifted into a whole number of 2^-24; what falls off decides the rounding.
        let shift = min(126u - (size >> 23u), 31u);
        let fraction = (size & 0x7fffffu) | 0x800000u;
        let kept = fraction >> shift;
        let rest = fraction & ((1u << shift) - 1u);
        let middle = 1u << (shift - 1u);
        let up = select(0u, 1u, rest > middle || (rest == middle && (kept & 1u) == 1u));
        return sign | select(kept + up, 0u, size < 0x33000000u);
    }
    let rebased = size - 0x38000000u;
    return sign | ((rebased + 0xfffu + ((rebased >> 13u) & 1u)) >> 13u);
}

fn brain_out(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return ((bits >> 16u) & 0x8000u) | 0x7fc0u;
    }
    return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}
