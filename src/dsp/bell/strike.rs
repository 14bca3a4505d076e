//! The strike: the knock of the mallet, and a little of the room it is heard in.
//!
//! Bells made from partials alone "are not very realistic" (W. Hibbert): what is missing is the noise of
//! the blow and its answer from the walls. Both are short, soft noise in the band of the mallet; a room's
//! late answer to a knock *is* exponentially falling noise, so no reverberator is needed.

use crate::dsp::fade::raised_cosine;
use crate::dsp::filter::{HighPass, LowPass};
use crate::dsp::noise::Noise;
use crate::dsp::phasor::Phasor;
use crate::units::{Millis, SampleRate};

const KNOCK_NOISE: Noise = Noise::new(0x6B6E_6F63_6B00_0001);

/// The knock rises over this long, so that it is no click.
const KNOCK_RISE: Millis = Millis(2);

/// Under this the knock would be felt as a thump that no bell makes.
const KNOCK_HIGH_PASS_HZ: f64 = 120.0;

/// The strike of a bell. Levels and times are estimated by ear and by the band of the mallet.
#[derive(Debug)]
pub(super) struct Strike {
    /// RMS of the knock at its start, against the amplitude of all modes together.
    pub level_db: f64,
    /// Frequency at which the noise begins to fall: low for a beam, high for metal on metal.
    pub corner_hz: f64,
    /// Seconds until the knock itself is 60 dB down.
    pub contact_t60_s: f64,
    /// The room's answer, against the knock.
    pub room_db: f64,
    /// Seconds until the room's answer is 60 dB down.
    pub room_t60_s: f64,
}

/// Adds the strike to the start of a bell whose modes add up to 1.0.
pub(super) fn add(samples: &mut [f32], strike: &Strike, rate: SampleRate) {
    let level = libm::pow(10.0, strike.level_db / 20.0);
    let room = level * libm::pow(10.0, strike.room_db / 20.0);
    // A sine of 0 Hz that starts at its crest is a falling exponential.
    let mut knock = Phasor::new(0.0, level, 0.25, strike.contact_t60_s, rate);
    let mut answer = Phasor::new(0.0, room, 0.25, strike.room_t60_s, rate);

    let longest = strike.contact_t60_s.max(strike.room_t60_s);
    let length = ((longest * f64::from(rate.hz())) as usize).min(samples.len());
    let rise = KNOCK_RISE.to_frames(rate).0;
    for ((index, sample), noise) in
        (0_u64..).zip(&mut samples[..length]).zip(coloured(strike.corner_hz, rate))
    {
        let envelope = (knock.next() + answer.next()) * f64::from(raised_cosine(index, rise));
        *sample += (noise * envelope) as f32;
    }
}

/// Endless noise of RMS 1 between the lowest frequency of a knock and `corner_hz`.
fn coloured(corner_hz: f64, rate: SampleRate) -> impl Iterator<Item = f64> {
    let (mut low, mut high) = ([LowPass::new(corner_hz, rate); 2], HighPass::new(KNOCK_HIGH_PASS_HZ, rate));
    // Of white noise of power 1/3, two equal poles at fc pass about the share (pi / 4) * fc / (rate / 2).
    let share = (std::f64::consts::FRAC_PI_2 * corner_hz / f64::from(rate.hz())).min(1.0);
    let gain = (3.0 / share).sqrt();
    (0..).map(move |index| {
        let white = f64::from(KNOCK_NOISE.signed(index)) * gain;
        let softened = low.iter_mut().fold(white, |value, pole| pole.next(value));
        high.next(softened)
    })
}
