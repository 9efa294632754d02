//! That the fixtures cover the tables: every function with every dtype, every sample of shape and layout. A function added to
//! a table fails here until the fixtures have it.

use conformance::fixture::Case;
use conformance::{fixture_text, samples};
use std::collections::BTreeSet;
use tensor_core::DType;
use tensor_core::op::reduce::ReduceKind;
use tensor_core::op::{Binary, Matmul, Unary};

/// The pairs (operation and function, dtype of the first input) of a file.
fn covered(file: &str, with_function: bool) -> BTreeSet<(String, &'static str)> {
    let text = fixture_text(file);
    let name = |case: &Case<'_>| match with_function {
        true => format!("{} {}", case.operation, case.parameters[0]),
        false => case.operation.to_string(),
    };
    Case::parse_all(&text)
        .iter()
        .filter_map(|case| case.dtypes().first().map(|dtype| (name(case), dtype.name())))
        .collect()
}

#[test]
fn every_function_occurs_with_every_dtype() {
    let unary = covered("values.unary.tsv", true);
    let binary = covered("values.binary.tsv", true);
    let reduce = covered("values.reduce.tsv", false);
    let products = covered("values.products.tsv", false);
    for dtype in DType::ALL {
        for op in Unary::ALL {
            assert!(unary.contains(&(format!("unary {}", op.name()), dtype.name())), "{op:?} of {dtype}");
        }
        for op in Binary::ALL {
            assert!(binary.contains(&(format!("binary {}", op.name()), dtype.name())), "{op:?} of {dtype}");
        }
        for kind in ReduceKind::ALL {
            assert!(reduce.contains(&(kind.name().to_string(), dtype.name())), "{kind:?} of {dtype}");
        }
        for op in Matmul::ALL {
            assert!(products.contains(&(op.name().to_string(), dtype.name())), "{op:?} of {dtype}");
        }
    }
}

#[test]
fn every_pair_of_dtypes_is_promoted() {
    let text = fixture_text("values.promotion.tsv");
    let pairs: BTreeSet<(String, Vec<&str>)> = Case::parse_all(&text)
        .iter()
        .map(|case| {
            (
                format!("{} {}", case.operation, case.parameters[0]),
                case.dtypes().iter().map(|dtype| dtype.name()).collect(),
            )
        })
        .collect();
    for op in Binary::ALL {
        for a in DType::ALL {
            for b in DType::ALL {
                let pair = (format!("binary {}", op.name()), vec![a.name(), b.name()]);
                assert!(pairs.contains(&pair), "{op:?} of {a} and {b}");
            }
        }
    }
}

#[test]
fn every_sample_occurs() {
    for file in ["values.unary.tsv", "values.binary.tsv", "values.convert.tsv", "values.reduce.tsv", "values.index.tsv"]
    {
        let text = fixture_text(file);
        let layouts: BTreeSet<_> = Case::parse_all(&text).iter().filter_map(Case::first_layout).collect();
        for sample in samples::ALL {
            let layout = sample.layout.map(|(strides, offset)| (strides.to_vec(), offset));
            assert!(layouts.contains(&(sample.shape.to_vec(), layout)), "{file} has no {}", sample.name);
        }
    }
}
