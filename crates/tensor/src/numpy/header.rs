//! The header of an `.npy` file: a Python dictionary of the array's dtype, order and shape. It reads and writes the text, and
//! knows nothing of what precedes or follows it.

use super::{descr, shown};
use tensor_core::{DType, Dims, Layout, Result, bail};

/// What a header says.
#[derive(Debug, PartialEq)]
pub struct Header {
    /// The type of the elements.
    pub dtype: DType,
    /// Whether their bytes have the other order than this machine's.
    pub swapped: bool,
    /// Whether the first index runs fastest.
    pub fortran_order: bool,
    /// The sizes.
    pub shape: Dims,
}

/// NumPy's own limit.
pub const DIMENSIONS: usize = 64;
/// The data begin at a multiple of this.
const ALIGNMENT: usize = 64;
/// NumPy leaves room for the growth of the slowest dimension, so that files can be appended to in place.
const DIGITS: usize = 21;

impl Header {
    /// Where the elements lie that follow the header.
    pub fn layout(&self) -> Layout {
        let rank = self.shape.len();
        let backwards: Vec<usize> = (0..rank).rev().collect();
        match self.fortran_order {
            true => Layout::contiguous(backwards.iter().map(|dim| self.shape[*dim]).collect()).permuted(&backwards),
            false => Layout::contiguous(self.shape.clone()),
        }
    }

    /// Reads the dictionary.
    pub fn parse(text: &str) -> Result<Header> {
        if !text.trim_start().starts_with('{') {
            bail!(Format, "Header is not a dictionary: {}", shown(text));
        }
        let Some(entries) = entries(text) else { bail!(Format, "Cannot parse header: {}", shown(text)) };
        let mut keys: Vec<&str> = entries.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        if keys != ["descr", "fortran_order", "shape"] {
            bail!(Format, "Header does not contain the correct keys: {}", shown(&keys.join(", ")));
        }
        let value = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted).map_or("", |(_, value)| value);
        let fortran_order = match value("fortran_order") {
            "True" => true,
            "False" => false,
            other => bail!(Format, "fortran_order is not a valid bool: {}", shown(other)),
        };
        let shape = parse_shape(value("shape"))?;
        let (dtype, swapped) = descr::parse(value("descr"))?;
        Ok(Header { dtype, swapped, fortran_order, shape })
    }

    /// The dictionary as NumPy writes it after `before` bytes, padded so that the data are aligned.
    pub fn text(descr: &str, fortran_order: bool, shape: &[usize], before: usize) -> String {
        let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
        let comma = if shape.len() == 1 { "," } else { "" };
        let python_bool = if fortran_order { "True" } else { "False" };
        let mut text =
            format!("{{'descr': '{descr}', 'fortran_order': {python_bool}, 'shape': ({}{comma}), }}", sizes.join(", "));
        if let Some(slowest) = if fortran_order { sizes.last() } else { sizes.first() } {
            text.extend(std::iter::repeat_n(' ', DIGITS - slowest.len()));
        }
        let padding = ALIGNMENT - (before + text.len() + 1) % ALIGNMENT;
        text.extend(std::iter::repeat_n(' ', padding));
        text.push('\n');
        text
    }
}

/// NumPy's words for more dimensions than it can count.
pub fn too_many_dimensions(found: usize) -> String {
    format!("maximum supported dimension for an ndarray is currently {DIMENSIONS}, found {found}")
}

