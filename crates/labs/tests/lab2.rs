//! Lab 2 from start to end: the gradients that its manual names, and the names of the recorded operations.

mod command;

use command::{lab, transcript_of};

#[test]
fn the_problems_have_the_gradients_of_the_manual() {
    let lab = lab("2");
    lab.printed("tensor(12.2500, grad_fn=<MulBackward0>)");
    lab.printed("tensor(27.5000, grad_fn=<AddBackward0>)");
    lab.printed("tensor(14.)");
    lab.printed(
        "tensor(1., grad_fn=<PowBackward0>)\n> f.backward();\n> println!(\"{}\", x.grad().unwrap());\ntensor(-2.)",
    );
    lab.printed(
        "tensor(9., grad_fn=<AddBackward0>)\n> f.backward();\n> println!(\"{}\", x.grad().unwrap());\ntensor(4.)",
    );
    lab.printed("Trying to backward through the graph a second time");
}

#[test]
fn the_sigmoid_has_both_of_its_gradients() {
    let lab = lab("2");
    lab.printed("tensor(0.8808, grad_fn=<MulBackward0>)");
    lab.printed("println!(\"{:?}\", x.grad().unwrap().item::<f64>());\n0.10499356687068939");
    lab.printed("println!(\"{by_hand:?}\");\n0.1049935854035065\n");
}

#[test]
fn the_exercises_agree_with_their_formulas() {
    for (exercise, gradient) in [
        ("1", "tensor(64.)"),
        ("2", "tensor(3.)"),
        ("3", "tensor(0.2103)"),
        ("4", "tensor(-0.6878)"),
        ("5", "tensor(326.)"),
        ("6", "tensor(0.0581)\n> println!(\"{}\", y.grad().unwrap());\ntensor(0.0266)"),
    ] {
        let lab = transcript_of(&["2", "--exercise", exercise]);
        lab.printed(gradient);
        lab.printed("✓ they agree");
        lab.lacks("✗");
    }
}

#[test]
fn graphs_are_listed_with_names_values_and_gradients() {
    let lab = transcript_of(&["2", "--exercise", "6"]);
    lab.printed("a  = MulBackward0(x)     value 2.      grad 0.0291");
    lab.printed("c  = DivBackward0(a, b)  value 2.1995  grad 0.0264");
    lab.printed("f  = TanhBackward0(e)    value 0.9660  grad 1.       output");
}
