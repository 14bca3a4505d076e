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
    /// Returns its length.
    fn length(&self) -> Frames;

    /// Fills `out` with the stretch that begins `from` after the first frame, and does not reach over the end. A
    /// stretch that cannot be read is silent, and from then on there is a [`Pages::fault`].
    fn read(&self, from: Frames, out: &mut [Frame]);

    /// Returns the memory that it takes when it is read, in bytes.
    fn bytes(&self) -> usize;

    /// Returns the reason that what was read is not what should have been heard; `None` if all of it is.
    fn fault(&self) -> Option<Fault>;
}

/// The reason that a long recording cannot be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not what it was any more.
    Changed {
        /// The name that its maker has for it.
        recording: String,
    },
    /// It is broken.
    Unreadable {
        /// The name that its maker has for it.
        recording: String,
        /// The reason, in words.
        reason: String,
    },
}
