// Each invocation counts every so manieth element, then a group's counts are added up in eight steps.

var<workgroup> sums: array<i32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    var found = 0;
    for (var i = group.x * 256u + lane; i < numel(); i += lanes()) {
        found += select(0, 1, truth(i));
    }
    sums[lane] = found;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half = half / 2u) {
        if (lane < half) {
            sums[lane] += sums[lane + half];
        }
        workgroupBarrier();
    }
    if (lane == 0u) {
        part_put(group.x, sums[0]);
    }
}
