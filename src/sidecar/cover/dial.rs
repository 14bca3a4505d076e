//! The parts of a timeline that are drawn, as shares of the track: how much is said when, where a bell is struck, the
//! chapters.
//!
//! Bounded however long the track is: the arc has [`SLOTS`] places for a ray, and marks that would touch are one
//! mark. Must not know colours or coordinates.

use crate::timeline::{Bus, CueKind, Timeline};
use crate::units::{FramePos, Frames};

/// Places for a ray. At 3000 pixels they are 20 pixels apart: fine, and still a glow when the cover is small.
pub(super) const SLOTS: usize = 150;

/// Beads closer than this, as a share of the track, are one bead.
const MIN_BEAD_DISTANCE: f64 = 0.011;

/// Chapters shorter than this, as a share of the track, are drawn with their neighbour.
const MIN_CHAPTER_SHARE: f64 = 0.006;

/// The content of a slot of the track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Slot {
    /// Nothing but the bed.
    Silence,
    /// Sound that is no speech: breathing at a pace, a file.
    Sound,
    /// Words, and which part of the slot they take, above 0 up to 1.
    Voice(f64),
}

/// A chapter, or several that are too short to be told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) counted: bool,
}

/// A timeline, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dial {
    pub(super) slots: Vec<Slot>,
    /// In time order.
    pub(super) strikes: Vec<f64>,
    pub(super) chapters: Vec<Piece>,
    /// From where to where there is a bed.
    pub(super) beds: Vec<(f64, f64)>,
}

impl Dial {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let share = |at: FramePos| (at.0 as f64 / timeline.length.0.max(1) as f64).min(1.0);
        let mut strikes: Vec<f64> = Vec::new();
        for cue in timeline.cues.iter().filter(|cue| cue.kind == CueKind::Bell) {
            let at = share(cue.at);
            if strikes.last().is_none_or(|last| at - last >= MIN_BEAD_DISTANCE) {
                strikes.push(at);
            }
        }
        let mut chapters: Vec<Piece> = Vec::new();
        for chapter in &timeline.chapters {
            let piece = Piece {
                from: share(chapter.at),
                to: share(chapter.at + chapter.length),
                counted: chapter.counted,
            };
            match chapters.last_mut() {
                Some(last)
                    if last.counted == piece.counted
                        && (last.to - last.from).min(piece.to - piece.from) < MIN_CHAPTER_SHARE =>
                {
                    last.to = piece.to;
                }
                _ => chapters.push(piece),
            }
        }
        let beds = timeline.beds.iter().map(|bed| (share(bed.start), share(bed.end()))).collect();
        Self { slots: slots(timeline), strikes, chapters, beds }
    }
}

fn slots(timeline: &Timeline) -> Vec<Slot> {
    let mut voice = vec![Frames::ZERO; SLOTS];
    let mut sound = vec![Frames::ZERO; SLOTS];
    for event in timeline.events.iter().filter(|event| event.bus == Bus::Voice) {
        spread(event.start, event.length, timeline.length, &mut voice);
    }
    for cue in &timeline.cues {
        match (cue.kind, cue.clip) {
            (CueKind::Breathe, _) => spread(cue.at, cue.slot, timeline.length, &mut sound),
            (CueKind::Clip, Some((_, length))) => spread(cue.at, length, timeline.length, &mut sound),
            _ => {}
        }
    }
    let each = (timeline.length.0 as f64 / SLOTS as f64).max(1.0);
    let slot = |(voice, sound): (&Frames, &Frames)| match (voice.0, sound.0) {
        (0, 0) => Slot::Silence,
        (0, _) => Slot::Sound,
        (said, _) => Slot::Voice((said as f64 / each).min(1.0)),
    };
    voice.iter().zip(&sound).map(slot).collect()
}

/// Adds the frames of a stretch to each slot that it touches.
fn spread(start: FramePos, length: Frames, whole: Frames, slots: &mut [Frames]) {
    // Where slot `index` begins, rounded down: neighbours share the edge, so no frame counts twice.
    let edge = |index: usize| (u128::from(whole.0) * index as u128 / SLOTS as u128) as u64;
    let end = (start + length).0;
    let first = (u128::from(start.0) * SLOTS as u128 / u128::from(whole.0.max(1))) as usize;
    for (index, slot) in slots.iter_mut().enumerate().skip(first.min(SLOTS)) {
        let (from, to) = (edge(index).max(start.0), edge(index + 1).min(end));
        if edge(index) >= end {
            break;
        }
        *slot += Frames(to.saturating_sub(from));
    }
}
