//! Raster images inside SVG: PNG files as `data:` addresses. It knows no tensor.

/// An `<image>` element with a PNG at a place of a size; `pixelated` keeps the pixels' edges.
pub fn image(png: &[u8], (x, y): (i32, i32), (width, height): (i32, i32), pixelated: bool) -> String {
    let rendering = if pixelated { " style=\"image-rendering: pixelated\"" } else { "" };
    format!(
        "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"{rendering} \
         href=\"data:image/png;base64,{}\"/>\n",
        base64(png)
    )
}

/// Bytes as text of 64 characters (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let quadruple = |three: &[u8]| {
        let word = (0..3).fold(0, |word, at| word << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        let digit = |at: usize| DIGITS[word >> (18 - 6 * at) & 63] as char;
        (0..4).map(|at| if at <= three.len() { digit(at) } else { '=' }).collect::<String>()
    };
    bytes.chunks(3).map(quadruple).collect()
}

#[cfg(test)]
mod tests {
    /// The examples of RFC 4648, section 10.
    #[test]
    fn base64_is_the_standards() {
        for (text, code) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(super::base64(text.as_bytes()), code);
        }
        assert_eq!(super::base64(&[255, 254, 253]), "//79");
    }
}
