//! Integrated and momentary loudness of one sound.

use ebur128::{Channel, EbuR128, Mode};

use crate::audio::{ClipFrames, Frame};
use crate::units::{Lufs, SampleRate};

/// The length of a gating block in tenths of a second (ITU-R BS.1770-5, annex 1): 400 ms.
const BLOCK_TENTHS: usize = 4;

/// The integrated loudness of a sound as it will be heard in a stereo mix; `None` for silence.
///
/// A mono sound goes to both speakers, so it is counted twice (`Channel::DualMono`): 3 LU louder than
/// a mono file of the same samples. A sound shorter than one gating block (400 ms) is measured as if
/// silence followed it, or the standard would have no number for it at all.
pub fn integrated(sound: &ClipFrames, rate: SampleRate) -> Option<Lufs> {
    let mut meter = Meter::new(sound, rate, Mode::I)?;
    meter.add_all(sound, |_| {});
    loud_enough(meter.0.loudness_global().ok()?)
}

/// The largest momentary loudness (EBU Tech 3341: 400 ms, here every 100 ms) of a sound; `None` for silence.
pub fn momentary_max(sound: &ClipFrames, rate: SampleRate) -> Option<Lufs> {
    let mut meter = Meter::new(sound, rate, Mode::M)?;
    let mut loudest = f64::NEG_INFINITY;
    meter.add_all(sound, |meter| {
        loudest = loudest.max(meter.loudness_momentary().unwrap_or(f64::NEG_INFINITY))
    });
    loud_enough(loudest)
}

struct Meter(EbuR128, SampleRate);

impl Meter {
    fn new(sound: &ClipFrames, rate: SampleRate, mode: Mode) -> Option<Self> {
        let channels = match sound {
            ClipFrames::Mono(_) => 1,
            ClipFrames::Stereo(_) => 2,
        };
        let mut meter = EbuR128::new(channels, rate.hz(), mode).ok()?;
        if channels == 1 {
            meter.set_channel(0, Channel::DualMono).ok()?;
        }
        Some(Self(meter, rate))
    }

    /// Feeds a sound in steps of a tenth of a second, and silence up to one gating block.
    fn add_all(&mut self, sound: &ClipFrames, mut after_step: impl FnMut(&EbuR128)) {
        let step = (self.1.hz() as usize / 10).max(1);
        match sound {
            ClipFrames::Mono(samples) => {
                for part in samples.chunks(step) {
                    self.add(part);
                    after_step(&self.0);
                }
            }
            ClipFrames::Stereo(frames) => {
                for part in frames.chunks(step) {
                    let samples: Vec<f32> =
                        part.iter().flat_map(|Frame { left, right }| [*left, *right]).collect();
                    self.add(&samples);
                    after_step(&self.0);
                }
            }
        }
        let missing = (BLOCK_TENTHS * step).saturating_sub(sound.len());
        if missing > 0 {
            self.add(&vec![0.0; missing * self.0.channels() as usize]);
            after_step(&self.0);
        }
    }

    fn add(&mut self, samples: &[f32]) {
        self.0.add_frames_f32(samples).expect("the samples are whole frames of the meter's channels");
    }
}

/// Below the absolute gate of BS.1770 (-70 LUFS) there is nothing to bring to a level.
fn loud_enough(loudness: f64) -> Option<Lufs> {
    (loudness > -70.0).then_some(Lufs(loudness))
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
        check(integrated(&stereo(sine(-23.0, 20.0)), RATE), -23.0);
        check(integrated(&stereo(sine(-33.0, 20.0)), RATE), -33.0);
        let gated = [sine(-36.0, 10.0), sine(-23.0, 60.0), sine(-36.0, 10.0)].concat();
        check(integrated(&stereo(gated), RATE), -23.0);
        check(momentary_max(&stereo(sine(-23.0, 2.0)), RATE), -23.0);
    }

    #[test]
    fn a_mono_sound_is_as_loud_as_the_stereo_it_becomes() {
        let tone = sine(-20.0, 3.0);
        let Lufs(both) = integrated(&stereo(tone.clone()), RATE).unwrap();
        check(integrated(&ClipFrames::Mono(tone.into()), RATE), both);
    }

    #[test]
    fn silence_has_no_loudness_and_a_short_sound_has_one() {
        assert_eq!(integrated(&ClipFrames::Mono(vec![0.0; 48_000].into()), RATE), None);
        assert_eq!(integrated(&ClipFrames::Mono(Box::new([])), RATE), None);
        // A quarter of a block is a quarter of its power: 6 LU.
        check(integrated(&stereo(sine(-20.0, 0.1)), RATE), -26.0);
    }
}
