//! What is said of matrices by a build without the feature `linalg`. Cargo joins the features of all packages that it builds
//! together, so these tests are there for `cargo test -p tensor`, and not for the whole workspace.
#![cfg(not(feature = "linalg"))]

use tensor::{ErrorKind, eye, linalg, ones};

#[test]
fn decompositions_are_refused_and_the_feature_is_named() {
    let (a, b) = (eye(3), ones([3, 1]));
    for (name, result) in [
        ("linalg.inv", a.try_inverse()),
        ("linalg.inv", linalg::try_inv(&a)),
        ("linalg.solve", linalg::try_solve(&a, &b, true)),
        ("linalg.cholesky", linalg::try_cholesky(&a, false)),
        ("linalg.det", linalg::try_det(&a)),
    ] {
        let error = result.expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(
            error.text(),
            format!("{name}: this build has no linear algebra; it comes with the feature `linalg`")
        );
    }
}

#[test]
fn what_needs_no_decomposition_is_computed() {
    assert_eq!(eye(3).mm(&ones([3, 1])).to_vec::<f32>(), [1.0; 3]);
    assert_eq!(ones([2, 2]).trace().item::<f32>(), 2.0);
}
