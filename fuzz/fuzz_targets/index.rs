//! `x[…]` and `x[…] = value` with arbitrary entries: nothing panics, an index is accepted exactly if the model below finds its
//! elements, and then those are read and those are written. The model keeps a list of offsets for each dimension and knows no
//! views.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sconce::{DType, IntoIndex, Tensor, arange, from_vec};
use tensor_core::indexing::{At, Entries};

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Whole {
    Small(i8),
    Any(i64),
}

impl Whole {
    fn get(self) -> i64 {
        match self {
            Whole::Small(x) => i64::from(x % 6),
            Whole::Any(x) => x,
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Entry {
    Position(Whole),
    Slice(Option<Whole>, Option<Whole>, Option<Whole>),
    Ellipsis,
    NewAxis,
    List(Vec<Whole>),
    Tensor { dtype: u8, shape: Vec<u8>, values: Vec<Whole> },
}

#[derive(Arbitrary, Debug)]
enum Value {
    Number(i8),
    /// As the place has it, without so many first dimensions, and of size one where a bit is set.
    Fitting {
        without: u8,
        ones: u8,
    },
    Any(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Case {
    shape: Vec<u8>,
    backwards: bool,
    entries: Vec<Entry>,
    value: Value,
}

/// An index that has been made.
#[derive(Clone)]
struct Index(Vec<At>);

impl IntoIndex for Index {
    fn entries(self) -> Entries {
        self.0.into_iter().collect()
    }
}

fn sizes(shape: &[u8]) -> Vec<usize> {
    shape.iter().take(4).map(|size| *size as usize % 4).collect()
}

fn at(entry: &Entry) -> At {
    match entry {
        Entry::Position(position) => At::Position(position.get()),
        Entry::Slice(start, end, step) => At::Slice {
            start: start.map_or(0, Whole::get),
            end: end.map_or(i64::MAX, Whole::get),
            step: step.map_or(1, Whole::get),
        },
        Entry::Ellipsis => At::Ellipsis,
        Entry::NewAxis => At::NewAxis,
        Entry::List(list) => At::List(list.iter().take(4).map(|x| x.get()).collect()),
        Entry::Tensor { dtype, shape, values } => {
            let shape = sizes(&shape[..shape.len().min(3)]);
            let count: usize = shape.iter().product();
            let values: Vec<i64> = (0..count).map(|i| values.get(i).map_or(0, |x| x.get())).collect();
            let positions = from_vec(values, &shape[..]);
            let dtype = [DType::I64, DType::I32, DType::Bool, DType::U8, DType::I64, DType::F32][*dtype as usize % 6];
            At::Tensor(positions.to_dtype(dtype))
        }
    }
}

/// Where the elements of an index lie, in the index's order.
struct Located {
    shape: Vec<usize>,
    offsets: Vec<usize>,
}

/// What an entry makes of the dimensions it is for.
enum Axis {
    /// A dimension of the result, and the offset of each of its places.
    Run(Vec<usize>),
    /// Positions that are looked up: their shape, and the offset of each; `None` outside the dimension.
    Column(Vec<usize>, Vec<Option<usize>>),
}

/// The position, if it is within the size.
fn within(position: i64, size: usize) -> Option<usize> {
    let size = size as i64;
    (-size..size).contains(&position).then(|| position.rem_euclid(size) as usize)
}

fn is_mask(x: &Tensor) -> bool {
    matches!(x.dtype(), DType::Bool | DType::U8)
}

fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], i: usize| if i + shape.len() < rank { 1 } else { shape[i + shape.len() - rank] };
    (0..rank)
        .map(|i| match (size(a, i), size(b, i)) {
            (1, n) | (n, 1) => Some(n),
            (n, m) => (n == m).then_some(n),
        })
        .collect()
}

/// The place, among elements of `shape`, of the element that stands at number `i` of those of the broadcast shape `whole`.
fn spread(i: usize, whole: &[usize], shape: &[usize]) -> usize {
    let (mut rest, mut place, mut stride) = (i, 0, 1);
    for (from_end, size) in whole.iter().rev().enumerate() {
        let coordinate = rest % size;
        rest /= size;
        if from_end < shape.len() {
            let own = shape[shape.len() - 1 - from_end];
            place += if own == 1 { 0 } else { coordinate } * stride;
            stride *= own;
        }
    }
    place
}

fn locate(shape: &[usize], entries: &[At]) -> Option<Located> {
    let needs = |entry: &At| match entry {
        At::Ellipsis | At::NewAxis => 0,
        At::Tensor(mask) if is_mask(mask) => mask.ndim(),
        _ => 1,
    };
    let left_over = shape.len().checked_sub(entries.iter().map(needs).sum())?;
    if entries.iter().filter(|entry| matches!(entry, At::Ellipsis)).count() > 1 {
        return None;
    }
    let whole = At::Slice { start: 0, end: i64::MAX, step: 1 };
    let mut list: Vec<At> = vec![];
    for entry in entries {
        match entry {
            At::Ellipsis => list.extend(std::iter::repeat_n(whole.clone(), left_over)),
            entry => list.push(entry.clone()),
        }
    }
    if list.len() == entries.len() && !entries.iter().any(|entry| matches!(entry, At::Ellipsis)) {
        list.extend(std::iter::repeat_n(whole, left_over));
    }

    let stride = |dim: usize| shape[dim + 1..].iter().product::<usize>();
    let (mut base, mut axes, mut dim) = (0, vec![], 0);
    for entry in &list {
        match entry {
            At::Position(position) => base += within(*position, shape[dim])? * stride(dim),
            At::Slice { start, end, step } => {
                if *step <= 0 {
                    return None;
                }
                let size = shape[dim] as i64;
                let clamp = |x: i64| (if x < 0 { x + size } else { x }).clamp(0, size) as usize;
                let places = (clamp(*start)..clamp(*end)).step_by(*step as usize);
                axes.push(Axis::Run(places.map(|place| place * stride(dim)).collect()));
            }
            At::NewAxis => axes.push(Axis::Run(vec![0])),
            At::Ellipsis => unreachable!("replaced"),
            At::List(list) => {
                let offsets = list.iter().map(|x| Some(within(*x, shape[dim])? * stride(dim))).collect();
                axes.push(Axis::Column(vec![list.len()], offsets));
            }
            At::Tensor(mask) if is_mask(mask) => {
                let sizes = mask.shape();
                if shape[dim..dim + sizes.len()] != sizes[..] {
                    return None;
                }
                let set = mask.to_dtype(DType::Bool).to_vec::<bool>();
                let set: Vec<usize> = (0..set.len()).filter(|i| set[*i]).collect();
                if sizes.is_empty() {
                    axes.push(Axis::Column(vec![set.len()], vec![Some(0); set.len()]));
                }
                for (i, size) in sizes.iter().enumerate() {
                    let inner: usize = sizes[i + 1..].iter().product();
                    let offsets = set.iter().map(|place| Some(place / inner % size * stride(dim + i))).collect();
                    axes.push(Axis::Column(vec![set.len()], offsets));
                }
            }
            At::Tensor(position) if position.ndim() == 0 && !position.dtype().is_floating_point() => {
                base += within(position.item(), shape[dim])? * stride(dim);
            }
            At::Tensor(positions) => {
                if !matches!(positions.dtype(), DType::I64 | DType::I32) {
                    return None;
                }
                let values = positions.to_dtype(DType::I64).to_vec::<i64>();
                let offsets = values.iter().map(|x| Some(within(*x, shape[dim])? * stride(dim))).collect();
                axes.push(Axis::Column(positions.shape().to_vec(), offsets));
            }
        }
        dim += needs(entry);
    }

    // All columns are one block of dimensions: where the first of them is, if they stand side by side, else in front.
    let columns: Vec<usize> = (0..axes.len()).filter(|i| matches!(axes[*i], Axis::Column(..))).collect();
    if let (Some(first), Some(last)) = (columns.first(), columns.last()) {
        let (mut block, mut parts) = (vec![], vec![]);
        for axis in axes.extract_if(.., |axis| matches!(axis, Axis::Column(..))) {
            let Axis::Column(shape, offsets) = axis else { unreachable!("a column") };
            block = broadcast(&block, &shape)?;
            parts.push((shape, offsets));
        }
        // PyTorch lets some positions outside pass where no element is asked for; here none does that is one of the block.
        let place = |i: usize| parts.iter().map(|(own, offsets)| offsets[spread(i, &block, own)]).sum();
        let offsets = (0..block.iter().product()).map(place).collect::<Option<Vec<usize>>>()?;
        let beside = last - first + 1 == columns.len();
        axes.insert(if beside { *first } else { 0 }, Axis::Column(block, offsets.into_iter().map(Some).collect()));
    }
    let (mut result, mut offsets) = (vec![], vec![base]);
    for axis in axes {
        let (shape, own) = match axis {
            Axis::Run(own) => (vec![own.len()], own),
            Axis::Column(shape, own) => (shape, own.into_iter().flatten().collect()),
        };
        result.extend(shape);
        offsets = offsets.iter().flat_map(|a| own.iter().map(move |b| a + b)).collect();
    }
    Some(Located { shape: result, offsets })
}

fuzz_target!(|case: Case| {
    let shape = sizes(&case.shape);
    let index = Index(case.entries.iter().take(7).map(at).collect());
    let count: usize = shape.iter().product();
    let order: Vec<i64> = (0..shape.len() as i64).rev().collect();
    let x = arange(count as i64).reshape(&shape[..]);
    let x = if case.backwards { x.permute(&order[..]).contiguous().permute(&order[..]) } else { x };

    let located = locate(&shape, &index.0);
    let read = x.try_i(index.clone());
    match (&read, &located) {
        (Ok(y), Some(located)) => {
            assert_eq!(y.shape()[..], located.shape[..], "the shape");
            assert_eq!(
                y.to_vec::<i64>(),
                located.offsets.iter().map(|x| *x as i64).collect::<Vec<_>>(),
                "the elements"
            );
        }
        (Err(_), None) => {}
        (Err(error), Some(_)) => panic!("refused: {error}, {:?}", index.0),
        (Ok(y), None) => panic!("accepted, with shape {:?}: {:?}", y.shape(), index.0),
    }

    // The value's numbers are larger than all in the tensor.
    let made: Option<Vec<usize>> = match &case.value {
        Value::Number(_) => None,
        Value::Fitting { without, ones } => {
            let place = located.as_ref().map_or(vec![], |located| located.shape.clone());
            let kept = &place[(*without as usize % 3).min(place.len())..];
            Some(kept.iter().enumerate().map(|(i, size)| if ones >> (i % 8) & 1 == 1 { 1 } else { *size }).collect())
        }
        Value::Any(shape) => Some(sizes(shape)),
    };
    let x = x.clone_();
    let (written, values, fits) = match (&made, &case.value) {
        (None, Value::Number(number)) => (x.try_i_put(index, *number), vec![i64::from(*number)], true),
        (made, _) => {
            let made = made.clone().unwrap_or_default();
            let values: Vec<i64> = (1000..).take(made.iter().product()).collect();
            // Leading dimensions of size one are dropped.
            let kept: Vec<usize> = made.iter().copied().skip_while(|size| *size == 1).collect();
            let fits = located
                .as_ref()
                .is_some_and(|located| broadcast(&kept, &located.shape).as_ref() == Some(&located.shape));
            (x.try_i_put(index, &from_vec(values.clone(), &made[..])), values, fits)
        }
    };
    let after = x.to_vec::<i64>();
    match (&written, &located) {
        (Ok(()), Some(located)) => {
            assert!(fits, "a value was accepted that does not fit");
            let mut may: Vec<Vec<i64>> = (0..count as i64).map(|i| vec![i]).collect();
            let whole: Vec<usize> = located.shape.clone();
            let kept: Vec<usize> = made.iter().flatten().copied().skip_while(|size| *size == 1).collect();
            for (i, offset) in located.offsets.iter().enumerate() {
                if may[*offset] == [*offset as i64] {
                    may[*offset].clear();
                }
                // Of several writes to one place any may be the last.
                may[*offset].push(values[spread(i, &whole, &kept)]);
            }
            for (value, may) in after.iter().zip(&may) {
                assert!(may.contains(value), "{value} is written, and should be one of {may:?}");
            }
        }
        (Ok(()), None) => panic!("a write was accepted"),
        (Err(error), Some(_)) if fits => panic!("a write was refused: {error}"),
        (Err(_), _) => assert_eq!(after, (0..count as i64).collect::<Vec<_>>(), "a refused write has written"),
    }
});
