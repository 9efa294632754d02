/// The first of the largest elements of window `i` in row-major order, but the last NaN.
fn largest(i: u32, best: ptr<function, T>, place: ptr<function, i32>) {
    let ow = i % count(1u);
    let oh = (i / count(1u)) % count(0u);
    let image = i / (count(0u) * count(1u)) * size(0u) * size(1u);
    *best = lowest();
    // That of an empty window.
    *place = min(i32(oh * stride(0u) * size(1u) + ow * stride(1u)), i32(size(0u) * size(1u)) - 1);
    var found = false;
    for (var kh = first(0u, oh); kh < last(0u, oh); kh++) {
        let row = u32(start(0u, oh) + i32(kh * step(0u))) * size(1u);
        for (var kw = first(1u, ow); kw < last(1u, ow); kw++) {
            let at = row + u32(start(1u, ow) + i32(kw * step(1u)));
            let v = x(x_at(image + at));
            if (!found || (v > *best && !nan(*best)) || nan(v)) {
                *best = v;
                *place = i32(at);
                found = true;
            }
        }
    }
}
