//! Derivatives of operations on matrices. Sources: Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
//! differentiation" (2008), for inverses, equations, determinants and Cholesky's factorization; Seeger, Hetzel, Dai and
//! Lawrence, "Auto-differentiating linear algebra" (2017), for QR and symmetric eigenvalues, QR of wide matrices after Walter and Lehmann
//! (2010); Townsend, "Differentiating the singular value decomposition" (2016); Golub and Pereyra (1973) for the pseudoinverse.

use super::{Input, Rule, rules};
use tensor_core::linalg::solve_triangular;
use tensor_core::op::join::cat;
use tensor_core::op::{Linalg, QrMode};
use tensor_core::{Error, ErrorKind, Op, Tensor, or_panic};

pub(super) fn rules(op: Linalg) -> &'static [Rule] {
    match op {
        Linalg::Inverse { .. } => rules![|g, y| -y.mt().matmul(g).matmul(&y.mt())],
        Linalg::Solve => rules![|g, a, y| -solved(&a.mt(), g).matmul(&y.mt()), |g, a| solved(&a.mt(), g),],
        Linalg::Triangular { .. } => rules![
            |g, a, y, op| {
                let (upper, unit) = triangle(op);
                let all = -solve_triangular(&a.mt(), g, !upper, true, unit).matmul(&y.mt());
                if upper { all.triu(unit as i64) } else { all.tril(-(unit as i64)) }
            },
            |g, a, op| {
                let (upper, unit) = triangle(op);
                solve_triangular(&a.mt(), g, !upper, true, unit)
            },
        ],
        Linalg::Cholesky => rules![|g, y| {
            let phi = y.mt().matmul(g).tril(0);
            let symmetric = (&phi + phi.tril(-1).mt()) * 0.5;
            let half = solve_triangular(y, &symmetric, false, false, false);
            solve_triangular(&y.mt(), &half, true, true, false)
        }],
        Linalg::Det => rules![|g, a| of_each(g) * apply(Linalg::Cofactors, &[a])],
        // With B = A⁻¹: dC = tr(B dA) C − C dAᵀ Bᵀ.
        Linalg::Cofactors => rules![|g, a, y| {
            let inverse = apply(Linalg::Inverse { strict: false }, &[a]).mt();
            (g * y).sum_dim([-2, -1], true) * &inverse - inverse.matmul(&g.mt()).matmul(y)
        }],
        Linalg::Slogdet => {
            rules![|g, a| slogdet(g, a)]
        }
        Linalg::Qr(_) => rules![|g, y, op, input| qr(g, y, factored(op), input)],
        Linalg::Svd { .. } => rules![|g, y, op, input| svd(g, y, factored(op), input)],
        Linalg::Eigh { .. } => rules![|g, y, op, input| eigh(g, y, factored(op), input)],
        // Recorded as the decomposition that they are part of, because their derivative needs it.
        Linalg::Svdvals | Linalg::Eigvalsh { .. } => &[],
        Linalg::Pinv { .. } => rules![|g, a, y| pseudoinverse(g, a, y)],
    }
}

pub(super) fn name(op: Linalg) -> &'static str {
    match op {
        Linalg::Inverse { .. } => "LinalgInvExBackward0",
        Linalg::Solve => "LinalgSolveExBackward0",
        Linalg::Triangular { .. } => "LinalgSolveTriangularBackward0",
        Linalg::Cholesky => "LinalgCholeskyExBackward0",
        Linalg::Det => "LinalgDetBackward0",
        Linalg::Cofactors => "LinalgDetBackwardBackward0",
        Linalg::Slogdet => "LinalgSlogdetBackward0",
        Linalg::Qr(_) => "LinalgQrBackward0",
        Linalg::Svd { .. } | Linalg::Svdvals => "LinalgSvdBackward0",
        Linalg::Eigh { .. } | Linalg::Eigvalsh { .. } => "LinalgEighBackward0",
        Linalg::Pinv { .. } => "LinalgPinvBackward0",
    }
}

fn apply(op: Linalg, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Linalg(op), inputs))
}

fn solved(a: &Tensor, b: &Tensor) -> Tensor {
    apply(Linalg::Solve, &[a, b])
}

fn triangle(op: &Op) -> (bool, bool) {
    match op {
        Op::Linalg(Linalg::Triangular { upper, unit }) => (*upper, *unit),
        _ => unreachable!("the rule of triangular equations"),
    }
}

fn factored(op: &Op) -> Linalg {
    match op {
        Op::Linalg(op) => *op,
        _ => unreachable!("a rule of matrices"),
    }
}

/// A number per matrix, to be multiplied with its elements.
fn of_each(numbers: &Tensor) -> Tensor {
    numbers.unsqueeze(-1).unsqueeze(-1)
}

/// The logarithm has the gradient A⁻ᵀ, the sign none.
fn slogdet(g: &Tensor, a: &Tensor) -> Tensor {
    of_each(&g.select(0, 1)) * apply(Linalg::Inverse { strict: false }, &[a]).mt()
}

/// The two sides of the input's matrices.
fn sides(input: Input<'_>) -> (usize, usize) {
    let shape = input.shape();
    (shape[shape.len() - 2], shape[shape.len() - 1])
}

