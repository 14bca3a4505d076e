//! The meaning of commands: the state that playing has besides its position.
//!
//! A command, what is heard at the moment and the clock of the listener go in; what is to be done comes out. Nothing
//! is done here, so all of it can be tried on a clock that stands still.

use super::command::{Command, Direction, LengthLimit, Volume, WallTime};
use super::landing::{landing, phrase_start};
use super::prompts;
use super::status::PlayState;
use super::update::PlaybackEvent;
use crate::timeline::{EditRequest, LiveEdit, Refusal, Timeline};
use crate::units::{FramePos, SampleRate};

/// A part of what a command means, to be done by the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fade out and wait.
    Pause,
    /// Go on from that instant.
    Play(FramePos),
    /// While it waits: be at that instant.
    PauseAt(FramePos),
    /// From now on it is this timeline, the same up to the horizon.
    Retime(Timeline),
    /// Another volume.
    Volume(Volume),
    /// Speak these lines.
    Speak(Vec<String>),
    /// Tell what happened.
    Tell(PlaybackEvent),
    /// Fade out and end.
    End,
}

/// The position of playing when a command comes.
#[derive(Clone, Copy)]
pub struct Playhead<'t> {
    /// The timeline that is played.
    pub timeline: &'t Timeline,
    /// The frame that is heard now.
    pub heard: FramePos,
    /// The first frame that can still be another: what is before it is as good as heard.
    pub horizon: FramePos,
    /// The moment on the clock.
    pub moment: WallTime,
}

/// The timeline after all edits, or the reason for a refusal.
pub type Solve<'s> = &'s dyn Fn(&[LiveEdit]) -> Result<Timeline, Refusal>;

/// The state of playing.
#[derive(Clone, Debug)]
pub struct Transport {
    pub(super) intent: Intent,
    volume: Volume,
    /// When it is to end, if the listener wants it to.
    pub(super) goal: Option<WallTime>,
    pub(super) edits: Vec<LiveEdit>,
    /// The goals before each change that can be taken back.
    pub(super) goals: Vec<Option<WallTime>>,
    /// An end that would make it much longer, so that it has to be asked for again.
    pub(super) unconfirmed: Option<WallTime>,
    /// The lines that explain what can be asked for, if they are to be spoken.
    keys: Vec<String>,
}

/// The state that the listener wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Playing,
    Paused,
}

impl Transport {
    /// Playing, at a volume, with edits that the timeline has already. `keys` is spoken when the listener asks
    /// what can be asked for.
    pub fn new(volume: Volume, edits: Vec<LiveEdit>, keys: Vec<String>) -> Self {
        let mut goals = Vec::new();
        for amendment in &edits {
            match amendment.wish {
                EditRequest::MoreRest(_) | EditRequest::EndAt(_) => goals.push(None),
                EditRequest::TakeBack => drop(goals.pop()),
                EditRequest::StillEndAt(_) => {}
            }
        }
        Self { intent: Intent::Playing, volume, goal: None, edits, goals, unconfirmed: None, keys }
    }

    /// Returns the play state, as far as that is up to the listener.
    pub fn state(&self) -> PlayState {
        match self.intent {
            Intent::Playing => PlayState::Playing,
            Intent::Paused => PlayState::Paused,
        }
    }

    /// It waits, though the listener did not ask for it.
    pub fn wait(&mut self) {
        self.intent = Intent::Paused;
    }

    /// An end is meant, however late it is: it was not typed with closed eyes.
    pub fn confirm(&mut self, end: WallTime) {
        self.unconfirmed = Some(end);
    }

    /// Returns the volume.
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Returns the changes so far, in order: with them, the same timeline can be had again.
    pub fn edits(&self) -> &[LiveEdit] {
        &self.edits
    }

