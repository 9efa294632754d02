// A tile of 4096 results by 256 invocations, 4 by 4 each, ACROSS of them side by side. DEPTH products at a time go through the
// group's memory; where they lie is worked out for the next ones while these are summed, once for all.

const WIDE = 4u * ACROSS;
const HIGH = 1024u / ACROSS;
// One more, so that neighbours in memory are in different banks.
const LEFT_PITCH = HIGH + 1u;
const RIGHT_PITCH = WIDE + 1u;
// What an invocation loads of the right matrix, and of how many columns that is.
const LOADS = WIDE * DEPTH / 256u;
const HELD = select(1u, LOADS, BY_ROWS);
var<workgroup> lefts: array<T, DEPTH * LEFT_PITCH>;
var<workgroup> rights: array<T, DEPTH * RIGHT_PITCH>;
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
    let first_column = (rest % tiles(0u)) * WIDE;
    rest = rest / tiles(0u);
    let first_row = (rest % tiles(1u)) * HIGH;
    rest = rest / tiles(1u);
    channels = rest % groups_();
    let split = rest / groups_();
    let begin = split * part();
    let depth = outer() * inner(0u) * inner(1u) * inner(2u);
    let end = min(depth, begin + part());

    // The columns that this invocation loads.
    var columns_: array<vec4<i32>, HELD>;
    for (var j = 0u; j < HELD; j++) {
        let place = lane + j * 256u;
        let n = first_column + select(place % WIDE, place / DEPTH, BY_ROWS);
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
    let across = lane % ACROSS;
    let down = (lane / ACROSS) * 4u;

    if (lane < DEPTH) {
        find_step(begin + lane, end, lane);
    }
    workgroupBarrier();
    var half = 0u;
    for (var k0 = begin; k0 < end; k0 += DEPTH) {
        for (var place = lane; place < HIGH * DEPTH; place += 256u) {
            let k = place % DEPTH;
            let m = place / DEPTH;
            var factor = T(0);
            if (k0 + k < end && first_row + m < rows()) {
                factor = a(a_at(start + m * left_row() + left_steps[half + k]));
            }
            lefts[k * LEFT_PITCH + m] = factor;
        }
        for (var j = 0u; j < LOADS; j++) {
            let place = lane + j * 256u;
            let k = select(place / WIDE, place % DEPTH, BY_ROWS);
            let n = select(place % WIDE, place / DEPTH, BY_ROWS);
            rights[k * RIGHT_PITCH + n] = right(columns_[select(0u, j, BY_ROWS)], steps[half + k]);
        }
        workgroupBarrier();
        half = DEPTH - half;
        if (lane < DEPTH) {
            find_step(k0 + DEPTH + lane, end, half + lane);
        }
        for (var k = 0u; k < DEPTH; k++) {
            let l = k * LEFT_PITCH + down;
            let r = k * RIGHT_PITCH + across;
            let factors = vec4<T>(rights[r], rights[r + ACROSS], rights[r + 2u * ACROSS],
                                  rights[r + 3u * ACROSS]);
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
            let column = first_column + across + ACROSS * j;
            if (row < rows() && column < columns() && split < parts()) {
                put(split, result_number(row, column), channels * rows() + row, sum[j]);
            }
        }
    }
}
