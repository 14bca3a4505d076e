//! A stretch of the finished track on its way to a sink.

use crate::audio::Frame;
use crate::units::Frames;

/// A stretch of the track. Silence is a value, not zeros, so that meters and sinks pay nothing for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Block<'a> {
    /// That many frames of digital silence.
    Silence(Frames),
    /// These frames.
    Sound(&'a [Frame]),
}

impl Block<'_> {
    /// Returns its length.
    pub fn length(&self) -> Frames {
        match self {
            Self::Silence(length) => *length,
            Self::Sound(frames) => Frames(frames.len() as u64),
        }
    }
}
