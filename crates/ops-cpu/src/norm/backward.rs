//! The gradients of standardized elements, of their weights and of their biases together: x and g are read once for all three,
//! or twice where a group is larger than the caches.

use super::standard::{Groups, add_parts, parameter};
use super::{Real, columns, lanes};
use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::team;
use crate::vector::{Lanes, Vector};
use tensor_core::DType;
use tensor_core::op::norm::{Over, Standard};

/// Rows whose products add up in the rows' own type.
const ROWS: usize = 32;

/// Elements between the sums of products and those of gradients, so that they do not lie a multiple of a page apart, which looks like
/// the same place to the processor for a while.
const APART: usize = 512;

/// From g, x, the weight and perhaps the moments: the gradient of x, then the weights', then the biases'.
pub fn all<T: Real>(standard: Standard, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let groups = Groups::new(standard.over, inputs[1].layout);
    let (g, x) = (Dense::<T>::new(&inputs[0], compute), Dense::<T>::new(&inputs[1], compute));
    let weight = Dense::<T>::new(&inputs[2], compute);
    let given = parameter::<T>(inputs, 3, standard.given, compute);
    let (g, x, weight, given) = (g.all(), x.all(), weight.all(), given.as_ref().map(Dense::all));
    let weights = weight.len();
    // How many partial sums there are of each weight depends on the shape alone.
    let (parts, width) = match standard.over {
        Over::Trailing(_) => (groups.count.div_ceil(ROWS).min(32), groups.len),
        Over::Groups(_) | Over::Channels => (groups.count, groups.weights),
    };
    let mut sums = vec![0.0f64; 2 * parts * width];
    let (products, totals) = sums.split_at_mut(parts * width);
    let (of_weights, of_biases) = (Places::of(products), Places::of(totals));
    dense::write::<T>(out, compute, |to| {
        if standard.over == Over::Channels && groups.len == 1 {
            columns::all(standard, g, x, weight, to, of_weights, of_biases, groups.count);
        } else if groups.each {
            let rows = groups.count.div_ceil(parts.max(1));
            team::parallel(parts, &|part| {
                let (start, end) = (part * rows, groups.count.min((part + 1) * rows));
                // SAFETY: each part has its own sums.
                let sums = unsafe { [of_weights.part(part * width, width), of_biases.part(part * width, width)] };
                dispatch(Rows { standard, groups, g, x, weight, to, sums, start, end });
            });
        } else {
            groups.split(|range| {
                for i in range {
                    // SAFETY: each group has its own sums.
                    let sums = unsafe { [of_weights.part(i * width, width), of_biases.part(i * width, width)] };
                    dispatch(Runs { standard, groups, g, x, weight, given, to, sums, i });
                }
            });
        }
        // SAFETY: behind the gradient of x; the only part.
        let ends = unsafe { to.part(x.len(), 2 * weights) };
        for (ends, sums) in ends.chunks_mut(weights.max(1)).zip([of_weights, of_biases]) {
            // SAFETY: nobody writes any more.
            add_parts(unsafe { sums.part(0, parts * width) }, ends);
        }
    });
}

/// Groups that are rows with a weight for each element.
struct Rows<'a, T> {
    standard: Standard,
    groups: Groups,
    g: &'a [T],
    x: &'a [T],
    weight: &'a [T],
    to: Places<T>,
    sums: [&'a mut [f64]; 2],
    start: usize,
    end: usize,
}

impl<T: Real> Kernel for Rows<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(mut self) {
        let (len, start, end) = (self.groups.len, self.start, self.end);
        let mut few = vec![T::ZERO; 2 * len + APART];
        for first in (start..end).step_by(ROWS) {
            few.fill(T::ZERO);
            let (few_products, few_totals) = few.split_at_mut(len + APART);
            let last = end.min(first + ROWS);
            let mut i = first;
            while i < last {
                let few = [&mut few_products[..len], &mut few_totals[..len]];
                i += if i + 4 <= last { self.rows::<L, 4>(i, few) } else { self.rows::<L, 1>(i, few) };
            }
            for (sums, few) in self.sums.iter_mut().zip([&*few_products, &*few_totals]) {
                for (sum, few) in sums.iter_mut().zip(few) {
                    *sum += few.to_f64();
                }
            }
        }
    }
}

