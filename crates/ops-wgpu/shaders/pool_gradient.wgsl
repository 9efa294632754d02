fn element(i: u32) -> T {
    let w = i % size(1u);
    let h = (i / size(1u)) % size(0u);
    let image = i / (size(0u) * size(1u)) * count(0u) * count(1u);
    var sum = T(0);
    for (var kh = 0u; kh < candidates(0u, h); kh++) {
        let oh = candidate(0u, h, kh);
        if (oh == NONE) { continue; }
        for (var kw = 0u; kw < candidates(1u, w); kw++) {
            let ow = candidate(1u, w, kw);
            if (ow == NONE) { continue; }
            sum += part(image + oh * count(1u) + ow, oh, ow, i32(h * size(1u) + w));
        }
    }
    return sum;
}
