/// The results along dimension `d` that element `p` may be part of.
fn candidates(d: u32, p: u32) -> vec2<i32> {
    let own = direct(d, p);
    if (own.x <= own.y) {
        return own;
    }
    let last = i32(large(d)) - 1;
    let s = f32(scale(d));
    let reach = select(1.5, 2.5, PER == 4u);
    var low = 0;
    var high = last;
    if (s > 0.0 && p > 0u) {
        low = max(i32(floor((f32(p) - reach) / s)) - 2, 0);
    }
    if (s > 0.0 && p + 1u < small(d)) {
        high = min(i32(ceil((f32(p) + reach + 1.0) / s)) + 2, last);
    }
    return vec2<i32>(low, high);
}

/// How much of element `p` is in result `o`.
fn share(d: u32, o: u32, p: u32) -> T {
    var at: Places;
    var weight: Weights;
    neighbours(d, o, &at, &weight);
    var sum = T(0);
    for (var k = 0u; k < PER; k++) {
        if (at[k] == i32(p)) { sum += weight[k]; }
    }
    return sum;
}

fn element(i: u32) -> T {
    var rest = i;
    let pw = rest % small(2u);
    rest = rest / small(2u);
    let ph = rest % small(1u);
    rest = rest / small(1u);
    let pd = rest % small(0u);
    let image = rest / small(0u);
    let deep = candidates(0u, pd);
    let high = candidates(1u, ph);
    let wide = candidates(2u, pw);
    var sum = T(0);
    for (var od = deep.x; od <= deep.y; od++) {
        let weight0 = share(0u, u32(od), pd);
        if (weight0 == T(0)) { continue; }
        for (var oh = high.x; oh <= high.y; oh++) {
            let weight1 = weight0 * share(1u, u32(oh), ph);
            if (weight1 == T(0)) { continue; }
            let row = ((image * large(0u) + u32(od)) * large(1u) + u32(oh)) * large(2u);
            for (var ow = wide.x; ow <= wide.y; ow++) {
                let weight2 = share(2u, u32(ow), pw);
                if (weight2 == T(0)) { continue; }
                sum += x(x_at(row + u32(ow))) * weight2 * weight1;
            }
        }
    }
    return sum;
}
