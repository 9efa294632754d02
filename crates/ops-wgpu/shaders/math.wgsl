// Functions of single precision that the language lacks, leaves too inaccurate, or lets drivers assume finite. Those with a
// trailing underscore replace a built-in function. Polynomials without another source are Moshier's Cephes, single precision.

fn inf() -> f32 { var u = 0x7f800000u; return bitcast<f32>(u); }
fn nan() -> f32 { var u = 0x7fc00000u; return bitcast<f32>(u); }
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn is_inf(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }
fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }
fn is_minus(x: f32) -> bool { return (bitcast<u32>(x) >> 31u) == 1u; }
fn with_sign(x: f32, sign: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}
fn max_nan(a: f32, b: f32) -> f32 { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a > b); }
fn min_nan(a: f32, b: f32) -> f32 { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a < b); }

// 2^n for n from -126 to 127.
fn two_to(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }

fn scale_by_two(x: f32, n: i32) -> f32 {
    let half = n / 2;
    return x * two_to(half) * two_to(n - half);
}

// e^r - 1 - r for |r| at most ln(2)/2, over r^2.
fn exp_tail(r: f32) -> f32 {
    return 0.5 + r * (1.6666665459e-1 + r * (4.1665795894e-2 + r * (8.3334519073e-3 + r * (1.3981999507e-3 + r * 1.9875691500e-4))));
}

fn exp_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    if (x > 88.72284) { return inf(); }
    if (x < -104.0) { return 0.0; }
    let n = round(x * 1.44269504);
    let r = (x - n * 0.693359375) - n * -2.12194440e-4;
    return scale_by_two(1.0 + (r + r * r * exp_tail(r)), i32(n));
}

fn exp2_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    if (x >= 128.0) { return inf(); }
    if (x < -150.0) { return 0.0; }
    let n = round(x);
    let r = (x - n) * 0.69314718;
    return scale_by_two(1.0 + (r + r * r * exp_tail(r)), i32(n));
}

fn expm1_(x: f32) -> f32 {
    if (abs(x) < 0.34) { return x + x * x * exp_tail(x); }
    return exp_(x) - 1.0;
}

// ln((1 + s) / (1 - s)) / s - 2 in z = s^2 (FreeBSD's msun, e_logf.c).
fn log_tail(z: f32) -> f32 {
    return z * (0.66666662693 + z * (0.40000972152 + z * (0.28498786688 + z * 0.24279078841)));
}

// The fraction of x in [sqrt(1/2), sqrt(2)) and its exponent.
fn split(x: f32, exponent: ptr<function, f32>) -> f32 {
    let is_small = x < 1.17549435e-38;
    let bits = bitcast<u32>(select(x, x * 8388608.0, is_small)) + 0x4afb0du;
    *exponent = f32(i32(bits >> 23u) - 127) - select(0.0, 23.0, is_small);
    return bitcast<f32>((bits & 0x7fffffu) + 0x3f3504f3u);
}

fn log_special(x: f32, y: f32) -> f32 {
    if (is_nan(x) || x < 0.0) { return nan(); }
    if (x == 0.0) { return -inf(); }
    return select(y, x, is_inf(x));
}

fn log_(x: f32) -> f32 {
    var e: f32;
    let f = split(x, &e) - 1.0;
    let s = f / (2.0 + f);
    let h = 0.5 * f * f;
    let y = e * 0.693359375 - ((h - (s * (h + log_tail(s * s)) + e * -2.12194440e-4)) - f);
    return log_special(x, y);
}

fn log2_(x: f32) -> f32 {
    var e: f32;
    let f = split(x, &e) - 1.0;
    let s = f / (2.0 + f);
    let h = 0.5 * f * f;
    let y = f - (h - s * (h + log_tail(s * s)));
    return log_special(x, y * 1.44269504 + e);
}

fn log10_(x: f32) -> f32 { return log_special(x, log2_(x) * 0.30103); }