    /// The same for a timeline of another rate.
    pub fn change_rate(&mut self, from: SampleRate, to: SampleRate) {
        let at = |at: FramePos| FramePos::START + at.to_millis(from).to_frames(to);
        for amendment in &mut self.edits {
            amendment.now = at(amendment.now);
            if let EditRequest::EndAt(end) | EditRequest::StillEndAt(end) = &mut amendment.wish {
                *end = at(*end);
            }
        }
    }

    /// Takes a command, and returns its effects.
    pub fn handle(&mut self, command: Command, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        let unconfirmed = self.unconfirmed.take();
        match command {
            Command::PauseOrResume if self.intent == Intent::Playing => self.pause(),
            Command::PauseOrResume => self.resume(here, solve),
            Command::Pause => self.pause(),
            Command::Resume => self.resume(here, solve),
            Command::Step(direction, unit) => match landing(here.timeline, here.heard, direction, unit) {
                Some(to) => self.go_to(to, here, solve),
                None => vec![Effect::Tell(PlaybackEvent::NothingFurther)],
            },
            Command::Seek(direction, by) => {
                let by = by.to_frames(here.timeline.rate);
                let to = match direction {
                    Direction::Forward => here.heard + by,
                    Direction::Back => here.heard.saturating_sub(by),
                };
                self.go_to(to, here, solve)
            }
            Command::SeekTo(time) => {
                self.go_to(FramePos::START + time.to_frames(here.timeline.rate), here, solve)
            }
            Command::Volume(change) => {
                self.volume = self.volume.changed(change);
                vec![Effect::Volume(self.volume), Effect::Tell(PlaybackEvent::Volume)]
            }
            Command::MoreRest => self.more_rest(here, solve),
            Command::EndAt(moment) if unconfirmed == Some(moment) => {
                self.end_at(moment, LengthLimit::Any, here, solve)
            }
            Command::EndAt(moment) => self.end_at(moment, LengthLimit::Twice, here, solve),
            Command::TakeBack => self.take_back(here, solve),
            Command::Returned if self.intent == Intent::Paused => {
                vec![Effect::Tell(PlaybackEvent::StillPaused)]
            }
            Command::Returned => Vec::new(),
            Command::Where => {
                let left = (FramePos::START + here.timeline.length).saturating_since(here.heard);
                let said = prompts::time_left(left.to_millis(here.timeline.rate));
                vec![Effect::Tell(PlaybackEvent::Where(said.clone())), Effect::Speak(vec![said])]
            }
            Command::Keys if self.keys.is_empty() => vec![Effect::Tell(PlaybackEvent::Keys)],
            Command::Keys => vec![Effect::Tell(PlaybackEvent::Keys), Effect::Speak(self.keys.clone())],
            Command::Quit => vec![Effect::End],
        }
    }

    fn pause(&mut self) -> Vec<Effect> {
        if self.intent == Intent::Paused {
            return Vec::new();
        }
        self.intent = Intent::Paused;
        vec![Effect::Pause, Effect::Tell(PlaybackEvent::Paused)]
    }

    /// Goes on at the start of the line that was interrupted. A session that is to end on time has less time now.
    fn resume(&mut self, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        if self.intent == Intent::Playing {
            return Vec::new();
        }
        self.intent = Intent::Playing;
        let from = phrase_start(here.timeline, here.heard);
        let mut effects = self.still_on_time(from, here, solve);
        effects.push(Effect::Tell(PlaybackEvent::Resumed(from.to_millis(here.timeline.rate))));
        effects.push(Effect::Play(from));
        effects
    }

    fn go_to(&mut self, to: FramePos, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        let to = to.min(FramePos::START + here.timeline.length);
        let moved = Effect::Tell(PlaybackEvent::Moved(to.to_millis(here.timeline.rate)));
        if self.intent == Intent::Paused {
            return vec![Effect::PauseAt(to), moved];
        }
        let mut effects = self.still_on_time(to, here, solve);
        effects.extend([moved, Effect::Play(to)]);
        effects
    }
}
