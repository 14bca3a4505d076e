//! The request to play a track, and the reasons why it is not played.

use crate::audio::SoundError;
use crate::build::Track;
use crate::device::DeviceError;
use crate::playback::control::{Volume, WallTime};
use crate::timeline::{LiveEdit, Timeline};
use crate::units::{FramePos, Millis, SampleRate};

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
    #[error("could not start a thread to play with: {0}")]
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

/// Length of the bell before a session.
pub(super) const SOFT_BELL_LENGTH: Millis = Millis::from_secs(8);

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
            Self::SoftBell => SOFT_BELL_LENGTH,
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