fn log1p_(x: f32) -> f32 {
    if (abs(x) < 0.4) {
        let s = x / (2.0 + x);
        let h = 0.5 * x * x;
        return x - (h - s * (h + log_tail(s * s)));
    }
    return log_(1.0 + x);
}

// The quadrant of x, and x less its multiple of pi/2, which is exact up to about 10^4.
fn reduce_angle(x: f32, quadrant: ptr<function, i32>) -> f32 {
    let n = round(x * 0.636619772);
    *quadrant = i32(n) & 3;
    return ((x - n * 1.5703125) - n * 4.83751297e-4) - n * 7.54953362e-8;
}

fn sin_part(r: f32) -> f32 {
    let z = r * r;
    return r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 + z * -1.9515295891e-4));
}

fn cos_part(r: f32) -> f32 {
    let z = r * r;
    return 1.0 - 0.5 * z + z * z * (4.166664568e-2 + z * (-1.388731625e-3 + z * 2.443315711e-5));
}

fn sin_(x: f32) -> f32 {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let y = select(sin_part(r), cos_part(r), (q & 1) == 1);
    return select(y, -y, q >= 2);
}

fn cos_(x: f32) -> f32 {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let y = select(cos_part(r), sin_part(r), (q & 1) == 1);
    return select(y, -y, q == 1 || q == 2);
}

fn tan_(x: f32) -> f32 {
    if (!is_finite(x)) { return nan(); }
    var q: i32;
    let r = reduce_angle(x, &q);
    let s = sin_part(r);
    let c = cos_part(r);
    if ((q & 1) == 1) { return -c / s; }
    return s / c;
}

fn atan_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    var base = 0.0;
    var t = a;
    if (a > 2.414213562) {
        base = 1.5707963268;
        t = select(-1.0 / a, 0.0, is_inf(x));
    } else if (a > 0.4142135624) {
        base = 0.7853981634;
        t = (a - 1.0) / (a + 1.0);
    }
    let z = t * t;
    let y = base + (t + t * z * (-3.33329491539e-1 + z * (1.99777106478e-1 + z * (-1.38776856032e-1 + z * 8.05374449538e-2))));
    return with_sign(y, x);
}

fn atan2_(y: f32, x: f32) -> f32 {
    if (is_nan(x) || is_nan(y)) { return nan(); }
    let half = 1.5707963268;
    var angle: f32;
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
    if (is_minus(x)) { angle = 3.1415926536 - angle; }
    return with_sign(angle, y);
}
fn asin_(x: f32) -> f32 {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    let is_large = a > 0.5;
    let z = select(a * a, 0.5 * (1.0 - a), is_large);
    let t = select(a, sqrt(z), is_large);
    let p = t + t * z * (1.6666752422e-1 + z * (7.4953002686e-2 + z * (4.5470025998e-2 + z * (2.4181311049e-2 + z * 4.2163199048e-2))));
    return with_sign(select(p, 1.5707963268 - 2.0 * p, is_large), x);
}
fn acos_(x: f32) -> f32 {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a > 0.5) {
        let y = 2.0 * asin_(sqrt(0.5 * (1.0 - a)));
        return select(y, 3.1415926536 - y, x < 0.0);
    }
    return 1.5707963268 - asin_(x);
}
fn sinh_(x: f32) -> f32 {
    let a = abs(x);
    if (a < 1.0) {
        let z = x * x;
        return x + x * z * (1.66667160211e-1 + z * (8.33028376239e-3 + z * 2.03721912945e-4));
    }
    let half = exp_(0.5 * a);
    let y = 0.5 * half * half - 0.5 / half / half;
    return with_sign(y, x);
}
fn cosh_(x: f32) -> f32 {
    let half = exp_(0.5 * abs(x));
    return 0.5 * half * half + 0.5 / half / half;
}

