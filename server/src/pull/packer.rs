//! The frames of a pull on their way out: one zstd stream, or, for who asked for it, one JSON array.

use std::io::{self, Write};

use anggota::protocol::STREAM;
use bytes::Bytes;
use zstd::stream::write::Encoder;
use zstd::zstd_safe::CParameter;

use super::LENGTH_BYTES;
use crate::json::{self, JSON};

/// A phone's data costs its member money: a twentieth less of it than level 3.
const LEVEL: i32 = 8;
/// A phone unpacks a long answer with a window of 1 MiB; a short one needs less, and the server less memory for each.
const MAX_WINDOW_LOG: u32 = 20;
const MIN_WINDOW_LOG: u32 = 14;
/// What the packer remembers of a window, entries as a power of two; each is cleared when a pull begins, which was most of
/// what a pull that brings nothing cost.
const MAX_HASH_LOG: u32 = 18;

/// How the frames of an answer go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the protocol has it.
    Packed,
    /// A JSON array of the frames, each as `json::write` gives it.
    Json,
}

impl Form {
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Packed => STREAM,
            Self::Json => JSON,
        }
    }
}

/// Takes frames, gives the bytes of the answer's body.
pub(super) enum Packer {
    Packed(Encoder<'static, Vec<u8>>),
    /// What was not taken yet, and whether a frame was written before.
    Json(Vec<u8>, bool),
}

impl Packer {
    /// For an answer of about that many bytes.
    pub(super) fn new(form: Form, bytes: usize) -> io::Result<Self> {
        Ok(match form {
            Form::Packed => Self::Packed(encoder(bytes)?),
            Form::Json => Self::Json(Vec::new(), false),
        })
    }

    /// Takes a frame: its length and its CBOR.
    pub(super) fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        match self {
            Self::Packed(encoder) => encoder.write_all(frame),
            Self::Json(text, is_begun) => {
                // A frame a line: who reads by lines needs to hold no more than one.
                text.extend_from_slice(if std::mem::replace(is_begun, true) { b",\n" } else { b"[" });
                json::write(&frame[LENGTH_BYTES..], text).map_err(io::Error::other)
            }
        }
    }

    /// What was written since the last time, so that all of it can be read.
    pub(super) fn flush(&mut self) -> io::Result<Bytes> {
        let written = match self {
            Self::Packed(encoder) => {
                encoder.flush()?;
                encoder.get_mut()
            }
            Self::Json(text, _) => text,
        };
        Ok(Bytes::from(std::mem::take(written)))
    }

    /// The rest.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        Ok(Bytes::from(match self {
            Self::Packed(encoder) => encoder.finish()?,
            Self::Json(mut text, _) => {
                text.extend_from_slice(b"]\n");
                text
            }
        }))
    }
}

fn encoder(bytes: usize) -> io::Result<Encoder<'static, Vec<u8>>> {
    let mut encoder = Encoder::new(Vec::new(), LEVEL)?;
    let window = bytes.next_power_of_two().ilog2().clamp(MIN_WINDOW_LOG, MAX_WINDOW_LOG);
    encoder.window_log(window)?;
    // Left alone, they are as large as the level wants for a window of any size.
    encoder.set_parameter(CParameter::HashLog(window.min(MAX_HASH_LOG)))?;
    encoder.set_parameter(CParameter::ChainLog(window.min(MAX_HASH_LOG)))?;
    Ok(encoder)
}
