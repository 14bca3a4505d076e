//! The far end of the line, on the device's thread: it never allocates, locks or waits.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rtrb::Consumer;

use super::commands::{DeviceCommand, Fade, GOING, Shared};
use crate::audio::Frame;
use crate::units::{Frames, Gain};

/// Number of times that a device that writes a file gives others time before it takes silence. A loudspeaker is never
/// made to wait.
const PATIENCE: u32 = 1_000_000;

/// The end of the line that a device takes its frames from, one by one.
pub struct DeviceCallback {
    frames: Consumer<Frame>,
    answers: Consumer<Frame>,
    orders: Consumer<DeviceCommand>,
    pub(super) shared: Arc<Shared>,
    session: Level,
    speech: Level,
    volume: Level,
    flow: Flow,
    supply: Supply,
    played: u64,
    answered: u64,
    /// Answers before this many are no longer wanted, once they have faded.
    hushed: u64,
    /// A cut that is to come.
    cut: Option<(u64, u64)>,
    /// Frames still to be thrown away.
    discard: u64,
}

/// State of the session's frames: taken, or held back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Going,
    /// Until the fade has come to its end; then held, for that many a time.
    Ending(u64),
    Held,
}

/// State of the supply: whether more is to come than is in the ring.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Supply {
    More,
    /// The ring was empty when it should not have been, and is still.
    Starved,
    /// The frames in the ring are the rest.
    Last,
}

