//! `einsum`: products and sums written with letters for dimensions. Each operand is brought into one order of dimensions, those
//! of the result first; pairs are then multiplied from left to right, as matrix products where they sum over something.

mod parse;

use crate::{Dims, Result, Tensor, bail, or_panic};
use parse::{Subscript, parse};

/// Products of the operands' elements, summed over the letters that the result lacks: `"ij,jk->ik"` is the matrix product.
/// Without `->`, the result has the letters that occur once, in the order of the alphabet; a letter twice on one operand
/// means its diagonal; `...` stands for further dimensions, which broadcast. More than two operands are multiplied from left
/// to right.
///
/// ```
/// # use tensor_core::{Tensor, compose::einsum::einsum};
/// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
/// assert_eq!(einsum("ij,jk->ik", &[&x, &x]).to_vec::<f32>(), x.mm(&x).to_vec::<f32>());
/// assert_eq!(einsum("ii", &[&x]).item::<f32>(), 5.0);
/// ```
///
/// # Panics
/// Where [`try_einsum`] returns an error.
#[track_caller]
pub fn einsum<T: AsRef<Tensor>>(equation: &str, operands: &[T]) -> Tensor {
    or_panic(try_einsum(equation, operands))
}

/// As [`einsum`], but returns misuse as an error.
///
/// # Errors
/// If the equation is none, does not fit the operands, or a letter has two sizes.
pub fn try_einsum<T: AsRef<Tensor>>(equation: &str, operands: &[T]) -> Result<Tensor> {
    let equation = parse(equation, operands.len())?;
    let tensors: Vec<&Tensor> = operands.iter().map(AsRef::as_ref).collect();
    let order = Order::new(&equation.operands, &equation.output, &tensors)?;
    let mut rest = equation.operands.iter().zip(&tensors).enumerate();
    let (_, (subscripts, first)) = rest.next().expect("at least one operand");
    let mut result = order.arrange(0, subscripts, first)?;
    check_sizes(&equation.operands, &tensors)?;
    let mut aligned = vec![];
    for (i, (subscripts, x)) in rest {
        aligned.push(order.arrange(i, subscripts, x)?);
    }
    for (i, x) in aligned.iter().enumerate() {
        // Whatever no later operand has may be summed now.
        let last = |dim: usize| aligned[i + 1..].iter().all(|later| later.shape()[dim] == 1);
        let summed: Vec<usize> = (order.kept..order.rank).filter(|dim| last(*dim)).collect();
        result = pair(&result, x, &summed)?;
    }
    let left: Vec<usize> = (order.kept..order.rank).filter(|dim| result.shape()[*dim] != 1).collect();
    if !left.is_empty() {
        result = result.try_sum_dim(left, true)?;
    }
    result.try_reshape(&result.shape()[..order.kept])
}

/// The common order of dimensions: the result's, then those that are summed.
struct Order {
    /// The place of each letter.
    letters: Vec<(u8, usize)>,
    /// Where the dimensions of ellipses begin, and how many there are.
    ellipsis: (usize, usize),
    kept: usize,
    rank: usize,
}

impl Order {
    fn new(operands: &[Vec<Subscript>], output: &[Subscript], tensors: &[&Tensor]) -> Result<Order> {
        let mut covered = 0;
        for (i, (subscripts, x)) in operands.iter().zip(tensors).enumerate() {
            let letters = subscripts.iter().filter(|s| **s != Subscript::Ellipsis).count();
            let has_ellipsis = letters < subscripts.len();
            if !has_ellipsis && letters != x.ndim() {
                bail!(
                    Shape,
                    "einsum(): the number of subscripts in the equation ({letters}) does not match the number of dimensions ({}) for \
                     operand {i} and no ellipsis was given",
                    x.ndim()
                );
            }
            if letters > x.ndim() {
                bail!(
                    Shape,
                    "einsum(): the number of subscripts in the equation ({letters}) is more than the number of dimensions ({}) for \
                     operand {i}",
                    x.ndim()
                );
            }
            covered = covered.max(if has_ellipsis { x.ndim() - letters } else { 0 });
        }
        let mut order = Order { letters: vec![], ellipsis: (0, covered), kept: 0, rank: 0 };
        let mut placed = false;
        for (i, subscript) in output.iter().chain(operands.iter().flatten()).enumerate() {
            if i == output.len() {
                order.kept = order.rank;
            }
            match *subscript {
                Subscript::Ellipsis if placed => {}
                Subscript::Ellipsis => {
                    placed = true;
                    order.ellipsis.0 = order.rank;
                    order.rank += covered;
                }
                Subscript::Letter(letter) if order.letters.iter().any(|(l, _)| *l == letter) => {}
                Subscript::Letter(letter) => {
                    order.letters.push((letter, order.rank));
                    order.rank += 1;
                }
            }
        }
        Ok(order)
    }

