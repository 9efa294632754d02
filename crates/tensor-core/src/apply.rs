//! The one door: every operation, fresh or in place, is planned, run and recorded here. It knows no operation by name but
//! views, which only change the layout.

use crate::history::{Parents, Record, Slot};
use crate::layout::Overlap;
use crate::op::random::Random;
use crate::op::update::Update;
use crate::op::view::View;
use crate::op::{Convert, Plan};
use crate::tensor::{TensorImpl, common_device};
use crate::{Device, Dims, Generator, Input, Layout, Op, Output, Result, Tensor, bail, mode};
use smallvec::SmallVec;
use std::sync::Arc;
use storage::{Reading, Single, Storage, Target, Writing};

impl Tensor {
    /// Runs `op` on `inputs` and returns its result, recorded if somebody watches an input.
    ///
    /// # Errors
    /// Whatever the operation's plan finds wrong with shapes, dtypes or arguments, and what the device cannot do.
    #[inline]
    pub fn apply(op: Op, inputs: &[&Tensor]) -> Result<Tensor> {
        let device = common_device(inputs)?;
        if let Some((dtype, compute)) = op.plan_alike(inputs)? {
            return Tensor::run_fresh(op, inputs, inputs[0].layout(), dtype, compute, device);
        }
        let Plan { layout, dtype, compute } = op.plan(inputs)?;
        Tensor::run_fresh(op, inputs, &layout, dtype, compute, device)
    }

    /// Runs an operation without tensor operands on `device`.
    #[inline]
    pub fn create(op: Op, plan: &Plan, device: &'static dyn Device) -> Result<Tensor> {
        Tensor::run_fresh(op, &[], &plan.layout, plan.dtype, plan.compute, device)
    }

    /// Runs a planned operation into a storage of its own. The layout is passed by reference: it is large, and this is the
    /// path on which a move of it can be seen.
    fn run_fresh(
        op: Op,
        inputs: &[&Tensor],
        layout: &Layout,
        dtype: crate::DType,
        compute: crate::DType,
        device: &'static dyn Device,
    ) -> Result<Tensor> {
        let mut storage = device.allocate(layout.numel() * dtype.size())?;
        let target = match storage.device_memory() {
            Some(_) => Target::Device(storage.device_memory().expect("just seen")),
            None => Target::Host(storage.exclusive().expect("host memory")),
        };
        let output = &mut Output { target, layout, dtype };
        // One and two operands are nearly all there is, and cost no lists.
        match inputs {
            [] => device.run(&op, compute, &[], output)?,
            [x] => {
                let held = Single::lock(&x.0.storage);
                device.run(&op, compute, &[input(x, Some(held.source()))], output)?;
            }
            [x, y] => {
                let (first, second) = Single::lock_pair(&x.0.storage, &y.0.storage);
                let other = second.as_ref().unwrap_or(&first).source();
                device.run(&op, compute, &[input(x, Some(first.source())), input(y, Some(other))], output)?;
            }
            many => {
                let storages: SmallVec<[&Storage; 4]> = many.iter().map(|x| &*x.0.storage).collect();
                let reading = Reading::lock(&storages);
                let operands: SmallVec<[Input; 4]> =
                    many.iter().enumerate().map(|(i, x)| input(x, Some(reading.source(i)))).collect();
                device.run(&op, compute, &operands, output)?;
            }
        }
        let mut output = Tensor::assemble(storage, layout.clone(), dtype, device);
        if mode::is_recording() && inputs.iter().any(|x| x.is_tracked()) {
            record(&op, inputs, &mut output);
        }
        Ok(output)
    }

    /// A copy of `self` on another device.
    pub(crate) fn apply_move(&self, device: &'static dyn Device) -> Result<Tensor> {
        let mut output = Tensor::from_bytes(&self.host_bytes()?, self.shape().clone(), self.dtype(), device)?;
        if mode::is_recording() && self.is_tracked() {
            record(&Op::Convert(Convert::Move), &[self], &mut output);
        }
        Ok(output)
    }

