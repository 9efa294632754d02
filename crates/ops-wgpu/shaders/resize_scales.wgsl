fn scale(d: u32) -> T {
    if (d == 0u) { return scale0(); }
    return select(scale2(), scale1(), d == 1u);
}

fn factor(d: u32) -> f32 {
    if (d == 0u) { return factor0(); }
    return select(factor2(), factor1(), d == 1u);
}

alias Places = array<i32, PER>;
alias Weights = array<T, PER>;
