//! No D-Bus: what stands in its place on systems without one, and in a nidra that was built without it.

use std::sync::mpsc;

use super::SessionInfo;
use crate::playback::control::{Command, Status};

/// A player on a bus: there is none here.
pub(crate) enum Mpris {}

/// Never appears.
pub(crate) fn appear(_: SessionInfo, _: mpsc::Sender<Command>) -> Option<Mpris> {
    None
}

impl Mpris {
    /// Shows nothing, for there is no player to do it.
    pub(crate) fn show(&self, _: &Status) {
        match *self {}
    }
}
