//! The words and sounds of every leaf, and the time that they take.
//!
//! Asks the library for the lengths of clips. What is missing becomes a diagnostic and gets the
//! length it would have at an ordinary pace, so that the rest of the script is checked all the same.

use std::collections::BTreeMap;

use super::expand::Leaf;
use super::missing::{Asked, missing, unsaid};
use super::solve::tree::Stretch;
use crate::audio::{BreathPhase, Levelling, Sound, SoundError, Sounds};
use crate::diag::{Diagnostic, Diagnostics, Hint, Place, Span, Spanned, quoted};
use crate::script::words::{capitalised, number};
use crate::script::{
    Action, BREATH_KEYS, Bed, Cue, Facts, Guide, Piece, Section, Session, Strikes, Text, Wording, written,
};
use crate::units::{Frames, Millis, SampleRate};

/// The pace of a line that has no clip yet: words a minute, calm (conventions of guided practice are 95 to 130).
const ESTIMATED_WPM: u64 = 110;

/// One sound of a leaf, from the leaf's start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) offset: Frames,
    /// The time that is its own: a phase of a breath, a step of a count, the clip itself.
    pub(crate) slot: Frames,
    pub(crate) sound: Sound,
    /// All of the clip.
    pub(crate) length: Frames,
    pub(crate) text: String,
}

impl Part {
    /// Returns the length of it that is heard, if its leaf goes on for so long after it begins.
    pub(crate) fn heard_length(&self, cue: &Cue, until_leaf_ends: Frames) -> Frames {
        // A bell rings on under what follows, unless its author fades it out: then it ends with its slot.
        let faded = cue.mix.fade_out.0 > 0 && matches!(self.sound, Sound::Bell { .. });
        if faded { self.length.min(until_leaf_ends) } else { self.length }
    }
}

/// True of a text without names in it.
fn is_plain(text: &Text) -> bool {
    text.0.iter().all(|piece| matches!(piece, Piece::Words(_)))
}

/// The time that a leaf takes and the sounds that it plays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) stretch: Stretch,
    pub(crate) parts: Vec<Part>,
}

/// Measures leaves, and remembers what is missing.
pub(crate) struct Measure<'a> {
    sounds: &'a dyn Sounds,
    wording: &'a Wording,
    /// The place at which the session's voice is written, or can be.
    voice: Option<&'a Place>,
    rate: SampleRate,
    /// Every sound that was asked for, found or not.
    known: BTreeMap<Sound, Result<Frames, SoundError>>,
}

impl<'a> Measure<'a> {
    pub(crate) fn new(sounds: &'a dyn Sounds, session: &'a Session, rate: SampleRate) -> Self {
        let voice = session.voice_place.as_ref();
        Self { sounds, wording: &session.wording, voice, rate, known: BTreeMap::new() }
    }

    /// The time a leaf takes and the sounds it plays, at a place the timeline knows these facts of.
    pub(crate) fn leaf(&mut self, leaf: &Leaf<'_>, facts: &Facts, found: &mut Diagnostics) -> Measured {
        let Some(cue) = leaf.cue else { return nothing() };
        match &cue.action {
            Action::Say(text) => {
                let section = leaf.section;
                let Some(said) = self.resolve(text, section, facts, found) else { return nothing() };
                let asked = Asked { span: cue.span, words: is_plain(&text.value).then_some(text.span) };
                self.one(Sound::Speech { text: said.clone() }, said, asked, found)
            }
            Action::Clip { path, text } => {
                let levelling = text.as_ref().map_or(Levelling::AsIs, |_| Levelling::Speech);
                let said = text.as_ref().and_then(|text| self.resolve(text, leaf.section, facts, found));
                let sound = Sound::File { path: path.value.clone(), levelling };
                self.one(sound, said.unwrap_or_else(|| path.value.clone()), path.span.into(), found)
            }
            Action::Bell { name, pitch, strikes } => {
                let sound = Sound::Bell { name: name.value.clone(), pitch: *pitch };
                self.bell(sound, *strikes, name.span, found)
            }
            Action::Pause(length) => fixed(length.to_frames(self.rate), Vec::new()),
            Action::Elastic { weight, min, max, .. } => Measured {
                stretch: Stretch::Elastic {
                    weight: *weight,
                    min: min.to_frames(self.rate),
                    // A day is longer than any session, so it is no bound.
                    max: max.unwrap_or(Millis::from_secs(24 * 3600)).to_frames(self.rate),
                },
                parts: Vec::new(),
            },
            Action::Breathe { breaths, phases, places, guide } => {
                self.breathe(*breaths, phases, places, *guide, cue.span, found)
            }
            Action::Count { to, every, place } => self.count(*to, *every, place.as_ref(), cue.span, found),
            Action::Checks(_) | Action::Repeat { .. } | Action::Note(_) => nothing(),
        }
    }

