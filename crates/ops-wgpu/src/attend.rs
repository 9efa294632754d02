//! Scaled dot-product attention from products, a mask and a softmax; all scores are held at once.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::own::{Own, output_as};
use storage::{DType, Scalar};
use tensor_core::op::attend::Scores;
use tensor_core::op::{Attend, Convert, Matmul, Norm};
use tensor_core::{Device, Dims, Input, Layout, Op, Output, Result};

const PRODUCT: Op = Op::Matmul(Matmul::Bmm);

/// The operands as stacks of matrices.
struct Job<'a> {
    gpu: &'a Gpu,
    scores: Scores,
    /// What sums are held in: halves are not.
    wide: DType,
    items: usize,
    queries: usize,
    keys: usize,
}

/// `x` as a stack of matrices of the dtype `wide`.
fn stacked(gpu: &Gpu, x: &Input<'_>, wide: DType) -> Result<Own> {
    let shape = x.layout.shape();
    let [lead @ .., rows, columns] = &shape[..] else { unreachable!("at least two dimensions") };
    let own = Own::new(gpu, &[lead.iter().product(), *rows, *columns], wide)?;
    let plain = Layout::contiguous(shape.clone());
    let mut output = output_as(&own.output(), &plain);
    gpu.run(&Op::Convert(Convert::Copy), x.dtype, &[*x], &mut output)?;
    Ok(own)
}

fn turned(layout: &Layout) -> Layout {
    layout.permuted(&[0, 2, 1])
}

impl Job<'_> {
    /// The weights of keys for every query.
    fn weights(&self, query: &Own, key: &Own, mask: Option<&Input<'_>>) -> Result<Own> {
        let shape = [self.items, self.queries, self.keys];
        let key_layout = turned(key.layout());
        let scores = Own::of(self.gpu, PRODUCT, &[query.input(), key.view(&key_layout)], &shape, self.wide)?;
        let hidden = Own::new(self.gpu, &shape, self.wide)?;
        self.hide(&scores, mask, &hidden.output())?;
        let weights = Own::of(self.gpu, Op::Norm(Norm::Softmax { dim: 2 }), &[hidden.input()], &shape, self.wide)?;
        // Who sees no key at all takes nothing: PyTorch's `_safe_softmax`.
        let result = Own::new(self.gpu, &shape, self.wide)?;
        let nan = tensor_core::op::Select::NanToNum { nan: 0.0, posinf: f64::INFINITY, neginf: f64::NEG_INFINITY };
        match mask.is_some() && self.wide == DType::F32 {
            false => Ok(weights),
            true => {
                self.gpu.run(&Op::Select(nan), self.wide, &[weights.input()], &mut result.output())?;
                Ok(result)
            }
        }
    }

    /// Scores times the scale, and least where a query does not see a key.
    fn hide(&self, scores: &Own, mask: Option<&Input<'_>>, output: &Output<'_>) -> Result<()> {
        let kind = Kind::of(self.wide);
        let mut kernel = Kernel::new(self.gpu, "attention_mask");
        kernel.variant(u32::from(self.scores.causal)).number("scale", kind, Scalar::Float(self.scores.scale));
        kernel.size("queries", self.queries).size("keys", self.keys);
        let input = scores.input();
        let truth = mask.is_some_and(|mask| mask.dtype == DType::Bool);
        kernel.variant(u32::from(truth));
        let mut operands = vec![Argument::new("x", &input, kind)];
        operands.extend(mask.map(|mask| Argument::new("mask", mask, if truth { Kind::I32 } else { kind })));
        map::gather(&mut kernel, &operands, output, kind, || {
            let causal = if self.scores.causal { "i % keys() > (i / keys()) % queries()" } else { "false" };
            let (hidden, added) = match (mask.is_some(), truth) {
                (false, _) => ("false", ""),
                (true, true) => ("mask(mask_at(i)) == 0", ""),
                (true, false) => ("false", " + mask(mask_at(i))"),
            };
            crate::rows::prelude(kind)
                + &format!(
                    "fn element(i: u32) -> T {{\n    if ({causal} || {hidden}) {{ return least(); }}\n    \
                     return x(x_at(i)) * scale(){added};\n}}\n"
                )
        })
    }
}

pub(crate) fn run(gpu: &Gpu, op: Attend, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let (scores, operands) = match op {
        Attend::Forward(scores) => (scores, inputs),
        Attend::Backward(scores) => (scores, &inputs[2..]),
    };
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let wide = if compute == DType::F64 { DType::F64 } else { DType::F32 };
    let [query, key, value] = [0, 1, 2].map(|i| stacked(gpu, &operands[i], wide));
    let (query, key, value) = (query?, key?, value?);
    let sizes = |x: &Own| [x.layout().shape()[0], x.layout().shape()[1], x.layout().shape()[2]];
    let ([items, queries, width], [_, keys, _], [_, _, values]) = (sizes(&query), sizes(&key), sizes(&value));
    let job = Job { gpu, scores, wide, items, queries, keys };
    let weights = job.weights(&query, &key, operands.get(3))?;
    let stack = |rows: usize, columns: usize, at: usize| {
        let plain = Layout::contiguous(Dims::from(&[items, rows, columns][..]));
        Layout::strided(plain.shape().clone(), plain.strides().clone(), output.layout.offset() + at)
    };
    let write = |op: Op, a: Input<'_>, b: Input<'_>, layout: &Layout| {
        gpu.run(&op, wide, &[a, b], &mut output_as(output, layout))
    };
    match op {
        Attend::Forward(_) => write(PRODUCT, weights.input(), value.input(), &stack(queries, values, 0)),
        Attend::Backward(_) => {
            let g = stacked(gpu, &inputs[0], wide)?;
            let shape = [items, queries, keys];
            let value_layout = turned(value.layout());
            let pulls = Own::of(gpu, PRODUCT, &[g.input(), value.view(&value_layout)], &shape, wide)?;
            let of_scores = Own::of(
                gpu,
                Op::Norm(Norm::SoftmaxBackward { dim: 2 }),
                &[pulls.input(), weights.input()],
                &shape,
                wide,
            )?;
            let scaled = Own::new(gpu, &shape, wide)?;
            let times =
                Op::Scalar { op: tensor_core::op::Binary::Mul, number: Scalar::Float(scores.scale), reversed: false };
            gpu.run(&times, wide, &[of_scores.input()], &mut scaled.output())?;
            let (weights_turned, scaled_turned) = (turned(weights.layout()), turned(scaled.layout()));
            write(PRODUCT, scaled.input(), key.input(), &stack(queries, width, 0))?;
            let at = items * queries * width;
            write(PRODUCT, scaled.view(&scaled_turned), query.input(), &stack(keys, width, at))?;
            write(PRODUCT, weights.view(&weights_turned), g.input(), &stack(keys, values, at + items * keys * width))
        }
    }
}