    fn place(&self, letter: u8) -> usize {
        self.letters.iter().find(|(l, _)| *l == letter).expect("every letter has a place").1
    }

    /// The operand with its dimensions in the common order, size one where it has none.
    fn arrange(&self, operand: usize, subscripts: &[Subscript], x: &Tensor) -> Result<Tensor> {
        let letters = subscripts.iter().filter(|s| **s != Subscript::Ellipsis).count();
        let own = x.ndim() - letters;
        // For each dimension its place in the common order.
        let mut places: Vec<usize> = vec![];
        for subscript in subscripts {
            match *subscript {
                Subscript::Letter(letter) => places.push(self.place(letter)),
                // Ellipses of fewer dimensions are aligned at the last one.
                Subscript::Ellipsis => {
                    places.extend((self.ellipsis.1 - own..self.ellipsis.1).map(|i| self.ellipsis.0 + i))
                }
            }
        }
        let mut x = x.clone();
        while let Some((first, second)) = repeated(&places) {
            let (a, b) = (x.shape()[first], x.shape()[second]);
            if a != b {
                let letter = self.letters.iter().find(|(_, at)| *at == places[first]).expect("a letter").0 as char;
                bail!(
                    Shape,
                    "einsum(): subscript {letter} is repeated for operand {operand} but the sizes don't match, {b} != {a}"
                );
            }
            x = x.try_diagonal(0, first as i64, second as i64)?;
            let place = places[first];
            places.remove(second);
            places.remove(first);
            places.push(place);
        }
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|dim| places[*dim]);
        let sorted = order.iter().map(|dim| *dim as i64).collect::<Vec<_>>();
        x = x.try_permute(sorted)?;
        for dim in (0..self.rank).filter(|dim| !places.contains(dim)) {
            x = x.try_unsqueeze(dim as i64)?;
        }
        Ok(x)
    }
}

/// Two dimensions with one place.
fn repeated(places: &[usize]) -> Option<(usize, usize)> {
    (0..places.len()).find_map(|i| (i + 1..places.len()).find(|j| places[*j] == places[i]).map(|j| (i, j)))
}

