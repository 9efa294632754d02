    // The numbers of padded dimension `d`, and element `at` of the output seen from the input.
    let lead = lines(5u * d + 2u);
    let skip = lines(5u * d + 3u);
    let len = lines(5u * d + 4u);
    let place = i32(at) - bitcast<i32>(shifts(d));
    let last = i32(lines(5u * d)) - 1;
