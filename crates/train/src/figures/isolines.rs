//! Lines of equal height through values on a grid: marching squares (W. Lorensen and H. Cline's marching cubes, 1987, in the
//! plane). It knows neither axes nor colours.

/// A piece of a line, from point to point, in units of the grid.
pub type Piece = [(f64, f64); 2];

/// Values on a grid, row by row.
pub struct Heights {
    /// How many values a row has.
    pub columns: usize,
    /// The values.
    pub values: Vec<f64>,
}

impl Heights {
    /// The pieces of the line at `level`. Squares with a corner that is not finite have none.
    pub fn isoline(&self, level: f64) -> Vec<Piece> {
        let rows = self.values.len() / self.columns;
        let squares =
            (0..rows.saturating_sub(1)).flat_map(|row| (0..self.columns - 1).map(move |column| (row, column)));
        squares.flat_map(|(row, column)| self.within(row, column, level)).collect()
    }

    fn within(&self, row: usize, column: usize, level: f64) -> Vec<Piece> {
        // The corners in a circle, so that edges join neighbours.
        let corners = [(0, 0), (0, 1), (1, 1), (1, 0)].map(|(down, right)| {
            let (row, column) = (row + down, column + right);
            (column as f64, row as f64, self.values[row * self.columns + column] - level)
        });
        if corners.iter().any(|corner| !corner.2.is_finite()) {
            return Vec::new();
        }
        let crossing = |at: usize| {
            let (a, b) = (corners[at], corners[(at + 1) % 4]);
            let part = a.2 / (a.2 - b.2);
            ((a.2 < 0.0) != (b.2 < 0.0)).then_some((a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1)))
        };
        let crossings = [0, 1, 2, 3].map(crossing);
        match crossings {
            // At a saddle the mean of the corners says which of them belong together.
            [Some(a), Some(b), Some(c), Some(d)] => {
                let mean = corners.iter().map(|corner| corner.2).sum::<f64>();
                if (mean < 0.0) == (corners[0].2 < 0.0) { vec![[a, b], [c, d]] } else { vec![[d, a], [b, c]] }
            }
            _ => match crossings.into_iter().flatten().collect::<Vec<_>>()[..] {
                [a, b] => vec![[a, b]],
                _ => Vec::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_round() {
        let at = |number: usize| number as f64 / 10.0 - 2.0;
        let values = (0..41 * 41).map(|cell| at(cell / 41).powi(2) + at(cell % 41).powi(2)).collect();
        let pieces = Heights { columns: 41, values }.isoline(1.0);
        let length: f64 = pieces.iter().map(|[a, b]| (a.0 - b.0).hypot(a.1 - b.1)).sum();
        assert!((length / 10.0 - std::f64::consts::TAU).abs() < 0.02, "{length}");
        for point in pieces.iter().flatten() {
            assert!(((point.0 / 10.0 - 2.0).hypot(point.1 / 10.0 - 2.0) - 1.0).abs() < 0.01);
        }
    }

    #[test]
    fn saddles_and_holes() {
        let saddle = Heights { columns: 2, values: vec![1.0, -1.0, -1.0, 1.0] };
        assert_eq!(saddle.isoline(0.1).len(), 2);
        assert!(Heights { columns: 2, values: vec![f64::NAN, 0.0, 0.0, 1.0] }.isoline(0.5).is_empty());
    }
}
