//! Padding by numbers and by elements from inside, and what takes it back.

use crate::samples::*;
use tensor_core::op::pad::{Edge, Ends, Pad};
use tensor_core::op::{Op, PadMode};
use tensor_core::{Tensor, or_panic};

/// One of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Ends; 9] = [
    Ends::Bool,
    Ends::Int,
    Ends::Float,
    Ends::Inside(Edge::Reflect),
    Ends::Inside(Edge::Replicate),
    Ends::Inside(Edge::Circular),
    Ends::Gradient(Edge::Reflect),
    Ends::Gradient(Edge::Replicate),
    Ends::Gradient(Edge::Circular),
];

#[test]
fn every_padding() {
    let (input, output): ([usize; 4], [usize; 4]) = ([2, 2, 3, 3], [2, 3, 5, 4]);
    let sides = [[1, 0], [2, 0], [-1, 2]];
    for ends in KINDS {
        let what = format!("{ends:?}");
        let shape = match ends {
            Ends::Bool | Ends::Int | Ends::Float | Ends::Inside(_) => input,
            Ends::Gradient(_) => output,
        };
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Pad(Pad::inside(ends, 1, &sides)), &[&x[0]]));
        for form in FORMS {
            check(&what, f, &[sample(&shape, form, -1.0..1.0, 61)]);
        }
    }
}

#[test]
fn every_method() {
    for mode in [PadMode::from(1.5), PadMode::Reflect, PadMode::Replicate, PadMode::Circular] {
        check("pad of lines", |x| x[0].pad([2, 1], mode), &[any(&[2, 3])]);
        check("pad of images", |x| x[0].pad([-1, 2, 1, 0], mode), &[any(&[1, 2, 3, 4])]);
        check("pad of bodies", |x| x[0].pad([1, 1, 0, 1, -1, 1], mode), &[any(&[1, 3, 2, 2])]);
        check("pad of nothing", |x| x[0].pad([1, 1], mode), &[any(&[0, 2, 3])]);
    }
    check("pad of many dimensions", |x| x[0].pad([0, 1, 0, 0, 0, 0, 1, 0, 0, 2], 7), &[any(&[1, 2, 1, 2, 2])]);
    check("pad by nothing", |x| x[0].pad((), 1), &[any(&[2, 3])]);
}
