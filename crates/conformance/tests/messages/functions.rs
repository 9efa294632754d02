//! Functions of one, two and three elements beyond arithmetic.

use crate::names::*;
use tensor_core::op::Rounding;

misuses! {
    "n(2).logaddexp(n(2))" DType: n([2]).logaddexp(&n([2])), n([2]).try_logaddexp(&n([2]));
    "f(2).logaddexp(f(3))" Shape: f([2]).logaddexp(&f([3])), f([2]).try_logaddexp(&f([3]));
    "n(2).logaddexp2(n(2))" DType: n([2]).logaddexp2(&n([2])), n([2]).try_logaddexp2(&n([2]));
    "f(2).logaddexp2(f(3))" Shape: f([2]).logaddexp2(&f([3])), f([2]).try_logaddexp2(&f([3]));
    "n(2).hypot(n(2))" DType: n([2]).hypot(&n([2])), n([2]).try_hypot(&n([2]));
    "f(2).hypot(f(3))" Shape: f([2]).hypot(&f([3])), f([2]).try_hypot(&f([3]));
    "n(2).nextafter(n(2))" DType: n([2]).nextafter(&n([2])), n([2]).try_nextafter(&n([2]));
    "f(2).nextafter(f(3))" Shape: f([2]).nextafter(&f([3])), f([2]).try_nextafter(&f([3]));
    "f(2).gcd(f(2))" DType: f([2]).gcd(&f([2])), f([2]).try_gcd(&f([2]));
    "b(2).gcd(b(2))" DType: b([2]).gcd(&b([2])), b([2]).try_gcd(&b([2]));
    "f(2).lcm(f(2))" DType: f([2]).lcm(&f([2])), f([2]).try_lcm(&f([2]));
    "b(2).lcm(b(2))" DType: b([2]).lcm(&b([2])), b([2]).try_lcm(&b([2]));
    "f(2).bitwise_left_shift(f(2))" DType: f([2]).bitwise_left_shift(&f([2])), f([2]).try_bitwise_left_shift(&f([2]));
    "b(2).bitwise_left_shift(b(2))" DType: b([2]).bitwise_left_shift(&b([2])), b([2]).try_bitwise_left_shift(&b([2]));
    "f(2).bitwise_right_shift(f(2))" DType: f([2]).bitwise_right_shift(&f([2])), f([2]).try_bitwise_right_shift(&f([2]));
    "b(2).bitwise_right_shift(b(2))" DType: b([2]).bitwise_right_shift(&b([2])), b([2]).try_bitwise_right_shift(&b([2]));
    "n(2).bitwise_left_shift(1.5)" DType: n([2]).bitwise_left_shift(1.5), n([2]).try_bitwise_left_shift(1.5);
    "f(2).heaviside(n(2))" DType: f([2]).heaviside(&n([2])), f([2]).try_heaviside(&n([2]));
    "n(2).div(0, rounding_mode='trunc')" Value: n([2]).div_rounded(0, Rounding::Trunc), n([2]).try_div_rounded(0, Rounding::Trunc);
    "n(2).div(0, rounding_mode='floor')" Value: n([2]).div_rounded(0, Rounding::Floor), n([2]).try_div_rounded(0, Rounding::Floor);
    "b(2).div(b(2), rounding_mode='trunc')" DType: b([2]).div_rounded(&b([2]), Rounding::Trunc), b([2]).try_div_rounded(&b([2]), Rounding::Trunc);
    "b(2).div(b(2), rounding_mode='floor')" DType: b([2]).div_rounded(&b([2]), Rounding::Floor), b([2]).try_div_rounded(&b([2]), Rounding::Floor);
    "torch.rsub(b(2), b(2))" DType: b([2]).rsub(&b([2]), 1), b([2]).try_rsub(&b([2]), 1);
    "torch.rsub(n(2), n(2), alpha=1.5)" DType: n([2]).rsub(&n([2]), 1.5), n([2]).try_rsub(&n([2]), 1.5);
    "n(2).float_power_(2)" DType: n([2]).float_power_(2), n([2]).try_float_power_(2);
    "n(2).round(decimals=2)" DType: n([2]).round_decimals(2), n([2]).try_round_decimals(2);
    "b(2).positive()" DType: b([2]).positive(), b([2]).try_positive();
    "f(2).polygamma(-1)" Value: f([2]).polygamma(-1), f([2]).try_polygamma(-1);
    "f(2).isclose(f(2).to(float64))" DType: f([2]).isclose(&f([2]).to_dtype(float64), 1e-5, 1e-8, false), f([2]).try_isclose(&f([2]).to_dtype(float64), 1e-5, 1e-8, false);
    "f(2).isclose(f(2), rtol=-1)" Value: f([2]).isclose(&f([2]), -1.0, 1e-8, false), f([2]).try_isclose(&f([2]), -1.0, 1e-8, false);
    "f(2).isclose(f(2), atol=-1)" Value: f([2]).isclose(&f([2]), 1e-5, -1.0, false), f([2]).try_isclose(&f([2]), 1e-5, -1.0, false);
    "f(2).allclose(f(3))" Shape: f([2]).allclose(&f([3]), 1e-5, 1e-8, false), f([2]).try_allclose(&f([3]), 1e-5, 1e-8, false);
    "b(2).clamp(b(2), b(2))" DType: b([2]).clamp(&b([2]), &b([2])), b([2]).try_clamp(&b([2]), &b([2]));
    "f(2).clamp(f(3), f(2))" Shape: f([2]).clamp(&f([3]), &f([2])), f([2]).try_clamp(&f([3]), &f([2]));
    "b(2).addcmul(b(2), b(2))" DType: b([2]).addcmul(&b([2]), &b([2]), 1), b([2]).try_addcmul(&b([2]), &b([2]), 1);
    "f(2).addcmul(f(3), f(2))" Shape: f([2]).addcmul(&f([3]), &f([2]), 1), f([2]).try_addcmul(&f([3]), &f([2]), 1);
    "n(2).addcdiv(n(2), n(2))" DType: n([2]).addcdiv(&n([2]), &n([2]), 1), n([2]).try_addcdiv(&n([2]), &n([2]), 1);
    "n(2).addcmul_(f(2), f(2))" DType: n([2]).addcmul_(&f([2]), &f([2]), 1), n([2]).try_addcmul_(&f([2]), &f([2]), 1);
    "f(2).lerp(n(2), 0.5)" DType: f([2]).lerp(&n([2]), 0.5), f([2]).try_lerp(&n([2]), 0.5);
    "f(2).lerp(f(2), f(2).to(float64))" DType: f([2]).lerp(&f([2]), &f([2]).to_dtype(float64)), f([2]).try_lerp(&f([2]), &f([2]).to_dtype(float64));
    "n(2).lerp(n(2), 0.5)" DType: n([2]).lerp(&n([2]), 0.5), n([2]).try_lerp(&n([2]), 0.5);
    "f(2).lerp(f(3), 0.5)" Shape: f([2]).lerp(&f([3]), 0.5), f([2]).try_lerp(&f([3]), 0.5);
}
