//! Known sets and files of data: small files made here, damaged ones, and real ones where this machine has them.

use data::sets::{CIFAR10, CIFAR100, Csv, Digits, FashionMNIST, ImageFolder, MNIST, read_image};
use data::transforms::{Compose, Normalize, ToTensor};
use data::{DataLoader, Dataset};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tensor::Tensor;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("data-sets-{}-{name}", std::process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Real data beside the checkout, if it is there; else a word on that.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/data").join(name));
    let found = path.into_iter().find(|path| path.exists());
    if found.is_none() {
        println!("skipped: no {name} among the shared data");
    }
    found
}

fn images(count: u8) -> Vec<u8> {
    let head = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3];
    head.into_iter().chain((0..count).flat_map(|i| [i; 6])).collect()
}

fn labels(labels: &[u8]) -> Vec<u8> {
    [0, 0, 8, 1, 0, 0, 0, labels.len() as u8].iter().chain(labels).copied().collect()
}

#[test]
fn mnist_lies_in_torchvision_s_folders_or_in_the_one_given() {
    let folder = Folder::new("mnist");
    folder.write("MNIST/raw/train-images-idx3-ubyte", images(3));
    folder.write("MNIST/raw/train-labels-idx1-ubyte", labels(&[5, 0, 4]));
    folder.write("t10k-images-idx3-ubyte", images(1));
    folder.write("t10k-labels-idx1-ubyte", labels(&[7]));
    let train = MNIST::train(&folder.0).unwrap();
    assert_eq!((train.len(), &train.data().shape()[..]), (3, &[3, 2, 3][..]));
    assert_eq!(train.targets().to_string(), "tensor([5, 0, 4])");
    let (image, label) = train.get(2);
    assert_eq!((image.to_string(), label), ("tensor([[[2, 2, 2],\n         [2, 2, 2]]], dtype=torch.uint8)".into(), 4));
    assert_eq!(MNIST::test(&folder.0).unwrap().targets().to_string(), "tensor([7])");

    let transform = Compose::new().then(ToTensor).then(Normalize::new([0.5], [0.5]));
    let set = train.clone().transform(transform);
    let text = format!(
        "Dataset MNIST\n    Number of datapoints: 3\n    Root location: {}\n    Split: Train\n    StandardTransform\n\
         Transform: Compose(\n\x20              ToTensor()\n\x20              Normalize(mean=[0.5], std=[0.5])\n\x20          )",
        folder.0.display()
    );
    assert_eq!(set.to_string(), text);
    let batch = |loader: DataLoader<_, (Tensor, Tensor)>| loader.iter().next().unwrap();
    let (x, y) = batch(DataLoader::with(train, |o| o.batch_size(2)));
    assert_eq!((&x.shape()[..], y.to_string()), (&[2, 1, 2, 3][..], "tensor([5, 0])".into()));
    let (x, _) = batch(DataLoader::with(set, |o| o.batch_size(2)));
    assert_eq!((&x.shape()[..], x.min().item::<f64>()), (&[2, 1, 2, 3][..], -1.0));
}

#[test]
fn missing_and_damaged_files_are_told_with_their_paths() {
    let folder = Folder::new("damaged");
    let text = MNIST::train(&folder.0).unwrap_err().to_string();
    assert!(
        text.starts_with("MNIST: there is no train-images-idx3-ubyte and no train-images-idx3-ubyte.gz in "),
        "{text}"
    );
    assert!(text.contains("download(true)") && text.contains(&*folder.0.to_string_lossy()), "{text}");

    let path = folder.write("train-images-idx3-ubyte", &images(3)[..20]);
    folder.write("train-labels-idx1-ubyte", labels(&[5, 0, 4]));
    let text = MNIST::train(&folder.0).unwrap_err().to_string();
    assert_eq!(text, format!("{}: 4 bytes do not fill the shape [3, 2, 3] of torch.uint8", path.display()));
    folder.write("train-images-idx3-ubyte", labels(&[5, 0, 4]));
    assert!(MNIST::train(&folder.0).unwrap_err().to_string().contains("three dimensions"));
    folder.write("train-images-idx3-ubyte", images(2));
    assert_eq!(MNIST::train(&folder.0).unwrap_err().to_string(), "MNIST: 2 images, but 3 labels");
    folder.write("train-images-idx3-ubyte", [0x1F, 0x8B, 8, 0, 1, 2, 3]);
    assert!(MNIST::train(&folder.0).unwrap_err().to_string().contains("compressed data is damaged"));
}