    /// A view of `self`: the same storage under `layout`, recorded as `view`.
    #[inline]
    pub(crate) fn apply_view(&self, view: View, layout: Layout) -> Tensor {
        let mut output = Tensor(Arc::new(self.with_layout(layout)));
        if mode::is_recording() && self.is_tracked() {
            record(&Op::View(view), &[self], &mut output);
        } else {
            let version = self.0.storage.version();
            if version != 0 {
                output.0.slot.set(None, false, version);
            }
        }
        output
    }

    /// A fresh row-major result in another shape. It is no view: nobody else will see what it was.
    pub(crate) fn unsafe_view(&self, shape: Dims) -> Tensor {
        let layout = Layout::contiguous(shape);
        let mut output = Tensor(Arc::new(TensorImpl { base: None, ..self.with_layout(layout) }));
        if mode::is_recording() && self.is_tracked() {
            record(&Op::View(View::UnsafeView), &[self], &mut output);
        }
        output
    }

    /// The first elements of a fresh row-major result, in another shape, as a tensor of its own: nobody else will see the rest.
    ///
    /// # Panics
    /// If there are not as many elements.
    pub fn into_front(self, shape: impl Into<Dims>) -> Tensor {
        let shape = shape.into();
        assert!(
            shape.iter().product::<usize>() <= self.numel() && self.is_contiguous(),
            "the front of a longer tensor"
        );
        self.unsafe_view(shape)
    }

    /// Runs `op` on `inputs` and writes the result into `self`. Where `self` is the first input, this is the operation in
    /// place. The shapes of the inputs may broadcast to the shape of `self`, not beyond it.
    ///
    /// # Errors
    /// As [`apply`](Tensor::apply); also if the result's shape or kind of number does not fit `self`, if elements of `self`
    /// share memory with each other or partly with an input, or if `self` is a leaf whose gradient is wanted.
    pub fn write(&self, op: Op, inputs: &[&Tensor]) -> Result<()> {
        let plan = op.plan(inputs)?;
        if plan.layout.shape() != self.shape() && !op.fills() {
            bail!(
                Shape,
                "output with shape {:?} doesn't match the broadcast shape {:?}",
                self.shape(),
                plan.layout.shape()
            );
        }
        if !can_cast(plan.dtype, self.dtype()) && !op.casts_freely() {
            bail!(
                DType,
                "result type {} can't be cast to the desired output type {}",
                plan.dtype.type_name(),
                self.dtype().type_name()
            );
        }
        let watched = self.check_writable(inputs)?;
        let copies = separate(self, inputs, watched)?;
        let mut operands: SmallVec<[&Tensor; 3]> = SmallVec::from_slice(inputs);
        for (i, copy) in &copies {
            operands[*i] = copy;
        }
        let inputs = &operands[..];
        if let [first, ..] = inputs {
            common_device(&[self, first])?;
            common_device(inputs)?;
        }
        if watched { self.write_recorded(op, plan, inputs) } else { self.run_into(&op, plan.compute, inputs) }
    }

    /// Fills `self` with random numbers from `generator`, in the order of memory.
    pub fn draw(&self, what: Random, generator: &Generator) -> Result<()> {
        let watched = self.check_writable(&[])?;
        {
            let mut writing = Writing::lock(&self.0.storage, &[]);
            let (target, _) = writing.parts();
            let mut output = Output { target, layout: &self.0.layout, dtype: self.dtype() };
            self.device().draw(&what, generator, &mut output)?;
        }
        if watched { self.write_recorded_after(&Op::fill(0.0), &[self], self.old_history()) } else { Ok(()) }
    }

