//! The checks for a device that plays, and a machine that is awake; and what becomes of the session if not.
//!
//! Beside `playback_engine.rs`, which asks in every turn.

use super::flow::Flow;
use super::playback_engine::{Next, PlaybackEngine};
use super::source::PlaybackSource;
use crate::playback::control::{Event, PlayState, Solve, Update, phrase_start};
use crate::units::{FramePos, Frames, Millis};

/// A device that is gone is looked for so often.
const LOOK: Millis = Millis(1000);

/// A sleep that the system tells of is one if it is longer than this: two clocks are read for it, one after the other.
const NAP: Millis = Millis(1000);

/// A turn that took longer than this was slept through, whatever the system tells: no load makes one that long.
const SLEPT: Millis = Millis(5000);

/// A device that takes nothing for so long, though there is something, hangs: the longest rest of one that works was
/// 1.7 seconds (PulseAudio, when it is opened).
const STUCK: Millis = Millis(8000);

impl PlaybackEngine<'_> {
    /// A session in a machine that slept waits, with or without a device: nothing begins to speak in a train. The device
    /// is opened anew, because one may be deaf after a sleep (measured: ALSA's dmix, on a USB card).
    pub(super) fn wake(&mut self, passed: Millis, music: &PlaybackSource<'_>) {
        let Some(slept) = self.slept(passed) else { return };
        if matches!(self.flow, Flow::Leaving { .. }) {
            return;
        }
        let state = self.transport.state();
        self.transport.wait();
        self.close(music);
        if state == PlayState::Playing {
            self.world.tell(Update::Event(slept));
        }
    }

    /// Checks that the device is still there.
    pub(super) fn watch(&mut self, passed: Millis, music: &PlaybackSource<'_>) -> Option<Next> {
        let is_stuck = self.is_stuck(passed);
        if is_stuck || self.line().is_some_and(|line| line.is_gone()) {
            if matches!(self.flow, Flow::Leaving { .. }) {
                return Some(Next::Ended(self.quit()));
            }
            self.close(music);
            self.told.device = None;
            self.world.tell(Update::Event(Event::DeviceGone));
        }
        None
    }

    /// Returns the event of a stop of the machine, or of this program alone, since the last turn, with its length.
    fn slept(&mut self, passed: Millis) -> Option<Event> {
        let asleep = self.world.asleep();
        let slept = Millis(asleep.0.saturating_sub(self.asleep.0));
        if slept > NAP {
            self.asleep = asleep;
            return Some(Event::Slept(slept));
        }
        (passed > SLEPT).then_some(Event::Stopped(passed))
    }

    /// Leaves the device, to look for one again.
    fn close(&mut self, music: &PlaybackSource<'_>) {
        self.stop_at_phrase(music);
        // To close it may take a while, in which nothing more is heard.
        if let Some(line) = self.line() {
            line.hold(Frames::ZERO);
        }
        self.device = None;
        self.looked = self.world.uptime();
        // What the device missed last is part of its end.
        self.told.gaps = 0;
    }

    /// True if the device takes nothing any more, without a word.
    fn is_stuck(&mut self, passed: Millis) -> bool {
        let (now, seen) = (self.turn, self.moved.0);
        let waits = self.flow != Flow::Going || passed > SLEPT;
        let Some(line) = self.line() else { return false };
        let (played, pushed) = (line.played(), line.pushed());
        if waits || played != seen || played >= pushed {
            self.moved = (played, now);
        }
        now.0.saturating_sub(self.moved.1.0) > STUCK.0
    }

    /// From now on it stands at the start of the line that is interrupted.
    fn stop_at_phrase(&mut self, music: &PlaybackSource<'_>) {
        let at = phrase_start(music.timeline(), self.heard());
        self.base.0 = at;
        self.flow = match self.transport.state() {
            PlayState::Playing => Flow::Turning { to: at },
            _ => Flow::Held { at: Some(at) },
        };
    }

    /// Looks for a device, now and then.
    pub(super) fn look(&mut self, music: &PlaybackSource<'_>, solve: Solve<'_>) -> Option<Next> {
        if self.turn.0.saturating_sub(self.looked.0) < LOOK.0 {
            return None;
        }
        let found = self.world.open(self.rate);
        // To look may take long, and is no sleep.
        self.looked = self.world.uptime();
        self.turn = self.looked;
        let device = found.ok()?;
        let rate = self.rate;
        self.attach(device);
        if self.rate != rate {
            let to = self.base.0.to_millis(rate).to_frames(self.rate);
            self.base.0 = FramePos::START + to;
            self.flow = self.flow.moved(self.base.0);
            return Some(Next::Rate(self.rate));
        }
        let timeline = self.catch_up(music, solve)?;
        Some(Next::Timeline(Box::new(timeline)))
    }
}
