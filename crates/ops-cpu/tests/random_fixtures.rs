//! Compares every random function with PyTorch 2.15, values and generator state, at every level of vector instructions.
//!
//! The fixtures are made by `crates/conformance/fixtures/make_random.py`, which describes their format. This file knows
//! no formula: it draws what a fixture line asks for and compares checksums.

use std::path::PathBuf;
use std::process::Command;

use half::{bf16, f16};
use ops_cpu::random as draw;
use ops_cpu::random::{IntegerTarget, RandomElement, Weight};
use tensor_core::random::{Generator, Mt19937};

/// The values of a dtype as bytes, low byte first.
trait Bytes: Copy {
    fn push(self, bytes: &mut Vec<u8>);
}

macro_rules! bytes {
    ($($t:ty),*) => {$(
        impl Bytes for $t {
            fn push(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        }
    )*};
}
bytes!(u8, i8, i16, i32, i64, f16, bf16, f32, f64);

impl Bytes for bool {
    fn push(self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(self));
    }
}

/// A line `case …`: which function, with what.
struct Case<'a> {
    name: &'a str,
    dtype: &'a str,
    parameters: Vec<&'a str>,
}

impl Case<'_> {
    fn float(&self, at: usize) -> f64 {
        self.parameters[at].parse().expect("a number")
    }

    fn integer(&self, at: usize) -> i64 {
        self.parameters[at].parse().expect("an integer")
    }

    /// Draws `n` values and returns their bytes.
    fn draw(&self, engine: &mut Mt19937, n: usize) -> Vec<u8> {
        match self.dtype {
            "bool" => self.integers::<bool>(engine, n),
            "u8" => self.integers::<u8>(engine, n),
            "i8" => self.integers::<i8>(engine, n),
            "i16" => self.integers::<i16>(engine, n),
            "i32" => self.integers::<i32>(engine, n),
            "i64" => self.integers::<i64>(engine, n),
            "f16" => self.reals::<f16>(engine, n),
            "bf16" => self.reals::<bf16>(engine, n),
            "f32" if self.name == "multinomial" => self.indices::<f32>(engine, n),
            "f64" if self.name == "multinomial" => self.indices::<f64>(engine, n),
            "f32" => self.reals::<f32>(engine, n),
            "f64" => self.reals::<f64>(engine, n),
            other => panic!("no dtype {other}"),
        }
    }

    fn reals<T: RandomElement + IntegerTarget + Bytes>(&self, engine: &mut Mt19937, n: usize) -> Vec<u8> {
        let out = &mut vec![T::from_f64(0.0); n][..];
        match self.name {
            "uniform" => draw::uniform(engine, out, self.float(0), self.float(1)),
            "normal" => draw::normal(engine, out, self.float(0), self.float(1)),
            "scattered" => {
                let mut slots = out.iter_mut();
                let store = |value| *slots.next().expect("n values only") = T::from_f64(value);
                draw::normal_scattered(engine, n, self.float(0), self.float(1), store);
            }
            "log_normal" => draw::log_normal(engine, out, self.float(0), self.float(1)),
            "exponential" => draw::exponential(engine, out, self.float(0)),
            "geometric" => draw::geometric(engine, out, self.float(0)),
            "cauchy" => draw::cauchy(engine, out, self.float(0), self.float(1)),
            "dropout" => draw::dropout_noise(engine, out, self.float(0)),
            "poisson" => {
                let rates: Vec<T> = (0..n).map(|i| T::from_f64(((37 * i) % 101) as f64 / 101.0)).collect();
                // In the dtype, as the fixture has it.
                let rates: Vec<T> = rates.iter().map(|rate| T::from_f64(rate.to_f64() * 101.0)).collect();
                draw::poisson(engine, out, &rates);
            }
            "bernoulli_from" => {
                out.iter_mut().enumerate().for_each(|(i, p)| *p = T::from_f64(((37 * i) % 101) as f64 / 101.0));
                draw::bernoulli_from(engine, out);
                if self.parameters[0] != self.dtype {
                    assert_eq!(self.parameters[0], "i32");
                    return bytes_of(&out.iter().map(|x| x.to_f64() as i32).collect::<Vec<_>>());
                }
            }
            _ => return self.integers::<T>(engine, n),
        }
        bytes_of(out)
    }

    fn integers<T: IntegerTarget + Bytes>(&self, engine: &mut Mt19937, n: usize) -> Vec<u8> {
        let out = &mut vec![T::from_i64(0); n][..];
        match self.name {
            "bernoulli" => draw::bernoulli(engine, out, self.float(0)),
            "randint" => draw::randint(engine, out, self.integer(0), self.integer(1)),
            "random" => draw::random(engine, out),
            "random_from" => draw::random_from(engine, out, self.integer(0)),
            "randperm" => draw::randperm(engine, out),
            other => panic!("no function {other} for {}", self.dtype),
        }
        bytes_of(out)
    }

    fn indices<T: Weight>(&self, engine: &mut Mt19937, n: usize) -> Vec<u8> {
        let weights: Vec<T> = (0..2 * n).map(|i| T::from_f64((1 + (37 * i) % 101) as f64)).collect();
        let (most, replacement) = (self.integer(0) as usize, self.integer(1) == 1);
        let samples = if replacement { most } else { most.min(n) };
        let mut out = vec![0; 2 * samples];
        draw::multinomial(engine, &weights, n, &mut out, samples, replacement);
        bytes_of(&out)
    }
}