impl DeviceCallback {
    pub(super) fn new(
        frames: Consumer<Frame>,
        answers: Consumer<Frame>,
        orders: Consumer<DeviceCommand>,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            frames,
            answers,
            orders,
            shared,
            session: Level::at(Gain(0.0)),
            speech: Level::at(Gain::UNITY),
            volume: Level::at(Gain::UNITY),
            flow: Flow::Held,
            supply: Supply::More,
            played: 0,
            answered: 0,
            hushed: 0,
            cut: None,
            discard: 0,
        }
    }

    /// The next frame for the device. Whatever is missing is silence: the device is kept open through all of it.
    pub fn next_frame(&mut self) -> Frame {
        while let Ok(order) = self.orders.pop() {
            self.obey(order);
        }
        let mut sum = self.session_frame();
        if let Some(answer) = self.answer_frame() {
            sum += answer;
        }
        let volume = self.volume.next();
        if volume == Gain::UNITY { sum } else { sum * volume }
    }

    fn session_frame(&mut self) -> Frame {
        self.begin_cut();
        if self.flow == Flow::Held {
            self.throw_away();
        }
        if let Flow::Ending(count) = self.flow
            && self.session.is_there()
        {
            self.hold(count);
        }
        if self.flow == Flow::Held {
            return Frame::SILENCE;
        }
        let Some(frame) = self.take() else {
            self.miss();
            return Frame::SILENCE;
        };
        if self.supply == Supply::Starved {
            self.supply = Supply::More;
        }
        self.played += 1;
        self.shared.played.store(self.played, Ordering::Relaxed);
        let gain = self.session.next();
        if gain == Gain::UNITY { frame } else { frame * gain }
    }

    fn answer_frame(&mut self) -> Option<Frame> {
        if self.speech.to == 0.0 && (self.speech.is_there() || self.answered >= self.hushed) {
            self.skip_answers();
            self.speech = Level::at(Gain::UNITY);
        }
        let answer = self.answers.pop().ok()?;
        self.count_answered(1);
        let gain = self.speech.next();
        Some(if gain == Gain::UNITY { answer } else { answer * gain })
    }

    /// The next frame that is not thrown away, if it is here; a device that is no loudspeaker gives others time.
    fn take(&mut self) -> Option<Frame> {
        for _ in 0..PATIENCE {
            self.throw_away();
            let taken = if self.discard == 0 { self.frames.pop().ok() } else { None };
            let is_hurried = !self.shared.patient.load(Ordering::Relaxed);
            if taken.is_some() || is_hurried || self.supply == Supply::Last || !self.orders.is_empty() {
                return taken;
            }
            std::thread::yield_now();
        }
        None
    }

    /// There is no frame to take.
    fn miss(&mut self) {
        if let Flow::Ending(count) = self.flow {
            // Nothing is there that could fade.
            self.session = Level::at(Gain(0.0));
            self.hold(count);
            return;
        }
        match self.supply {
            Supply::Last => self.shared.done.store(true, Ordering::Release),
            Supply::Starved => {}
            Supply::More => {
                self.supply = Supply::Starved;
                self.shared.underruns.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// A cut whose time has come. One that is late takes frames from behind it, so that every frame after it comes at
    /// its own time.
    fn begin_cut(&mut self) {
        if self.cut.is_some_and(|(at, _)| self.played >= at) {
            self.discard += self.cut.take().map_or(0, |(_, discard)| discard);
        }
    }

    fn throw_away(&mut self) {
        if self.discard == 0 {
            return;
        }
        let there = usize::try_from(self.discard).unwrap_or(usize::MAX).min(self.frames.slots());
        if let Ok(chunk) = self.frames.read_chunk(there) {
            chunk.commit_all();
            self.discard -= there as u64;
        }
    }

    fn hold(&mut self, count: u64) {
        self.flow = Flow::Held;
        self.shared.held.store(count, Ordering::Release);
    }

    fn obey(&mut self, order: DeviceCommand) {
        match order {
            DeviceCommand::Session(fade) => self.session.towards(fade),
            DeviceCommand::Volume(fade) => self.volume.towards(fade),
            DeviceCommand::Hold { count, .. } if self.flow == Flow::Held => self.hold(count),
            DeviceCommand::Hold { over, count } => {
                self.session.towards(Fade { to: Gain(0.0), over });
                self.flow = Flow::Ending(count);
            }
            DeviceCommand::Go { over } => self.go(over),
            DeviceCommand::Finish => self.supply = Supply::Last,
            DeviceCommand::Cut { at, discard } => {
                self.supply = Supply::More;
                self.shared.done.store(false, Ordering::Release);
                self.begin_cut();
                // Two cuts that are to come are one: the later order never names a later frame.
                let earlier = self.cut.take().map_or(0, |(_, discard)| discard);
                self.cut = Some((at, earlier + discard));
            }
            DeviceCommand::Hush { until, over } => {
                self.hushed = until;
                self.speech.towards(Fade { to: Gain(0.0), over });
            }
        }
    }

    fn go(&mut self, over: Frames) {
        self.session.towards(Fade { to: Gain::UNITY, over });
        self.flow = Flow::Going;
        if self.supply == Supply::Starved {
            self.supply = Supply::More;
        }
        self.shared.held.store(GOING, Ordering::Release);
    }

    fn skip_answers(&mut self) {
        let left = usize::try_from(self.hushed.saturating_sub(self.answered)).unwrap_or(usize::MAX);
        let there = left.min(self.answers.slots());
        if let Ok(chunk) = self.answers.read_chunk(there) {
            chunk.commit_all();
            self.count_answered(there as u64);
        }
    }

    fn count_answered(&mut self, count: u64) {
        self.answered += count;
        self.shared.answered.store(self.answered, Ordering::Relaxed);
    }
}

/// A gain on its way to another, in a straight line. No position comes of it, so floats may add up.
struct Level {
    now: f32,
    to: f32,
    left: u64,
}

impl Level {
    fn at(Gain(gain): Gain) -> Self {
        Self { now: gain, to: gain, left: 0 }
    }

    fn towards(&mut self, fade: Fade) {
        self.to = fade.to.0;
        self.left = fade.over.0;
        if self.left == 0 {
            self.now = self.to;
        }
    }

    fn is_there(&self) -> bool {
        self.left == 0
    }

    fn next(&mut self) -> Gain {
        if self.left > 0 {
            self.now += (self.to - self.now) / self.left as f32;
            self.left -= 1;
            if self.left == 0 {
                self.now = self.to;
            }
        }
        Gain(self.now)
    }
}
