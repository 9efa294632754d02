//! The geometry of a picture: every figure at its place, the layers at theirs, and the points at which wires arrive. It
//! does not know how a line or a text is written down.

use super::figure::Figure;
use super::graph::Graph;
use super::layered::Layers;
use super::placement::{Placement, Reach};
use super::{Direction, Drawing, Mark, Role};

/// The length and half the width of an arrow head.
pub(super) const ARROW: (f64, f64) = (8.0, 3.4);

/// Figures with their positions. "Along" is the way of the edges, "across" the other one.
pub(super) struct Picture<'a> {
    pub(super) direction: Direction,
    pub(super) marks: Vec<&'a Mark>,
    pub(super) figures: Vec<Figure>,
    pub(super) layers: Layers,
    /// Wires that end at each node and begin at none.
    pub(super) cut: Vec<usize>,
    /// The coordinate of each layer's anchors along the edges.
    pub(super) along: Vec<f64>,
    /// How far each layer reaches from its anchors.
    pub(super) reach: Vec<Reach>,
    /// The coordinate of each item across the edges.
    pub(super) across: Vec<f64>,
    /// For each item and each of its inputs in turn, then each cut wire: where it arrives, from the item's centre.
    pub(super) ports: Vec<Vec<f64>>,
    /// The size of the graph along and across.
    pub(super) size: (f64, f64),
}

impl<'a> Picture<'a> {
    /// The picture of the newest `limit` nodes of a drawing, and how many nodes it leaves out.
    pub(super) fn of(drawing: &'a Drawing, direction: Direction, limit: usize) -> (Picture<'a>, usize) {
        let whole = Graph::new(drawing.nodes.len(), &drawing.edges);
        let kept = whole.newest(limit);
        let mut index_of = vec![usize::MAX; drawing.nodes.len()];
        for (index, &node) in kept.iter().enumerate() {
            index_of[node] = index;
        }
        let mut cut = vec![0; kept.len()];
        let mut edges = Vec::new();
        for (index, &node) in kept.iter().enumerate() {
            for &input in &whole.inputs[node] {
                match index_of[input] {
                    usize::MAX => cut[index] += 1,
                    from => edges.push((from, index)),
                }
            }
        }
        let graph = Graph::new(kept.len(), &edges);
        let marks: Vec<&Mark> = kept.iter().map(|&node| &drawing.nodes[node]).collect();
        let figures = (0..kept.len())
            .map(|node| Figure::new(marks[node], direction, graph.inputs[node].len() + cut[node], cut[node]))
            .collect();
        (Picture::new(direction, marks, figures, &graph, cut), drawing.nodes.len() - kept.len())
    }

    fn new(
        direction: Direction,
        marks: Vec<&'a Mark>,
        figures: Vec<Figure>,
        graph: &Graph,
        cut: Vec<usize>,
    ) -> Picture<'a> {
        let layers = Layers::new(graph);
        let mut reach_across = vec![(3.0, 3.0); layers.layer.len()];
        for (item, figure) in figures.iter().enumerate() {
            reach_across[item] = figure.across;
        }
        // The longer the way to a node, the more it is the thread of the picture; a side branch such as the transpose
        // of a weight joins it from the side.
        let weight: Vec<usize> = marks
            .iter()
            .zip(graph.depths())
            .map(|(mark, depth)| if depth == 0 && mark.role == Role::Constant { 0 } else { 2 * depth + 1 })
            .collect();
        let gap = if direction == Direction::LeftToRight { 14.0 } else { 20.0 };
        let across = Placement { layers: &layers, reach: &reach_across, weight: &weight, gap }.coordinates();

        let ports: Vec<Vec<f64>> = (0..layers.layer.len())
            .map(|item| match figures.get(item) {
                Some(figure) => arrivals(figure, direction, item, cut[item], &layers, &across),
                None => vec![0.0],
            })
            .collect();
        let mut reach = vec![(0.0f64, 0.0f64); layers.rows.len()];
        let mut steepest = vec![0.0f64; layers.rows.len()];
        for item in 0..layers.layer.len() {
            let layer = layers.layer[item];
            if let Some(figure) = figures.get(item) {
                reach[layer].0 = reach[layer].0.max(figure.along.0);
                reach[layer].1 = reach[layer].1.max(figure.along.1);
            }
            for (&input, port) in layers.before[item].iter().zip(&ports[item]) {
                steepest[layer] = steepest[layer].max((across[item] + port - across[input]).abs());
            }
        }
        let mut along = Vec::with_capacity(layers.rows.len());
        let mut end = 0.0;
        for layer in 0..layers.rows.len() {
            let space = if layer == 0 { 0.0 } else { (22.0 + 0.35 * steepest[layer]).min(120.0) };
            along.push(end + space + reach[layer].0);
            end += space + reach[layer].0 + reach[layer].1;
        }
        let breadth = across.iter().zip(&reach_across).map(|(at, reach)| at + reach.1).fold(0.0, f64::max);
        // The arrow that carries an output's value away needs room for its head.
        let size = (end + if layers.rows.is_empty() { 0.0 } else { ARROW.0 }, breadth);
        Picture { direction, marks, figures, layers, cut, along, reach, across, ports, size }
    }

    /// A point given along and across the edges, as x and y within the graph.
    pub(super) fn point(&self, along: f64, across: f64) -> (f64, f64) {
        match self.direction {
            Direction::LeftToRight => (along, across),
            Direction::TopToBottom => (across, along),
        }
    }

    /// The reach of an item's shape from its centre along the edges, at a distance from the centre across them.
    pub(super) fn half_along(&self, item: usize, off_centre: f64) -> f64 {
        let Some(figure) = self.figures.get(item) else { return 0.0 };
        let (half_along, half_across) = self.point(figure.half.0, figure.half.1);
        if figure.round {
            (half_along * half_along - off_centre * off_centre).max(0.0).sqrt()
        } else {
            debug_assert!(off_centre.abs() <= half_across);
            half_along
        }
    }
}

