fn neighbours(d: u32, o: u32, at: ptr<function, Places>, weight: ptr<function, Weights>) {
    let last = i32(small(d)) - 1;
    let x = place(d, o);
    let first = min(i32(floor(x)), last);
    *weight = cubic(clamp(x - T(first), T(0), T(1)));
    for (var k = 0; k < 4; k++) {
        (*at)[k] = clamp(first - 1 + k, 0, last);
    }
}

fn direct(d: u32, p: u32) -> vec2<i32> {
    return vec2<i32>(0, -1);
}
