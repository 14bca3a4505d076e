//! The deck: a device, and the session's frames on their way to it, played, paused, moved and spoken over.
//!
//! Must not know commands, hosts or clocks on a wall: it is told what to do and when the tick is.

use super::feeder::{EDGE_FADE, Fed, Feeder};
use super::flow::Flow;
use super::request::PlayError;
use super::source::PlaybackSource;
use crate::audio::Frame;
use crate::device::{DeviceClock, OutputDevice};
use crate::playback::control::{Ending, is_spoken_within, phrase_start};
use crate::timeline::Timeline;
use crate::units::{FramePos, Frames, Millis};

/// Length of a tick: while nothing else is about to happen, while something is, and for a device that does not wait for
/// time to go by.
const TICK: Millis = Millis(50);
const SHORT_TICK: Millis = Millis(5);
const FREEWHEEL_TICK: Millis = Millis(1);

/// The time ahead in which the sound cannot be changed any more.
const HORIZON: Millis = Millis(300);

/// The length that a device may still hold when it has taken everything.
const HELD_BY_DEVICE: Millis = Millis(500);

/// A listener's end comes gently.
const FAREWELL_FADE: Millis = Millis(1500);

/// A listener who ends it waits no longer than this for the fade, whatever the device does.
const FAREWELL_MAX: Millis = Millis(4000);

/// Time from a prompt that is said into a rest to the next words.
const BREATH_AFTER_PROMPT: Millis = Millis(400);

/// A device, the flow of frames to it, and the feeder of that.
pub(super) struct Deck {
    /// The device; closed while there is none. A closed one keeps what it was told, and takes nothing.
    pub(super) device: OutputDevice,
    pub(super) flow: Flow,
    feeder: Feeder,
}

impl Deck {
    /// Waits for a seek.
    pub(super) fn new(device: OutputDevice) -> Self {
        Self { device, flow: Flow::Paused { at: None }, feeder: Feeder::start_at(FramePos::START) }
    }

    pub(super) fn has_device(&self) -> bool {
        self.device.stream.is_some()
    }

    /// Returns the position that is heard, or will be when it goes on.
    pub(super) fn heard(&self) -> FramePos {
        self.flow.elsewhere().unwrap_or_else(|| self.device.queue.position())
    }

    /// Returns the first frame that can still be another.
    pub(super) fn horizon(&self) -> FramePos {
        let heard = self.heard();
        match self.flow {
            Flow::Playing => self.feeder.next().min(heard + self.frames(HORIZON)).max(heard),
            _ => heard,
        }
    }

    /// Returns the first frame of the timeline that follows, if that follows without a break.
    pub(super) fn seam(&self) -> Option<FramePos> {
        (self.flow == Flow::Playing).then_some(self.feeder.next())
    }

    fn frames(&self, time: Millis) -> Frames {
        time.to_frames(self.device.rate)
    }

    /// Plays through another device from now on. At another rate its position is another number.
    pub(super) fn attach(&mut self, device: OutputDevice) {
        if device.rate != self.device.rate {
            let at = FramePos::START + self.heard().to_millis(self.device.rate).to_frames(device.rate);
            self.flow = match self.flow {
                Flow::Paused { .. } => Flow::Paused { at: Some(at) },
                _ => Flow::Seeking { to: at },
            };
        }
        self.device = device;
    }

    /// Fades out and waits.
    pub(super) fn pause(&mut self) {
        self.device.queue.stop(self.frames(EDGE_FADE));
        self.flow = Flow::Paused { at: self.flow.elsewhere() };
    }

    /// Waits at a position.
    pub(super) fn pause_at(&mut self, position: FramePos) {
        self.flow = Flow::Paused { at: Some(position) };
    }

    /// Fades out and goes on at a position.
    pub(super) fn seek(&mut self, to: FramePos) {
        self.pause();
        self.flow = Flow::Seeking { to };
    }

    /// Fades out for good; at once when asked again.
    pub(super) fn stop(&mut self, now: Millis) {
        let at = self.flow.elsewhere();
        let deadline = match self.flow {
            Flow::Stopping { .. } => now,
            _ => now + FAREWELL_MAX,
        };
        let fade = self.frames(FAREWELL_FADE);
        self.device.queue.fade_out_prompt(fade);
        self.device.queue.stop(fade);
        self.flow = Flow::Stopping { at, deadline };
    }

