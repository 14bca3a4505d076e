//! Position and moment at which a session begins.

use super::section::section;
use crate::build::Track;
use crate::cli::args::PlayArgs;
use crate::cli::clock::WallClock;
use crate::cli::ui::player::sentences;
use crate::playback::control::{ResumePoint, WallTime, phrase_start};
use crate::playback::{Opening, ResumeNote, Start, amended};
use crate::timeline::{LiveEdit, Timeline};
use crate::units::{FramePos, Millis};

/// Beginning of a session.
pub(crate) struct Beginning {
    pub(crate) start: Start,
    /// Changes that were made when it was played the last time, and the timeline that they make.
    pub(crate) edits: Vec<LiveEdit>,
    pub(crate) timeline: Timeline,
    /// Sentence on it for the listener.
    pub(crate) told: Option<String>,
}

/// Returns the beginning of a track, as the arguments say.
///
/// # Errors
/// What is wrong with them: a sentence.
pub(crate) fn beginning(
    args: &PlayArgs,
    track: &Track,
    note: Option<&ResumeNote>,
) -> Result<Beginning, String> {
    let timeline = &track.timeline;
    if args.loop_bed_after && !timeline.has_bed() {
        return Err("this session has no bed that could go on after it".to_owned());
    }
    let at = |start| Beginning { start, edits: Vec::new(), timeline: timeline.clone(), told: None };
    if args.resume {
        return Ok(match note.and_then(ResumeNote::read) {
            Some(place) => resumed(track, place),
            None => Beginning {
                told: Some("Nothing is known of an earlier time; it begins at the start.".to_owned()),
                ..at(Start::At(Millis::ZERO))
            },
        });
    }
    if let Some(typed) = &args.section {
        let titles: Vec<&str> = timeline.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
        let index = section(typed, &titles)?;
        let chapter = &timeline.chapters[index];
        let named =
            if chapter.title.is_empty() { format!("section {}", index + 1) } else { chapter.title.clone() };
        let from = chapter.at.to_millis(timeline.rate).clock();
        return Ok(Beginning {
            told: Some(format!("It begins with {named}, at {from}.")),
            ..at(Start::Section(index))
        });
    }
    let from = args.from.unwrap_or(Millis::ZERO);
    if FramePos::START + from.to_frames(timeline.rate) >= FramePos::START + timeline.length {
        return Err(format!("this track is only {} long", timeline.length.to_millis(timeline.rate)));
    }
    Ok(at(Start::At(from)))
}

/// Returns the beginning at which it goes on. The line that was interrupted is said again; after a change of the
/// listener's the positions are others.
fn resumed(track: &Track, place: ResumePoint) -> Beginning {
    let start = if place.edits.is_empty() && place.rate == track.timeline.rate {
        phrase_start(&track.timeline, place.at)
    } else {
        place.at
    };
    let from = start.to_millis(place.rate);
    let timeline = amended(track, &place.edits).unwrap_or_else(|_| track.timeline.clone());
    let told = Some(format!("Going on at {}.", from.clock()));
    Beginning { start: Start::At(from), edits: place.edits, timeline, told }
}

impl Beginning {
    /// When it ends if it begins at a moment.
    pub(crate) fn end(&self, begins: WallTime, opening: Opening) -> WallTime {
        let end = FramePos::START + self.timeline.length;
        let left = end.saturating_since(self.start.on(&self.timeline)).to_millis(self.timeline.rate);
        WallTime(begins.0 + opening.length() + left)
    }

    /// The first line that is told of a session: what it is, how long it is, and when it ends.
    pub(crate) fn first_line(&self, title: &str, end: &str) -> String {
        let length = sentences::length(self.timeline.length.to_millis(self.timeline.rate));
        sentences::short(&format!("{title}, {length}, {end}."))
    }
}

/// When it begins, if not at once.
pub(crate) fn moment(args: &PlayArgs, clock: &WallClock, now: WallTime) -> Option<WallTime> {
    let after = |length| WallTime(now.0 + length);
    args.start_in.map(after).or_else(|| args.at.map(|time| clock.next(time, now)))
}
