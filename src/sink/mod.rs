//! Blocks of frames to the world, one file a format.
//!
//! The last stage. Mono, bit depth and dither happen here. Must not know the timeline, scripts or clips.

use std::io;

use crate::audio::Block;

/// Where blocks end.
pub trait Sink {
    /// Takes the next stretch of the track.
    ///
    /// # Errors
    /// If the world refuses it.
    fn write(&mut self, block: Block<'_>) -> io::Result<()>;
}
