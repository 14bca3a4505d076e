//! Narrowing: an f32 sample to the integers of a file.
//!
//! The last thing that happens to a sample, in the sinks. Each sample depends on nothing but its value,
//! its place and its channel, so any division into blocks gives the same bytes. Must not know blocks,
//! files or what came before.
//!
//! To 16 bits with TPDF dither: white noise of triangular density, two steps wide in all. It is the least
//! noise that frees both the mean and the power of the error from the signal; the error then has no mean
//! and a power of a quarter step squared, whatever is played (Lipshitz, Wannamaker, Vanderkooy:
//! "Quantization and Dither: A Theoretical Survey", J. Audio Eng. Soc. 40(5), 1992). So the tail of a bell
//! sinks into even hiss 93 dB under a full-scale sine (98 dB without) instead of breaking up.
//!
//! To 24 bits by plain rounding: its error lies 146 dB under a full-scale sine, 20 dB and more under the
//! noise of any converter that could play it, and an f32 above half of full scale has only those 24 bits anyway.

use crate::audio::Frame;
use crate::dsp::noise::Noise;
use crate::units::FramePos;

/// Any number does; it is fixed so that files are the same everywhere.
const DITHER_NOISE: Noise = Noise::new(0x6E69_6472_6120_0016);

/// Streams of dither: one for each channel there can be.
const DITHER_STREAMS: u64 = 2;

/// A sample (full scale 1.0) as 16 bits, with TPDF dither that belongs to its place in the track and its
/// `channel` (0 or 1). Digital silence stays 0; what is over full scale is held there; NaN becomes 0.
pub fn to_i16(sample: f32, at: FramePos, channel: u16) -> i16 {
    if sample == 0.0 {
        return 0;
    }
    let dither = DITHER_NOISE.triangular(at.0 * DITHER_STREAMS + u64::from(channel));
    // `as` saturates. Rounded half up: the dither leaves no ties that a listener could tell.
    (f64::from(sample) * 32_768.0 + f64::from(dither) + 0.5).floor() as i16
}

/// A frame as 16 bits. What is the same in both channels stays so: a voice in the middle has no hiss at the sides,
/// and a lossless file holds it once (a third smaller, measured).
pub fn frame_to_i16(frame: Frame, at: FramePos) -> [i16; 2] {
    let left = to_i16(frame.left, at, 0);
    [left, if frame.left == frame.right { left } else { to_i16(frame.right, at, 1) }]
}

/// A sample (full scale 1.0) as 24 bits, to nearest, held within -8 388 608 to 8 388 607; NaN becomes 0.
pub fn to_i24(sample: f32) -> i32 {
    let scaled = (f64::from(sample) * 8_388_608.0).round();
    scaled.clamp(-8_388_608.0, 8_388_607.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and power, in steps of 16 bits, of the error on a sample of `steps` steps.
    fn error(steps: f64) -> (f64, f64) {
        let count = 200_000;
        let errors = (0..count)
            .map(|at| f64::from(to_i16((steps / 32_768.0) as f32, FramePos(at), (at % 2) as u16)) - steps);
        let (sum, power) = errors.fold((0.0, 0.0), |(sum, power), e| (sum + e, power + e * e));
        (sum / count as f64, power / count as f64)
    }

    #[test]
    fn what_is_the_same_in_both_channels_stays_so() {
        for at in 0..1000 {
            let [left, right] = frame_to_i16(Frame::mono(0.1), FramePos(at));
            assert_eq!((left, right), (to_i16(0.1, FramePos(at), 0), left));
        }
        let differs = |at| {
            let [left, right] = frame_to_i16(Frame::new(0.1, 0.100_000_1), FramePos(at));
            left != right
        };
        assert!((0..100).any(differs));
    }

    #[test]
    fn the_error_has_no_mean_and_a_quarter_step_of_power_whatever_is_played() {
        for steps in [0.01, 0.25, 0.5, 0.75, 1.0, -0.3, 100.5, -12_345.125] {
            let (mean, power) = error(steps);
            assert!(mean.abs() < 0.005, "{steps}: mean {mean}");
            assert!((power - 0.25).abs() < 0.005, "{steps}: power {power}");
        }
    }

    #[test]
    fn silence_is_left_alone() {
        assert!((0..10_000).all(|at| to_i16(0.0, FramePos(at), 0) == 0));
        assert_eq!(to_i16(-0.0, FramePos(5), 1), 0);
        assert_eq!(to_i24(0.0), 0);
    }

    #[test]
    fn full_scale_is_held_and_never_wraps() {
        for at in 0..10_000 {
            for over in [1.0, 1.5, 1e9, f32::INFINITY] {
                assert!(to_i16(over, FramePos(at), 0) >= i16::MAX - 1, "{over}");
                assert!(to_i16(-over, FramePos(at), 0) <= i16::MIN + 1, "{over}");
            }
        }
        assert_eq!((to_i24(1.0), to_i24(-1.0)), (8_388_607, -8_388_608));
        assert_eq!((to_i24(3.0), to_i24(-3.0)), (8_388_607, -8_388_608));
        assert_eq!((to_i16(f32::NAN, FramePos(0), 0), to_i24(f32::NAN)), (0, 0));
    }

    #[test]
    fn samples_of_24_bits_come_back_as_they_were() {
        for value in (-8_388_608..8_388_608).step_by(997) {
            assert_eq!(to_i24(value as f32 / 8_388_608.0), value);
        }
    }

    #[test]
    fn channels_and_places_are_dithered_apart() {
        let half_step = 0.5 / 32_768.0;
        let differs = |a: (u64, u16), b: (u64, u16)| {
            to_i16(half_step, FramePos(a.0), a.1) != to_i16(half_step, FramePos(b.0), b.1)
        };
        let (left_right, neighbours) = (0..10_000).fold((0, 0), |(channels, places), at| {
            (
                channels + u32::from(differs((at, 0), (at, 1))),
                places + u32::from(differs((at, 0), (at + 1, 0))),
            )
        });
        // Half a step rounds up or down evenly (up 1/2, down 1/2), so two independent draws differ half the time.
        assert!((4700..5300).contains(&left_right), "{left_right}");
        assert!((4700..5300).contains(&neighbours), "{neighbours}");
    }
}
