//! The control of work and its errors: what every encoder has in common.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::tags::TagFault;
use crate::units::Frames;

/// The reason that a track was not encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The stop flag was raised.
    #[error("interrupted")]
    Interrupted,
    /// The format cannot hold this track; says what to do.
    #[error("{0}")]
    Unsupported(String),
    /// The world refused the bytes.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<TagFault> for EncodeError {
    fn from(fault: TagFault) -> Self {
        Self::Unsupported(fault.to_string())
    }
}

/// The caller's control of the work: it sees the progress, and may end the work.
pub struct JobControl<'a> {
    /// Raised to end the work.
    pub stop: &'a AtomicBool,
    /// Called with the frames that are done, never with fewer than before, from any thread of the pool.
    pub progress: &'a mut (dyn FnMut(Frames) + Send),
}

impl JobControl<'_> {
    /// Says that so many frames of the track are done.
    ///
    /// # Errors
    /// If the work is to end.
    pub fn done(&mut self, frames: Frames) -> Result<(), EncodeError> {
        (self.progress)(frames);
        if self.stop.load(Ordering::Relaxed) { Err(EncodeError::Interrupted) } else { Ok(()) }
    }
}
