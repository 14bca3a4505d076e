//! Frames to the bytes of a file, one format a folder, and from a file back to what made it.
//!
//! After `master`. Mono, bit depth and dither happen here. Must not know the timeline, scripts or clips.
#![allow(clippy::disallowed_methods, reason = "tracks are files")]

mod blocks;
mod checksums;
mod container;
mod flac;
mod format;
#[cfg(feature = "mp3")]
mod mp3;
#[cfg(feature = "opus")]
mod opus;
mod ordered_par_map;
mod pcm;
#[cfg(any(feature = "mp3", feature = "opus"))]
mod runs;
mod tags;
#[cfg(test)]
mod testing;
mod track;
mod wav;
mod work;

pub use blocks::for_each_block;
pub use checksums::{Checksums, Condition, Damage, TrackFile};
pub use format::{Coding, Format, Kbps, RateControl, VbrQuality};
pub use ordered_par_map::{in_pool, ordered_par_map};
pub use pcm::{Bits, as_in_file};
pub use tags::{Marker, Picture, Tags};
pub use track::{stream_track, write_track};
pub use work::{EncodeError, JobControl};
