fn neighbours(d: u32, o: u32, at: ptr<function, Places>, weight: ptr<function, Weights>) {
    let found = i32(floor((f32(o) + 0.5) * factor(d)));
    (*at)[0] = clamp(found, 0, i32(small(d)) - 1);
    (*weight)[0] = T(1);
}

fn direct(d: u32, p: u32) -> vec2<i32> {
    return vec2<i32>(0, -1);
}