    /// Moves `self` and `memory`, which are written in place, by one step along `gradient`. Steps are not differentiable.
    ///
    /// # Errors
    /// If a tensor cannot be written or its writing would have to be recorded, or two of them share storage.
    pub(crate) fn write_update(&self, update: &Update, gradient: &Tensor, memory: &[&Tensor]) -> Result<()> {
        let outputs: SmallVec<[&Tensor; 4]> = std::iter::once(self).chain(memory.iter().copied()).collect();
        for (i, output) in outputs.iter().enumerate() {
            if output.check_writable(&[])? {
                bail!(Autograd, "an optimizer's step cannot be differentiated: call it under no_grad");
            }
            let shared =
                gradient.shares_storage(output) || outputs[..i].iter().any(|other| other.shares_storage(output));
            if shared {
                bail!(Overlap, "a parameter, its gradient and an optimizer's memory of it must not share storage");
            }
        }
        let device = common_device(&outputs)?;
        common_device(&[self, gradient])?;
        let storages: SmallVec<[&Storage; 4]> = outputs.iter().map(|x| &*x.0.storage).collect();
        let mut writing = Writing::lock_many(&storages, &[&gradient.0.storage]);
        let (targets, reading) = writing.all_parts();
        let mut targets: SmallVec<[Output; 4]> =
            targets.zip(&outputs).map(|(target, x)| Output { target, layout: &x.0.layout, dtype: x.dtype() }).collect();
        device.update(update, input(gradient, Some(reading.source(0))), &mut targets)
    }

    /// Whether a write of values that depend on `inputs` has to be recorded. Code that writes past the operations, into the bytes
    /// themselves, has to ask too, and must not write where the answer is yes.
    ///
    /// # Errors
    /// If the write may not happen at all: elements share memory, or the gradient of a leaf is wanted.
    pub fn check_writable(&self, inputs: &[&Tensor]) -> Result<bool> {
        if self.0.layout.overlaps_itself() {
            bail!(
                Overlap,
                "unsupported operation: more than one element of the written-to tensor refers to a single memory location. \
                 Please clone() the tensor before performing the operation."
            );
        }
        if !mode::is_recording() {
            return Ok(false);
        }
        let is_watched_leaf = |x: &Tensor| x.0.slot.is_tracked() && x.0.slot.get().is_some_and(|past| past.is_leaf());
        match self.base() {
            None if is_watched_leaf(self) => {
                bail!(Autograd, "a leaf Variable that requires grad is being used in an in-place operation.")
            }
            Some(base) if base.0.slot.is_tracked() && !self.is_tracked() => bail!(
                Autograd,
                "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case \
                 is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace \
                 either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want \
                 the inplace to be tracked)."
            ),
            Some(base) if is_watched_leaf(base) || is_watched_leaf(self) => {
                bail!(Autograd, "a view of a leaf Variable that requires grad is being used in an in-place operation.")
            }
            _ => {}
        }
        Ok(self.is_tracked()
            || inputs.iter().any(|x| x.is_tracked())
            || self.base().is_some_and(|base| base.0.slot.is_tracked()))
    }

    /// Locks and runs, without recording.
    fn run_into(&self, op: &Op, compute: crate::DType, inputs: &[&Tensor]) -> Result<()> {
        let others: SmallVec<[&Storage; 3]> =
            inputs.iter().filter(|x| !x.shares_storage(self)).map(|x| &*x.0.storage).collect();
        let mut writing = Writing::lock(&self.0.storage, &others);
        let (target, reading) = writing.parts();
        let mut other = 0..;
        let operands: SmallVec<[Input; 3]> = inputs
            .iter()
            .map(|x| input(x, (!x.shares_storage(self)).then(|| reading.source(other.next().expect("endless")))))
            .collect();
        let mut output = Output { target, layout: &self.0.layout, dtype: self.dtype() };
        self.device().run(op, compute, &operands, &mut output)
    }

    /// Runs in place and records, keeping the old value if the record needs it.
    fn write_recorded(&self, op: Op, plan: Plan, inputs: &[&Tensor]) -> Result<()> {
        let mut parents: Parents = inputs.iter().map(|x| watched_history(x)).collect();
        let old = match parents.iter().flatten().next() {
            Some(past) if inputs[0].shares_storage(self) => past.before_overwrite(&op, inputs, &parents),
            _ => None,
        };
        if op.replaces() {
            parents.extend(self.old_history());
        }
        self.run_into(&op, plan.compute, inputs)?;
        let mut inputs: SmallVec<[&Tensor; 3]> = SmallVec::from_slice(inputs);
        if let Some(old) = &old {
            inputs[0] = old;
        }
        if op.replaces() {
            inputs.push(self);
        }
        self.write_recorded_after(&op, &inputs, parents)
    }

