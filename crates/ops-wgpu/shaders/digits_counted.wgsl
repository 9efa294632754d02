// How many entries of each group have each digit, digit by digit.

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let block = group.y * groups.x + group.x;
    digits[lane] = digit(block * 256u + lane);
    workgroupBarrier();
    var found = 0;
    for (var k = 0u; k < 256u; k++) {
        found += select(0, 1, digits[k] == lane);
    }
    if (block < groups_()) {
        counts_put(lane * groups_() + block, found);
    }
}
