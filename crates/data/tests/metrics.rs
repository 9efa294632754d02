//! Measures against scikit-learn's: `metrics.tsv` of the package conformance, whose format `make_metrics.py` beside it describes.

use data::metrics::{Average, ConfusionMatrix, accuracy, roc_auc, roc_auc_ovr, top_k_accuracy};
use tensor::{Tensor, from_vec};

const CASES: &str = include_str!("../../conformance/fixtures/metrics.tsv");

fn integers(text: &str) -> Tensor {
    let numbers: Vec<i64> = text.split(' ').map(|x| x.parse().expect("a number")).collect();
    let count = numbers.len();
    from_vec(numbers, count)
}

#[test]
fn measures_are_scikit_learn_s() {
    let mut checked = 0;
    for line in CASES.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [classes, targets, predictions, scores, values] = fields[..] else { panic!("five fields: {line}") };
        let (targets, predictions) = (integers(targets), integers(predictions));
        let rows: Vec<f64> = scores.split([';', ' ']).map(|x| x.parse().expect("a number")).collect();
        let columns = scores.split(';').next().map_or(0, |row| row.split(' ').count());
        let scores = from_vec(rows, [targets.numel(), columns]);
        let mut matrix = ConfusionMatrix::new(classes.parse().expect("a number"));
        // In two batches, as they come from a loader.
        for (start, count) in [(0, 4), (4, targets.numel() - 4)] {
            matrix.update(&predictions.narrow(0, start, count), &targets.narrow(0, start, count));
        }
        assert_eq!(matrix.accuracy(), accuracy(&predictions, &targets));
        for value in values.split(' ') {
            let (name, wanted) = value.split_once('=').expect("a value");
            let wanted: f64 = wanted.parse().expect("a number");
            let average = match name.split_once('_').map(|(_, average)| average) {
                Some("micro") => Average::Micro,
                Some("macro") => Average::Macro,
                _ => Average::Weighted,
            };
            let got = match name.split('_').next().unwrap_or(name) {
                "accuracy" => matrix.accuracy(),
                "precision" => matrix.precision(average),
                "recall" => matrix.recall(average),
                "f1" => matrix.f1(average),
                "auc" => roc_auc(&scores.select(1, 1), &targets),
                "ovr" => roc_auc_ovr(&scores, &targets),
                "top2" => {
                    let nudge = tensor::arange(columns as i64).to_dtype(tensor::DType::F64) * 1e-6;
                    top_k_accuracy(&(&scores + nudge), &targets, 2)
                }
                other => panic!("unknown measure {other}"),
            };
            assert!((got - wanted).abs() < 1e-12, "{name} of {classes} classes: {got} instead of {wanted}");
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
#[should_panic(expected = "there is a class 3, but only 3 are counted")]
fn unknown_classes_are_told() {
    ConfusionMatrix::new(3).update(&tensor::tensor([0, 3]), &tensor::tensor([0, 1]));
}

#[test]
#[should_panic(expected = "Only one class is present")]
fn an_area_needs_both_classes() {
    roc_auc(&tensor::tensor([0.5, 0.1]), &tensor::tensor([1, 1]));
}
