//! The samples of a track as its WAV file has them, for a device: so what is heard is the file.

use crate::audio::{ChannelLayout, Frame};
use crate::dsp::{frame_to_i16, to_i16, to_i24};
use crate::encode::{Bits, Coding};
use crate::units::FramePos;

/// Gives frames, the first of which is the track's frame `at`, the values they have in a WAV file of that coding. A
/// device that takes integers of as many bits gets just these integers; one that takes more loses nothing.
pub fn as_in_file(coding: Coding, at: FramePos, frames: &mut [Frame]) {
    let int16 = |sample: i16| f32::from(sample) / 32_768.0;
    let int24 = |sample: f32| to_i24(sample) as f32 / 8_388_608.0;
    for (frame, at) in frames.iter_mut().zip((at.0..).map(FramePos)) {
        *frame = match (coding.bits, coding.layout) {
            (Bits::Int16, ChannelLayout::Mono) => Frame::mono(int16(to_i16(frame.to_mono(), at, 0))),
            (Bits::Int16, ChannelLayout::Stereo) => {
                let [left, right] = frame_to_i16(*frame, at).map(int16);
                Frame { left, right }
            }
            (Bits::Int24, ChannelLayout::Mono) => Frame::mono(int24(frame.to_mono())),
            (Bits::Int24, ChannelLayout::Stereo) => {
                Frame { left: int24(frame.left), right: int24(frame.right) }
            }
            (Bits::Float32, ChannelLayout::Mono) => Frame::mono(frame.to_mono()),
            (Bits::Float32, ChannelLayout::Stereo) => *frame,
        };
    }
}
