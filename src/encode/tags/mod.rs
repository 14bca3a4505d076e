//! The metadata of a track, once for all formats.
//!
//! One value, [`Tags`], is written as ID3 into MP3, as Vorbis comments into FLAC and Opus, and as `LIST`
//! chunks into WAV. It is filled by the pipeline; nothing here knows scripts or timelines. The writers are
//! functions from [`Tags`] to bytes, which the encoders of `encode/` put in their places; they write what they
//! are given, and `limits.rs` says whether it may be given. `container/` reads the way back.

#[cfg(any(feature = "mp3", test))]
mod id3v2;
#[cfg(test)]
mod interop_tests;
#[cfg(any(feature = "mp3", test))]
mod language;
mod limits;
#[cfg(any(feature = "opus", test))]
mod opus_packet;
mod riff;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod vorbis;

#[cfg(any(feature = "mp3", test))]
pub(super) use id3v2::id3v2;
pub(super) use limits::{MAX_TAG_BYTES, TagFault, check_chapters, check_size};
#[cfg(test)]
use opus_packet::flac_picture;
#[cfg(any(feature = "opus", test))]
pub(super) use opus_packet::opus_tags;
#[cfg(test)]
pub(super) use opus_packet::vorbis_comment;
pub(super) use riff::riff_chunks;
pub(super) use text::{MAKER, PROVENANCE_KEY, software};
pub(super) use vorbis::comments;

use crate::units::{FramePos, Frames, SampleRate};

/// The metadata of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Tags {
    /// Its title.
    pub title: String,
    /// Its maker.
    pub artist: Option<String>,
    /// The series it belongs to.
    pub album: Option<String>,
    /// Its number in the series.
    pub track: Option<u32>,
    /// Its genre.
    pub genre: Option<String>,
    /// Its description, in sentences.
    pub comment: Option<String>,
    /// When it was made, as the script says: a year, a month or a day, as in `2026-05-01`.
    pub date: Option<String>,
    /// ISO 639-1 code of what is spoken, as in `en`.
    pub language: String,
    /// The record of what it was made of, for `nidra verify`: one line, begins with `nidra ` and the version.
    pub provenance: String,
    /// The picture players show.
    pub cover: Option<Picture>,
    /// Its chapters, in time order.
    pub chapters: Vec<Marker>,
    /// Frames a second: the unit of the markers.
    pub rate: SampleRate,
    /// Its length.
    pub length: Frames,
}

/// A named stretch of the track, as listeners see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Its first frame.
    pub start: FramePos,
    /// The frame after its last.
    pub end: FramePos,
    /// Its name.
    pub title: String,
}

/// A picture, as its file is, with what FLAC and Opus say of it (RFC 9639, section 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bits of a pixel, of a colour where there is a palette.
    pub bits_per_pixel: u32,
    /// Colours of the palette; zero where there is none.
    pub palette_colours: u32,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}
