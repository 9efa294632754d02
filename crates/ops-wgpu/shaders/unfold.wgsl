fn element(i: u32) -> T {
    var rest = i;
    let block_w = rest % count(1u);
    rest = rest / count(1u);
    let block_h = rest % count(0u);
    rest = rest / count(0u);
    let tap_w = rest % taps(1u);
    rest = rest / taps(1u);
    let tap_h = rest % taps(0u);
    let plane = rest / taps(0u);
    let h = block_h * stride(0u) + tap_h * dilation(0u);
    let w = block_w * stride(1u) + tap_w * dilation(1u);
    if (h < padding(0u) || w < padding(1u) || h >= size(0u) + padding(0u) || w >= size(1u) + padding(1u)) {
        return T(0);
    }
    return x(x_at((plane * size(0u) + h - padding(0u)) * size(1u) + w - padding(1u)));
}
