fn neighbours(d: u32, o: u32, at: ptr<function, Places>, weight: ptr<function, Weights>) {
    let last = i32(small(d)) - 1;
    if (small(d) == large(d)) {
        *at = Places(i32(o), i32(o));
        *weight = Weights(T(1), T(0));
        return;
    }
    let x = max(place(d, o), T(0));
    let first = min(i32(x), last);
    let t = clamp(x - T(first), T(0), T(1));
    *at = Places(first, min(first + 1, last));
    *weight = Weights(T(1) - t, t);
}

fn direct(d: u32, p: u32) -> vec2<i32> {
    if (small(d) == large(d)) { return vec2<i32>(i32(p), i32(p)); }
    return vec2<i32>(0, -1);
}
