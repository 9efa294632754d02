fn element(i: u32) -> T {
    var rest = i / inner();
    let c = source(2u, rest % lines(11u));
    rest = rest / lines(11u);
    let b = source(1u, rest % lines(6u));
    rest = rest / lines(6u);
    let a = source(0u, rest % lines(1u));
    let outer = rest / lines(1u);
    if (a < 0 || b < 0 || c < 0) {
        return fill();
    }
    let origin = ((outer * lines(0u) + u32(a)) * lines(5u) + u32(b)) * lines(10u) + u32(c);
    return x(x_at(origin * inner() + i % inner()));
}
