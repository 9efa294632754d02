fn element(i: u32) -> T {
    let plane = i / image();
    let own = plane / channels() * image() + i % image();
    var sum = T(0);
    let end = u32(ends(own));
    for (var k = u32(begins(own)); k < end; k++) {
        let entry = u32(entries(k));
        sum += g(g_at(plane * points() + (entry / taps()) % points())) * weights(entry);
    }
    return sum;
}
