// 1024 numbers by one group: each invocation adds up four, then the invocations' sums are added up in eight steps.

var<workgroup> sums: array<i32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let block = group.y * groups.x + group.x;
    let first = block * 1024u + lane * 4u;
    var own: array<i32, 4>;
    var sum = 0;
    for (var k = 0u; k < 4u; k++) {
        own[k] = 0;
        if (first + k < count()) {
            own[k] = y_[first + k];
        }
        sum += own[k];
    }
    sums[lane] = sum;
    workgroupBarrier();
    for (var step = 1u; step < 256u; step = step * 2u) {
        var other = 0;
        if (lane >= step) {
            other = sums[lane - step];
        }
        workgroupBarrier();
        sums[lane] += other;
        workgroupBarrier();
    }
    var before = sums[lane] - sum;
    for (var k = 0u; k < 4u; k++) {
        if (first + k < count()) {
            y_[first + k] = before;
        }
        before += own[k];
    }
    if (lane == 255u && block * 1024u < count()) {
        totals_[block] = before;
    }
}