fn tanh_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    if (a < 0.625) {
        let z = x * x;
        return x + x * z * (-3.33332819422e-1 + z * (1.33314422036e-1 + z * (-5.37397155531e-2 + z * (2.06390887954e-2 + z * -5.70498872745e-3))));
    }
    if (a > 10.0) { return with_sign(1.0, x); }
    return with_sign(1.0 - 2.0 / (exp_(2.0 * a) + 1.0), x);
}
fn asinh_(x: f32) -> f32 {
    let a = abs(x);
    if (!is_finite(x)) { return x; }
    if (a > 1e9) { return with_sign(log_(a) + 0.69314718, x); }
    let z = a * a;
    return with_sign(log1p_(a + z / (1.0 + sqrt(1.0 + z))), x);
}
fn acosh_(x: f32) -> f32 {
    if (!(x >= 1.0)) { return nan(); }
    if (x > 1e9) { return log_(x) + 0.69314718; }
    let t = x - 1.0;
    return log1p_(t + sqrt(2.0 * t + t * t));
}
fn atanh_(x: f32) -> f32 {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a == 1.0) { return with_sign(inf(), x); }
    return with_sign(0.5 * log1p_(2.0 * a / (1.0 - a)), x);
}

fn sigmoid_(x: f32) -> f32 {
    let e = exp_(-abs(x));
    return select(1.0, e, x < 0.0) / (1.0 + e);
}

// ln(1 + e^x).
fn softplus_(x: f32) -> f32 { return max_nan(x, 0.0) + log1p_(exp_(-abs(x))); }

// exp(-x^2) without the rounding of x^2.
fn exp_minus_square(x: f32) -> f32 {
    let high = bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
    return exp_(-high * high) * exp_(-(x - high) * (x + high));
}

fn erfc_tail(x: f32) -> f32 {
    let q = 1.0 / x;
    let y = q * q;
    var p: f32;
    if (x < 2.0) {
        p = 5.638259427e-1 + y * (-2.741127028e-1 + y * (3.404879938e-1 + y * (-4.944515323e-1 + y * (6.210004622e-1
            + y * (-5.824733027e-1 + y * (3.687424675e-1 + y * (-1.387039389e-1 + y * 2.326819970e-2)))))));
    } else {
        p = 5.641895068e-1 + y * (-2.820767440e-1 + y * (4.218463358e-1 + y * (-1.015265279 + y * (2.921019019
            + y * (-7.495518718 + y * (12.97719955 + y * -10.47766400))))));
    }
    return exp_minus_square(x) * q * p;
}

fn erf_small(x: f32) -> f32 {
    let z = x * x;
    return x * (1.128379167 + z * (-3.761262582e-1 + z * (1.128358515e-1 + z * (-2.685381193e-2 + z * (5.188327686e-3
        + z * (-8.010193625e-4 + z * 7.853861353e-5))))));
}

fn erf_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    if (a < 1.0) { return erf_small(x); }
    return with_sign(select(1.0 - erfc_tail(min(a, 6.0)), 1.0, a >= 6.0), x);
}
fn erfc_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    if (a < 1.0) { return 1.0 - erf_small(x); }
    let y = select(erfc_tail(min(a, 12.0)), 0.0, a >= 12.0);
    return select(y, 2.0 - y, x < 0.0);
}

// Giles 2010, "Approximating the erfinv function", and a step of Newton's method.
fn erfinv_(x: f32) -> f32 {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a == 1.0) { return with_sign(inf(), x); }
    var w = -log_((1.0 - x) * (1.0 + x));
    var p: f32;
    if (w < 5.0) {
        w -= 2.5;
        p = 1.50140941 + w * (0.246640727 + w * (-0.00417768164 + w * (-0.00125372503 + w * (0.00021858087
            + w * (-4.39150654e-06 + w * (-3.5233877e-06 + w * (3.43273939e-07 + w * 2.81022636e-08)))))));
    } else {
        w = sqrt(w) - 3.0;
        p = 2.83297682 + w * (1.00167406 + w * (0.00943887047 + w * (-0.0076224613 + w * (0.00573950773
            + w * (-0.00367342844 + w * (0.00134934322 + w * (0.000100950558 + w * -0.000200214257)))))));
    }
    let y = p * x;
    if (a > 0.99) { return y; }
    return y - (erf_(y) - x) / (1.128379167 * exp_minus_square(y));
}

