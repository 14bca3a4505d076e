//! Resamplers that wait for the next sound: the clips of a voice have one rate, and to plan a resampler takes as long
//! as to resample a short line.
//!
//! Behind `sound_store.rs`. Must not know files.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dsp::Resampler;
use crate::units::SampleRate;

/// The fewest idle resamplers that are kept if there are as many: those of the rates used last.
const MAX_IDLE_RESAMPLERS: usize = 8;

/// Resamplers that are idle, the one used last first.
#[derive(Default)]
pub(crate) struct Resamplers(Mutex<Vec<Resampler>>);

impl Resamplers {
    /// One channel at another rate.
    pub(crate) fn resample(&self, samples: Vec<f32>, from: SampleRate, to: SampleRate) -> Box<[f32]> {
        if from == to {
            return samples.into();
        }
        // The lock is held for the look-up only.
        let waiting = self.take(from, to);
        let mut resampler = waiting.unwrap_or_else(|| Resampler::new(from, to));
        let resampled = resampler.resample(&samples);
        let mut waiting = self.waiting();
        // Threads that resample at once would drop each other's.
        waiting.truncate(MAX_IDLE_RESAMPLERS.max(rayon::current_num_threads()) - 1);
        waiting.insert(0, resampler);
        resampled
    }

    fn take(&self, from: SampleRate, to: SampleRate) -> Option<Resampler> {
        let mut waiting = self.waiting();
        let at = waiting.iter().position(|resampler| resampler.rates() == (from, to))?;
        Some(waiting.remove(at))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Resampler>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
