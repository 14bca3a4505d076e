//! PCM: the samples of a track as files have them, the same in WAV, in FLAC and for a device.

use crate::audio::{ChannelLayout, Frame};
use crate::digest::{Digested, Digester};
use crate::dsp::{frame_to_i16, to_i24};
use crate::encode::Coding;
use crate::units::{FramePos, Frames, SampleRate};

/// The format of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bits {
    /// 16-bit integers, dithered.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floating point; 24-bit integers in FLAC, which has no other.
    Float32,
}

impl Bits {
    /// Bytes of one sample of a WAV.
    pub(super) const fn bytes(self) -> u16 {
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

/// The format of the samples of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PcmFormat {
    /// Frames a second.
    pub(super) rate: SampleRate,
    /// One or two channels.
    pub(super) layout: ChannelLayout,
    /// The format of a sample.
    pub(super) bits: Bits,
}

impl PcmFormat {
    /// Bytes of one frame of a WAV: `nBlockAlign`.
    pub(super) const fn frame_bytes(self) -> u16 {
        self.layout.channels() * self.bits.bytes()
    }

    /// Bytes of so many frames of a WAV.
    pub(super) const fn bytes(self, frames: Frames) -> u64 {
        frames.0 * self.frame_bytes() as u64
    }

    /// The integers of a stretch of the track from `at` on, each frame as its left and right; of mono both are the
    /// same.
    pub(super) fn integers(self, at: FramePos, frames: &[Frame]) -> impl Iterator<Item = [i32; 2]> {
        frames.iter().zip(at.0..).map(move |(frame, at)| {
            let Frame { left, right } = mixed(*frame, self.layout);
            match self.bits {
                Bits::Int16 => frame_to_i16(Frame { left, right }, FramePos(at)).map(i32::from),
                Bits::Int24 | Bits::Float32 => [to_i24(left), to_i24(right)],
            }
        })
    }

    /// Appends a stretch of the track from `at` on to the little-endian bytes of a WAV.
    pub(super) fn append_bytes(self, at: FramePos, frames: &[Frame], bytes: &mut Vec<u8>) {
        let channels = usize::from(self.layout.channels());
        match self.bits {
            Bits::Float32 => bytes.extend(frames.iter().flat_map(|frame| {
                let Frame { left, right } = mixed(*frame, self.layout);
                [left, right].into_iter().take(channels).flat_map(f32::to_le_bytes)
            })),
            Bits::Int16 | Bits::Int24 => {
                let width = usize::from(self.bits.bytes());
                for samples in self.integers(at, frames) {
                    for sample in &samples[..channels] {
                        bytes.extend_from_slice(&sample.to_le_bytes()[..width]);
                    }
                }
            }
        }
    }
}

/// Gives frames, the first of which is the track's frame `at`, the values they have in a WAV file of that coding: so a
/// device plays what is in the file. One that takes integers of as many bits gets just these integers; one that takes
/// more loses nothing.
pub fn as_in_file(coding: Coding, at: FramePos, frames: &mut [Frame]) {
    let Coding { layout, bits, .. } = coding;
    for (frame, at) in frames.iter_mut().zip((at.0..).map(FramePos)) {
        let Frame { left, right } = mixed(*frame, layout);
        let [left, right] = match bits {
            Bits::Int16 => frame_to_i16(Frame { left, right }, at).map(|sample| f32::from(sample) / 32_768.0),
            Bits::Int24 => [left, right].map(|sample| to_i24(sample) as f32 / 8_388_608.0),
            Bits::Float32 => [left, right],
        };
        *frame = Frame { left, right };
    }
}

/// A frame as its channels have it: of mono, both are the mean of left and right.
fn mixed(frame: Frame, layout: ChannelLayout) -> Frame {
    match layout {
        ChannelLayout::Mono => Frame::mono(frame.to_mono()),
        ChannelLayout::Stereo => frame,
    }
}
