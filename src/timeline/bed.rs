//! Beds: from where to where each one sounds, and how it makes room for the voice.
//!
//! The script knows the place of every word, so ducking is drawn ahead of it, never detected.

use super::expand::Plan;
use super::model::{BedSpan, Bus, ClipId, Envelope, Event, Fades, Ramp};
use super::solve::layout::Layout;
use crate::audio::SoundRef;
use crate::script::{Bed, BedChange, Session};
use crate::units::{FramePos, Frames, Gain, Millis, SampleRate};

/// The bed is down when the voice begins: it starts to go this much earlier.
const DUCK_ATTACK: Millis = Millis(400);
/// The bed comes back in this time after the voice.
const DUCK_RELEASE: Millis = Millis(1600);

/// A stretch of the track that has one bed.
struct Stretch<'a> {
    bed: &'a Bed,
    start: FramePos,
    end: FramePos,
}

/// The beds of the track.
pub(crate) fn bed_spans(
    session: &Session,
    plan: &Plan<'_>,
    layout: &Layout,
    events: &[Event],
    length: Frames,
    rate: SampleRate,
    intern: &mut dyn FnMut(&SoundRef) -> ClipId,
) -> Vec<BedSpan> {
    let words = phrases(events, rate);
    let stretches = stretches(session, plan, layout, length);
    let mut spans = Vec::with_capacity(stretches.len());
    for (index, stretch) in stretches.iter().enumerate() {
        let bed = stretch.bed;
        let mut end = stretch.end;
        let mut fade_out = bed.fade_out.to_frames(rate);
        // One bed goes over into the next while that one comes.
        if let Some(next) = stretches.get(index + 1).filter(|next| next.start == stretch.end) {
            fade_out = next.bed.fade_in.to_frames(rate).min(next.end.saturating_since(next.start));
            end += fade_out;
        }
        let length = end.saturating_since(stretch.start);
        spans.push(BedSpan {
            start: stretch.start,
            length,
            clip: intern(&bed.sound.value),
            gain: bed.level.to_gain(),
            fades: Fades { fade_in: bed.fade_in.to_frames(rate), fade_out }.shortened(length),
            ducking: ducking(&words, stretch.start, end, bed.duck.to_gain(), rate),
        });
    }
    spans
}

/// One stretch for each run of passes with the same bed; lead-in and lead-out belong to the first and last.
fn stretches<'a>(session: &'a Session, plan: &Plan<'a>, layout: &Layout, length: Frames) -> Vec<Stretch<'a>> {
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    let passes = plan.passes.iter().zip(&layout.passes);
    let last = plan.passes.len().saturating_sub(1);
    for (index, (pass, &(at, pass_length))) in passes.enumerate() {
        let bed = match &pass.section.bed {
            BedChange::Keep => session.bed.as_ref(),
            BedChange::Stop => None,
            BedChange::Set(bed) => Some(bed),
        };
        let Some(bed) = bed else { continue };
        let start = if index == 0 { FramePos::START } else { at };
        let end = if index == last { FramePos::START + length } else { at + pass_length };
        match stretches.last_mut() {
            Some(before) if before.end == start && before.bed == bed => before.end = end,
            _ => stretches.push(Stretch { bed, start, end }),
        }
    }
    stretches.retain(|stretch| stretch.end > stretch.start);
    stretches
}

/// Returns the spans in which the voice sounds; gaps too short for the bed to come back in are part of them.
fn phrases(events: &[Event], rate: SampleRate) -> Vec<(FramePos, FramePos)> {
    let bridge = (DUCK_ATTACK + DUCK_RELEASE).to_frames(rate);
    let mut phrases: Vec<(FramePos, FramePos)> = Vec::new();
    for event in events.iter().filter(|event| event.bus == Bus::Voice) {
        match phrases.last_mut() {
            Some((_, end)) if event.start <= *end + bridge => *end = (*end).max(event.end()),
            _ => phrases.push((event.start, event.end())),
        }
    }
    phrases
}

/// Down ahead of every phrase that touches the bed, and up after it.
fn ducking(
    phrases: &[(FramePos, FramePos)],
    start: FramePos,
    end: FramePos,
    down: Gain,
    rate: SampleRate,
) -> Envelope {
    let (attack, release) = (DUCK_ATTACK.to_frames(rate), DUCK_RELEASE.to_frames(rate));
    let mut ramps = Vec::new();
    if down == Gain::UNITY {
        return Envelope(ramps);
    }
    for &(from, to) in phrases.iter().filter(|(from, to)| *to + release > start && *from < end + attack) {
        let lower = from.saturating_sub(attack);
        let length = from.saturating_since(lower);
        ramps.push(Ramp { start: lower, length, from: Gain::UNITY, to: down });
        ramps.push(Ramp { start: to, length: release, from: down, to: Gain::UNITY });
    }
    Envelope(ramps)
}
