//! The measurements of a sound, and its levelling: every sound is brought to the level of the voice when it is loaded.
//!
//! So a gain in a script is always against the voice: a bell at 0 dB is as loud as it, a bed at
//! -24 dB lies 24 LU under it.

use std::sync::Arc;

use crate::audio::SoundKind;
use crate::audio::{ClipFrames, MomentaryPower};
use crate::meter::{integrated_of, momentary, momentary_max};
use crate::units::{Decibels, Frames, Gain, Lufs, SampleRate};

/// The level of the voice inside nidra: the anchor of AES TD1008 for speech, as a stereo programme.
/// Mastering brings the track to what a podcast wants.
const REFERENCE: Lufs = Lufs(-18.0);

/// A breath's tone lies this far under the voice: it leads for minutes on end.
const PACER: Decibels = Decibels(-6.0);

/// Upper bounds of measurements, far beyond those of any sound that is let in. A program that can write a file of them can
/// write its sum, so each value is checked.
const MAX_FRAMES: u64 = 1 << 40;
const MAX_RATE: u32 = 768_000;
/// 120 dB.
const MAX_GAIN: f32 = 1e6;
const MAX_POWER: f32 = 1e9;

/// The measurements of a sound, all of which was heard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    /// The length of the recording as it comes, at its own rate.
    pub(crate) length: Frames,
    pub(crate) rate: SampleRate,
    /// The gain that brings the sound to its level.
    pub(crate) gain: Gain,
    /// Its loudness then.
    pub(crate) momentary: Arc<MomentaryPower>,
}

impl Measure {
    /// Measures a sound as it is heard, at whatever rate it is: loudness is the same at any. It was made of `length` frames.
    pub(crate) fn of(sound: &ClipFrames, treatment: SoundKind, length: Frames, rate: SampleRate) -> Self {
        Self::from(momentary(sound, rate), treatment, length, rate)
    }

    /// The measurements of a sound whose loudness as it comes is known.
    pub(crate) fn from(
        momentary: MomentaryPower,
        treatment: SoundKind,
        length: Frames,
        rate: SampleRate,
    ) -> Self {
        let gain = match treatment {
            SoundKind::Speech | SoundKind::Bed => gain_to(REFERENCE, integrated_of(&momentary)),
            // It is the strike that is heard. By peak a bell would be 7 LU louder than the voice.
            SoundKind::Bell => gain_to(REFERENCE, momentary_max(&momentary)),
            SoundKind::Pacer => gain_to(REFERENCE + PACER, momentary_max(&momentary)),
            SoundKind::AsIs => Gain::UNITY,
        };
        Self { length, rate, gain, momentary: Arc::new(momentary.scaled(gain)) }
    }

    /// As bytes for the cache: length, rate, gain, and the power of each window, little-endian.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.length.0.to_le_bytes().to_vec();
        bytes.extend(self.rate.hz().to_le_bytes());
        bytes.extend(self.gain.0.to_le_bytes());
        bytes.extend(self.momentary.0.iter().flat_map(|power| power.to_le_bytes()));
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (rate, rest) = rest.split_first_chunk()?;
        let length = Some(u64::from_le_bytes(*length)).filter(|length| *length <= MAX_FRAMES)?;
        let rate = Some(u32::from_le_bytes(*rate)).filter(|rate| *rate <= MAX_RATE)?;
        let mut numbers = rest.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number));
        let gain = numbers.next().filter(|gain| (0.0..=MAX_GAIN).contains(gain))?;
        let is_power = |power: f32| (0.0..=MAX_POWER).contains(&power);
        let powers = numbers.map(|power| is_power(power).then_some(power)).collect::<Option<_>>()?;
        Some(Self {
            length: Frames(length),
            rate: SampleRate::new(rate)?,
            gain: Gain(gain),
            momentary: Arc::new(MomentaryPower(powers)),
        })
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

    fn measure(sound: &ClipFrames, treatment: SoundKind, rate: SampleRate) -> Measure {
        Measure::of(sound, treatment, Frames(sound.len() as u64), rate)
    }

    fn noise(gain: f32, length: usize) -> ClipFrames {
        let noise = crate::dsp::Noise::new(1);
        ClipFrames::Mono((0..length as u64).map(|i| noise.signed(i) * gain).collect())
    }

    #[test]
    fn speech_of_any_level_comes_out_as_loud() {
        for gain in [0.001, 0.1, 0.9] {
            let sound = noise(gain, 96_000);
            let level = measure(&sound, SoundKind::Speech, RATE);
            let levelled = momentary(&sound.scaled(level.gain), RATE);
            let Lufs(loudness) = integrated_of(&levelled).unwrap();
            assert!((loudness + 18.0).abs() < 0.05, "{loudness}");
            let Lufs(said) = integrated_of(&level.momentary).unwrap();
            assert!((loudness - said).abs() < 0.001, "{said} for {loudness}");
        }
    }

    #[test]
    fn silence_stays_silence() {
        let level = measure(&ClipFrames::Mono(vec![0.0; 1000].into()), SoundKind::Speech, RATE);
        assert_eq!(level.gain, Gain::UNITY);
    }

    #[test]
    fn a_bell_is_as_loud_as_the_voice() {
        let ring = crate::dsp::ring(crate::dsp::BellKind::Bowl, 220.0, RATE);
        let level = measure(&ClipFrames::Mono(ring), SoundKind::Bell, RATE);
        let Lufs(loudest) = momentary_max(&level.momentary).unwrap();
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
            measure(&sound(rate), SoundKind::Speech, rate)
        };
        let at_48 = level(48_000);
        // The meter's filters are bent a little more, the lower the rate is.
        let bounds =
            [(8000, 0.3), (11_025, 0.2), (16_000, 0.1), (22_050, 0.1), (24_000, 0.1), (44_100, 0.02)];
        for (hz, bound) in bounds {
            let Measure { gain, momentary, .. } = level(hz);
            let off = gain.to_decibels().0 - at_48.gain.to_decibels().0;
            assert!(off.abs() <= bound, "{off} dB at {hz} Hz");
            assert_eq!(momentary.0.len(), at_48.momentary.0.len(), "{hz} Hz");
        }
    }

    #[test]
    fn a_measure_is_read_as_it_was_written_and_none_that_no_sound_has() {
        let measure = Measure {
            length: Frames(48_002),
            rate: RATE,
            gain: Gain(0.5),
            momentary: Arc::new(MomentaryPower([0.25, 0.5].into())),
        };
        let bytes = measure.to_bytes();
        assert_eq!(Measure::from_bytes(&bytes), Some(measure));
        let forged = |at: usize, number: [u8; 4]| {
            let mut bytes = bytes.clone();
            bytes[at..at + 4].copy_from_slice(&number);
            Measure::from_bytes(&bytes)
        };
        // A length of 2^63 frames, a rate of none.
        assert_eq!([forged(4, [0, 0, 0, 0x80]), forged(8, [0; 4]), forged(8, [0xff; 4])], [None, None, None]);
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1.0, 3e38] {
            for at in [12, 16, 20] {
                assert_eq!(forged(at, number.to_le_bytes()), None, "{number} at {at}");
            }
        }
        for end in 0..bytes.len() {
            assert!(Measure::from_bytes(&bytes[..end]).is_none_or(|measure| measure.momentary.0.len() < 2));
        }
    }
}
