fn element(i: u32) -> T {
    let point = i % points();
    let plane = i / points();
    let all = axes((plane / channels() * points() + point) * RANK);
    let z = all[0];
    let y = all[1];
    let x_ = all[2];
    var sum = T(0);
    for (var a = 0u; a < layers(); a++) {
        for (var b = 0u; b < PER; b++) {
            for (var c = 0u; c < PER; c++) {
                if (z.at[a] < 0 || y.at[b] < 0 || x_.at[c] < 0) { continue; }
                let row = (plane * size(0u) + u32(z.at[a])) * size(1u) + u32(y.at[b]);
                sum += x(x_at(row * size(2u) + u32(x_.at[c]))) * (z.weight[a] * y.weight[b] * x_.weight[c]);
            }
        }
    }
    return sum;
}
