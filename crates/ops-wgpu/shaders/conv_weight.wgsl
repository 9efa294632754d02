// Columns are channels and taps of the weight, sums go over images and places of the output.

fn column_of(n: u32) -> vec4<i32> {
    let size = vec3<u32>(taps(0u), taps(1u), taps(2u));
    let x = n % size.z;
    let y = (n / size.z) % size.y;
    let z = (n / (size.z * size.y)) % size.x;
    let channel = n / (size.x * size.y * size.z);
    return vec4<i32>(i32(channel * input_plane()), i32(z * dilation(0u)) - i32(padding(0u)),
                     i32(y * dilation(1u)) - i32(padding(1u)), i32(x * dilation(2u)) - i32(padding(2u)));
}

fn step_of(a: u32, b: u32, c: u32, d: u32) -> vec4<i32> {
    return vec4<i32>(i32((a * groups_() + channels) * ins() * input_plane()), i32(b * stride(0u)), i32(c * stride(1u)),
                     i32(d * stride(2u)));
}

fn right(n: vec4<i32>, k: vec4<i32>) -> T {
    return image_element(n + k);
}

const NOWHERE = -0x40000000;
