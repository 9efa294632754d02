//! Values counted as TensorBoard's histograms want them: in buckets that grow by a tenth from 1e-12 on, to both sides of zero, as
//! those of TensorFlow (tensorflow/core/lib/histogram/histogram.cc) and of `torch.utils.tensorboard`.

/// Counts of values, and what else is told of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// How many there are.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub sum_of_squares: f64,
    /// The right end of each bucket.
    pub limits: Vec<f64>,
    /// How many values lie in each bucket.
    pub counts: Vec<f64>,
}

/// The ends of all buckets, from left to right.
fn ends() -> Vec<f64> {
    let positive: Vec<f64> =
        std::iter::successors(Some(1e-12), |end| Some(end * 1.1)).take_while(|end| *end < 1e20).collect();
    let negative = positive.iter().rev().map(|end| -end);
    negative.chain([0.0]).chain(positive.iter().copied()).collect()
}

impl Buckets {
    /// Of values, of which those beyond the outermost ends (1e20 in size, or not finite) are in no bucket. `None` if there are no
    /// values, or none in a bucket.
    pub fn of(values: &[f64]) -> Option<Buckets> {
        let ends = ends();
        let mut counts = vec![0.0; ends.len() - 1];
        for value in values {
            // The number of ends that are not above the value; the last bucket has its right end, too.
            let right = ends.partition_point(|end| end <= value);
            let bucket = if Some(value) == ends.last() { right - 1 } else { right };
            if !value.is_nan() && (1..ends.len()).contains(&bucket) {
                counts[bucket - 1] += 1.0;
            }
        }
        let first = counts.iter().position(|count| *count > 0.0)?;
        let last = counts.iter().rposition(|count| *count > 0.0)?;
        // An empty bucket before the first gives that its left end.
        Some(Buckets {
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            count: values.len() as f64,
            sum: values.iter().sum(),
            sum_of_squares: values.iter().map(|value| value * value).sum(),
            limits: ends[first..=last + 1].to_vec(),
            counts: [0.0].into_iter().chain(counts[first..=last].iter().copied()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_below_their_limit() {
        let buckets = Buckets::of(&[-1.0, 0.5, 0.5, 2.0]).unwrap();
        assert_eq!((buckets.limits.len(), buckets.counts.iter().sum::<f64>()), (buckets.counts.len(), 4.0));
        assert_eq!((buckets.counts[0], buckets.counts[1], *buckets.counts.last().unwrap()), (0.0, 1.0, 1.0));
        let bucket = buckets.counts.iter().position(|count| *count == 2.0).unwrap();
        assert!(buckets.limits[bucket - 1] <= 0.5 && 0.5 < buckets.limits[bucket]);
        assert_eq!((buckets.min, buckets.max, buckets.sum, buckets.sum_of_squares), (-1.0, 2.0, 2.0, 5.5));
    }

    /// What `torch.utils.tensorboard.summary.make_histogram` gives with PyTorch 2.15's default bins.
    #[test]
    fn buckets_are_pytorchs() {
        let buckets = Buckets::of(&[-1.0, 2.0, 2.0, 0.0, 1e-13, 3.5, -7e5]).unwrap();
        assert_eq!(buckets.limits[..3], [-761447.5407184388, -692225.0370167625, -629295.4881970568]);
        assert_eq!((buckets.limits.last(), buckets.limits.len()), (Some(&3.8315657995195243), 739));
        assert_eq!((&buckets.counts[..4], buckets.counts.iter().sum::<f64>()), (&[0.0, 1.0, 0.0, 0.0][..], 7.0));
    }

    #[test]
    fn nothing_and_what_is_not_finite() {
        assert_eq!(Buckets::of(&[]), None);
        assert_eq!(Buckets::of(&[f64::NAN, f64::INFINITY]), None);
        assert_eq!(Buckets::of(&[0.0]).unwrap().counts, [0.0, 1.0]);
        assert_eq!(Buckets::of(&[f64::NAN, 1.0]).unwrap().counts, [0.0, 1.0]);
    }
}
