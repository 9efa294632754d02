//! Where parameters go in fifty steps, with the optimizer saved and loaded on the way.

use crate::{assert_near, dtype, fixtures, make, make_for, numbers, parameters};
use sconce::optim::{Dict, Optimizer, ParamGroup, SGD};
use sconce::{DType, Gradient, Tensor, from_vec};

fn gradient(step: usize, span: std::ops::Range<usize>, dtype: DType) -> Tensor {
    let numbers = span.clone().map(|i| (((7 * i + 5 * step) % 11) as f64 - 5.0) / 4.0).collect();
    from_vec(numbers, [span.len()]).to_dtype(dtype)
}

fn positions(params: &[Tensor]) -> Vec<f64> {
    params.iter().flat_map(|param| param.to_dtype(DType::F64).to_vec::<f64>()).collect()
}

/// Walks through all fixtures; `renew` replaces optimizer and parameters after step 20.
fn walk(renew: impl Fn(&str, &str, &[Tensor], Box<dyn Optimizer>) -> (Vec<Tensor>, Box<dyn Optimizer>)) {
    for line in fixtures("steps") {
        let [_, name, options, type_name, found] = line[..] else { panic!("{line:?}") };
        let dtype = dtype(type_name);
        let mut params = parameters(dtype);
        let mut optimizer = make(name, options, &params);
        let mut expected = found.split(';').map(numbers);
        for step in 1..=50 {
            params[0].set_grad(Some(gradient(step, 0..3, dtype)));
            params[1].set_grad((step % 7 != 0).then(|| gradient(step, 3..5, dtype)));
            optimizer.step();
            if [1, 10, 50].contains(&step) {
                let tolerance = if dtype == DType::F64 { 1e-12 } else { 1e-6 };
                let what = format!("{name} {options} {type_name}, step {step}");
                assert_near(&positions(&params), &expected.next().unwrap(), tolerance, &what);
            }
            if step == 20 {
                (params, optimizer) = renew(name, options, &params, optimizer);
            }
        }
    }
}

#[test]
fn fifty_steps_end_where_pytorchs_end() {
    walk(|_, _, params, optimizer| (params.to_vec(), optimizer));
}

#[test]
fn a_saved_optimizer_goes_on_as_if_nothing_had_been() {
    walk(|name, options, params, optimizer| {
        let saved = Dict::from_flat(optimizer.state_dict().to_flat());
        let params: Vec<Tensor> = params.iter().map(|param| param.detach().clone_().requires_grad_(true)).collect();
        // Its own settings are others; those that were saved count.
        let mut fresh = make(name, "lr=7.5", &params);
        fresh.load_state_dict(&saved).unwrap();
        assert_eq!(fresh.to_string(), optimizer.to_string(), "{name} {options}");
        (params, fresh)
    });
}

#[test]
fn a_parameter_that_comes_twice_moves_twice() {
    for line in fixtures("twice") {
        let [_, name, options, found, indices, states] = line[..] else { panic!("{line:?}") };
        // `make` has a group for each parameter; here they are in one.
        let own: Vec<&str> = options.split(' ').filter(|option| !option.starts_with('+')).collect();
        let params = parameters(DType::F64);
        let group = ParamGroup::new([&params[0], &params[1], &params[0]].map(Tensor::clone));
        let mut optimizer = make_for(name, &own.join(" "), vec![group]);
        let mut expected = found.split(';').map(numbers);
        for step in 1..=5 {
            params[0].set_grad(Some(gradient(step, 0..3, DType::F64)));
            params[1].set_grad(Some(gradient(step, 3..5, DType::F64)));
            optimizer.step();
            if [1, 2, 5].contains(&step) {
                assert_near(
                    &positions(&params),
                    &expected.next().unwrap(),
                    1e-12,
                    &format!("{name} {options}, step {step}"),
                );
            }
            if step == 2 {
                let saved = Dict::from_flat(optimizer.state_dict().to_flat());
                optimizer.load_state_dict(&saved).unwrap();
            }
        }
        let saved = optimizer.state_dict().to_flat();
        let named = |prefix: &str| -> Vec<String> {
            let parts = saved.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
            parts.map(|(name, value)| format!("{name} {value}")).collect()
        };
        let params: Vec<String> = named("param_groups.0.params.").iter().map(|text| text[2..].to_string()).collect();
        assert_eq!(params.join(" "), indices, "{name} {options}");
        let mut kept: Vec<&str> =
            saved.iter().filter_map(|(name, _)| name.strip_prefix("state.")?.split('.').next()).collect();
        kept.sort();
        kept.dedup();
        assert_eq!(kept.join(" "), states, "{name} {options}");
    }
}

