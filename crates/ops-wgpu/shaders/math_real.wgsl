// Functions of real numbers of either precision, Real, made of those in math.wgsl or math_double.wgsl. Literals take the
// precision of what they meet.

fn max_nan(a: Real, b: Real) -> Real { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a > b); }

fn min_nan(a: Real, b: Real) -> Real { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a < b); }

fn expm1_(x: Real) -> Real {
    if (abs(x) < 0.34) { return x + x * x * exp_tail(x); }
    return exp_(x) - 1.0;
}

fn log_special(x: Real, y: Real) -> Real {
    if (is_nan(x) || x < 0.0) { return nan(); }
    if (x == 0.0) { return -inf(); }
    return select(y, x, is_inf(x));
}

fn log_(x: Real) -> Real {
    var e: Real;
    let f = split(x, &e) - 1.0;
    let s = f / (2.0 + f);
    let h = 0.5 * f * f;
    let y = e * ln2_high() - ((h - (s * (h + log_tail(s * s)) + e * ln2_low())) - f);
    return log_special(x, y);
}

fn log2_(x: Real) -> Real {
    var e: Real;
    let f = split(x, &e) - 1.0;
    let s = f / (2.0 + f);
    let h = 0.5 * f * f;
    let y = f - (h - s * (h + log_tail(s * s)));
    return log_special(x, y * 1.4426950408889634074 + e);
}

fn log10_(x: Real) -> Real { return log_special(x, log2_(x) * 0.30102999566398119521); }

fn log1p_(x: Real) -> Real {
    if (x > -0.29 && x < 0.41) {
        let s = x / (2.0 + x);
        let h = 0.5 * x * x;
        return x - (h - s * (h + log_tail(s * s)));
    }
    return log_(1.0 + x);
}

fn sin_(x: Real) -> Real {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let y = select(sin_part(r), cos_part(r), (q & 1) == 1);
    return select(y, -y, q >= 2);
}

fn cos_(x: Real) -> Real {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let y = select(cos_part(r), sin_part(r), (q & 1) == 1);
    return select(y, -y, q == 1 || q == 2);
}

fn tan_(x: Real) -> Real {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let s = sin_part(r);
    let c = cos_part(r);
    if ((q & 1) == 1) { return -c / s; }
    return s / c;
}

fn atan_(x: Real) -> Real {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    var base = Real(0);
    var t = a;
    if (a > 2.4142135623730950488) {
        base = 1.5707963267948966192;
        t = select(-1.0 / a, 0.0, is_inf(x));
    } else if (a > 0.41421356237309504880) {
        base = 0.78539816339744830962;
        t = (a - 1.0) / (a + 1.0);
    }
    let y = base + (t + t * atan_tail(t * t));
    return with_sign(y, x);
}

fn atan2_(y: Real, x: Real) -> Real {
    if (is_nan(x) || is_nan(y)) { return nan(); }
    let half = Real(1.5707963267948966192);
    var angle: Real;
    if (is_inf(x) && is_inf(y)) {
        angle = half * 0.5;
    } else if (x == 0.0 && y == 0.0) {
        angle = 0.0;
    } else if (abs(x) == 0.0) {
        angle = half;
    } else if (is_inf(x)) {
        angle = 0.0;
    } else {
        angle = atan_(abs(y) / abs(x));
    }
    if (is_minus(x)) { angle = 3.1415926535897932385 - angle; }
    return with_sign(angle, y);
}

fn asin_(x: Real) -> Real {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    let is_large = a > 0.5;
    let z = select(a * a, 0.5 * (1.0 - a), is_large);
    let t = select(a, sqrt(z), is_large);
    let p = t + t * asin_tail(z);
    return with_sign(select(p, 1.5707963267948966192 - 2.0 * p, is_large), x);
}

fn acos_(x: Real) -> Real {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a > 0.5) {
        let y = 2.0 * asin_(sqrt(0.5 * (1.0 - a)));
        return select(y, 3.1415926535897932385 - y, x < 0.0);
    }
    return 1.5707963267948966192 - asin_(x);
}

