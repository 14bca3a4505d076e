//! Momentary and integrated loudness.

use ebur128::{Channel, EbuR128, Mode};

use crate::audio::{ClipFrames, Frame, Momentary};
use crate::units::{Lufs, SampleRate};

/// From one window to the next.
const STEP_MS: u32 = 1000 / Momentary::A_SECOND;

/// What the weighting filter adds at 1 kHz, taken off again (ITU-R BS.1770-5, annex 1, equation 2).
const OFFSET: f64 = -0.691;

/// No block under this counts (BS.1770-5, annex 1: the absolute gate).
pub const ABSOLUTE_GATE: Lufs = Lufs(-70.0);

/// Nor one that lies this far under the mean of all that do (the relative gate).
const RELATIVE_GATE: f64 = -10.0;

/// The momentary power of a sound as it will be heard in a stereo mix.
///
/// A mono sound goes to both speakers, so it is counted twice (`Channel::DualMono`): 3 LU louder than
/// a mono file of the same samples.
pub fn momentary(sound: &ClipFrames, rate: SampleRate) -> Momentary {
    let channels = match sound {
        ClipFrames::Mono(_) => 1,
        ClipFrames::Stereo(_) => 2,
    };
    let mut meter = EbuR128::new(channels, rate.hz(), Mode::M).expect("one or two channels at a rate");
    if channels == 1 {
        meter.set_channel(0, Channel::DualMono).expect("there is a first channel");
    }
    // A step need not be a whole number of frames.
    let at = |step: usize| step * rate.hz() as usize / Momentary::A_SECOND as usize;
    let steps = (sound.len() * Momentary::A_SECOND as usize).div_ceil(rate.hz() as usize);
    let mut samples = Vec::new();
    let mut powers = Vec::with_capacity(steps);
    for step in 0..steps {
        samples.resize((at(step + 1) - at(step)) * channels as usize, 0.0);
        fill(sound, at(step), &mut samples);
        meter.add_frames_f32(&samples).expect("the samples are whole frames of the meter's channels");
        powers.push(meter.loudness_window(STEP_MS).map_or(0.0, power_of));
    }
    // Before the sound and after it is silence, until the window holds nothing of it.
    let outside = [0.0; Momentary::WINDOW - 1];
    let powers = if powers.is_empty() { powers } else { [&outside, &powers[..], &outside].concat() };
    let mean = |window: &[f64]| window.iter().sum::<f64>() / Momentary::WINDOW as f64;
    Momentary(powers.windows(Momentary::WINDOW).map(|window| mean(window) as f32).collect())
}

/// The samples of the step that begins at the frame `from`, interleaved; silence after the end.
fn fill(sound: &ClipFrames, from: usize, samples: &mut [f32]) {
    samples.fill(0.0);
    match sound {
        ClipFrames::Mono(source) => {
            samples.iter_mut().zip(source.iter().skip(from)).for_each(|(to, sample)| *to = *sample);
        }
        ClipFrames::Stereo(frames) => {
            for (to, Frame { left, right }) in samples.chunks_exact_mut(2).zip(frames.iter().skip(from)) {
                to.copy_from_slice(&[*left, *right]);
            }
        }
    }
}

/// The integrated loudness of windows, each with its power and how often it is heard; `None` for silence.
/// The windows are asked for twice, because the relative gate is known only after the absolute one.
pub fn integrated<I: Iterator<Item = (f64, u64)>>(windows: impl Fn() -> I) -> Option<Lufs> {
    let over = |gate: f64| {
        let counted = windows().filter(|(power, _)| *power > gate);
        counted.fold((0.0, 0), |(sum, times), (power, heard)| (sum + power * heard as f64, times + heard))
    };
    let mean = |(sum, times): (f64, u64)| (times > 0).then(|| sum / times as f64);
    let absolute = power_of(ABSOLUTE_GATE.0);
    let relative = mean(over(absolute))? * libm::pow(10.0, RELATIVE_GATE / 10.0);
    mean(over(absolute.max(relative))).map(loudness)
}

/// The integrated loudness of one sound.
pub fn integrated_of(sound: &Momentary) -> Option<Lufs> {
    integrated(|| sound.whole().iter().map(|power| (f64::from(*power), 1)))
}

/// The largest momentary loudness of a sound; `None` for silence.
pub fn momentary_max(Momentary(windows): &Momentary) -> Option<Lufs> {
    let loudest = loudness(f64::from(windows.iter().copied().fold(0.0, f32::max)));
    (loudest > ABSOLUTE_GATE).then_some(loudest)
}

/// The loudness of a power.
pub fn loudness(power: f64) -> Lufs {
    Lufs(OFFSET + 10.0 * libm::log10(power))
}

/// The power of a loudness.
pub fn power_of(loudness: f64) -> f64 {
    libm::pow(10.0, (loudness - OFFSET) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::HZ_48000;

    /// A sine of 1 kHz at `dbfs`, `seconds` long.
    fn sine(dbfs: f64, seconds: f64) -> Vec<f32> {
        let amplitude = libm::pow(10.0, dbfs / 20.0);
        let samples = (seconds * 48_000.0) as usize;
        (0..samples)
            .map(|i| (amplitude * libm::sin(std::f64::consts::TAU * 1000.0 * i as f64 / 48_000.0)) as f32)
            .collect()
    }

    fn of(sound: &ClipFrames, rate: SampleRate) -> Option<Lufs> {
        integrated_of(&momentary(sound, rate))
    }

    fn stereo(samples: Vec<f32>) -> ClipFrames {
        ClipFrames::Stereo(samples.into_iter().map(Frame::mono).collect())
    }

    #[track_caller]
    fn check(measured: Option<Lufs>, expected: f64) {
        let Lufs(measured) = measured.unwrap();
        assert!((measured - expected).abs() <= 0.1, "{measured} for {expected}");
    }

    #[test]
    fn the_test_signals_of_the_standard_read_as_it_says() {
        // EBU Tech 3341, cases 1 to 3: within 0.1 LU.
        check(of(&stereo(sine(-23.0, 20.0)), RATE), -23.0);
        check(of(&stereo(sine(-33.0, 20.0)), RATE), -33.0);
        let gated = [sine(-36.0, 10.0), sine(-23.0, 60.0), sine(-36.0, 10.0)].concat();
        check(of(&stereo(gated), RATE), -23.0);
        check(momentary_max(&momentary(&stereo(sine(-23.0, 2.0)), RATE)), -23.0);
    }

    #[test]
    fn a_mono_sound_is_as_loud_as_the_stereo_it_becomes() {
        let tone = sine(-20.0, 3.0);
        let Lufs(both) = of(&stereo(tone.clone()), RATE).unwrap();
        check(of(&ClipFrames::Mono(tone.into()), RATE), both);
    }

    #[test]
    fn silence_has_no_loudness_and_a_short_sound_has_one() {
        assert_eq!(of(&ClipFrames::Mono(vec![0.0; 48_000].into()), RATE), None);
        assert_eq!(of(&ClipFrames::Mono(Box::new([])), RATE), None);
        // A quarter of a block is a quarter of its power: 6 LU.
        check(of(&stereo(sine(-20.0, 0.1)), RATE), -26.0);
    }
}
