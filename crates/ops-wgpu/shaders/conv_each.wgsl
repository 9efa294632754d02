fn element(i: u32) -> T {
    let channel = (i / plane()) % (groups_() * rows());
    channels = channel / rows();
    let row = channel % rows();
    let column = column_of(i / (plane() * groups_() * rows()) * plane() + i % plane());
    let start = channels * left_group() + row * left_row();
    var sum = bias_of(channel);
    for (var o = 0u; o < outer(); o++) {
        for (var b = 0u; b < inner(0u); b++) {
            for (var c = 0u; c < inner(1u); c++) {
                for (var d = 0u; d < inner(2u); d++) {
                    sum += a(a_at(start + left_step(o, b, c, d))) * right(column, step_of(o, b, c, d));
                }
            }
        }
    }
    return sum;
}
