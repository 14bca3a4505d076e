//! A WAV of known length, written from its first byte to its last.

use std::io;

use super::header::header;
use crate::audio::Block;
use crate::encode::checksums::{StretchDigest, complete_wav, placeholder_in};
use crate::encode::pcm::PcmFormat;
use crate::output::Output;
use crate::units::{FramePos, Frames};

/// Writes one WAV.
pub(in crate::encode) struct WavWriter<O> {
    output: O,
    format: PcmFormat,
    promised: Frames,
    written: FramePos,
    header: Vec<u8>,
    trailer: Vec<u8>,
    /// The placeholder of the checksums in the trailer, and the digest of the samples so far.
    checksums: Option<(String, StretchDigest)>,
    bytes: Vec<u8>,
}

impl<O: Output> WavWriter<O> {
    /// Begins a WAV of exactly `length` frames with its header. `trailer` are the chunks that will follow the
    /// samples, each with its pad byte, as from [`crate::encode::tags::riff_chunks`]; a placeholder of checksums in
    /// them is replaced.
    ///
    /// # Errors
    /// If the output refuses it.
    pub(in crate::encode) fn new(
        mut output: O,
        format: PcmFormat,
        length: Frames,
        trailer: Vec<u8>,
    ) -> io::Result<Self> {
        let header = header(format, length, trailer.len() as u64);
        output.put(&header)?;
        let checksums = placeholder_in(&trailer).map(|placeholder| (placeholder, StretchDigest::new()));
        let (promised, written, bytes) = (length, FramePos::START, Vec::new());
        Ok(Self { output, format, promised, written, header, trailer, checksums, bytes })
    }

    /// Ends the WAV.
    ///
    /// # Errors
    /// If the output refuses it, or fewer frames were written than the header promises.
    pub(in crate::encode) fn finish(mut self) -> io::Result<O> {
        let written = self.written.saturating_since(FramePos::START);
        if written != self.promised {
            return Err(wrong_length(self.promised, written));
        }
        // An odd chunk has a pad byte that its size does not count (RIFF, IBM and Microsoft 1991).
        let bytes = self.format.bytes(written);
        let mut after = vec![0; (bytes % 2) as usize];
        after.append(&mut self.trailer);
        if let Some((placeholder, sound)) = self.checksums {
            complete_wav(&self.header, (bytes, sound), &mut after, &placeholder)?;
        }
        self.output.put(&after)?;
        Ok(self.output)
    }

    /// Appends the next stretch of the track.
    ///
    /// # Errors
    /// If the output refuses it, or more frames were written than the header promises.
    pub(in crate::encode) fn write(&mut self, block: Block<'_>) -> io::Result<()> {
        let at = self.written;
        self.written += block.length();
        let written = self.written.saturating_since(FramePos::START);
        if written > self.promised {
            return Err(wrong_length(self.promised, written));
        }
        let mut sound = self.checksums.as_mut().map(|(_, sound)| sound);
        match block {
            Block::Silence(length) => {
                let zeros = self.format.bytes(length);
                sound.iter_mut().for_each(|sound| sound.add_zeros(zeros));
                self.output.zeros(zeros)
            }
            Block::Sound(frames) => {
                self.bytes.clear();
                self.format.append_bytes(at, frames, &mut self.bytes);
                sound.iter_mut().for_each(|sound| sound.add(&self.bytes));
                self.output.put(&self.bytes)
            }
        }
    }
}

fn wrong_length(promised: Frames, written: Frames) -> io::Error {
    io::Error::other(format!("the header promises {} frames, and there are {}", promised.0, written.0))
}