#[test]
fn cifar_reads_records() {
    let folder = Folder::new("cifar");
    let record = |labels: &[u8], level: u8| [labels, &[level; 3072]].concat();
    folder.write("cifar-10-batches-bin/batches.meta.txt", "airplane\nautomobile\n\n");
    folder.write("cifar-10-batches-bin/test_batch.bin", [record(&[1], 9), record(&[0], 8)].concat());
    let set = CIFAR10::test(&folder.0).unwrap();
    assert_eq!(
        (set.len(), set.classes(), &set.data().shape()[..]),
        (2, &["airplane".to_owned(), "automobile".into()][..], &[2, 3, 32, 32][..])
    );
    assert_eq!((set.get(0).0.max().item::<i64>(), set.get(0).1), (9, 1));
    folder.write("fine_label_names.txt", "apple\nbee\n");
    folder.write("train.bin", record(&[7, 1], 3));
    assert_eq!(CIFAR100::train(&folder.0).unwrap().targets().to_string(), "tensor([1])");
    folder.write("train.bin", record(&[7, 2], 3));
    assert!(CIFAR100::train(&folder.0).unwrap_err().to_string().contains("a label 2, but only 2 classes"));
    folder.write("train.bin", [0; 100]);
    assert!(CIFAR100::train(&folder.0).unwrap_err().to_string().contains("100 bytes are no whole number of records"));
    assert!(CIFAR10::train(&folder.0).unwrap_err().to_string().contains("cifar-10-binary.tar.gz"));
}

