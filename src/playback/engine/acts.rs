//! The meaning of commands for the engine: the acts of `control::Transport`, done.

use super::PlayError;
use super::flow::Flow;
use super::playback_engine::{PlaybackEngine, SHORT};
use super::source::PlaybackSource;
use crate::audio::Frame;
use crate::device::Fade;
use crate::playback::control::{
    Command, Effect, Event, Solve, Update, WallTime, is_spoken_within, phrase_start,
};
use crate::timeline::Timeline;
use crate::units::{Frames, Millis};

/// A listener's end comes gently.
const FAREWELL: Millis = Millis(1500);

/// A change of the volume.
const GLIDE: Millis = Millis(60);

/// After an answer that is said into a rest, until the next words may come.
const BREATH: Millis = Millis(400);

/// Between two lines of an answer: longer than any pause within one.
const BETWEEN: Millis = Millis(1200);

impl PlaybackEngine<'_> {
    /// Does what a command means. Returns the timeline that is played from now on, if it is another.
    pub(super) fn obey(
        &mut self,
        command: Command,
        music: &PlaybackSource<'_>,
        solve: Solve<'_>,
    ) -> Option<Timeline> {
        if matches!(self.flow, Flow::Leaving { .. }) {
            // A listener who asks twice does not want to wait.
            if command == Command::Quit {
                self.flow = Flow::Leaving { since: Millis::ZERO, faded: None };
            }
            return None;
        }
        let short = self.frames(SHORT);
        if !matches!(command, Command::Volume(_))
            && let Some(line) = self.line().filter(|line| line.is_answering())
        {
            line.hush(short);
        }
        let here = self.here(music.timeline());
        let acts = self.transport.obey(command, &here, solve);
        let retimed = self.act(acts, music);
        self.told.at_once();
        retimed
    }

    /// Makes the session end at a moment.
    pub(super) fn end_at(
        &mut self,
        goal: WallTime,
        music: &PlaybackSource<'_>,
        solve: Solve<'_>,
    ) -> Option<Timeline> {
        self.transport.mean(goal);
        let retimed = self.obey(Command::EndAt(goal), music, solve);
        if retimed.is_none() {
            // It was told that it is to end at that moment.
            let here = self.here(music.timeline());
            self.world.tell(Update::Event(self.transport.ends(&here)));
        }
        retimed
    }

    /// After a wait that the listener did not want, a session that is to end on time has less time.
    pub(super) fn catch_up(&mut self, music: &PlaybackSource<'_>, solve: Solve<'_>) -> Option<Timeline> {
        let here = self.here(music.timeline());
        let acts = self.transport.still_on_time(here.heard, &here, solve);
        self.act(acts, music)
    }

    /// Rings a soft bell, after which the session begins.
    pub(super) fn ring(&mut self, music: &PlaybackSource<'_>) -> Result<(), PlayError> {
        let bell = music.soft_bell()?;
        let then = self.heard();
        if let Some(line) = self.line() {
            let after = line.answered() + bell.len() as u64;
            line.answer(&bell);
            self.flow = Flow::Opening { then, after };
        }
        Ok(())
    }

    fn act(&mut self, acts: Vec<Effect>, music: &PlaybackSource<'_>) -> Option<Timeline> {
        let mut retimed = None;
        for act in acts {
            match act {
                Effect::Hold => self.hold(),
                Effect::Play(from) => {
                    self.hold();
                    self.flow = Flow::Turning { to: from };
                }
                Effect::Place(at) => self.flow = Flow::Held { at: Some(at) },
                Effect::Retime(timeline) => {
                    self.retime(music.timeline());
                    retimed = Some(timeline);
                }
                Effect::Volume(volume) => {
                    let over = self.frames(GLIDE);
                    if let Some(line) = self.line() {
                        line.volume(Fade { to: volume.gain(), over });
                    }
                }
                Effect::Say(lines) => self.say(&lines, retimed.as_ref().unwrap_or(music.timeline()), music),
                Effect::Tell(event) => self.world.tell(Update::Event(event)),
                Effect::End => self.leave(),
            }
        }
        retimed
    }

    fn hold(&mut self) {
        let over = self.frames(SHORT);
        let at = self.flow.elsewhere();
        if let Some(line) = self.line() {
            line.hold(over);
        }
        self.flow = Flow::Held { at };
    }

    fn leave(&mut self) {
        let over = self.frames(FAREWELL);
        if let Some(line) = self.line() {
            line.hush(over);
            line.hold(over);
        }
        let at = self.flow.elsewhere();
        self.base.0 = at.unwrap_or(self.base.0);
        self.flow = Flow::Leaving { since: self.world.uptime(), faded: None };
    }

    /// From the horizon on, what was rendered ahead is of a timeline that is no longer.
    fn retime(&mut self, timeline: &Timeline) {
        let here = self.here(timeline);
        let base = self.base;
        let was_last = self.is_last;
        match self.flow {
            Flow::Going | Flow::Ringing { .. } => {
                let Some(line) = self.line() else { return };
                let cut = line.cut(base.1 + here.horizon.saturating_since(base.0).0);
                if was_last {
                    line.go(Frames::ZERO);
                }
                self.next = base.0 + Frames(cut.saturating_sub(base.1));
                (self.is_last, self.flow) = (false, Flow::Going);
            }
            Flow::Priming { .. } => self.flow = Flow::Turning { to: base.0 },
            _ => {}
        }
    }

    /// Says lines: over a rest at once, over other words after they were hushed, which are said again.
    fn say(&mut self, lines: &[String], timeline: &Timeline, music: &PlaybackSource<'_>) {
        let between = self.frames(BETWEEN).as_usize();
        let mut answer: Vec<Frame> = Vec::new();
        for text in lines {
            match music.line(text) {
                Ok(line) if answer.is_empty() => answer = line,
                Ok(line) => {
                    answer.resize(answer.len() + between, Frame::SILENCE);
                    answer.extend(line);
                }
                Err(_) => self.world.tell(Update::Event(Event::NotRecorded(text.clone()))),
            }
        }
        let heard = self.heard();
        let until = heard + Frames(answer.len() as u64) + self.frames(BREATH);
        let interrupts = lines.len() > 1 || is_spoken_within(timeline, heard, until);
        let (over, flow) = (self.frames(SHORT), self.flow);
        let Some(line) = self.line().filter(|_| !answer.is_empty()) else { return };
        line.answer(&answer);
        match flow {
            Flow::Going if interrupts => {
                line.hold(over);
                self.flow = Flow::Answering { then: phrase_start(timeline, heard) };
            }
            Flow::Turning { to } if interrupts => self.flow = Flow::Answering { then: to },
            _ => {}
        }
    }
}
