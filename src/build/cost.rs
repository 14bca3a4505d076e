//! The work that a job takes, estimated from its timeline: the same on every machine, before anything is rendered.

use super::batch::Job;
use super::shard::Cost;
use crate::encode::Format;
use crate::render::regions;
use crate::timeline::Timeline;
use crate::units::{Frames, Millis};

/// Opening, syncing and naming a file, and its tags.
const MILLIS_A_FILE: u64 = 10;

/// Milliseconds of one core that a minute of a track takes in a format.
struct Weight {
    sounding: u64,
    silent: u64,
}

/// Measured on a release build over all sessions of `scripts/`, long silence, single lines and beds, by least
/// squares; the worst of them is half a second off.
const fn weight(format: Format) -> Weight {
    match format {
        Format::Wav => Weight { sounding: 85, silent: 0 },
        Format::Mp3 => Weight { sounding: 450, silent: 0 },
        Format::Opus => Weight { sounding: 585, silent: 0 },
        // FLAC codes silence, too.
        Format::Flac => Weight { sounding: 570, silent: 100 },
    }
}

/// The cost of all files of a job, whether they are current or not.
pub fn cost(job: &Job) -> Cost {
    let timeline = &job.track.timeline;
    let spans = regions(timeline);
    let sounding = spans.iter().fold(Frames::ZERO, |sum, span| sum + span.end.saturating_since(span.start));
    let silent = timeline.length.saturating_sub(sounding);
    let files = job.files.iter().map(|(format, _)| {
        let Weight { sounding: loud, silent: quiet } = weight(*format);
        MILLIS_A_FILE + of(timeline, sounding, loud) + of(timeline, silent, quiet)
    });
    Cost(files.sum())
}

/// Rounded down: a millisecond decides nothing.
fn of(timeline: &Timeline, length: Frames, a_minute: u64) -> u64 {
    let Millis(length) = length.to_millis(timeline.rate);
    length * a_minute / 60_000
}
