//! A track played live: rendered a little ahead, steered by a listener.
//!
//! One thread does all of it, in turns of a few milliseconds: it renders into the line, asks [`crate::playback::control`] what a
//! command means, and does it. So there is nothing to lock, and nothing that two threads could disagree about.

mod acts;
mod ahead;
mod flow;
mod host;
mod playback_engine;
mod source;
mod status_reporter;
mod unmeasured;
mod watch;

use std::thread;

pub use host::{Device, PlaybackHost};

use self::playback_engine::{Next, PlaybackEngine};

use self::source::{BELL, Held, PlaybackSource, first_clips};
use self::unmeasured::UnmeasuredRecordings;
use crate::audio::SoundError;
use crate::build::Track;
use crate::device::DeviceError;
use crate::playback::control::{Ending, Transport, Volume, WallTime};
use crate::timeline::{LiveEdit, Refusal, Timeline, add_outro_bed, amend, splice_bed_gain};
use crate::units::{FramePos, Gain, Millis, SampleRate};

/// The reason why a track was not played, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// There is no audio device, or it cannot play this.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A sound cannot be loaded.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The system has no thread to spare.
    #[error("could not begin to load sounds: {0}")]
    Thread(#[from] std::io::Error),
    /// The script cannot be made at the rate of the device.
    #[error("this session cannot be made for a device of {} Hz", .0.hz())]
    Rate(SampleRate),
}

/// A request to play a track.
pub struct PlayRequest {
    /// The track.
    pub track: Track,
    /// Its start.
    pub from: Start,
    /// The changes that were made when it was played before.
    pub edits: Vec<LiveEdit>,
    /// The sound before it.
    pub opening: Opening,
    /// The sound after it.
    pub after: After,
    /// The volume.
    pub volume: Volume,
    /// When it is to end.
    pub goal: Option<WallTime>,
    /// The lines that explain the keys, if they are to be spoken.
    pub keys: Vec<String>,
}

/// The start of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At this time of the track.
    At(Millis),
    /// With the first frame of this section, by its index: a time would be a fraction of a millisecond beside it, in the
    /// section before.
    Section(usize),
}

impl Start {
    /// The first frame that is heard of a timeline.
    pub fn on(self, timeline: &Timeline) -> FramePos {
        match self {
            Self::At(time) => FramePos::START + time.to_frames(timeline.rate),
            Self::Section(index) => {
                timeline.chapters.get(index).map_or(FramePos::START, |chapter| chapter.at)
            }
        }
    }
}

/// The sound before a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Nothing: it begins at once.
    None,
    /// A soft bell, for a listener who has waited.
    SoftBell,
}

impl Opening {
    /// Returns its length.
    pub fn length(self) -> Millis {
        match self {
            Self::None => Millis::ZERO,
            Self::SoftBell => BELL,
        }
    }
}

/// The sound after a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Nothing,
    /// Its last bed, until the listener ends it.
    Bed,
}

/// Makes the track again, for a device of another rate.
pub type RebuildAtRate<'r> = &'r dyn Fn(SampleRate) -> Option<Track>;

/// Plays a track to its end, or until the listener ends it.
///
/// # Errors
/// See [`PlayError`]. A device that goes away later is no error: it is waited for.
pub fn perform(
    show: PlayRequest,
    again: RebuildAtRate<'_>,
    world: &mut dyn PlaybackHost,
) -> Result<Ending, PlayError> {
    let PlayRequest { mut track, from, edits, opening, after, volume, goal, keys } = show;
    let transport = Transport::new(volume, edits, keys);
    // To open a device takes as long as to strike a bell. Nearly all devices can do any rate.
    let (conductor, prepared) = thread::scope(|scope| {
        let prepared = scope.spawn(|| prepare(&track, from.on(&track.timeline)));
        let conductor = PlaybackEngine::open(world, transport, track.timeline.rate);
        (conductor, prepared.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut conductor = conductor?;
    let Prepared { mut gain, mut held, unheard } = match conductor.rate() == track.timeline.rate {
        true => prepared?,
        false => {
            let was = track.timeline.rate;
            track = again(conductor.rate()).ok_or(PlayError::Rate(conductor.rate()))?;
            conductor.transport.change_rate(was, track.timeline.rate);
            prepare(&track, from.on(&track.timeline))?
        }
    };
    // What was amended when it was played before can be amended again, or the script is another by now.
    let mut timeline =
        amended(&track, conductor.transport.edits()).unwrap_or_else(|_| track.timeline.clone());
    conductor.begin(from.on(&timeline), opening, goal);
    conductor.unheard = unheard;
    let with_after = |timeline: &Timeline| match after {
        After::Bed => add_outro_bed(timeline),
        After::Nothing => timeline.clone(),
    };
    let mut sounding = with_after(&timeline);
    loop {
        let mut music = PlaybackSource::new(&track, &timeline, &sounding, gain, &held)?;
        let next = conductor.perform(&mut music, &|edits| amended(&track, edits))?;
        held = music.held();
        drop(music);
        match next {
            Next::Timeline(amended) => {
                timeline = *amended;
                let before = std::mem::replace(&mut sounding, with_after(&timeline));
                if let Some(seam) = conductor.seam() {
                    splice_bed_gain(&before, &mut sounding, seam);
                }
            }
            Next::Rate(rate) => {
                held.clear();
                let was = track.timeline.rate;
                track = again(rate).ok_or(PlayError::Rate(rate))?;
                conductor.transport.change_rate(was, rate);
                timeline =
                    amended(&track, conductor.transport.edits()).unwrap_or_else(|_| track.timeline.clone());
                sounding = with_after(&timeline);
                if conductor.hearing.take().is_some() {
                    // What was heard until now was heard for the other rate.
                    let from = conductor.heard();
                    Prepared { gain, held, unheard: conductor.unheard } = prepare(&track, from)?;
                }
            }
            Next::Heard => {
                let from = conductor.heard();
                Prepared { gain, held, unheard: conductor.unheard } = prepare(&track, from)?;
            }
            Next::Ended(ending) => return Ok(ending),
        }
    }
}

/// The gain as long as it is not known: answers are as loud as the voice when it was loaded.
const UNKNOWN: Gain = Gain::UNITY;

/// The gain and the clips that a track needs before it is heard, or the recordings to be listened to before that.
struct Prepared {
    /// One gain for all of it, whatever is changed: nothing gets louder or softer in the middle of a word.
    gain: Gain,
    /// The clips that it begins with.
    held: Held,
    unheard: Option<UnmeasuredRecordings>,
}

/// Prepares a track. While the gain is found, a bell is struck and a bed begins.
fn prepare(track: &Track, from: FramePos) -> Result<Prepared, SoundError> {
    let unheard = UnmeasuredRecordings::of(track, from)?;
    if unheard.is_some() {
        return Ok(Prepared { gain: UNKNOWN, held: Held::new(), unheard });
    }
    let found = || track.unloaded_master().map(|master| master.gain());
    let (gain, held) = rayon::join(found, || first_clips(track, from));
    Ok(Prepared { gain: gain?, held, unheard })
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
