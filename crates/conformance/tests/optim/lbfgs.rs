//! L-BFGS on Rosenbrock's function.

use crate::{assert_near, dtype, fixtures, numbers, options};
use sconce::optim::{Dict, LBFGS, Optimizer, Settings};
use sconce::{DType, Gradient, Tensor, from_vec};

fn make(text: &str, x: &Tensor) -> LBFGS {
    let (all, _) = options(text);
    LBFGS::with([x.clone()], all.number("lr"), |mut settings| {
        settings.read(&all);
        settings
    })
}

fn loss(x: &Tensor, sign: f64) -> Tensor {
    x.zero_grad();
    let (a, b) = (x.select(0, 0), x.select(0, 1));
    let (first, second) = (1.0 - &a, &b - &a * &a);
    let loss = sign * (&first * &first + 10.0 * &second * &second);
    loss.backward();
    loss.detach()
}

#[test]
fn it_goes_where_pytorchs_goes() {
    for line in fixtures("lbfgs") {
        let [_, text, type_name, found] = line[..] else { panic!("{line:?}") };
        let dtype = dtype(type_name);
        let sign = if text.contains("maximize") { -1.0 } else { 1.0 };
        let mut x = from_vec(vec![-1.5, 2.0], [2]).to_dtype(dtype).requires_grad_(true);
        let mut optimizer = make(text, &x);
        for (step, expected) in found.split(';').map(numbers).enumerate() {
            if dtype == DType::F32 && step > 0 {
                // In single precision the last bits of a search decide where the next one goes.
                break;
            }
            let before = optimizer.step_with(|| loss(&x, sign)).to_dtype(DType::F64).item::<f64>();
            let mut own = vec![before];
            own.extend(x.to_dtype(DType::F64).to_vec::<f64>());
            let state = Dict::from_flat(optimizer.state_dict().to_flat()).to_flat();
            let count = |name: &str| state.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.number());
            own.extend([count("state.0.func_evals").unwrap(), count("state.0.n_iter").unwrap()]);
            let tolerance = if dtype == DType::F64 { 1e-9 } else { 1e-4 };
            assert_near(&own, &expected, tolerance, &format!("{text} {type_name}, step {step}"));
            // A saved optimizer goes on as if nothing had been.
            let saved = Dict::from_flat(optimizer.state_dict().to_flat());
            x = x.detach().clone_().requires_grad_(true);
            optimizer = make("lr=3.0", &x);
            optimizer.load_state_dict(&saved).unwrap();
        }
    }
}
