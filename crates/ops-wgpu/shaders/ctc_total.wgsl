// ln of the probability of a sample's labels, from the ways forwards.
fn total(n: u32) -> T {
    let count = steps_of(n);
    let places = places_of(n);
    if (count == 0u) { return select(least(), T(0), places == 1u); }
    let last = (n * steps() + count - 1u) * width() + places - 1u;
    if (places < 2u) { return alpha(last); }
    return sum_of(alpha(last), alpha(last - 1u), least());
}
