//! Blocks of frames to the world, one file a format.
//!
//! The last stage. Mono, bit depth and dither happen here. Must not know the timeline, scripts or clips.
#![allow(clippy::disallowed_methods, reason = "a sink is where the program meets files")]

#[cfg(feature = "play")]
mod device;
mod error;
mod tags;
mod wav;
mod work;

use std::io;

use crate::audio::Block;

#[cfg(feature = "play")]
pub use device::{DeviceError, Speaker};
pub use error::{SinkError, plain_reason};
pub use tags::{Marker, Picture, Tags};
pub use wav::{Bits, Output, Stream, WavFile, WavFormat, WavWriter, is_ours};
pub use work::{EncodeError, Watch, in_order};

/// Where blocks end.
pub trait Sink {
    /// Takes the next stretch of the track.
    ///
    /// # Errors
    /// If the world refuses it.
    fn write(&mut self, block: Block<'_>) -> io::Result<()>;
}
