//! Sound files for the tests of the library, as our own sinks write them.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use crate::audio::{ChannelLayout, Frame, Source};
use crate::dsp::Noise;
use crate::encode::{Bits, Coding, Format, JobControl, Tags, stream_track};
use crate::units::{FramePos, Frames, SampleRate};

/// The formats of which any stretch can be decoded by itself, if they are built.
pub(super) const PAGED: &[Format] = if cfg!(feature = "mp3") {
    &[Format::Wav, Format::Flac, Format::Mp3]
} else {
    &[Format::Wav, Format::Flac]
};

/// A file of so many frames of noise that swells, different in each channel.
pub(super) fn sound_file(format: Format, layout: ChannelLayout, hz: u32, frames: u64) -> Vec<u8> {
    let sound = Sound { rate: SampleRate::new(hz).unwrap(), region: [FramePos::START..FramePos(frames)] };
    let coding = Coding { layout, bits: Bits::Int24, rate_control: None };
    let tags = Tags::titled("A sound", sound.rate, sound.length());
    let (mut bytes, stop) = (Vec::new(), AtomicBool::new(false));
    let mut watch = JobControl { stop: &stop, progress: &mut |_| {} };
    stream_track(&sound, format, coding, &tags, &mut bytes, &mut watch).unwrap();
    bytes
}

struct Sound {
    rate: SampleRate,
    region: [Range<FramePos>; 1],
}

impl Source for Sound {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn length(&self) -> Frames {
        Frames(self.region[0].end.0)
    }

    fn regions(&self) -> &[Range<FramePos>] {
        &self.region
    }

    fn read(&self, from: FramePos, out: &mut [Frame]) {
        let (left, right) = (Noise::new(1), Noise::new(2));
        for (at, frame) in (from.0..).zip(out) {
            let swell = 0.1 + 0.3 * libm::sinf(at as f32 * 0.0007).abs();
            // A tone too, so that a step in it would be seen.
            let tone = libm::sinf((at % 100_000) as f32 * 0.05);
            *frame =
                Frame::new(tone + left.signed(at), tone - right.signed(at)) * crate::units::Gain(swell * 0.5);
        }
    }
}
