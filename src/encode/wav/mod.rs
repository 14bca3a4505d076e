//! WAV: 16 and 24 bit, float, mono and stereo, any rate, any length, to a file or a pipe.
//!
//! The length of a track is known before its first sample, so the header is true from the start.

mod header;
#[cfg(test)]
mod tests;
mod writer;

pub(super) use writer::WavWriter;
