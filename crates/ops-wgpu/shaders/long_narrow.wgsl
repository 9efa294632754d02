// Whole numbers of 64 bits on adapters without: two words, the low one first. Operators of these would be those of each word,
// so that there are functions for everything.

alias Long = vec2<u32>;

fn widened(x: i32) -> Long { return Long(bitcast<u32>(x), bitcast<u32>(x >> 31u)); }
fn narrowed(x: Long) -> i32 { return bitcast<i32>(x.x); }

fn is_below_zero(x: Long) -> bool { return (x.y >> 31u) == 1u; }

// The nearest number of 32 bits.
fn nearest_narrow(x: Long) -> i32 {
    let low = bitcast<i32>(x.x);
    if (x.y == bitcast<u32>(low >> 31u)) { return low; }
    return select(0x7fffffff, -0x7fffffff - 1, is_below_zero(x));
}

fn is_set(x: Long) -> bool { return (x.x | x.y) != 0u; }
fn long_most() -> Long { return Long(0xffffffffu, 0x7fffffffu); }

fn long_less(a: Long, b: Long) -> bool {
    if (a.y == b.y) { return a.x < b.x; }
    return bitcast<i32>(a.y) < bitcast<i32>(b.y);
}

fn long_plus(a: Long, b: Long) -> Long {
    let low = a.x + b.x;
    return Long(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn negated(x: Long) -> Long { return long_plus(Long(~x.x, ~x.y), Long(1u, 0u)); }
fn long_minus(a: Long, b: Long) -> Long { return long_plus(a, negated(b)); }
fn long_size(x: Long) -> Long { if (is_below_zero(x)) { return negated(x); } return x; }
fn long_sign(x: Long) -> Long { return widened(select(select(0, 1, is_set(x)), -1, is_below_zero(x))); }

// All 64 bits of the product of two words.
fn word_product(a: u32, b: u32) -> Long {
    let al = a & 0xffffu;
    let ah = a >> 16u;
    let bl = b & 0xffffu;
    let bh = b >> 16u;
    let middle = ah * bl + ((al * bl) >> 16u);
    let other = al * bh + (middle & 0xffffu);
    return Long(a * b, ah * bh + (middle >> 16u) + (other >> 16u));
}

fn long_times(a: Long, b: Long) -> Long {
    let low = word_product(a.x, b.x);
    return Long(low.x, low.y + a.x * b.y + a.y * b.x);
}

// Bit by bit: the quotient of the sizes, and what is left.
fn divided(a: Long, b: Long, left: ptr<function, Long>) -> Long {
    var quotient = Long(0u, 0u);
    var r = Long(0u, 0u);
    for (var k = 0u; k < 64u; k++) {
        let at = 63u - k;
        let bit = (select(a.x, a.y, at >= 32u) >> (at & 31u)) & 1u;
        let carry = r.y >> 31u;
        r = Long((r.x << 1u) | bit, (r.y << 1u) | (r.x >> 31u));
        let fits = carry == 1u || r.y > b.y || (r.y == b.y && r.x >= b.x);
        quotient = Long(quotient.x << 1u, (quotient.y << 1u) | (quotient.x >> 31u));
        if (fits) {
            r = long_minus(r, b);
            quotient.x |= 1u;
        }
    }
    *left = r;
    return quotient;
}

// With the dividend's sign.
fn long_left(a: Long, b: Long) -> Long {
    var left: Long;
    _ = divided(long_size(a), long_size(b), &left);
    if (is_below_zero(a)) { return negated(left); }
    return left;
}

fn long_quotient(a: Long, b: Long) -> Long {
    var left: Long;
    let quotient = divided(long_size(a), long_size(b), &left);
    if (is_below_zero(a) != is_below_zero(b)) { return negated(quotient); }
    return quotient;
}

fn is_between(a: Long, b: Long) -> bool { return is_set(long_left(a, b)) && is_below_zero(a) != is_below_zero(b); }

fn long_floor_quotient(a: Long, b: Long) -> Long {
    let quotient = long_quotient(a, b);
    if (is_between(a, b)) { return long_minus(quotient, Long(1u, 0u)); }
    return quotient;
}

// With the divisor's sign.
fn long_remainder(a: Long, b: Long) -> Long {
    let left = long_left(a, b);
    if (is_between(a, b)) { return long_plus(left, b); }
    return left;
}

// Toward zero; what is none or too large becomes the nearest that there is.
fn long_of(x: f32) -> Long {
    if ((bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u) { return Long(0u, 0u); }
    let a = trunc(abs(x));
    if (a >= 9223372036854775808.0) {
        if (x < 0.0) { return Long(0u, 0x80000000u); }
        return long_most();
    }
    let high = floor(a * 2.3283064365386963e-10);
    let size = Long(u32(a - high * 4294967296.0), u32(high));
    if (x < 0.0) { return negated(size); }
    return size;
}

// Rounded once: from the 32 highest bits, the last of which tells of all below.
fn float_of(x: Long) -> f32 {
    let size = long_size(x);
    var y = f32(size.x);
    if (size.y != 0u) {
        let up = countLeadingZeros(size.y);
        let top = (size.y << up) | select(0u, size.x >> ((32u - up) & 31u), up > 0u);
        let rest = size.x << up;
        y = f32(top | select(0u, 1u, rest != 0u)) * bitcast<f32>((127u + 32u - up) << 23u);
    }
    return select(y, -y, is_below_zero(x));
}

fn long_up(a: Long, b: Long) -> Long {
    if (b.y != 0u || b.x >= 64u) { return Long(0u, 0u); }
    if (b.x >= 32u) { return Long(0u, a.x << (b.x & 31u)); }
    if (b.x == 0u) { return a; }
    return Long(a.x << b.x, (a.y << b.x) | (a.x >> (32u - b.x)));
}

fn long_down(a: Long, b: Long) -> Long {
    let high = bitcast<i32>(a.y);
    let sign = bitcast<u32>(high >> 31u);
    if (b.y != 0u || b.x >= 64u) { return Long(sign, sign); }
    if (b.x >= 32u) { return Long(bitcast<u32>(high >> (b.x & 31u)), sign); }
    if (b.x == 0u) { return a; }
    return Long((a.x >> b.x) | (a.y << (32u - b.x)), bitcast<u32>(high >> b.x));
}

fn long_gcd(a: Long, b: Long) -> Long {
    var x = long_size(a);
    var y = long_size(b);
    while (is_set(y)) {
        let r = long_left(x, y);
        x = y;
        y = r;
    }
    return x;
}

fn long_lcm(a: Long, b: Long) -> Long {
    let g = long_gcd(a, b);
    if (!is_set(g)) { return g; }
    return long_size(long_times(long_quotient(a, g), b));
}

fn long_pow(a: Long, b: Long) -> Long {
    let one = Long(1u, 0u);
    if (is_below_zero(b)) {
        if (all(a == one)) { return one; }
        if (all(a == negated(one))) { return select(one, a, (b.x & 1u) == 1u); }
        return Long(0u, 0u);
    }
    var base = a;
    var left = b;
    var y = one;
    while (is_set(left)) {
        if ((left.x & 1u) == 1u) { y = long_times(y, base); }
        base = long_times(base, base);
        left = Long((left.x >> 1u) | (left.y << 31u), left.y >> 1u);
    }
    return y;
}
