// A tile of 64 by 64 results by 256 invocations, 4 by 4 each. DEPTH products at a time go through the group's memory; where
// they lie is worked out for the next ones while these are summed, once for all.

const PITCH = 65u;
var<workgroup> lefts: array<T, DEPTH * PITCH>;
var<workgroup> rights: array<T, DEPTH * PITCH>;
var<workgroup> steps: array<vec4<i32>, 2u * DEPTH>;
var<workgroup> left_steps: array<u32, 2u * DEPTH>;

/// Where the products of number k lie.
fn find_step(k: u32, end: u32, to: u32) {
    var rest = k;
    let d = rest % inner(2u);
    rest = rest / inner(2u);
    let c = rest % inner(1u);
    rest = rest / inner(1u);
    let b = rest % inner(0u);
    let a = rest / inner(0u);
    steps[to] = select(vec4<i32>(0, 0, 0, NOWHERE), step_of(a, b, c, d), k < end);
    left_steps[to] = left_step(a, b, c, d);
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    var rest = group.y * groups.x + group.x;
    let first_column = (rest % tiles(0u)) * 64u;
    rest = rest / tiles(0u);
    let first_row = (rest % tiles(1u)) * 64u;
    rest = rest / tiles(1u);
    channels = rest % groups_();
    let split = rest / groups_();
    let begin = split * part();
    let depth = outer() * inner(0u) * inner(1u) * inner(2u);
    let end = min(depth, begin + part());

    // The columns that this invocation loads.
    var columns_: array<vec4<i32>, DEPTH / 4u>;
    for (var j = 0u; j < DEPTH / 4u; j++) {
        let place = lane + j * 256u;
        let n = first_column + select(place % 64u, place / DEPTH, BY_ROWS);
        columns_[j] = column_of(n);
        if (n >= columns()) {
            columns_[j].w = -0x40000000;
        }
    }
    let start = channels * left_group() + first_row * left_row();
    var sum0 = vec4<T>();
    var sum1 = vec4<T>();
    var sum2 = vec4<T>();
    var sum3 = vec4<T>();
    let across = lane % 16u;
    let down = (lane / 16u) * 4u;

    if (lane < DEPTH) {
        find_step(begin + lane, end, lane);
    }
    workgroupBarrier();
    var half = 0u;
    for (var k0 = begin; k0 < end; k0 += DEPTH) {
        for (var j = 0u; j < DEPTH / 4u; j++) {
            let place = lane + j * 256u;
            let k = place % DEPTH;
            let m = place / DEPTH;
            var factor = T(0);
            if (k0 + k < end && first_row + m < rows()) {
                factor = a(a_at(start + m * left_row() + left_steps[half + k]));
            }
            lefts[k * PITCH + m] = factor;
            let kr = select(place / 64u, k, BY_ROWS);
            let n = select(place % 64u, m, BY_ROWS);
            rights[kr * PITCH + n] = right(columns_[j], steps[half + kr]);
        }
        workgroupBarrier();
        half = DEPTH - half;
        if (lane < DEPTH) {
            find_step(k0 + DEPTH + lane, end, half + lane);
        }
        for (var k = 0u; k < DEPTH; k++) {
            let l = k * PITCH + down;
            let r = k * PITCH + across;
            let factors = vec4<T>(rights[r], rights[r + 16u], rights[r + 32u], rights[r + 48u]);
            sum0 += lefts[l] * factors;
            sum1 += lefts[l + 1u] * factors;
            sum2 += lefts[l + 2u] * factors;
            sum3 += lefts[l + 3u] * factors;
        }
        workgroupBarrier();
    }
    for (var i = 0u; i < 4u; i++) {
        var sum = sum0;
        if (i == 1u) { sum = sum1; }
        if (i == 2u) { sum = sum2; }
        if (i == 3u) { sum = sum3; }
        let row = first_row + down + i;
        for (var j = 0u; j < 4u; j++) {
            let column = first_column + across + 16u * j;
            if (row < rows() && column < columns() && split < parts()) {
                put(split, result_number(row, column), channels * rows() + row, sum[j]);
            }
        }
    }
}
