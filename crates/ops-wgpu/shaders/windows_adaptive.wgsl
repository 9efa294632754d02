// Windows that together cover an image. `o` is a window's number along dimension `d`.

fn start(d: u32, o: u32) -> i32 {
    return i32(o * size(d) / count(d));
}

fn first(d: u32, o: u32) -> u32 {
    return 0u;
}

fn last(d: u32, o: u32) -> u32 {
    return ((o + 1u) * size(d) + count(d) - 1u) / count(d) - u32(start(d, o));
}

fn step(d: u32) -> u32 {
    return 1u;
}

/// The elements that a mean counts.
fn counted(d: u32, o: u32) -> u32 {
    return last(d, o);
}

/// How many windows may have place `p`.
fn candidates(d: u32, p: u32) -> u32 {
    return ((p + 1u) * count(d) + size(d) - 1u) / size(d) - p * count(d) / size(d);
}

fn candidate(d: u32, p: u32, k: u32) -> u32 {
    let o = p * count(d) / size(d) + k;
    if (o >= count(d)) {
        return NONE;
    }
    let begin = u32(start(d, o));
    return select(NONE, o, p >= begin && p < begin + last(d, o));
}
