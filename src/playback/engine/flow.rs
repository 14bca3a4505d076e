//! The state of the session's frames: on their way to the device, held back, or on their way to another position.

use crate::units::{FramePos, Millis};

/// Length that is queued before the device plays it: more than a device holds, so that no gap follows.
pub(super) const PREBUFFER: Millis = Millis(1000);

/// The state of the session's frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The device plays them.
    Playing,
    /// Faded out, until the listener goes on.
    Paused {
        /// The position, if not the one where the device stopped.
        at: Option<FramePos>,
    },
    /// Fading out, to go on at another position.
    Seeking {
        /// The position.
        to: FramePos,
    },
    /// The first frames from a new position on are rendered; then it plays.
    Prebuffering {
        /// The position.
        from: FramePos,
    },
    /// A prompt is spoken over silence; then it goes on.
    Prompting {
        /// The position.
        then: FramePos,
    },
    /// A bell rings before the session begins.
    PreRoll {
        /// Position of its start.
        then: FramePos,
    },
    /// The device has taken the last frame, and has yet to play it.
    Draining {
        /// Since when.
        since: Millis,
    },
    /// Fading out for good.
    Stopping {
        /// The position, if not the one that is heard.
        at: Option<FramePos>,
        /// The end of all patience: with a fade that does not come, or with a device that plays the rest of it.
        deadline: Millis,
    },
}

impl Flow {
    /// Returns the position where it goes on, unless that is the device's.
    pub(super) fn elsewhere(self) -> Option<FramePos> {
        match self {
            Self::Paused { at } | Self::Stopping { at, .. } => at,
            Self::Seeking { to: at }
            | Self::Prebuffering { from: at }
            | Self::Prompting { then: at }
            | Self::PreRoll { then: at } => Some(at),
            Self::Playing | Self::Draining { .. } => None,
        }
    }

    /// True while nothing is about to happen by itself.
    pub(super) fn is_settled(self) -> bool {
        matches!(self, Self::Playing | Self::Paused { .. })
    }
}