    /// The history of a value that is written over without having been read: whoever watched it goes on watching. A view
    /// needs none, its base's record says what was replaced.
    fn old_history(&self) -> Parents {
        smallvec::smallvec![if self.is_view() { None } else { watched_history(self) }]
    }

    /// Gives `self`, just overwritten by `op`, its new history; a view passes it on to its base.
    fn write_recorded_after(&self, op: &Op, inputs: &[&Tensor], parents: Parents) -> Result<()> {
        let bare = self.detach();
        let mine = recorder(&parents).and_then(|record| record(op, inputs, parents, &bare));
        let Some(base) = self.base() else {
            self.0.slot.replace(mine, self.0.storage.version());
            return Ok(());
        };
        // The base's value is now its old one with this view's part replaced.
        let old = watched_history(base);
        let parents: Parents = smallvec::smallvec![old, mine];
        if let Some(record) = recorder(&parents) {
            let scatter = Op::View(View::Scatter);
            let new = record(&scatter, &[base, &bare], parents, &base.detach());
            base.0.slot.replace(new, self.0.storage.version());
        }
        // This view, as all others of the base, asks the base from now on.
        self.0.slot.set(None, false, self.0.storage.version().wrapping_sub(1));
        Ok(())
    }
}

#[inline]
fn input<'a>(x: &'a Tensor, source: Option<storage::Source<'a>>) -> Input<'a> {
    Input { source, layout: &x.0.layout, dtype: x.0.dtype }
}

/// The history that a record may refer to.
#[inline]
fn watched_history(x: &Tensor) -> Option<crate::history::Past> {
    if x.is_tracked() { x.history() } else { None }
}

/// Who records for these parents.
#[inline]
fn recorder(parents: &Parents) -> Option<Record> {
    parents.iter().flatten().next().map(|past| past.recorder())
}

/// Asks the first watched input what the fresh `output` shall remember.
fn record(op: &Op, inputs: &[&Tensor], output: &mut Tensor) {
    let parents = match inputs {
        [x] => Parents::from_buf_and_len([watched_history(x), None], 1),
        [x, y] => Parents::from_buf([watched_history(x), watched_history(y)]),
        many => many.iter().map(|x| watched_history(x)).collect(),
    };
    let Some(record) = recorder(&parents) else { return };
    if let Some(past) = record(op, inputs, parents, output) {
        let version = output.0.storage.version();
        match Arc::get_mut(&mut output.0) {
            Some(fresh) => fresh.slot.init(past, version),
            None => output.0.slot.set(Some(past), true, version),
        }
    }
}

/// Copies of those inputs that share storage with `output` without being exactly it: bytes cannot be borrowed for writing
/// and reading at once. The copies have the histories of what they are copies of.
fn separate(output: &Tensor, inputs: &[&Tensor], watched: bool) -> Result<SmallVec<[(usize, Tensor); 1]>> {
    let mut copies = SmallVec::new();
    for (i, x) in inputs.iter().enumerate().filter(|(_, x)| x.shares_storage(output)) {
        let overlap = if x.dtype() == output.dtype() { output.layout().overlap(x.layout()) } else { Overlap::Unknown };
        match overlap {
            Overlap::Same if i == 0 && x.layout() == output.layout() => {}
            Overlap::Partial => bail!(
                Overlap,
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory \
                 location. Please clone() the tensor before performing the operation."
            ),
            _ => {
                let copy = x.try_clone_data()?;
                if watched && x.is_tracked() {
                    copy.set_history(x.history(), true);
                }
                copies.push((i, copy));
            }
        }
    }
    Ok(copies)
}

/// Whether values of `from` may be written into a tensor of `to`: never to a lower kind.
pub(crate) fn can_cast(from: crate::DType, to: crate::DType) -> bool {
    use crate::DType::Bool;
    (to.is_floating_point() || !from.is_floating_point()) && (to != Bool || from == Bool)
}

impl std::fmt::Debug for TensorImpl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tensor").field("layout", &self.layout).field("dtype", &self.dtype).finish_non_exhaustive()
    }
}

/// A slot is part of the object even where nothing is recorded.
const _: () = assert!(std::mem::size_of::<Slot>() <= 40);
