//! The watch over a device that plays and a machine that is awake.
//!
//! It tells what it sees; what becomes of the session then is the engine's matter.

use super::flow::Flow;
use super::host::PlaybackHost;
use crate::device::OutputQueue;
use crate::playback::control::PlaybackEvent;
use crate::units::{FramePos, Frames, Millis};

/// A device that is gone is looked for so often.
const PROBE_INTERVAL: Millis = Millis(1000);

/// A sleep that the system tells of is one if it is longer than this: two clocks are read for it, one after the other.
const SLEEP_MIN: Millis = Millis(1000);

/// A tick that took longer than this was slept through, whatever the system tells: no load makes one that long.
const TICK_MAX: Millis = Millis(5000);

/// A device that takes nothing for so long, though there is something, hangs: the longest rest of one that works was
/// 1.7 seconds (PulseAudio, when it is opened).
const STUCK_AFTER: Millis = Millis(8000);

/// The instants at which device and machine were last seen at work.
#[derive(Debug)]
pub(super) struct DeviceWatch {
    /// When the tick began.
    tick: Millis,
    /// Time from the tick before to this one.
    passed: Millis,
    /// The last position of the device, and when it was new.
    last_progress: (FramePos, Millis),
    /// When a device was last looked for.
    last_probe: Millis,
    /// The part of its uptime that the machine had been asleep when it last woke.
    asleep: Millis,
}

impl DeviceWatch {
    pub(super) fn new(host: &dyn PlaybackHost) -> Self {
        let (now, asleep) = (host.uptime(), host.asleep());
        let last_progress = (FramePos::START, now);
        Self { tick: now, passed: Millis::ZERO, last_progress, last_probe: now, asleep }
    }

    /// Returns the uptime at which the tick began.
    pub(super) fn now(&self) -> Millis {
        self.tick
    }

    /// Ends a wait that was the program's own, and no sleep.
    pub(super) fn end_wait(&mut self, host: &dyn PlaybackHost) {
        self.tick = host.uptime();
    }

    /// Begins a tick. Returns the stop of the machine, or of this program alone, since the one before.
    pub(super) fn begin_tick(&mut self, host: &dyn PlaybackHost) -> Option<PlaybackEvent> {
        let (now, asleep) = (host.uptime(), host.asleep());
        self.passed = Millis(now.0.saturating_sub(self.tick.0));
        self.tick = now;
        let slept = Millis(asleep.0.saturating_sub(self.asleep.0));
        if slept > SLEEP_MIN {
            self.asleep = asleep;
            return Some(PlaybackEvent::Slept(slept));
        }
        (self.passed > TICK_MAX).then_some(PlaybackEvent::Stopped(self.passed))
    }

    /// True if the device went away, or takes nothing any more without a word.
    pub(super) fn is_lost(&mut self, queue: &OutputQueue, flow: Flow) -> bool {
        let position = queue.position();
        let waits = flow != Flow::Playing || self.passed > TICK_MAX || queue.queued() == Frames::ZERO;
        if waits || position != self.last_progress.0 {
            self.last_progress = (position, self.tick);
        }
        let stood_still = Millis(self.tick.0.saturating_sub(self.last_progress.1.0));
        queue.is_gone() || stood_still > STUCK_AFTER
    }

    /// True when it is time to look for a device again.
    pub(super) fn is_probe_due(&self) -> bool {
        self.tick.0.saturating_sub(self.last_probe.0) >= PROBE_INTERVAL.0
    }

    /// Notes that a device was looked for, which may take long and is no sleep, or closed.
    pub(super) fn end_probe(&mut self, host: &dyn PlaybackHost) {
        self.end_wait(host);
        self.last_probe = self.tick;
    }
}
