//! Writing in place: results that do not fit, and elements that share memory.

use crate::names::*;

misuses! {
    "f(2, 3).add_(f(2, 4))" Shape: f([2, 3]).add_(&f([2, 4])), f([2, 3]).try_add_(&f([2, 4]));
    "f(3).add_(f(2, 3))" Shape: f([3]).add_(&f([2, 3])), f([3]).try_add_(&f([2, 3]));
    "f(2, 3).sub_(f(4))" Shape: f([2, 3]).sub_(&f([4])), f([2, 3]).try_sub_(&f([4]));
    "f(1, 3).mul_(f(2, 3))" Shape: f([1, 3]).mul_(&f([2, 3])), f([1, 3]).try_mul_(&f([2, 3]));
    "f(3).div_(f(2, 3))" Shape: f([3]).div_(&f([2, 3])), f([3]).try_div_(&f([2, 3]));
    "f(3).copy_(f(2, 3))" Shape: f([3]).copy_(&f([2, 3])), f([3]).try_copy_(&f([2, 3]));
    "f(2, 3).copy_(f(2))" Shape: f([2, 3]).copy_(&f([2])), f([2, 3]).try_copy_(&f([2]));
    "f(3).masked_fill_(b(2, 3), 1.0)" Shape:
        f([3]).masked_fill_(&b([2, 3]), 1.0), f([3]).try_masked_fill_(&b([2, 3]), 1.0);
    "f(3).masked_fill_(n(3), 1.0)" DType: f([3]).masked_fill_(&n([3]), 1.0), f([3]).try_masked_fill_(&n([3]), 1.0);
    "f(3).maximum(f(2, 3))" fine: f([3]).maximum(&f([2, 3]));
    "n(3).add_(1.5)" DType: n([3]).add_(1.5), n([3]).try_add_(1.5);
    "n(3).add_(f(3))" DType: n([3]).add_(&f([3])), n([3]).try_add_(&f([3]));
    "n(3).mul_(0.5)" DType: n([3]).mul_(0.5), n([3]).try_mul_(0.5);
    "n(3).div_(2)" DType: n([3]).div_(2), n([3]).try_div_(2);
    "n(3).div_(n(3))" DType: n([3]).div_(&n([3])), n([3]).try_div_(&n([3]));
    "n(3).pow_(0.5)" DType: n([3]).pow_(0.5), n([3]).try_pow_(0.5);
    "n(3).sqrt_()" DType: n([3]).sqrt_(), n([3]).try_sqrt_();
    "n(3).exp_()" DType: n([3]).exp_(), n([3]).try_exp_();
    "b(3).add_(1)" DType: b([3]).add_(1), b([3]).try_add_(1);
    "b(3).add_(n(3))" DType: b([3]).add_(&n([3])), b([3]).try_add_(&n([3]));
    "b(3).mul_(2.0)" DType: b([3]).mul_(2.0), b([3]).try_mul_(2.0);
    "b(3).sub_(b(3))" DType: b([3]).sub_(&b([3])), b([3]).try_sub_(&b([3]));
    "b(3).neg_()" DType: b([3]).neg_(), b([3]).try_neg_();
    "b(3).relu_()" DType: b([3]).relu_(), b([3]).try_relu_();
    "b(3).sqrt_()" DType: b([3]).sqrt_(), b([3]).try_sqrt_();
    "n(3).atan2_(n(3))" DType: n([3]).atan2_(&n([3])), n([3]).try_atan2_(&n([3]));
    "n(3).clamp_(0, 1.5)" DType: n([3]).clamp_(0, 1.5), n([3]).try_clamp_(0, 1.5);
    "b(3).clamp_(0, 1)" DType: b([3]).clamp_(0, 1), b([3]).try_clamp_(0, 1);
    "f(3).bitwise_not_()" DType: f([3]).bitwise_not_(), f([3]).try_bitwise_not_();
    "f(3).bitwise_and_(1)" DType: f([3]).bitwise_and_(1), f([3]).try_bitwise_and_(1);
    "n(3).bitwise_or_(f(3))" DType: n([3]).bitwise_or_(&f([3])), n([3]).try_bitwise_or_(&f([3]));
    "f(3).eq_(f(3))" fine: f([3]).eq_(&f([3]));
    "n(3).remainder_(0)" Value: n([3]).remainder_(0), n([3]).try_remainder_(0);
    "n(3).floor_divide_(at(1, 0, 1))" Value:
        n([3]).floor_divide_(&at([1, 0, 1])), n([3]).try_floor_divide_(&at([1, 0, 1]));
    "n(3).pow_(-1)" Value: n([3]).pow_(-1), n([3]).try_pow_(-1);
    "n(3).to(uint8).fill_(300)" Value: n([3]).to(uint8).fill_(300), n([3]).to(uint8).try_fill_(300);
    "n(3).fill_(1.5)" fine: n([3]).fill_(1.5);
    "n(3).fill_(1e30)" Value: n([3]).fill_(1e30), n([3]).try_fill_(1e30);
    "f(3).half().fill_(1e6)" Value: f([3]).half().fill_(1000000.0), f([3]).half().try_fill_(1000000.0);
    "n(3).to(int8).masked_fill_(b(3), 200)" Value:
        n([3]).to(int8).masked_fill_(&b([3]), 200), n([3]).to(int8).try_masked_fill_(&b([3]), 200);
    "f(3).expand(2, 3).add_(1)" Overlap: f([3]).expand([2, 3]).add_(1), f([3]).expand([2, 3]).try_add_(1);
    "f(3).expand(2, 3).zero_()" Overlap: f([3]).expand([2, 3]).zero_(), f([3]).expand([2, 3]).try_zero_();
    "f(3).expand(2, 3).copy_(f(2, 3))" Overlap:
        f([3]).expand([2, 3]).copy_(&f([2, 3])), f([3]).expand([2, 3]).try_copy_(&f([2, 3]));
    "f(3).expand(2, 3).mul_(f(2, 3))" Overlap:
        f([3]).expand([2, 3]).mul_(&f([2, 3])), f([3]).expand([2, 3]).try_mul_(&f([2, 3]));
    "f(3).expand(2, 3).sqrt_()" Overlap: f([3]).expand([2, 3]).sqrt_(), f([3]).expand([2, 3]).try_sqrt_();
    "f(3).expand(2, 3).uniform_()" Overlap:
        f([3]).expand([2, 3]).uniform_(0.0, 1.0),
        f([3]).expand([2, 3]).try_uniform_with_(0.0, 1.0, &default_generator());
    "f(3).expand(2, 3).masked_fill_(b(3), 1.0)" Overlap:
        f([3]).expand([2, 3]).masked_fill_(&b([3]), 1.0), f([3]).expand([2, 3]).try_masked_fill_(&b([3]), 1.0);
    "f(4).as_strided((3, 2), (1, 1)).add_(1)" Overlap:
        f([4]).as_strided([3, 2], [1, 1], 0).add_(1), f([4]).as_strided([3, 2], [1, 1], 0).try_add_(1);
    "f(4).as_strided((3, 2), (1, 1)).fill_(1)" Overlap:
        f([4]).as_strided([3, 2], [1, 1], 0).fill_(1), f([4]).as_strided([3, 2], [1, 1], 0).try_fill_(1);
    "x = f(4); x[1:].add_(x[:-1])" Overlap { let x = f([4]); }:
        x.i(1..).add_(&x.i(..-1)), x.i(1..).try_add_(&x.i(..-1));
    "x = f(4); x[1:].copy_(x[:-1])" Overlap { let x = f([4]); }:
        x.i(1..).copy_(&x.i(..-1)), x.i(1..).try_copy_(&x.i(..-1));
    "x = f(4); x[:-1].mul_(x[1:])" Overlap { let x = f([4]); }:
        x.i(..-1).mul_(&x.i(1..)), x.i(..-1).try_mul_(&x.i(1..));
    "x = f(2, 2); x.add_(x.t())" Overlap { let x = f([2, 2]); }: x.add_(&x.t()), x.try_add_(&x.t());
    "x = f(3, 3); x[1:].copy_(x[:2])" Overlap { let x = f([3, 3]); }:
        x.i(1..).copy_(&x.i(..2)), x.i(1..).try_copy_(&x.i(..2));
    "x = f(4); x[:2].add_(x[2:])" fine { let x = f([4]); }: x.i(..2).add_(&x.i(2..));
    "f(3).uniform_(1.0, 0.0)" Value:
        f([3]).uniform_(1.0, 0.0), f([3]).try_uniform_with_(1.0, 0.0, &default_generator());
    "n(3).uniform_()" DType: n([3]).uniform_(0.0, 1.0), n([3]).try_uniform_with_(0.0, 1.0, &default_generator());
    "f(3).normal_(0.0, -1.0)" Value:
        f([3]).normal_(0.0, -1.0), f([3]).try_normal_with_(0.0, -1.0, &default_generator());
    "n(3).normal_()" DType: n([3]).normal_(0.0, 1.0), n([3]).try_normal_with_(0.0, 1.0, &default_generator());
    "f(3).random_(5, 5)" Value: f([3]).random_(5, 5), f([3]).try_random_with_(5, 5, &default_generator());
    "n(3).to(uint8).random_(0, 300)" Value:
        n([3]).to(uint8).random_(0, 300), n([3]).to(uint8).try_random_with_(0, 300, &default_generator());
    "n(3).to(int8).random_(-200, 5)" Value:
        n([3]).to(int8).random_(-200, 5), n([3]).to(int8).try_random_with_(-200, 5, &default_generator());
    "b(3).random_(0, 5)" Value: b([3]).random_(0, 5), b([3]).try_random_with_(0, 5, &default_generator());
    "f(3).bernoulli_(1.5)" Value: f([3]).bernoulli_(1.5), f([3]).try_bernoulli_with_(1.5, &default_generator());
    "f(3).bernoulli_(-0.5)" Value: f([3]).bernoulli_(-0.5), f([3]).try_bernoulli_with_(-0.5, &default_generator());
    "f(3).bernoulli_(nan)" Value:
        f([3]).bernoulli_(f64::NAN), f([3]).try_bernoulli_with_(f64::NAN, &default_generator());
    "f(3).uniform_(nan, 1.0)" Value:
        f([3]).uniform_(f64::NAN, 1.0), f([3]).try_uniform_with_(f64::NAN, 1.0, &default_generator());
    "f(3).uniform_(0.0, inf)" Value:
        f([3]).uniform_(0.0, f64::INFINITY), f([3]).try_uniform_with_(0.0, f64::INFINITY, &default_generator());
    "f(3).half().uniform_(0.0, 1e6)" Value:
        f([3]).half().uniform_(0.0, 1000000.0), f([3]).half().try_uniform_with_(0.0, 1000000.0, &default_generator());
    "f(3).normal_(0.0, nan)" Value:
        f([3]).normal_(0.0, f64::NAN), f([3]).try_normal_with_(0.0, f64::NAN, &default_generator());
    "f(3).random_(-2**63, 2**63 - 1)" fine: f([3]).random_(i64::MIN, i64::MAX);
    "f(2).masked_fill_(b(3), 1.0)" Shape: f([2]).masked_fill_(&b([3]), 1.0), f([2]).try_masked_fill_(&b([3]), 1.0);
    "f(2, 1).copy_(f(1, 3))" Shape: f([2, 1]).copy_(&f([1, 3])), f([2, 1]).try_copy_(&f([1, 3]));
    "f(2).index_add_(0, at(-2**63), f(1))" Index:
        f([2]).index_add_(0, &at([i64::MIN]), &f([1])), f([2]).try_index_add_(0, &at([i64::MIN]), &f([1]));
}
