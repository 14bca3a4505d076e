//! The updates on a session, for its display.

use super::command::WallTime;
use super::status::Status;
use crate::timeline::LiveEdit;
use crate::units::{FramePos, Millis, SampleRate};

/// An update on a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// Its status: several times a second, and at once after every command.
    Status(Status),
    /// Something happened.
    Event(PlaybackEvent),
    /// Its place, to be kept for when it is played again.
    ResumePoint(ResumePoint),
}

/// The position and the changes that are needed to go on another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    /// The frame that was heard.
    pub at: FramePos,
    /// The rate that its frames are of.
    pub rate: SampleRate,
    /// The changes of the listener.
    pub edits: Vec<LiveEdit>,
}

/// An event of a session: one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaybackEvent {
    /// A device was opened and sound begins, or goes on after the device was gone.
    Opened {
        /// The device, as people call it.
        device: String,
        /// Its rate.
        rate: SampleRate,
    },
    /// So much of recordings is listened to before the session begins, because that was not done yet.
    Listening(Millis),
    /// All of that was listened to.
    Listened,
    /// A chapter begins.
    Chapter {
        /// Its number, from 1.
        number: usize,
        /// Its title.
        title: String,
        /// Its length.
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
        /// The length that it would have.
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
    /// The time left: the sentence that was spoken, or would have been.
    Where(String),
    /// A request to show the commands.
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
    /// The time left until then.
    pub left: Millis,
}

/// The result of playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All of it was played.
    Played,
    /// The listener ended it there.
    Quit {
        /// Position in the track.
        at: Millis,
    },
}
