//! Brown noise: the even, dark roar that masks a street without asking for attention.

use crate::audio::Frame;
use crate::dsp::bed::circle::round;
use crate::dsp::filter::{HighPass, LowPass};
use crate::dsp::noise::Noise;
use crate::units::{Frames, Millis, SampleRate};

/// Frequency at which the fall of 6 dB an octave begins. Lower and the loudspeaker would move without being heard.
const CORNER_HZ: f64 = 28.0;

/// Under this nothing is left: it would only take headroom.
const HIGH_PASS_HZ: f64 = 16.0;

/// Thirty times the slower filter's time: what it remembers from before is under -250 dB.
const FILTER_WARM_UP: Millis = Millis(300);

/// Share of each channel that is common to both (amplitude): wide, but with a middle, and 0.5 dB louder than
/// two strangers when a phone adds them up.
const COMMON_SHARE: f64 = 0.35;

const COMMON_NOISE: Noise = Noise::new(0x6272_6F77_6E00_0001);
const LEFT_NOISE: Noise = Noise::new(0x6272_6F77_6E00_0002);
const RIGHT_NOISE: Noise = Noise::new(0x6272_6F77_6E00_0003);

pub(super) fn brown_noise(length: Frames, rate: SampleRate) -> Vec<Frame> {
    let own = (1.0 - COMMON_SHARE * COMMON_SHARE).sqrt();
    let channel = |side: Noise| {
        let white = move |place| {
            f64::from(COMMON_NOISE.signed(place)) * COMMON_SHARE + f64::from(side.signed(place)) * own
        };
        let (mut low, mut high) = (LowPass::new(CORNER_HZ, rate), HighPass::new(HIGH_PASS_HZ, rate));
        round(length, FILTER_WARM_UP.to_frames(rate), white, move |value| high.next(low.next(value)))
    };
    channel(LEFT_NOISE).zip(channel(RIGHT_NOISE)).map(|(left, right)| Frame::new(left, right)).collect()
}
