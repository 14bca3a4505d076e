//! A label track for Audacity: a line a label, with its start and end in seconds and its text between tabs.
//!
//! For the author who looks at the track in an editor, so it has everything the cue sheet has: chapters with a
//! `#` before their title, then every cue, each as long as it sounds.

use super::phrases::readable;
use super::{Subject, clock};
use crate::text::one_line;
use crate::timeline::{CueKind, PlacedCue};
use crate::units::{FramePos, Frames};

pub(super) fn labels(subject: &Subject<'_>) -> String {
    let timeline = subject.timeline;
    let chapters = timeline
        .chapters
        .iter()
        .map(|chapter| (chapter.at, chapter.at + chapter.length, format!("# {}", one_line(&chapter.title))));
    let cues = timeline.cues.iter().map(|cue| (cue.at, cue.at + length(cue), text(cue)));
    let mut labels: Vec<(FramePos, FramePos, String)> = chapters.chain(cues).collect();
    // Stable: a chapter stands before the cue it begins with.
    labels.sort_by_key(|(start, ..)| *start);
    let line = |(start, end, text): &(FramePos, FramePos, String)| {
        format!(
            "{}\t{}\t{text}\n",
            clock::seconds(*start, timeline.rate),
            clock::seconds(*end, timeline.rate)
        )
    };
    labels.iter().map(line).collect()
}

fn length(cue: &PlacedCue) -> Frames {
    cue.clip.map_or(cue.slot, |(_, length)| length)
}

fn text(cue: &PlacedCue) -> String {
    match cue.kind {
        CueKind::Say => one_line(&cue.text),
        CueKind::Clip => format!("[{}]", readable(&cue.text)),
        CueKind::Bell | CueKind::Breathe => format!("[{}]", one_line(&cue.text)),
        CueKind::Pause => "[pause]".to_owned(),
        CueKind::Elastic => "[elastic pause]".to_owned(),
        CueKind::Note => format!("[note: {}]", one_line(&cue.text)),
    }
}
