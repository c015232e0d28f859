//! In: the bytes of a file in Protocol Buffers. Out: its values one by one, each only where all of it is there. Knows no
//! message.
//!
//! The reader that comes with rten-onnx 0.27 never ends at a number whose tenth byte still says that more follow, and
//! makes room for as many bytes as a damaged length asks for before it looks whether they are there.

use rten_onnx::protobuf::varint::MAX_VARINT_LEN;
use rten_onnx::protobuf::{ErrorKind, OwnedValues, ProtobufError, ReadValue};
use std::io;

/// A reader of bytes that may be damaged.
pub(super) struct Checked<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Checked<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Checked<'a> {
        Checked { bytes, at: 0 }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ProtobufError> {
        let taken = self.bytes[self.at..].get(..len).ok_or_else(|| {
            let ends = io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends in the middle of a value");
            ProtobufError::new(ErrorKind::IoError(ends))
        })?;
        self.at += len;
        Ok(taken)
    }

    fn take_some<const N: usize>(&mut self) -> Result<[u8; N], ProtobufError> {
        let mut some = [0; N];
        some.copy_from_slice(self.take(N)?);
        Ok(some)
    }
}

impl ReadValue for Checked<'_> {
    type Types = OwnedValues;

    fn read_i32(&mut self) -> Result<i32, ProtobufError> {
        Ok(i32::from_le_bytes(self.take_some()?))
    }

    fn read_i64(&mut self) -> Result<i64, ProtobufError> {
        Ok(i64::from_le_bytes(self.take_some()?))
    }

    fn read_varint(&mut self) -> Result<u64, ProtobufError> {
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return Err(ProtobufError::new(ErrorKind::Eof));
        }
        let mut value = 0;
        for (i, byte) in rest.iter().take(MAX_VARINT_LEN).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                // Of the tenth byte only one bit is left over.
                if i + 1 == MAX_VARINT_LEN && *byte > 1 {
                    break;
                }
                self.at += i + 1;
                return Ok(value);
            }
        }
        Err(ProtobufError::new(ErrorKind::InvalidVarint))
    }

    fn read_bytes(&mut self, len: usize) -> Result<Vec<u8>, ProtobufError> {
        Ok(self.take(len)?.to_vec())
    }

    fn read_string(&mut self, len: usize) -> Result<String, ProtobufError> {
        let bytes = self.read_bytes(len)?;
        String::from_utf8(bytes).map_err(|_| ProtobufError::new(ErrorKind::InvalidUtf8))
    }

    fn skip(&mut self, len: usize) -> Result<(), ProtobufError> {
        self.take(len).map(|_| ())
    }

    fn position(&self) -> u64 {
        self.at as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_onnx::onnx::{GraphProto, ModelProto, NodeProto, TensorProto};
    use rten_onnx::protobuf::DecodeMessage;

    fn model() -> Vec<u8> {
        let node = NodeProto { name: Some("a".into()), op_type: Some("Ceil".into()), ..NodeProto::default() };
        let tensor = TensorProto { dims: vec![-1, 300], int64_data: vec![i64::MIN, 7], ..TensorProto::default() };
        let graph = GraphProto { node: vec![node], initializer: vec![tensor], ..GraphProto::default() };
        ModelProto { graph: Some(graph), ..ModelProto::default() }.write_buf().expect("written")
    }

    #[test]
    fn a_whole_file_is_read_as_it_was_written() {
        let bytes = model();
        let read = ModelProto::decode(Checked::new(&bytes)).expect("it is whole");
        assert_eq!(read.write_buf().expect("written"), bytes);
        let graph = read.graph.expect("a graph");
        assert_eq!((graph.node.len(), &graph.initializer[0].dims), (1, &vec![-1, 300]));
    }

    #[test]
    fn every_damaged_file_is_read_to_an_end() {
        let whole = model();
        for at in 0..whole.len() {
            for wrong in [0x00, 0x7f, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = wrong;
                let _ = ModelProto::decode(Checked::new(&bytes));
            }
            let _ = ModelProto::decode(Checked::new(&whole[..at]));
        }
        // A number that goes on after its tenth byte; a length beyond the end; one beyond all memory.
        for bytes in [&[0xff; 4096][..], &[0x3a, 0x7f, 1], &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]] {
            assert!(ModelProto::decode(Checked::new(bytes)).is_err(), "{bytes:?}");
        }
    }
}
