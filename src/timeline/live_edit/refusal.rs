//! The reason for a refusal of a request.

use crate::units::FramePos;

/// The reason for a refusal of a request: one plain sentence each, and what a player needs to offer something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no rest there, and none comes next in that section.
    #[error("there is no rest here that could be longer")]
    NoRest,
    /// The rests that are left cannot be made that short.
    #[error("what is left cannot end so early")]
    TooEarly {
        /// The first instant at which it can.
        earliest: FramePos,
    },
    /// The rests that are left cannot be made that long.
    #[error("what is left cannot end so late")]
    TooLate {
        /// The last instant at which it can.
        latest: FramePos,
    },
    /// Nothing was changed that is not taken back.
    #[error("nothing was changed that could be taken back")]
    Unchanged,
    /// A line would have to be said that has no clip, or no words; this is the line, or what is wrong with it.
    #[error("the voice would have to say what it cannot: {0}")]
    Unsaid(String),
    /// A line that is still to come names a length that would change; this is the line.
    #[error("the voice will still say \"{0}\", which would not be true then")]
    Promised(String),
    /// A line that gets longer has no room.
    #[error("what the voice has to say then does not fit")]
    NoRoom,
    /// Saying how much is left changes how much is left, and never stops doing so.
    #[error("the spoken times do not settle")]
    Unsettled,
    /// The session has mistakes, so it has no timeline.
    #[error("the session has mistakes, so there is nothing to change")]
    Broken,
}
