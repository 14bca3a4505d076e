//! What a track says about itself, once for all formats.
//!
//! One value, [`Tags`], is written as ID3 into MP3, as Vorbis comments into FLAC and Opus, and as `LIST`
//! chunks into WAV. It is filled by the pipeline; nothing here knows scripts or timelines.

use crate::units::{FramePos, Frames, SampleRate};

/// What a track says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Tags {
    /// Its title.
    pub title: String,
    /// Who made it.
    pub artist: Option<String>,
    /// The series it belongs to.
    pub album: Option<String>,
    /// Its number in the series.
    pub track: Option<u32>,
    /// Its genre.
    pub genre: Option<String>,
    /// What it is, in sentences.
    pub comment: Option<String>,
    /// When it was made, as the script says: a year, a month or a day, as in `2026-05-01`.
    pub date: Option<String>,
    /// ISO 639-1 code of what is spoken, as in `en`.
    pub language: String,
    /// What it was made of, for `nidra verify`: one line, begins with `nidra ` and the version.
    pub provenance: String,
    /// The picture players show.
    pub cover: Option<Picture>,
    /// Its chapters, in time order.
    pub chapters: Vec<Marker>,
    /// Frames a second: the unit of the markers.
    pub rate: SampleRate,
    /// How long it is.
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

/// A picture, as its file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}
