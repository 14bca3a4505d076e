//! Blocks of frames to the world, one file a format.
//!
//! The last stage. Mono, bit depth and dither happen here. Must not know the timeline, scripts or clips.
#![allow(clippy::disallowed_methods, reason = "a sink is where the program meets files")]

mod blocks;
mod checksums;
mod error;
mod file;
mod flac;
mod format;
#[cfg(feature = "opus")]
mod grid;
mod in_order;
#[cfg(feature = "mp3")]
mod mp3;
#[cfg(feature = "opus")]
mod opus;
#[cfg(feature = "play")]
mod speaker;
mod tags;
mod temporary;
#[cfg(test)]
mod testing;
mod track;
mod wav;
mod work;

use std::io;

use crate::audio::Block;

#[cfg(feature = "opus")]
pub use self::opus::{OpusFormat, write_opus};
pub use blocks::{for_each_block, for_each_block_here};
pub use checksums::{Checksums, Condition, Damage, TrackFile};
pub use error::{SinkError, plain_reason};
pub use file::{NewFile, make_folder_of, sync_folder_of};
pub use flac::{FlacBits, FlacFormat, write_flac};
pub use format::{Coding, Format, Kbps, RateControl, VbrQuality};
pub use in_order::{in_order, in_pool};
#[cfg(feature = "mp3")]
pub use mp3::{Mp3Format, write_mp3};
#[cfg(feature = "play")]
pub use speaker::{DeviceError, DeviceInfo, Fade, Line, Pace, Speaker, Tap, as_in_file, devices};
pub use tags::{
    ChapterFault, Id3Fault, MOST_BYTES, Marker, Picture, Tags, TooLarge, chapter_faults, id3_faults, id3v2,
    opus_tags, riff_chunks, size_fault,
};
pub use temporary::clear_leftovers;
pub use track::{stream_track, write_track};
pub use wav::{Bits, Output, Stream, WavFormat, WavWriter};
pub use work::{EncodeError, Watch};

/// Where blocks end.
pub trait Sink {
    /// Takes the next stretch of the track.
    ///
    /// # Errors
    /// If the world refuses it.
    fn write(&mut self, block: Block<'_>) -> io::Result<()>;
}
