//! Property tests of shapes and strides: random chains of views against a model that only knows where each element is found in the
//! base. What is read, computed, reduced and written through such views has to be what the model says.

use proptest::prelude::*;
use tensor_core::{Tensor, op::join::cat};

/// A view as positions in its base, row-major.
#[derive(Clone, Debug)]
struct Model {
    shape: Vec<usize>,
    places: Vec<usize>,
}

/// A step from one view to the next; numbers are taken modulo what is possible.
#[derive(Clone, Debug)]
enum Step {
    Permute(u64),
    Transpose(usize, usize),
    Slice { dim: usize, start: usize, end: usize, step: usize },
    Select { dim: usize, index: usize },
    Unsqueeze(usize),
    Squeeze,
    Expand { dim: usize, size: usize },
    Flatten(usize),
    Split { dim: usize, parts: usize, pick: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..8usize;
    prop_oneof![
        any::<u64>().prop_map(Step::Permute),
        (n.clone(), n.clone()).prop_map(|(a, b)| Step::Transpose(a, b)),
        (n.clone(), n.clone(), n.clone(), 1..4usize).prop_map(|(dim, start, end, step)| Step::Slice {
            dim,
            start,
            end,
            step
        }),
        (n.clone(), n.clone()).prop_map(|(dim, index)| Step::Select { dim, index }),
        n.clone().prop_map(Step::Unsqueeze),
        Just(Step::Squeeze),
        (n.clone(), 1..4usize).prop_map(|(dim, size)| Step::Expand { dim, size }),
        n.clone().prop_map(Step::Flatten),
        (n.clone(), 1..4usize, n).prop_map(|(dim, parts, pick)| Step::Split { dim, parts, pick }),
    ]
}

impl Model {
    fn base(shape: &[usize]) -> Model {
        Model { shape: shape.to_vec(), places: (0..shape.iter().product()).collect() }
    }

    /// A model of `shape` whose element at an index is this one's at `source(index)`.
    fn pick(&self, shape: Vec<usize>, source: impl Fn(&[usize]) -> Vec<usize>) -> Model {
        let places = indices(&shape).map(|index| self.places[offset(&self.shape, &source(&index))]).collect();
        Model { shape, places }
    }
}

/// All indices of a shape, row-major.
fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let numel: usize = shape.iter().product();
    (0..numel).map(|i| {
        let mut rest = i;
        let mut index: Vec<usize> = shape.iter().rev().map(|size| (rest % size, rest /= size).0).collect();
        index.reverse();
        index
    })
}

fn offset(shape: &[usize], index: &[usize]) -> usize {
    shape.iter().zip(index).fold(0, |at, (size, i)| at * size + i)
}

