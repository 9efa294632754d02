fn element(i: u32) -> T {
    let rest = i / inner();
    let at = rest % size();
    let source = (at + back()) % size();
    return x(x_at((rest - at + source) * inner() + i % inner()));
}
