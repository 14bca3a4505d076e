//! The orders that go to the device's side, and the counts that come back: what the two ends of the line share.

use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::units::{Frames, Gain};

/// A change of level, so that nothing begins or stops with a click.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fade {
    /// The level afterwards.
    pub to: Gain,
    /// Length of the fade.
    pub over: Frames,
}

/// An order to the device's side. A small value: it goes through a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DeviceCommand {
    /// Brings the session to a level.
    Session(Fade),
    /// Brings everything to a level.
    Volume(Fade),
    /// Fades the session to nothing and takes no more frames then. One order, so that no frame comes in between.
    Hold { over: Frames, count: u64 },
    /// Takes frames again and brings the session back.
    Go { over: Frames },
    /// From that many played frames on, throws that many away, as soon as they are there.
    Cut { at: u64, discard: u64 },
    /// Fades the answers to nothing and throws away what is left of them before this many.
    Hush { until: u64, over: Frames },
    /// There are no more frames to come.
    Finish,
}

/// The value of [`Shared::held`] while frames are taken.
pub(super) const GOING: u64 = u64::MAX;

/// The state that both ends share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Frames of the session that were handed to the device; those thrown away do not count.
    pub(super) played: AtomicU64,
    /// Frames of answers that were handed to the device or thrown away.
    pub(super) answered: AtomicU64,
    /// Number of the hold that the session has faded to nothing for and waits in; [`GOING`] while it does not.
    pub(super) held: AtomicU64,
    /// Everything was played.
    pub(super) done: AtomicBool,
    /// Gaps: how often the device found nothing, or was not served in time.
    pub(super) underruns: AtomicU64,
    /// The device writes a file, and is in no hurry.
    pub(super) patient: AtomicBool,
    /// The device went away.
    pub(super) gone: AtomicBool,
}
