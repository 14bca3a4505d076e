//! The words and sounds of every leaf, and the time that they take.
//!
//! Asks the library for the lengths of clips. What is missing becomes a diagnostic and gets the
//! length it would have at an ordinary pace, so that the rest of the script is checked all the same.

use std::collections::BTreeMap;

use super::cue_sounds::{CueSound, sounds_of};
use super::expand::Leaf;
use super::missing::{SoundPlace, missing, unsaid};
use super::model::LONGEST_TRACK;
use super::solve::tree::Stretch;
use crate::audio::{BuiltIn, SoundError, SoundKind, SoundRef, SoundSource, Sounds};
use crate::diag::{Diagnostic, Diagnostics, Hint, Place, Span, quoted};
use crate::script::{Action, BREATH_KEYS, Bed, Cue, Facts, Section, Session, Wording, written};
use crate::units::{Frames, Millis, SampleRate};

/// The pace of a line that has no clip yet: words a minute, calm (conventions of guided practice are 95 to 130).
const ESTIMATED_WPM: u64 = 110;

/// One sound of a leaf, from the leaf's start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) offset: Frames,
    /// The time that is its own: a phase of a breath, a step of a count, the clip itself.
    pub(crate) slot: Frames,
    pub(crate) sound: SoundRef,
    /// All of the clip.
    pub(crate) length: Frames,
    pub(crate) text: String,
}

impl Part {
    /// Returns the length of it that is heard, if its leaf goes on for so long after it begins.
    pub(crate) fn heard_length(&self, cue: &Cue, until_leaf_ends: Frames) -> Frames {
        // A bell rings on under what follows, unless its author fades it out: then it ends with its slot.
        let faded = cue.mix.fade_out.0 > 0 && self.sound.kind == SoundKind::Bell;
        if faded { self.length.min(until_leaf_ends) } else { self.length }
    }
}

/// The time that a leaf takes and the sounds that it plays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) stretch: Stretch,
    pub(crate) parts: Vec<Part>,
}

/// Measures leaves, and remembers what is missing.
pub(crate) struct MeasuredSounds<'a> {
    sounds: &'a dyn Sounds,
    wording: &'a Wording,
    /// The place at which the session's voice is written, or can be.
    voice: Option<&'a Place>,
    rate: SampleRate,
    /// Every sound that was asked for, found or not.
    known: BTreeMap<SoundRef, Result<Frames, SoundError>>,
}

impl<'a> MeasuredSounds<'a> {
    pub(crate) fn new(sounds: &'a dyn Sounds, session: &'a Session, rate: SampleRate) -> Self {
        let voice = session.voice_place.as_ref();
        Self { sounds, wording: &session.wording, voice, rate, known: BTreeMap::new() }
    }

    /// The time a leaf takes and the sounds it plays, at a place the timeline knows these facts of.
    pub(crate) fn leaf(&mut self, leaf: &Leaf<'_>, facts: &Facts, found: &mut Diagnostics) -> Measured {
        let Some(cue) = leaf.cue else { return fixed(Frames::ZERO, Vec::new()) };
        let rate = self.rate;
        match &cue.action {
            Action::Say(_) | Action::Clip { .. } => {
                let sounds = self.sounds(cue, leaf.section, facts, found);
                let parts: Vec<Part> =
                    sounds.iter().map(|sound| self.part(sound, Frames::ZERO, None, found)).collect();
                fixed(parts.iter().map(|part| part.length).sum(), parts)
            }
            Action::Bell { strikes, .. } => {
                let sounds = self.sounds(cue, leaf.section, facts, found);
                let strikes_once = |strike: u64| (strikes.every * strike).to_frames(rate);
                let slot = strikes.slot().to_frames(rate);
                let count = u64::from(strikes.count);
                let parts = sounds.iter().flat_map(|sound| (0..count).map(move |strike| (sound, strike)));
                let parts = parts.map(|(sound, strike)| {
                    let offset = strikes_once(strike);
                    let next = if strike + 1 < count { offset + strikes.every.to_frames(rate) } else { slot };
                    self.part(sound, offset, Some(next.saturating_sub(offset)), found)
                });
                fixed(slot, parts.collect())
            }
            Action::Pause(length) => fixed(length.to_frames(rate), Vec::new()),
            Action::Elastic { weight, min, max, .. } => Measured {
                stretch: Stretch::Elastic {
                    weight: *weight,
                    min: min.to_frames(rate),
                    // A day is longer than any session, so it is no bound.
                    max: max.unwrap_or(LONGEST_TRACK).to_frames(rate),
                },
                parts: Vec::new(),
            },
            Action::Breathe { breaths, phases, places, .. } => {
                let sounds = self.sounds(cue, leaf.section, facts, found);
                let step = |index: usize| {
                    let before = phases[..index].iter().fold(Millis::ZERO, |sum, length| sum + *length);
                    (before, phases[index], BREATH_KEYS[index], places[index].as_ref())
                };
                let breath = phases.iter().fold(Millis::ZERO, |sum, length| sum + *length);
                self.steps(&sounds, u64::from(*breaths), breath, step, cue.span, found)
            }
            Action::Count { to, every, place } => {
                let sounds = self.sounds(cue, leaf.section, facts, found);
                let step = |index: usize| (*every * index as u64, *every, "every", place.as_ref());
                self.steps(&sounds, 1, *every * u64::from(*to), step, cue.span, found)
            }
            Action::Checks(_) | Action::Repeat { .. } | Action::Note(_) => fixed(Frames::ZERO, Vec::new()),
        }
    }

