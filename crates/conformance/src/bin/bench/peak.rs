//! How much memory a case needs at most, beyond what the process had before it was set up, as the operating system counts it: pages in
//! use, with everything that an allocator keeps. It needs Linux, and a process of its own for each case.

use std::hint::black_box;

/// Calls, so that what is kept for the next call is there.
const CALLS: usize = 5;

/// The most memory in bytes while `setup` makes a case and it runs; `None` where the system does not tell.
pub fn of<T, F: FnMut() -> T>(setup: impl FnOnce() -> F) -> Option<u64> {
    // Code counts as memory when it is first run. From here on the system counts the highest level anew.
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = status("VmRSS:")?;
    let mut call = setup();
    (0..CALLS).for_each(|_| drop(black_box(call())));
    Some(status("VmHWM:")?.saturating_sub(before))
}

/// A line of the process's status, in bytes.
fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn memory_that_is_written_counts() {
        let peak = super::of(|| || vec![1u8; 50 << 20]).expect("Linux tells");
        // The system counts in batches of pages, and a little of the memory was there before.
        assert!((49 << 20..200 << 20).contains(&peak), "{peak}");
    }
}
