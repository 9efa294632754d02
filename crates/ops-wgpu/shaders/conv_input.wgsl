// Columns are places of the input, sums go over the output's channels and taps of the weight.

fn column_of(n: u32) -> vec4<i32> {
    let size = vec3<u32>(input_size(0u), input_size(1u), input_size(2u));
    let x = n % size.z;
    let y = (n / size.z) % size.y;
    let z = (n / (size.z * size.y)) % size.x;
    let image = n / (size.x * size.y * size.z);
    let plane = output_size(0u) * output_size(1u) * output_size(2u);
    return vec4<i32>(i32((image * groups_() + channels) * outs() * plane), i32(z + padding(0u)), i32(y + padding(1u)),
                     i32(x + padding(2u)));
}

fn step_of(a: u32, b: u32, c: u32, d: u32) -> vec4<i32> {
    let plane = output_size(0u) * output_size(1u) * output_size(2u);
    return vec4<i32>(-i32(a * plane), i32(b * dilation(0u)), i32(c * dilation(1u)), i32(d * dilation(2u)));
}

/// The output that reads a place of the input through a tap, if one does.
fn right(n: vec4<i32>, k: vec4<i32>) -> T {
    var at = n - k;
    if (at.z < 0 || at.w < 0 || (!FLAT && at.y < 0)) {
        return T(0);
    }
    if (STRIDED) {
        let s = vec3<i32>(i32(stride(0u)), i32(stride(1u)), i32(stride(2u)));
        let whole = at.yzw / s;
        if (any(whole * s != at.yzw)) {
            return T(0);
        }
        at = vec4<i32>(at.x, whole);
    }
    let size = vec3<i32>(i32(output_size(0u)), i32(output_size(1u)), i32(output_size(2u)));
    if (at.z >= size.y || at.w >= size.z || (!FLAT && at.y >= size.x)) {
        return T(0);
    }
    return x(x_at(u32(at.x + (at.y * size.y + at.z) * size.z + at.w)));
}

const NOWHERE = 0x40000000;
