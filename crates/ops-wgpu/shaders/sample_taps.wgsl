// For each place the elements that it reads, numbered through all images without their channels, and their weights.

fn each(i: u32) {
    let image = i / points();
    let all = axes(i * RANK);
    let z = all[0];
    let y = all[1];
    let x_ = all[2];
    var entry = i * layers() * PER * PER;
    for (var a = 0u; a < layers(); a++) {
        for (var b = 0u; b < PER; b++) {
            for (var c = 0u; c < PER; c++) {
                let row = i32(image * size(0u)) + z.at[a];
                let at = (row * i32(size(1u)) + y.at[b]) * i32(size(2u)) + x_.at[c];
                to_put(entry, select(at, -1, z.at[a] < 0 || y.at[b] < 0 || x_.at[c] < 0));
                weights_put(entry, z.weight[a] * y.weight[b] * x_.weight[c]);
                entry += 1u;
            }
        }
    }
}