    /// A bed, which takes no time of its own and has only to be there.
    pub(crate) fn bed(&mut self, bed: &Bed, found: &mut Diagnostics) {
        self.length(&Sound::Bed { name: bed.sound.value.clone() }, "", bed.sound.span, found);
    }

    /// A spoken line outside the leaves, a time check; `None` if the language has no words for it.
    pub(crate) fn line(&mut self, english: &str, span: Span, found: &mut Diagnostics) -> Option<Part> {
        let text = self.say(english, span, found)?;
        let sound = Sound::Speech { text: text.clone() };
        let length = self.length(&sound, &text, span, found);
        Some(Part { offset: Frames::ZERO, slot: length, sound, length, text })
    }

    /// True if the bells and breath tones that were asked for, which are held whole, would fill the memory.
    pub(crate) fn makes_too_much(&self) -> bool {
        /// Twenty minutes at 48 kHz, in 230 MB.
        const MOST: Frames = Frames(20 * 60 * 48_000);
        let is_made = |sound: &Sound| matches!(sound, Sound::Bell { .. } | Sound::Pacer { .. });
        let made = self.known.iter().filter(|(sound, _)| is_made(sound));
        made.filter_map(|(_, length)| length.as_ref().ok().copied()).sum::<Frames>() > MOST
    }

    /// True if that sound was asked for and not found.
    pub(crate) fn lacks(&self, sound: &Sound) -> bool {
        matches!(self.known.get(sound), Some(Err(_)))
    }

    /// Returns the words of a text at its place; `None` if it says nothing, which has been reported by now.
    fn resolve(
        &self,
        text: &Spanned<Text>,
        section: Option<&Section>,
        facts: &Facts,
        found: &mut Diagnostics,
    ) -> Option<String> {
        match text.value.resolve(facts, self.wording) {
            Ok(said) => Some(said).filter(|said| !said.trim().is_empty()),
            Err(why) => {
                found.push(unsaid(&why, text.span, section, self.wording));
                None
            }
        }
    }

    /// A line of nidra's own in the language of the session.
    fn say(&self, english: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
        self.wording.say(english).map_err(|why| found.push(unsaid(&why, span, None, self.wording))).ok()
    }

    fn one(&mut self, sound: Sound, text: String, asked: Asked, found: &mut Diagnostics) -> Measured {
        let length = self.length(&sound, &text, asked, found);
        fixed(length, vec![Part { offset: Frames::ZERO, slot: length, sound, length, text }])
    }

    fn bell(&mut self, sound: Sound, strikes: Strikes, span: Span, found: &mut Diagnostics) -> Measured {
        let slot = strikes.slot().to_frames(self.rate);
        let name = match &sound {
            Sound::Bell { name, .. } => name.clone(),
            _ => String::new(),
        };
        let length = self.length(&sound, &name, span, found);
        let parts = (0..u64::from(strikes.count)).map(|strike| {
            let offset = (strikes.every * strike).to_frames(self.rate);
            let next = if strike + 1 < u64::from(strikes.count) {
                offset + strikes.every.to_frames(self.rate)
            } else {
                slot
            };
            Part {
                offset,
                slot: next.saturating_sub(offset),
                sound: sound.clone(),
                length,
                text: name.clone(),
            }
        });
        fixed(slot, parts.collect())
    }

