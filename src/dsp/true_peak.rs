//! True peak: how high the waveform goes between the samples.

use crate::audio::Frame;

/// The interpolating filter for four times the rate: phases 0 and 1; phases 2 and 3 are these backwards
/// (ITU-R BS.1770-5, annex 2, table of the order 48, 4-phase FIR filter).
const INTERPOLATOR_PHASES: [[f32; 12]; 2] = [
    [
        0.001_708_984_4,
        0.010_986_328,
        -0.019_653_32,
        0.033_203_125,
        -0.059_448_242,
        0.137_329_1,
        0.972_167_97,
        -0.102_294_92,
        0.047_607_42,
        -0.026_611_328,
        0.014_892_578,
        -0.008_300_781,
    ],
    [
        -0.029_174_805,
        0.029_296_875,
        -0.051_757_813,
        0.089_111_33,
        -0.166_503_9,
        0.465_087_9,
        0.779_785_16,
        -0.200_317_38,
        0.101_562_5,
        -0.058_227_54,
        0.033_081_055,
        -0.018_920_898,
    ],
];

/// Frames on either side of one that its interpolated values depend on.
pub(super) const INTERPOLATOR_REACH: usize = 6;

/// No interpolated value exceeds the largest sample of its surroundings by more than this factor: the sum of the
/// magnitudes of phase 1.
pub(super) const MAX_OVERSHOOT: f32 = 2.023;

/// The largest magnitude at, or in the three quarters after, any frame of `frames`, but for [`INTERPOLATOR_REACH`] at
/// either end, in either channel. The frames at both ends are its surroundings only.
pub(super) fn true_peak(frames: &[Frame]) -> f32 {
    let windows = frames.windows(2 * INTERPOLATOR_REACH);
    // A window of twelve is centred between its sixth and its seventh frame.
    windows.skip(1).take(frames.len().saturating_sub(2 * INTERPOLATOR_REACH)).fold(
        0.0,
        |peak: f32, window| {
            let at = window[INTERPOLATOR_REACH - 1].peak();
            INTERPOLATOR_PHASES.iter().fold(peak.max(at), |peak, taps| {
                let (forward, backward) = interpolate(window, taps);
                peak.max(forward.peak()).max(backward.peak())
            })
        },
    )
}

/// The window through one phase, and through the one that is that phase backwards.
fn interpolate(window: &[Frame], taps: &[f32; 12]) -> (Frame, Frame) {
    let mut sums = (Frame::SILENCE, Frame::SILENCE);
    for (index, (frame, tap)) in window.iter().zip(taps).enumerate() {
        let mirrored = taps[taps.len() - 1 - index];
        sums.0 += Frame::new(frame.left * tap, frame.right * tap);
        sums.1 += Frame::new(frame.left * mirrored, frame.right * mirrored);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_that_peaks_between_its_samples_is_measured_where_it_peaks() {
        // A sine of a quarter of the rate, sampled at 45 degrees: its samples are 3 dB under its peak
        // (EBU Tech 3341, cases 15 to 18: within +0.2 and -0.4 dB).
        for phase in [0.0f32, 0.5, 1.0, 1.5] {
            let sine = |n: usize| libm::sinf((n as f32 + phase * 0.5) * std::f32::consts::FRAC_PI_2) * 0.5;
            let frames: Vec<Frame> = (0..400).map(|n| Frame::mono(sine(n))).collect();
            let db = 20.0 * libm::log10f(true_peak(&frames) / 0.5);
            assert!((-0.4..=0.2).contains(&db), "{phase}: {db}");
        }
    }

    #[test]
    fn nothing_exceeds_the_bound() {
        let noise = crate::dsp::Noise::new(5);
        let worst = |n: u64| if noise.signed(n) > 0.0 { 1.0 } else { -1.0 };
        let frames: Vec<Frame> = (0..20_000).map(|n| Frame::mono(worst(n))).collect();
        let peak = true_peak(&frames);
        assert!(peak > 1.0 && peak <= MAX_OVERSHOOT, "{peak}");
        assert_eq!(true_peak(&[Frame::mono(1.0); 11]), 0.0);
    }
}
