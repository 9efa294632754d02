// Cubic polynomials with α = −0.75: the weights of four neighbours at distance `t` behind the second one.

fn cubic_near(x: T) -> T {
    return (T(1.25) * x - T(2.25)) * x * x + T(1);
}

fn cubic_far(x: T) -> T {
    return ((T(-0.75) * x + T(3.75)) * x - T(6)) * x + T(3);
}

fn cubic(t: T) -> array<T, 4> {
    return array<T, 4>(cubic_far(t + T(1)), cubic_near(t), cubic_near(T(1) - t), cubic_far(T(2) - t));
}
