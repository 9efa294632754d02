//! The messages in event files: events, and summaries of the kinds that are written (tensorflow/core/util/event.proto and
//! tensorflow/core/framework/summary.proto, of which the numbers of the fields are). They know no file.

use super::buckets::Buckets;
use super::wire::Message;
use crate::picture::Picture;

/// The first event of a file.
pub fn version(time: f64) -> Message {
    Message::new().double(1, time).blob(3, "brain.Event:2")
}

/// An event with the value of a tag at a step.
pub fn event(time: f64, step: i64, value: &Message) -> Message {
    Message::new().double(1, time).int(2, step).message(5, &Message::new().message(1, value))
}

/// A number.
pub fn scalar(tag: &str, value: f64) -> Message {
    Message::new().blob(1, tag).float(2, value as f32)
}

/// A picture.
pub fn image(tag: &str, picture: &Picture) -> Message {
    let image = Message::new()
        .int(1, picture.height as i64)
        .int(2, picture.width as i64)
        .int(3, picture.channels as i64)
        .blob(4, picture.png());
    Message::new().blob(1, tag).message(4, &image)
}

/// Counted values.
pub fn histogram(tag: &str, buckets: &Buckets) -> Message {
    let histogram = Message::new()
        .double(1, buckets.min)
        .double(2, buckets.max)
        .double(3, buckets.count)
        .double(4, buckets.sum)
        .double(5, buckets.sum_of_squares)
        .doubles(6, &buckets.limits)
        .doubles(7, &buckets.counts);
    Message::new().blob(1, tag).message(5, &histogram)
}

/// A text, which TensorBoard takes for Markdown: a tensor of one string for the plugin `text`.
pub fn text(tag: &str, text: &str) -> Message {
    const STRING: i64 = 7;
    let shape = Message::new().message(2, &Message::new().int(1, 1));
    let tensor = Message::new().int(1, STRING).message(2, &shape).blob(8, text);
    let metadata = Message::new().message(1, &Message::new().blob(1, "text"));
    Message::new().blob(1, format!("{tag}/text_summary")).message(8, &tensor).message(9, &metadata)
}