/// The sizes of a tuple.
fn parse_shape(source: &str) -> Result<Dims> {
    let Some(inner) = source.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        bail!(Format, "shape is not valid: {}", shown(source));
    };
    let mut items: Vec<&str> = inner.split(',').map(str::trim).collect();
    // A comma may follow the last size, and has to follow a single one; a tuple of none has no comma.
    match items[..] {
        [""] => items.clear(),
        [_] => bail!(Format, "shape is not valid: {}", shown(source)),
        [.., ""] => _ = items.pop(),
        _ => {}
    }
    if items.len() > DIMENSIONS {
        bail!(Format, "{}", too_many_dimensions(items.len()));
    }
    let mut sizes = vec![];
    for item in items {
        // Python 2 wrote long integers with an L.
        let digits = item.strip_suffix('L').unwrap_or(item);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!(Format, "shape is not valid: {}", shown(source));
        }
        sizes.push(digits.parse().ok());
    }
    let sizes: Option<Dims> = sizes.into_iter().collect();
    match sizes.filter(|sizes| tensor_core::shape::checked_numel(sizes).is_ok()) {
        Some(sizes) => Ok(sizes),
        None => bail!(Format, "array is too big: no memory can hold the shape {}", shown(source)),
    }
}

/// Keys and the text of their values; `None` if this is no dictionary with texts as keys.
fn entries(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = text.trim().strip_prefix('{')?.trim_start();
    let mut entries = vec![];
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return after.is_empty().then_some(entries);
        }
        let quote = rest.chars().next().filter(|quote| "'\"".contains(*quote))?;
        let (key, after) = rest[1..].split_once(quote)?;
        rest = after.trim_start().strip_prefix(':')?.trim_start();
        let end = value_end(rest)?;
        entries.push((key, rest[..end].trim_end()));
        rest = rest[end..].trim_start_matches(',').trim_start();
    }
}

/// Where a value ends: at a comma or a closing brace outside of brackets and texts. A loop, not a recursion: a header may open
/// as many brackets as it has bytes.
fn value_end(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (Some(_), b'\\') => _ = bytes.next(),
            (Some(open), _) => quote = Some(open).filter(|open| *open != byte),
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b',' | b'}') if depth == 0 => return Some(at),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(shape: &str) -> Result<Dims> {
        parse_shape(shape)
    }

    #[test]
    fn shapes_are_tuples_of_sizes() {
        for (source, sizes) in
            [("()", &[][..]), ("(3,)", &[3]), ("(2, 3)", &[2, 3]), ("( 2,3 , )", &[2, 3]), ("(10L, 0)", &[10, 0])]
        {
            assert_eq!(parsed(source).unwrap()[..], *sizes, "{source}");
        }
        for source in
            ["3", "(3)", "(,)", "(2,,3)", "[2, 3]", "(-1, 2)", "(2.0,)", "(True,)", "(+1,)", "(2, 3", "('2',)"]
        {
            assert_eq!(parsed(source).unwrap_err().text(), format!("shape is not valid: {source}"));
        }
    }

    #[test]
    fn dictionaries_may_be_written_otherwise_than_numpy_does() {
        let usual = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n";
        let header = Header::parse(usual).unwrap();
        for other in [
            "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}",
            " { 'fortran_order' : False , 'shape' : ( 2 , 3 ) , 'descr' : '<f4' } ",
        ] {
            assert_eq!(Header::parse(other).unwrap(), header, "{other}");
        }
        for bad in ["{", "{}x", "{'descr'}", "{'a': }", "{'a': 1,,}", "{'a': (1}", "{'a': 1)}", "{'a': 'b}", "{a: 1}"] {
            let error = Header::parse(bad).unwrap_err();
            assert!(
                error.text().starts_with("Cannot parse header") || error.text().contains("correct keys"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_data_begin_at_a_multiple_of_the_alignment() {
        for shape in [&[][..], &[1], &[123_456_789, 2], &[7; 40]] {
            for fortran in [false, true] {
                let text = Header::text("<f4", fortran, shape, 10);
                assert_eq!((10 + text.len()) % ALIGNMENT, 0);
                let header = Header::parse(&text);
                assert_eq!(
                    header.map(|header| (header.fortran_order, header.shape)).ok(),
                    Some((fortran, shape.into())).filter(|_| shape.len() < 40)
                );
            }
        }
    }
}
