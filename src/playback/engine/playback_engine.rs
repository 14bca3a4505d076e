//! The playback engine: plays timelines, one after another, through devices, one after another.
//!
//! It owns the state of playing and does what commands mean; what they mean is decided in [`crate::playback::control`].
//! The parts it is made of know nothing of it: the feeder renders ahead, the watch sees devices vanish and machines sleep,
//! the reporter tells the display.

use std::panic::resume_unwind;

use super::deck::Deck;
use super::device_watch::DeviceWatch;
use super::flow::Flow;
use super::host::PlaybackHost;
use super::request::{Opening, PlayError};
use super::source::PlaybackSource;
use super::status_reporter::{Snapshot, StatusReporter};
use super::unmeasured::{LoudnessScan, UnmeasuredRecordings};
use crate::playback::control::{
    Command, Effect, Ending, PlayState, PlaybackEvent, Playhead, Solve, Transport, Update, WallTime,
    phrase_start,
};
use crate::timeline::Timeline;
use crate::units::{FramePos, SampleRate};

/// The reason for the end of playing one timeline.
pub(super) enum Restart {
    /// Another timeline goes on from the same position.
    Timeline(Box<Timeline>),
    /// The track has to be prepared: all its recordings are measured now, or another device has another rate.
    Prepare,
    /// Playing is over.
    Ended(Ending),
}

impl Restart {
    fn with(timeline: Timeline) -> Self {
        Self::Timeline(Box::new(timeline))
    }
}

/// The state of playing.
pub(super) struct PlaybackEngine<'h> {
    host: &'h mut dyn PlaybackHost,
    pub(super) transport: Transport,
    pub(super) deck: Deck,
    watch: DeviceWatch,
    reporter: StatusReporter,
    opening: Opening,
    goal: Option<WallTime>,
    /// The scan of recordings until which the session waits.
    scan: Option<LoudnessScan>,
}

impl<'h> PlaybackEngine<'h> {
    /// Opens a device, at that rate if it has it.
    pub(super) fn open(
        host: &'h mut dyn PlaybackHost,
        transport: Transport,
        wanted: SampleRate,
    ) -> Result<Self, PlayError> {
        let mut engine = Self {
            deck: Deck::new(host.open(wanted)?),
            transport,
            watch: DeviceWatch::new(host),
            reporter: StatusReporter::default(),
            opening: Opening::None,
            goal: None,
            scan: None,
            host,
        };
        engine.welcome_device();
        Ok(engine)
    }

    /// Begins at a position.
    pub(super) fn begin(&mut self, from: FramePos, opening: Opening, goal: Option<WallTime>) {
        (self.opening, self.goal) = (opening, goal);
        self.deck.seek(from);
    }

    /// Plays one timeline, until another takes its place or all is over. Recordings that are not measured are, while a
    /// bell rings, before it begins.
    pub(super) fn play(
        &mut self,
        source: &mut PlaybackSource<'_>,
        unmeasured: Option<UnmeasuredRecordings>,
        solve: Solve<'_>,
    ) -> Result<Restart, PlayError> {
        // To prepare a session may have taken long, and was no sleep.
        self.watch.end_wait(self.host);
        let opening = std::mem::replace(&mut self.opening, Opening::None);
        if unmeasured.is_some() || opening == Opening::SoftBell {
            self.deck.ring(&source.soft_bell()?);
        }
        if let Some(unmeasured) = unmeasured {
            self.tell(PlaybackEvent::Listening(unmeasured.length()));
            self.scan = Some(unmeasured.listen()?);
        }
        loop {
            if let Some(restart) = self.tick(source, solve)? {
                return Ok(restart);
            }
        }
    }

    /// Does what has become possible since the last tick, and what the next command means.
    fn tick(
        &mut self,
        source: &mut PlaybackSource<'_>,
        solve: Solve<'_>,
    ) -> Result<Option<Restart>, PlayError> {
        if let Some(stopped) = self.watch.begin_tick(self.host) {
            self.wake(stopped, source);
        }
        if let Some(restart) = self.check_device(source, solve) {
            return Ok(Some(restart));
        }
        if let Some(scan) = self.scan.take_if(|scan| scan.is_finished()) {
            scan.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            self.tell(PlaybackEvent::Listened);
            if matches!(self.deck.flow, Flow::Seeking { .. }) {
                // A listener who has waited for longer than the bell rang is told that it begins.
                self.opening = Opening::SoftBell;
            }
            return Ok(Some(Restart::Prepare));
        }
        let is_measured = self.scan.is_none();
        if is_measured
            && !matches!(self.deck.flow, Flow::PreRoll { .. })
            && let Some(goal) = self.goal.take()
            && let Some(timeline) = self.end_at(goal, source, solve)
        {
            return Ok(Some(Restart::with(timeline)));
        }
        if let Some(ending) = self.deck.advance(self.watch.now(), is_measured) {
            return Ok(Some(Restart::Ended(ending)));
        }
        let patience = self.deck.feed(source)?;
        source.lost().iter().for_each(|error| self.tell(PlaybackEvent::LeftOut(error.to_string())));
        self.report(source);
        let command = self.host.next(patience);
        Ok(command.and_then(|command| self.handle(command, source, solve)).map(Restart::with))
    }

