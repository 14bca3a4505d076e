//! The conductor: renders ahead of the device, and lets frames flow, wait or turn.
//!
//! What commands mean for it is in `acts.rs`, what it tells in `told.rs`.

use super::ahead::Taken;
use super::flow::Flow;
use super::music::Music;
use super::told::Told;
use super::unheard::Unheard;
use super::world::{Device, World};
use super::{Opening, PlayError};
use crate::audio::Frame;
use crate::player::{Ending, Event, Here, Moment, News, PlayState, Solve, Transport, phrase_start};
use crate::sink::{Fade, Line};
use crate::timeline::Timeline;
use crate::units::{FramePos, Frames, Millis, SampleRate};

/// Whatever begins or stops in the middle of a sound fades over this time: no click, and no delay either.
pub(super) const SHORT: Millis = Millis(20);

/// What will be heard within this time cannot be changed any more.
const HORIZON: Millis = Millis(300);

/// What a device may still hold when it has taken everything.
const IN_THE_DEVICE: Millis = Millis(500);

/// A listener who ends it waits no longer than this for a fade, whatever the device does.
const PATIENCE: Millis = Millis(4000);

/// A device that is gone is looked for so often.
const LOOK: Millis = Millis(1000);

/// A turn that took longer than this was slept through: no load makes one that long.
const SLEPT: Millis = Millis(5000);

/// A device that takes nothing for so long, though there is something, hangs: the longest rest of one that works was
/// 1.7 seconds (PulseAudio, when it is opened).
const STUCK: Millis = Millis(8000);

/// What follows when a timeline is no longer played.
pub(super) enum Next {
    /// Another timeline, from the same position on.
    Timeline(Box<Timeline>),
    /// The same at another rate.
    Rate(SampleRate),
    /// Nothing.
    Ended(Ending),
}

/// Plays timelines, one after another, through devices, one after another.
pub(super) struct Conductor<'w> {
    pub(super) world: &'w mut dyn World,
    pub(super) device: Option<Box<dyn Device>>,
    pub(super) transport: Transport,
    pub(super) flow: Flow,
    /// This instant of the timeline was heard when the device had played so many frames.
    pub(super) base: (FramePos, u64),
    /// The next frame to be rendered.
    pub(super) next: FramePos,
    /// No more frames come.
    pub(super) is_last: bool,
    pub(super) told: Told,
    rate: SampleRate,
    opening: Opening,
    goal: Option<Moment>,
    pub(super) taken: Taken,
    /// How many frames the device had taken when it last took any.
    moved: (u64, Millis),
    /// When the last turn was, and when a device was last looked for.
    pub(super) turn: Millis,
    looked: Millis,
    pub(super) chunk: Vec<Frame>,
    /// Waits until a frame is heard: to begin takes all cores.
    pub(super) unheard: Option<Unheard>,
}

impl<'w> Conductor<'w> {
    /// With an open device.
    pub(super) fn open(
        world: &'w mut dyn World,
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
            told: Told::default(),
            taken: Taken::default(),
            moved: (0, now),
            turn: now,
            looked: now,
            chunk: Vec::new(),
            unheard: None,
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
    pub(super) fn begin(&mut self, from: FramePos, opening: Opening, goal: Option<Moment>) {
        (self.opening, self.goal) = (opening, goal);
        self.flow = Flow::Turning { to: from };
    }

    /// Plays one timeline, until another takes its place or all is over.
    pub(super) fn perform(&mut self, music: &mut Music<'_>, solve: Solve<'_>) -> Result<Next, PlayError> {
        // To measure sounds for the first time may have taken long, and was no sleep.
        self.turn = self.world.uptime();
        if let Some(goal) = self.goal.take()
            && let Some(timeline) = self.end_at(goal, music, solve)
        {
            return Ok(Next::Timeline(Box::new(timeline)));
        }
        if std::mem::replace(&mut self.opening, Opening::None) == Opening::SoftBell {
            self.ring(music)?;
        }
        loop {
            let now = self.world.uptime();
            let passed = Millis(now.0.saturating_sub(self.turn.0));
            self.turn = now;
            let next =
                if self.device.is_some() { self.watch(passed, music) } else { self.look(music, solve) };
            if let Some(next) = next {
                return Ok(next);
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

    /// Where it stands, for whoever decides what a command means.
    pub(super) fn here<'t>(&mut self, timeline: &'t Timeline) -> Here<'t> {
        let heard = self.heard();
        let horizon = match self.flow {
            Flow::Going => self.next.min(heard + HORIZON.to_frames(self.rate)).max(heard),
            _ => heard,
        };
        Here { timeline, heard, horizon, moment: self.world.moment() }
    }

    pub(super) fn line(&mut self) -> Option<&mut Line> {
        self.device.as_mut().map(|device| device.line())
    }

    pub(super) fn frames(&self, time: Millis) -> Frames {
        time.to_frames(self.rate)
    }

    /// A device that was found; its line is held.
    fn attach(&mut self, mut device: Box<dyn Device>) {
        self.rate = device.rate();
        let gain = self.transport.volume().gain();
        device.line().volume(Fade { to: gain, over: Frames::ZERO });
        self.world.tell(News::Event(Event::Opened { device: device.name().to_owned(), rate: device.rate() }));
        self.base.1 = 0;
        self.device = Some(device);
    }

    /// Whether the device is still there, and the machine was awake.
    fn watch(&mut self, passed: Millis, music: &Music<'_>) -> Option<Next> {
        let is_stuck = self.is_stuck(passed);
        if is_stuck || self.line().is_some_and(|line| line.is_gone()) {
            if matches!(self.flow, Flow::Leaving { .. }) {
                return Some(Next::Ended(self.quit()));
            }
            self.stop_at_phrase(music);
            self.device = None;
            self.looked = self.world.uptime();
            self.world.tell(News::Event(Event::DeviceGone));
        } else if passed > SLEPT && self.transport.state() == PlayState::Playing {
            if let Some(line) = self.line() {
                line.hold(Frames::ZERO);
                // Nobody was there to render, and nobody to hear that.
                line.underruns();
            }
            self.stop_at_phrase(music);
            self.transport.wait();
            self.flow = Flow::Held { at: Some(self.base.0) };
            self.world.tell(News::Event(Event::Slept(passed)));
        }
        None
    }

    /// Whether the device takes nothing any more, without a word.
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
    fn stop_at_phrase(&mut self, music: &Music<'_>) {
        let at = phrase_start(music.timeline(), self.heard());
        self.base.0 = at;
        self.flow = match self.transport.state() {
            PlayState::Playing => Flow::Turning { to: at },
            _ => Flow::Held { at: Some(at) },
        };
    }

    /// Looks for a device, now and then.
    fn look(&mut self, music: &Music<'_>, solve: Solve<'_>) -> Option<Next> {
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

    /// What has become possible since the last turn.
    fn flow_on(&mut self) -> Option<Ending> {
        let now = self.turn;
        let since = |then: Millis| Millis(now.0.saturating_sub(then.0));
        let (flow, is_last) = (self.flow, self.is_last);
        let Some(line) = self.line() else {
            return matches!(flow, Flow::Leaving { .. }).then(|| self.quit());
        };
        match flow {
            Flow::Turning { to } if line.is_held() => {
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
            Flow::Leaving { since: then } if line.is_held() || since(then) >= PATIENCE => {
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