    /// Drops what was rendered ahead from the horizon on: it is of a timeline that is no longer.
    pub(super) fn drop_ahead(&mut self) {
        match self.flow {
            Flow::Playing | Flow::Draining { .. } => {
                self.feeder.continue_at(self.device.queue.splice(self.horizon()));
                self.flow = Flow::Playing;
            }
            Flow::Prebuffering { from } => self.flow = Flow::Seeking { to: from },
            _ => {}
        }
    }

    /// Fades out the prompt that is spoken.
    pub(super) fn fade_out_prompt(&mut self) {
        self.device.queue.fade_out_prompt(self.frames(EDGE_FADE));
    }

    /// Speaks a prompt of some lines: over a rest at once; other words, and whatever would disturb several lines, fade
    /// out, and are said again after it.
    pub(super) fn speak(&mut self, prompt: &[Frame], lines: usize, timeline: &Timeline) {
        let (heard, fade) = (self.heard(), self.frames(EDGE_FADE));
        let until = heard + Frames(prompt.len() as u64) + self.frames(BREATH_AFTER_PROMPT);
        let interrupts = lines > 1 || is_spoken_within(timeline, heard, until);
        if prompt.is_empty() || !self.has_device() {
            return;
        }
        self.device.queue.speak(prompt, fade);
        match self.flow {
            Flow::Playing if interrupts => {
                self.device.queue.stop(fade);
                self.flow = Flow::Prompting { then: phrase_start(timeline, heard) };
            }
            Flow::Seeking { to } if interrupts => self.flow = Flow::Prompting { then: to },
            _ => {}
        }
    }

    /// Rings a bell, after which the session begins.
    pub(super) fn ring(&mut self, bell: &[Frame]) {
        if self.has_device() {
            self.device.queue.speak(bell, Frames::ZERO);
            self.flow = Flow::PreRoll { then: self.heard() };
        }
    }

    /// Lets the flow go on when its time has come; a seek only if the session `may_begin`. Returns the end of playing.
    pub(super) fn advance(&mut self, now: Millis, may_begin: bool) -> Option<Ending> {
        let queue = &self.device.queue;
        let (is_idle, is_speaking) = (queue.is_idle(), queue.is_speaking());
        match self.flow {
            Flow::Stopping { .. } if !self.has_device() => return Some(self.quit()),
            _ if !self.has_device() => {}
            Flow::Seeking { to } if is_idle && may_begin => {
                self.feeder = Feeder::start_at(to);
                self.flow = Flow::Prebuffering { from: to };
            }
            Flow::Prompting { then } | Flow::PreRoll { then } if !is_speaking => {
                self.flow = Flow::Seeking { to: then };
            }
            Flow::Playing if is_idle => self.flow = Flow::Draining { since: now },
            Flow::Draining { since } if now >= since + HELD_BY_DEVICE => return Some(Ending::Played),
            Flow::Stopping { deadline, .. } if now >= deadline => return Some(self.quit()),
            Flow::Stopping { at, deadline } if is_idle => {
                self.flow = Flow::Stopping { at, deadline: deadline.min(now + HELD_BY_DEVICE) };
            }
            _ => {}
        }
        None
    }

    /// The end of playing by the listener.
    pub(super) fn quit(&self) -> Ending {
        Ending::Quit { at: self.heard().to_millis(self.device.rate) }
    }

    /// Renders ahead. Returns how long there is nothing more to do.
    ///
    /// # Errors
    /// If nothing can be decoded any more.
    pub(super) fn feed(&mut self, source: &mut PlaybackSource<'_>) -> Result<Millis, PlayError> {
        let is_fed = matches!(self.flow, Flow::Playing | Flow::Prebuffering { .. });
        if !is_fed {
            return Ok(if self.flow.is_settled() { TICK } else { SHORT_TICK });
        }
        let fed = self.feeder.feed(&mut self.device.queue, source)?;
        let clock = self.device.queue.clock();
        if self.feeder.has_begun() {
            self.flow = Flow::Playing;
        }
        Ok(match (fed, clock) {
            (Fed::InPart, _) => Millis::ZERO,
            (Fed::Late, _) => SHORT_TICK,
            (Fed::Whole, DeviceClock::Freewheel) => FREEWHEEL_TICK,
            (Fed::Whole, DeviceClock::Realtime) if self.flow == Flow::Playing => TICK,
            (Fed::Whole, DeviceClock::Realtime) => SHORT_TICK,
        })
    }
}
