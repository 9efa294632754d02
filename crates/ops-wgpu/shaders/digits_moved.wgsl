// Entries to behind all of smaller digits, and those of the same digit that were before them.

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let block = group.y * groups.x + group.x;
    let i = block * 256u + lane;
    let own = digit(i);
    digits[lane] = own;
    workgroupBarrier();
    var before = 0u;
    for (var k = 0u; k < lane; k++) {
        before += select(0u, 1u, digits[k] == own);
    }
    if (i < count()) {
        let to = u32(counts(own * groups_() + block)) + before;
        keys_out_put(to, i32(key(i)));
        entries_out_put(to, entry(i));
    }
}
