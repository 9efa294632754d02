// Elements of the padded dimension `d` that can come from place `p`: the one in the run, and all at the ends.

fn candidates(d: u32) -> u32 {
    return 1u + lines(5u * d + 1u) - lines(5u * d + 4u);
}

/// The candidate of number k; 0xffffffff if it does not come from there.
fn candidate(d: u32, k: u32, p: u32) -> u32 {
    let lead = lines(5u * d + 2u);
    let skip = lines(5u * d + 3u);
    let len = lines(5u * d + 4u);
    if (k == 0u) {
        return select(0xffffffffu, p - skip + lead, p >= skip && p < skip + len);
    }
    let at = select(k - 1u, k - 1u + len, k > lead);
    return select(0xffffffffu, at, source(d, at) == i32(p));
}

fn element(i: u32) -> T {
    var rest = i / inner();
    let pc = rest % lines(10u);
    rest = rest / lines(10u);
    let pb = rest % lines(5u);
    rest = rest / lines(5u);
    let pa = rest % lines(0u);
    let outer = rest / lines(0u);
    var sum = T(0);
    for (var ka = 0u; ka < candidates(0u); ka++) {
        let a = candidate(0u, ka, pa);
        if (a == 0xffffffffu) { continue; }
        for (var kb = 0u; kb < candidates(1u); kb++) {
            let b = candidate(1u, kb, pb);
            if (b == 0xffffffffu) { continue; }
            for (var kc = 0u; kc < candidates(2u); kc++) {
                let c = candidate(2u, kc, pc);
                if (c == 0xffffffffu) { continue; }
                let origin = ((outer * lines(1u) + a) * lines(6u) + b) * lines(11u) + c;
                sum += x(x_at(origin * inner() + i % inner()));
            }
        }
    }
    return sum;
}
