fn part(window: u32, oh: u32, ow: u32, here: i32) -> T {
    return g(g_at(window)) / divisor(oh, ow);
}

