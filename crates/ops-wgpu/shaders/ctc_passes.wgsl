// The passes through the steps, written to y.

fn way(n: u32, t: u32, place: u32) -> u32 { return (n * steps() + t) * width() + place; }

fn forwards(n: u32) {
    let start = labels_from(n);
    let places = places_of(n);
    for (var t = 0u; t < steps_of(n); t++) {
        for (var place = 0u; place < places; place++) {
            var ways = least();
            if (t == 0u) {
                if (place < 2u) { ways = T(0); }
            } else {
                let stay = y_get(way(n, t - 1u, place));
                var next = least();
                var skip = least();
                if (place >= 1u) { next = y_get(way(n, t - 1u, place - 1u)); }
                if (skips(start, place)) { skip = y_get(way(n, t - 1u, place - 2u)); }
                ways = sum_of(stay, next, skip);
            }
            y_put(way(n, t, place), ways + log_probability(t, n, label_at(start, place)));
        }
    }
}

fn backwards(n: u32) {
    let start = labels_from(n);
    let places = places_of(n);
    let count = steps_of(n);
    for (var back = 0u; back < count; back++) {
        let t = count - 1u - back;
        for (var place = 0u; place < places; place++) {
            var ways = least();
            if (back == 0u) {
                if (place + 2u >= places) { ways = T(0); }
            } else {
                let stay = y_get(way(n, t + 1u, place));
                var next = least();
                var skip = least();
                if (place + 1u < places) { next = y_get(way(n, t + 1u, place + 1u)); }
                if (place + 2u < places && skips(start, place + 2u)) { skip = y_get(way(n, t + 1u, place + 2u)); }
                ways = sum_of(stay, next, skip);
            }
            y_put(way(n, t, place), ways + log_probability(t, n, label_at(start, place)));
        }
    }
}
