//! NumPy's names of dtypes, such as `<f4`: which of them are a tensor's, and what to do about the others.

use super::shown;
use tensor_core::{DType, Error, ErrorKind, Result, bail};

/// The dtypes that both sides have; NumPy has no `bfloat16`.
const KNOWN: &[(&str, DType)] = &[
    ("b1", DType::Bool),
    ("u1", DType::U8),
    ("i1", DType::I8),
    ("i2", DType::I16),
    ("i4", DType::I32),
    ("i8", DType::I64),
    ("f2", DType::F16),
    ("f4", DType::F32),
    ("f8", DType::F64),
];

/// What only NumPy has: the beginning of its descriptor, its name, and what to save instead.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("u2", "uint16", "array.astype('int32')"),
    ("u4", "uint32", "array.astype('int64')"),
    ("u8", "uint64", "array.astype('int64')"),
    ("f12", "longdouble", "array.astype('float64')"),
    ("f16", "longdouble", "array.astype('float64')"),
    ("c8", "complex64", "array.real and array.imag"),
    ("c16", "complex128", "array.real and array.imag"),
    ("c24", "clongdouble", "array.real and array.imag"),
    ("c32", "clongdouble", "array.real and array.imag"),
    ("M8", "datetime64", "array.astype('int64')"),
    ("m8", "timedelta64", "array.astype('int64')"),
    ("U", "str_", "numbers that stand for the texts"),
    ("S", "bytes_", "numbers that stand for the texts"),
    ("V", "void", "array.view('uint8')"),
];

/// The descriptor of a dtype as NumPy writes it on this machine; `None` for `bfloat16`.
pub fn of(dtype: DType) -> Option<String> {
    let (name, _) = KNOWN.iter().find(|(_, known)| *known == dtype)?;
    let order = match dtype.size() {
        1 => '|',
        _ if cfg!(target_endian = "big") => '>',
        _ => '<',
    };
    Some(format!("{order}{name}"))
}

/// The dtype of a descriptor as it stands in a header, and whether its bytes have the other order than this machine's.
pub fn parse(source: &str) -> Result<(DType, bool)> {
    if source.starts_with('[') {
        return Err(unsupported("void", "each field as an array of its own"));
    }
    let text = source.strip_prefix(['\'', '"']).and_then(|rest| rest.strip_suffix(['\'', '"'])).unwrap_or_default();
    let (order, name) = match text.strip_prefix(['<', '>', '|', '=']) {
        Some(name) => (&text[..1], name),
        None => ("=", text),
    };
    if let Some((_, dtype)) = KNOWN.iter().find(|(known, _)| *known == name) {
        let swapped = order == if cfg!(target_endian = "big") { "<" } else { ">" };
        return Ok((*dtype, swapped && dtype.size() > 1));
    }
    if name.starts_with('O') {
        bail!(
            DType,
            "Object arrays cannot be loaded when allow_pickle=False: numpy.object_ is stored as a pickle, which runs code when it is \
             read, and is never read here. Save arrays of numbers instead."
        );
    }
    // A length in characters follows some kinds, a unit others.
    let matches = |start: &str, rest: &str| match start {
        "U" | "S" | "V" => rest.bytes().all(|byte| byte.is_ascii_digit()),
        "M8" | "m8" => rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']')),
        _ => rest.is_empty(),
    };
    match FOREIGN.iter().find(|(start, ..)| name.strip_prefix(start).is_some_and(|rest| matches(start, rest))) {
        Some((_, name, instead)) => Err(unsupported(name, instead)),
        None => bail!(Format, "descr is not a valid dtype descriptor: {}", shown(source)),
    }
}

#[cold]
fn unsupported(name: &str, instead: &str) -> Error {
    let text = format!(
        "can't convert np.ndarray of type numpy.{name}. The only supported types are: float64, float32, float16, int64, int32, \
         int16, int8, uint8, and bool. In NumPy, save {instead} instead."
    );
    Error::new(ErrorKind::DType, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dtype_but_one_has_a_descriptor_that_means_it() {
        for dtype in DType::ALL {
            match of(dtype) {
                Some(descr) => assert_eq!(parse(&format!("'{descr}'")).unwrap(), (dtype, false)),
                None => assert_eq!(dtype, DType::BF16),
            }
        }
    }

    #[test]
    fn byte_orders_are_told_apart() {
        let other = if cfg!(target_endian = "big") { '<' } else { '>' };
        assert_eq!(parse(&format!("'{other}i4'")).unwrap(), (DType::I32, true));
        assert_eq!(parse(&format!("'{other}u1'")).unwrap(), (DType::U8, false));
        assert_eq!(parse("\"=f8\"").unwrap(), (DType::F64, false));
        assert_eq!(parse("'f8'").unwrap(), (DType::F64, false));
    }
}
