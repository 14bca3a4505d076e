//! Levelling: every sound is brought to the level of the voice when it is loaded.
//!
//! So a gain in a script is always against the voice: a bell at 0 dB is as loud as it, a bed at
//! -24 dB lies 24 LU under it.

use std::sync::Arc;

use super::identity::Treatment;
use crate::audio::{ClipFrames, MomentaryPower};
use crate::meter::{integrated_of, momentary, momentary_max};
use crate::units::{Decibels, Gain, Lufs, SampleRate};

/// The level of the voice inside nidra: the anchor of AES TD1008 for speech, as a stereo programme.
/// Mastering brings the track to what a podcast wants.
const REFERENCE: Lufs = Lufs(-18.0);

/// A breath's tone lies this far under the voice: it leads for minutes on end.
const PACER: Decibels = Decibels(-6.0);

/// The gain that brings a sound to its level, and its loudness then, if all of it was heard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Level {
    pub(crate) gain: Gain,
    pub(crate) momentary: Option<Arc<MomentaryPower>>,
}

/// The analysis that a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The gain that brings the sound to its level.
    Gain,
    /// The loudness of the sound then, too.
    Loudness,
}

impl Level {
    /// Measures a sound, at whatever rate it is: loudness is the same at any.
    pub(crate) fn of(sound: &ClipFrames, treatment: Treatment, rate: SampleRate) -> Self {
        Self::from(momentary(sound, rate), treatment)
    }

    /// The level of a sound that was measured as it comes.
    pub(crate) fn from(momentary: MomentaryPower, treatment: Treatment) -> Self {
        let gain = match treatment {
            Treatment::Speech | Treatment::Bed => gain_to(REFERENCE, integrated_of(&momentary)),
            // It is the strike that is heard. By peak a bell would be 7 LU louder than the voice.
            Treatment::Bell => gain_to(REFERENCE, momentary_max(&momentary)),
            Treatment::Pacer => gain_to(REFERENCE + PACER, momentary_max(&momentary)),
            Treatment::AsIs => Gain::UNITY,
        };
        Self { gain, momentary: Some(Arc::new(momentary.scaled(gain))) }
    }

    /// The level of a bed of which so much is known.
    pub(crate) fn of_bed(loudness: Option<Lufs>) -> Self {
        Self { gain: gain_to(REFERENCE, loudness), momentary: None }
    }

    /// True if it tells what is asked for.
    pub(crate) fn tells(&self, ask: Ask) -> bool {
        ask == Ask::Gain || self.momentary.is_some()
    }
}

/// Returns the gain that brings a sound of that loudness to a target. Silence has no loudness, and stays what it is.
fn gain_to(target: Lufs, loudness: Option<Lufs>) -> Gain {
    loudness.map_or(Gain::UNITY, |loudness| {
        // To a hundredth of a decibel, so that the last digits of a meter do not reach the samples.
        let Decibels(change) = target - loudness;
        Decibels((change * 100.0).round() / 100.0).to_gain()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::HZ_48000;

    fn noise(gain: f32, length: usize) -> ClipFrames {
        let noise = crate::dsp::Noise::new(1);
        ClipFrames::Mono((0..length as u64).map(|i| noise.signed(i) * gain).collect())
    }

    #[test]
    fn speech_of_any_level_comes_out_as_loud() {
        for gain in [0.001, 0.1, 0.9] {
            let sound = noise(gain, 96_000);
            let level = Level::of(&sound, Treatment::Speech, RATE);
            let levelled = momentary(&sound.scaled(level.gain), RATE);
            let Lufs(loudness) = integrated_of(&levelled).unwrap();
            assert!((loudness + 18.0).abs() < 0.05, "{loudness}");
            let Lufs(said) = integrated_of(&level.momentary.unwrap()).unwrap();
            assert!((loudness - said).abs() < 0.001, "{said} for {loudness}");
        }
    }

    #[test]
    fn silence_stays_silence() {
        let level = Level::of(&ClipFrames::Mono(vec![0.0; 1000].into()), Treatment::Speech, RATE);
        assert_eq!(level.gain, Gain::UNITY);
    }

    #[test]
    fn a_bell_is_as_loud_as_the_voice() {
        let ring = crate::dsp::ring(crate::dsp::BellKind::Bowl, 220.0, RATE);
        let level = Level::of(&ClipFrames::Mono(ring), Treatment::Bell, RATE);
        let Lufs(loudest) = momentary_max(&level.momentary.unwrap()).unwrap();
        assert!((loudest + 18.0).abs() < 0.05, "{loudest}");
    }

    #[test]
    fn a_sound_has_one_level_at_any_rate() {
        // Up to 3 kHz, so that every rate holds all of it.
        let sound = |rate: SampleRate| {
            let tone =
                |i: usize, hz: f64| libm::sin(std::f64::consts::TAU * hz * i as f64 / f64::from(rate.hz()));
            let sample = |i| (0.1 * tone(i, 180.0) + 0.05 * tone(i, 900.0) + 0.02 * tone(i, 3000.0)) as f32;
            ClipFrames::Mono((0..rate.hz() as usize * 3).map(sample).collect())
        };
        let level = |hz| {
            let rate = SampleRate::new(hz).unwrap();
            Level::of(&sound(rate), Treatment::Speech, rate)
        };
        let at_48 = level(48_000);
        // The meter's filters are bent a little more, the lower the rate is.
        let bounds =
            [(8000, 0.3), (11_025, 0.2), (16_000, 0.1), (22_050, 0.1), (24_000, 0.1), (44_100, 0.02)];
        for (hz, bound) in bounds {
            let Level { gain, momentary } = level(hz);
            let off = gain.to_decibels().0 - at_48.gain.to_decibels().0;
            assert!(off.abs() <= bound, "{off} dB at {hz} Hz");
            let windows =
                |momentary: &Option<Arc<MomentaryPower>>| momentary.as_ref().map(|powers| powers.0.len());
            assert_eq!(windows(&momentary), windows(&at_48.momentary), "{hz} Hz");
        }
    }
}
