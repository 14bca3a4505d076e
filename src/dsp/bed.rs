//! Beds: continuous sound under a whole session, made as loops without a seam.
//!
//! A bed made here is not cut and glued: it goes round by construction. Noise is numbered round the loop
//! and its filters run once round before they are heard; drops and plucks that run past the end go on at
//! the beginning. So no frame of the loop can be told from any other as its first. A user's own file is cut
//! to a loop by [`make_seamless`]. Called by the library; must not know levels, ducking or the timeline.

mod brown_noise;
mod circle;
mod rain;
mod seamless;
mod tanpura;
#[cfg(test)]
mod tests;

pub use seamless::{Seam, make_seamless};

use crate::audio::Frame;
use crate::units::{Frames, Gain, Millis, SampleRate, div_nearest};

/// The largest sample of every bed: half of full scale.
const BED_PEAK: f32 = 0.5;

/// The length of a loop is a multiple of an MP3 frame (1152 samples, ISO/IEC 11172-3), so that a coder can
/// reuse whole rounds.
const LOOP_STEP_FRAMES: u64 = 1152;

/// The built-in beds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BedKind {
    /// Dark, even noise that falls by 6 dB an octave, like a far waterfall.
    BrownNoise,
    /// Steady rain with drops near by.
    Rain,
    /// The drone of an Indian tanpura, Pa Sa Sa Sa.
    Tanpura,
}

impl BedKind {
    /// Every bed there is, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::BrownNoise, Self::Rain, Self::Tanpura];

    /// Its name in scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BrownNoise => "brown-noise",
            Self::Rain => "rain",
            Self::Tanpura => "tanpura",
        }
    }

    /// The bed of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the length of its loop, to within half an MP3 frame.
    const fn length(self) -> Millis {
        match self {
            Self::BrownNoise => Millis(30_000),
            Self::Rain => Millis(40_000),
            Self::Tanpura => tanpura::LOOP_LENGTH,
        }
    }
}

/// One round of a bed, in stereo at `rate`: 30 to 40 seconds to be repeated for ever, its last frame going
/// over into its first. Without 0 Hz, its largest sample half of full scale.
pub fn bed_loop(kind: BedKind, rate: SampleRate) -> Box<[Frame]> {
    let length = bed_length(kind, rate);
    let mut frames = match kind {
        BedKind::BrownNoise => brown_noise::brown_noise(length, rate),
        BedKind::Rain => rain::rain(length, rate),
        BedKind::Tanpura => tanpura::tanpura(length, rate),
    };
    take_out_mean(&mut frames);
    bring_to_peak(&mut frames);
    frames.into_boxed_slice()
}

/// Returns the length of [`bed_loop`], without making it.
pub fn bed_length(kind: BedKind, rate: SampleRate) -> Frames {
    loop_length(kind.length(), rate)
}

/// The multiple of [`LOOP_STEP_FRAMES`] nearest to `length`, at least one.
fn loop_length(length: Millis, rate: SampleRate) -> Frames {
    Frames(div_nearest(length.to_frames(rate).0, LOOP_STEP_FRAMES).max(1) * LOOP_STEP_FRAMES)
}

/// Takes away 0 Hz exactly; a filter that did would need a round to settle.
fn take_out_mean(frames: &mut [Frame]) {
    let (left, right) = frames
        .iter()
        .fold((0.0, 0.0), |sum, frame| (sum.0 + f64::from(frame.left), sum.1 + f64::from(frame.right)));
    let count = frames.len() as f64;
    let mean = Frame::new((-left / count) as f32, (-right / count) as f32);
    frames.iter_mut().for_each(|frame| *frame += mean);
}

fn bring_to_peak(frames: &mut [Frame]) {
    let peak = frames.iter().fold(0.0_f32, |peak, frame| peak.max(frame.peak()));
    if peak > 0.0 {
        let gain = Gain(BED_PEAK / peak);
        frames.iter_mut().for_each(|frame| *frame = *frame * gain);
    }
}
