// Samples and their labels, a blank before, between and after them.

// ln(e^a + e^b + e^c).
fn sum_of(a: T, b: T, c: T) -> T {
    let most = larger(larger(a, b), c);
    if (most == least()) { return most; }
    return most + log_(exp_(a - most) + exp_(b - most) + exp_(c - most));
}

fn steps_of(n: u32) -> u32 { return u32(of_input(a_at(n))); }
fn places_of(n: u32) -> u32 { return 2u * u32(of_target(b_at(n))) + 1u; }

// Where a sample's labels begin: in a row of its own, or behind those of the samples before.
fn labels_from(n: u32) -> u32 {
    if (rows() == 2u) { return n * ((width() - 1u) / 2u); }
    var start = 0u;
    for (var i = 0u; i < n; i++) { start += u32(of_target(b_at(i))); }
    return start;
}

fn label_at(start: u32, place: u32) -> u32 {
    if ((place & 1u) == 0u) { return blank(); }
    return u32(labels(values_at(start + place / 2u)));
}

fn label_of(n: u32, place: u32) -> u32 { return label_at(labels_from(n), place); }

// Whether a place may be reached from two before it, without the blank between.
fn skips(start: u32, place: u32) -> bool {
    return (place & 1u) == 1u && place >= 2u && label_at(start, place) != label_at(start, place - 2u);
}

fn log_probability(t: u32, n: u32, label: u32) -> T { return x(x_at((t * samples() + n) * classes() + label)); }
