//! Levelling: every sound is brought to the level of the voice when it is loaded.
//!
//! So a gain in a script is always against the voice: a bell at 0 dB is as loud as it, a bed at
//! -24 dB lies 24 LU under it.

use std::sync::Arc;

use super::measures::Measure;
use crate::audio::{Clip, ClipFrames, Momentary};
use crate::dsp::fade_edges;
use crate::meter::{integrated_of, momentary, momentary_max};
use crate::units::{Decibels, Gain, Lufs, Millis, SampleRate};

/// The level of the voice inside nidra: the anchor of AES TD1008 for speech, as a stereo programme.
/// Mastering brings the track to what a podcast wants.
const REFERENCE: Lufs = Lufs(-18.0);

/// A breath's tone lies this far under the voice: it leads for minutes on end.
const PACER: Decibels = Decibels(-6.0);

/// Speech is faded over this at both ends; it takes the click of a hard cut away and no consonant.
const SPEECH_EDGE: Millis = Millis(8);

/// A sound at its level, and what brought it there.
#[derive(Debug)]
pub(super) struct Levelled {
    pub(super) clip: Clip,
    pub(super) gain: Gain,
}

/// Brings sounds to their level: as it was noted of this very sound, or by measuring it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leveller<'m> {
    pub(super) rate: SampleRate,
    pub(super) noted: Option<&'m Measure>,
}

impl Leveller<'_> {
    /// Speech: integrated loudness, edges faded. Length and first frame stay.
    pub(super) fn speech(self, mut sound: ClipFrames) -> Levelled {
        let edge = SPEECH_EDGE.to_frames(self.rate);
        match &mut sound {
            ClipFrames::Mono(samples) => fade_edges(samples, edge),
            ClipFrames::Stereo(frames) => fade_edges(frames, edge),
        }
        self.levelled(sound, |clip| gain_to(REFERENCE, integrated_of(clip)))
    }

    /// A bell: momentary maximum, because it is the strike that is heard. By peak it would be 7 LU louder
    /// than the voice.
    pub(super) fn bell(self, sound: ClipFrames) -> Levelled {
        self.levelled(sound, |clip| gain_to(REFERENCE, momentary_max(clip)))
    }

    /// A bed: integrated loudness of its whole loop.
    pub(super) fn bed(self, sound: ClipFrames) -> Levelled {
        self.levelled(sound, |clip| gain_to(REFERENCE, integrated_of(clip)))
    }

    /// A breath's tone: momentary maximum, some way under the voice.
    pub(super) fn pacer(self, sound: ClipFrames) -> Levelled {
        self.levelled(sound, |clip| gain_to(REFERENCE + PACER, momentary_max(clip)))
    }

    /// A sound that keeps its level.
    pub(super) fn as_is(self, sound: ClipFrames) -> Levelled {
        self.levelled(sound, |_| Gain::UNITY)
    }

    fn levelled(self, frames: ClipFrames, gain: impl Fn(&Momentary) -> Gain) -> Levelled {
        if let Some(Measure { gain, momentary, .. }) = self.noted {
            let clip = Clip { frames: frames.scaled(*gain), momentary: momentary.clone() };
            return Levelled { clip, gain: *gain };
        }
        let momentary = momentary(&frames, self.rate);
        let gain = gain(&momentary);
        let momentary = Arc::new(momentary.scaled(gain));
        Levelled { clip: Clip { frames: frames.scaled(gain), momentary }, gain }
    }
}

/// What brings a sound of that loudness to a target. Silence has none, and stays what it is.
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
    const UNKNOWN: Leveller<'_> = Leveller { rate: RATE, noted: None };

    fn noise(gain: f32, length: usize) -> ClipFrames {
        let noise = crate::dsp::Noise::new(1);
        ClipFrames::Mono((0..length as u64).map(|i| noise.signed(i) * gain).collect())
    }

    #[test]
    fn speech_of_any_level_comes_out_as_loud() {
        for gain in [0.001, 0.1, 0.9] {
            let clip = UNKNOWN.speech(noise(gain, 96_000)).clip;
            let Lufs(loudness) = integrated_of(&momentary(&clip.frames, RATE)).unwrap();
            assert!((loudness + 18.0).abs() < 0.05, "{loudness}");
            assert_eq!(clip.frames.len(), 96_000);
            let ClipFrames::Mono(samples) = &clip.frames else { unreachable!() };
            assert_eq!((samples[0], samples[95_999]), (0.0, 0.0));
        }
    }

    #[test]
    fn silence_stays_silence() {
        let clip = UNKNOWN.speech(ClipFrames::Mono(vec![0.0; 1000].into())).clip;
        assert_eq!(clip.frames, ClipFrames::Mono(vec![0.0; 1000].into()));
    }

    #[test]
    fn a_bell_is_as_loud_as_the_voice() {
        let ring = crate::dsp::ring(crate::dsp::BellKind::Bowl, 220.0, RATE);
        let clip = UNKNOWN.bell(ClipFrames::Mono(ring)).clip;
        let Lufs(loudest) = momentary_max(&momentary(&clip.frames, RATE)).unwrap();
        assert!((loudest + 18.0).abs() < 0.05, "{loudest}");
    }

    #[test]
    fn a_sound_of_which_its_level_was_noted_is_the_same_to_the_last_bit() {
        for sound in [noise(0.3, 50_000), ClipFrames::Mono(vec![0.0; 1000].into())] {
            let Levelled { clip, gain } = UNKNOWN.speech(sound.clone());
            let noted = Measure::of(&clip, gain);
            let again = Leveller { rate: RATE, noted: Some(&noted) }.speech(sound.clone()).clip;
            assert_eq!(again, clip);
            // It is the note that is believed, and not the meter.
            let other = Measure { gain: Gain(0.5), ..noted };
            let again = Leveller { rate: RATE, noted: Some(&other) }.as_is(sound.clone()).clip;
            assert_eq!(again.frames, sound.scaled(Gain(0.5)));
        }
    }
}
