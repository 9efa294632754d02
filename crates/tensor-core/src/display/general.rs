//! Floats as C++ streams print them: six significant digits, which is what PyTorch's error messages show.

/// `x` as C's `%g` writes it.
///
/// ```
/// use tensor_core::display::general;
/// assert_eq!([general(-1.0), general(0.1 + 0.2), general(f64::NAN)], ["-1", "0.3", "nan"]);
/// assert_eq!([general(1e6), general(1.5e-7), general(123456.0)], ["1e+06", "1.5e-07", "123456"]);
/// ```
pub fn general(x: f64) -> String {
    if !x.is_finite() {
        return format!("{x}").to_lowercase();
    }
    let rounded = format!("{x:.5e}");
    let (digits, exponent) = rounded.split_once('e').expect("scientific notation");
    let exponent: i32 = exponent.parse().expect("a whole number");
    let short = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    };
    if (-4..6).contains(&exponent) {
        let decimals = (5 - exponent) as usize;
        return short(&format!("{x:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", short(digits), exponent.abs())
}
