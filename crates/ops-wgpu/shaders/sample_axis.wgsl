// What a place of a grid reads along one dimension: elements (−1 for those outside), their weights, and how these change with
// the grid's number.

struct Axis {
    at: array<i32, PER>,
    weight: array<T, PER>,
    slope: array<T, PER>,
}

/// A place between the outer elements, and the derivative of that.
fn clipped(x: T, slope: T, extent: T) -> vec2<T> {
    if (nan(x) || x <= T(0)) { return vec2<T>(T(0), T(0)); }
    if (x >= extent - T(1)) { return vec2<T>(extent - T(1), T(0)); }
    return vec2<T>(x, slope);
}

/// A place brought into the image, and the derivative of that.
fn brought_inside(x: T, extent: T) -> vec2<T> {
    if (PADDING == 0u) { return vec2<T>(x, T(1)); }
    if (PADDING == 1u) { return clipped(x, T(1), extent); }
    let low = select(T(-0.5), T(0), ALIGN);
    let span = select(extent, extent - T(1), ALIGN);
    if (span == T(0) || nan(x)) { return vec2<T>(T(0), T(0)); }
    let sign = select(T(1), T(-1), x - low < T(0));
    let distance = abs(x - low);
    var turns = floor(distance / span);
    var rest = distance - turns * span;
    // The quotient may have been rounded over a whole number.
    if (rest < T(0)) {
        rest += span;
        turns -= T(1);
    } else if (rest >= span) {
        rest -= span;
        turns += T(1);
    }
    if (turns - T(2) * floor(turns * T(0.5)) == T(0)) { return clipped(rest + low, sign, extent); }
    return clipped(span - rest + low, -sign, extent);
}

/// An element's number; −1 outside the image.
fn number(at: T, extent: T) -> i32 {
    if (nan(at) || at < T(0) || at >= extent) { return -1; }
    return i32(at);
}

/// What the number `place` of a grid reads along dimension `d` of the image.
fn axis(d: u32, place: T) -> Axis {
    var found: Axis;
    let extent = T(size(d));
    var x = ((place + T(1)) * extent - T(1)) / T(2);
    var scale = extent / T(2);
    if (ALIGN) {
        x = (place + T(1)) / T(2) * (extent - T(1));
        scale = (extent - T(1)) / T(2);
    }
    if (MODE == 0u) {
        let inside = brought_inside(x, extent);
        let first = floor(inside.x);
        let t = inside.x - first;
        found.at[0] = number(first, extent);
        found.weight[0] = T(1) - t;
        found.slope[0] = -scale * inside.y;
        found.at[PER - 1u] = number(first + T(1), extent);
        found.weight[PER - 1u] = t;
        found.slope[PER - 1u] = scale * inside.y;
    } else if (MODE == 1u) {
        found.at[0] = number(round(brought_inside(x, extent).x), extent);
        found.weight[0] = T(1);
        found.slope[0] = T(0);
    } else {
        let first = floor(x);
        let t = x - first;
        let weights = cubic(t);
        let slopes = array<T, 4>(far_slope(t + T(1)), near_slope(t), -near_slope(T(1) - t), -far_slope(T(2) - t));
        for (var k = 0u; k < PER; k++) {
            found.at[k] = number(trunc(brought_inside(first - T(1) + T(k), extent).x), extent);
            found.weight[k] = weights[k];
            found.slope[k] = scale * slopes[k];
        }
    }
    return found;
}

// The derivatives of the cubic weights.

fn near_slope(x: T) -> T {
    return (T(3.75) * x - T(4.5)) * x;
}

fn far_slope(x: T) -> T {
    return (T(-2.25) * x + T(7.5)) * x - T(6);
}

/// What stands for a third dimension that is not there.
fn none() -> Axis {
    var found: Axis;
    for (var k = 0u; k < PER; k++) {
        found.at[k] = select(-1, 0, k == 0u);
        found.weight[k] = T(1);
        found.slope[k] = T(0);
    }
    return found;
}

/// The number in the grid at which the place's numbers begin gives depth, height and width.
fn axes(start: u32) -> array<Axis, 3> {
    var z = none();
    if (RANK == 3u) {
        z = axis(0u, grid(grid_at(start + 2u)));
    }
    return array<Axis, 3>(z, axis(1u, grid(grid_at(start + 1u))), axis(2u, grid(grid_at(start))));
}

/// How many elements of the third dimension are looked at.
fn layers() -> u32 {
    return select(1u, PER, RANK == 3u);
}
