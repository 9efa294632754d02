//! The layers of a drawn graph: which node stands in which layer, the wires that cross layers on the way to a distant
//! consumer, and the order within each layer that avoids crossings. After Sugiyama, Tagawa and Toda, "Methods for
//! visual understanding of hierarchical system structures" (1981). It knows no sizes and no coordinates.

use super::graph::Graph;

/// Sweeps over all layers that look for fewer crossings.
const SWEEPS: usize = 24;

/// Above this number of items, exchanging neighbours one by one is left out.
const EXCHANGE_LIMIT: usize = 1500;

/// Nodes and bends in ordered layers. An item below `nodes` is the node of that index; the others are bends, where the
/// wire of a node passes through a layer on its way to consumers further on. A node has one wire, which forks: all
/// its consumers beyond a layer share one bend in that layer.
#[derive(Clone)]
pub(super) struct Layers {
    /// The number of nodes.
    pub(super) nodes: usize,
    /// The items of each layer, in order.
    pub(super) rows: Vec<Vec<usize>>,
    /// The layer of each item.
    pub(super) layer: Vec<usize>,
    /// The place of each item in its row.
    pub(super) place: Vec<usize>,
    /// The items one layer before each item from which a wire comes, once per edge, operands in order.
    pub(super) before: Vec<Vec<usize>>,
    /// The items one layer after each item to which its wire leads, once per edge.
    pub(super) after: Vec<Vec<usize>>,
}

impl Layers {
    /// The graph in layers, ordered for few crossings.
    pub(super) fn new(graph: &Graph) -> Layers {
        let mut layers = Layers::wired(graph, assign_layers(graph));
        layers.order_by_operands();
        layers.reduce_crossings();
        layers
    }

    /// Whether the item is a bend of a wire.
    pub(super) fn is_bend(&self, item: usize) -> bool {
        item >= self.nodes
    }

    /// The items and their connections; the rows are in no particular order.
    fn wired(graph: &Graph, mut layer: Vec<usize>) -> Layers {
        let nodes = layer.len();
        let mut before = vec![Vec::new(); nodes];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); nodes];
        let mut wires: Vec<Vec<usize>> = vec![Vec::new(); nodes];
        for consumer in 0..nodes {
            for &input in &graph.inputs[consumer] {
                while layer[input] + 1 + wires[input].len() < layer[consumer] {
                    let last = wires[input].last().copied().unwrap_or(input);
                    let bend = layer.len();
                    layer.push(layer[last] + 1);
                    before.push(vec![last]);
                    after.push(Vec::new());
                    after[last].push(bend);
                    wires[input].push(bend);
                }
                let span = layer[consumer] - layer[input] - 1;
                let last = if span == 0 { input } else { wires[input][span - 1] };
                before[consumer].push(last);
                after[last].push(consumer);
            }
        }
        let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |&last| last + 1)];
        for (item, &row) in layer.iter().enumerate() {
            rows[row].push(item);
        }
        let place = vec![0; layer.len()];
        Layers { nodes, rows, layer, place, before, after }
    }

    /// Orders each layer as a walk back from the outputs meets its items, first operands first: the order in which a
    /// formula is read.
    fn order_by_operands(&mut self) {
        let mut met = vec![false; self.layer.len()];
        for row in &mut self.rows {
            row.clear();
        }
        for end in (0..self.nodes).filter(|&node| self.after[node].is_empty()) {
            let mut open = vec![end];
            while let Some(item) = open.pop() {
                if !std::mem::replace(&mut met[item], true) {
                    self.rows[self.layer[item]].push(item);
                    open.extend(self.before[item].iter().rev().filter(|&&input| !met[input]));
                }
            }
        }
        self.number();
    }

    fn number(&mut self) {
        for row in &self.rows {
            for (place, &item) in row.iter().enumerate() {
                self.place[item] = place;
            }
        }
    }

    /// Sweeps forth and back with the barycentre rule and keeps the best order met, the earliest of the best.
    fn reduce_crossings(&mut self) {
        let mut best = self.rows.clone();
        let mut fewest = self.crossings();
        let mut stale = 0;
        for sweep in 0..SWEEPS {
            if fewest == 0 || stale == 8 {
                break;
            }
            let forth = sweep % 2 == 0;
            for step in 1..self.rows.len() {
                self.sort_row(if forth { step } else { self.rows.len() - 1 - step }, forth);
            }
            if self.layer.len() <= EXCHANGE_LIMIT {
                self.exchange_neighbours();
            }
            let crossings = self.crossings();
            stale += 1;
            if crossings < fewest {
                (fewest, stale) = (crossings, 0);
                best.clone_from(&self.rows);
            }
        }
        self.rows = best;
        self.number();
    }

    /// Sorts a row by the mean place of the neighbours in the layer before (or after); items without such neighbours
    /// keep their places.
    fn sort_row(&mut self, row: usize, forth: bool) {
        let neighbours = if forth { &self.before } else { &self.after };
        let mean = |item: usize| {
            let places = &neighbours[item];
            places.iter().map(|&other| self.place[other] as f64).sum::<f64>() / places.len() as f64
        };
        let items = &self.rows[row];
        let free: Vec<usize> = (0..items.len()).filter(|&place| !neighbours[items[place]].is_empty()).collect();
        let mut sorted: Vec<(f64, usize)> = free.iter().map(|&place| (mean(items[place]), items[place])).collect();
        sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
        for (place, (_, item)) in free.into_iter().zip(sorted) {
            self.rows[row][place] = item;
            self.place[item] = place;
        }
    }

    /// Exchanges adjacent items while that removes crossings.
    fn exchange_neighbours(&mut self) {
        for _ in 0..4 {
            let mut improved = false;
            for row in 0..self.rows.len() {
                for place in 1..self.rows[row].len() {
                    let (left, right) = (self.rows[row][place - 1], self.rows[row][place]);
                    let mut gain = 0;
                    for neighbours in [&self.before, &self.after] {
                        gain += self.inversions(&neighbours[left], &neighbours[right])
                            - self.inversions(&neighbours[right], &neighbours[left]);
                    }
                    if gain > 0 {
                        self.rows[row].swap(place - 1, place);
                        self.place.swap(left, right);
                        improved = true;
                    }
                }
            }
            if !improved {
                break;
            }
        }
    }

    /// How many pairs of one wire from each item cross when the first item stands first.
    fn inversions(&self, first: &[usize], second: &[usize]) -> i64 {
        let pairs = first.iter().flat_map(|&left| second.iter().map(move |&right| (left, right)));
        pairs.filter(|&(left, right)| self.place[left] > self.place[right]).count() as i64
    }

    /// The number of pairs of wires that cross, counted with a Fenwick tree per pair of layers (Barth, Jünger and
    /// Mutzel, "Simple and efficient bilayer cross counting", 2002).
    pub(super) fn crossings(&self) -> usize {
        let mut crossings = 0;
        for pair in self.rows.windows(2) {
            let mut tree = vec![0usize; pair[0].len() + 1];
            let mut seen = 0;
            for &item in &pair[1] {
                for &input in &self.before[item] {
                    let mut node = self.place[input] + 1;
                    let mut not_right = 0;
                    while node > 0 {
                        not_right += tree[node];
                        node &= node - 1;
                    }
                    crossings += seen - not_right;
                }
                for &input in &self.before[item] {
                    let mut node = self.place[input] + 1;
                    while node < tree.len() {
                        tree[node] += 1;
                        node += node & node.wrapping_neg();
                    }
                    seen += 1;
                }
            }
        }
        crossings
    }
}

