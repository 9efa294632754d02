//! Which classes are taken for which, and the measures that follow: precision, recall and F1.

use super::{check_counts, classes, numbers, ratio};
use std::fmt;
use tensor::{Tensor, from_vec};

/// How the measures of classes become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// From the counts of all classes together.
    Micro,
    /// The mean over the classes that occur.
    Macro,
    /// The mean weighted by how often the classes are the target.
    Weighted,
}

/// Counts of predictions by target (rows) and predicted class (columns), over any number of batches.
///
/// ```
/// use data::metrics::{Average, ConfusionMatrix};
/// use tensor::tensor;
/// let mut matrix = ConfusionMatrix::with_names(["ant", "bee"]);
/// matrix.update(&tensor![0, 1, 1, 1], &tensor![0, 1, 0, 1]);
/// assert_eq!(matrix.accuracy(), 0.75);
/// assert_eq!(matrix.recall(Average::Macro), 0.75);
/// let table = "     ant  bee\nant    1    1\nbee    0    2";
/// assert_eq!(matrix.to_string(), table);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    names: Vec<String>,
    counts: Vec<u64>,
}

impl ConfusionMatrix {
    /// No predictions yet, of classes that are called by their numbers.
    pub fn new(num_classes: usize) -> ConfusionMatrix {
        ConfusionMatrix::with_names((0..num_classes).map(|class| class.to_string()))
    }

    /// No predictions yet, of classes with these names.
    pub fn with_names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> ConfusionMatrix {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        ConfusionMatrix { counts: vec![0; names.len() * names.len()], names }
    }

    /// The number of classes.
    pub fn num_classes(&self) -> usize {
        self.names.len()
    }

    /// Counts predictions, classes `[N]` or scores [N, C].
    ///
    /// # Panics
    /// If there are not as many predictions as targets, or one is no class.
    #[track_caller]
    pub fn update(&mut self, predictions: &Tensor, targets: &Tensor) {
        let (predictions, targets) = (classes(predictions), numbers(targets));
        check_counts(predictions.len(), targets.len());
        let n = self.num_classes();
        let known = |class: &&i64| !usize::try_from(**class).is_ok_and(|class| class < n);
        if let Some(class) = predictions.iter().chain(&targets).find(known) {
            panic!("there is a class {class}, but only {n} are counted");
        }
        for (&prediction, &target) in predictions.iter().zip(&targets) {
            self.counts[target as usize * n + prediction as usize] += 1;
        }
    }

    /// Forgets all predictions.
    pub fn reset(&mut self) {
        self.counts.fill(0);
    }

    /// How often `target` was taken for `prediction`.
    #[track_caller]
    pub fn count(&self, target: usize, prediction: usize) -> u64 {
        assert!(prediction < self.num_classes(), "there is no class {prediction}");
        self.counts[target * self.num_classes() + prediction]
    }

    /// The counts, `int64` [target, prediction].
    pub fn tensor(&self) -> Tensor {
        let n = self.num_classes();
        from_vec(self.counts.iter().map(|&count| count as i64).collect::<Vec<i64>>(), [n, n])
    }

    /// The share of right predictions.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.num_classes()).map(|class| self.count(class, class)).sum();
        ratio(right as f64, self.counts.iter().sum::<u64>() as f64)
    }

    /// Right predictions, predictions and targets of each class.
    fn sums(&self) -> Vec<[f64; 3]> {
        let all = 0..self.num_classes();
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>() as f64;
        let of = |class| {
            let predictions = sum(&mut all.clone().map(|target| self.count(target, class)));
            [self.count(class, class) as f64, predictions, sum(&mut all.clone().map(|other| self.count(class, other)))]
        };
        all.clone().map(of).collect()
    }

    /// For each class, the share of right ones among what was taken for it; 0 if nothing was.
    pub fn precisions(&self) -> Vec<f64> {
        self.sums().into_iter().map(precision).collect()
    }

    /// For each class, the share that was recognized; 0 if there was none.
    pub fn recalls(&self) -> Vec<f64> {
        self.sums().into_iter().map(recall).collect()
    }

    /// For each class, the harmonic mean of precision and recall.
    pub fn f1s(&self) -> Vec<f64> {
        self.sums().into_iter().map(f1).collect()
    }

    /// Precision of all classes.
    pub fn precision(&self, average: Average) -> f64 {
        self.average(average, precision)
    }

    /// Recall of all classes.
    pub fn recall(&self, average: Average) -> f64 {
        self.average(average, recall)
    }

    /// F1 of all classes.
    pub fn f1(&self, average: Average) -> f64 {
        self.average(average, f1)
    }

    fn average(&self, average: Average, measure: fn([f64; 3]) -> f64) -> f64 {
        let sums = self.sums();
        let weight = |[_, predictions, targets]: [f64; 3]| match average {
            Average::Weighted => targets,
            _ => f64::from(u8::from(predictions + targets > 0.0)),
        };
        if average == Average::Micro {
            return measure(sums.iter().fold([0.0; 3], |all, own| [all[0] + own[0], all[1] + own[1], all[2] + own[2]]));
        }
        let total: f64 = sums.iter().map(|&sums| weight(sums)).sum();
        ratio(sums.iter().map(|&sums| weight(sums) * measure(sums)).sum(), total)
    }
}

fn precision([right, predictions, _]: [f64; 3]) -> f64 {
    ratio(right, predictions)
}

fn recall([right, _, targets]: [f64; 3]) -> f64 {
    ratio(right, targets)
}

fn f1([right, predictions, targets]: [f64; 3]) -> f64 {
    ratio(2.0 * right, predictions + targets)
}

/// A table: a row per target, a column per prediction.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.counts.iter().map(|count| count.to_string().len());
        let longest = self.names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let width = digits.max().unwrap_or(0).max(longest) + 2;
        write!(f, "{:longest$}", "")?;
        self.names.iter().try_for_each(|name| write!(f, "{name:>width$}"))?;
        for (target, name) in self.names.iter().enumerate() {
            write!(f, "\n{name:longest$}")?;
            (0..self.num_classes()).try_for_each(|class| write!(f, "{:>width$}", self.count(target, class)))?;
        }
        Ok(())
    }
}
