//! Frames to little-endian samples.

use super::format::{Bits, WavFormat};
use crate::audio::{ChannelLayout, Frame};
use crate::dsp::{frame_to_i16, to_i16, to_i24};
use crate::units::FramePos;

/// Appends `frames`, the first of which is the track's frame `at`, to `bytes`.
pub(super) fn encode(format: WavFormat, at: FramePos, frames: &[Frame], bytes: &mut Vec<u8>) {
    let frames = frames.iter().zip(at.0..).map(|(frame, at)| (*frame, FramePos(at)));
    match (format.bits, format.layout) {
        (Bits::Int16, ChannelLayout::Mono) => {
            frames.for_each(|(frame, at)| bytes.extend(to_i16(frame.to_mono(), at, 0).to_le_bytes()));
        }
        (Bits::Int16, ChannelLayout::Stereo) => frames.for_each(|(frame, at)| {
            bytes.extend(frame_to_i16(frame, at).iter().flat_map(|sample| sample.to_le_bytes()));
        }),
        (Bits::Int24, ChannelLayout::Mono) => {
            frames.for_each(|(frame, _)| bytes.extend(int24(frame.to_mono())))
        }
        (Bits::Int24, ChannelLayout::Stereo) => frames.for_each(|(frame, _)| {
            bytes.extend(int24(frame.left));
            bytes.extend(int24(frame.right));
        }),
        (Bits::Float32, ChannelLayout::Mono) => {
            frames.for_each(|(frame, _)| bytes.extend(frame.to_mono().to_le_bytes()));
        }
        (Bits::Float32, ChannelLayout::Stereo) => frames.for_each(|(frame, _)| {
            bytes.extend(frame.left.to_le_bytes());
            bytes.extend(frame.right.to_le_bytes());
        }),
    }
}

fn int24(sample: f32) -> [u8; 3] {
    let [low, middle, high, _] = to_i24(sample).to_le_bytes();
    [low, middle, high]
}
