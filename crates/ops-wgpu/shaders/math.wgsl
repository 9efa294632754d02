// Functions of single precision that the language lacks, leaves too inaccurate, or lets drivers assume finite, together with
// those of math_real.wgsl. Those with a trailing underscore replace a built-in function. Polynomials without another source are
// Moshier's Cephes, single precision.

alias Real = f32;

fn inf() -> f32 { var u = 0x7f800000u; return bitcast<f32>(u); }
fn nan() -> f32 { var u = 0x7fc00000u; return bitcast<f32>(u); }
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn is_inf(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }
fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }
fn is_minus(x: f32) -> bool { return (bitcast<u32>(x) >> 31u) == 1u; }
fn with_sign(x: f32, sign: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}

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

fn ln2_high() -> f32 { return 0.693359375; }
fn ln2_low() -> f32 { return -2.12194440e-4; }
// Powers of two beyond which there is none but infinity and zero.
fn most_exponent() -> f32 { return 129.0; }
fn least_exponent() -> f32 { return -151.0; }

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

// atan(t) / t - 1 in z = t^2, for t up to tan(pi/8).
fn atan_tail(z: f32) -> f32 {
    return z * (-3.33329491539e-1 + z * (1.99777106478e-1 + z * (-1.38776856032e-1 + z * 8.05374449538e-2)));
}

// asin(t) / t - 1 in z = t^2, for t up to a half.
fn asin_tail(z: f32) -> f32 {
    return z * (1.6666752422e-1 + z * (7.4953002686e-2 + z * (4.5470025998e-2 + z * (2.4181311049e-2 + z * 4.2163199048e-2))));
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

// Where the asymptotic series below are good to the last digit.
fn far_out() -> f32 { return 8.0; }

// Stirling's series in z = 1/y^2, times y.
fn stirling(z: f32) -> f32 {
    return 8.333333333e-2 + z * (-2.777777778e-3 + z * (7.936507937e-4 + z * -5.952380952e-4));
}

// ln y - 1/2y - digamma(y) in z = 1/y^2.
fn digamma_series(z: f32) -> f32 {
    return z * (8.333333333e-2 - z * (8.333333333e-3 - z * (3.968253968e-3 - z * 4.166666667e-3)));
}

// Bernoulli numbers of even order over the factorials of their order.
fn bernoulli_count() -> i32 { return 4; }
fn bernoulli(k: i32) -> f32 {
    var list = array<f32, 4>(8.333333333e-2, -1.388888889e-3, 3.306878307e-5, -8.267195767e-7);
    return list[k];
}

// Exact: the dividend's fraction is moved up by as many bits as a word has room for, and reduced.
fn fmod_(a: f32, b: f32) -> f32 {
    let p = bitcast<u32>(a) & 0x7fffffffu;
    let q = bitcast<u32>(b) & 0x7fffffffu;
    if (p >= 0x7f800000u || q > 0x7f800000u || q == 0u) { return nan(); }
    if (p < q) { return a; }
    let exponent = max(q >> 23u, 1u);
    let d = (q & 0x7fffffu) | select(0u, 0x800000u, q > 0x7fffffu);
    var r = ((p & 0x7fffffu) | select(0u, 0x800000u, p > 0x7fffffu)) % d;
    var left = max(p >> 23u, 1u) - exponent;
    while (left > 0u && r > 0u) {
        let step = min(left, 8u);
        r = (r << step) % d;
        left -= step;
    }
    return with_sign(scale_by_two(f32(r), i32(exponent) - 150), a);
}

fn nextafter_(a: f32, b: f32) -> f32 {
    if (is_nan(a) || is_nan(b)) { return nan(); }
    if (a == b) { return b; }
    if (a == 0.0) { var one = 1u; return with_sign(bitcast<f32>(one), b); }
    let bits = bitcast<u32>(a);
    return bitcast<f32>(select(bits - 1u, bits + 1u, (a < b) == (a > 0.0)));
}

