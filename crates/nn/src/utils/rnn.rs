//! Sequences of several lengths in one tensor, padded or packed: `torch.nn.utils.rnn`. It knows no network.

use std::fmt::{Display, Formatter};
use tensor::{Options, Tensor, cat, full_with};

/// Sequences of several lengths without padding: rows of the first step of all sequences, longest first, then those of the second
/// step of all that have one, and so on. What recurrent networks take in `forward_packed`. Made by [`pack_padded_sequence`] and
/// [`pack_sequence`].
#[derive(Clone)]
pub struct PackedSequence {
    /// The rows, (total, …).
    pub data: Tensor,
    /// How many sequences there are at each step; `int64`, in host memory.
    pub batch_sizes: Tensor,
    /// Which of the sequences given stands at each place; `None` if they were sorted already.
    pub sorted_indices: Option<Tensor>,
    /// At which place each of the sequences given stands.
    pub unsorted_indices: Option<Tensor>,
}

impl Display for PackedSequence {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let optional = |indices: &Option<Tensor>| indices.as_ref().map_or("None".into(), Tensor::to_string);
        write!(
            f,
            "PackedSequence(data={}, batch_sizes={}, sorted_indices={}, unsorted_indices={})",
            self.data,
            self.batch_sizes,
            optional(&self.sorted_indices),
            optional(&self.unsorted_indices)
        )
    }
}

tensor::settings! {
    /// How sequences are packed.
    pub struct Packing {
        /// Whether sequences lie as (batch, step, …) rather than (step, batch, …).
        batch_first: bool = false,
        /// Whether the longest sequence must come first; else they are sorted here.
        enforce_sorted: bool = true,
    }
}

tensor::settings! {
    /// How sequences are padded.
    pub struct Padded {
        /// Whether sequences come as (batch, step, …) rather than (step, batch, …).
        batch_first: bool = false,
        /// What stands where a sequence has no step.
        padding_value: f64 = 0.0,
        /// How many steps there shall be, if more than the longest sequence has.
        total_length: into Option<usize> = None,
        /// Whether sequences end together rather than start together; only of [`pad_sequence_with`].
        left: bool = false,
    }
}

/// Packs padded sequences (step, batch, …) of these lengths (`int64`), longest first.
///
/// ```
/// use nn::utils::rnn::{pack_padded_sequence_with, pad_packed_sequence_with};
/// use tensor::tensor;
/// let x = tensor![[1, 2, 0], [3, 0, 0], [4, 5, 6]];
/// let packed = pack_padded_sequence_with(&x, &tensor![2, 1, 3], |pack| pack.batch_first(true).enforce_sorted(false));
/// assert_eq!(packed.data.to_vec::<i64>(), [4, 1, 3, 5, 2, 6]);
/// let (padded, lengths) = pad_packed_sequence_with(&packed, |pad| pad.batch_first(true));
/// assert!(padded.equal(&x));
/// assert_eq!(lengths.to_vec::<i64>(), [2, 1, 3]);
/// ```
///
/// # Panics
/// If there are not as many lengths as sequences, one is zero, or they grow.
#[track_caller]
pub fn pack_padded_sequence(input: &Tensor, lengths: &Tensor) -> PackedSequence {
    pack_padded_sequence_with(input, lengths, |pack| pack)
}

