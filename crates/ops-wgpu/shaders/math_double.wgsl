// Functions of double precision: the language has none. They are completed by math_real.wgsl. Polynomials without another source
// are those of FreeBSD's msun; that of powers of e is Taylor's, on an interval where so many terms reach the last digits.

alias Real = f64;

fn inf() -> f64 { var u = 0x7ff0000000000000lu; return bitcast<f64>(u); }
fn nan() -> f64 { var u = 0x7ff8000000000000lu; return bitcast<f64>(u); }
fn is_nan(x: f64) -> bool { return (bitcast<u64>(x) << 1u) > 0xffe0000000000000lu; }
fn is_inf(x: f64) -> bool { return (bitcast<u64>(x) << 1u) == 0xffe0000000000000lu; }
fn is_finite(x: f64) -> bool { return (bitcast<u64>(x) << 1u) < 0xffe0000000000000lu; }
fn is_minus(x: f64) -> bool { return (bitcast<u64>(x) >> 63u) == 1lu; }
fn with_sign(x: f64, sign: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(x) & 0x7ffffffffffffffflu) | (bitcast<u64>(sign) & 0x8000000000000000lu));
}
// 2^n for n from -1022 to 1023.
fn two_to(n: i32) -> f64 { return bitcast<f64>(u64(u32(n + 1023)) << 52u); }

fn scale_by_two(x: f64, n: i32) -> f64 {
    let half = n / 2;
    return x * two_to(half) * two_to(n - half);
}

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
    return scale_by_two(1.0lf + (r + r * r * exp_tail(r)), i32(n));
}

fn exp2_(x: f64) -> f64 {
    if (!is_finite(x)) { return exp_(x); }
    let n = floor(x + 0.5lf);
    if (abs(n) > 1100.0lf) { return select(0.0lf, inf(), n > 0.0lf); }
    let r = (x - n) * 0.693147180559945309417lf;
    return scale_by_two(1.0lf + (r + r * r * exp_tail(r)), i32(n));
}

// ln((1 + s) / (1 - s)) / s - 2 in z = s^2 (e_log.c).
fn log_tail(z: f64) -> f64 {
    return z * (6.666666666666735130e-1 + z * (3.999999999940941908e-1 + z * (2.857142874366239149e-1
        + z * (2.222219843214978396e-1 + z * (1.818357216161805012e-1 + z * (1.531383769920937332e-1
        + z * 1.479819860510658591e-1))))));
}

// The fraction of x in [sqrt(1/2), sqrt(2)) and its exponent.
fn split(x: f64, exponent: ptr<function, f64>) -> f64 {
    let is_small = x < 2.2250738585072014e-308lf;
    let bits = bitcast<u64>(select(x, x * 18014398509481984.0lf, is_small)) + 0x00095f619980c433lu;
    *exponent = f64(i32(u32(bits >> 52u)) - 1023) - select(0.0lf, 54.0lf, is_small);
    return bitcast<f64>((bits & 0x000ffffffffffffflu) + 0x3fe6a09e667f3bcdlu);
}

fn ln2_high() -> f64 { return 0.693147180369123816490lf; }
fn ln2_low() -> f64 { return 1.90821492927058770002e-10lf; }
// Powers of two beyond which there is none but infinity and zero.
fn most_exponent() -> f64 { return 1025.0lf; }
fn least_exponent() -> f64 { return -1076.0lf; }

// The quadrant of x, and x less its multiple of pi/2, with an error of 1e-15 up to about 10^9 (e_rem_pio2.c). The multiple is
// taken off in two parts, whose products with the first parts of pi/2 are exact.
fn reduce_angle(x: f64, quadrant: ptr<function, i32>) -> f64 {
    let n = floor(x * 0.63661977236758134308lf + 0.5lf);
    let high = floor(n * 9.5367431640625e-7lf + 0.5lf) * 1048576.0lf;
    let low = n - high;
    *quadrant = i32(low) & 3;
    let r = (x - high * 1.57079632673412561417lf) - low * 1.57079632673412561417lf;
    return ((r - high * 6.07710050630396597660e-11lf) - low * 6.07710050630396597660e-11lf) - n * 2.02226624879595063154e-21lf;
}

// k_sin.c and k_cos.c.
fn sin_part(r: f64) -> f64 {
    let z = r * r;
    return r + r * z * (-1.66666666666666324348e-1 + z * (8.33333333332248946124e-3 + z * (-1.98412698298579493134e-4
        + z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)))));
}

fn cos_part(r: f64) -> f64 {
    let z = r * r;
    return 1.0 - 0.5 * z + z * z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * (2.48015872894767294178e-5
        + z * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11)))));
}

