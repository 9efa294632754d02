fn element(i: u32) -> T {
    var rest = i;
    var source = 0u;
    var step = 1u;
    for (var k = rank(); k > 0u; k--) {
        let dim = k - 1u;
        let size = sizes(dim);
        let at = rest % size;
        let turned = (select(low(), high(), dim >= 32u) >> (dim & 31u)) & 1u;
        source += select(at, size - 1u - at, turned == 1u) * step;
        step *= size;
        rest = rest / size;
    }
    return x(x_at(source));
}