    /// Sounds that each have a step of their own, all of it so many rounds of a length. `step` gives the offset of one in
    /// its round, its length, and the key that says so with its place.
    fn steps<'p>(
        &mut self,
        sounds: &[CueSound],
        rounds: u64,
        round: Millis,
        step: impl Fn(usize) -> (Millis, Millis, &'static str, Option<&'p Place>),
        span: Span,
        found: &mut Diagnostics,
    ) -> Measured {
        let mut parts = Vec::new();
        for index in 0..rounds {
            for sound in sounds {
                let (before, length, key, place) = step(sound.step);
                let start = round * index + before;
                let offset = start.to_frames(self.rate);
                let slot = (start + length).to_frames(self.rate).saturating_sub(offset);
                let part = self.part(sound, offset, Some(slot), found);
                // A tone is made for its phase, to the nearest frame; only a line can be too long.
                if part.sound.kind == SoundKind::Speech && part.length > slot {
                    found.push(self.too_long(&part, (key, place), span));
                }
                parts.push(part);
            }
        }
        fixed((round * rounds).to_frames(self.rate), parts)
    }

    /// A bed, which takes no time of its own and has only to be there.
    pub(crate) fn bed(&mut self, bed: &Bed, found: &mut Diagnostics) {
        self.length(&bed.sound.value, "", bed.sound.span, found);
    }

    /// True if the bells and breath tones that were asked for, which are held whole, would fill the memory.
    pub(crate) fn makes_too_much(&self) -> bool {
        /// Twenty minutes at 48 kHz, in 230 MB.
        const MAX_MADE_SOUND: Frames = Frames(20 * 60 * 48_000);
        let is_made = |sound: &SoundRef| match &sound.source {
            SoundSource::BuiltIn(BuiltIn::Bell { .. } | BuiltIn::Pacer { .. }) => true,
            SoundSource::BuiltIn(BuiltIn::Bed { .. }) | SoundSource::Line(_) | SoundSource::File(_) => false,
        };
        let made = self.known.iter().filter(|(sound, _)| is_made(sound));
        made.filter_map(|(_, length)| length.as_ref().ok().copied()).sum::<Frames>() > MAX_MADE_SOUND
    }

    /// True if that sound was asked for and not found.
    pub(crate) fn lacks(&self, sound: &SoundRef) -> bool {
        matches!(self.known.get(sound), Some(Err(_)))
    }

    /// The sounds of a cue; what cannot be said is reported.
    pub(crate) fn sounds(
        &self,
        cue: &Cue,
        section: Option<&Section>,
        facts: &Facts,
        found: &mut Diagnostics,
    ) -> Vec<CueSound> {
        sounds_of(cue, facts, self.wording, &mut |why, span| {
            found.push(unsaid(&why, span, section, self.wording));
        })
    }

    /// A sound in its slot, its own length if it has none.
    pub(crate) fn part(
        &mut self,
        sound: &CueSound,
        offset: Frames,
        slot: Option<Frames>,
        found: &mut Diagnostics,
    ) -> Part {
        let length = self.length(&sound.sound, &sound.text, sound.place, found);
        let (text, slot) = (sound.text.clone(), slot.unwrap_or(length));
        Part { offset, slot, sound: sound.sound.clone(), length, text }
    }

    /// A line that is longer than its step would be spoken over by the next one.
    fn too_long(&self, part: &Part, (key, place): (&str, Option<&Place>), span: Span) -> Diagnostic {
        let (length, slot) = (part.length.to_millis(self.rate), part.slot.to_millis(self.rate));
        let message = format!("\"{}\" takes {length} and has only {slot}", part.text);
        let enough = quoted(&written(least_millis(part.length, self.rate)));
        let hint = Hint::from(format!("write `{key} = {enough}` at least"))
            .maybe_edit(place.map(|place| place.write(&enough)));
        Diagnostic::error("does-not-fit", span, message).hint(hint)
    }

    fn length(
        &mut self,
        sound: &SoundRef,
        text: &str,
        place: impl Into<SoundPlace>,
        found: &mut Diagnostics,
    ) -> Frames {
        let sounds = self.sounds;
        match self.known.entry(sound.clone()).or_insert_with(|| sounds.length(sound)) {
            Ok(length) => *length,
            Err(error) => {
                found.extend(missing(error, place.into(), self.voice, |line| {
                    if found.are_many() { None } else { sounds.nearest_line(line) }
                }));
                let words = text.split_whitespace().count() as u64;
                Millis(words * 60_000 / ESTIMATED_WPM).to_frames(self.rate)
            }
        }
    }
}

/// The least time that is no shorter than a length. Steps that do not fall on frames are rounded each for itself, so it has
/// a millisecond more where a length is no whole number of them.
pub(crate) fn least_millis(length: Frames, rate: SampleRate) -> Millis {
    let nearest = length.to_millis(rate);
    if nearest.to_frames(rate) == length { nearest } else { nearest + Millis(1) }
}

fn fixed(length: Frames, parts: Vec<Part>) -> Measured {
    Measured { stretch: Stretch::Fixed(length), parts }
}
