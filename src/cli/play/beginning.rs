//! Where a session begins, and when.

use super::clock::Clock;
use super::section::section;
use super::sentences;
use crate::cli::args::PlayArgs;
use crate::pipeline::PlaceNote;
use crate::player::{Moment, phrase_start};
use crate::timeline::{Amendment, Timeline};
use crate::units::{FramePos, Millis};

/// Where a session begins.
pub(super) struct Beginning {
    pub(super) from: Millis,
    /// What was changed when it was played the last time.
    pub(super) amendments: Vec<Amendment>,
    /// What the listener is told of it.
    pub(super) told: Option<String>,
}

/// Where it begins, as the arguments say.
///
/// # Errors
/// What is wrong with them: a sentence.
pub(super) fn beginning(
    args: &PlayArgs,
    timeline: &Timeline,
    note: Option<&PlaceNote>,
) -> Result<Beginning, String> {
    if args.loop_bed_after && !timeline.has_bed() {
        return Err("this session has no bed that could go on after it".to_owned());
    }
    let at = |from| Beginning { from, amendments: Vec::new(), told: None };
    if args.resume {
        return Ok(match note.and_then(PlaceNote::read) {
            Some(place) => {
                // The line that was interrupted is said again. After a change of the listener's the places are others.
                let start = if place.amendments.is_empty() && place.rate == timeline.rate {
                    phrase_start(timeline, place.at)
                } else {
                    place.at
                };
                let from = start.to_millis(place.rate);
                let told = Some(format!("Going on at {}.", sentences::clock(from)));
                Beginning { from, amendments: place.amendments, told }
            }
            None => Beginning {
                told: Some("Nothing is known of an earlier time; it begins at the start.".to_owned()),
                ..at(Millis::ZERO)
            },
        });
    }
    if let Some(typed) = &args.section {
        let titles: Vec<&str> = timeline.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
        let index = section(typed, &titles)?;
        return Ok(at(timeline.chapters[index].at.to_millis(timeline.rate)));
    }
    let from = args.from.unwrap_or(Millis::ZERO);
    if FramePos::START + from.to_frames(timeline.rate) >= FramePos::START + timeline.length {
        return Err(format!("this track is only {} long", timeline.length.to_millis(timeline.rate)));
    }
    Ok(at(from))
}

/// When it begins, if not at once.
pub(super) fn moment(args: &PlayArgs, clock: &Clock, now: Moment) -> Option<Moment> {
    let after = |length| Moment(now.0 + length);
    args.start_in.map(after).or_else(|| args.at.map(|time| clock.next(time, now)))
}
