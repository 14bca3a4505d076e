//! The things that are heard, one after the other: the timeline as a listener would tell it.
//!
//! The silences are what is between the sounds, not the pauses of the script: a pause with a time check in it
//! is two silences, and two pauses in a row are one.

use crate::audio::{BreathPhase, BuiltIn, SoundSource};
use crate::diag::Span;
use crate::script::Role;
use crate::timeline::{CueKind, PlacedCue, Timeline};
use crate::units::{FramePos, Frames, Millis};

/// A strike is told for at least this long though the next cue follows at once: its tail rings on.
const MIN_RING_LENGTH: Millis = Millis::from_secs(2);

/// Something that is heard, or a silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Audible<'t> {
    /// Its first frame.
    pub(super) at: FramePos,
    /// The frame after the last; that of a bell may lie after the start of what comes next.
    pub(super) end: FramePos,
    pub(super) what: AudibleKind<'t>,
    /// Its chapter: an index into the timeline's.
    pub(super) chapter: usize,
    pub(super) role: Option<Role>,
    /// The cue it comes from; a silence has none.
    pub(super) origin: Option<Span>,
}

/// The kind of a thing that is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AudibleKind<'t> {
    /// A spoken line.
    Line(&'t str),
    /// One strike of the bell of that name.
    Bell(&'t str),
    /// A file that is no speech, by its path.
    Sound(&'t str),
    /// Breaths, as in `3 breaths`; what leads them is heard by itself.
    Breaths(&'t str, LedBy),
    /// The tone that leads one phase of a breath.
    Tone(BreathPhase),
    /// Nothing but the bed of that name, if there is one.
    Silence(Option<&'t str>),
    /// Something for the teacher, which no listener hears.
    Note(&'t str),
}

/// The guide that leads a breath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedBy {
    Voice,
    Tone,
    Nothing,
}

/// All that is heard, in time order.
pub(super) fn audible(timeline: &Timeline) -> Vec<Audible<'_>> {
    let mut all = Vec::with_capacity(timeline.cues.len());
    for cue in &timeline.cues {
        sounds(cue, timeline, &mut all);
    }
    silences(timeline, &mut all);
    // Stable: among equals the order of the script stays, and a silence comes after what it follows.
    all.sort_by_key(|heard| heard.at);
    all
}

/// All that is heard, chapter by chapter.
pub(super) fn audible_by_chapter(timeline: &Timeline) -> Vec<Vec<Audible<'_>>> {
    let mut chapters = vec![Vec::new(); timeline.chapters.len()];
    for heard in audible(timeline) {
        chapters[heard.chapter].push(heard);
    }
    chapters
}

/// Adds the things that are heard of a cue.
fn sounds<'t>(cue: &'t PlacedCue, timeline: &'t Timeline, all: &mut Vec<Audible<'t>>) {
    let sounding = cue.clip.map_or(Frames::ZERO, |(_, length)| length);
    let heard = |what, length| Audible {
        at: cue.at,
        end: cue.at + length,
        what,
        chapter: cue.chapter,
        role: cue.role,
        origin: Some(cue.origin),
    };
    match cue.kind {
        CueKind::Say => all.push(heard(AudibleKind::Line(&cue.text), sounding)),
        CueKind::Clip => all.push(heard(AudibleKind::Sound(&cue.text), sounding)),
        CueKind::Bell => {
            let told = sounding.min(cue.slot.max(MIN_RING_LENGTH.to_frames(timeline.rate)));
            all.push(heard(AudibleKind::Bell(&cue.text), told));
        }
        CueKind::Breathe => {
            let tones = tones(cue, timeline);
            let led = if !tones.is_empty() {
                LedBy::Tone
            } else if is_spoken(cue, timeline) {
                LedBy::Voice
            } else {
                LedBy::Nothing
            };
            all.push(heard(AudibleKind::Breaths(&cue.text, led), cue.slot));
            all.extend(tones.into_iter().map(|(at, length, phase)| Audible {
                at,
                end: at + length,
                ..heard(AudibleKind::Tone(phase), Frames::ZERO)
            }));
        }
        CueKind::Note => all.push(heard(AudibleKind::Note(&cue.text), Frames::ZERO)),
        CueKind::Pause | CueKind::Elastic => {}
    }
}

/// The tones inside the slot of a breathe cue. Slots do not overlap, so they are its own.
fn tones(cue: &PlacedCue, timeline: &Timeline) -> Vec<(FramePos, Frames, BreathPhase)> {
    let first = timeline.events.partition_point(|event| event.start < cue.at);
    let inside = timeline.events[first..].iter().take_while(|event| event.start < cue.at + cue.slot);
    let tone = |event: &crate::timeline::Event| match timeline.sounds[event.clip.index()].source {
        SoundSource::BuiltIn(BuiltIn::Pacer { phase, .. }) => Some((event.start, event.length, phase)),
        _ => None,
    };
    inside.filter_map(tone).collect()
}

/// True if lines of the same cue lie in the slot of a breathe cue.
fn is_spoken(cue: &PlacedCue, timeline: &Timeline) -> bool {
    let first = timeline.cues.partition_point(|other| other.at < cue.at);
    let mut inside = timeline.cues[first..].iter().take_while(|other| other.at < cue.at + cue.slot);
    inside.any(|other| other.kind == CueKind::Say && other.origin == cue.origin)
}

/// The stretches of each chapter in which nothing is heard but a bed.
fn silences<'t>(timeline: &'t Timeline, all: &mut Vec<Audible<'t>>) {
    let mut sounding: Vec<(FramePos, FramePos)> =
        all.iter().filter(|heard| heard.end > heard.at).map(|heard| (heard.at, heard.end)).collect();
    sounding.sort();
    let mut next = 0;
    let mut until = FramePos::START;
    for (chapter, passage) in timeline.chapters.iter().enumerate() {
        let end = passage.at + passage.length;
        until = until.max(passage.at);
        while until < end {
            while next < sounding.len() && sounding[next].0 <= until {
                until = until.max(sounding[next].1);
                next += 1;
            }
            let stop = sounding.get(next).map_or(end, |(start, _)| (*start).min(end));
            if stop > until {
                let what = AudibleKind::Silence(bed(until, stop, timeline));
                all.push(Audible { at: until, end: stop, what, chapter, role: None, origin: None });
                until = stop;
            }
        }
    }
}

/// The bed that sounds for more than half of a stretch.
fn bed(from: FramePos, to: FramePos, timeline: &Timeline) -> Option<&str> {
    let bed = timeline.beds.iter().find(|bed| {
        let common = bed.end().min(to).saturating_since(bed.start.max(from));
        common * 2 > to.saturating_since(from)
    })?;
    Some(timeline.sounds[bed.clip.index()].name())
}
