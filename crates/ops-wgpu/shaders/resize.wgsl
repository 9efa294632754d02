fn element(i: u32) -> T {
    var rest = i;
    let ow = rest % large(2u);
    rest = rest / large(2u);
    let oh = rest % large(1u);
    rest = rest / large(1u);
    let od = rest % large(0u);
    let image = rest / large(0u);
    var at0: Places;
    var at1: Places;
    var at2: Places;
    var weight0: Weights;
    var weight1: Weights;
    var weight2: Weights;
    neighbours(0u, od, &at0, &weight0);
    neighbours(1u, oh, &at1, &weight1);
    neighbours(2u, ow, &at2, &weight2);
    if (PER == 1u) {
        return x(x_at(((image * small(0u) + u32(at0[0])) * small(1u) + u32(at1[0])) * small(2u) + u32(at2[0])));
    }
    var sum = T(0);
    for (var a = 0u; a < PER; a++) {
        for (var b = 0u; b < PER; b++) {
            let weight = weight0[a] * weight1[b];
            // Rows without weight are not read.
            if (weight == T(0)) { continue; }
            let row = ((image * small(0u) + u32(at0[a])) * small(1u) + u32(at1[b])) * small(2u);
            var part = T(0);
            for (var c = 0u; c < PER; c++) {
                part += x(x_at(row + u32(at2[c]))) * weight2[c];
            }
            sum += part * weight;
        }
    }
    return sum;
}
