//! The position where a listener lands who moves on or back, or goes on after a pause: always the start of something.

use super::command::{Direction, Unit};
use crate::timeline::{Bus, CueKind, Timeline};
use crate::units::{FramePos, Millis};

/// A listener who goes back within this time of a start means the one before it, as players of music do.
const JUST_BEGUN: Millis = Millis(2000);

/// Returns the position where a step from an instant lands: the start of a cue that is heard, or of a section. Forward
/// of the last one lies nothing; back of the first one lies the start.
pub fn landing(timeline: &Timeline, from: FramePos, direction: Direction, unit: Unit) -> Option<FramePos> {
    let starts = starts(timeline, unit);
    match direction {
        Direction::Forward => starts.get(starts.partition_point(|start| *start <= from)).copied(),
        Direction::Back => {
            let begun = from.saturating_sub(JUST_BEGUN.to_frames(timeline.rate));
            let before = starts.partition_point(|start| *start <= begun);
            Some(before.checked_sub(1).map_or(FramePos::START, |index| starts[index]))
        }
    }
}

/// The start of the line that is spoken at an instant, or the instant: a line that was interrupted is said again.
pub fn phrase_start(timeline: &Timeline, at: FramePos) -> FramePos {
    let begun = timeline.cues.partition_point(|cue| cue.at < at);
    let spoken = timeline.cues[..begun]
        .iter()
        .rev()
        .find(|cue| cue.kind == CueKind::Say && cue.clip.is_some_and(|(_, length)| at < cue.at + length));
    spoken.map_or(at, |cue| cue.at)
}

/// True if anything is said between two instants.
pub fn is_spoken_within(timeline: &Timeline, from: FramePos, to: FramePos) -> bool {
    let mut spoken = timeline.events.iter().filter(|event| event.bus == Bus::Voice);
    spoken.any(|event| event.start < to && from < event.end())
}

fn starts(timeline: &Timeline, unit: Unit) -> Vec<FramePos> {
    let mut starts: Vec<FramePos> = match unit {
        Unit::Section => timeline.chapters.iter().map(|chapter| chapter.at).collect(),
        Unit::Cue => {
            let heard =
                |kind| matches!(kind, CueKind::Say | CueKind::Clip | CueKind::Bell | CueKind::Breathe);
            timeline.cues.iter().filter(|cue| heard(cue.kind)).map(|cue| cue.at).collect()
        }
    };
    starts.dedup();
    starts
}
