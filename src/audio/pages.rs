//! A recording that is too long to be held in memory: read at random access while it is heard.
//!
//! A leaf: what a renderer sees of it. Who reads it from where, and how, is not known here.

use std::fmt::Debug;

use super::Frame;
use crate::units::Frames;

/// A long recording at the session rate, that several threads may read at once.
///
/// What a stretch holds depends on its place alone: not on what was read before, nor by whom.
pub trait Pages: Debug + Send + Sync {
    /// How long it is.
    fn length(&self) -> Frames;

    /// Fills `out` with the stretch that begins `from` after the first frame, and does not reach over the end. A
    /// stretch that cannot be read is silent, and from then on there is a [`Pages::fault`].
    fn read(&self, from: Frames, out: &mut [Frame]);

    /// What it takes in memory, in bytes, when it is read.
    fn bytes(&self) -> usize;

    /// Why what was read is not what should have been heard; `None` if all of it is.
    fn fault(&self) -> Option<Fault>;
}

/// Why a long recording cannot be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not what it was any more.
    Changed {
        /// What its maker calls it.
        recording: String,
    },
    /// It is broken.
    Unreadable {
        /// What its maker calls it.
        recording: String,
        /// What is wrong with it.
        reason: String,
    },
}
