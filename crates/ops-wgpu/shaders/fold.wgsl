/// The block whose element `tap` lies at `place`, counted from the padding's beginning; 0xffffffff if there is none.
fn block(d: u32, place: u32, tap: u32) -> u32 {
    let shift = tap * dilation(d);
    if (place < shift || (place - shift) % stride(d) != 0u) {
        return 0xffffffffu;
    }
    let found = (place - shift) / stride(d);
    return select(0xffffffffu, found, found < count(d));
}

fn element(i: u32) -> T {
    let w = i % size(1u) + padding(1u);
    let h = (i / size(1u)) % size(0u) + padding(0u);
    let plane = i / (size(0u) * size(1u));
    var sum = T(0);
    for (var tap_h = 0u; tap_h < taps(0u); tap_h++) {
        let block_h = block(0u, h, tap_h);
        if (block_h == 0xffffffffu) { continue; }
        for (var tap_w = 0u; tap_w < taps(1u); tap_w++) {
            let block_w = block(1u, w, tap_w);
            if (block_w == 0xffffffffu) { continue; }
            let row = (plane * taps(0u) + tap_h) * taps(1u) + tap_w;
            sum += x(x_at((row * count(0u) + block_h) * count(1u) + block_w));
        }
    }
    return sum;
}
