//! Checks that several ways to the same number agree: automatic differentiation, the chain rule by hand, a formula. It does not
//! know where the numbers come from.

use sconce::python_float;

/// The largest relative difference that counts as agreement: float32 has 24 bits, 6·10⁻⁸, and the exercises lose a few of
/// them on the way.
const TOLERANCE: f64 = 1e-5;

/// Several values of one quantity.
pub struct Agreement {
    /// What was computed.
    pub quantity: String,
    /// How it was computed, and what came out.
    pub values: Vec<(String, f64)>,
    /// What differs, if they do not agree.
    pub failure: Option<String>,
}

impl Agreement {
    /// Compares all values with the last one, the most trustworthy.
    pub fn of(quantity: &str, values: &[(&str, f64)]) -> Agreement {
        let (reference, others) = values.split_last().expect("an agreement needs values");
        let differs = |(_, value): &&(&str, f64)| {
            let agrees = (value - reference.1).abs() <= TOLERANCE * reference.1.abs().max(1e-2);
            // A NaN agrees with nothing.
            !agrees
        };
        let failure = others.iter().find(differs).map(|(way, value)| {
            let (value, expected) = (python_float(*value), python_float(reference.1));
            format!("{quantity}: {way} gives {value}, but {} gives {expected}", reference.0)
        });
        let values = values.iter().map(|(way, value)| (way.to_string(), *value)).collect();
        Agreement { quantity: quantity.to_string(), values, failure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_difference() {
        let exact = Agreement::of("s'(2)", &[("autograd", 0.10499356687068939), ("by hand", 0.1049935854035065)]);
        assert_eq!(exact.failure, None);
        assert_eq!(Agreement::of("zero", &[("autograd", 1e-9), ("formula", 0.0)]).failure, None);
    }

    #[test]
    fn a_wrong_value_is_reported_with_both_numbers() {
        let wrong = Agreement::of("dz/dx", &[("autograd", 14.0), ("by hand", 13.0), ("formula", 14.0)]);
        assert_eq!(wrong.failure.as_deref(), Some("dz/dx: by hand gives 13.0, but formula gives 14.0"));
        assert!(Agreement::of("dz/dx", &[("autograd", f64::NAN), ("formula", 1.0)]).failure.is_some());
        assert!(Agreement::of("dz/dx", &[("autograd", 1.0), ("formula", f64::NAN)]).failure.is_some());
    }
}
