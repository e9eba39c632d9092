//! The bytes of an answer as they arrive.

use std::io::{self, Read};

use bytes::Bytes;
use tokio::sync::mpsc;

/// The arriving chunks as a reader, for the decompressor on its blocking thread.
pub(super) struct Chunks {
    pub(super) receiver: mpsc::Receiver<Bytes>,
    pub(super) chunk: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() {
            match self.receiver.blocking_recv() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.chunk.len());
        buffer[..count].copy_from_slice(&self.chunk.split_to(count));
        Ok(count)
    }
}
