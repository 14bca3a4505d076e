//! The sounds that nidra makes itself: bells, beds, breath tones.

use super::identity::BuiltIn;
use super::level;
use super::sound::{BreathPhase, SoundError};
use crate::audio::{Clip, ClipFrames};
use crate::dsp::{self, BedKind, BellKind, Lead};
use crate::units::{Millis, Pitch, SampleRate};

/// The clip of a built-in sound.
pub(super) fn clip(sound: &BuiltIn, rate: SampleRate) -> Result<Clip, SoundError> {
    match sound {
        BuiltIn::Bell { name, pitch } => bell(name, *pitch, rate),
        BuiltIn::Bed { name } => bed(name, rate),
        BuiltIn::Pacer { phase, length } => Ok(pacer(*phase, *length, rate)),
    }
}

fn bell(name: &str, pitch: Option<Pitch>, rate: SampleRate) -> Result<Clip, SoundError> {
    let known = || BellKind::ALL.map(BellKind::name);
    let kind = BellKind::from_name(name).ok_or_else(|| unknown("bell", name, &known()))?;
    let pitch = pitch.map_or(kind.pitch_hz(), Pitch::hz);
    Ok(level::bell(ClipFrames::Mono(dsp::ring(kind, pitch, rate)), rate))
}

fn bed(name: &str, rate: SampleRate) -> Result<Clip, SoundError> {
    let known = || BedKind::ALL.map(BedKind::name);
    let kind = BedKind::from_name(name).ok_or_else(|| unknown("bed", name, &known()))?;
    Ok(level::bed(ClipFrames::Stereo(dsp::bed_loop(kind, rate)), rate))
}

fn pacer(phase: BreathPhase, length: Millis, rate: SampleRate) -> Clip {
    let lead = match phase {
        BreathPhase::In => Lead::Rise,
        BreathPhase::Out => Lead::Fall,
        BreathPhase::Hold | BreathPhase::Rest => Lead::Still,
    };
    level::pacer(ClipFrames::Mono(dsp::pacer_tone(lead, length.to_frames(rate), rate)), rate)
}

fn unknown(kind: &'static str, name: &str, known: &[&str]) -> SoundError {
    SoundError::UnknownName {
        kind,
        name: name.to_owned(),
        known: known.iter().map(|name| (*name).to_owned()).collect(),
    }
}
