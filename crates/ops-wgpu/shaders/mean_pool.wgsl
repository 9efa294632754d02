fn element(i: u32) -> T {
    let ow = i % count(1u);
    let oh = (i / count(1u)) % count(0u);
    let image = i / (count(0u) * count(1u)) * size(0u) * size(1u);
    var sum = T(0);
    for (var kh = first(0u, oh); kh < last(0u, oh); kh++) {
        let row = u32(start(0u, oh) + i32(kh * step(0u))) * size(1u);
        for (var kw = first(1u, ow); kw < last(1u, ow); kw++) {
            sum += x(x_at(image + row + u32(start(1u, ow) + i32(kw * step(1u)))));
        }
    }
    return sum / divisor(oh, ow);
}
