//! The format of a WAV file.

use crate::audio::ChannelLayout;
use crate::digest::{Digested, Digester};
use crate::units::{Frames, SampleRate};

/// The format of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bits {
    /// 16-bit integers, dithered.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floating point.
    Float32,
}

impl Bits {
    /// Bytes of one sample.
    pub const fn bytes(self) -> u16 {
        match self {
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Float32 => 4,
        }
    }
}

impl Digested for Bits {
    fn digest_into(&self, to: &mut Digester) {
        let name = match self {
            Self::Int16 => "int16",
            Self::Int24 => "int24",
            Self::Float32 => "float32",
        };
        name.digest_into(to);
    }
}

/// The format of a WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WavFormat {
    /// Frames a second.
    pub rate: SampleRate,
    /// One or two channels.
    pub layout: ChannelLayout,
    /// The format of a sample.
    pub bits: Bits,
}

impl WavFormat {
    /// Bytes of one frame: `nBlockAlign`.
    pub const fn frame_bytes(self) -> u16 {
        self.layout.channels() * self.bits.bytes()
    }

    /// Bytes of so many frames.
    pub const fn bytes(self, frames: Frames) -> u64 {
        frames.0 * self.frame_bytes() as u64
    }
}
