//! Levelling: every sound is brought to the level of the voice when it is loaded.
//!
//! So a gain in a script is always against the voice: a bell at 0 dB is as loud as it, a bed at
//! -24 dB lies 24 LU under it.

use crate::audio::{Clip, ClipFrames, Momentary};
use crate::dsp::fade_edges;
use crate::meter::{integrated_of, momentary, momentary_max};
use crate::units::{Decibels, Lufs, Millis, SampleRate};

/// The level of the voice inside nidra: the anchor of AES TD1008 for speech, as a stereo programme.
/// Mastering brings the track to what a podcast wants.
const REFERENCE: Lufs = Lufs(-18.0);

/// A breath's tone lies this far under the voice: it leads for minutes on end.
const PACER: Decibels = Decibels(-6.0);

/// Speech is faded over this at both ends; it takes the click of a hard cut away and no consonant.
const SPEECH_EDGE: Millis = Millis(8);

/// Speech: integrated loudness, edges faded. Length and first frame stay.
pub(super) fn speech(mut sound: ClipFrames, rate: SampleRate) -> Clip {
    let edge = SPEECH_EDGE.to_frames(rate);
    match &mut sound {
        ClipFrames::Mono(samples) => fade_edges(samples, edge),
        ClipFrames::Stereo(frames) => fade_edges(frames, edge),
    }
    levelled(sound, rate, REFERENCE, integrated_of)
}

/// A bell: momentary maximum, because it is the strike that is heard. By peak it would be 7 LU louder
/// than the voice.
pub(super) fn bell(sound: ClipFrames, rate: SampleRate) -> Clip {
    levelled(sound, rate, REFERENCE, momentary_max)
}

/// A bed: integrated loudness of its whole loop.
pub(super) fn bed(sound: ClipFrames, rate: SampleRate) -> Clip {
    levelled(sound, rate, REFERENCE, integrated_of)
}

/// A breath's tone: momentary maximum, some way under the voice.
pub(super) fn pacer(sound: ClipFrames, rate: SampleRate) -> Clip {
    levelled(sound, rate, REFERENCE + PACER, momentary_max)
}

/// A sound that keeps its level.
pub(super) fn as_is(sound: ClipFrames, rate: SampleRate) -> Clip {
    let momentary = momentary(&sound, rate);
    Clip { frames: sound, momentary }
}

fn levelled(
    sound: ClipFrames,
    rate: SampleRate,
    target: Lufs,
    loudness: impl Fn(&Momentary) -> Option<Lufs>,
) -> Clip {
    let clip = as_is(sound, rate);
    // Silence has no loudness, and stays what it is.
    let Some(loudness) = loudness(&clip.momentary) else { return clip };
    // To a hundredth of a decibel, so that the last digits of a meter do not reach the samples.
    let Decibels(change) = target - loudness;
    clip.scaled(Decibels((change * 100.0).round() / 100.0).to_gain())
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
            let clip = speech(noise(gain, 96_000), RATE);
            let Lufs(loudness) = integrated_of(&momentary(&clip.frames, RATE)).unwrap();
            assert!((loudness + 18.0).abs() < 0.05, "{loudness}");
            assert_eq!(clip.frames.len(), 96_000);
            let ClipFrames::Mono(samples) = &clip.frames else { unreachable!() };
            assert_eq!((samples[0], samples[95_999]), (0.0, 0.0));
        }
    }

    #[test]
    fn silence_stays_silence() {
        let clip = speech(ClipFrames::Mono(vec![0.0; 1000].into()), RATE);
        assert_eq!(clip.frames, ClipFrames::Mono(vec![0.0; 1000].into()));
    }

    #[test]
    fn a_bell_is_as_loud_as_the_voice() {
        let ring = crate::dsp::ring(crate::dsp::BellKind::Bowl, 220.0, RATE);
        let clip = bell(ClipFrames::Mono(ring), RATE);
        let Lufs(loudest) = momentary_max(&momentary(&clip.frames, RATE)).unwrap();
        assert!((loudest + 18.0).abs() < 0.05, "{loudest}");
    }
}