/// With `diagonal` in place of the diagonal.
fn with_diagonal(x: &Tensor, diagonal: &Tensor) -> Tensor {
    x.tril(-1) + x.triu(1) + diagonal.diag_embed(0, -2, -1)
}

/// X / Y, but zero where both are: gradients that nobody asked for are zeros, and must not meet equal singular values.
fn quotient(x: &Tensor, y: &Tensor) -> Tensor {
    let y = y.expand(x.shape());
    let both = y.detach().eq(0).logical_and(&x.detach().eq(0));
    x / y.masked_fill(&both, 1)
}

/// Y_ij = x_j − x_i, with ones on the diagonal.
fn differences(x: &Tensor) -> Tensor {
    let apart = x.unsqueeze(-2) - x.unsqueeze(-1);
    with_diagonal(&apart, &or_panic(Tensor::try_full_on(x.shape(), 1, x.dtype(), x.device())))
}

fn refuse(text: &str) -> ! {
    or_panic(Err(Error::new(ErrorKind::Autograd, text.to_owned())))
}

fn qr(g: &Tensor, y: &Tensor, op: Linalg, input: Input<'_>) -> Tensor {
    let (m, n) = sides(input);
    match op {
        Linalg::Qr(QrMode::R) => refuse(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, mode='reduced') if \
             you are going to differentiate through linalg.qr.",
        ),
        Linalg::Qr(QrMode::Complete) if m > n => {
            refuse("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")
        }
        _ => {}
    }
    let parts = |rows| or_panic(op.parts(rows, m, n));
    let (factors, grads) = (parts(y), parts(g));
    let ([q, r], [gq, gr]) = (&factors[..], &grads[..]) else { unreachable!("Q and R") };
    if m >= n {
        return tall(gq, gr, q, r);
    }
    // A = [X Y] = Q [U V]: Y = Q V, V = Qᵀ Y.
    let split = |x: &Tensor| (x.narrow(-1, 0, m), x.narrow(-1, m as i64, n - m));
    let ((u, v), (gu, gv)) = (split(r), split(gr));
    let gq = gq + q.matmul(&v).matmul(&gv.mt());
    cat(&[tall(&gq, &gu, q, &u), q.matmul(&gv)], -1)
}

/// For A with at least as many rows as columns.
fn tall(gq: &Tensor, gr: &Tensor, q: &Tensor, r: &Tensor) -> Tensor {
    let upper = (gr.matmul(&r.mt()) - q.mt().matmul(gq)).triu(0);
    let symmetric = upper.triu(1) + upper.mt();
    solve_triangular(&r.mt(), &(gq + q.matmul(&symmetric)), false, false, false)
}

fn svd(g: &Tensor, y: &Tensor, op: Linalg, input: Input<'_>) -> Tensor {
    let (m, n) = sides(input);
    let k = m.min(n);
    // Vectors beyond the smaller side have no derivative; their gradients are not looked at.
    let parts = |rows| {
        let all = or_panic(op.parts(rows, m, n));
        (all[0].narrow(-1, 0, k), all[1].clone(), all[2].narrow(-2, 0, k))
    };
    let ((u, s, vh), (gu, gs, gvh)) = (parts(y), parts(g));
    let skew = |x: Tensor| &x - x.mt();
    let (of_u, of_v) = (skew(u.mt().matmul(&gu)), skew(vh.matmul(&gvh.mt())));
    let apart = differences(&(&s * &s));
    let inner = quotient(&(of_u * s.unsqueeze(-2) + s.unsqueeze(-1) * of_v), &apart);
    let inner = with_diagonal(&inner, &gs);
    if m > k {
        let scaled = quotient(&gu, &s.unsqueeze(-2));
        (u.matmul(&inner) + &scaled - u.matmul(&u.mt().matmul(&scaled))).matmul(&vh)
    } else if n > k {
        let scaled = quotient(&gvh, &s.unsqueeze(-1));
        u.matmul(&(inner.matmul(&vh) + &scaled - scaled.matmul(&vh.mt()).matmul(&vh)))
    } else {
        u.matmul(&inner).matmul(&vh)
    }
}

fn eigh(g: &Tensor, y: &Tensor, op: Linalg, input: Input<'_>) -> Tensor {
    let (m, n) = sides(input);
    let parts = |rows| or_panic(op.parts(rows, m, n));
    let (found, grads) = (parts(y), parts(g));
    let ([l, v], [gl, gv]) = (&found[..], &grads[..]) else { unreachable!("L and V") };
    let turned = v.mt().matmul(gv);
    // Skew, so that the gradient is symmetric.
    let inner = quotient(&((&turned - turned.mt()) * 0.5), &differences(l));
    v.matmul(&with_diagonal(&inner, gl)).matmul(&v.mt())
}

/// y = A⁺: dy = −y dA y + y yᵀ dAᵀ (1 − A y) + (1 − y A) dAᵀ yᵀ y.
fn pseudoinverse(g: &Tensor, a: &Tensor, y: &Tensor) -> Tensor {
    let (yt, gt) = (y.mt(), g.mt());
    let of_inverse = yt.matmul(g).matmul(&yt);
    let right = gt.matmul(y);
    let left = y.matmul(&gt);
    let beside = (&gt - a.matmul(&left)).matmul(y).matmul(&yt);
    let below = yt.matmul(y).matmul(&(&gt - right.matmul(a)));
    beside + below - of_inverse
}
