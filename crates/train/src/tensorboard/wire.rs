//! Protocol buffers' wire format, as far as event files need it (protobuf.dev, "Encoding"). It knows no message.

/// A message being written. Fields with the default value may be left out, as a reader takes them for it.
#[derive(Clone, Debug, Default)]
pub struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// Without fields.
    pub fn new() -> Message {
        Message::default()
    }

    /// The bytes written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A field of type `int32`, `int64` or `enum`.
    pub fn int(mut self, field: u32, value: i64) -> Message {
        self.key(field, 0);
        self.varint(value as u64);
        self
    }

    /// A field of type `float`.
    pub fn float(mut self, field: u32, value: f32) -> Message {
        self.key(field, 5);
        self.bytes.extend(value.to_le_bytes());
        self
    }

    /// A field of type `double`.
    pub fn double(mut self, field: u32, value: f64) -> Message {
        self.key(field, 1);
        self.bytes.extend(value.to_le_bytes());
        self
    }

    /// A field of type `bytes` or `string`.
    pub fn blob(mut self, field: u32, value: impl AsRef<[u8]>) -> Message {
        let value = value.as_ref();
        self.key(field, 2);
        self.varint(value.len() as u64);
        self.bytes.extend(value);
        self
    }

    /// A field that is a message.
    pub fn message(self, field: u32, value: &Message) -> Message {
        self.blob(field, &value.bytes)
    }

    /// A field of type `repeated double`, packed.
    pub fn doubles(self, field: u32, values: &[f64]) -> Message {
        self.blob(field, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
    }

    fn key(&mut self, field: u32, kind: u32) {
        self.varint(u64::from(field << 3 | kind));
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the format's description.
    #[test]
    fn fields_are_the_formats() {
        assert_eq!(Message::new().int(1, 150).bytes(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::new().blob(2, "testing").bytes(), b"\x12\x07testing");
        assert_eq!(Message::new().message(3, &Message::new().int(1, 150)).bytes(), [0x1a, 3, 8, 0x96, 1]);
        assert_eq!(Message::new().int(1, -2).bytes(), [8, 0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
        assert_eq!(Message::new().float(2, 1.0).bytes(), [0x15, 0, 0, 0x80, 0x3f]);
        assert_eq!(Message::new().doubles(7, &[1.0]).bytes(), [0x3a, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }
}