/// A step on both sides; `None` where it is not possible.
fn advance(model: &Model, x: &Tensor, step: &Step) -> Option<(Model, Tensor)> {
    let (rank, shape) = (model.shape.len(), &model.shape);
    let without = |at: usize| shape.iter().enumerate().filter(|(d, _)| *d != at).map(|(_, s)| *s).collect::<Vec<_>>();
    let put = |index: &[usize], at: usize, value: usize| {
        let mut index = index.to_vec();
        index.insert(at, value);
        index
    };
    Some(match *step {
        Step::Permute(mut seed) => {
            let mut left: Vec<usize> = (0..rank).collect();
            let order: Vec<usize> = (0..rank)
                .map(|_| {
                    let at = seed as usize % left.len();
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1) >> 3;
                    left.remove(at)
                })
                .collect();
            let picked = model.pick(order.iter().map(|d| shape[*d]).collect(), |index| {
                let mut source = vec![0; rank];
                order.iter().zip(index).for_each(|(d, i)| source[*d] = *i);
                source
            });
            (picked, x.permute(&order))
        }
        Step::Transpose(a, b) if rank > 0 => {
            let (a, b) = (a % rank, b % rank);
            let mut turned = shape.clone();
            turned.swap(a, b);
            let picked = model.pick(turned, |index| {
                let mut source = index.to_vec();
                source.swap(a, b);
                source
            });
            (picked, x.transpose(a as i64, b as i64 - rank as i64))
        }
        Step::Slice { dim, start, end, step } if rank > 0 => {
            let dim = dim % rank;
            let (low, high) = (start.min(shape[dim]), end.min(shape[dim]));
            let mut cut = shape.clone();
            cut[dim] = high.saturating_sub(low).div_ceil(step);
            let picked = model.pick(cut, |index| {
                let mut source = index.to_vec();
                source[dim] = low + step * index[dim];
                source
            });
            (picked, x.slice(dim as i64, start as i64, end as i64, step as i64))
        }
        Step::Select { dim, index } if rank > 0 && shape[dim % rank] > 0 => {
            let dim = dim % rank;
            let at = index % shape[dim];
            (model.pick(without(dim), |index| put(index, dim, at)), x.select(dim as i64, at as i64 - shape[dim] as i64))
        }
        Step::Unsqueeze(dim) if rank < 7 => {
            let dim = dim % (rank + 1);
            let mut wider = shape.clone();
            wider.insert(dim, 1);
            (Model { shape: wider, places: model.places.clone() }, x.unsqueeze(dim as i64))
        }
        Step::Squeeze => {
            let narrow = shape.iter().copied().filter(|size| *size != 1).collect();
            (Model { shape: narrow, places: model.places.clone() }, x.squeeze())
        }
        Step::Expand { dim, size } if rank > 0 && shape[dim % rank] == 1 => {
            let dim = dim % rank;
            let mut wider = shape.clone();
            wider[dim] = size;
            let picked = model.pick(wider.clone(), |index| {
                let mut source = index.to_vec();
                source[dim] = 0;
                source
            });
            (picked, x.expand(wider))
        }
        Step::Flatten(dim) if rank > 1 => {
            let dim = dim % (rank - 1);
            let mut flat = shape.clone();
            let size = flat.remove(dim + 1);
            flat[dim] *= size;
            // A view where strides allow it; else the positions would be a copy's.
            let view = x.try_view(flat.clone()).ok()?;
            (Model { shape: flat, places: model.places.clone() }, view)
        }
        Step::Split { dim, parts, pick } if rank > 0 && shape[dim % rank] > 0 => {
            let dim = dim % rank;
            let size = shape[dim].div_ceil(parts);
            let pieces = x.split(size, dim as i64);
            let number = pick % pieces.len();
            let mut cut = shape.clone();
            cut[dim] = size.min(shape[dim] - number * size);
            let picked = model.pick(cut, |index| {
                let mut source = index.to_vec();
                source[dim] += number * size;
                source
            });
            (picked, pieces[number].clone())
        }
        _ => return None,
    })
}

/// A base of whole numbers, which sums keep exact, and a view of it.
fn build(shape: &[usize], steps: &[Step]) -> (Tensor, Tensor, Model) {
    let numel: usize = shape.iter().product();
    let base = Tensor::from_vec((0..numel).map(|i| i as f32).collect(), shape, ops_cpu::cpu());
    let (mut model, mut view) = (Model::base(shape), base.clone());
    for step in steps {
        if let Some(next) = advance(&model, &view, step) {
            (model, view) = next;
        }
    }
    (base, view, model)
}

fn values(model: &Model) -> Vec<f32> {
    model.places.iter().map(|place| *place as f32).collect()
}