// Sines of pi x, with the multiple of two taken off before the product rounds.
fn sin_pi(x: f32) -> f32 {
    let n = round(x);
    let y = sin_((x - n) * 3.1415926536);
    return select(y, -y, (i32(n) & 1) == 1);
}

// ln |Gamma(x)| by Stirling's series; smaller arguments are moved up.
fn lgamma_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    if (is_inf(x)) { return inf(); }
    if (x <= 0.0 && x == floor(x)) { return inf(); }
    var y = select(x, 1.0 - x, x < 0.5);
    var product = 1.0;
    while (y < 7.0) {
        product *= y;
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let series = (8.333333333e-2 + z * (-2.777777778e-3 + z * (7.936507937e-4 + z * -5.952380952e-4))) / y;
    let up = (y - 0.5) * log_(y) - y + 0.9189385332 + series - log_(product);
    if (x < 0.5) { return 1.1447298858 - log_(abs(sin_pi(x))) - up; }
    return up;
}

fn digamma_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    if (x == 0.0) { return with_sign(inf(), -x); }
    if (x < 0.0 && x == floor(x)) { return nan(); }
    var y = select(x, 1.0 - x, x < 0.0);
    var sum = 0.0;
    while (y < 8.0) {
        sum += 1.0 / y;
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let up = log_(y) - 0.5 / y - z * (8.333333333e-2 - z * (8.333333333e-3 - z * (3.968253968e-3 - z * 4.166666667e-3))) - sum;
    if (x < 0.0) {
        let n = round(x);
        return up - 3.1415926536 / tan_((x - n) * 3.1415926536);
    }
    return up;
}

fn trigamma_(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    var y = select(x, 1.0 - x, x < 0.5);
    var sum = 0.0;
    while (y < 8.0) {
        sum += 1.0 / (y * y);
        y += 1.0;
    }
    let z = 1.0 / (y * y);
    let up = sum + 1.0 / y + 0.5 * z + z / y * (1.666666667e-1 - z * (3.333333333e-2 - z * (2.380952381e-2 - z * 3.333333333e-2)));
    if (x < 0.5) {
        let s = sin_pi(x);
        return 9.8696044011 / (s * s) - up;
    }
    return up;
}

// Powers by squaring.
fn pow_whole(a: f32, n: i32) -> f32 {
    var base = a;
    var left = u32(abs(n));
    var y = 1.0;
    while (left > 0u) {
        if ((left & 1u) == 1u) { y *= base; }
        base *= base;
        left >>= 1u;
    }
    return select(y, 1.0 / y, n < 0);
}

fn pow_(a: f32, b: f32) -> f32 {
    if (b == 0.0 || a == 1.0) { return 1.0; }
    if (is_nan(a) || is_nan(b)) { return nan(); }
    let is_whole = b == floor(b) && is_finite(b);
    if (is_whole && abs(b) <= 32.0) { return pow_whole(a, i32(b)); }
    let size = abs(a);
    if (is_inf(b)) {
        if (size == 1.0) { return 1.0; }
        return select(0.0, inf(), (size > 1.0) == (b > 0.0));
    }
    let is_odd = is_whole && abs(b) < 16777216.0 && (i32(b) & 1) == 1;
    if (size == 0.0 || is_inf(a)) {
        let y = select(0.0, inf(), (size == 0.0) == (b < 0.0));
        return select(y, with_sign(y, a), is_odd);
    }
    if (a < 0.0 && !is_whole) { return nan(); }
    // log2(size) in two parts, so that b times it loses little.
    var e: f32;
    let m = split(size, &e);
    let high = log2_(m);
    let y = exp2_(b * high + (b * e - floor(b * e))) ;
    let whole = floor(b * e);
    if (b * high + b * e > 129.0) { return select(inf(), -inf(), is_odd && a < 0.0); }
    if (b * high + b * e < -151.0) { return select(0.0, -0.0, is_odd && a < 0.0); }
    let n = i32(clamp(whole, -300.0, 300.0));
    let third = n / 3;
    let size_out = y * two_to(third) * two_to(third) * two_to(n - 2 * third);
    return select(size_out, -size_out, is_odd && a < 0.0);
}

