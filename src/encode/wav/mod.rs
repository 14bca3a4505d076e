//! WAV: 16 and 24 bit, float, mono and stereo, any rate, any length, to a file or a pipe.
//!
//! The length of a track is known before its first sample, so the header is true from the start.

mod encode;
mod format;
mod header;
mod samples;
#[cfg(test)]
mod tests;
mod writer;

pub use format::{Bits, WavFormat};
pub use samples::as_in_file;
pub use writer::WavWriter;
