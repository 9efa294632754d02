//! The line search of L-BFGS: a step length that satisfies the strong Wolfe conditions, found by bracketing and cubic interpolation
//! (Nocedal and Wright 2006, algorithms 3.5 and 3.6, in the form of minFunc, which PyTorch follows). It knows no parameters: a
//! function tells loss and slope at a step length.

use tensor::Tensor;

/// What is known at a step length.
#[derive(Clone)]
pub(super) struct Point {
    /// The step length.
    pub t: f64,
    /// The loss.
    pub loss: f64,
    /// The gradient.
    pub grad: Tensor,
    /// The slope along the direction.
    pub slope: f64,
}

/// How much of the slope the loss must fall by (c₁), and what of the slope may be left (c₂).
const SUFFICIENT: f64 = 1e-4;
const CURVATURE: f64 = 0.9;

/// The least point of the cubic through two points with their slopes, within bounds.
fn interpolate(a: &Point, b: &Point, bounds: Option<(f64, f64)>) -> f64 {
    let (low, high) = bounds.unwrap_or(if a.t <= b.t { (a.t, b.t) } else { (b.t, a.t) });
    let first = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.t - b.t);
    let square = first * first - a.slope * b.slope;
    if !(square >= 0.0) {
        return (low + high) / 2.0;
    }
    let root = square.sqrt();
    let least = if a.t <= b.t {
        b.t - (b.t - a.t) * ((b.slope + root - first) / (b.slope - a.slope + 2.0 * root))
    } else {
        a.t - (a.t - b.t) * ((a.slope + root - first) / (a.slope - b.slope + 2.0 * root))
    };
    // Python's `max` and `min` keep the first of two where they cannot be compared.
    let least = if low > least { low } else { least };
    if high < least { high } else { least }
}

/// A point that satisfies the conditions, or the best one after `most` evaluations beyond the first; and how many evaluations it
/// took. `start` is at step length 0, `length` is tried first, and `width` is the largest part of the direction.
pub(super) fn strong_wolfe(
    evaluate: &mut dyn FnMut(f64) -> Point,
    round: impl Fn(f64) -> f64,
    start: Point,
    length: f64,
    width: f64,
    tolerance: f64,
    most: i64,
) -> (Point, i64) {
    let lacks = |point: &Point| point.loss > round(start.loss + round(SUFFICIENT * point.t * start.slope));
    let flat = |point: &Point| point.slope.abs() <= -CURVATURE * start.slope;
    let (mut new, mut evaluations, mut iterations) = (evaluate(length), 1, 0);
    let (mut before, mut done) = (start.clone(), false);
    // One point that will do, or two with such a point between them.
    let mut bracket = loop {
        if iterations >= most {
            break vec![start.clone(), new];
        }
        if lacks(&new) || (iterations > 1 && new.loss >= before.loss) {
            break vec![before, new];
        }
        if flat(&new) {
            done = true;
            break vec![new];
        }
        if new.slope >= 0.0 {
            break vec![before, new];
        }
        let bounds = (new.t + 0.01 * (new.t - before.t), new.t * 10.0);
        let next = round(interpolate(&before, &new, Some(bounds)));
        before = std::mem::replace(&mut new, evaluate(next));
        evaluations += 1;
        iterations += 1;
    };
    let order = |bracket: &[Point]| if bracket[0].loss <= bracket[bracket.len() - 1].loss { (0, 1) } else { (1, 0) };
    let (mut low, mut high) = order(&bracket);
    let mut stuck = false;
    while !done && iterations < most {
        if (bracket[1].t - bracket[0].t).abs() * width < tolerance {
            break;
        }
        let mut t = round(interpolate(&bracket[0], &bracket[1], None));
        // A length close to one end twice in a row, or at it, is moved away from it.
        let (least, largest) = (bracket[0].t.min(bracket[1].t), bracket[0].t.max(bracket[1].t));
        let margin = 0.1 * (largest - least);
        let close = (largest - t).min(t - least) < margin;
        if close && (stuck || t >= largest || t <= least) {
            t = if (t - largest).abs() < (t - least).abs() { largest - margin } else { least + margin };
            stuck = false;
        } else {
            stuck = close;
        }
        let new = evaluate(t);
        evaluations += 1;
        iterations += 1;
        if lacks(&new) || new.loss >= bracket[low].loss {
            bracket[high] = new;
            (low, high) = order(&bracket);
        } else {
            done = flat(&new);
            if !done && new.slope * (bracket[high].t - bracket[low].t) >= 0.0 {
                bracket[high] = bracket[low].clone();
            }
            bracket[low] = new;
        }
    }
    // A single point is its own lowest.
    (bracket.swap_remove(low.min(bracket.len() - 1)), evaluations)
}
