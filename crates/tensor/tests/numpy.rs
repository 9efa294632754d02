//! `.npy` and `.npz` files: those of the real NumPy, made by `conformance/fixtures/make_numpy.py`, which describes their format,
//! and our own, there and back.

mod far;

use std::path::PathBuf;
use tensor::autograd::no_grad;
use tensor::dtype::*;
use tensor::{
    DType, ErrorKind, Gradient, Place, Tensor, arange, bf16, numpy, ones, tensor, tensor_with, zeros, zeros_with,
};

/// The lines of the fixture of one kind, as columns.
fn fixtures(kind: &str) -> Vec<Vec<String>> {
    let path = format!("{}/../conformance/fixtures/numpy.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let columns = text.lines().map(|line| line.split('\t').map(str::to_string).collect::<Vec<_>>());
    let found: Vec<_> = columns.filter(|columns| columns[0] == kind).map(|columns| columns[1..].to_vec()).collect();
    assert!(!found.is_empty());
    found
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap();
    (0..hexadecimal.len()).step_by(2).map(digits).collect()
}

fn sizes(text: &str) -> Vec<usize> {
    text.split(',').filter(|size| !size.is_empty()).map(|size| size.parse().unwrap()).collect()
}

/// The elements' bits, row-major, low byte first.
fn elements(x: &Tensor) -> Vec<u8> {
    fn all<T: tensor::Element, const N: usize>(x: &Tensor, bytes: fn(T) -> [u8; N]) -> Vec<u8> {
        x.to_vec::<T>().into_iter().flat_map(bytes).collect()
    }
    match x.dtype() {
        DType::Bool => all(x, |b: bool| [u8::from(b)]),
        DType::U8 => all(x, u8::to_le_bytes),
        DType::I8 => all(x, i8::to_le_bytes),
        DType::I16 => all(x, i16::to_le_bytes),
        DType::I32 => all(x, i32::to_le_bytes),
        DType::I64 => all(x, i64::to_le_bytes),
        DType::F16 => all(x, tensor::f16::to_le_bytes),
        DType::BF16 => all(x, bf16::to_le_bytes),
        DType::F32 => all(x, f32::to_le_bytes),
        DType::F64 => all(x, f64::to_le_bytes),
    }
}

/// Whether a tensor is what four columns of a fixture say.
#[track_caller]
fn check(x: &Tensor, [dtype, shape, strides, expected]: [&str; 4], name: &str) {
    assert_eq!((x.dtype().name(), &x.shape()[..]), (dtype, &sizes(shape)[..]), "{name}");
    // NumPy's strides of nothing are zeros.
    assert!(x.numel() == 0 || x.stride()[..] == sizes(strides)[..], "{name}: {:?}", x.stride());
    assert_eq!(elements(x), bytes(expected), "{name}");
}

fn written(x: &Tensor) -> Vec<u8> {
    let mut bytes = vec![];
    numpy::write(&mut bytes, x).unwrap();
    bytes
}

/// A place for a file of this test program.
fn place(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn arrays_of_numpy_are_read_in_every_dtype_order_and_version() {
    for columns in fixtures("array") {
        let [name, dtype, shape, strides, expected, _, file] = &columns[..] else { panic!("seven columns") };
        let x = numpy::read(&bytes(file)[..]).unwrap_or_else(|error| panic!("{name}: {error}"));
        check(&x, [dtype, shape, strides, expected], name);
    }
}

#[test]
fn files_are_written_byte_for_byte_as_numpy_writes_them() {
    for columns in fixtures("array") {
        let [name, .., same, file] = &columns[..] else { panic!("seven columns") };
        let file = bytes(file);
        let again = written(&numpy::read(&file[..]).unwrap());
        assert_eq!(again == file, same == "same", "{name}");
    }
}

#[test]
fn types_that_tensors_lack_are_named() {
    for columns in fixtures("foreign") {
        let [name, foreign, file] = &columns[..] else { panic!("three columns") };
        let error = numpy::read(&bytes(file)[..]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DType, "{name}");
        assert!(error.text().contains(&format!("numpy.{foreign}")), "{name}: {error}");
    }
}

#[test]
fn archives_of_numpy_are_read_stored_and_deflated() {
    for columns in fixtures("archive") {
        let [name, _, members, file] = &columns[..] else { panic!("four columns") };
        let arrays =
            numpy::read_npz(std::io::Cursor::new(bytes(file))).unwrap_or_else(|error| panic!("{name}: {error}"));
        let members: Vec<&str> = members.split(' ').collect();
        assert_eq!(arrays.len(), members.len());
        for ((name, x), member) in arrays.iter().zip(members) {
            let parts: Vec<&str> = member.split(':').collect();
            let [expected, dtype, shape, strides, elements] = parts[..] else { panic!("five parts: {member}") };
            assert_eq!(name, expected);
            check(x, [dtype, shape, strides, elements], name);
        }
    }
}

#[test]
fn every_dtype_and_layout_goes_there_and_back() {
    for dtype in DType::ALL.into_iter().filter(|dtype| *dtype != DType::BF16) {
        let x = arange(120).reshape([2, 3, 4, 5]).to(dtype);
        for view in [
            x.clone(),
            x.permute([3, 2, 1, 0]),
            x.permute([1, 0, 3, 2]),
            x.select(1, 2),
            x.slice(3, 1, 5, 2),
            x.narrow(0, 1, 1).transpose(1, 3),
            x.select(0, 1).select(0, 1).select(0, 1).select(0, 3),
            x.narrow(2, 1, 0),
            x.select(0, 0).select(0, 0).t(),
            x.select(3, 0).unsqueeze(0).expand([3, 2, 3, 4]),
        ] {
            let back = numpy::read(&written(&view)[..]).unwrap();
            assert_eq!((back.dtype(), back.shape()), (dtype, view.shape()));
            assert_eq!(elements(&back), elements(&view));
        }
    }
}

#[test]
fn columns_stay_columns() {
    let x = arange(6).reshape([2, 3]).t();
    let back = numpy::read(&written(&x)[..]).unwrap();
    assert_eq!((&back.stride()[..], back.to_vec::<i64>()), (&[1, 3][..], vec![0, 3, 1, 4, 2, 5]));
}

#[test]
fn a_large_array_arrives_whole() {
    let x = arange(300_001).to(float64);
    assert_eq!(numpy::read(&written(&x)[..]).unwrap().to_vec::<f64>(), x.to_vec::<f64>());
}

#[test]
fn a_reader_may_deliver_byte_by_byte_and_be_interrupted() {
    struct Slow<'a>(&'a [u8], bool);
    impl std::io::Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            let n = into.len().min(1);
            self.0.read(&mut into[..n])
        }
    }
    let x = arange(1000);
    assert_eq!(numpy::read(Slow(&written(&x), false)).unwrap().to_vec::<i64>(), x.to_vec::<i64>());
}

