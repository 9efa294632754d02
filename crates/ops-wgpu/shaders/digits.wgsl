// What the kernels of a radix sort share. A group has 256 entries, an invocation one; digits have 256 values.

var<workgroup> digits: array<u32, 256>;

/// Entries that go nowhere come behind all others.
fn key(i: u32) -> u32 {
    let given = keys(i);
    return select(u32(given), places(), given < 0);
}

fn digit(i: u32) -> u32 {
    if (i >= count()) {
        return 0xffffu;
    }
    return (key(i) >> shift()) & 255u;
}
