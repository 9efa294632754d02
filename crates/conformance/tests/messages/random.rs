//! Random numbers.

use crate::names::*;

misuses! {
    "rand(-1)" Value: rand(-1), try_rand_with(-1, Options::new());
    "randn(2, -3)" Value: randn([2, -3]), try_randn_with([2, -3], Options::new());
    "rand(2**62, 4)" Memory: rand([1i64 << 62, 4]), try_rand_with([1i64 << 62, 4], Options::new());
    "rand(2, dtype=int64)" DType: rand_with(2, int64), try_rand_with(2, int64);
    "randn(2, dtype=bool)" DType: randn_with(2, bool_), try_randn_with(2, bool_);
    "normal(0.0, -1.0, (2,))" Value: normal(0.0, -1.0, 2), try_normal_with(0.0, -1.0, 2, Options::new());
    "normal(0.0, nan, (2,))" Value: normal(0.0, f64::NAN, 2), try_normal_with(0.0, f64::NAN, 2, Options::new());
    "normal(0.0, 1.0, (2,), dtype=int64)" DType: normal_with(0.0, 1.0, 2, int64), try_normal_with(0.0, 1.0, 2, int64);
    "rand_like(n(2))" DType: rand_like(&n([2])), try_rand_like_with(&n([2]), Options::new());
    "randn_like(n(2))" DType: randn_like(&n([2])), try_randn_like_with(&n([2]), Options::new());
    "randint(5, 5, (2,))" Value: randint(5, 5, 2), try_randint_with(5, 5, 2, Options::new());
    "randint(6, 5, (2,))" Value: randint(6, 5, 2), try_randint_with(6, 5, 2, Options::new());
    "randint(0, 5, (-2,))" Value: randint(0, 5, -2), try_randint_with(0, 5, -2, Options::new());
    "randint(0, 300, (2,), dtype=uint8)" Value: randint_with(0, 300, 2, uint8), try_randint_with(0, 300, 2, uint8);
    "randint(-1, 5, (2,), dtype=uint8)" Value: randint_with(-1, 5, 2, uint8), try_randint_with(-1, 5, 2, uint8);
    "randint(-200, 5, (2,), dtype=int8)" Value: randint_with(-200, 5, 2, int8), try_randint_with(-200, 5, 2, int8);
    "randint(0, 2**40, (2,), dtype=int32)" Value:
        randint_with(0, 1i64 << 40, 2, int32), try_randint_with(0, 1i64 << 40, 2, int32);
    "randint(0, 2**17, (2,), dtype=float16)" Value:
        randint_with(0, 131072, 2, float16), try_randint_with(0, 131072, 2, float16);
    "randint(0, 2**30, (2,), dtype=float32)" fine: randint_with(0, 1073741824, 2, float32);
    "randint(0, 5, (2,), dtype=bool)" Value: randint_with(0, 5, 2, bool_), try_randint_with(0, 5, 2, bool_);
    "randint(-2**63, 2**63 - 1, (2,))" fine: randint(i64::MIN, i64::MAX, 2);
    "randint_like(n(2), 5, 5)" Value: randint_like(&n([2]), 5, 5), try_randint_like_with(&n([2]), 5, 5, Options::new());
    "randint_like(b(2), 0, 5)" Value: randint_like(&b([2]), 0, 5), try_randint_like_with(&b([2]), 0, 5, Options::new());
    "randperm(2**62)" Memory: randperm(1usize << 62), try_randperm_with(1usize << 62, Options::new());
    "randperm(300, dtype=uint8)" Value: randperm_with(300, uint8), try_randperm_with(300, uint8);
    "randperm(5000, dtype=float16)" Value: randperm_with(5000, float16), try_randperm_with(5000, float16);
    "randperm(2, dtype=bool)" DType: randperm_with(2, bool_), try_randperm_with(2, bool_);
    "bernoulli(f(2) * 2)" Value: bernoulli(&(f([2]) * 2)), try_bernoulli(&(f([2]) * 2), &default_generator());
    "bernoulli(f(2) * -1)" Value: bernoulli(&(f([2]) * -1)), try_bernoulli(&(f([2]) * -1), &default_generator());
    "bernoulli(f(2) * nan)" Value:
        bernoulli(&(f([2]) * f64::NAN)), try_bernoulli(&(f([2]) * f64::NAN), &default_generator());
    "bernoulli(n(2))" DType: bernoulli(&n([2])), try_bernoulli(&n([2]), &default_generator());
    "bernoulli(b(2))" DType: bernoulli(&b([2])), try_bernoulli(&b([2]), &default_generator());
    "multinomial(f(2, 2, 2), 1)" Shape:
        multinomial(&f([2, 2, 2]), 1, false), try_multinomial(&f([2, 2, 2]), 1, false, &default_generator());
    "multinomial(f(), 1)" Shape: multinomial(&f([]), 1, false), try_multinomial(&f([]), 1, false, &default_generator());
    "multinomial(f(3), 0)" Value:
        multinomial(&f([3]), 0, false), try_multinomial(&f([3]), 0, false, &default_generator());
    "multinomial(f(3), 4)" Value:
        multinomial(&f([3]), 4, false), try_multinomial(&f([3]), 4, false, &default_generator());
    "multinomial(f(3), 4, True)" fine: multinomial(&f([3]), 4, true);
    "multinomial(n(3), 1)" DType:
        multinomial(&n([3]), 1, false), try_multinomial(&n([3]), 1, false, &default_generator());
    "multinomial(f(3) * -1, 1)" Value:
        multinomial(&(f([3]) * -1), 1, false), try_multinomial(&(f([3]) * -1), 1, false, &default_generator());
    "multinomial(f(3) * nan, 1)" Value:
        multinomial(&(f([3]) * f64::NAN), 1, false),
        try_multinomial(&(f([3]) * f64::NAN), 1, false, &default_generator());
    "multinomial(f(3) * inf, 1)" Value:
        multinomial(&(f([3]) * f64::INFINITY), 1, false),
        try_multinomial(&(f([3]) * f64::INFINITY), 1, false, &default_generator());
    "multinomial(zeros(3), 1)" Value:
        multinomial(&zeros([3]), 1, false), try_multinomial(&zeros([3]), 1, false, &default_generator());
    "multinomial(f(2, 3) * at(1, 0)[:, None], 1)" Value:
        multinomial(&(f([2, 3]) * at([1, 0]).i((.., NewAxis))), 1, false),
        try_multinomial(&(f([2, 3]) * at([1, 0]).i((.., NewAxis))), 1, false, &default_generator());
    "multinomial(tensor([1.0, 0.0, 0.0]), 2)" fine: multinomial(&tensor(vec![1.0, 0.0, 0.0]), 2, false);
    "multinomial(f(0), 1)" Value:
        multinomial(&f([0]), 1, false), try_multinomial(&f([0]), 1, false, &default_generator());
    "multinomial(f(0), 1, True)" Value:
        multinomial(&f([0]), 1, true), try_multinomial(&f([0]), 1, true, &default_generator());
    "multinomial(f(2, 0), 1, True)" Value:
        multinomial(&f([2, 0]), 1, true), try_multinomial(&f([2, 0]), 1, true, &default_generator());
    "multinomial(f(3), 2**63 - 1, True)" Memory:
        multinomial(&f([3]), i64::MAX as usize, true),
        try_multinomial(&f([3]), i64::MAX as usize, true, &default_generator());
    "torch.set_rng_state(zeros(3, dtype=uint8))" Value: or_panic(set_rng_state(&[0; 3])), set_rng_state(&[0; 3]);
    "torch.Generator().set_state(zeros(0, dtype=uint8))" Value: or_panic(set_rng_state(&[])), set_rng_state(&[]);
    "torch.Generator().set_state(zeros(5056, dtype=uint8))" Value:
        or_panic(set_rng_state(&[0; 5056])), set_rng_state(&[0; 5056]);
    "randperm(256, dtype=uint8)" fine: randperm_with(256, uint8);
    "randperm(257, dtype=uint8)" Value: randperm_with(257, uint8), try_randperm_with(257, uint8);
    "randperm(129, dtype=int8)" Value: randperm_with(129, int8), try_randperm_with(129, int8);
    "randperm(40000, dtype=int16)" Value: randperm_with(40000, int16), try_randperm_with(40000, int16);
    "randperm(300, dtype=bfloat16)" fine: randperm_with(300, bfloat16);
    "randperm(2**24 + 2, dtype=float32)" Value: randperm_with(16777218, float32), try_randperm_with(16777218, float32);
    "randperm(2**45)" Memory: randperm(1usize << 45), try_randperm_with(1usize << 45, Options::new());
    "multinomial(f(3), 2**45, True)" Memory:
        multinomial(&f([3]), 1usize << 45, true), try_multinomial(&f([3]), 1usize << 45, true, &default_generator());
}
