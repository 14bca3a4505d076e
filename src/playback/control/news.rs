//! What whoever shows a session is told of it.

use super::command::WallTime;
use super::status::Status;
use crate::timeline::LiveEdit;
use crate::units::{FramePos, Millis, SampleRate};

/// What is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
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
    pub edits: Vec<LiveEdit>,
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
    /// It waits, still: told to a listener who was away.
    StillPaused,
    /// The rest is a minute longer.
    RestLonger(End),
    /// When it ends, now that another end was asked for.
    Ends(End),
    /// The last change of the length was taken back.
    TakenBack(End),
    /// An end would make it more than twice as long, and is asked for again before it is meant.
    MuchLonger {
        /// How long it would be.
        length: Millis,
        /// The end that was asked for.
        end: WallTime,
    },
    /// It cannot end when it was asked to.
    OutOfReach {
        /// When it was asked to end.
        wanted: WallTime,
        /// When it can end at the earliest.
        earliest: WallTime,
        /// When it can end at the latest.
        latest: WallTime,
    },
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
    /// The program was stopped for that long, as by a shell; it waits.
    Stopped(Millis),
    /// The device found nothing to play, that often since the last time this was told.
    Underruns(u64),
    /// The session is over; its bed goes on.
    BedGoesOn,
}

/// The end of a session that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// When that is; not known of a session that waits, unless it is to end on time.
    pub at: Option<WallTime>,
    /// What is left until then.
    pub left: Millis,
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
