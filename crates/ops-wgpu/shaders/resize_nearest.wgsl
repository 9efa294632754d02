fn neighbours(d: u32, o: u32, at: ptr<function, Places>, weight: ptr<function, Weights>) {
    var found = i32(floor(f32(o) * factor(d)));
    if (small(d) == large(d)) {
        found = i32(o);
    } else if (large(d) == 2u * small(d)) {
        found = i32(o / 2u);
    }
    (*at)[0] = clamp(found, 0, i32(small(d)) - 1);
    (*weight)[0] = T(1);
}

/// The results that are the same as elements of other numbers would say.
fn direct(d: u32, p: u32) -> vec2<i32> {
    if (small(d) == large(d)) { return vec2<i32>(i32(p), i32(p)); }
    if (large(d) == 2u * small(d)) { return vec2<i32>(i32(2u * p), i32(2u * p + 1u)); }
    return vec2<i32>(0, -1);
}
