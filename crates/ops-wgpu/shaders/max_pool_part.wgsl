fn part(window: u32, oh: u32, ow: u32, here: i32) -> T {
    if (index(index_at(window)) != here) {
        return T(0);
    }
    return g(g_at(window));
}

