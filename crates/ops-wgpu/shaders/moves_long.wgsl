var<workgroup> shares: array<T, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let own = group.y * groups.x + group.x;
    let i = min(own, numel() - 1u);
    let place = b_at(i);
    let first = u32(begins(place));
    let count = u32(ends(place)) - first;
    let inside = values_at(i);
    if (lane < count) {
        var sum = values(a_at(u32(entries(first + lane))) + inside);
        for (var k = lane + 256u; k < count; k += 256u) {
            sum = combined(sum, values(a_at(u32(entries(first + k))) + inside));
        }
        shares[lane] = sum;
    }
    workgroupBarrier();
    for (var half = 128u; half > 0u; half = half / 2u) {
        if (lane < half && lane + half < count) {
            shares[lane] = combined(shares[lane], shares[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane == 0u && own < numel()) {
        var sum = begin_of(i);
        if (count > 0u) {
            sum = combined(sum, shares[0]);
        }
        y_put(y_at(i), sum);
    }
}
