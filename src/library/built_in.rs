//! The sounds that nidra makes itself: bells, beds, breath tones.

use super::identity::BuiltIn;
use super::level::{Levelled, Leveller};
use super::sound::{BreathPhase, SoundError};
use crate::audio::ClipFrames;
use crate::dsp::{self, BedKind, BellKind, Lead};
use crate::units::{Millis, Pitch};

/// The clip of a built-in sound.
pub(super) fn clip(sound: &BuiltIn, to: Leveller<'_>) -> Result<Levelled, SoundError> {
    match sound {
        BuiltIn::Bell { name, pitch } => bell(name, *pitch, to),
        BuiltIn::Bed { name } => bed(name, to),
        BuiltIn::Pacer { phase, length } => Ok(pacer(*phase, *length, to)),
    }
}

fn bell(name: &str, pitch: Option<Pitch>, to: Leveller<'_>) -> Result<Levelled, SoundError> {
    let known = || BellKind::ALL.map(BellKind::name);
    let kind = BellKind::from_name(name).ok_or_else(|| unknown("bell", name, &known()))?;
    let pitch = pitch.map_or(kind.pitch_hz(), Pitch::hz);
    Ok(to.bell(ClipFrames::Mono(dsp::ring(kind, pitch, to.rate))))
}

fn bed(name: &str, to: Leveller<'_>) -> Result<Levelled, SoundError> {
    let known = || BedKind::ALL.map(BedKind::name);
    let kind = BedKind::from_name(name).ok_or_else(|| unknown("bed", name, &known()))?;
    Ok(to.bed(ClipFrames::Stereo(dsp::bed_loop(kind, to.rate))))
}

fn pacer(phase: BreathPhase, length: Millis, to: Leveller<'_>) -> Levelled {
    let lead = match phase {
        BreathPhase::In => Lead::Rise,
        BreathPhase::Out => Lead::Fall,
        BreathPhase::Hold | BreathPhase::Rest => Lead::Still,
    };
    to.pacer(ClipFrames::Mono(dsp::pacer_tone(lead, length.to_frames(to.rate), to.rate)))
}

fn unknown(kind: &'static str, name: &str, known: &[&str]) -> SoundError {
    SoundError::UnknownName {
        kind,
        name: name.to_owned(),
        known: known.iter().map(|name| (*name).to_owned()).collect(),
    }
}
