//! Lab 1 from start to end: what its manual promises must stand in its transcript.

mod command;

use command::{lab, transcript_of, transcript_with};

#[test]
fn the_lesson_prints_what_the_manual_shows() {
    let lab = lab("1");
    for line in [
        "tensor(7)",
        "tensor([[ 7,  8],\n        [ 9, 10]])",
        "[1, 3, 3]",
        "[224, 224, 3] 3",
        "tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])",
        "tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10.])",
        "tensor([3., 6., 9.], dtype=torch.float16)",
        "tensor([ -1,   0, 100], dtype=torch.int8)",
        "tensor([10, 20, 30])",
        "equals tensor([1, 4, 9])",
    ] {
        lab.printed(line);
    }
}

#[test]
fn shapes_that_do_not_fit_give_the_known_message() {
    let lab = lab("1");
    lab.shows("if let Err(error) = A.try_matmul(&A) {");
    lab.printed("mm: mat1 and mat2 shapes cannot be multiplied (3x2 and 3x2)");
    lab.printed("shape '[2, 4]' is invalid for input of size 9");
}

#[test]
fn a_dot_product_is_fourteen_three_ways_and_a_loop_is_timed() {
    let lab = lab("1");
    lab.printed("14\n> println!(\"{}\", (&x * &x).sum());\ntensor(14)\n> println!(\"{}\", x.matmul(&x));\ntensor(14)");
    lab.printed("loop:   100000 in ");
    lab.printed("matmul: 100000 in ");
}

#[test]
fn exercise_1_writes_through_a_view() {
    let lab = transcript_of(&["1", "--exercise", "1"]);
    lab.printed("tensor([[5., 2., 3., 4., 5., 6., 7., 8., 9.]])\n> println!(\"{x}\");\ntensor([5., 2., 3., 4., 5., 6., 7., 8., 9.])");
    lab.lacks("Exercise 2");
    lab.lacks("Scalars, vectors");
}

#[test]
fn exercise_2_is_a_view_too() {
    transcript_of(&["1", "--exercise", "2"]).printed("[3, 224, 224]");
    transcript_of(&["1", "--exercise", "2"])
        .printed("728218.0\n> println!(\"{:?}\", permuted.i((2, 0, 1)).item::<f64>());\n728218.0");
}

#[test]
fn exercise_4_copies_arrays_and_lends_memory() {
    let lab = transcript_of(&["1", "--exercise", "4"]);
    lab.printed(
        "[1, 2, 3, 4, 5, 6, 7]\n> println!(\"{x}\");\ntensor([1., 2., 3., 4., 5., 6., 7.], dtype=torch.float64)",
    );
    lab.printed(
        "[2, 3, 4, 5, 6, 7, 8]\n> println!(\"{x}\");\ntensor([1., 2., 3., 4., 5., 6., 7.], dtype=torch.float64)",
    );
    lab.printed("expected scalar type Double but found Float");
    lab.printed("tensor([2., 2., 2., 2., 2., 2., 2.])\n> println!(\"{array}\");\n[1, 1, 1, 1, 1, 1, 1]");
    lab.printed("tensor([5., 2., 2., 2., 2., 2., 2.])");
}

#[test]
fn a_tensor_on_a_gpu_refuses_to_become_an_array() {
    // Printed where there is a GPU, told where there is none; told text is broken into lines.
    let words = lab("1").text.split_whitespace().collect::<Vec<_>>().join(" ");
    let refusal = "device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.";
    assert!(words.contains(refusal), "{words}");
}

#[test]
fn exercises_5_and_6_have_the_numbers_of_seed_0() {
    let five = transcript_of(&["1", "--exercise", "5"]);
    five.printed("tensor([[0.4963, 0.7682, 0.0885, 0.1320, 0.3074, 0.6341, 0.4901],");
    five.printed("[0.5846, 0.0332, 0.1387, 0.2422, 0.8155, 0.7932, 0.2783]])");
    let six = transcript_of(&["1", "--exercise", "6"]);
    six.printed("mm: mat1 and mat2 shapes cannot be multiplied (7x7 and 1x7)");
    six.printed("tensor([[1.8542],\n        [1.9611],\n        [2.2884],\n        [3.0481],\n        [1.7067],\n        [2.5290],\n        [1.7989]])");
}

#[test]
fn exercises_7_to_10_have_the_numbers_of_seed_1234() {
    let seven = transcript_of(&["1", "--exercise", "7", "--device", "cpu"]);
    seven.printed("tensor([[0.0290, 0.4019, 0.2598],\n        [0.3666, 0.0583, 0.7006]])");
    seven.printed("tensor([[0.0518, 0.4681, 0.6738],\n        [0.3315, 0.7837, 0.5631]])");
    let eight = transcript_of(&["1", "--exercise", "8", "--device", "cpu"]);
    eight.printed("tensor([[0.3647, 0.4709],\n        [0.5184, 0.5617]])");
    let nine = transcript_of(&["1", "--exercise", "9", "--device", "cpu"]);
    nine.printed("tensor(0.5617)\n> println!(\"{}\", product.min());\ntensor(0.3647)");
    let ten = transcript_of(&["1", "--exercise", "10", "--device", "cpu"]);
    ten.printed("tensor(3)\n> println!(\"{}\", product.argmin());\ntensor(0)");
}

#[test]
fn exercise_11_begins_with_0_5349() {
    let lab = transcript_of(&["1", "--exercise", "11"]);
    lab.printed("tensor([[[[0.5349, 0.1988, 0.6592, 0.6569, 0.2328, 0.4251, 0.2071, 0.6297,");
    lab.printed("0.8513]]]]) [1, 1, 1, 10]");
    lab.printed(
        "tensor([0.5349, 0.1988, 0.6592, 0.6569, 0.2328, 0.4251, 0.2071, 0.6297, 0.3653,\n        0.8513]) [10]",
    );
}

#[test]
fn another_seed_gives_other_numbers() {
    let lab = transcript_of(&["1", "--exercise", "11", "--seed", "0"]);
    lab.printed("tensor([[[[0.4963, 0.7682,");
    lab.shows("manual_seed(settings.seed_or(7));");
}

#[test]
fn a_gpu_that_is_asked_for_is_used_or_its_absence_said() {
    let lab = transcript_of(&["1", "--exercise", "7", "--device", "gpu"]);
    assert!(lab.text.contains("The lab goes on with the CPU.") || lab.text.contains("\n    gpu"), "{}", lab.text);
}

#[test]
fn on_a_gpu_the_lesson_goes_through_and_says_where_tensors_are() {
    // The first adapter will do, also one that computes on the processor; where there is none, the lab says so.
    for number in ["1", "2"] {
        let lab = transcript_with(&[number, "--device", "gpu"], &[("SCONCE_GPU", "0")]);
        let required = std::env::var_os("SCONCE_REQUIRE_GPU").is_some_and(|value| !value.is_empty());
        if number == "1" && (required || !lab.text.contains("The lab goes on with the CPU.")) {
            lab.printed("tensor([1, 2, 3], device='gpu:0') gpu:0");
            lab.printed("can't convert gpu:0 device type tensor to numpy.");
        }
    }
}
