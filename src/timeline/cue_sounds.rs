//! The sounds of a cue, each with the words that people have for it.
//!
//! The one place that maps a cue to its sounds: `measure` and `checks` ask it with what the timeline knows, `build` before
//! anything has its place. Must not know lengths.

use super::missing::SoundPlace;
use crate::audio::{BreathPhase, SoundRef};
use crate::diag::Span;
use crate::script::words::{capitalised, length, number};
use crate::script::{Action, Check, Cue, Facts, Guide, Piece, Session, Text, Unsaid, Wording};
use crate::units::Millis;

/// The phases of a breath, and the lines that lead them.
const PHASES: [(BreathPhase, &str); 4] = [
    (BreathPhase::In, "Breathe in."),
    (BreathPhase::Hold, "Hold."),
    (BreathPhase::Out, "Breathe out."),
    (BreathPhase::Rest, "Rest."),
];

/// One sound of a cue.
pub(crate) struct CueSound {
    pub(crate) sound: SoundRef,
    /// The line, or the name that a cue sheet has for it.
    pub(crate) text: String,
    /// The step of the cue that it belongs to: a phase of a breath, a number of a count, a time check.
    pub(crate) step: usize,
    /// The place at which the script asks for it.
    pub(crate) place: SoundPlace,
}

impl CueSound {
    fn line(text: String, step: usize, place: impl Into<SoundPlace>) -> Self {
        Self { sound: SoundRef::line(text.clone()), text, step, place: place.into() }
    }
}

/// The sounds of a cue in order, each once, at a place that has these facts. What cannot be said there is left out, and
/// given to `unsaid` with the place where it is written.
pub(crate) fn sounds_of(
    cue: &Cue,
    facts: &Facts,
    wording: &Wording,
    unsaid: &mut dyn FnMut(Unsaid, Span),
) -> Vec<CueSound> {
    match &cue.action {
        Action::Say(text) => {
            let said = text.value.resolve(facts, wording).map_err(|why| unsaid(why, text.span)).ok();
            let place = SoundPlace { span: cue.span, words: is_plain(&text.value).then_some(text.span) };
            said.filter(|said| !said.trim().is_empty())
                .map(|said| CueSound::line(said, 0, place))
                .into_iter()
                .collect()
        }
        Action::Clip { sound, text } => {
            let said = text.as_ref().and_then(|text| {
                text.value.resolve(facts, wording).map_err(|why| unsaid(why, text.span)).ok()
            });
            let said = said.filter(|said| !said.trim().is_empty());
            let text = said.unwrap_or_else(|| sound.value.name().to_owned());
            vec![CueSound { sound: sound.value.clone(), text, step: 0, place: sound.span.into() }]
        }
        Action::Bell { sound, .. } => {
            let (sound, span) = (&sound.value, sound.span);
            vec![CueSound {
                sound: sound.clone(),
                text: sound.name().to_owned(),
                step: 0,
                place: span.into(),
            }]
        }
        Action::Breathe { breaths: 1.., phases, guide, .. } => {
            let steps = PHASES.into_iter().zip(phases).enumerate();
            let steps = steps.filter(|(_, (_, length))| **length > Millis::ZERO);
            let of = |(step, ((phase, line), length)): (usize, ((BreathPhase, &str), &Millis))| match guide {
                Guide::Silent => None,
                Guide::Voice => said(line, step, cue.span, wording, unsaid),
                Guide::Tone if matches!(phase, BreathPhase::Hold | BreathPhase::Rest) => None,
                Guide::Tone => {
                    let (sound, text) = (SoundRef::pacer(phase, *length), line.to_owned());
                    Some(CueSound { sound, text, step, place: cue.span.into() })
                }
            };
            steps.filter_map(of).collect()
        }
        Action::Count { to, .. } => (0..*to as usize)
            .filter_map(|step| {
                let english = format!("{}.", capitalised(&number(step as u64 + 1)));
                said(&english, step, cue.span, wording, unsaid)
            })
            .collect(),
        Action::Checks(checks) => checks
            .iter()
            .enumerate()
            .filter_map(|(step, check)| said(&check_line(check.value), step, check.span, wording, unsaid))
            .collect(),
        Action::Breathe { .. }
        | Action::Pause(_)
        | Action::Elastic { .. }
        | Action::Repeat { .. }
        | Action::Note(_) => Vec::new(),
    }
}

/// A time check in English.
pub(crate) fn check_line(check: Check) -> String {
    match check {
        Check::Halfway => "Halfway.".to_owned(),
        Check::Left(left) => {
            format!("{} left.", capitalised(&length(left).unwrap_or_else(|| left.to_string())))
        }
    }
}

/// A line of nidra's own in the language of the session.
fn said(
    english: &str,
    step: usize,
    span: Span,
    wording: &Wording,
    unsaid: &mut dyn FnMut(Unsaid, Span),
) -> Option<CueSound> {
    let text = wording.say(english).map_err(|why| unsaid(why, span)).ok()?;
    Some(CueSound::line(text, step, span))
}

/// True of a text without names in it.
fn is_plain(text: &Text) -> bool {
    text.0.iter().all(|piece| matches!(piece, Piece::Words(_)))
}

/// The sounds of a session that can be named before anything has its place, to be loaded on all cores.
pub fn foreseeable_sounds(session: &Session) -> Vec<SoundRef> {
    // Beds first: a recording takes the longest, and the many short lines fill the other cores.
    let mut sounds: Vec<SoundRef> = session.beds().map(|bed| bed.sound.value.clone()).collect();
    for section in &session.sections {
        for sides in section.pairs_of_sides() {
            let facts = Facts { sides, ..Facts::default() };
            of_cues(&section.cues, &facts, &session.wording, &mut sounds);
        }
    }
    sounds
}

fn of_cues(cues: &[Cue], facts: &Facts, wording: &Wording, sounds: &mut Vec<SoundRef>) {
    for cue in cues {
        match &cue.action {
            Action::Repeat { cues, .. } => of_cues(cues, facts, wording, sounds),
            _ => sounds
                .extend(sounds_of(cue, facts, wording, &mut |_, _| {}).into_iter().map(|sound| sound.sound)),
        }
    }
}