/// `bytes` compressed with gzip.
fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive of these members.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = vec![];
    for (name, body) in members {
        let mut head = [0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        archive.extend(head);
        archive.extend(*body);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

#[test]
fn compressed_files_and_archives_are_read_as_they_are() {
    let folder = Folder::new("archives");
    folder.write("raw/t10k-images-idx3-ubyte.gz", zip(&images(2)));
    folder.write("raw/t10k-labels-idx1-ubyte.gz", zip(&labels(&[3, 8])));
    assert_eq!(FashionMNIST::test(&folder.0).unwrap().targets().to_string(), "tensor([3, 8])");

    let record = [vec![1], vec![5; 3072]].concat();
    let names: &[u8] = b"airplane\nautomobile\n";
    let members = [("c/batches.meta.txt", names), ("c/test_batch.bin", &record)];
    let path = folder.write("cifar-10-binary.tar.gz", zip(&tar(&members)));
    assert_eq!(CIFAR10::test(&folder.0).unwrap().get(0).0.max().item::<i64>(), 5);
    let text = CIFAR10::train(&folder.0).unwrap_err().to_string();
    assert_eq!(text, format!("{}: the archive holds no whole data_batch_1.bin", path.display()));
}

/// A PNG file of these pixels.
fn png(color: png::ColorType, width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    bytes
}

#[test]
fn image_folders_have_a_class_per_folder() {
    let folder = Folder::new("folder");
    folder.write("bees/b.PNG", png(png::ColorType::Rgba, 2, 1, &[1, 2, 3, 255, 4, 5, 6, 0]));
    folder.write("ants/x/deep.png", png(png::ColorType::Grayscale, 1, 1, &[7]));
    folder.write("ants/a.png", png(png::ColorType::GrayscaleAlpha, 1, 2, &[8, 0, 9, 0]));
    folder.write("ants/notes.txt", "no image");
    let set = ImageFolder::new(&folder.0).unwrap();
    assert_eq!((set.classes(), set.targets()), (&["ants".to_owned(), "bees".into()][..], vec![0, 0, 1]));
    let (image, class) = set.get(2);
    assert_eq!((&image.shape()[..], image.to_vec::<u8>(), class), (&[3, 1, 2][..], vec![1, 4, 2, 5, 3, 6], 1));
    assert_eq!(set.get(0).0.to_vec::<u8>(), [8, 9, 8, 9, 8, 9]);
    assert_eq!(set.get(1).0.to_vec::<u8>(), [7, 7, 7]);

    let path = folder.write("ants/a.png", &png(png::ColorType::Grayscale, 4, 4, &[1; 16])[..50]);
    let text = set.try_get(0).unwrap_err().to_string();
    assert!(text.starts_with(&*path.to_string_lossy()), "{text}");
    folder.write("ants/a.png", "GIF89a");
    assert!(set.try_get(0).unwrap_err().to_string().ends_with("it is neither a JPEG nor a PNG file"));
    fs::create_dir(folder.0.join("empty")).unwrap();
    assert!(ImageFolder::new(&folder.0).unwrap_err().to_string().contains("Found no valid file for the classes empty"));
    assert!(ImageFolder::new(folder.0.join("nowhere")).unwrap_err().to_string().contains("no such file or folder"));
}

#[test]
fn tables_tell_where_a_number_is_none() {
    let folder = Folder::new("csv");
    let path = folder.write("t.csv", "a;b\n1;2\n3;x\n");
    let table = Csv::with(&path, |csv| csv.delimiter(b';')).unwrap();
    assert_eq!(
        table.tensor(["b", "a"]).unwrap_err().to_string(),
        format!("{}: \"x\" in line 3, column \"b\", is no number", path.display())
    );
    assert!(table.tensor("c").unwrap_err().to_string().contains("there is no column \"c\" among [\"a\", \"b\"]"));
    let bare = Csv::with(&path, |csv| csv.delimiter(b';').header(false)).unwrap();
    assert_eq!((bare.columns(), bare.len()), (&["0".to_owned(), "1".into()][..], 3));
    folder.write("t.csv", "a,b\n1,2\n3\n");
    assert!(Csv::read(&path).unwrap_err().to_string().contains("t.csv: CSV error"));
}

#[test]
fn digits_are_scikit_learn_s() {
    let digits = Digits::load().unwrap();
    assert_eq!(digits.data().shape()[..], [1797, 8, 8]);
    assert_eq!(digits.data().sum().item::<i64>(), 561718);
    assert_eq!(digits.targets().narrow(0, 0, 11).to_vec::<i64>(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
    assert_eq!(digits.data().select(0, 0).select(0, 0).to_vec::<u8>(), [0, 0, 5, 13, 9, 1, 0, 0]);
}

#[test]
fn real_sets_read() {
    if let Some(root) = shared("mnist") {
        let test = MNIST::test(&root).unwrap();
        assert_eq!(test.data().shape()[..], [10_000, 28, 28]);
        assert_eq!(test.targets().narrow(0, 0, 5).to_vec::<i64>(), [7, 2, 1, 0, 4]);
        assert!(MNIST::train(&root).unwrap_err().to_string().contains("there is no train-images-idx3-ubyte"));
    }
    if let Some(root) = shared("fashion-mnist") {
        assert_eq!(FashionMNIST::train(&root).unwrap().len(), 5000);
    }
    if let Some(root) = shared("natural-gas") {
        let prices = Csv::read(root.join("daily.csv")).unwrap();
        assert_eq!(prices.len(), prices.tensor("Price").unwrap().numel());
    }
}

/// Size and means of the channels of a photograph, as Pillow reads it.
const SHAPE: [usize; 3] = [3, 512, 768];
const MEANS: [f64; 3] = [87.951, 147.384, 217.529];

/// Pillow's means of three channels of real photographs, and a pixel; its decoder and ours may differ by a level or two.
#[test]
fn photographs_are_pillow_s_up_to_rounding() {
    let Some(root) = shared("hymenoptera") else { return };
    let train = ImageFolder::new(root.join("train")).unwrap();
    assert_eq!(train.classes(), ["ants", "bees"]);
    let image = read_image(root.join("train/ants/0013035.jpg")).unwrap();
    let means = image.to_dtype(tensor::DType::F64).mean_dim([1, 2], false).to_vec::<f64>();
    println!("{:?} {means:?}", &image.shape()[..]);
    assert_eq!(image.shape()[..], SHAPE);
    assert!(means.iter().zip(MEANS).all(|(got, wanted)| (got - wanted).abs() < 0.5), "{means:?}");
}
