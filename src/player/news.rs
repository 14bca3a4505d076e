//! What whoever shows a session is told of it.

use super::status::Status;
use crate::timeline::Amendment;
use crate::units::{FramePos, Millis, SampleRate};

/// What is told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// How it stands: several times a second, and at once after every command.
    Status(Status),
    /// Something happened.
    Event(Event),
    /// Where it stands, to be kept for when it is played again.
    Place(Place),
}

/// What has to be known to go on another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What was heard.
    pub at: FramePos,
    /// The rate that its frames are of.
    pub rate: SampleRate,
    /// What the listener changed.
    pub amendments: Vec<Amendment>,
}

/// What happened: one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A device was opened and sound begins, or goes on after the device was gone.
    Opened {
        /// The device, as people call it.
        device: String,
        /// Its rate.
        rate: SampleRate,
    },
    /// So much of recordings is listened to before the session begins, because nobody has yet.
    Listening(Millis),
    /// All of that was listened to.
    Listened,
    /// A chapter begins.
    Chapter {
        /// Its number, from 1.
        number: usize,
        /// Its title.
        title: String,
        /// How long it is.
        length: Millis,
    },
    /// It waits.
    Paused,
    /// It goes on from there.
    Resumed(Millis),
    /// It was moved to there.
    Moved(Millis),
    /// There is no further cue or section.
    NothingFurther,
    /// The volume changed; [`Status`] has it.
    Volume,
    /// The rest is a minute longer; what is left of the track now.
    RestLonger {
        /// What is left of the track.
        left: Millis,
    },
    /// It will end when it was asked to: in that time.
    EndsIn(Millis),
    /// It cannot be done, for that reason: a sentence.
    Refused(String),
    /// How much time is left: the sentence that was spoken, or would have been.
    Where(String),
    /// What can be asked for is to be shown.
    Keys,
    /// The voice has no such line, so it was not spoken.
    NotRecorded(String),
    /// A sound cannot be had, for that reason; it goes on without it.
    LeftOut(String),
    /// The device went away; it waits for another.
    DeviceGone,
    /// The machine slept for that long; it waits.
    Slept(Millis),
    /// The device found nothing to play, that often since the last time this was told.
    Underruns(u64),
    /// The session is over; its bed goes on.
    BedGoesOn,
}

/// How playing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All of it was played.
    Played,
    /// The listener ended it there.
    Quit {
        /// Where in the track.
        at: Millis,
    },
}