fn asinh_(x: Real) -> Real {
    let a = abs(x);
    if (!is_finite(x)) { return x; }
    if (a > 1e9) { return with_sign(log_(a) + 0.69314718055994530942, x); }
    let z = a * a;
    return with_sign(log1p_(a + z / (1.0 + sqrt(1.0 + z))), x);
}

fn acosh_(x: Real) -> Real {
    if (!(x >= 1.0)) { return nan(); }
    if (x > 1e9) { return log_(x) + 0.69314718055994530942; }
    let t = x - 1.0;
    return log1p_(t + sqrt(2.0 * t + t * t));
}

fn atanh_(x: Real) -> Real {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a == 1.0) { return with_sign(inf(), x); }
    return with_sign(0.5 * log1p_(2.0 * a / (1.0 - a)), x);
}

fn sigmoid_(x: Real) -> Real {
    let e = exp_(-abs(x));
    return select(1.0, e, x < 0.0) / (1.0 + e);
}

// ln(1 + e^x).
fn softplus_(x: Real) -> Real { return max_nan(x, 0.0) + log1p_(exp_(-abs(x))); }

// Sines of pi x, with the multiple of two taken off before the product rounds.
fn sin_pi(x: Real) -> Real {
    let n = round(x);
    let y = sin_((x - n) * 3.1415926535897932385);
    return select(y, -y, n != 2.0 * floor(0.5 * n));
}

