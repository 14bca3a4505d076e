//! The near end of the line to a device: frames, orders and answers go in, counts come out.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rtrb::{Consumer, Producer, RingBuffer};

use super::callback::DeviceCallback;
use super::commands::{DeviceCommand, Fade, Shared};
use crate::audio::Frame;
use crate::units::{Frames, Millis, SampleRate};

/// The furthest that the renderer may be ahead of the device: a machine may be busy for so long without a gap.
const AHEAD: Millis = Millis(4000);

/// The longest answer that can be spoken at once.
const LONGEST_ANSWER: Millis = Millis::from_secs(60);

/// Orders on their way: a listener's hand is slower than a device, which looks at each of its periods.
const ORDERS: usize = 64;

/// The pace at which a device takes frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As they are heard: it cannot wait.
    AsHeard,
    /// As fast as it can: it writes a file.
    AsFastAsItCan,
}

/// The near end of the line to a device.
pub struct OutputQueue {
    frames: Producer<Frame>,
    answers: Producer<Frame>,
    orders: Producer<DeviceCommand>,
    shared: Arc<Shared>,
    /// Frames of the session that were pushed and not cut.
    pushed: u64,
    /// Position of the last cut, on the same count.
    last_cut: u64,
    /// Frames of answers that were pushed.
    asked: u64,
    /// Number of the hold that it is in; nothing while it goes. An answer to an earlier hold is not taken for one to
    /// this.
    hold: Option<u64>,
    holds: u64,
    /// State of the end: finished once the last frame was pushed.
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Finished,
}

impl OutputQueue {
    /// Both ends of a line for that rate. It is held until [`OutputQueue::go`].
    pub fn new(rate: SampleRate) -> (Self, DeviceCallback) {
        let (frames, far_frames) = RingBuffer::new(AHEAD.to_frames(rate).as_usize());
        let (answers, far_answers) = RingBuffer::new(LONGEST_ANSWER.to_frames(rate).as_usize());
        let (orders, far_orders): (_, Consumer<DeviceCommand>) = RingBuffer::new(ORDERS);
        let shared = Arc::new(Shared::default());
        let tap = DeviceCallback::new(far_frames, far_answers, far_orders, shared.clone());
        (
            Self {
                frames,
                answers,
                orders,
                shared,
                pushed: 0,
                last_cut: 0,
                asked: 0,
                hold: Some(0),
                holds: 0,
                ending: Ending::Open,
            },
            tap,
        )
    }

    /// Returns the number of frames that can be pushed now.
    pub fn room(&self) -> usize {
        self.frames.slots()
    }

    /// Pushes frames of the session, as many as there is room for. Returns how many.
    pub fn push(&mut self, frames: &[Frame]) -> usize {
        let count = push(&mut self.frames, frames);
        self.pushed += count as u64;
        count
    }

    /// Pushes an answer that is heard at once, over the session. What is longer than a minute is cut.
    pub fn answer(&mut self, frames: &[Frame]) {
        self.asked += push(&mut self.answers, frames) as u64;
    }

    /// Fades the answers that are not over to nothing; what is answered next is heard after that.
    pub fn hush(&mut self, over: Frames) {
        let until = self.asked;
        self.order(DeviceCommand::Hush { until, over });
    }

    /// Frames of answers that the device has taken or that were thrown away.
    pub fn answered(&self) -> u64 {
        self.shared.answered.load(Ordering::Relaxed)
    }

    /// True while an answer is heard.
    pub fn is_answering(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed) < self.asked
    }

    /// Brings the session to a level, at once or in a while.
    pub fn fade(&mut self, fade: Fade) {
        self.order(DeviceCommand::Session(fade));
    }

    /// Brings everything, answers too, to a level.
    pub fn volume(&mut self, fade: Fade) {
        self.order(DeviceCommand::Volume(fade));
    }

    /// Fades the session to nothing; from then on no more frames are taken until [`OutputQueue::go`].
    pub fn hold(&mut self, over: Frames) {
        self.holds += 1;
        self.hold = Some(self.holds);
        self.order(DeviceCommand::Hold { over, count: self.holds });
    }

    /// Takes frames again, from the next one on, and brings the session back, the first frame on with `over` nothing.
    pub fn go(&mut self, over: Frames) {
        self.hold = None;
        self.order(DeviceCommand::Go { over });
    }

    /// Throws away everything that was pushed and will not have been played when `from` frames were, or sooner where
    /// an earlier cut is still to come. The frames that are pushed next belong where it returns: should the device
    /// have been faster, they come at their own time all the same.
    pub fn cut(&mut self, from: u64) -> u64 {
        let played = self.played();
        let pending = if played < self.last_cut { self.last_cut } else { self.pushed };
        // Not `clamp`: after a cut that came late, more were played than are pushed.
        let at = from.max(played).min(self.pushed).min(pending);
        self.order(DeviceCommand::Cut { at, discard: self.pushed - at });
        (self.pushed, self.last_cut) = (at, at);
        self.ending = Ending::Open;
        at
    }

    /// Sets the pace of the device: one that has time takes frames much faster than they are heard, and would take
    /// silence where none is.
    pub fn pace(&mut self, pace: Pace) {
        self.shared.patient.store(pace == Pace::AsFastAsItCan, Ordering::Relaxed);
    }

    /// There are no more frames to come, unless there is a cut.
    pub fn finish(&mut self) {
        self.ending = Ending::Finished;
        self.order(DeviceCommand::Finish);
    }

    /// Frames of the session that the device has taken, without those that were cut.
    pub fn played(&self) -> u64 {
        self.shared.played.load(Ordering::Relaxed)
    }

    /// Frames of the session that were pushed, without those that were cut.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// True once the session has faded to nothing and waits.
    pub fn is_held(&self) -> bool {
        self.hold == Some(self.shared.held.load(Ordering::Acquire))
    }

    /// True once everything was taken.
    pub fn is_done(&self) -> bool {
        // What the device says may be from before a cut that it has not heard of.
        self.ending == Ending::Finished
            && self.shared.done.load(Ordering::Acquire)
            && self.played() >= self.pushed
    }

    /// Returns the number of gaps since the last call: each counts once, however long it is.
    pub fn underruns(&mut self) -> u64 {
        self.shared.underruns.swap(0, Ordering::Relaxed)
    }

    /// True once the device went away.
    pub fn is_gone(&self) -> bool {
        self.shared.gone.load(Ordering::Relaxed) || self.frames.is_abandoned()
    }

    /// A ring of orders is never full while the device takes frames: the caller waits for a listener first, and the
    /// device never waits. A device that hears no more orders is as good as gone.
    fn order(&mut self, order: DeviceCommand) {
        if self.orders.push(order).is_err() {
            self.shared.gone.store(true, Ordering::Relaxed);
        }
    }
}

fn push(ring: &mut Producer<Frame>, frames: &[Frame]) -> usize {
    let count = frames.len().min(ring.slots());
    for frame in &frames[..count] {
        // There is room, so it is not refused.
        let _ = ring.push(*frame);
    }
    count
}