fn fmod_(a: f32, b: f32) -> f32 {
    if (is_nan(a) || is_nan(b) || is_inf(a) || b == 0.0) { return nan(); }
    if (is_inf(b)) { return a; }
    var r = abs(a);
    let d = abs(b);
    // A quotient of more bits than a number has is taken off in pieces.
    for (var k = 0; k < 16 && r >= d; k++) {
        let e = max((i32(bitcast<u32>(r) >> 23u) - i32(bitcast<u32>(d) >> 23u)) - 22, 0);
        let piece = scale_by_two(d, min(e, 250));
        r = r - trunc(r / piece) * piece;
        if (r < 0.0) { r += piece; }
    }
    return with_sign(r, a);
}

fn remainder_(a: f32, b: f32) -> f32 {
    let r = fmod_(a, b);
    if (r != 0.0 && (r < 0.0) != (b < 0.0)) { return select(r + b, b, is_inf(b)); }
    return r;
}

fn floor_divide_(a: f32, b: f32) -> f32 {
    if (b == 0.0) { return a / b; }
    let r = fmod_(a, b);
    var q = (a - r) / b;
    if (r != 0.0 && (b < 0.0) != (r < 0.0)) { q -= 1.0; }
    if (q == 0.0) { return with_sign(0.0, select(1.0, -1.0, is_minus(a) != is_minus(b))); }
    let whole = floor(q);
    return select(whole, whole + 1.0, q - whole > 0.5);
}

fn hypot_(a: f32, b: f32) -> f32 {
    if (is_inf(a) || is_inf(b)) { return inf(); }
    let m = max(abs(a), abs(b));
    let n = min(abs(a), abs(b));
    if (is_nan(a) || is_nan(b)) { return nan(); }
    if (m == 0.0) { return 0.0; }
    let r = n / m;
    return m * sqrt(1.0 + r * r);
}

fn logaddexp_(a: f32, b: f32) -> f32 {
    if (is_inf(a) && a == b) { return a; }
    return max_nan(a, b) + log1p_(exp_(-abs(a - b)));
}

fn logaddexp2_(a: f32, b: f32) -> f32 {
    if (is_inf(a) && a == b) { return a; }
    return max_nan(a, b) + log1p_(exp2_(-abs(a - b))) * 1.44269504;
}

fn nextafter_(a: f32, b: f32) -> f32 {
    if (is_nan(a) || is_nan(b)) { return nan(); }
    if (a == b) { return b; }
    if (a == 0.0) { var one = 1u; return with_sign(bitcast<f32>(one), b); }
    let bits = bitcast<u32>(a);
    return bitcast<f32>(select(bits - 1u, bits + 1u, (a < b) == (a > 0.0)));
}

// Hurwitz' zeta function: terms of the sum, then the Euler-Maclaurin formula.
fn zeta_(x: f32, q: f32) -> f32 {
    if (x == 1.0) { return inf(); }
    if (x < 1.0 || is_nan(x) || is_nan(q)) { return nan(); }
    if (q <= 0.0) {
        if (q == floor(q)) { return inf(); }
        if (x != floor(x)) { return nan(); }
    }
    var sum = 0.0;
    var at = q;
    for (var k = 0; k < 10 || at <= 9.0; k++) {
        sum += pow_(at, -x);
        at += 1.0;
    }
    let last = pow_(at, -x);
    sum += at * last / (x - 1.0) + 0.5 * last;
    var factor = x;
    var power = last / at;
    var bernoulli = array<f32, 4>(8.333333333e-2, -1.388888889e-3, 3.306878307e-5, -8.267195767e-7);
    for (var k = 0; k < 4; k++) {
        sum += factor * power * bernoulli[k];
        let step = f32(2 * k + 1);
        factor *= (x + step) * (x + step + 1.0);
        power /= at * at;
    }
    return sum;
}
