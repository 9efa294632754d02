//! A bar on the terminal: how far an epoch is, how fast, and with which loss. It is silent where stderr is no terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;

tensor::settings! {
    /// What [`Progress`] takes beside its length and label.
    pub struct ProgressOptions {
        /// How many samples a step is; the rate is in samples then, otherwise in batches.
        samples: usize = 0,
        /// Whether the bar is drawn at all.
        visible: bool = true,
    }
}

/// The progress of an epoch.
///
/// ```
/// use train::Progress;
/// let bar = Progress::new(3, "epoch 1/5");
/// for loss in [0.9, 0.5, 0.3] {
///     bar.step(&[("loss", loss)]);
/// }
/// bar.finish();
/// assert_eq!(bar.position(), 3);
/// ```
///
/// Or around an iterator, of which each item is a step:
///
/// ```
/// use train::Progress;
/// let bar = Progress::with(4, "epoch 2/5", |bar| bar.samples(64));
/// for batch in bar.over(0..4) {
///     bar.show(&[("loss", 1.0 / f64::from(batch + 1))]);
/// }
/// assert_eq!(bar.message(), "loss 0.2500");
/// ```
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of `steps` steps, as the batches of an epoch.
    pub fn new(steps: usize, label: impl Into<String>) -> Progress {
        Progress::with(steps, label, |options| options)
    }

    /// A bar with settings.
    pub fn with(
        steps: usize,
        label: impl Into<String>,
        set: impl FnOnce(ProgressOptions) -> ProgressOptions,
    ) -> Progress {
        let options = set(ProgressOptions::default());
        let target = if options.visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), target).with_prefix(label.into());
        let samples = options.samples;
        let speed =
            move |state: &ProgressState, out: &mut dyn Write| _ = out.write_str(&rate(state.per_sec(), samples));
        let style = ProgressStyle::with_template("{prefix} {bar:28} {pos}/{len} [{elapsed}<{eta}] {speed} {msg}")
            .expect("the template is well-formed")
            .with_key("speed", speed)
            .progress_chars("━╸ ");
        bar.set_style(style);
        Progress { bar }
    }

    /// One step further, and the current values.
    pub fn step(&self, values: &[(&str, f64)]) {
        self.show(values);
        self.bar.inc(1);
    }

    /// The current values, without a step.
    pub fn show(&self, values: &[(&str, f64)]) {
        let texts = values.iter().map(|(name, value)| format!("{name} {}", number(*value)));
        self.bar.set_message(texts.collect::<Vec<_>>().join("  "));
    }

    /// The items of `items`, a step each; the bar ends with them.
    pub fn over<I: IntoIterator>(&self, items: I) -> impl Iterator<Item = I::Item> + use<I> {
        let (bar, end) = (self.clone(), self.clone());
        let mut items = items.into_iter();
        let mut first = true;
        std::iter::from_fn(move || {
            // The step is made when the next item is asked for: then the work on the last one is done.
            if !std::mem::take(&mut first) {
                bar.bar.inc(1);
            }
            let item = items.next();
            if item.is_none() && !end.bar.is_finished() {
                end.finish();
            }
            item
        })
        .fuse()
    }

    /// A line of text above the bar, which does not disturb it. It is printed on stderr, also where the bar is silent.
    pub fn println(&self, text: impl AsRef<str>) {
        self.bar.suspend(|| eprintln!("{}", text.as_ref()));
    }

    /// Ends the bar; its last state stays on the terminal.
    pub fn finish(&self) {
        self.bar.abandon();
    }

    /// How many steps have been made.
    pub fn position(&self) -> usize {
        self.bar.position() as usize
    }

    /// The current values as shown.
    pub fn message(&self) -> String {
        self.bar.message()
    }
}

/// Four digits that matter, as `0.0312`, `12.50` and `1.2e-5`.
fn number(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => value.to_string(),
        0.0 => "0".into(),
        size if !(1e-3..1e6).contains(&size) => format!("{value:.2e}"),
        size if size < 10.0 => format!("{value:.4}"),
        size if size < 1000.0 => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

/// Steps per second, in batches or in samples.
fn rate(steps: f64, samples: usize) -> String {
    if !steps.is_finite() {
        String::new()
    } else if samples > 0 {
        format!("{:.0} samples/s", steps * samples as f64)
    } else {
        format!("{steps:.1} batches/s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short() {
        let texts = [0.0, 0.31, 12.5, 123.456, 54_321.9, 1.23e-5, f64::NAN].map(number);
        assert_eq!(texts, ["0", "0.3100", "12.50", "123.46", "54322", "1.23e-5", "NaN"]);
        assert_eq!([rate(12.34, 0), rate(10.0, 64), rate(f64::INFINITY, 0)], ["12.3 batches/s", "640 samples/s", ""]);
    }

    #[test]
    fn items_are_steps_when_their_work_is_done() {
        let bar = Progress::with(3, "", |bar| bar.visible(false));
        let before: Vec<usize> = bar.over(["a", "b", "c"]).map(|_| bar.position()).collect();
        assert_eq!((before, bar.position()), (vec![0, 1, 2], 3));
        assert!(bar.bar.is_finished());
    }

    #[test]
    fn clones_are_the_same_bar() {
        let bar = Progress::with(2, "x", |bar| bar.visible(false));
        bar.clone().step(&[("loss", 0.5), ("accuracy", 0.25)]);
        assert_eq!((bar.position(), bar.message().as_str()), (1, "loss 0.5000  accuracy 0.2500"));
    }
}
