//! Members of tar archives: blocks of 512 bytes, a head with name and size before each member (POSIX.1-1988).

const BLOCK: usize = 512;

/// The bytes of the member whose path ends in `name`, or `None` if the archive has none or ends too early.
pub(crate) fn member<'a>(archive: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = archive;
    loop {
        let (head, after) = rest.split_at_checked(BLOCK)?;
        let text = |range: std::ops::Range<usize>| {
            let field = &head[range];
            let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
            std::str::from_utf8(&field[..end]).ok()
        };
        let path = text(0..100)?;
        if path.is_empty() {
            return None;
        }
        // The size is an octal number, with or without spaces around it.
        let size = usize::from_str_radix(text(124..136)?.trim(), 8).ok()?;
        let (body, after) = (after.get(..size)?, after.get(size.next_multiple_of(BLOCK)..).unwrap_or(&[]));
        if path.rsplit('/').next() == Some(name) {
            return Some(body);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of these members.
    pub(crate) fn pack(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = vec![];
        for (name, body) in members {
            let mut head = [0; BLOCK];
            head[..name.len()].copy_from_slice(name.as_bytes());
            head[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
            archive.extend(head);
            archive.extend(*body);
            archive.resize(archive.len().next_multiple_of(BLOCK), 0);
        }
        archive.resize(archive.len() + 2 * BLOCK, 0);
        archive
    }

    #[test]
    fn members_are_found_by_their_last_name() {
        let archive = pack(&[("set/a.bin", &[1; 700]), ("set/b.bin", b"two")]);
        assert_eq!(member(&archive, "a.bin"), Some(&[1; 700][..]));
        assert_eq!(member(&archive, "b.bin"), Some(&b"two"[..]));
        assert_eq!(member(&archive, "c.bin"), None);
        assert_eq!(member(&archive[..900], "a.bin"), None);
        assert_eq!(member(b"short", "a.bin"), None);
    }
}
