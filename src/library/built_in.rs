//! The sounds that nidra makes itself: bells, beds, breath tones.

use super::identity::BuiltIn;
use super::sound::{BreathPhase, SoundError};
use crate::audio::ClipFrames;
use crate::dsp::{self, BedKind, BellKind, Lead};
use crate::units::{Millis, Pitch, SampleRate};

/// A built-in sound at a rate, as loud as it comes.
pub(super) fn frames(sound: &BuiltIn, rate: SampleRate) -> Result<ClipFrames, SoundError> {
    match sound {
        BuiltIn::Bell { name, pitch } => bell(name, *pitch, rate),
        BuiltIn::Bed { name } => bed(name, rate),
        BuiltIn::Pacer { phase, length } => Ok(pacer(*phase, *length, rate)),
    }
}

fn bell(name: &str, pitch: Option<Pitch>, rate: SampleRate) -> Result<ClipFrames, SoundError> {
    let known = || BellKind::ALL.map(BellKind::name);
    let kind = BellKind::from_name(name).ok_or_else(|| unknown("bell", name, &known()))?;
    let pitch = pitch.map_or(kind.pitch_hz(), Pitch::hz);
    Ok(ClipFrames::Mono(dsp::ring(kind, pitch, rate)))
}

fn bed(name: &str, rate: SampleRate) -> Result<ClipFrames, SoundError> {
    let known = || BedKind::ALL.map(BedKind::name);
    let kind = BedKind::from_name(name).ok_or_else(|| unknown("bed", name, &known()))?;
    Ok(ClipFrames::Stereo(dsp::bed_loop(kind, rate)))
}

fn pacer(phase: BreathPhase, length: Millis, rate: SampleRate) -> ClipFrames {
    let lead = match phase {
        BreathPhase::In => Lead::Rise,
        BreathPhase::Out => Lead::Fall,
        BreathPhase::Hold | BreathPhase::Rest => Lead::Still,
    };
    ClipFrames::Mono(dsp::pacer_tone(lead, length.to_frames(rate), rate))
}

fn unknown(kind: &'static str, name: &str, known: &[&str]) -> SoundError {
    SoundError::UnknownName {
        kind,
        name: name.to_owned(),
        known: known.iter().map(|name| (*name).to_owned()).collect(),
    }
}