fn bytes_of<T: Bytes>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.iter().for_each(|value| value.push(&mut bytes));
    bytes
}

/// The checksum of zlib and PNG (reflected polynomial 0xedb88320).
struct Crc([u32; 256]);

impl Crc {
    fn new() -> Self {
        Crc(std::array::from_fn(|byte| {
            (0..8).fold(byte as u32, |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        }))
    }

    fn of(&self, bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &byte| (crc >> 8) ^ self.0[((crc ^ u32::from(byte)) & 0xff) as usize])
    }
}

/// The bits of a value as the fixtures have them: high digit first.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect()
}

/// What a fixture says of one draw: first value, last value, checksums of values and state.
fn result(crc: &Crc, bytes: &[u8], digits: usize, engine: &Mt19937) -> String {
    let size = digits / 2;
    let (first, last) = (hex(&bytes[..size]), hex(&bytes[bytes.len() - size..]));
    format!("{first}:{last}:{:08x}:{:08x}", crc.of(bytes), crc.of(&engine.to_state()))
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../conformance/fixtures").join(name)
}

fn seeded(seed: &str) -> Mt19937 {
    let seed: i128 = seed.parse().expect("a seed");
    let generator = Generator::new();
    match i64::try_from(seed) {
        Ok(seed) => generator.manual_seed(seed),
        Err(_) => generator.manual_seed(seed as u64),
    };
    let mut engine = generator.lock().clone();
    if seed % 2 != 0 {
        engine.next_u32();
    }
    engine
}

#[test]
fn values_and_states_are_those_of_pytorch() {
    let text = std::fs::read_to_string(fixture("random.txt")).expect("the fixture file");
    let crc = Crc::new();
    let (mut sizes, mut case, mut checked): (Vec<usize>, _, _) = (Vec::new(), None, 0);
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        match words.next().expect("a word") {
            "sizes" => sizes = words.map(|word| word.parse().expect("a size")).collect(),
            "case" => {
                let (name, dtype) = (words.next().expect("a name"), words.next().expect("a dtype"));
                case = Some(Case { name, dtype, parameters: words.collect() });
            }
            "after" => {}
            seed => {
                let case = case.as_ref().expect("a case before its results");
                let mut engine = seeded(seed);
                for (&n, expected) in sizes.iter().zip(words) {
                    let bytes = case.draw(&mut engine, n);
                    let digits = expected.find(':').expect("four fields");
                    let found = result(&crc, &bytes, digits, &engine);
                    checked += 1;
                    if found != expected {
                        let Case { name, dtype, parameters } = case;
                        wrong.push(format!("{name} {dtype} {parameters:?} seed {seed} n {n}: {found} not {expected}"));
                        break;
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines differ from PyTorch, first: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(checked > 20_000, "only {checked} draws were compared");
}

/// The test above holds the bits to PyTorch's at the widest level; here it runs again at the narrower ones, each in a
/// process of its own, since a process chooses its level once.
#[test]
fn narrower_vectors_give_the_same_bits() {
    for level in ["baseline", "avx2"] {
        let child = Command::new(std::env::current_exe().expect("this test's path"))
            .args(["--exact", "values_and_states_are_those_of_pytorch"])
            .env("SCONCE_ISA", level)
            .output()
            .expect("this test, started again");
        let output = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && output.contains("1 passed"), "at level {level}: {output}");
    }
}

#[test]
fn a_state_saved_by_pytorch_continues_and_comes_back_unchanged() {
    let saved = std::fs::read(fixture("random.state")).expect("the state file");
    let generator = Generator::new();
    generator.set_state(&saved).expect("a valid state");
    assert_eq!(generator.get_state(), saved);
    assert_eq!(generator.initial_seed(), -12345_i64 as u64);

    let crc = Crc::new();
    let mut engine = generator.lock();
    assert!(engine.cached_normal().is_some(), "the fixture is meant to have one");
    let text = std::fs::read_to_string(fixture("random.txt")).expect("the fixture file");
    let mut steps = 0;
    for line in text.lines().filter(|line| line.starts_with("after ")) {
        let mut values = [[0.0_f64; 1].as_slice(), &[0.0; 2]][steps].to_vec();
        match line.split(' ').nth(1) {
            Some("normal") => draw::normal(&mut engine, &mut values, 0.0, 1.0),
            _ => draw::uniform(&mut engine, &mut values, 0.0, 1.0),
        }
        let found = format!("{:08x} {:08x}", crc.of(&bytes_of(&values)), crc.of(&engine.to_state()));
        assert!(line.ends_with(&found), "{line}: {found}");
        steps += 1;
    }
    assert_eq!(steps, 2);
}