/// [`pack_padded_sequence`] with other settings than the default ones.
#[track_caller]
pub fn pack_padded_sequence_with(
    input: &Tensor,
    lengths: &Tensor,
    settings: impl FnOnce(Packing) -> Packing,
) -> PackedSequence {
    let Packing { batch_first, enforce_sorted } = settings(Packing::default());
    let mut lengths = lengths.to_vec::<i64>();
    assert!(input.numel() > 0, "Cannot pack empty tensors.");
    let steps_first = if batch_first { input.transpose(0, 1) } else { input.clone() };
    let (steps, count) = (steps_first.size(0), steps_first.size(1));
    assert!(
        lengths.len() == count,
        "Expected `len(lengths)` to be equal to batch_size, but got {} (batch_size={count})",
        lengths.len()
    );
    let mut order: Vec<usize> = (0..count).collect();
    if !enforce_sorted {
        order.sort_by_key(|i| std::cmp::Reverse(lengths[*i]));
        lengths = order.iter().map(|i| lengths[*i]).collect();
    }
    assert!(
        lengths[count - 1] > 0,
        "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
    );
    assert!(
        lengths.windows(2).all(|pair| pair[0] >= pair[1]),
        "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to \
         pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability."
    );
    assert!(
        lengths[0] <= steps as i64,
        "Expected each length to be at most the number of steps {steps}, but got {}",
        lengths[0]
    );
    let running = |step: i64| lengths.iter().take_while(|length| **length > step).count();
    let sizes: Vec<i64> = (0..lengths[0]).map(|step| running(step) as i64).collect();
    let rows = sizes.iter().enumerate().flat_map(|(step, size)| (0..*size as usize).map(move |i| (step, i)));
    let rows: Vec<i64> = rows.map(|(step, i)| (step * count + order[i]) as i64).collect();
    let (sorted, unsorted) = if enforce_sorted { (None, None) } else { permutations(&order, input) };
    PackedSequence {
        data: picked(&steps_first.flatten_dims(0, 1), rows),
        batch_sizes: host(sizes),
        sorted_indices: sorted,
        unsorted_indices: unsorted,
    }
}

/// A permutation and its inverse, on the device of `like`.
fn permutations(order: &[usize], like: &Tensor) -> (Option<Tensor>, Option<Tensor>) {
    let mut inverse = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, i)| inverse[*i] = place as i64);
    let there = |values: Vec<i64>| Some(Tensor::from_vec(values.clone(), [values.len()], like.device()));
    (there(order.iter().map(|i| *i as i64).collect()), there(inverse))
}

/// The sequences of a packed one with padding, (step, batch, …) in the order in which they were given, and their lengths.
///
/// # Panics
/// If fewer steps are asked for than the longest sequence has.
#[track_caller]
pub fn pad_packed_sequence(sequence: &PackedSequence) -> (Tensor, Tensor) {
    pad_packed_sequence_with(sequence, |pad| pad)
}

/// [`pad_packed_sequence`] with other settings than the default ones.
#[track_caller]
pub fn pad_packed_sequence_with(
    sequence: &PackedSequence,
    settings: impl FnOnce(Padded) -> Padded,
) -> (Tensor, Tensor) {
    let Padded { batch_first, padding_value, total_length, .. } = settings(Padded::default());
    let sizes = sequence.batch_sizes.to_vec::<i64>();
    let (longest, count) = (sizes.len(), sizes[0] as usize);
    let steps = total_length.unwrap_or(longest);
    assert!(
        steps >= longest,
        "Expected total_length to be at least the length of the longest sequence in input, but got total_length={steps} and max \
         sequence length being {longest}"
    );
    let place = sequence.unsorted_indices.as_ref().map(Tensor::to_vec::<i64>);
    let place: Vec<usize> = (0..count).map(|i| place.as_ref().map_or(i, |place| place[i] as usize)).collect();
    let length = |place: usize| sizes.iter().take_while(|size| **size > place as i64).count();
    let lengths: Vec<usize> = place.iter().map(|place| length(*place)).collect();
    let starts: Vec<i64> = sizes.iter().scan(0, |sum, size| Some(std::mem::replace(sum, *sum + size))).collect();
    let row = |step: usize, i: usize| (step < lengths[i]).then(|| starts[step] + place[i] as i64);
    let padded = laid_out(&sequence.data, steps, count, batch_first, padding_value, row);
    (padded, host(lengths.iter().map(|length| *length as i64).collect()))
}

/// Sequences (length, …) side by side with padding, (step, batch, …).
///
/// ```
/// use nn::utils::rnn::pad_sequence;
/// use tensor::ones;
/// assert_eq!(pad_sequence(&[ones([25, 300]), ones([22, 300]), ones([15, 300])]).shape(), &[25, 3, 300]);
/// ```
///
/// # Panics
/// If there are no sequences, or their other sizes differ.
#[track_caller]
pub fn pad_sequence(sequences: &[Tensor]) -> Tensor {
    pad_sequence_with(sequences, |pad| pad)
}

