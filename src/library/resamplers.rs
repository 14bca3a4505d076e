//! Resamplers that wait for the next sound: the clips of a voice have one rate, and to plan a resampler takes as long
//! as to resample a short line.
//!
//! Behind `shelf.rs`. Must not know files.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dsp::Resampler;
use crate::units::SampleRate;

/// Resamplers that nobody uses at the moment, by their rates: at most one for each thread that decodes.
#[derive(Default)]
pub(super) struct Resamplers(Mutex<BTreeMap<(u32, u32), Vec<Resampler>>>);

impl Resamplers {
    /// One channel at another rate.
    pub(super) fn resample(&self, samples: Vec<f32>, from: SampleRate, to: SampleRate) -> Box<[f32]> {
        if from == to {
            return samples.into();
        }
        let rates = (from.hz(), to.hz());
        // The lock is held for the look-up only.
        let waiting = self.waiting().get_mut(&rates).and_then(Vec::pop);
        let mut resampler = waiting.unwrap_or_else(|| Resampler::new(from, to));
        let resampled = resampler.resample(&samples);
        self.waiting().entry(rates).or_default().push(resampler);
        resampled
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<(u32, u32), Vec<Resampler>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
