//! Frames to the bytes of a file, one format a folder, and from a file back to what made it.
//!
//! After `master`. Mono, bit depth and dither happen here. Must not know the timeline, scripts or clips.
#![allow(clippy::disallowed_methods, reason = "tracks are files")]

mod blocks;
mod checksums;
mod flac;
mod format;
#[cfg(feature = "opus")]
mod grid;
#[cfg(feature = "mp3")]
mod mp3;
#[cfg(feature = "opus")]
mod opus;
mod ordered_par_map;
mod tags;
#[cfg(test)]
mod testing;
mod track;
mod wav;
mod work;

use std::io;

use crate::audio::Block;

#[cfg(feature = "opus")]
pub use self::opus::{OpusFormat, write_opus};
pub use blocks::for_each_block;
pub use checksums::{Checksums, Condition, Damage, TrackFile};
pub use flac::{FlacBits, FlacFormat, write_flac};
pub use format::{Coding, Format, Kbps, RateControl, VbrQuality};
#[cfg(feature = "mp3")]
pub use mp3::{Mp3Format, write_mp3};
pub use ordered_par_map::{in_pool, ordered_par_map};
pub use tags::{
    ChapterFault, Id3Fault, MOST_BYTES, Marker, Picture, Tags, TooLarge, chapter_faults, id3_faults, id3v2,
    opus_tags, riff_chunks, size_fault,
};
pub use track::{stream_track, write_track};
pub use wav::{Bits, WavFormat, WavWriter, as_in_file};
pub use work::{EncodeError, JobControl};

/// The destination of blocks.
pub trait Sink {
    /// Takes the next stretch of the track.
    ///
    /// # Errors
    /// If the world refuses it.
    fn write(&mut self, block: Block<'_>) -> io::Result<()>;
}