/// Where wires arrive at a figure, as distances from its centre across the edges: a level one in the middle, others
/// on the side from which they come, and never two at the same point.
fn arrivals(
    figure: &Figure,
    direction: Direction,
    item: usize,
    cut: usize,
    layers: &Layers,
    across: &[f64],
) -> Vec<f64> {
    let inputs = &layers.before[item];
    let count = inputs.len() + cut;
    let half = if direction == Direction::LeftToRight { figure.half.1 } else { figure.half.0 };
    let most = if figure.round { 0.64 * half } else { half - 6.0 };
    let rise = |port: usize| inputs.get(port).map(|&input| across[input] - across[item]);
    // Wires that begin nowhere have no side; beside others they take the last.
    let wanted = |port: usize| match rise(port) {
        Some(rise) => (0.35 * rise).clamp(-most, most),
        None if inputs.is_empty() => 0.0,
        None => most,
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&left, &right| {
        let key = |port| rise(port).unwrap_or(f64::INFINITY);
        key(left).total_cmp(&key(right))
    });
    // The wires of one operand that is used twice form an eye, which is to be seen.
    let widest = if cut == 0 && inputs.iter().all(|&input| input == inputs[0]) { 14.0 } else { 9.0 };
    let spacing = if count < 2 { 0.0 } else { (2.0 * most / (count - 1) as f64).min(widest) };
    // The nearest points to the wanted ones that keep the spacing: neighbours which violate it are pooled, and a
    // level wire hardly gives way, so that it stays straight.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (rank, &port) in order.iter().enumerate() {
        let level = rise(port).is_some_and(|rise| rise.abs() < 0.05);
        let mut pool = (wanted(port) - rank as f64 * spacing, if level { 1000.0 } else { 1.0 }, 1);
        while let Some(last) = pools.pop_if(|last| last.0 > pool.0) {
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    let mut ports = vec![0.0; count];
    let means = pools.into_iter().flat_map(|(mean, _, size)| std::iter::repeat_n(mean, size));
    for ((rank, &port), mean) in order.iter().enumerate().zip(means) {
        let mean = mean.min(most - (count - 1) as f64 * spacing).max(-most);
        ports[port] = mean + rank as f64 * spacing;
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::super::samples::{operations, tangle};
    use super::super::{Direction, Drawing};
    use super::Picture;

    fn picture(drawing: &Drawing, direction: Direction) -> Picture<'_> {
        Picture::of(drawing, direction, 400).0
    }

    /// The smallest rectangle around the figure of each node, as (left, top, right, bottom).
    fn rectangles(picture: &Picture) -> Vec<[f64; 4]> {
        (0..picture.figures.len())
            .map(|node| {
                let (along, across) = (picture.along[picture.layers.layer[node]], picture.across[node]);
                let figure = &picture.figures[node];
                let (left, top) = picture.point(along - figure.along.0, across - figure.across.0);
                let (right, bottom) = picture.point(along + figure.along.1, across + figure.across.1);
                [left, top, right, bottom]
            })
            .collect()
    }

    #[test]
    fn no_two_nodes_overlap_and_all_are_inside() {
        for seed in 0..15 {
            for direction in [Direction::LeftToRight, Direction::TopToBottom] {
                let drawing = tangle(50, seed);
                let picture = picture(&drawing, direction);
                let (width, height) = picture.point(picture.size.0, picture.size.1);
                let rectangles = rectangles(&picture);
                for (index, one) in rectangles.iter().enumerate() {
                    assert!(one[0] >= -1e-6 && one[1] >= -1e-6 && one[2] <= width + 1e-6 && one[3] <= height + 1e-6);
                    for other in &rectangles[..index] {
                        let apart =
                            one[0] >= other[2] || other[0] >= one[2] || one[1] >= other[3] || other[1] >= one[3];
                        assert!(apart, "{one:?} and {other:?} overlap");
                    }
                }
            }
        }
    }

    #[test]
    fn repeated_operands_arrive_at_different_points() {
        let drawing = operations(2, &[(0, 1), (0, 1)]);
        let picture = picture(&drawing, Direction::LeftToRight);
        assert!(picture.ports[1][1] - picture.ports[1][0] > 5.0);
        assert_eq!(picture.ports[1][0], -picture.ports[1][1]);
    }

    #[test]
    fn wires_arrive_on_the_side_from_which_they_come_and_level_ones_in_the_middle() {
        // A chain 0 -> 1 -> 2 with a second operand 3 for the last.
        let mut drawing = operations(4, &[(0, 1), (1, 2), (3, 2)]);
        drawing.nodes[3].role = super::Role::Leaf;
        let picture = picture(&drawing, Direction::LeftToRight);
        assert!(picture.ports[2][0].abs() < 0.01);
        let side = picture.across[3] - picture.across[2];
        assert!(side * picture.ports[2][1] > 0.0);
    }

    #[test]
    fn wires_of_older_nodes_have_points_of_their_own() {
        let drawing = operations(6, &[(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]);
        let (picture, omitted) = Picture::of(&drawing, Direction::LeftToRight, 3);
        assert_eq!(omitted, 3);
        let last = picture.ports.iter().max_by_key(|ports| ports.len());
        assert_eq!(last.map(Vec::len), Some(5));
        assert_eq!(picture.cut.iter().sum::<usize>(), 3);
    }
}
