//! Media keys and headsets: the session as a player on D-Bus, as MPRIS 2.2 describes it.
//!
//! `playerctl`, the desktops, and `mpris-proxy` for Bluetooth headsets find every name that begins with
//! `org.mpris.MediaPlayer2.`, press its buttons, and show what it plays. What they press becomes a
//! [`Command`](crate::playback::control::Command); what they show is the last [`Status`](crate::playback::control::Status). Both go over
//! one state, which is all that is shared with the thread of the bus.
//!
//! A bus is a comfort and never a condition: none at all, one that never answers and one that dies while a session
//! plays are all the same silence. Must not know the engine, the timeline or the terminal.

#[cfg(not(all(feature = "mpris", unix, not(target_vendor = "apple"))))]
#[path = "absent.rs"]
mod bus;
#[cfg(all(feature = "mpris", unix, not(target_vendor = "apple")))]
mod bus;

pub(crate) use bus::appear;

/// Facts about the session that are known before it plays. Its chapters come with each
/// [`Status`](crate::playback::control::Status).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionInfo {
    /// The title of the session.
    pub(crate) title: String,
    /// Author of the session.
    pub(crate) artist: Option<String>,
    /// Album that it is part of; without it the title of the session stands for it.
    pub(crate) album: Option<String>,
}