/// Sizes of a letter agree or are one, and so do those that ellipses cover.
fn check_sizes(operands: &[Vec<Subscript>], tensors: &[&Tensor]) -> Result<()> {
    let mut letters: Vec<(u8, usize)> = vec![];
    let covered_most = |subscripts: &[Subscript], x: &Tensor| x.ndim() + 1 - subscripts.len().min(x.ndim() + 1);
    let most = operands.iter().zip(tensors).filter(|(s, _)| s.contains(&Subscript::Ellipsis));
    let most = most.map(|(s, x)| covered_most(s, x)).max().unwrap_or(0);
    let mut ellipsis = vec![1; most];
    for (i, (subscripts, x)) in operands.iter().zip(tensors).enumerate() {
        let mut dim = 0;
        for subscript in subscripts {
            match *subscript {
                Subscript::Letter(letter) => {
                    let size = x.shape()[dim];
                    dim += 1;
                    match letters.iter_mut().find(|(l, _)| *l == letter) {
                        None => letters.push((letter, size)),
                        Some((_, seen)) if *seen == 1 => *seen = size,
                        Some((_, seen)) if size != 1 && size != *seen => bail!(
                            Shape,
                            "einsum(): subscript {} has size {size} for operand {i} which does not broadcast with previously seen \
                             size {seen}",
                            letter as char
                        ),
                        Some(_) => {}
                    }
                }
                Subscript::Ellipsis => {
                    let covered = covered_most(subscripts, x);
                    for at in most - covered..most {
                        let (size, seen) = (x.shape()[dim], ellipsis[at]);
                        dim += 1;
                        if seen == 1 {
                            ellipsis[at] = size;
                        } else if size != 1 && size != seen {
                            bail!(
                                Shape,
                                "einsum(): dimension {at} covered by ellipsis in operand {i}has size {size} which does not broadcast \
                                 with previously seen ellipsis with size {seen} for the respective dimension"
                            );
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// The product of two tensors of one rank, broadcast, summed over some dimensions, which stay with size one: a matrix product
/// over those that both have (PyTorch's `sumproduct_pair`).
pub(crate) fn pair(a: &Tensor, b: &Tensor, summed: &[usize]) -> Result<Tensor> {
    if a.dtype() != b.dtype() && !summed.is_empty() {
        bail!(DType, "expected scalar type {} but found {}", a.dtype().type_name(), b.dtype().type_name());
    }
    let rank = a.ndim();
    let wide = |x: &Tensor, dim: usize| x.shape()[dim] != 1;
    // What only one side has is summed before it takes part in the product.
    let alone = |x: &Tensor, other: &Tensor| -> Result<Tensor> {
        let dims: Vec<usize> = summed.iter().copied().filter(|dim| wide(x, *dim) && !wide(other, *dim)).collect();
        if dims.is_empty() { Ok(x.clone()) } else { x.try_sum_dim(dims, true) }
    };
    let (left, right) = (alone(a, b)?, alone(b, a)?);
    let common: Vec<usize> = summed.iter().copied().filter(|dim| wide(a, *dim) && wide(b, *dim)).collect();
    if common.is_empty() {
        return left.try_mul(&right);
    }
    let kept: Vec<usize> = (0..rank).filter(|dim| !common.contains(dim)).collect();
    let of = |keep: &dyn Fn(usize) -> bool| kept.iter().copied().filter(|dim| keep(*dim)).collect::<Vec<usize>>();
    let both = of(&|dim| wide(&left, dim) == wide(&right, dim));
    let (rows, columns) =
        (of(&|dim| wide(&left, dim) && !wide(&right, dim)), of(&|dim| wide(&right, dim) && !wide(&left, dim)));
    let count = |x: &Tensor, dims: &[usize]| dims.iter().map(|dim| x.shape()[*dim]).product::<usize>();
    let (n, k, m, batch) = (count(&left, &rows), count(&left, &common), count(&right, &columns), count(&left, &both));
    let stack = |x: &Tensor, parts: [&[usize]; 4], shape: [usize; 3]| x.try_permute(parts.concat())?.try_reshape(shape);
    let left_stack = stack(&left, [&both, &rows, &common, &columns], [batch, n, k])?;
    let right_stack = stack(&right, [&both, &common, &columns, &rows], [batch, k, m])?;
    let product = match batch {
        1 => left_stack.try_squeeze_dim(0)?.try_mm(&right_stack.try_squeeze_dim(0)?)?,
        _ => left_stack.try_bmm(&right_stack)?,
    };
    let order = [&both[..], &rows, &columns, &common].concat();
    let size = |dim: &usize| if common.contains(dim) { 1 } else { left.shape()[*dim].max(right.shape()[*dim]) };
    let empty = |dim: &usize| left.shape()[*dim] == 0 || right.shape()[*dim] == 0;
    let sizes: Dims = order.iter().map(|dim| if !common.contains(dim) && empty(dim) { 0 } else { size(dim) }).collect();
    let mut inverse = vec![0; rank];
    order.iter().enumerate().for_each(|(place, dim)| inverse[*dim] = place);
    product.try_reshape(sizes)?.try_permute(inverse)
}