// ln |Gamma(x)| by Stirling's series; smaller arguments are moved up.
fn lgamma_(x: Real) -> Real {
    if (is_nan(x)) { return x; }
    if (is_inf(x)) { return inf(); }
    if (x <= 0.0 && x == floor(x)) { return inf(); }
    if (abs(x) < 1e-30) { return -log_(abs(x)); }
    var y = select(x, 1.0 - x, x < 0.5);
    var product = Real(1);
    while (y < far_out()) {
        product *= y;
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let series = stirling(z) / y;
    let up = (y - 0.5) * log_(y) - y + 0.91893853320467274178 + series - log_(product);
    if (x < 0.5) { return 1.1447298858494001741 - log_(abs(sin_pi(x))) - up; }
    return up;
}

fn digamma_(x: Real) -> Real {
    if (is_nan(x)) { return x; }
    if (x == 0.0) { return with_sign(inf(), -x); }
    if (x < 0.0 && x == floor(x)) { return nan(); }
    var y = select(x, 1.0 - x, x < 0.0);
    var sum = Real(0);
    while (y < far_out()) {
        sum += 1.0 / y;
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let up = log_(y) - 0.5 / y - digamma_series(z) - sum;
    if (x < 0.0) {
        let n = round(x);
        return up - 3.1415926535897932385 / tan_((x - n) * 3.1415926535897932385);
    }
    return up;
}

// As many terms as PyTorch has.
fn trigamma_(x: Real) -> Real {
    if (is_nan(x)) { return x; }
    var y = select(x, 1.0 - x, x < 0.5);
    var sum = Real(0);
    for (var k = 0; k < 6; k++) {
        sum += 1.0 / (y * y);
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let up = sum + 1.0 / y + 0.5 * z + z / y * (0.16666666666666666667 - z * (0.033333333333333333333 - z * 0.023809523809523809524));
    if (x < 0.5) {
        let s = sin_pi(x);
        return 9.8696044010893586188 / (s * s) - up;
    }
    return up;
}

// Powers by squaring.
fn pow_whole(a: Real, n: i32) -> Real {
    var base = a;
    var left = u32(abs(n));
    var y = Real(1);
    while (left > 0u) {
        if ((left & 1u) == 1u) { y *= base; }
        base *= base;
        left >>= 1u;
    }
    return select(y, 1.0 / y, n < 0);
}

fn pow_(a: Real, b: Real) -> Real {
    if (b == 0.0 || a == 1.0) { return 1.0; }
    if (is_nan(a) || is_nan(b)) { return nan(); }
    let is_whole = is_finite(b) && b == floor(b);
    if (is_whole && abs(b) <= 32.0) { return pow_whole(a, i32(b)); }
    let size = abs(a);
    if (is_inf(b)) {
        if (size == 1.0) { return 1.0; }
        return select(Real(0), inf(), (size > 1.0) == (b > 0.0));
    }
    let is_odd = is_whole && b != 2.0 * floor(0.5 * b);
    let sign = select(Real(1), Real(-1), is_odd && is_minus(a));
    if (size == 0.0 || is_inf(a)) { return sign * select(Real(0), inf(), (size == 0.0) == (b < 0.0)); }
    if (a < 0.0 && !is_whole) { return nan(); }
    // log2(size) in two parts, so that b times it loses little.
    var e: Real;
    let m = split(size, &e);
    let low = b * log2_(m);
    let n = round(b * e + low);
    if (n > most_exponent()) { return sign * inf(); }
    if (n < least_exponent()) { return sign * 0.0; }
    return sign * scale_by_two(exp2_((b * e - n) + low), i32(n));
}

fn remainder_(a: Real, b: Real) -> Real {
    let r = fmod_(a, b);
    if (r != 0.0 && (r < 0.0) != (b < 0.0)) { return select(r + b, b, is_inf(b)); }
    return r;
}

fn floor_divide_(a: Real, b: Real) -> Real {
    if (b == 0.0) { return a / b; }
    let r = fmod_(a, b);
    var q = (a - r) / b;
    if (r != 0.0 && (b < 0.0) != (r < 0.0)) { q -= 1.0; }
    if (q == 0.0) { return with_sign(0.0, select(Real(1), Real(-1), is_minus(a) != is_minus(b))); }
    let whole = floor(q);
    return select(whole, whole + 1.0, q - whole > 0.5);
}

fn hypot_(a: Real, b: Real) -> Real {
    if (is_inf(a) || is_inf(b)) { return inf(); }
    let m = max(abs(a), abs(b));
    let n = min(abs(a), abs(b));
    if (is_nan(a) || is_nan(b)) { return nan(); }
    if (m == 0.0) { return 0.0; }
    let r = n / m;
    return m * sqrt(1.0 + r * r);
}

fn logaddexp_(a: Real, b: Real) -> Real {
    if (is_inf(a) && a == b) { return a; }
    return max_nan(a, b) + log1p_(exp_(-abs(a - b)));
}

fn logaddexp2_(a: Real, b: Real) -> Real {
    if (is_inf(a) && a == b) { return a; }
    return max_nan(a, b) + log1p_(exp2_(-abs(a - b))) * 1.4426950408889634074;
}

// Hurwitz' zeta function: terms of the sum, then the Euler-Maclaurin formula.
fn zeta_(x: Real, q: Real) -> Real {
    if (x == 1.0) { return inf(); }
    if (x < 1.0 || is_nan(x) || is_nan(q)) { return nan(); }
    if (q <= 0.0) {
        if (q == floor(q)) { return inf(); }
        if (x != floor(x)) { return nan(); }
    }
    var sum = Real(0);
    var at = q;
    for (var k = 0; k < 10 || at <= 9.0; k++) {
        sum += pow_(at, -x);
        at += 1.0;
    }
    let last = pow_(at, -x);
    sum += at * last / (x - 1.0) + 0.5 * last;
    // Where the terms vanish, the factors below may be infinite.
    if (last == 0.0) { return sum; }
    var factor = x;
    var power = last / at;
    for (var k = 0; k < bernoulli_count(); k++) {
        sum += factor * power * bernoulli(k);
        let step = Real(2 * k + 1);
        factor *= (x + step) * (x + step + 1.0);
        power /= at * at;
    }
    return sum;
}
