//! The formats a track can be written in.

use super::wav::Bits;
use crate::audio::ChannelLayout;

/// A format of tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Uncompressed; the master.
    Wav,
    /// What every phone, car and podcast app plays.
    Mp3,
    /// Lossless, half the size of a WAV.
    Flac,
    /// The smallest; for players that know it.
    Opus,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Wav, Self::Mp3, Self::Flac, Self::Opus];

    /// Its name as it is written, which is also the ending of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Opus => "opus",
        }
    }
}

/// How a track is written, whatever the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coding {
    /// One or two channels.
    pub layout: ChannelLayout,
    /// How samples are stored, where they are.
    pub bits: Bits,
    /// How many bits a second the lossy formats take; their usual rate if it is not said.
    pub bitrate: Option<Bitrate>,
}

/// How many bits a lossy format takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bitrate {
    /// So many kilobits a second, on average for Opus and always for MP3.
    Kilobits(u32),
    /// MP3 of variable bit rate, from 0 (best) to 9 (smallest). Players seek badly in it.
    Variable(u8),
}
