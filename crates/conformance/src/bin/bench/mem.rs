//! Elements moved: copies, parts, positions.

use crate::measure::{Bench, Work, floats, forward_and_back, parameter};
use sconce::prelude::*;
use tensor_core::op::{FoldOptions, GridSample, Interpolate, InterpolateMode};

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let (large, rows, columns) = (1 << 24, 4096, 1024);
    bench.case("mem/contiguous_t_4096", floats(2 * 4096 * 4096), || {
        let a = rand([4096, 4096]);
        move || a.t().contiguous()
    });
    bench.case("mem/cat_8x512x1024", floats(2 * rows * columns), || {
        let parts: Vec<Tensor> = (0..8).map(|_| rand([512, 1024])).collect();
        move || cat(&parts, 0)
    });
    bench.case("mem/index_select_8192x256", floats(2 * 8192 * 256), || {
        let (w, i) = (rand([50_000, 256]), randint(0, 50_000, [8192]));
        move || w.index_select(0, &i)
    });
    bench.case("mem/embedding_8192x256", floats(2 * 8192 * 256), || {
        let (w, i) = (rand([50_000, 256]), randint(0, 50_000, [8192]));
        move || i.embedding(&w, None)
    });
    // The gradient is as large as the table.
    bench.case("mem/embedding_fwdbwd_8192x256", floats(50_000 * 256 + 3 * 8192 * 256), || {
        let (w, i) = (parameter(&[50_000, 256]), randint(0, 50_000, [8192]));
        forward_and_back([w], rand([8192, 256]), move |[w]| i.embedding(w, None))
    });
    bench.case("mem/gather_4096x1024", floats(4 * rows * columns), || {
        let (a, i) = (rand([rows, columns]), randint(0, 1024, [rows, columns]));
        move || a.gather(1, &i)
    });
    let n = 4 << 20;
    bench.case("mem/masked_select_4M", Work { bytes: (4 * n + n + 2 * n) as f64, flops: 0.0 }, || {
        let a = rand([n]);
        let mask = a.gt(0.5);
        move || a.masked_select(&mask)
    });
    bench.case("mem/flip_4096x1024", floats(2 * rows * columns), || {
        let a = rand([rows, columns]);
        move || a.flip(1)
    });
    bench.case("mem/pad_32x64x56x56", floats(32 * 64 * (56 * 56 + 58 * 58)), || {
        let a = rand([32, 64, 56, 56]);
        move || a.pad(&[1, 1, 1, 1], 0.0)
    });
    bench.case("mem/clone_16M", floats(2 * large), || {
        let a = rand([large]);
        move || a.clone_()
    });
    bench.case("mem/copy_into_16M", floats(2 * large), || {
        let (a, b) = (rand([large]), rand([large]));
        move || b.copy_(&a)
    });
    bench.case("mem/zeros_16M", floats(large), || move || zeros([large]));
    let image = [16, 64, 56, 56];
    let pixels = 16 * 64 * 56 * 56;
    bench.case("mem/bilinear2x_16x64x56x56", floats(5 * pixels), || {
        let a = rand(image);
        let double =
            Interpolate { mode: InterpolateMode::Bilinear, scale_factor: Some(2.0.into()), ..Interpolate::default() };
        move || a.interpolate(double)
    });
    bench.case("mem/grid_sample_16x64x56x56", floats(2 * pixels + 2 * 16 * 56 * 56), || {
        let (a, grid) = (rand(image), rand([16, 56, 56, 2]) * 2.0 - 1.0);
        move || a.grid_sample(&grid, GridSample::default())
    });
    bench.case("mem/unfold_16x64x56x56_k3", floats(10 * pixels), || {
        let a = rand(image);
        move || a.unfold_windows([3, 3], FoldOptions { padding: 1.into(), ..FoldOptions::default() })
    });
    bench.case("mem/tril_4096", floats(2 * 4096 * 4096), || {
        let a = rand([4096, 4096]);
        move || a.tril(0)
    });
    bench.case("mem/roll_4096x1024", floats(2 * rows * columns), || {
        let a = rand([rows, columns]);
        move || a.roll(100, 1)
    });
}