impl<T: Real> Rows<'_, T> {
    /// `R` rows from number `i` on, whose products are added to `few`; returns `R`. Together, because what is added up is read and
    /// written once for all of them.
    #[inline(always)]
    fn rows<L: Level, const R: usize>(&self, i: usize, few: [&mut [T]; 2]) -> usize {
        type Reg<T, L> = <T as Lanes>::Register<L>;
        let Rows { standard, groups, g, x, weight, to, .. } = self;
        let (len, count) = (groups.len, groups.len as f64);
        let of = |number: f64| Reg::<T, L>::splat(T::from_f64(number));
        // Each row's shift, scale, slope and level, of which the gradient is made.
        let mut numbers = [[of(0.0); 4]; R];
        for r in 0..R {
            let (g, row) = (&g[(i + r) * len..][..len], &x[(i + r) * len..][..len]);
            let (mean, variance) = groups.moments::<T, L>(x, i + r, standard.centred);
            let scale = 1.0 / (variance + standard.eps).sqrt();
            let shift = T::from_f64(-mean);
            let (sum, product) = lanes::sums_of_three(g, row, weight, |g, x, w| (g * w, g * w * (x + shift)));
            let level = if standard.centred { scale * sum / count } else { 0.0 };
            let slope = scale * scale * scale * product / count;
            numbers[r] = [of(-mean), of(scale), of(-slope), of(-level)];
        }
        let (one, zero, lanes) = (of(1.0), of(0.0), Reg::<T, L>::LANES);
        let [products, totals] = few.map(|few| few.as_mut_ptr());
        // SAFETY: rows are apart, and each belongs to one part.
        let to = unsafe { to.part(i * len, R * len) }.as_mut_ptr();
        let (g, x) = (g[i * len..].as_ptr(), x[i * len..].as_ptr());
        for at in (0..len).step_by(lanes) {
            let rest = len - at;
            // SAFETY: what is read and written lies within the rows; of the last register only so many lanes do.
            unsafe {
                let load = |from: *const T| match rest < lanes {
                    true => Reg::<T, L>::load_first(from.add(at), rest),
                    false => Reg::<T, L>::load(from.add(at)),
                };
                let store = |register: Reg<T, L>, to: *mut T| match rest < lanes {
                    true => register.store_first(to.add(at), rest),
                    false => register.store(to.add(at)),
                };
                let (weight, mut product, mut total) = (load(weight.as_ptr()), load(products), load(totals));
                for r in 0..R {
                    let [shift, scale, slope, level] = numbers[r];
                    let (g, apart) = (load(g.add(r * len)), load(x.add(r * len)).mul_add(one, shift));
                    let scaled = g.mul_add(scale, zero);
                    store(scaled.mul_add(weight, apart.mul_add(slope, level)), to.add(r * len));
                    product = scaled.mul_add(apart, product);
                    total = g.mul_add(one, total);
                }
                store(product, products);
                store(total, totals);
            }
        }
        R
    }
}

/// A group of runs with a weight for each run.
struct Runs<'a, T> {
    standard: Standard,
    groups: Groups,
    g: &'a [T],
    x: &'a [T],
    weight: &'a [T],
    given: Option<&'a [T]>,
    to: Places<T>,
    sums: [&'a mut [f64]; 2],
    i: usize,
}

impl<T: Real> Kernel for Runs<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Runs { standard, groups, g, x, weight, given, to, sums: [products, totals], i } = self;
        let (len, count) = (groups.len, groups.numel() as f64);
        let (mean, variance) = groups.moments_or::<T, L>(given, x, i, standard.centred);
        let scale = 1.0 / (variance + standard.eps).sqrt();
        let mean = T::from_f64(mean);
        let (mut sum, mut product) = (0.0, 0.0);
        for (run, (at, place)) in groups.runs(i).enumerate() {
            let (s, p) = lanes::sums(&g[at..at + len], &x[at..at + len], |g, x| (g, g * (x - mean)));
            let own = if groups.weights == 1 { 0 } else { run };
            totals[own] += s;
            products[own] += p * scale;
            sum += s * weight[place].to_f64();
            product += p * weight[place].to_f64();
        }
        let level = T::from_f64(if standard.centred { scale * sum / count } else { 0.0 });
        let slope = T::from_f64(scale * scale * scale * product / count);
        for (at, place) in groups.runs(i) {
            let scale = T::from_f64(scale) * weight[place];
            // SAFETY: groups are apart, and each belongs to one range.
            let to = unsafe { to.part(at, len) };
            for ((to, g), x) in to.iter_mut().zip(&g[at..at + len]).zip(&x[at..at + len]) {
                *to = *g * scale - level - (*x - mean) * slope;
            }
        }
    }
}
