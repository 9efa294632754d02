//! The graph beneath a drawing: adjacency in operand order, a topological order, longest paths, and the newest part
//! of a graph too large to draw. It does not know what the nodes mean. Nothing here recurses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A directed acyclic graph over the nodes `0..count`.
pub(super) struct Graph {
    /// The operands of each node in order, repeated operands repeated.
    pub(super) inputs: Vec<Vec<usize>>,
    /// The operations that consume each node, once per edge.
    pub(super) consumers: Vec<Vec<usize>>,
    /// All nodes, inputs before the operations that consume them; otherwise by index.
    pub(super) order: Vec<usize>,
}

impl Graph {
    /// The graph of the `edges` that name two of the nodes `0..count` and close no cycle.
    pub(super) fn new(count: usize, edges: &[(usize, usize)]) -> Graph {
        let edges: Vec<_> =
            edges.iter().copied().filter(|&(from, to)| from < count && to < count && from != to).collect();
        let mut graph = Graph::linked(count, &edges);
        let mut waiting: Vec<usize> = graph.inputs.iter().map(Vec::len).collect();
        // Kahn's algorithm with a heap, so that among the nodes that are ready the oldest comes first.
        let mut ready: BinaryHeap<_> = (0..count).filter(|&node| waiting[node] == 0).map(Reverse).collect();
        let mut rank = vec![usize::MAX; count];
        let mut unplaced = 0;
        while graph.order.len() < count {
            let node = match ready.pop() {
                Some(Reverse(node)) => node,
                None => {
                    // Only nodes on or behind cycles are left; the oldest of them is placed before its inputs.
                    while rank[unplaced] != usize::MAX {
                        unplaced += 1;
                    }
                    unplaced
                }
            };
            if rank[node] != usize::MAX {
                continue;
            }
            rank[node] = graph.order.len();
            graph.order.push(node);
            for &consumer in &graph.consumers[node] {
                waiting[consumer] -= 1;
                if waiting[consumer] == 0 {
                    ready.push(Reverse(consumer));
                }
            }
        }
        if edges.iter().all(|&(from, to)| rank[from] < rank[to]) {
            return graph;
        }
        let forward: Vec<_> = edges.into_iter().filter(|&(from, to)| rank[from] < rank[to]).collect();
        Graph { order: graph.order, ..Graph::linked(count, &forward) }
    }

    fn linked(count: usize, edges: &[(usize, usize)]) -> Graph {
        let mut graph =
            Graph { inputs: vec![Vec::new(); count], consumers: vec![Vec::new(); count], order: Vec::new() };
        for &(from, to) in edges {
            graph.inputs[to].push(from);
            graph.consumers[from].push(to);
        }
        graph
    }

    /// For each node, the number of edges on the longest path that ends there.
    pub(super) fn depths(&self) -> Vec<usize> {
        let mut depths = vec![0; self.order.len()];
        for &node in &self.order {
            depths[node] = self.inputs[node].iter().map(|&input| depths[input] + 1).max().unwrap_or(0);
        }
        depths
    }

    /// For each node, the number of edges on the longest path that starts there.
    pub(super) fn heights(&self) -> Vec<usize> {
        let mut heights = vec![0; self.order.len()];
        for &node in self.order.iter().rev() {
            heights[node] = self.consumers[node].iter().map(|&consumer| heights[consumer] + 1).max().unwrap_or(0);
        }
        heights
    }

    /// The `limit` nodes nearest to the ends of the graph, by index: what comes after a kept node is kept as well.
    pub(super) fn newest(&self, limit: usize) -> Vec<usize> {
        let heights = self.heights();
        let mut nodes: Vec<usize> = (0..self.order.len()).collect();
        if nodes.len() > limit {
            nodes.sort_by_key(|&node| (heights[node], Reverse(node)));
            nodes.truncate(limit);
            nodes.sort_unstable();
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    #[test]
    fn orders_inputs_before_consumers() {
        let graph = Graph::new(5, &[(4, 1), (1, 0), (4, 0), (0, 3)]);
        assert_eq!(graph.order, [2, 4, 1, 0, 3]);
        assert_eq!(graph.depths(), [2, 1, 0, 3, 0]);
        assert_eq!(graph.heights(), [1, 2, 0, 0, 3]);
        assert_eq!(graph.inputs[0], [1, 4]);
    }

    #[test]
    fn drops_cycles_and_unknown_nodes() {
        let graph = Graph::new(3, &[(0, 1), (1, 2), (2, 0), (1, 1), (2, 9)]);
        assert_eq!(graph.order, [0, 1, 2]);
        assert_eq!(graph.inputs, [vec![], vec![0], vec![1]]);
    }

    #[test]
    fn a_kept_node_keeps_what_follows_it() {
        let edges: Vec<_> = (0..50).flat_map(|node| [(node, node + 1), (node, node + 2)]).collect();
        let graph = Graph::new(52, &edges);
        let kept = graph.newest(10);
        assert_eq!(kept.len(), 10);
        for &node in &kept {
            assert!(graph.consumers[node].iter().all(|consumer| kept.contains(consumer)));
        }
        assert_eq!(graph.newest(52).len(), 52);
    }
}
