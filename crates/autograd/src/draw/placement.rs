//! Coordinates across the layers: how far down each item of a layered graph stands, after Brandes and Köpf, "Fast and
//! simple horizontal coordinate assignment" (2001). Four alignments are computed, one towards each corner, and
//! averaged. Wires are kept straight, and so is the way from operation to operation, to which leaves give way. It
//! knows sizes as numbers and nothing of what is drawn.

use std::collections::HashSet;

use super::layered::Layers;

/// How far an item reaches before and after its anchor, across the layers, in pixels.
pub(super) type Reach = (f64, f64);

/// What the coordinates are computed from.
pub(super) struct Placement<'a> {
    /// The ordered items.
    pub(super) layers: &'a Layers,
    /// The reach of each item.
    pub(super) reach: &'a [Reach],
    /// How much the way through each node matters: a node is aligned with the inputs that matter at least half as
    /// much as the one that matters most.
    pub(super) weight: &'a [usize],
    /// The space between two adjacent items, in pixels.
    pub(super) gap: f64,
}

impl Placement<'_> {
    /// The coordinate of each item's anchor across the layers; the items of a layer do not overlap, and the first
    /// begins at zero or later.
    pub(super) fn coordinates(&self) -> Vec<f64> {
        let count = self.layers.layer.len();
        let strong_before = self.strong_inputs();
        let mut strong_after = vec![Vec::new(); count];
        for (item, inputs) in strong_before.iter().enumerate() {
            for &input in inputs {
                strong_after[input].push(item);
            }
        }
        let conflicts = self.conflicts();
        let mut layouts: Vec<Vec<f64>> = Vec::with_capacity(4);
        for (neighbours, upward) in [(&strong_before, false), (&strong_after, true)] {
            for mirrored in [false, true] {
                let mut rows = self.layers.rows.clone();
                if upward {
                    rows.reverse();
                }
                if mirrored {
                    rows.iter_mut().for_each(|row| row.reverse());
                }
                let root = align(&rows, neighbours, &conflicts);
                let mut layout = self.compact(&rows, &root, mirrored);
                if mirrored {
                    layout.iter_mut().for_each(|coordinate| *coordinate = -*coordinate);
                }
                layouts.push(layout);
            }
        }
        let mut coordinates = self.average(layouts);
        self.draw_leaves_near(&strong_after, &mut coordinates);
        let start = (0..count).map(|item| coordinates[item] - self.reach[item].0).fold(f64::INFINITY, f64::min);
        coordinates.iter_mut().for_each(|coordinate| *coordinate -= start);
        coordinates
    }

    /// The least distance between the anchors of two items, the first directly before the second.
    fn distance(&self, first: usize, second: usize) -> f64 {
        self.reach[first].1 + self.gap + self.reach[second].0
    }

    /// For each item, the inputs with which it may be aligned.
    fn strong_inputs(&self) -> Vec<Vec<usize>> {
        let layers = self.layers;
        let weight = |item: usize| if layers.is_bend(item) { 1 } else { self.weight[item] };
        let mut strong = vec![Vec::new(); layers.layer.len()];
        for (item, inputs) in layers.before.iter().enumerate() {
            let most = inputs.iter().map(|&input| weight(input)).max().unwrap_or(0);
            for &input in inputs {
                // A wire that leaves a node which has a consumer right behind it is the side track.
                let side_track = layers.is_bend(item)
                    && !layers.is_bend(input)
                    && layers.after[input].iter().any(|&other| !layers.is_bend(other));
                if 2 * weight(input) >= most && !side_track && !strong[item].contains(&input) {
                    strong[item].push(input);
                }
            }
            strong[item].sort_by_key(|&input| layers.place[input]);
        }
        strong
    }

    /// The segments (input, item) that cross the inner segment of a wire, which goes first.
    fn conflicts(&self) -> HashSet<(usize, usize)> {
        let layers = self.layers;
        let mut conflicts = HashSet::new();
        for pair in layers.rows.windows(2) {
            let inner: Vec<(usize, usize)> = pair[1]
                .iter()
                .filter(|&&item| layers.is_bend(item) && layers.is_bend(layers.before[item][0]))
                .map(|&item| (layers.place[item], layers.place[layers.before[item][0]]))
                .collect();
            if inner.is_empty() {
                continue;
            }
            // The greatest input place among the inner segments up to an item, and the least among those after it.
            let mut least_after = vec![usize::MAX; inner.len() + 1];
            for index in (0..inner.len()).rev() {
                least_after[index] = least_after[index + 1].min(inner[index].1);
            }
            let (mut passed, mut greatest) = (0, None);
            for (place, &item) in pair[1].iter().enumerate() {
                let own = inner.get(passed).is_some_and(|segment| segment.0 == place);
                let next = passed + usize::from(own);
                if !own {
                    for &input in &layers.before[item] {
                        let from = layers.place[input];
                        if greatest.is_some_and(|greatest| from < greatest) || from > least_after[next] {
                            conflicts.insert((input, item));
                        }
                    }
                } else {
                    greatest = greatest.max(Some(inner[passed].1));
                }
                passed = next;
            }
        }
        conflicts
    }

    /// Coordinates in which each block is straight: as near to the start as the separations allow, then as far on as
    /// the following blocks allow.
    fn compact(&self, rows: &[Vec<usize>], root: &[usize], mirrored: bool) -> Vec<f64> {
        let count = root.len();
        let mut following: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
        let mut waiting = vec![0; count];
        for row in rows {
            for pair in row.windows(2) {
                let distance = if mirrored { self.distance(pair[1], pair[0]) } else { self.distance(pair[0], pair[1]) };
                following[root[pair[0]]].push((root[pair[1]], distance));
                waiting[root[pair[1]]] += 1;
            }
        }
        let mut order: Vec<usize> = (0..count).filter(|&item| root[item] == item && waiting[item] == 0).collect();
        let mut coordinates = vec![0.0f64; count];
        let mut done = 0;
        while done < order.len() {
            let block = order[done];
            done += 1;
            for &(next, distance) in &following[block] {
                coordinates[next] = coordinates[next].max(coordinates[block] + distance);
                waiting[next] -= 1;
                if waiting[next] == 0 {
                    order.push(next);
                }
            }
        }
        for &block in order.iter().rev() {
            let limits = following[block].iter().map(|&(next, distance)| coordinates[next] - distance);
            let limit = limits.fold(f64::INFINITY, f64::min);
            if limit.is_finite() {
                coordinates[block] = limit.max(coordinates[block]);
            }
        }
        (0..count).map(|item| coordinates[root[item]]).collect()
    }

    /// Shifts the four layouts to the narrowest and takes the mean of the two middle coordinates of each item.
    fn average(&self, mut layouts: Vec<Vec<f64>>) -> Vec<f64> {
        let bounds: Vec<(f64, f64)> = layouts
            .iter()
            .map(|layout| {
                layout.iter().zip(self.reach).fold((f64::INFINITY, f64::NEG_INFINITY), |bounds, (at, reach)| {
                    (bounds.0.min(at - reach.0), bounds.1.max(at + reach.1))
                })
            })
            .collect();
        let widths = bounds.iter().map(|bounds| bounds.1 - bounds.0);
        let narrowest = widths.enumerate().fold(
            0,
            |best, (index, width)| {
                if width < bounds[best].1 - bounds[best].0 { index } else { best }
            },
        );
        for (index, layout) in layouts.iter_mut().enumerate() {
            let shift = if index % 2 == 0 {
                bounds[narrowest].0 - bounds[index].0
            } else {
                bounds[narrowest].1 - bounds[index].1
            };
            layout.iter_mut().for_each(|coordinate| *coordinate += shift);
        }
        (0..self.reach.len())
            .map(|item| {
                let mut four: [f64; 4] = std::array::from_fn(|layout| layouts[layout][item]);
                four.sort_by(f64::total_cmp);
                (four[1] + four[2]) / 2.0
            })
            .collect()
    }

    /// Moves the leaves that no alignment holds towards their consumers, as far as their neighbours allow.
    fn draw_leaves_near(&self, strong_after: &[Vec<usize>], coordinates: &mut [f64]) {
        let layers = self.layers;
        // A second round lets a leaf follow one that has made room for it.
        for _ in 0..2 {
            for row in &layers.rows {
                for (place, &item) in row.iter().enumerate() {
                    let consumers = &layers.after[item];
                    if !layers.before[item].is_empty() || !strong_after[item].is_empty() || consumers.is_empty() {
                        continue;
                    }
                    let sum: f64 = consumers.iter().map(|&consumer| coordinates[consumer]).sum();
                    let least = match place.checked_sub(1) {
                        Some(previous) => coordinates[row[previous]] + self.distance(row[previous], item),
                        None => f64::NEG_INFINITY,
                    };
                    let most = match row.get(place + 1) {
                        Some(&next) => coordinates[next] - self.distance(item, next),
                        None => f64::INFINITY,
                    };
                    coordinates[item] = (sum / consumers.len() as f64).min(most).max(least);
                }
            }
        }
    }
}

