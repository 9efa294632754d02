//! Functions of elements: shapes that do not broadcast, dtypes that a function cannot take, divisions by zero.

use crate::names::*;

misuses! {
    "f(2, 3) + f(2, 4)" Shape: f([2, 3]) + f([2, 4]), f([2, 3]).try_add(f([2, 4]));
    "f(2, 3) - f(2)" Shape: f([2, 3]) - f([2]), f([2, 3]).try_sub(f([2]));
    "f(2, 3) * f(3, 2)" Shape: f([2, 3]) * f([3, 2]), f([2, 3]).try_mul(f([3, 2]));
    "f(2, 3) / f(4)" Shape: f([2, 3]) / f([4]), f([2, 3]).try_div(f([4]));
    "n(2, 3) % n(4)" Shape: n([2, 3]) % n([4]), n([2, 3]).try_remainder(n([4]));
    "b(2, 3) & b(4)" Shape: b([2, 3]) & b([4]), b([2, 3]).try_bitwise_and(b([4]));
    "b(2, 3) | b(4)" Shape: b([2, 3]) | b([4]), b([2, 3]).try_bitwise_or(b([4]));
    "b(2, 3) ^ b(4)" Shape: b([2, 3]) ^ b([4]), b([2, 3]).try_bitwise_xor(b([4]));
    "f(2, 3).pow(f(2))" Shape: f([2, 3]).pow(&f([2])), f([2, 3]).try_pow(&f([2]));
    "f(2, 3).atan2(f(2))" Shape: f([2, 3]).atan2(&f([2])), f([2, 3]).try_atan2(&f([2]));
    "f(2, 3).maximum(f(2))" Shape: f([2, 3]).maximum(&f([2])), f([2, 3]).try_maximum(&f([2]));
    "f(2, 3).fmod(f(2))" Shape: f([2, 3]).fmod(&f([2])), f([2, 3]).try_fmod(&f([2]));
    "n(2, 3).floor_divide(n(2))" Shape: n([2, 3]).floor_divide(&n([2])), n([2, 3]).try_floor_divide(&n([2]));
    "f(2, 3) == f(2)" Shape: f([2, 3]).eq(f([2])), f([2, 3]).try_eq(f([2]));
    "f(2, 3) < f(2)" Shape: f([2, 3]).lt(f([2])), f([2, 3]).try_lt(f([2]));
    "f(2, 3).logical_and(f(2))" Shape: f([2, 3]).logical_and(&f([2])), f([2, 3]).try_logical_and(&f([2]));
    "f(4, 1, 3) + f(2, 2, 3)" Shape: f([4, 1, 3]) + f([2, 2, 3]), f([4, 1, 3]).try_add(f([2, 2, 3]));
    "f(0) + f(2)" Shape: f([0]) + f([2]), f([0]).try_add(f([2]));
    "b(2) - b(2)" DType: b([2]) - b([2]), b([2]).try_sub(b([2]));
    "b(2) - 1" DType: b([2]) - 1, b([2]).try_sub(1);
    "f(2) - b(2)" DType: f([2]) - b([2]), f([2]).try_sub(b([2]));
    "b(2) - f(2)" DType: b([2]) - f([2]), b([2]).try_sub(f([2]));
    "1 - b(2)" DType: 1i64 - b([2]), Binary::Sub.apply_reversed(1.into(), &b([2]));
    "1.5 - b(2)" DType: 1.5 - b([2]), Binary::Sub.apply_reversed(1.5.into(), &b([2]));
    "f(2) - True" DType: f([2]) - true, f([2]).try_sub(true);
    "b(2) - True" DType: b([2]) - true, b([2]).try_sub(true);
    "-b(2)" DType: -b([2]), b([2]).try_neg();
    "b(2).neg()" DType: b([2]).neg(), b([2]).try_neg();
    "~f(2)" DType: !f([2]), f([2]).try_bitwise_not();
    "f(2).bitwise_not()" DType: f([2]).bitwise_not(), f([2]).try_bitwise_not();
    "f(2) & f(2)" DType: f([2]) & f([2]), f([2]).try_bitwise_and(f([2]));
    "f(2) | 1" DType: f([2]) | 1, f([2]).try_bitwise_or(1);
    "n(2) & 1.5" DType: n([2]) & 1.5, n([2]).try_bitwise_and(1.5);
    "n(2) ^ f(2)" DType: n([2]) ^ f([2]), n([2]).try_bitwise_xor(f([2]));
    "b(2) & f(2)" DType: b([2]) & f([2]), b([2]).try_bitwise_and(f([2]));
    "n(2) & b(2)" fine: n([2]) & b([2]);
    "b(2) % b(2)" DType: b([2]) % b([2]), b([2]).try_remainder(b([2]));
    "b(2).fmod(b(2))" DType: b([2]).fmod(&b([2])), b([2]).try_fmod(&b([2]));
    "b(2).floor_divide(b(2))" DType: b([2]).floor_divide(&b([2])), b([2]).try_floor_divide(&b([2]));
    "b(2).pow(b(2))" DType: b([2]).pow(&b([2])), b([2]).try_pow(&b([2]));
    "b(2) ** True" DType: b([2]).pow(true), b([2]).try_pow(true);
    "b(2) ** 2" fine: b([2]).pow(2);
    "b(2).atan2(b(2))" fine: b([2]).atan2(&b([2]));
    "n(2) ** -1" Value: n([2]).pow(-1), n([2]).try_pow(-1);
    "n(2).pow(-2)" Value: n([2]).pow(-2), n([2]).try_pow(-2);
    "n(2) ** -1.0" fine: n([2]).pow(-1.0);
    "n(2).pow(at(-1, 2))" fine: n([2]).pow(&at([-1, 2]));
    "2 ** at(-1, 2)" fine: or_panic(Binary::Pow.apply_reversed(2.into(), &at([-1, 2])));
    "n(2) % 0" Value: n([2]) % 0, n([2]).try_remainder(0);
    "n(2) % at(1, 0)" Value: n([2]) % at([1, 0]), n([2]).try_remainder(at([1, 0]));
    "n(2).remainder(0)" Value: n([2]).remainder(0), n([2]).try_remainder(0);
    "n(2).fmod(0)" Value: n([2]).fmod(0), n([2]).try_fmod(0);
    "n(2).fmod(at(1, 0))" Value: n([2]).fmod(&at([1, 0])), n([2]).try_fmod(&at([1, 0]));
    "n(2).floor_divide(0)" Value: n([2]).floor_divide(0), n([2]).try_floor_divide(0);
    "n(2).floor_divide(at(1, 0))" Value: n([2]).floor_divide(&at([1, 0])), n([2]).try_floor_divide(&at([1, 0]));
    "n(2) // at(0, 0)" Value: n([2]).floor_divide(at([0, 0])), n([2]).try_floor_divide(at([0, 0]));
    "5 % at(1, 0)" Value: 5i64 % at([1, 0]), Binary::Remainder.apply_reversed(5.into(), &at([1, 0]));
    "n(2) / 0" fine: n([2]) / 0;
    "f(2) % 0" fine: f([2]) % 0;
    "f(2) // 0" fine: f([2]).floor_divide(0);
    "at(-2**63).floor_divide(-1)" fine: at([i64::MIN]).floor_divide(-1);
    "at(-2**63) % -1" fine: at([i64::MIN]).remainder(-1);
    "at(-2**63).fmod(-1)" fine: at([i64::MIN]).fmod(-1);
    "b(2).abs()" DType: b([2]).abs(), b([2]).try_abs();
    "b(2).ceil()" DType: b([2]).ceil(), b([2]).try_ceil();
    "b(2).floor()" DType: b([2]).floor(), b([2]).try_floor();
    "b(2).round()" DType: b([2]).round(), b([2]).try_round();
    "b(2).trunc()" DType: b([2]).trunc(), b([2]).try_trunc();
    "b(2).frac()" DType: b([2]).frac(), b([2]).try_frac();
    "n(2).frac()" DType: n([2]).frac(), n([2]).try_frac();
    "b(2).relu()" DType: b([2]).relu(), b([2]).try_relu();
    "b(2).sign()" fine: b([2]).sign();
    "b(2).sqrt()" fine: b([2]).sqrt();
    "n(2).sqrt()" fine: n([2]).sqrt();
    "b(2).sigmoid()" fine: b([2]).sigmoid();
    "torch.nn.functional.silu(n(2))" DType: n([2]).silu(), n([2]).try_silu();
    "torch.nn.functional.silu(b(2))" DType: b([2]).silu(), b([2]).try_silu();
    "b(2).reciprocal()" fine: b([2]).reciprocal();
    "b(2).isnan()" fine: b([2]).isnan();
    "b(2).clamp(0, 1)" fine: b([2]).clamp(0, 1);
    "b(2).clamp(0, 1.5)" fine: b([2]).clamp(0, 1.5);
    "b(2).clamp_min(0)" fine: b([2]).clamp_min(0);
    "b(2).clamp_max(True)" DType: b([2]).clamp_max(true), b([2]).try_clamp_max(true);
    "n(2).clamp(0, 1.5)" fine: n([2]).clamp(0, 1.5);
    "where(f(2), f(2), f(2))" DType: f([2]).where_(f([2]), f([2])), f([2]).try_where(f([2]), f([2]));
    "where(n(2), 1, 0)" DType: n([2]).where_(1, 0), n([2]).try_where(1, 0);
    "where(n(2).to(uint8), f(2), f(2))" fine: n([2]).to(uint8).where_(f([2]), f([2]));
    "where(b(2), f(3), f(2))" Shape: b([2]).where_(f([3]), f([2])), b([2]).try_where(f([3]), f([2]));
    "where(b(2), f(3), f(3))" Shape: b([2]).where_(f([3]), f([3])), b([2]).try_where(f([3]), f([3]));
    "where(b(2, 3), f(2), 1.0)" Shape: b([2, 3]).where_(f([2]), 1.0), b([2, 3]).try_where(f([2]), 1.0);
    "f(2).masked_fill(n(2), 1.0)" DType: f([2]).masked_fill(&n([2]), 1.0), f([2]).try_masked_fill(&n([2]), 1.0);
    "f(2).masked_fill(n(2).to(uint8), 1.0)" DType:
        f([2]).masked_fill(&n([2]).to(uint8), 1.0), f([2]).try_masked_fill(&n([2]).to(uint8), 1.0);
    "f(2).masked_fill(b(3), 1.0)" Shape: f([2]).masked_fill(&b([3]), 1.0), f([2]).try_masked_fill(&b([3]), 1.0);
    "n(2).masked_fill(b(2), 1.5)" fine: n([2]).masked_fill(&b([2]), 1.5);
    "n(2).to(uint8).masked_fill(b(2), 300)" Value:
        n([2]).to(uint8).masked_fill(&b([2]), 300), n([2]).to(uint8).try_masked_fill(&b([2]), 300);
    "n(2).to(int8).masked_fill(b(2), -200)" Value:
        n([2]).to(int8).masked_fill(&b([2]), -200), n([2]).to(int8).try_masked_fill(&b([2]), -200);
    "n(2).masked_fill(b(2), 1e30)" Value: n([2]).masked_fill(&b([2]), 1e30), n([2]).try_masked_fill(&b([2]), 1e30);
    "n(2).masked_fill(b(2), nan)" Value:
        n([2]).masked_fill(&b([2]), f64::NAN), n([2]).try_masked_fill(&b([2]), f64::NAN);
    "f(2).masked_fill(b(2), 1e300)" Value: f([2]).masked_fill(&b([2]), 1e300), f([2]).try_masked_fill(&b([2]), 1e300);
    "f(2).half().masked_fill(b(2), 1e5)" Value:
        f([2]).half().masked_fill(&b([2]), 100000.0), f([2]).half().try_masked_fill(&b([2]), 100000.0);
    "f(2).maximum(b(2))" fine: f([2]).maximum(&b([2]));
    "b(2) + b(2)" fine: b([2]) + b([2]);
    "f(2).masked_fill(n(2).to(int16), 1.0)" DType:
        f([2]).masked_fill(&n([2]).to(int16), 1.0), f([2]).try_masked_fill(&n([2]).to(int16), 1.0);
    "b(2).clamp(False, True)" DType: b([2]).clamp(false, true), b([2]).try_clamp(false, true);
    "f(1).expand(2**40, 2**19) + f(1)" Memory:
        f([1]).expand([1i64 << 40, 524288]) + f([1]), f([1]).expand([1i64 << 40, 524288]).try_add(f([1]));
}
