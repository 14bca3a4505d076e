//! Bells by modal synthesis: every bell is the sum of its modes, each a pair of slowly beating sines.
//!
//! The tables of what was measured are in `instruments`, the knock of the mallet is in `strike`; this file
//! adds them up. Called by the library when a script rings a built-in bell. Must not know how loud the
//! bell will be (the library levels it by its loudness) or where it sounds.
//!
//! A real bell is never quite round, so each mode of vibration is two of nearly the same frequency, and
//! the two beat; high modes die before low ones (T60 falls as f^-0.8); the strike is a short noise, not a
//! click. A sum of plain sines with a 1/n spectrum has none of this and sounds like an organ.

mod instruments;
mod strike;
#[cfg(test)]
mod tests;

use crate::dsp::fade::{fade_in, fade_out};
use crate::dsp::phasor::{Chord, Phasor};
use crate::units::{Frames, Gain, Millis, SampleRate};

use instruments::{Instrument, Mode};

/// The largest sample of every bell: half of full scale, so that two may ring at once.
const BELL_PEAK: f32 = 0.5;

/// Once all modes together are this far under their start (-60 dB) the bell is over.
const INAUDIBLE_RATIO: f64 = 0.001;

/// A mode this far under the start (-120 dB, under the dither of a 16-bit file) is no longer computed.
const SILENT_MODE_RATIO: f64 = 1e-6;

/// T60 falls with the pitch to this power, as it falls with frequency within one bowl (mean of -0.66 to
/// -0.89 measured on a 220 Hz bowl).
const T60_EXPONENT: f64 = -0.8;

/// Partials above this share of the rate are left out: they would fold over in any converter's filter.
const HIGHEST_SHARE_OF_RATE: f64 = 0.45;

/// The fade after the bell has become inaudible.
const END_FADE: Millis = Millis(1500);

/// No bell rings longer, so that a very low one does not fill the memory; the last [`MAX_RING_FADE`] of such a
/// bell fades instead.
const MAX_RING: Millis = Millis(120_000);

/// The fade of a bell that still rings at [`MAX_RING`].
const MAX_RING_FADE: Millis = Millis(15_000);

/// Frames computed at a time: small enough to stay in the nearest cache.
const BLOCK_FRAMES: usize = 1024;

/// The built-in bells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BellKind {
    /// A Himalayan singing bowl struck with a felt mallet.
    Bowl,
    /// A pair of small thick cymbals struck at their rims.
    Tingsha,
    /// A large hanging temple bell (bonshō) struck with a beam.
    Temple,
    /// A small handbell with a soft clapper.
    Handbell,
}

impl BellKind {
    /// Every bell there is, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Bowl, Self::Tingsha, Self::Temple, Self::Handbell];

    /// Its name in scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bowl => "bowl",
            Self::Tingsha => "tingsha",
            Self::Temple => "temple",
            Self::Handbell => "handbell",
        }
    }

    /// The bell of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The pitch it has unless a script asks for another: its lowest mode, in Hz.
    pub const fn pitch_hz(self) -> f64 {
        self.instrument().usual_pitch_hz
    }

    const fn instrument(self) -> &'static Instrument {
        match self {
            Self::Bowl => &instruments::BOWL,
            Self::Tingsha => &instruments::TINGSHA,
            Self::Temple => &instruments::TEMPLE,
            Self::Handbell => &instruments::HANDBELL,
        }
    }
}

/// One strike of a bell whose lowest mode sounds at `pitch_hz`, until it has died away: mono, at `rate`,
/// its first and last samples 0.0, its largest magnitude half of full scale.
///
/// Empty if no mode of so high a bell fits under 0.45 of the rate, or `pitch_hz` is not a positive number.
pub fn ring(kind: BellKind, pitch_hz: f64, rate: SampleRate) -> Box<[f32]> {
    if !(pitch_hz > 0.0 && pitch_hz.is_finite()) {
        return Box::default();
    }
    let instrument = kind.instrument();
    let doublets = doublets(instrument, pitch_hz, rate);
    let Some(end) = end_of(&doublets, rate) else { return Box::default() };

    let mut samples = vec![0.0_f32; end.length.as_usize()];
    add_modes(&mut samples, &doublets, instrument.onset, rate);
    fade_in(&mut samples, instrument.onset.to_frames(rate));
    strike::add(&mut samples, &instrument.strike, rate);
    fade_out(&mut samples, end.fade);
    bring_to_peak(&mut samples);
    samples.into_boxed_slice()
}

/// Returns the length of [`ring`], without making it.
pub fn ring_length(kind: BellKind, pitch_hz: f64, rate: SampleRate) -> Frames {
    if !(pitch_hz > 0.0 && pitch_hz.is_finite()) {
        return Frames::ZERO;
    }
    end_of(&doublets(kind.instrument(), pitch_hz, rate), rate).map_or(Frames::ZERO, |end| end.length)
}

/// A mode as it sounds at one pitch: two partials that beat.
#[derive(Clone, Copy, Debug)]
struct Doublet {
    /// The frequency and the amplitude of each.
    partials: [(f64, f64); 2],
    t60_s: f64,
}

