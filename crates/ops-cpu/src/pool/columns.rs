//! Loops over all windows of a row at once: each tap of every window together, so that windows that overlap or stand side by
//! side become vector code. It knows no images.

use super::windows::Windows;

/// For tap after tap, calls `visit(result, element, tap)` for all windows of a row.
#[inline(always)]
pub fn each_tap<T: Copy, R>(windows: &Windows, row: &[T], results: &mut [R], visit: impl Fn(&mut R, T, usize)) {
    assert!(row.len() >= windows.reach && results.len() == windows.all.len());
    taps(windows, |i, tap, place| {
        // SAFETY: windows are as many as results, and their taps within the row's reach.
        unsafe { visit(results.get_unchecked_mut(i), *row.get_unchecked(place), tap) };
    });
}

/// [`each_tap`] with two results per window.
#[inline(always)]
pub fn each_tap_of_two<T: Copy, R, S>(
    windows: &Windows,
    row: &[T],
    results: &mut [R],
    others: &mut [S],
    visit: impl Fn(&mut R, &mut S, T, usize),
) {
    let count = windows.all.len();
    assert!(row.len() >= windows.reach && results.len() == count && others.len() == count);
    taps(windows, |i, tap, place| {
        // SAFETY: windows are as many as results, and their taps within the row's reach.
        unsafe {
            let (result, other) = (results.get_unchecked_mut(i), others.get_unchecked_mut(i));
            visit(result, other, *row.get_unchecked(place), tap);
        }
    });
}

/// Adds to each element of a row the parts of all windows that it is in.
#[inline(always)]
pub fn spread<T: crate::number::Number>(windows: &Windows, parts: &[T], row: &mut [T]) {
    assert!(row.len() >= windows.reach && parts.len() == windows.all.len());
    taps(windows, |i, _, place| {
        // SAFETY: windows are as many as parts, and their taps within the row's reach.
        unsafe {
            let to = row.get_unchecked_mut(place);
            *to = to.plus(*parts.get_unchecked(i));
        }
    });
}

/// Visits (window, tap, place of the tap in the row). The usual distances between windows are constants of loops of their own.
#[inline(always)]
fn taps(windows: &Windows, mut visit: impl FnMut(usize, usize, usize)) {
    match windows.even {
        Some((1, kernel)) => even::<1>(windows, kernel, 1, &mut visit),
        Some((2, kernel)) => even::<2>(windows, kernel, 2, &mut visit),
        Some((3, kernel)) => even::<3>(windows, kernel, 3, &mut visit),
        Some((stride, kernel)) => even::<0>(windows, kernel, stride, &mut visit),
        None => {
            for (i, window) in windows.all.iter().enumerate() {
                (0..window.last).for_each(|tap| visit(i, tap, window.start + tap));
            }
        }
    }
}

#[inline(always)]
fn even<const STRIDE: usize>(
    windows: &Windows,
    kernel: usize,
    stride: usize,
    visit: &mut impl FnMut(usize, usize, usize),
) {
    let stride = if STRIDE == 0 { stride } else { STRIDE };
    let count = windows.all.len();
    for tap in 0..kernel {
        let shift = tap * windows.dilation;
        for i in 0..count {
            visit(i, tap, i * stride + shift);
        }
    }
}
