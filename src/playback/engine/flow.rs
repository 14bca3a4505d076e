//! The state of the frames at the moment: taken, held, or on their way to somewhere else.

use crate::units::{FramePos, Frames, Millis};

/// The state of the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The device takes them.
    Going,
    /// Fading out, or waiting, until the listener goes on.
    Held {
        /// The position, if not the current one.
        at: Option<FramePos>,
    },
    /// Fading out, to go on at another instant.
    Turning {
        /// The position.
        to: FramePos,
    },
    /// The first frames from a new instant on are pushed; then it goes, fading in.
    Priming {
        /// The fade.
        over: Frames,
    },
    /// An answer is spoken over silence; then it goes on.
    Answering {
        /// The position.
        then: FramePos,
    },
    /// A bell rings before the session begins.
    Opening {
        /// Position of its start.
        then: FramePos,
        /// After so many frames of the bell.
        after: u64,
    },
    /// The device has taken the last frame, and has yet to play it.
    Ringing {
        /// Since when.
        since: Millis,
    },
    /// Fading out for good.
    Leaving {
        /// Since when.
        since: Millis,
        /// Since when the device has all of the fade, and has yet to play the end of it.
        faded: Option<Millis>,
    },
}

impl Flow {
    /// Returns the position where it will go on, if not the current one.
    pub(super) fn elsewhere(self) -> Option<FramePos> {
        match self {
            Self::Held { at } => at,
            Self::Turning { to } => Some(to),
            Self::Answering { then } | Self::Opening { then, .. } => Some(then),
            Self::Going | Self::Priming { .. } | Self::Ringing { .. } | Self::Leaving { .. } => None,
        }
    }

    /// The same, about to go on, or to wait, somewhere else.
    pub(super) fn moved(self, to: FramePos) -> Self {
        match self {
            Self::Held { .. } => Self::Held { at: Some(to) },
            _ => Self::Turning { to },
        }
    }

    /// True while nothing is about to happen by itself.
    pub(super) fn is_settled(self) -> bool {
        matches!(self, Self::Going | Self::Held { .. })
    }
}
