// Functions of double precision: the language has none. Polynomials are Taylor's, on intervals where so many terms reach the
// last digits.

fn inf() -> f64 { var u = 0x7ff0000000000000lu; return bitcast<f64>(u); }
fn nan() -> f64 { var u = 0x7ff8000000000000lu; return bitcast<f64>(u); }
fn is_nan(x: f64) -> bool { return (bitcast<u64>(x) << 1u) > 0xffe0000000000000lu; }
fn is_inf(x: f64) -> bool { return (bitcast<u64>(x) << 1u) == 0xffe0000000000000lu; }
fn is_finite(x: f64) -> bool { return (bitcast<u64>(x) << 1u) < 0xffe0000000000000lu; }
fn is_minus(x: f64) -> bool { return (bitcast<u64>(x) >> 63u) == 1lu; }
fn with_sign(x: f64, sign: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(x) & 0x7ffffffffffffffflu) | (bitcast<u64>(sign) & 0x8000000000000000lu));
}
fn max_nan(a: f64, b: f64) -> f64 { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a > b); }
fn min_nan(a: f64, b: f64) -> f64 { if (is_nan(a)) { return a; } if (is_nan(b)) { return b; } return select(b, a, a < b); }

// 2^n for n from -1022 to 1023.
fn two_to(n: i32) -> f64 { return bitcast<f64>(u64(u32(n + 1023)) << 52u); }

// e^r - 1 - r for |r| at most ln(2)/2, over r^2.
fn exp_tail(r: f64) -> f64 {
    var y = 1.605904383682161459939e-10lf;
    y = 2.087675698786809897921e-9lf + r * y;
    y = 2.505210838544171877505e-8lf + r * y;
    y = 2.755731922398589065256e-7lf + r * y;
    y = 2.755731922398589065256e-6lf + r * y;
    y = 2.480158730158730158730e-5lf + r * y;
    y = 1.984126984126984126984e-4lf + r * y;
    y = 1.388888888888888888889e-3lf + r * y;
    y = 8.333333333333333333333e-3lf + r * y;
    y = 4.166666666666666666667e-2lf + r * y;
    y = 1.666666666666666666667e-1lf + r * y;
    return 0.5lf + r * y;
}

fn exp_(x: f64) -> f64 {
    if (is_nan(x)) { return x; }
    if (x > 709.782712893384lf) { return inf(); }
    if (x < -746.0lf) { return 0.0lf; }
    let n = floor(x * 1.442695040888963407360lf + 0.5lf);
    let r = (x - n * 0.693147180369123816490lf) - n * 1.90821492927058770002e-10lf;
    let k = i32(n);
    return (1.0lf + (r + r * r * exp_tail(r))) * two_to(k / 2) * two_to(k - k / 2);
}

fn expm1_(x: f64) -> f64 {
    if (abs(x) < 0.34lf) { return x + x * x * exp_tail(x); }
    return exp_(x) - 1.0lf;
}

// ln((1 + s) / (1 - s)) / s - 2 in z = s^2, for s up to 0.18.
fn log_tail(z: f64) -> f64 {
    var y = 0.08lf;
    for (var k = 23; k >= 3; k -= 2) { y = 2.0lf / f64(k) + z * y; }
    return z * y;
}

fn log_(x: f64) -> f64 {
    if (is_nan(x) || x < 0.0lf) { return nan(); }
    if (x == 0.0lf) { return -inf(); }
    if (is_inf(x)) { return x; }
    let is_small = x < 2.2250738585072014e-308lf;
    let bits = bitcast<u64>(select(x, x * 18014398509481984.0lf, is_small)) + 0x00095f619980c433lu;
    let e = f64(i32(u32(bits >> 52u)) - 1023) - select(0.0lf, 54.0lf, is_small);
    let f = bitcast<f64>((bits & 0x000ffffffffffffflu) + 0x3fe6a09e667f3bcdlu) - 1.0lf;
    let s = f / (2.0lf + f);
    let h = 0.5lf * f * f;
    return e * 0.693147180369123816490lf - ((h - (s * (h + log_tail(s * s)) + e * 1.90821492927058770002e-10lf)) - f);
}

fn log1p_(x: f64) -> f64 {
    if (abs(x) < 0.4lf) {
        let s = x / (2.0lf + x);
        let h = 0.5lf * x * x;
        return x - (h - s * (h + log_tail(s * s)));
    }
    return log_(1.0lf + x);
}

fn log2_(x: f64) -> f64 { return log_(x) * 1.442695040888963407360lf; }
fn log10_(x: f64) -> f64 { return log_(x) * 0.434294481903251827651lf; }
fn exp2_(x: f64) -> f64 {
    if (!is_finite(x)) { return exp_(x); }
    let n = floor(x + 0.5lf);
    if (abs(n) > 1100.0lf) { return select(0.0lf, inf(), n > 0.0lf); }
    let r = (x - n) * 0.693147180559945309417lf;
    let k = i32(n);
    return (1.0lf + (r + r * r * exp_tail(r))) * two_to(k / 2) * two_to(k - k / 2);
}

fn sigmoid_(x: f64) -> f64 {
    let e = exp_(-abs(x));
    return select(1.0lf, e, x < 0.0lf) / (1.0lf + e);
}

fn softplus_(x: f64) -> f64 { return max_nan(x, 0.0lf) + log1p_(exp_(-abs(x))); }

fn tanh_(x: f64) -> f64 {
    let e = expm1_(-2.0lf * abs(x));
    return with_sign(-e / (e + 2.0lf), x);
}

fn sinh_(x: f64) -> f64 {
    let e = expm1_(abs(x));
    if (is_inf(e)) { let half = exp_(0.5lf * abs(x)); return with_sign(0.5lf * half * half, x); }
    return with_sign(0.5lf * (e + e / (e + 1.0lf)), x);
}

fn cosh_(x: f64) -> f64 {
    let half = exp_(0.5lf * abs(x));
    return 0.5lf * half * half + 0.5lf / half / half;
}
