//! The commands of a listener, whichever way they come: a key, a media key, a line of text, a signal.

use crate::units::{Decibels, Gain, Millis};

/// A command of a listener.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// To pause, or to go on.
    PauseOrResume,
    /// To pause.
    Pause,
    /// To go on.
    Resume,
    /// To move by cues or sections.
    Step(Direction, Unit),
    /// To move by a length of time.
    Seek(Direction, Millis),
    /// To move to a time of the track.
    SeekTo(Millis),
    /// To have it louder or softer.
    Volume(VolumeChange),
    /// To rest a minute longer.
    MoreRest,
    /// To be done at that moment.
    EndAt(WallTime),
    /// To have the last change of the length taken back.
    TakeBack,
    /// To be told how much time is left.
    Where,
    /// To be told whether it waits: the listener was away, and is back.
    Returned,
    /// To be told what can be asked for.
    Keys,
    /// To end now.
    Quit,
}

/// Towards the end or the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the start.
    Back,
}

/// The unit of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A cue that is heard.
    Cue,
    /// A section, which listeners know as a chapter.
    Section,
}

/// A moment of the day, on the clock of the listener: milliseconds since any moment that stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub Millis);

/// A change of the volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VolumeChange {
    /// A step louder.
    Louder,
    /// A step softer.
    Softer,
    /// This and no other.
    To(Volume),
}

/// The level that the track is played at, against the track as it is: never louder, so that it never clips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume(Decibels);

impl Volume {
    /// As the file is.
    pub const FULL: Self = Self(Decibels(0.0));

    /// The softest that can be told from silence in a quiet room; softer than this is silence.
    const SOFTEST_DB: f64 = -60.0;

    /// One step of a key: small enough to choose by, large enough to be heard.
    const STEP_DB: f64 = 3.0;

    /// That many decibels over the track: nothing over it, and nothing under the softest.
    pub fn new(Decibels(level): Decibels) -> Self {
        Self(Decibels(level.clamp(Self::SOFTEST_DB, 0.0)))
    }

    /// After a change.
    pub fn changed(self, change: VolumeChange) -> Self {
        let Self(Decibels(level)) = self;
        match change {
            VolumeChange::Louder => Self::new(Decibels(level + Self::STEP_DB)),
            VolumeChange::Softer => Self::new(Decibels(level - Self::STEP_DB)),
            VolumeChange::To(volume) => volume,
        }
    }

    /// In decibels, 0 or less.
    pub fn decibels(self) -> Decibels {
        self.0
    }

    /// Returns the gain that frames are multiplied by. Exactly one at full volume, so that what is played is the file.
    pub fn gain(self) -> Gain {
        let Decibels(level) = self.0;
        if level <= Self::SOFTEST_DB { Gain(0.0) } else { self.0.to_gain() }
    }
}

/// The limit on the length that another end may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LengthLimit {
    /// Twice as long as it is: more may be a slip of the fingers, or the wrong half of the day.
    Twice,
    /// As long as it can be.
    Any,
}
