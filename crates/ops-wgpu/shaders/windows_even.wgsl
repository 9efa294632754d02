// Windows at even distances. Places are counted from the image's beginning, `o` is a window's number along dimension `d`.

fn start(d: u32, o: u32) -> i32 {
    return i32(o * stride(d)) - i32(padding(d));
}

/// The first tap inside the image.
fn first(d: u32, o: u32) -> u32 {
    let before = max(-start(d, o), 0);
    return min((u32(before) + dilation(d) - 1u) / dilation(d), taps(d));
}

/// The tap behind the last one inside.
fn last(d: u32, o: u32) -> u32 {
    let room = max(i32(size(d)) - start(d, o), 0);
    return clamp((u32(room) + dilation(d) - 1u) / dilation(d), first(d, o), taps(d));
}

fn step(d: u32) -> u32 {
    return dilation(d);
}

/// The elements that a mean counts.
fn counted(d: u32, o: u32) -> u32 {
    if (counts_padding() != 0u) {
        return min(taps(d), u32(max(i32(size(d) + padding(d)) - start(d, o), 0)));
    }
    return last(d, o) - first(d, o);
}

/// How many windows may have place `p`.
fn candidates(d: u32, p: u32) -> u32 {
    return taps(d);
}

/// The window of which `p` is the k-th tap from behind.
fn candidate(d: u32, p: u32, k: u32) -> u32 {
    let shift = (taps(d) - 1u - k) * dilation(d);
    let place = p + padding(d);
    if (place < shift || (place - shift) % stride(d) != 0u) {
        return NONE;
    }
    let o = (place - shift) / stride(d);
    return select(NONE, o, o < count(d));
}
