//! The sounds that nidra makes itself: bells, beds, breath tones.

use crate::audio::{BreathPhase, ClipFrames, SoundError};
use crate::dsp::{self, BedKind, BellKind, Lead};
use crate::library::analysis::cache_key::BuiltIn;
use crate::units::{Frames, Millis, Pitch, SampleRate};

/// A built-in sound at a rate, as loud as it comes.
pub(crate) fn frames(sound: &BuiltIn, rate: SampleRate) -> Result<ClipFrames, SoundError> {
    Ok(match sound {
        BuiltIn::Bell { name, pitch } => {
            let (kind, hz) = bell(name, *pitch)?;
            ClipFrames::Mono(dsp::ring(kind, hz, rate))
        }
        BuiltIn::Bed { name } => ClipFrames::Stereo(dsp::bed_loop(bed(name)?, rate)),
        BuiltIn::Pacer { phase, length } => pacer(*phase, *length, rate),
    })
}

/// Returns the length of a built-in sound, known without making it.
pub(crate) fn length(sound: &BuiltIn, rate: SampleRate) -> Result<Frames, SoundError> {
    Ok(match sound {
        BuiltIn::Bell { name, pitch } => {
            let (kind, hz) = bell(name, *pitch)?;
            dsp::ring_length(kind, hz, rate)
        }
        BuiltIn::Bed { name } => dsp::bed_length(bed(name)?, rate),
        BuiltIn::Pacer { length, .. } => length.to_frames(rate),
    })
}

/// A bell by its name, and its pitch in Hz.
fn bell(name: &str, pitch: Option<Pitch>) -> Result<(BellKind, f64), SoundError> {
    let known = || BellKind::ALL.map(BellKind::name);
    let kind = BellKind::from_name(name).ok_or_else(|| unknown("bell", name, &known()))?;
    Ok((kind, pitch.map_or(kind.pitch_hz(), Pitch::hz)))
}

fn bed(name: &str) -> Result<BedKind, SoundError> {
    let known = || BedKind::ALL.map(BedKind::name);
    BedKind::from_name(name).ok_or_else(|| unknown("bed", name, &known()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_is_as_long_as_it_says_before_it_is_made() {
        // As it comes, so low that it is cut, and so high that nothing of it is left.
        let pitches = [None, Some(20_000), Some(3_900_000)]
            .map(|millihertz| millihertz.map(|millihertz| Pitch { millihertz }));
        let bells = BellKind::ALL
            .into_iter()
            .flat_map(|kind| pitches.map(|pitch| BuiltIn::Bell { name: kind.name().to_owned(), pitch }));
        let beds = BedKind::ALL.into_iter().map(|kind| BuiltIn::Bed { name: kind.name().to_owned() });
        let pacer = BuiltIn::Pacer { phase: BreathPhase::In, length: Millis(4321) };
        for sound in bells.chain(beds).chain([pacer]) {
            for hz in [8000, 11_025] {
                let rate = SampleRate::new(hz).unwrap();
                let made = frames(&sound, rate).unwrap().len() as u64;
                assert_eq!(length(&sound, rate), Ok(Frames(made)), "{sound:?} at {hz} Hz");
            }
        }
    }
}