    fn breathe(
        &mut self,
        breaths: u32,
        phases: &[Millis; 4],
        places: &[Option<Place>; 4],
        guide: Guide,
        span: Span,
        found: &mut Diagnostics,
    ) -> Measured {
        const PHASES: [(BreathPhase, &str); 4] = [
            (BreathPhase::In, "Breathe in."),
            (BreathPhase::Hold, "Hold."),
            (BreathPhase::Out, "Breathe out."),
            (BreathPhase::Rest, "Rest."),
        ];
        let mut parts = Vec::new();
        let mut at = Millis::ZERO;
        for _ in 0..breaths {
            for ((index, (phase, line)), &length) in PHASES.into_iter().enumerate().zip(phases) {
                let (offset, end) = (at.to_frames(self.rate), (at + length).to_frames(self.rate));
                at = at + length;
                let sound = match guide {
                    Guide::Silent => continue,
                    _ if length == Millis::ZERO => continue,
                    Guide::Voice => match self.say(line, span, found) {
                        Some(text) => Sound::Speech { text },
                        None => continue,
                    },
                    Guide::Tone if matches!(phase, BreathPhase::Hold | BreathPhase::Rest) => continue,
                    Guide::Tone => Sound::Pacer { phase, length },
                };
                let slot = end.saturating_sub(offset);
                let played = self.length(&sound, line, span, found);
                let text = match &sound {
                    Sound::Speech { text } => text.clone(),
                    _ => line.to_owned(),
                };
                // A tone is made for its phase, to the nearest frame; only a line can be too long.
                if guide == Guide::Voice {
                    let key = BREATH_KEYS[index];
                    self.fits(&text, played, slot, (key, places[index].as_ref()), span, found);
                }
                parts.push(Part { offset, slot, sound, length: played, text });
            }
        }
        fixed(at.to_frames(self.rate), parts)
    }

    fn count(
        &mut self,
        to: u32,
        every: Millis,
        place: Option<&Place>,
        span: Span,
        found: &mut Diagnostics,
    ) -> Measured {
        let mut parts = Vec::new();
        for n in 0..u64::from(to) {
            let offset = (every * n).to_frames(self.rate);
            let slot = (every * (n + 1)).to_frames(self.rate).saturating_sub(offset);
            let english = format!("{}.", capitalised(&number(n + 1)));
            let Some(line) = self.say(&english, span, found) else { continue };
            let sound = Sound::Speech { text: line.clone() };
            let length = self.length(&sound, &line, span, found);
            self.fits(&line, length, slot, ("every", place), span, found);
            parts.push(Part { offset, slot, sound, length, text: line });
        }
        fixed((every * u64::from(to)).to_frames(self.rate), parts)
    }

    /// A line that is longer than its step would be spoken over by the next one.
    fn fits(
        &self,
        line: &str,
        length: Frames,
        slot: Frames,
        (key, place): (&str, Option<&Place>),
        span: Span,
        found: &mut Diagnostics,
    ) {
        if length > slot {
            let message = format!(
                "\"{line}\" takes {} and has only {}",
                length.to_millis(self.rate),
                slot.to_millis(self.rate)
            );
            let enough = quoted(&written(least_millis(length, self.rate)));
            let hint = Hint::from(format!("write `{key} = {enough}` at least"))
                .maybe_edit(place.map(|place| place.write(&enough)));
            found.push(Diagnostic::error("does-not-fit", span, message).hint(hint));
        }
    }

    fn length(
        &mut self,
        sound: &Sound,
        text: &str,
        asked: impl Into<Asked>,
        found: &mut Diagnostics,
    ) -> Frames {
        let sounds = self.sounds;
        match self.known.entry(sound.clone()).or_insert_with(|| sounds.length(sound)) {
            Ok(length) => *length,
            Err(error) => {
                found.extend(missing(error, asked.into(), self.voice, |line| {
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

fn nothing() -> Measured {
    fixed(Frames::ZERO, Vec::new())
}
