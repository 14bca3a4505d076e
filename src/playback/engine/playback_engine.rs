//! The engine: renders ahead of the device, and lets frames flow, wait or turn.
//!
//! What commands mean for it is in `acts.rs`, what it tells in `told.rs`, what it does without a device in `watch.rs`.

use std::panic::resume_unwind;

use super::ahead::ConsumptionRate;
use super::flow::Flow;
use super::host::{Device, PlaybackHost};
use super::source::PlaybackSource;
use super::status_reporter::StatusReporter;
use super::unmeasured::{LoudnessScan, UnmeasuredRecordings};
use super::{Opening, PlayError};
use crate::audio::Frame;
use crate::device::{Fade, OutputQueue};
use crate::playback::control::{Ending, Event, Playhead, Solve, Transport, Update, WallTime};
use crate::timeline::Timeline;
use crate::units::{FramePos, Frames, Millis, SampleRate};

/// Whatever begins or stops in the middle of a sound fades over this time: no click, and no delay either.
pub(super) const SHORT: Millis = Millis(20);

/// The time ahead in which the sound cannot be changed any more.
const HORIZON: Millis = Millis(300);

/// The length that a device may still hold when it has taken everything.
const IN_THE_DEVICE: Millis = Millis(500);

/// A listener who ends it waits no longer than this for a fade, whatever the device does.
const PATIENCE: Millis = Millis(4000);

/// The successor of a timeline that is no longer played.
pub(super) enum Next {
    /// Another timeline, from the same position on.
    Timeline(Box<Timeline>),
    /// The same at another rate.
    Rate(SampleRate),
    /// The same at its own gain, because all that tells it was listened to.
    Heard,
    /// Nothing.
    Ended(Ending),
}

/// Plays timelines, one after another, through devices, one after another.
pub(super) struct PlaybackEngine<'w> {
    pub(super) world: &'w mut dyn PlaybackHost,
    pub(super) device: Option<Box<dyn Device>>,
    pub(super) transport: Transport,
    pub(super) flow: Flow,
    /// This instant of the timeline was heard when the device had played so many frames.
    pub(super) base: (FramePos, u64),
    /// The next frame to be rendered.
    pub(super) next: FramePos,
    /// No more frames come.
    pub(super) is_last: bool,
    pub(super) told: StatusReporter,
    pub(super) rate: SampleRate,
    opening: Opening,
    goal: Option<WallTime>,
    pub(super) taken: ConsumptionRate,
    /// Number of frames that the device had taken when it last took any.
    pub(super) moved: (u64, Millis),
    /// When the last turn was, and when a device was last looked for.
    pub(super) turn: Millis,
    pub(super) looked: Millis,
    /// The part of its uptime that the machine had been asleep when it last woke.
    pub(super) asleep: Millis,
    pub(super) chunk: Vec<Frame>,
    /// The recordings to be listened to before it begins.
    pub(super) unheard: Option<UnmeasuredRecordings>,
    /// The thread that listens to them. Until that is done the session waits.
    pub(super) hearing: Option<LoudnessScan>,
}

impl<'w> PlaybackEngine<'w> {
    /// With an open device.
    pub(super) fn open(
        world: &'w mut dyn PlaybackHost,
        transport: Transport,
        wanted: SampleRate,
    ) -> Result<Self, PlayError> {
        let device = world.open(wanted)?;
        let now = world.uptime();
        let mut this = Self {
            rate: device.rate(),
            device: None,
            transport,
            flow: Flow::Held { at: None },
            base: (FramePos::START, 0),
            next: FramePos::START,
            is_last: false,
            opening: Opening::None,
            goal: None,
            told: StatusReporter::default(),
            taken: ConsumptionRate::default(),
            moved: (0, now),
            turn: now,
            looked: now,
            asleep: world.asleep(),
            chunk: Vec::new(),
            unheard: None,
            hearing: None,
            world,
        };
        this.attach(device);
        Ok(this)
    }

    /// The rate of the device.
    pub(super) fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Begins at an instant.
    pub(super) fn begin(&mut self, from: FramePos, opening: Opening, goal: Option<WallTime>) {
        (self.opening, self.goal) = (opening, goal);
        self.flow = Flow::Turning { to: from };
    }