    /// Returns the playhead, from which the transport decides what a command means.
    fn playhead<'t>(&self, timeline: &'t Timeline) -> Playhead<'t> {
        let (heard, horizon) = (self.deck.heard(), self.deck.horizon());
        Playhead { timeline, heard, horizon, moment: self.host.moment() }
    }

    fn tell(&mut self, event: PlaybackEvent) {
        self.host.tell(Update::Event(event));
    }

    fn report(&mut self, source: &PlaybackSource<'_>) {
        let timeline = source.timeline();
        let (heard, end) = (self.deck.heard(), FramePos::START + timeline.length);
        let state = match self.transport.state() {
            _ if !self.deck.has_device() => PlayState::NoDevice,
            _ if heard >= end && source.end() > end => PlayState::BedOnly,
            state => state,
        };
        let now = Snapshot { timeline, heard, state, transport: &self.transport };
        self.reporter.report(self.host, now, &mut self.deck.device.queue);
    }

    /// Does what a command means. Returns the timeline that is played from now on, if it is another.
    fn handle(
        &mut self,
        command: Command,
        source: &PlaybackSource<'_>,
        solve: Solve<'_>,
    ) -> Option<Timeline> {
        if matches!(self.deck.flow, Flow::Stopping { .. }) {
            // A listener who asks twice does not want to wait.
            if command == Command::Quit {
                self.deck.stop(self.watch.now());
            }
            return None;
        }
        if !matches!(command, Command::Volume(_)) {
            self.deck.fade_out_prompt();
        }
        let effects = self.transport.handle(command, &self.playhead(source.timeline()), solve);
        self.reporter.hurry();
        self.apply(effects, source)
    }

    /// Makes the session end at a moment.
    fn end_at(&mut self, goal: WallTime, source: &PlaybackSource<'_>, solve: Solve<'_>) -> Option<Timeline> {
        self.transport.confirm(goal);
        let retimed = self.handle(Command::EndAt(goal), source, solve);
        if retimed.is_none() {
            // It was told that it is to end at that moment.
            self.tell(self.transport.ends(&self.playhead(source.timeline())));
        }
        retimed
    }

    fn apply(&mut self, effects: Vec<Effect>, source: &PlaybackSource<'_>) -> Option<Timeline> {
        let mut retimed = None;
        for effect in effects {
            match effect {
                Effect::Pause => self.deck.pause(),
                Effect::Play(from) => self.deck.seek(from),
                Effect::PauseAt(at) => self.deck.pause_at(at),
                Effect::Retime(timeline) => {
                    self.deck.drop_ahead();
                    retimed = Some(timeline);
                }
                Effect::Volume(volume) => self.deck.device.queue.set_volume(volume.gain()),
                Effect::Speak(lines) => {
                    let (prompt, missing) = source.prompt(&lines);
                    missing.into_iter().for_each(|line| self.tell(PlaybackEvent::NotRecorded(line)));
                    self.deck.speak(&prompt, lines.len(), retimed.as_ref().unwrap_or(source.timeline()));
                }
                Effect::Tell(event) => self.tell(event),
                Effect::End => self.deck.stop(self.watch.now()),
            }
        }
        retimed
    }

    /// A session in a machine that slept waits, with or without a device: nothing begins to speak in a train. The device
    /// is opened anew, because one may be deaf after a sleep (measured: ALSA's dmix, on a USB card).
    fn wake(&mut self, stopped: PlaybackEvent, source: &PlaybackSource<'_>) {
        if matches!(self.deck.flow, Flow::Stopping { .. }) {
            return;
        }
        let state = self.transport.state();
        self.transport.wait();
        self.leave_device(source);
        if state == PlayState::Playing {
            self.tell(stopped);
        }
    }

    /// Checks that the device is still there, and looks for another if there is none.
    fn check_device(&mut self, source: &PlaybackSource<'_>, solve: Solve<'_>) -> Option<Restart> {
        if !self.deck.has_device() {
            return if self.watch.is_probe_due() { self.probe(source, solve) } else { None };
        }
        if self.watch.is_lost(&self.deck.device.queue, self.deck.flow) {
            if matches!(self.deck.flow, Flow::Stopping { .. }) {
                return Some(Restart::Ended(self.deck.quit()));
            }
            self.leave_device(source);
            self.reporter.report_lost_device(self.host);
        }
        None
    }

    /// Looks for a device.
    fn probe(&mut self, source: &PlaybackSource<'_>, solve: Solve<'_>) -> Option<Restart> {
        let rate = self.deck.device.rate;
        let found = self.host.open(rate);
        self.watch.end_probe(self.host);
        self.deck.attach(found.ok()?);
        self.welcome_device();
        if self.deck.device.rate != rate {
            // What was measured until now was measured for the other rate.
            self.scan = None;
            return Some(Restart::Prepare);
        }
        // After a wait that the listener did not want, a session that is to end on time has less time.
        let playhead = self.playhead(source.timeline());
        let effects = self.transport.still_on_time(playhead.heard, &playhead, solve);
        self.apply(effects, source).map(Restart::with)
    }

    /// Leaves the device, to look for one again; from now on the session stands at the start of the line that is
    /// interrupted.
    fn leave_device(&mut self, source: &PlaybackSource<'_>) {
        let at = phrase_start(source.timeline(), self.deck.heard());
        match self.transport.state() {
            PlayState::Playing => self.deck.seek(at),
            _ => self.deck.pause_at(at),
        }
        self.deck.device.close();
        self.watch.end_probe(self.host);
        self.reporter.forget_gaps(&mut self.deck.device.queue);
    }

    /// Brings a device to the volume of the session, and tells of it.
    fn welcome_device(&mut self) {
        self.deck.device.queue.set_volume(self.transport.volume().gain());
        self.reporter.report_device(self.host, &self.deck.device);
    }
}