// atan(t) / t - 1 in z = t^2, for t up to tan(pi/8) (Cephes).
fn atan_tail(z: f64) -> f64 {
    let p = -6.485021904942025371773e1 + z * (-1.228866684490136173410e2 + z * (-7.500855792314704667340e1
        + z * (-1.615753718733365076637e1 + z * -8.750608600031904122785e-1)));
    let q = 1.945506571482613964425e2 + z * (4.853903996359136964868e2 + z * (4.328810604912902668951e2
        + z * (1.650270098316988542046e2 + z * (2.485846490142306297962e1 + z))));
    return z * (p / q);
}

// asin(t) / t - 1 in z = t^2, for t up to a half (e_asin.c).
fn asin_tail(z: f64) -> f64 {
    let p = 1.66666666666666657415e-1 + z * (-3.25565818622400915405e-1 + z * (2.01212532134862925881e-1
        + z * (-4.00555345006794114027e-2 + z * (7.91534994289814532176e-4 + z * 3.47933107596021167570e-5))));
    let q = 1.0 + z * (-2.40339491173441421878 + z * (2.02094576023350569471 + z * (-6.88283971605453293030e-1
        + z * 7.70381505559019352791e-2)));
    return z * (p / q);
}

fn sinh_(x: f64) -> f64 {
    let e = expm1_(abs(x));
    if (is_inf(e)) {
        let half = exp_(0.5 * abs(x));
        return with_sign(0.5 * half * half, x);
    }
    return with_sign(0.5 * (e + e / (e + 1.0)), x);
}

fn cosh_(x: f64) -> f64 {
    let half = exp_(0.5 * abs(x));
    return 0.5 * half * half + 0.5 / half / half;
}

fn tanh_(x: f64) -> f64 {
    let e = expm1_(-2.0 * abs(x));
    return with_sign(-e / (e + 2.0), x);
}

// Up to 27/32, then up to 5/4, then beyond (s_erf.c).
fn erf_near(x: f64) -> f64 {
    let z = x * x;
    let p = 0.12837916709551256 + z * (-0.3250421072470015 + z * (-0.02848174957559851 + z * (-0.005770270296489442
        + z * -2.3763016656650163e-05)));
    let q = 1.0 + z * (0.39791722395915535 + z * (0.0650222499887673 + z * (0.005081306281875766
        + z * (0.00013249473800432164 + z * -3.960228278775368e-06))));
    return x * (p / q);
}

fn erfc_middle(a: f64) -> f64 {
    let s = a - 1.0;
    let p = -0.0023621185607526594 + s * (0.41485611868374833 + s * (-0.3722078760357013 + s * (0.31834661990116175
        + s * (-0.11089469428239668 + s * (0.035478304325618236 + s * -0.002166375594868791)))));
    let q = 1.0 + s * (0.10642088040084423 + s * (0.540397917702171 + s * (0.07182865441419627 + s * (0.12617121980876164
        + s * (0.01363708391202905 + s * 0.011984499846799107)))));
    return 1.0 - 0.8450629115104675 - p / q;
}

fn erfc_far(a: f64) -> f64 {
    let s = 1.0 / (a * a);
    var p: f64;
    var q: f64;
    if (a < 2.857142857142857) {
        p = -0.009864944034847148 + s * (-0.6938585727071818 + s * (-10.558626225323291 + s * (-62.375332450326006
        + s * (-162.39666946257347 + s * (-184.60509290671104 + s * (-81.2874355063066 + s * -9.814329344169145))))));
        q = 1.0 + s * (19.651271667439257 + s * (137.65775414351904 + s * (434.56587747522923 + s * (645.3872717332679
        + s * (429.00814002756783 + s * (108.63500554177944 + s * (6.570249770319282 + s * -0.0604244152148581)))))));
    } else {
        p = -0.0098649429247001 + s * (-0.799283237680523 + s * (-17.757954917754752 + s * (-160.63638485582192
        + s * (-637.5664433683896 + s * (-1025.0951316110772 + s * -483.5191916086514)))));
        q = 1.0 + s * (30.33806074348246 + s * (325.7925129965739 + s * (1536.729586084437 + s * (3199.8582195085955
        + s * (2553.0504064331644 + s * (474.52854120695537 + s * -22.44095244658582))))));
    }
    let high = bitcast<f64>(bitcast<u64>(a) & 0xffffffff00000000lu);
    return exp_(-high * high - 0.5625) * exp_((high - a) * (high + a) + p / q) / a;
}

fn erfc_tail(a: f64) -> f64 {
    if (a < 1.25) { return erfc_middle(a); }
    return erfc_far(a);
}

fn erf_(x: f64) -> f64 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    if (a < 0.84375) { return x + erf_near(x); }
    if (a >= 6.0) { return with_sign(1.0, x); }
    return with_sign(1.0 - erfc_tail(a), x);
}

