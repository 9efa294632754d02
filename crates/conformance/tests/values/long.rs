//! Reductions so long that several threads share one of them, against plain loops over the same numbers. Numbers are small and whole,
//! so that every sum is exact.

use tensor_core::Tensor;

/// Rows of numbers from −50 to 50, the extremes of each row at places of their own.
fn rows(count: usize, len: usize) -> Vec<Vec<f64>> {
    let number = |row: usize, i: usize| ((i * 7919 + row * 31 + i / 1000) % 101) as f64 - 50.0;
    let mut rows: Vec<Vec<f64>> = (0..count).map(|row| (0..len).map(|i| number(row, i)).collect()).collect();
    for (k, row) in rows.iter_mut().enumerate() {
        row[len * 2 / 3 + k] = 77.0;
        row[len / 3 + k] = -77.0;
    }
    rows
}

/// Compares all kinds over the dimension of rows, and over everything, with loops.
fn check(what: &str, x: &Tensor, dim: i64, rows: &[Vec<f64>]) {
    let len = rows[0].len() as f64;
    let of = |f: &dyn Fn(&[f64]) -> f64| rows.iter().map(|row| f(row)).collect::<Vec<f64>>();
    let double = |y: Tensor| y.to_dtype(tensor_core::DType::F64).to_vec::<f64>();
    let sum = |row: &[f64]| row.iter().sum::<f64>();
    let place = |row: &[f64], number: f64| row.iter().position(|x| *x == number).expect("an extreme") as f64;
    let var = |row: &[f64]| {
        let mean = sum(row) / len;
        row.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (len - 1.0)
    };
    assert_eq!(double(x.sum_dim(dim, false)), of(&sum), "sum {what}");
    assert_eq!(double(x.amax(dim, false)), of(&|_| 77.0), "amax {what}");
    assert_eq!(double(x.amin(dim, false)), of(&|_| -77.0), "amin {what}");
    assert_eq!(double(x.argmax_dim(dim, false)), of(&|row| place(row, 77.0)), "argmax {what}");
    assert_eq!(double(x.argmin_dim(dim, false)), of(&|row| place(row, -77.0)), "argmin {what}");
    assert_eq!(double(x.eq(77.0).any_dim(dim, false)), of(&|_| 1.0), "any {what}");
    assert_eq!(double(x.lt(77.0).all_dim(dim, false)), of(&|_| 0.0), "all {what}");
    assert_eq!(double(x.sum()), [rows.iter().map(|row| sum(row)).sum::<f64>()], "sum of all {what}");
    assert_eq!((double(x.max()), double(x.min())), (vec![77.0], vec![-77.0]), "extremes of all {what}");
    let near = |name: &str, y: Tensor, expected: Vec<f64>| {
        for (a, b) in double(y).iter().zip(expected) {
            assert!((a - b).abs() <= 1e-5 * b.abs().max(1.0), "{name} {what}: {a} instead of {b}");
        }
    };
    near("mean", x.mean_dim(dim, false), of(&|row| sum(row) / len));
    near("var", x.var_dim(dim, 1.0, false), of(&var));
    near("std", x.std_dim(dim, 1.0, false), of(&|row| var(row).sqrt()));
    // Ones and few twos: products of all would overflow.
    let twos = (x.eq(77.0).to_dtype(x.dtype()) + 1.0).prod_dim(dim, false);
    near("prod", twos, of(&|row| 2f64.powi(row.iter().filter(|x| **x == 77.0).count() as i32)));
}

#[test]
fn long_reductions_are_right_however_they_lie() {
    for (count, len) in [(1, 65_537), (1, 1_300_001), (3, 200_003), (5, 70_000)] {
        let rows = rows(count, len);
        let flat: Vec<f64> = rows.iter().flatten().copied().collect();
        let double = Tensor::from_vec(flat, [count, len], ops_cpu::cpu());
        let single = double.to_dtype(tensor_core::DType::F32);
        for (name, x) in [("float64", &double), ("float32", &single)] {
            check(&format!("{name}, rows {count}×{len}"), x, 1, &rows);
            check(&format!("{name}, columns {len}×{count}"), &x.t().contiguous(), 0, &rows);
            check(&format!("{name}, rows that lie across {count}×{len}"), &x.t().contiguous().t(), 1, &rows);
            // Every second element of something larger.
            let gaps = tensor_core::op::join::stack(&[x.clone(), x * 0.0], 2);
            check(&format!("{name}, rows with gaps {count}×{len}"), &gaps.select(2, 0), 1, &rows);
        }
    }
}

#[test]
fn places_are_those_of_the_first_equal_and_of_the_first_nan() {
    let (long, wide) = (2600, 13);
    for special in [9.0, f64::NAN, f64::INFINITY] {
        // In each of the lines the special number stands twice, at every distance from the borders of whatever is searched at a time.
        let first = |line: usize| (line * 211 + line * line) % long;
        let number = |line: usize, i: usize| match i {
            _ if i == first(line) || i == (first(line) + 1 + line * 97 % (long - 1)) % long => special,
            _ => ((i * 7919 + line) % 17) as f64 / 2.0,
        };
        let lines: Vec<Vec<f64>> = (0..wide).map(|line| (0..long).map(|i| number(line, i)).collect()).collect();
        let alike = |x: f64| x == special || (x.is_nan() && special.is_nan());
        let places: Vec<i64> =
            lines.iter().map(|line| line.iter().position(|x| alike(*x)).expect("one of two") as i64).collect();
        let double = Tensor::from_vec(lines.concat(), [wide, long], ops_cpu::cpu());
        for x in [double.clone(), double.to_dtype(tensor_core::DType::F32)] {
            assert_eq!(x.argmax_dim(1, false).to_vec::<i64>(), places, "rows, {special}");
            assert_eq!((-&x).argmin_dim(1, false).to_vec::<i64>(), places, "rows' smallest, {special}");
            let columns = x.t().contiguous();
            assert_eq!(columns.argmax_dim(0, false).to_vec::<i64>(), places, "columns, {special}");
            assert_eq!((-&columns).argmin_dim(0, false).to_vec::<i64>(), places, "columns' smallest, {special}");
        }
    }
}

#[test]
fn the_variance_does_not_depend_on_where_the_outliers_are() {
    let number = |i: usize| ((i * 7919) % 101) as f64 / 100.0;
    for at in [0..8usize, 500..508, 992..1000] {
        let row: Vec<f64> = (0..1000).map(|i| number(i) + if at.contains(&i) { 3e4 } else { 0.0 }).collect();
        let mean = row.iter().sum::<f64>() / 1000.0;
        let expected = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 999.0;
        let x = Tensor::from_vec(row.iter().map(|x| *x as f32).collect::<Vec<_>>(), [1, 1000], ops_cpu::cpu());
        let variance = x.var_dim(1, 1.0, false).to_vec::<f32>()[0] as f64;
        assert!((variance / expected - 1.0).abs() < 1e-6, "{variance} instead of {expected}, outliers at {at:?}");
    }
}