/// [`pad_sequence`] with other settings than the default ones.
#[track_caller]
pub fn pad_sequence_with(sequences: &[Tensor], settings: impl FnOnce(Padded) -> Padded) -> Tensor {
    let Padded { batch_first, padding_value, total_length, left } = settings(Padded::default());
    assert!(!sequences.is_empty(), "received an empty list of sequences");
    let lengths: Vec<usize> = sequences.iter().map(|own| own.size(0)).collect();
    let longest = lengths.iter().copied().max().unwrap_or(0).max(total_length.unwrap_or(0));
    let starts: Vec<usize> =
        lengths.iter().scan(0, |sum, length| Some(std::mem::replace(sum, *sum + length))).collect();
    let row = |step: usize, i: usize| {
        let step = if left { step.checked_sub(longest - lengths[i])? } else { step };
        (step < lengths[i]).then(|| (starts[i] + step) as i64)
    };
    laid_out(&cat(sequences, 0), longest, sequences.len(), batch_first, padding_value, row)
}

/// The sequences of which padded ones (step, batch, …) consist, given their lengths.
#[track_caller]
pub fn unpad_sequence(padded: &Tensor, lengths: &Tensor, batch_first: bool) -> Vec<Tensor> {
    let batch = if batch_first { padded.clone() } else { padded.transpose(0, 1) };
    let lengths = lengths.to_vec::<i64>();
    assert!(
        lengths.len() == batch.size(0),
        "Expected one length for each of {} sequences, but got {}",
        batch.size(0),
        lengths.len()
    );
    lengths.iter().enumerate().map(|(i, length)| batch.i(i as i64).narrow(0, 0, *length as usize)).collect()
}

/// Packs sequences (length, …), longest first.
///
/// ```
/// use nn::utils::rnn::{pack_sequence, unpack_sequence};
/// use tensor::tensor;
/// let packed = pack_sequence(&[tensor![1, 2, 3], tensor![4, 5], tensor![6]]);
/// assert_eq!(
///     packed.to_string(),
///     "PackedSequence(data=tensor([1, 4, 6, 2, 5, 3]), batch_sizes=tensor([3, 2, 1]), sorted_indices=None, unsorted_indices=None)"
/// );
/// assert_eq!(unpack_sequence(&packed)[1].to_vec::<i64>(), [4, 5]);
/// ```
#[track_caller]
pub fn pack_sequence(sequences: &[Tensor]) -> PackedSequence {
    pack_sequence_with(sequences, true)
}

/// [`pack_sequence`] of sequences in any order, unless `enforce_sorted`.
#[track_caller]
pub fn pack_sequence_with(sequences: &[Tensor], enforce_sorted: bool) -> PackedSequence {
    let lengths = host(sequences.iter().map(|own| own.size(0) as i64).collect());
    pack_padded_sequence_with(&pad_sequence(sequences), &lengths, |pack| pack.enforce_sorted(enforce_sorted))
}

/// The sequences of a packed one, in the order in which they were given.
#[track_caller]
pub fn unpack_sequence(sequence: &PackedSequence) -> Vec<Tensor> {
    let (padded, lengths) = pad_packed_sequence_with(sequence, |pad| pad.batch_first(true));
    unpad_sequence(&padded, &lengths, true)
}

/// Rows put at (step, sequence), with padding where `row` gives none.
#[track_caller]
fn laid_out(
    rows: &Tensor,
    steps: usize,
    count: usize,
    batch_first: bool,
    padding: f64,
    row: impl Fn(usize, usize) -> Option<i64>,
) -> Tensor {
    let options = Options::from(rows.dtype()).device(rows.device());
    let one: Vec<usize> = std::iter::once(1).chain(rows.shape()[1..].iter().copied()).collect();
    let padding = full_with(one, padding, options);
    let total = rows.size(0) as i64;
    let (outer, inner) = if batch_first { (count, steps) } else { (steps, count) };
    let places = (0..outer).flat_map(|a| (0..inner).map(move |b| if batch_first { (b, a) } else { (a, b) }));
    let chosen = places.map(|(step, i)| row(step, i).unwrap_or(total)).collect();
    let sizes: Vec<usize> = [outer, inner].iter().chain(&rows.shape()[1..]).copied().collect();
    picked(&cat(&[rows.clone(), padding], 0), chosen).reshape(sizes)
}

#[track_caller]
fn picked(rows: &Tensor, which: Vec<i64>) -> Tensor {
    let count = which.len();
    rows.index_select(0, &Tensor::from_vec(which, [count], rows.device()))
}

fn host(values: Vec<i64>) -> Tensor {
    let count = values.len();
    Tensor::from_vec(values, [count], tensor::cpu())
}