fn base_shape() -> impl Strategy<Value = Vec<usize>> {
    // Now and then large enough for several blocks, threads and tiles.
    prop_oneof![
        8 => prop::collection::vec(0..5usize, 0..5),
        1 => prop::collection::vec(17..90usize, 2..3),
        1 => prop::collection::vec(3..30usize, 3..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn views_find_their_elements(shape in base_shape(), steps in prop::collection::vec(step(), 0..7)) {
        let (_, view, model) = build(&shape, &steps);
        prop_assert_eq!(&view.shape()[..], &model.shape[..]);
        prop_assert_eq!(view.to_vec::<f32>(), values(&model));
        prop_assert_eq!(view.contiguous().to_vec::<f32>(), values(&model));
        prop_assert_eq!(view.clone_().to_vec::<f32>(), values(&model));
        let half = view.to_dtype(tensor_core::DType::I16).to_dtype(tensor_core::DType::F64);
        prop_assert_eq!(half.to_vec::<f64>(), model.places.iter().map(|p| *p as f64).collect::<Vec<_>>());
    }

    #[test]
    fn operands_broadcast(shape in base_shape(), steps in prop::collection::vec(step(), 0..5), ones in any::<u8>(), drop in 0..3usize) {
        let (_, view, model) = build(&shape, &steps);
        // The other operand: some dimensions of size one, some leading ones missing, laid out transposed.
        let drop = drop.min(model.shape.len());
        let other: Vec<usize> =
            model.shape[drop..].iter().enumerate().map(|(d, s)| if ones >> d & 1 == 1 { 1 } else { *s }).collect();
        let turned: Vec<usize> = other.iter().rev().copied().collect();
        let numel: usize = other.iter().product();
        let reversed: Vec<usize> = (0..other.len()).rev().collect();
        let b = Tensor::from_vec((0..numel).map(|i| i as f32).collect(), &turned, ops_cpu::cpu()).permute(&reversed);
        let expected: Vec<f32> = indices(&model.shape)
            .zip(values(&model))
            .map(|(index, x)| {
                let at: Vec<usize> = index[drop..].iter().zip(&other).map(|(i, s)| if *s == 1 { 0 } else { *i }).rev().collect();
                x - offset(&turned, &at) as f32
            })
            .collect();
        prop_assert_eq!((&view - &b).to_vec::<f32>(), expected.clone());
        prop_assert_eq!((&b - &view).to_vec::<f32>(), expected.iter().map(|x| -x).collect::<Vec<_>>());
        let chosen = view.lt(&b).where_(&view, &b);
        let smaller: Vec<f32> = values(&model).iter().zip(&expected).map(|(x, d)| x.min(x - d)).collect();
        prop_assert_eq!(chosen.to_vec::<f32>(), smaller);
    }

    #[test]
    fn reductions_run_over_any_dimensions(shape in base_shape(), steps in prop::collection::vec(step(), 0..5), axes in any::<u8>()) {
        let (_, view, model) = build(&shape, &steps);
        let dims: Vec<usize> = (0..model.shape.len()).filter(|d| axes >> d & 1 == 1).collect();
        prop_assume!(!dims.is_empty());
        let kept: Vec<usize> = model.shape.iter().enumerate().map(|(d, s)| if dims.contains(&d) { 1 } else { *s }).collect();
        let mut sums = vec![0.0f64; kept.iter().product()];
        for (index, x) in indices(&model.shape).zip(values(&model)) {
            let at: Vec<usize> = index.iter().zip(&kept).map(|(i, s)| if *s == 1 { 0 } else { *i }).collect();
            sums[offset(&kept, &at)] += x as f64;
        }
        let sum = view.to_dtype(tensor_core::DType::F64).sum_dim(dims.clone(), true);
        prop_assert_eq!(&sum.shape()[..], &kept[..]);
        prop_assert_eq!(sum.to_vec::<f64>(), sums);
        prop_assert_eq!(view.sum_dim(dims, false).numel(), kept.iter().product::<usize>());
    }

    #[test]
    fn writes_reach_the_base_and_nothing_else(shape in base_shape(), steps in prop::collection::vec(step(), 0..6)) {
        let (base, view, model) = build(&shape, &steps);
        let mut places = model.places.clone();
        places.sort_unstable();
        let overlaps = places.windows(2).any(|pair| pair[0] == pair[1]);
        match view.try_mul_(-2.0) {
            Ok(_) => {
                prop_assert!(!overlaps, "a write to elements that share memory");
                let mut expected: Vec<f32> = (0..base.numel()).map(|i| i as f32).collect();
                model.places.iter().for_each(|place| expected[*place] *= -2.0);
                prop_assert_eq!(base.to_vec::<f32>(), expected);
            }
            Err(error) => prop_assert!(overlaps, "{error}"),
        }
    }

    #[test]
    fn parts_come_together_again(shape in base_shape(), steps in prop::collection::vec(step(), 0..5), dim in 0..4usize, size in 1..4usize) {
        let (_, view, model) = build(&shape, &steps);
        prop_assume!(!model.shape.is_empty());
        let dim = (dim % model.shape.len()) as i64;
        prop_assume!(view.size(dim) > 0);
        let whole = cat(&view.split(size, dim), dim);
        prop_assert_eq!(whole.to_vec::<f32>(), values(&model));
        let twice = view.flip(..).flip(..);
        prop_assert_eq!(twice.to_vec::<f32>(), values(&model));
    }
}
