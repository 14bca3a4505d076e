//! The status at an instant of a timeline: for a display, a headset, and a voice that tells how much is left.

use super::command::Volume;
use crate::timeline::{CueKind, Timeline};
use crate::units::{FramePos, Frames, Millis};

/// The play state of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayState {
    /// It plays.
    Playing,
    /// The listener wanted it to wait.
    Paused,
    /// There is no device at the moment.
    NoDevice,
    /// The session is over, and its bed goes on.
    BedOnly,
}

/// The sound, or the rest, that is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A line is spoken.
    Speech(String),
    /// A bell was struck; its name.
    Bell(String),
    /// Breathing at a pace, as the cue sheet calls it.
    Breathing(String),
    /// Nothing but the bed, if there is one, for that much longer.
    Rest {
        /// Until the next line, strike or breath, or the end.
        left: Millis,
    },
}

/// The session at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The play state.
    pub state: PlayState,
    /// Position in the track.
    pub at: Millis,
    /// Length of the track. It changes when the listener wants to rest longer.
    pub length: Millis,
    /// The chapter, from 0; the first one before it begins, the last one after it has ended.
    pub chapter: usize,
    /// Number of chapters.
    pub chapters: usize,
    /// The title of the chapter.
    pub title: String,
    /// The sound, or the rest, that is heard.
    pub heard: Heard,
    /// The volume.
    pub volume: Volume,
}

impl Status {
    /// Returns the time left of the track.
    pub fn left(&self) -> Millis {
        Millis(self.length.0.saturating_sub(self.at.0))
    }
}

/// The session at an instant of its timeline.
pub fn status(timeline: &Timeline, at: FramePos, state: PlayState, volume: Volume) -> Status {
    let begun = timeline.chapters.partition_point(|chapter| chapter.at <= at);
    let chapter = begun.saturating_sub(1);
    Status {
        state,
        at: at.to_millis(timeline.rate),
        length: timeline.length.to_millis(timeline.rate),
        chapter,
        chapters: timeline.chapters.len(),
        title: timeline.chapters.get(chapter).map(|chapter| chapter.title.clone()).unwrap_or_default(),
        heard: heard(timeline, at),
        volume,
    }
}

fn heard(timeline: &Timeline, at: FramePos) -> Heard {
    let begun = timeline.cues.partition_point(|cue| cue.at <= at);
    // A strike has no length of its own: it is what is heard until its slot is over.
    let sounding = timeline.cues[..begun].iter().rev().find(|cue| {
        let lasts = match (cue.kind, cue.clip) {
            (CueKind::Say | CueKind::Clip, Some((_, length))) => length,
            (CueKind::Bell | CueKind::Breathe, _) => cue.slot,
            _ => Frames::ZERO,
        };
        at < cue.at + lasts
    });
    match sounding {
        Some(cue) => match cue.kind {
            CueKind::Bell => Heard::Bell(cue.text.clone()),
            CueKind::Breathe => Heard::Breathing(cue.text.clone()),
            _ => Heard::Speech(cue.text.clone()),
        },
        None => {
            let audible =
                |kind| matches!(kind, CueKind::Say | CueKind::Clip | CueKind::Bell | CueKind::Breathe);
            let next = timeline.cues[begun..].iter().find(|cue| audible(cue.kind)).map(|cue| cue.at);
            let end = FramePos::START + timeline.length;
            Heard::Rest { left: next.unwrap_or(end).saturating_since(at).to_millis(timeline.rate) }
        }
    }
}