/// Joins items of successive rows into straight blocks, each item with a median of its neighbours where that is free
/// and nothing joined is crossed; returns the first item of each item's block.
fn align(rows: &[Vec<usize>], neighbours: &[Vec<usize>], conflicts: &HashSet<(usize, usize)>) -> Vec<usize> {
    let count = neighbours.len();
    let mut root: Vec<usize> = (0..count).collect();
    let mut joined = vec![false; count];
    let mut place = vec![0usize; count];
    for (place_in_row, &item) in rows.iter().flat_map(|row| row.iter().enumerate()) {
        place[item] = place_in_row;
    }
    for row in rows {
        // Neighbours before this place can no longer be joined without crossing.
        let mut free = 0;
        for &item in row {
            let mut sorted: Vec<usize> = neighbours[item].clone();
            sorted.sort_by_key(|&neighbour| place[neighbour]);
            if sorted.is_empty() {
                continue;
            }
            for middle in (sorted.len() - 1) / 2..=sorted.len() / 2 {
                let Some(&neighbour) = sorted.get(middle) else { continue };
                let crosses = conflicts.contains(&(neighbour, item)) || conflicts.contains(&(item, neighbour));
                if !joined[item] && place[neighbour] >= free && !crosses {
                    joined[item] = true;
                    root[item] = root[neighbour];
                    free = place[neighbour] + 1;
                }
            }
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::super::graph::Graph;
    use super::super::samples::tangle;
    use super::*;

    fn place(count: usize, edges: &[(usize, usize)], weight: &[usize]) -> (Layers, Vec<f64>) {
        let layers = Layers::new(&Graph::new(count, edges));
        let reach: Vec<Reach> = (0..layers.layer.len())
            .map(|item| if layers.is_bend(item) { (2.0, 2.0) } else { (10.0 + (item % 7) as f64, 12.0) })
            .collect();
        let coordinates = Placement { layers: &layers, reach: &reach, weight, gap: 8.0 }.coordinates();
        for row in &layers.rows {
            for pair in row.windows(2) {
                let distance = coordinates[pair[1]] - coordinates[pair[0]];
                assert!(distance >= reach[pair[0]].1 + 8.0 + reach[pair[1]].0 - 1e-6, "{pair:?} overlap");
            }
        }
        (layers, coordinates)
    }

    #[test]
    fn items_of_a_layer_keep_their_order_and_distance() {
        for seed in 0..30 {
            place(50, &tangle(50, seed).edges, &[3; 50]);
        }
    }

    #[test]
    fn a_wire_without_crossings_is_straight() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)];
        let (layers, coordinates) = place(5, &edges, &[3; 5]);
        let bends: Vec<f64> = (layers.nodes..layers.layer.len()).map(|bend| coordinates[bend]).collect();
        assert_eq!(bends.len(), 3);
        assert!(bends.iter().all(|&bend| (bend - bends[0]).abs() < 1e-9));
        assert!((1..5).all(|node| (coordinates[node] - coordinates[0]).abs() < 1e-9), "the main way is straight");
    }

    #[test]
    fn an_operation_stands_between_equal_inputs_and_level_with_the_stronger_one() {
        let (_, balanced) = place(3, &[(0, 2), (1, 2)], &[3; 3]);
        assert!((balanced[2] - (balanced[0] + balanced[1]) / 2.0).abs() < 1e-9);
        let (_, level) = place(3, &[(0, 2), (1, 2)], &[0, 3, 3]);
        assert!((level[2] - level[1]).abs() < 1e-9);
    }

    #[test]
    fn conflicts_are_the_crossings_with_inner_segments() {
        let mut met = 0;
        for seed in 0..20 {
            let layers = Layers::new(&Graph::new(60, &tangle(60, seed).edges));
            let reach = vec![(1.0, 1.0); layers.layer.len()];
            let placement = Placement { layers: &layers, reach: &reach, weight: &[1; 60], gap: 1.0 };
            let inner = |input: usize, item: usize| layers.is_bend(input) && layers.is_bend(item);
            let mut expected = HashSet::new();
            for row in layers.rows.iter().skip(1) {
                let segments: Vec<(usize, usize)> =
                    row.iter().flat_map(|&item| layers.before[item].iter().map(move |&input| (input, item))).collect();
                for &(input, item) in segments.iter().filter(|segment| !inner(segment.0, segment.1)) {
                    let crossed = segments.iter().filter(|segment| inner(segment.0, segment.1)).any(|other| {
                        let above = layers.place[input].cmp(&layers.place[other.0]);
                        above.is_ne() && above == layers.place[item].cmp(&layers.place[other.1]).reverse()
                    });
                    if crossed {
                        expected.insert((input, item));
                    }
                }
            }
            met += expected.len();
            assert_eq!(placement.conflicts(), expected);
        }
        assert!(met > 0, "no sample has a conflict");
    }

    #[test]
    fn empty_and_unconnected_graphs_have_coordinates() {
        assert!(place(0, &[], &[]).1.is_empty());
        let (_, coordinates) = place(3, &[], &[3; 3]);
        assert_eq!(coordinates[0], 10.0);
    }
}
