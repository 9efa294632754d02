fn element(i: u32) -> T {
    let along = i % RANK;
    let place = i / RANK;
    let image = place / points();
    let all = axes(place * RANK);
    let z = all[0];
    let y = all[1];
    let x_ = all[2];
    var sum = T(0);
    for (var channel = 0u; channel < channels(); channel++) {
        let plane = image * channels() + channel;
        let pull = g(g_at(plane * points() + place % points()));
        for (var a = 0u; a < layers(); a++) {
            for (var b = 0u; b < PER; b++) {
                for (var c = 0u; c < PER; c++) {
                    if (z.at[a] < 0 || y.at[b] < 0 || x_.at[c] < 0) { continue; }
                    let row = (plane * size(0u) + u32(z.at[a])) * size(1u) + u32(y.at[b]);
                    let slope = select(z.weight[a], z.slope[a], along == 2u) * select(y.weight[b], y.slope[b], along == 1u)
                        * select(x_.weight[c], x_.slope[c], along == 0u);
                    sum += x(x_at(row * size(2u) + u32(x_.at[c]))) * pull * slope;
                }
            }
        }
    }
    return sum;
}
