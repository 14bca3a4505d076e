//! The reports of a device while it plays: a gap, a passing fault, or that it is gone.
#![allow(clippy::disallowed_types, reason = "the parking of a thread is a Duration")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rodio::cpal::ErrorKind;

use super::shared::Shared;
use crate::units::{Frames, Millis, SampleRate};

/// Number of faults in a row at which a device is given up. ALSA's plugin for PulseAudio has two thousand of them in
/// its first 80 ms (measured; a wrong sign in its `pulse_delay`, alsa-plugins issue 65) and no end of them once the
/// server died, of which it never says more.
const FAULTS_IN_A_ROW_MAX: u32 = 100;

/// The rest after each, without which they take a processor: so a device is given up after a second.
const REST_AFTER_FAULT: Duration = Duration::from_millis(10);

/// A device that has played for so long since its last fault is well again.
const WELL_AFTER: Millis = Millis(250);

/// The handler of a device's errors. It is called on the device's thread, which has nothing to play then.
pub(super) struct DeviceErrors {
    shared: Arc<Shared>,
    /// Frames that the device has taken, silence too.
    pulled: Arc<AtomicU64>,
    well_after: Frames,
    faults: u32,
    pulled_at_last: u64,
}

impl DeviceErrors {
    pub(super) fn new(shared: Arc<Shared>, pulled: Arc<AtomicU64>, rate: SampleRate) -> Self {
        Self { shared, pulled, well_after: WELL_AFTER.to_frames(rate), faults: 0, pulled_at_last: 0 }
    }

    pub(super) fn on_error(&mut self, kind: ErrorKind) {
        match kind {
            ErrorKind::Xrun => self.gap(),
            // It goes on.
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
            ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable | ErrorKind::StreamInvalidated => {
                self.gone()
            }
            _ => self.fault(),
        }
    }

    /// The device was not served in time: what it should have played is heard later.
    fn gap(&self) {
        if self.shared.session.playhead().phase.is_sounding() {
            self.shared.underruns.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn fault(&mut self) {
        let pulled = self.pulled.load(Ordering::Relaxed);
        if pulled - self.pulled_at_last > self.well_after.0 {
            self.faults = 0;
        }
        self.pulled_at_last = pulled;
        self.faults += 1;
        if self.faults >= FAULTS_IN_A_ROW_MAX {
            self.gone();
        }
        std::thread::park_timeout(REST_AFTER_FAULT);
    }

    fn gone(&self) {
        self.shared.gone.store(true, Ordering::Relaxed);
    }
}
