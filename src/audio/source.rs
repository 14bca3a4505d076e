//! A whole track, at random access.

use std::ops::Range;

use super::Frame;
use crate::units::{FramePos, Frames, SampleRate};

/// A whole track that can be asked for any stretch of itself, by several threads at once.
///
/// What a stretch holds depends on its position alone: not on what was asked for before, nor by whom.
pub trait Source: Sync {
    /// Frames a second.
    fn rate(&self) -> SampleRate;

    /// The length of the track.
    fn length(&self) -> Frames;

    /// Returns the stretches in which something sounds: in order, apart from each other, not empty, within the track.
    /// Everywhere else there is digital silence.
    fn regions(&self) -> &[Range<FramePos>];

    /// Fills `out` with the stretch that begins at `from`. After the end there is silence.
    fn read(&self, from: FramePos, out: &mut [Frame]);
}
