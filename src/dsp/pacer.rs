//! The breath pacer: a soft tone that leads one phase of a breath.
//!
//! It rises in pitch and swells while one breathes in, falls and fades while one breathes out, and is
//! silent while the breath rests, so it can be followed with closed eyes. Called by the library for
//! breaths guided by a tone. Must not know how phases follow each other.

use std::f64::consts::{LN_2, TAU};

use crate::dsp::fade::raised_cosine;
use crate::units::{Frames, SampleRate};

/// The pitch between breaths: about the A under middle C, low and easy on a phone's speaker.
const LOW_HZ: f64 = 208.0;

/// Rise of the tone, in octaves: a pure fifth and a little, to 324 Hz.
const RISE_OCTAVES: f64 = 0.64;

/// Amplitudes of the overtones 1, 2 and 3: a fourth of a flute, so that small speakers carry the tone.
const OVERTONES: [f64; 3] = [1.0, 0.22, 0.06];

/// The largest sample.
const TONE_PEAK: f64 = 0.5;

/// The phase of a breath that is led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lead {
    /// Breathing in: up and swelling.
    Rise,
    /// Breathing out: down and fading.
    Fall,
    /// Holding or resting: silence.
    Still,
}

impl Lead {
    /// The shares of the phase over which the tone comes and goes. Louder towards the full breath, with
    /// a soft edge on both sides however short the phase is.
    const fn edges(self) -> (f64, f64) {
        match self {
            Self::Rise => (0.35, 0.2),
            Self::Fall | Self::Still => (0.12, 0.75),
        }
    }
}

/// The tone for a phase of `length`: mono, at `rate`, both ends exactly 0.0, never over half of full scale.
pub fn pacer_tone(lead: Lead, length: Frames, rate: SampleRate) -> Box<[f32]> {
    if lead == Lead::Still {
        return vec![0.0; length.as_usize()].into_boxed_slice();
    }
    let (fade_in, fade_out) = lead.edges();
    let last = length.0.saturating_sub(1);
    let edge = |share: f64| ((last as f64 * share) as u64).max(1);
    let (rise, fall) = (edge(fade_in), edge(fade_out));
    let loudest = OVERTONES.iter().sum::<f64>();
    let mut turns = 0.0_f64;
    (0..length.0)
        .map(|at| {
            let gone = match lead {
                Lead::Rise => raised_cosine(at, last),
                Lead::Fall | Lead::Still => raised_cosine(last - at, last),
            };
            turns += LOW_HZ * libm::exp(LN_2 * RISE_OCTAVES * f64::from(gone)) / f64::from(rate.hz());
            turns -= turns.floor();
            let envelope = f64::from(raised_cosine(at, rise)) * f64::from(raised_cosine(last - at, fall));
            (flute(turns) * envelope * TONE_PEAK / loudest) as f32
        })
        .collect()
}

/// The wave at this part of its turn; overtones 2 and 3 by the addition theorems, from one sine.
fn flute(turns: f64) -> f64 {
    let (sine, cosine) = libm::sincos(TAU * turns);
    let second = 2.0 * sine * cosine;
    let third = sine * (3.0 - 4.0 * sine * sine);
    OVERTONES[0] * sine + OVERTONES[1] * second + OVERTONES[2] * third
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::measure::{loudest_hz, rms};

    const RATE: SampleRate = SampleRate::HZ_48000;
    const LENGTH: Frames = Frames(4 * 48_000);

    /// The pitch of the second half second and of the last but one.
    fn pitches(tone: &[f32]) -> (f64, f64) {
        let at = |start: usize| loudest_hz(&tone[start..start + 12_000], RATE, 150.0, 500.0);
        (at(12_000), at(tone.len() - 24_000))
    }

    #[test]
    fn the_tone_rises_on_the_in_breath_and_falls_on_the_out_breath() {
        let (first, last) = pitches(&pacer_tone(Lead::Rise, LENGTH, RATE));
        assert!((205.0..230.0).contains(&first) && (300.0..330.0).contains(&last), "{first} {last}");
        let (first, last) = pitches(&pacer_tone(Lead::Fall, LENGTH, RATE));
        assert!((300.0..330.0).contains(&first) && (205.0..230.0).contains(&last), "{first} {last}");
    }

    #[test]
    fn a_held_breath_is_silence() {
        assert!(pacer_tone(Lead::Still, Frames(480), RATE).iter().all(|&sample| sample == 0.0));
    }

    #[test]
    fn the_tone_has_the_length_that_was_asked_and_soft_edges() {
        for lead in [Lead::Rise, Lead::Fall] {
            for length in [1, 2, 3, 480, 48_001] {
                let tone = pacer_tone(lead, Frames(length), RATE);
                assert_eq!(tone.len() as u64, length);
                assert_eq!((tone[0], *tone.last().unwrap()), (0.0, 0.0), "{lead:?} {length}");
            }
            let tone = pacer_tone(lead, LENGTH, RATE);
            assert!(rms(&tone[..480]) < 0.001 && rms(&tone[tone.len() - 480..]) < 0.001);
            assert!(rms(&tone) > 0.05 && tone.iter().all(|sample| sample.abs() <= 0.5));
        }
        assert!(pacer_tone(Lead::Rise, Frames::ZERO, RATE).is_empty());
    }

    #[test]
    fn the_in_breath_swells_and_the_out_breath_fades() {
        let halves = |lead| {
            let tone = pacer_tone(lead, LENGTH, RATE);
            let (first, second) = tone.split_at(tone.len() / 2);
            (rms(first), rms(second))
        };
        let (first, second) = halves(Lead::Rise);
        assert!(second > first);
        let (first, second) = halves(Lead::Fall);
        assert!(first > second);
    }
}