#[test]
fn a_saved_state_has_pytorchs_names() {
    let params = parameters(DType::F32);
    let mut optimizer = make("Adam", "amsgrad=True", &params);
    params[1].set_grad(Some(gradient(1, 3..5, DType::F32)));
    optimizer.step();
    let names: Vec<String> = optimizer.state_dict().to_flat().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[..4], ["state.1.step", "state.1.exp_avg", "state.1.exp_avg_sq", "state.1.max_exp_avg_sq"]);
    assert!(names.contains(&"param_groups.1.params.0".into()) && names.contains(&"param_groups.0.betas.1".into()));
}

#[test]
fn a_state_that_does_not_fit_is_refused_and_changes_nothing() {
    let params = parameters(DType::F32);
    let (mut optimizer, mut other) = (make("SGD", "momentum=0.9", &params), SGD::new([params[0].clone()], 0.5));
    let refusal = other.load_state_dict(&optimizer.state_dict()).unwrap_err();
    assert_eq!(refusal.text(), "loaded state dict has a different number of parameter groups");
    let larger = SGD::new(params.clone(), 0.25);
    let refusal = other.load_state_dict(&larger.state_dict()).unwrap_err();
    assert_eq!(
        refusal.text(),
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
    );
    params[0].set_grad(Some(gradient(1, 0..3, DType::F32)));
    optimizer.step();
    let swapped = [params[1].clone(), params[0].clone()];
    let refusal = make("SGD", "momentum=0.9", &swapped).load_state_dict(&optimizer.state_dict()).unwrap_err();
    assert_eq!(refusal.text(), "loaded state dict has a momentum_buffer of size [3] for a parameter of size [2]");
    assert_eq!(other.param_groups().group(0).lr(), 0.5);
}

#[test]
fn gradients_are_forgotten_or_set_to_zero() {
    let params = parameters(DType::F32);
    let optimizer = SGD::new(params.clone(), 0.5);
    params[0].set_grad(Some(gradient(1, 0..3, DType::F32)));
    optimizer.zero_grad_in_place();
    assert_eq!(params[0].grad().unwrap().to_vec::<f32>(), [0.0; 3]);
    assert!(params[1].grad().is_none());
    optimizer.zero_grad();
    assert!(params[0].grad().is_none());
}

#[test]
fn steps_make_no_tensors_after_the_first() {
    let params = parameters(DType::F32);
    let mut optimizer = make("Adam", "amsgrad=True", &params);
    let memory = |optimizer: &dyn Optimizer| -> Vec<usize> {
        let flat = optimizer.state_dict().to_flat();
        flat.iter().filter(|(name, _)| name.contains("exp_avg")).map(|(_, value)| tensor_of(value).data_ptr()).collect()
    };
    params[0].set_grad(Some(gradient(1, 0..3, DType::F32)));
    optimizer.step();
    let before = memory(&*optimizer);
    optimizer.step();
    assert_eq!((memory(&*optimizer), before.len()), (before, 3));
}

fn tensor_of(value: &sconce::optim::Value) -> &Tensor {
    let sconce::optim::Value::Tensor(tensor) = value else { panic!("{value}") };
    tensor
}
