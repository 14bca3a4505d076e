//! How long work is watched, and done on all cores: what every encoder has in common.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::units::Frames;

/// Items made at a time for each thread: a slow one keeps nobody waiting for long, and few are in memory.
const ITEMS_A_THREAD: usize = 4;

/// Why a track was not encoded.
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

/// Who waits for the work: looks at how far it is, and may end it.
pub struct Watch<'a> {
    /// Raised to end the work.
    pub stop: &'a AtomicBool,
    /// Called with the frames that are done, never with fewer than before.
    pub progress: &'a mut dyn FnMut(Frames),
}

impl Watch<'_> {
    /// Says that so many frames of the track are done.
    ///
    /// # Errors
    /// If the work is to end.
    pub fn done(&mut self, frames: Frames) -> Result<(), EncodeError> {
        (self.progress)(frames);
        if self.stop.load(Ordering::Relaxed) { Err(EncodeError::Interrupted) } else { Ok(()) }
    }
}

/// Makes something of each item on all cores and hands the results on in the order of the items.
/// Memory holds a few results a thread.
///
/// # Errors
/// The first error of `take`, which ends the work.
pub fn in_order<T: Send, R: Send, E>(
    items: impl IntoIterator<Item = T>,
    make: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let at_once = rayon::current_num_threads() * ITEMS_A_THREAD;
    let mut items = items.into_iter();
    loop {
        let batch: Vec<T> = items.by_ref().take(at_once).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let results: Vec<R> = batch.into_par_iter().with_max_len(1).map(&make).collect();
        results.into_iter().try_for_each(&mut take)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_an_error_ends_the_work() {
        let mut taken = Vec::new();
        let all: Result<(), ()> = in_order(
            0..1000u32,
            |n| n * 2,
            |n| {
                taken.push(n);
                Ok(())
            },
        );
        assert_eq!((all, taken), (Ok(()), (0..1000).map(|n| n * 2).collect()));
        let mut count = 0;
        let ended = in_order(
            0..,
            |n: u32| n,
            |n| {
                count += 1;
                if n == 3 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((ended, count), (Err("enough"), 4));
    }
}