#[test]
fn files_have_numpys_endings() {
    let (given, ended) = (place("endings"), place("endings.npy"));
    numpy::save(&given, &tensor![1, 2]).unwrap();
    assert!(!given.exists());
    assert_eq!(numpy::load(&ended).unwrap().to_vec::<i64>(), [1, 2]);
    numpy::save(&ended, &tensor![3]).unwrap();
    assert_eq!(numpy::load(&ended).unwrap().to_vec::<i64>(), [3]);
    numpy::savez(&given, [("a", tensor![4])]).unwrap();
    assert_eq!(numpy::load_npz(place("endings.npz")).unwrap().len(), 1);
}

#[test]
fn archives_go_there_and_back_with_names_and_order() {
    let arrays = [
        ("weight", tensor![[1.5, -2.5], [0.25, 4.0]].t()),
        ("bias", tensor![7]),
        ("größe", tensor![true, false]),
        ("layer/1/weight", zeros([0, 3])),
        ("../odd\\name.npy", zeros_with([300, 40], float64)),
        ("", tensor(2.5)),
    ];
    let path = place("model.npz");
    for compressed in [false, true] {
        match compressed {
            false => numpy::savez(&path, arrays.clone()).unwrap(),
            true => numpy::savez_compressed(&path, arrays.iter().map(|(name, x)| (*name, x))).unwrap(),
        }
        assert_eq!(std::fs::metadata(&path).unwrap().len() < 5000, compressed);
        let back = numpy::load_npz(&path).unwrap();
        assert_eq!(back.len(), arrays.len());
        for ((name, x), (expected, y)) in back.iter().zip(&arrays) {
            assert_eq!((&**name, x.dtype(), x.shape()), (*expected, y.dtype(), y.shape()));
            assert_eq!(elements(x), elements(y));
        }
        // What was loaded can be saved as it is.
        let mut again = vec![];
        match compressed {
            false => numpy::write_npz(&mut again, back).unwrap(),
            true => numpy::write_npz_compressed(&mut again, back).unwrap(),
        }
        assert_eq!(again, std::fs::read(&path).unwrap());
    }
    let none: [(&str, Tensor); 0] = [];
    let mut empty = vec![];
    numpy::write_npz(&mut empty, none).unwrap();
    assert!(numpy::read_npz(std::io::Cursor::new(empty)).unwrap().is_empty());
}

