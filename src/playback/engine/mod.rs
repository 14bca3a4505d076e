//! A track played live: rendered a little ahead, steered by a listener.
//!
//! One thread does all of it, in turns of a few milliseconds: it renders into the line, asks [`crate::playback::control`] what a
//! command means, and does it. So there is nothing to lock, and nothing that two threads could disagree about.

mod deck;
mod device_watch;
mod feeder;
mod flow;
mod host;
mod playback_engine;
mod request;
mod source;
mod status_reporter;
mod unmeasured;

use std::thread;

pub use host::PlaybackHost;
pub use request::{After, Opening, PlayError, PlayRequest, RebuildAtRate, Start};

use self::playback_engine::{PlaybackEngine, Restart};
use self::source::{Held, PlaybackSource, first_clips};
use self::unmeasured::UnmeasuredRecordings;
use crate::audio::SoundError;
use crate::build::Track;
use crate::playback::control::{Ending, Transport};
use crate::timeline::{LiveEdit, Refusal, Timeline, add_outro_bed, amend, splice_bed_gain};
use crate::units::{FramePos, Gain};

/// Plays a track to its end, or until the listener ends it.
///
/// # Errors
/// See [`PlayError`]. A device that goes away later is no error: it is waited for.
pub fn run(
    request: PlayRequest,
    rebuild: RebuildAtRate<'_>,
    host: &mut dyn PlaybackHost,
) -> Result<Ending, PlayError> {
    let PlayRequest { mut track, from, edits, opening, after, volume, goal, keys } = request;
    let transport = Transport::new(volume, edits, keys);
    // To open a device takes as long as to strike a bell. Nearly all devices can do any rate.
    let (mut engine, prepared) = thread::scope(|scope| {
        let prepared = thread::Builder::new()
            .name("preparation".to_owned())
            .spawn_scoped(scope, || prepare(&track, from.on(&track.timeline)))?;
        let engine = PlaybackEngine::open(host, transport, track.timeline.rate)?;
        let prepared = prepared.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok::<_, PlayError>((engine, prepared))
    })?;
    let has_its_rate = engine.deck.device.rate == track.timeline.rate;
    track = at_device_rate(track, &mut engine, rebuild)?;
    let mut prepared = if has_its_rate { prepared? } else { prepare(&track, from.on(&track.timeline))? };
    // What was edited when it was played before can be edited again, or the script is another by now.
    let mut timeline = edited_or_plain(&track, &engine.transport);
    engine.begin(from.on(&timeline), opening, goal);
    let mut sounding = with_after(&timeline, after);
    loop {
        let mut source = PlaybackSource::new(&track, &timeline, &sounding, prepared.gain, &prepared.held)?;
        let restart =
            engine.play(&mut source, prepared.unmeasured.take(), &|edits| amended(&track, edits))?;
        prepared.held = source.held();
        drop(source);
        match restart {
            Restart::Timeline(edited) => {
                timeline = *edited;
                let before = std::mem::replace(&mut sounding, with_after(&timeline, after));
                if let Some(seam) = engine.deck.seam() {
                    splice_bed_gain(&before, &mut sounding, seam);
                }
            }
            Restart::Prepare => {
                track = at_device_rate(track, &mut engine, rebuild)?;
                timeline = edited_or_plain(&track, &engine.transport);
                sounding = with_after(&timeline, after);
                prepared = prepare(&track, engine.deck.heard())?;
            }
            Restart::Ended(ending) => return Ok(ending),
        }
    }
}

/// Makes the track again if the device has another rate.
fn at_device_rate(
    track: Track,
    engine: &mut PlaybackEngine<'_>,
    rebuild: RebuildAtRate<'_>,
) -> Result<Track, PlayError> {
    let (rate, wanted) = (track.timeline.rate, engine.deck.device.rate);
    if rate == wanted {
        return Ok(track);
    }
    engine.transport.change_rate(rate, wanted);
    rebuild(wanted).ok_or(PlayError::Rate(wanted))
}

/// The timeline of a track as its listener has edited it, or as it is if it cannot be edited so any more.
fn edited_or_plain(track: &Track, transport: &Transport) -> Timeline {
    amended(track, transport.edits()).unwrap_or_else(|_| track.timeline.clone())
}

/// A timeline, and what is heard after it.
fn with_after(timeline: &Timeline, after: After) -> Timeline {
    match after {
        After::Bed => add_outro_bed(timeline),
        After::Nothing => timeline.clone(),
    }
}

/// The gain as long as it is not known: prompts are as loud as the voice when it was loaded.
const UNKNOWN: Gain = Gain::UNITY;

/// The gain and the clips that a track needs before it is heard, or the recordings to be listened to before that.
struct Prepared {
    /// One gain for all of it, whatever is changed: nothing gets louder or softer in the middle of a word.
    gain: Gain,
    /// The clips that it begins with.
    held: Held,
    unmeasured: Option<UnmeasuredRecordings>,
}

/// Prepares a track. While the gain is found, a bell is struck and a bed begins.
fn prepare(track: &Track, from: FramePos) -> Result<Prepared, SoundError> {
    let unmeasured = UnmeasuredRecordings::of(track);
    if unmeasured.is_some() {
        return Ok(Prepared { gain: UNKNOWN, held: Held::new(), unmeasured });
    }
    let found = || track.unloaded_master().map(|master| master.gain());
    let (gain, held) = rayon::join(found, || first_clips(track, from));
    Ok(Prepared { gain: gain?, held, unmeasured })
}

/// The timeline of a track after what its listener changed.
///
/// # Errors
/// The first change that cannot be made, and why.
pub fn amended(track: &Track, edits: &[LiveEdit]) -> Result<Timeline, Refusal> {
    if edits.is_empty() {
        return Ok(track.timeline.clone());
    }
    let Track { session, library, timeline, mastering, .. } = track;
    amend(session, library.as_ref(), timeline.rate, mastering.course, edits)
}
