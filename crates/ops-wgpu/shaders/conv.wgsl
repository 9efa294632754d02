// What all kernels of convolutions share.

fn input_plane() -> u32 {
    return input_size(0u) * input_size(1u) * input_size(2u);
}

/// The element of an image at (the channel's first element, three places); zero outside.
fn image_element(at: vec4<i32>) -> T {
    if (u32(at.z) >= input_size(1u) || u32(at.w) >= input_size(2u) || (!FLAT && u32(at.y) >= input_size(0u))) {
        return T(0);
    }
    return x(x_at(u32(at.x + (at.y * i32(input_size(1u)) + at.z) * i32(input_size(2u)) + at.w)));
}

/// How far a product's factor lies from the beginning of its row in the left matrix.
fn left_step(a: u32, b: u32, c: u32, d: u32) -> u32 {
    return a * left_outer() + (b * inner(1u) + c) * inner(2u) + d;
}

/// The number of a result in the output.
fn result_number(row: u32, column: u32) -> u32 {
    let image = column / plane();
    return ((image * groups_() + channels) * rows() + row) * plane() + column % plane();
}