#[test]
fn what_numpy_cannot_hold_is_not_written_and_what_was_there_stays() {
    let path = place("kept.npy");
    numpy::save(&path, &tensor![1]).unwrap();
    let leaf = ones([2]).requires_grad_(true);
    let far = far::sent(&ones([2]));
    let cases = [
        (
            tensor_with([1.0], bfloat16),
            ErrorKind::DType,
            "Got unsupported ScalarType BFloat16: NumPy has no bfloat16. Convert the tensor first, for example with to(float32).",
        ),
        (
            leaf.clone(),
            ErrorKind::Autograd,
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
        ),
        (
            far,
            ErrorKind::Device,
            "can't convert gpu:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.",
        ),
    ];
    for (x, kind, text) in cases {
        let error = numpy::save(&path, &x).unwrap_err();
        assert_eq!((error.kind(), error.text()), (kind, text));
        assert_eq!(numpy::write(&mut vec![], &x).unwrap_err(), error);
        let error = numpy::savez(&path, [("good", &tensor![1]), ("bad", &x)]).unwrap_err();
        assert_eq!((error.kind(), error.text()), (kind, &*format!("'bad': {text}")));
    }
    assert!(!place("kept.npy.npz").exists());
    assert_eq!(numpy::load(&path).unwrap().to_vec::<i64>(), [1]);
    no_grad(|| numpy::save(&path, &leaf)).unwrap();
    assert_eq!(numpy::load(&path).unwrap().to_vec::<f32>(), [1.0, 1.0]);
}

#[test]
fn names_of_an_archive_differ() {
    let error = numpy::savez(place("twice.npz"), [("a", tensor![1]), ("a", tensor![2])]).unwrap_err();
    assert_eq!((error.kind(), error.text()), (ErrorKind::Value, "'a': two arrays have this name"));
    let error = numpy::savez(place("twice.npz"), [("../ä", tensor![1])]).unwrap_err();
    assert_eq!(error.text(), "'../ä': a name with other letters than ASCII has to be a plain path");
    let error = numpy::savez(place("twice.npz"), [("x".repeat(70_000), tensor![1])]).unwrap_err();
    assert_eq!((error.kind(), error.text().ends_with("': a name has at most 65531 bytes")), (ErrorKind::Value, true));
    assert!(!place("twice.npz").exists());
}

#[test]
fn the_operating_systems_refusals_name_the_file() {
    let missing = place("missing/array.npy");
    for error in [
        numpy::load(&missing).unwrap_err(),
        numpy::save(&missing, &tensor![1]).unwrap_err(),
        numpy::load_npz(&missing).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.text().starts_with(&format!("{}: ", missing.display())), "{error}");
    }
    assert_eq!(numpy::load("a\0b").unwrap_err().kind(), ErrorKind::Io);
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(numpy::write(Full, &tensor![1]).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(numpy::write_npz(Full, [("a", tensor![1])]).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(numpy::write_npz_compressed(Full, [("a", tensor![1])]).unwrap_err().kind(), ErrorKind::Io);
}