    /// Plays one timeline, until another takes its place or all is over.
    pub(super) fn perform(
        &mut self,
        music: &mut PlaybackSource<'_>,
        solve: Solve<'_>,
    ) -> Result<Next, PlayError> {
        // To measure sounds for the first time may have taken long, and was no sleep.
        self.turn = self.world.uptime();
        let opening = std::mem::replace(&mut self.opening, Opening::None);
        if let Some(unheard) = self.unheard.take() {
            self.ring(music)?;
            self.world.tell(Update::Event(Event::Listening(unheard.length())));
            self.hearing = Some(unheard.listen()?);
        } else if opening == Opening::SoftBell {
            self.ring(music)?;
        }
        loop {
            let now = self.world.uptime();
            let passed = Millis(now.0.saturating_sub(self.turn.0));
            self.turn = now;
            self.wake(passed, music);
            let next =
                if self.device.is_some() { self.watch(passed, music) } else { self.look(music, solve) };
            if let Some(next) = next {
                return Ok(next);
            }
            if let Some(hearing) = self.hearing.take_if(|hearing| hearing.is_finished()) {
                hearing.join().unwrap_or_else(|panic| resume_unwind(panic))?;
                self.world.tell(Update::Event(Event::Listened));
                if matches!(self.flow, Flow::Turning { .. }) {
                    // A listener who has waited for longer than the bell rang is told that it begins.
                    self.opening = Opening::SoftBell;
                }
                return Ok(Next::Heard);
            }
            if self.has_begun()
                && let Some(goal) = self.goal.take()
                && let Some(timeline) = self.end_at(goal, music, solve)
            {
                return Ok(Next::Timeline(Box::new(timeline)));
            }
            if let Some(ending) = self.flow_on() {
                return Ok(Next::Ended(ending));
            }
            let patience = self.fill(music)?;
            self.report(music);
            if let Some(command) = self.world.next(patience)
                && let Some(timeline) = self.obey(command, music, solve)
            {
                return Ok(Next::Timeline(Box::new(timeline)));
            }
        }
    }

    /// True if nothing comes before the session any more.
    fn has_begun(&self) -> bool {
        self.hearing.is_none() && !matches!(self.flow, Flow::Opening { .. })
    }

    /// The first frame of the timeline that follows, if that follows without a break.
    pub(super) fn seam(&self) -> Option<FramePos> {
        (self.flow == Flow::Going).then_some(self.next)
    }

    /// The instant that is heard, or will be when it goes on.
    pub(super) fn heard(&mut self) -> FramePos {
        let base = self.base;
        match (self.flow.elsewhere(), self.line()) {
            (Some(to), _) => to,
            (None, Some(line)) => base.0 + Frames(line.played().saturating_sub(base.1)),
            (None, None) => base.0,
        }
    }

    /// Returns the playhead, from which the transport decides what a command means.
    pub(super) fn here<'t>(&mut self, timeline: &'t Timeline) -> Playhead<'t> {
        let heard = self.heard();
        let horizon = match self.flow {
            Flow::Going => self.next.min(heard + HORIZON.to_frames(self.rate)).max(heard),
            _ => heard,
        };
        Playhead { timeline, heard, horizon, moment: self.world.moment() }
    }

    pub(super) fn line(&mut self) -> Option<&mut OutputQueue> {
        self.device.as_mut().map(|device| device.line())
    }

    pub(super) fn frames(&self, time: Millis) -> Frames {
        time.to_frames(self.rate)
    }

    /// A device that was found; its line is held.
    pub(super) fn attach(&mut self, mut device: Box<dyn Device>) {
        self.rate = device.rate();
        let gain = self.transport.volume().gain();
        device.line().volume(Fade { to: gain, over: Frames::ZERO });
        let opened = (device.name().to_owned(), device.rate());
        if self.told.device.as_ref() != Some(&opened) {
            self.told.device = Some(opened.clone());
            self.world.tell(Update::Event(Event::Opened { device: opened.0, rate: opened.1 }));
        }
        self.base.1 = 0;
        self.device = Some(device);
    }

    /// Does what has become possible since the last turn.
    fn flow_on(&mut self) -> Option<Ending> {
        let now = self.turn;
        let since = |then: Millis| Millis(now.0.saturating_sub(then.0));
        let (flow, is_last, is_known) = (self.flow, self.is_last, self.hearing.is_none());
        let Some(line) = self.line() else {
            return matches!(flow, Flow::Leaving { .. }).then(|| self.quit());
        };
        match flow {
            Flow::Turning { to } if line.is_held() && is_known => {
                let played = line.played();
                self.base = (to, line.cut(played));
                (self.next, self.is_last) = (to, false);
                let over = if to == FramePos::START { Frames::ZERO } else { self.frames(SHORT) };
                self.flow = Flow::Priming { over };
            }
            Flow::Answering { then } if !line.is_answering() => self.flow = Flow::Turning { to: then },
            Flow::Opening { then, after } if line.answered() >= after => {
                self.flow = Flow::Turning { to: then };
            }
            Flow::Going if is_last && line.is_done() => self.flow = Flow::Ringing { since: now },
            Flow::Ringing { since: then } if since(then) >= IN_THE_DEVICE => return Some(Ending::Played),
            Flow::Leaving { since: then, .. } if since(then) >= PATIENCE => return Some(self.quit()),
            Flow::Leaving { since: then, faded: None } if line.is_held() => {
                self.flow = Flow::Leaving { since: then, faded: Some(now) };
            }
            Flow::Leaving { faded: Some(then), .. } if since(then) >= IN_THE_DEVICE => {
                return Some(self.quit());
            }
            _ => {}
        }
        None
    }

    pub(super) fn quit(&mut self) -> Ending {
        Ending::Quit { at: self.heard().to_millis(self.rate) }
    }
}