/// The layer of each node: inputs always before their consumers, as few layers as the longest path allows, and leaves
/// next to the operation that uses them first, so that a weight stands beside its product.
fn assign_layers(graph: &Graph) -> Vec<usize> {
    let mut layer = graph.depths();
    // As late as the consumers allow ...
    for &node in graph.order.iter().rev() {
        if let Some(first) = graph.consumers[node].iter().map(|&consumer| layer[consumer]).min() {
            layer[node] = first - 1;
        }
    }
    // ... and back again where more wires arrive than leave, so that the wire that is drawn long is the single one.
    for &node in &graph.order {
        if graph.inputs[node].len() > 1 {
            layer[node] = graph.inputs[node].iter().map(|&input| layer[input] + 1).max().unwrap_or(0);
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::super::samples::{chain, tangle};
    use super::*;

    fn graph(count: usize, edges: &[(usize, usize)]) -> Graph {
        Graph::new(count, edges)
    }

    #[test]
    fn edges_lead_to_later_layers_and_wires_advance_by_one() {
        for seed in 0..20 {
            let drawing = tangle(60, seed);
            let graph = graph(60, &drawing.edges);
            let layers = Layers::new(&graph);
            for &(from, to) in &drawing.edges {
                assert!(layers.layer[from] < layers.layer[to]);
            }
            for (item, inputs) in layers.before.iter().enumerate() {
                for &input in inputs {
                    assert_eq!(layers.layer[input] + 1, layers.layer[item]);
                    assert!(layers.after[input].contains(&item));
                }
            }
            let deepest = graph.depths().into_iter().max();
            assert_eq!(layers.rows.len(), deepest.map_or(0, |deepest| deepest + 1));
            assert!(layers.rows.iter().all(|row| !row.is_empty()));
            assert_eq!(layers.rows.iter().map(Vec::len).sum::<usize>(), layers.layer.len());
        }
    }

    #[test]
    fn leaves_stand_next_to_their_first_use() {
        // x -> 1 -> 2 -> 3, and a weight 4 that enters at 3.
        assert_eq!(assign_layers(&graph(5, &[(0, 1), (1, 2), (2, 3), (4, 3)])), [0, 1, 2, 3, 2]);
    }

    #[test]
    fn consumers_of_one_node_share_its_wire() {
        // 0 feeds every node of the chain 1..=5: one bend in each of the layers that it passes.
        let edges: Vec<_> = (1..6).map(|node| (0, node)).chain((1..5).map(|node| (node, node + 1))).collect();
        let layers = Layers::new(&graph(6, &edges));
        assert_eq!(layers.layer.len() - layers.nodes, 4);
        assert_eq!(layers.crossings(), 0);
    }

    #[test]
    fn counts_crossings_as_the_definition_does() {
        for seed in 0..10 {
            let layers = Layers::new(&graph(40, &tangle(40, seed).edges));
            let mut expected = 0;
            for row in &layers.rows {
                for (place, &left) in row.iter().enumerate() {
                    for &right in &row[place + 1..] {
                        expected += layers.inversions(&layers.before[left], &layers.before[right]);
                    }
                }
            }
            assert_eq!(layers.crossings() as i64, expected);
        }
    }

    #[test]
    fn removes_crossings_that_need_not_be() {
        // Two trees whose leaves alternate.
        let edges = [(0, 4), (1, 5), (2, 4), (3, 5), (4, 6), (5, 7)];
        assert_eq!(Layers::new(&graph(8, &edges)).crossings(), 0);
        // A complete bipartite graph on 2 + 2 nodes has one.
        assert_eq!(Layers::new(&graph(4, &[(0, 2), (0, 3), (1, 2), (1, 3)])).crossings(), 1);
    }

    #[test]
    fn deep_chains_do_not_recurse() {
        let layers = Layers::new(&graph(100_001, &chain(100_000).edges));
        assert_eq!(layers.rows.len(), 100_001);
    }
}
