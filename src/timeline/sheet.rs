//! The cue sheet: the timeline as text for people and as values for machines.

use serde::Serialize;

use super::model::{Bus, CueKind, Timeline};
use crate::audio::{BuiltIn, SoundRef, SoundSource};
use crate::units::{FramePos, Frames};

/// The cue sheet for machines; positions and lengths are frames, and the same again as `M:SS.mmm`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    title: String,
    edition: Option<String>,
    rate_hz: u32,
    length_frames: Frames,
    length: String,
    counted_frames: Frames,
    counted: String,
    chapters: Vec<SheetChapter>,
    cues: Vec<SheetCue>,
    events: Vec<SheetEvent>,
    beds: Vec<SheetBed>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SheetChapter {
    title: String,
    start_frame: FramePos,
    length_frames: Frames,
    start: String,
    counted: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SheetCue {
    at_frame: FramePos,
    at: String,
    kind: CueKind,
    text: String,
    slot_frames: Frames,
    clip_frames: Option<Frames>,
    chapter: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SheetEvent {
    start_frame: FramePos,
    length_frames: Frames,
    sound: String,
    bus: Bus,
    gain_db: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SheetBed {
    start_frame: FramePos,
    length_frames: Frames,
    sound: String,
    level_db: f64,
}

/// The cue sheet of a session's timeline for machines.
pub fn sheet(timeline: &Timeline, title: &str, edition: Option<&str>) -> Sheet {
    let clock = |at: FramePos| at.to_millis(timeline.rate).to_string();
    let sound = |clip: super::model::ClipId| name(&timeline.sounds[clip.index()]);
    Sheet {
        title: title.to_owned(),
        edition: edition.map(str::to_owned),
        rate_hz: timeline.rate.hz(),
        length_frames: timeline.length,
        length: timeline.length.to_millis(timeline.rate).to_string(),
        counted_frames: timeline.counted,
        counted: timeline.counted.to_millis(timeline.rate).to_string(),
        chapters: timeline
            .chapters
            .iter()
            .map(|chapter| SheetChapter {
                title: chapter.title.clone(),
                start_frame: chapter.at,
                length_frames: chapter.length,
                start: clock(chapter.at),
                counted: chapter.counted,
            })
            .collect(),
        cues: timeline
            .cues
            .iter()
            .map(|cue| SheetCue {
                at_frame: cue.at,
                at: clock(cue.at),
                kind: cue.kind,
                text: cue.text.clone(),
                slot_frames: cue.slot,
                clip_frames: cue.clip.map(|(_, length)| length),
                chapter: cue.chapter,
            })
            .collect(),
        events: timeline
            .events
            .iter()
            .map(|event| SheetEvent {
                start_frame: event.start,
                length_frames: event.length,
                sound: sound(event.clip),
                bus: event.bus,
                gain_db: event.gain.to_decibels().0,
            })
            .collect(),
        beds: timeline
            .beds
            .iter()
            .map(|bed| SheetBed {
                start_frame: bed.start,
                length_frames: bed.length,
                sound: sound(bed.clip),
                level_db: bed.gain.to_decibels().0,
            })
            .collect(),
    }
}

/// The cue sheet for people, line by line: chapters, and under each what is heard when.
pub fn sheet_lines(timeline: &Timeline, title: &str, edition: Option<&str>) -> Vec<String> {
    let edition = edition.map_or_else(String::new, |edition| format!(" ({edition})"));
    let time = |frames: Frames| frames.to_millis(timeline.rate);
    let (length, counted) = (time(timeline.length), time(timeline.counted));
    let mut lines = vec![format!("{title}{edition}: {length}, of which {counted} are counted.")];
    for (index, chapter) in timeline.chapters.iter().enumerate() {
        let outside = if chapter.counted { "" } else { ", not counted" };
        let (at, length) = (chapter.at.to_millis(timeline.rate), time(chapter.length));
        lines.push(String::new());
        lines.push(format!("{at:>12}  {} ({length}{outside})", chapter.title));
        for cue in timeline.cues.iter().filter(|cue| cue.chapter == index) {
            let what = match cue.kind {
                CueKind::Say => cue.text.clone(),
                CueKind::Bell => format!("[{}]", cue.text),
                CueKind::Clip => format!("[{}]", cue.text),
                CueKind::Breathe => format!("[{}, {}]", cue.text, time(cue.slot)),
                CueKind::Note => format!("[note: {}]", cue.text),
                CueKind::Pause | CueKind::Elastic => format!("[{} of silence]", time(cue.slot)),
            };
            lines.push(format!("{:>12}  {what}", cue.at.to_millis(timeline.rate)));
        }
    }
    lines
}

/// A sound as a cue sheet names it.
fn name(sound: &SoundRef) -> String {
    match &sound.source {
        SoundSource::BuiltIn(BuiltIn::Pacer { phase, length }) => {
            format!("breath tone, {phase:?}, {length}")
        }
        _ => sound.name().to_owned(),
    }
}
