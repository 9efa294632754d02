// Columns are places of the output, sums go over channels and taps of the weight.

/// Where a column's window begins: the image's first element, then places along the three dimensions.
fn column_of(n: u32) -> vec4<i32> {
    let size = vec3<u32>(output_size(0u), output_size(1u), output_size(2u));
    let x = n % size.z;
    let y = (n / size.z) % size.y;
    let z = (n / (size.z * size.y)) % size.x;
    let image = n / (size.x * size.y * size.z);
    return vec4<i32>(i32((image * groups_() + channels) * ins() * input_plane()), i32(z * stride(0u)) - i32(padding(0u)),
                     i32(y * stride(1u)) - i32(padding(1u)), i32(x * stride(2u)) - i32(padding(2u)));
}

fn step_of(a: u32, b: u32, c: u32, d: u32) -> vec4<i32> {
    return vec4<i32>(i32(a * input_plane()), i32(b * dilation(0u)), i32(c * dilation(1u)), i32(d * dilation(2u)));
}

fn right(n: vec4<i32>, k: vec4<i32>) -> T {
    return image_element(n + k);
}

const NOWHERE = -0x40000000;