impl Doublet {
    fn new(mode: &Mode, pitch_hz: f64, t60_factor: f64) -> Self {
        let centre = mode.ratio * pitch_hz;
        let amplitude = libm::pow(10.0, mode.level_db / 20.0);
        let stronger = amplitude / (1.0 + mode.partner);
        Self {
            partials: [
                (centre * (1.0 - mode.split / 2.0), stronger * mode.partner),
                (centre * (1.0 + mode.split / 2.0), stronger),
            ],
            t60_s: mode.t60_s * t60_factor,
        }
    }

    fn amplitude_at(&self, seconds: f64) -> f64 {
        let sunk = libm::exp(-std::f64::consts::LN_10 * 3.0 * seconds / self.t60_s);
        (self.partials[0].1 + self.partials[1].1) * sunk
    }
}

/// The modes of `instrument` at this pitch that fit under the highest frequency of `rate`.
fn doublets(instrument: &Instrument, pitch_hz: f64, rate: SampleRate) -> Vec<Doublet> {
    let highest = HIGHEST_SHARE_OF_RATE * f64::from(rate.hz());
    let t60_factor = libm::pow(pitch_hz / instrument.table_pitch_hz, T60_EXPONENT);
    instrument
        .modes
        .iter()
        .map(|mode| Doublet::new(mode, pitch_hz, t60_factor))
        .filter(|doublet| doublet.partials.iter().all(|&(hz, _)| hz < highest))
        .collect()
}

/// Length of a bell's sound, and of the last fade in it.
struct End {
    length: Frames,
    fade: Frames,
}

/// Returns the end of these modes, where they have died away, to the next tenth of a second; nothing if there are none.
fn end_of(doublets: &[Doublet], rate: SampleRate) -> Option<End> {
    let amplitude_at = |seconds| doublets.iter().map(|d| d.amplitude_at(seconds)).sum::<f64>();
    let inaudible = amplitude_at(0.0) * INAUDIBLE_RATIO;
    let longest_t60 = doublets.iter().map(|d| d.t60_s).reduce(f64::max)?;
    // The sum is never louder than its longest mode would be alone, so the end lies within that T60.
    let tenths = (longest_t60 * 10.0).ceil().min(MAX_RING.0 as f64 / 100.0) as u64;
    let (mut audible, mut over) = (0, tenths);
    while over - audible > 1 {
        let middle = audible.midpoint(over);
        if amplitude_at(middle as f64 / 10.0) > inaudible { audible = middle } else { over = middle }
    }
    let died_away = Millis(over * 100);
    let length = Millis(died_away.0 + END_FADE.0);
    Some(if length > MAX_RING {
        End { length: MAX_RING.to_frames(rate), fade: MAX_RING_FADE.to_frames(rate) }
    } else {
        End { length: length.to_frames(rate), fade: END_FADE.to_frames(rate) }
    })
}

/// Adds all modes, a stretch at a time, and forgets each mode once it is gone.
///
/// The blow pushes every mode the same way, so all of them reach their first crest together, when the
/// mallet lets go at the end of the onset. That is where the whole bell is loudest, at any pitch and rate.
fn add_modes(samples: &mut [f32], doublets: &[Doublet], onset: Millis, rate: SampleRate) {
    let start: f64 = doublets.iter().map(|d| d.amplitude_at(0.0)).sum();
    let onset_s = onset.0 as f64 / 1000.0;
    let phasor = |hz: f64, amplitude: f64, t60_s: f64| {
        Phasor::new(hz, amplitude / start, 0.25 - hz * onset_s, t60_s, rate)
    };
    let phasors =
        doublets.iter().flat_map(|d| d.partials.map(|(hz, amplitude)| phasor(hz, amplitude, d.t60_s)));
    let mut chords = audible(phasors);
    let mut sums = [0.0_f64; BLOCK_FRAMES];
    for stretch in samples.chunks_mut(BLOCK_FRAMES) {
        let sums = &mut sums[..stretch.len()];
        sums.fill(0.0);
        chords.iter_mut().for_each(|chord| add_chord(sums, chord));
        for (sample, sum) in stretch.iter_mut().zip(sums) {
            *sample = *sum as f32;
        }
        chords = audible(chords.iter().flat_map(Chord::phasors));
    }
}

/// The pairs of phasors that are not gone, so many at a time that a processor turns them in the time of two.
fn audible(phasors: impl Iterator<Item = Phasor>) -> Vec<Chord<8>> {
    let phasors: Vec<Phasor> = phasors.collect();
    let pairs = phasors.as_chunks::<2>().0.iter();
    let left = pairs.filter(|[low, high]| low.amplitude() + high.amplitude() > SILENT_MODE_RATIO);
    let left: Vec<Phasor> = left.flatten().copied().collect();
    left.chunks(8).map(Chord::of).collect()
}

fn add_chord(sums: &mut [f64], chord: &mut Chord<8>) {
    let mut turning = *chord;
    for sum in sums {
        // In pairs, so that the bits do not depend on how many turn together.
        for [low, high] in turning.next().as_chunks::<2>().0 {
            *sum += low + high;
        }
    }
    *chord = turning;
}

fn bring_to_peak(samples: &mut [f32]) {
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    if peak > 0.0 {
        let gain = Gain(BELL_PEAK / peak);
        samples.iter_mut().for_each(|sample| *sample = *sample * gain);
    }
}