fn erfc_(x: f64) -> f64 {
    if (is_nan(x)) { return x; }
    let a = abs(x);
    if (a < 0.84375) {
        if (x < 0.25) { return 1.0 - (x + erf_near(x)); }
        return 0.5 - ((x - 0.5) + erf_near(x));
    }
    if (a >= 28.0) { return select(0.0lf, 2.0lf, x < 0.0); }
    let y = erfc_tail(a);
    return select(y, 2.0 - y, x < 0.0);
}

// Quotients of polynomials good to three digits, and two steps of Halley's method; near one the complement keeps the digits.
fn erfinv_(x: f64) -> f64 {
    let a = abs(x);
    if (!(a <= 1.0)) { return nan(); }
    if (a == 1.0) { return with_sign(inf(), x); }
    var y: f64;
    if (a <= 0.7) {
        let z = a * a;
        y = a * (0.886226899 + z * (-1.645349621 + z * (0.914624893 + z * -0.140543331)))
            / (1.0 + z * (-2.118377725 + z * (1.442710462 + z * (-0.329097515 + z * 0.012229801))));
    } else {
        let z = sqrt(-log_(0.5 * (1.0 - a)));
        y = (-1.970840454 + z * (-1.62490649 + z * (3.429567803 + z * 1.641345311)))
            / (1.0 + z * (3.5438892 + z * 1.6370678));
    }
    for (var k = 0; k < 2; k++) {
        var over: f64;
        if (a <= 0.7) { over = erf_(y) - a; } else { over = (1.0 - a) - erfc_(y); }
        let step = over / (1.1283791670955125739 * exp_(-y * y));
        y -= step / (1.0 + y * step);
    }
    return with_sign(y, x);
}

// Where the asymptotic series below are good to the last digit.
fn far_out() -> f64 { return 10.0lf; }

// Stirling's series in z = 1/y^2, times y.
fn stirling(z: f64) -> f64 {
    return 0.083333333333333333333 + z * (-2.7777777777777777778e-3 + z * (7.9365079365079365079e-4
        + z * (-5.9523809523809523810e-4 + z * (8.4175084175084175084e-4 + z * (-1.9175269175269175269e-3
        + z * (6.4102564102564102564e-3 + z * -0.029550653594771241830))))));
}

// ln y - 1/2y - digamma(y) in z = 1/y^2.
fn digamma_series(z: f64) -> f64 {
    return z * (0.083333333333333333333 + z * (-8.3333333333333333333e-3 + z * (3.9682539682539682540e-3
        + z * (-4.1666666666666666667e-3 + z * (7.5757575757575757576e-3 + z * (-0.021092796092796092796
        + z * 0.083333333333333333333))))));
}

// Bernoulli numbers of even order over the factorials of their order.
fn bernoulli_count() -> i32 { return 12; }
fn bernoulli(k: i32) -> f64 {
    var list = array<f64, 12>(0.08333333333333333lf, -0.001388888888888889lf, 3.306878306878307e-05lf, -8.267195767195768e-07lf,
        2.08767569878681e-08lf, -5.284190138687493e-10lf, 1.3382536530684679e-11lf, -3.3896802963225827e-13lf,
        8.586062056277845e-15lf, -2.174868698558062e-16lf, 5.5090028283602295e-18lf, -1.3954464685812522e-19lf);
    return list[k];
}

// Exact: the dividend's fraction is moved up by as many bits as a word has room for, and reduced.
fn fmod_(a: f64, b: f64) -> f64 {
    let p = bitcast<u64>(a) & 0x7ffffffffffffffflu;
    let q = bitcast<u64>(b) & 0x7ffffffffffffffflu;
    if (p >= 0x7ff0000000000000lu || q > 0x7ff0000000000000lu || q == 0lu) { return nan(); }
    if (p < q) { return a; }
    let exponent = max(u32(q >> 52u), 1u);
    let d = (q & 0x000ffffffffffffflu) | select(0lu, 0x0010000000000000lu, q > 0x000ffffffffffffflu);
    var r = ((p & 0x000ffffffffffffflu) | select(0lu, 0x0010000000000000lu, p > 0x000ffffffffffffflu)) % d;
    var left = max(u32(p >> 52u), 1u) - exponent;
    while (left > 0u && r > 0lu) {
        let step = min(left, 11u);
        r = (r << step) % d;
        left -= step;
    }
    return with_sign(scale_by_two(f64(r), i32(exponent) - 1075), a);
}

fn nextafter_(a: f64, b: f64) -> f64 {
    if (is_nan(a) || is_nan(b)) { return nan(); }
    if (a == b) { return b; }
    if (a == 0.0) { var one = 1lu; return with_sign(bitcast<f64>(one), b); }
    let bits = bitcast<u64>(a);
    return bitcast<f64>(select(bits - 1lu, bits + 1lu, (a < b) == (a > 0.0)));
}
