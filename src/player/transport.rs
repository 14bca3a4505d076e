//! What a command means: the state that playing has besides its position.
//!
//! A command, what is heard at the moment and the clock of whoever asks go in; what is to be done comes out. Nothing
//! is done here, so all of it can be tried on a clock that stands still.

use super::answer;
use super::command::{Command, Direction, Moment, Volume};
use super::landing::{landing, phrase_start};
use super::news::Event;
use super::status::PlayState;
use crate::timeline::{Amendment, Refusal, Timeline, Wish};
use crate::units::{FramePos, Millis, SampleRate};

/// What one press adds to a rest.
const ONE_MORE: Millis = Millis::from_secs(60);

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Fade out and wait.
    Hold,
    /// Go on from that instant.
    Play(FramePos),
    /// While it waits: be at that instant.
    Place(FramePos),
    /// From now on it is this timeline, the same up to the horizon.
    Retime(Timeline),
    /// Another volume.
    Volume(Volume),
    /// Say these lines.
    Say(Vec<String>),
    /// Tell what happened.
    Tell(Event),
    /// Fade out and end.
    End,
}

/// Where playing stands when a command comes.
#[derive(Clone, Copy)]
pub struct Here<'t> {
    /// The timeline that is played.
    pub timeline: &'t Timeline,
    /// The frame that is heard now.
    pub heard: FramePos,
    /// The first frame that can still be another: what is before it is as good as heard.
    pub horizon: FramePos,
    /// The moment on the clock.
    pub moment: Moment,
}

/// The timeline after all amendments, or why not.
pub type Solve<'s> = &'s dyn Fn(&[Amendment]) -> Result<Timeline, Refusal>;

/// The state of playing.
#[derive(Clone, Debug)]
pub struct Transport {
    intent: Intent,
    volume: Volume,
    /// When it is to end, if the listener wants it to.
    goal: Option<Moment>,
    amendments: Vec<Amendment>,
    /// The lines that explain what can be asked for, if they are to be spoken.
    keys: Vec<String>,
}

/// What the listener wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Playing,
    Paused,
}

impl Transport {
    /// Playing, at a volume, with amendments that the timeline has already. `keys` is spoken when the listener asks
    /// what can be asked for.
    pub fn new(volume: Volume, amendments: Vec<Amendment>, keys: Vec<String>) -> Self {
        Self { intent: Intent::Playing, volume, goal: None, amendments, keys }
    }

    /// Whether it plays, as far as that is up to the listener.
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

    /// How loud.
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// What was changed so far, in order: with it, the same timeline can be had again.
    pub fn amendments(&self) -> &[Amendment] {
        &self.amendments
    }

    /// The same for a timeline of another rate.
    pub fn change_rate(&mut self, from: SampleRate, to: SampleRate) {
        let at = |at: FramePos| FramePos::START + at.to_millis(from).to_frames(to);
        for amendment in &mut self.amendments {
            amendment.now = at(amendment.now);
            if let Wish::EndAt(end) = &mut amendment.wish {
                *end = at(*end);
            }
        }
    }

    /// What a command means now.
    pub fn obey(&mut self, command: Command, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        match command {
            Command::PauseOrResume if self.intent == Intent::Playing => self.pause(),
            Command::PauseOrResume => self.resume(here, solve),
            Command::Pause => self.pause(),
            Command::Resume => self.resume(here, solve),
            Command::Step(direction, unit) => match landing(here.timeline, here.heard, direction, unit) {
                Some(to) => self.go_to(to, here, solve),
                None => vec![Act::Tell(Event::NothingFurther)],
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
                vec![Act::Volume(self.volume), Act::Tell(Event::Volume)]
            }
            Command::MoreRest => self.more_rest(here, solve),
            Command::EndAt(moment) => self.end_at(moment, here, solve),
            Command::Where => {
                let left = (FramePos::START + here.timeline.length).saturating_since(here.heard);
                let said = answer::time_left(left.to_millis(here.timeline.rate));
                vec![Act::Tell(Event::Where(said.clone())), Act::Say(vec![said])]
            }
            Command::Keys if self.keys.is_empty() => vec![Act::Tell(Event::Keys)],
            Command::Keys => vec![Act::Tell(Event::Keys), Act::Say(self.keys.clone())],
            Command::Quit => vec![Act::End],
        }
    }

    fn pause(&mut self) -> Vec<Act> {
        if self.intent == Intent::Paused {
            return Vec::new();
        }
        self.intent = Intent::Paused;
        vec![Act::Hold, Act::Tell(Event::Paused)]
    }

    /// Goes on at the start of the line that was interrupted. A session that is to end on time has less time now.
    fn resume(&mut self, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        if self.intent == Intent::Playing {
            return Vec::new();
        }
        self.intent = Intent::Playing;
        let from = phrase_start(here.timeline, here.heard);
        let mut acts = self.still_on_time(from, here, solve);
        acts.push(Act::Tell(Event::Resumed(from.to_millis(here.timeline.rate))));
        acts.push(Act::Play(from));
        acts
    }

    fn go_to(&mut self, to: FramePos, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        let to = to.min(FramePos::START + here.timeline.length);
        let moved = Act::Tell(Event::Moved(to.to_millis(here.timeline.rate)));
        if self.intent == Intent::Paused {
            return vec![Act::Place(to), moved];
        }
        let mut acts = self.still_on_time(to, here, solve);
        acts.extend([moved, Act::Play(to)]);
        acts
    }

    fn more_rest(&mut self, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        match self.amend(here.horizon, Wish::MoreRest(ONE_MORE), solve) {
            Ok(timeline) => {
                // Who wants to rest longer wants to end later.
                self.goal = None;
                let left = (FramePos::START + timeline.length).saturating_since(here.heard);
                let told = Event::RestLonger { left: left.to_millis(timeline.rate) };
                vec![Act::Retime(timeline), Act::Tell(told), Act::Say(vec![answer::MORE_REST.to_owned()])]
            }
            Err(refusal) => refused(&refusal, here),
        }
    }

    fn end_at(&mut self, moment: Moment, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        let from = match self.intent {
            Intent::Playing => here.heard,
            Intent::Paused => phrase_start(here.timeline, here.heard),
        };
        let now = here.horizon.max(from);
        match self.amend(now, Wish::EndAt(end(from, moment, here)), solve) {
            Ok(timeline) => {
                self.goal = Some(moment);
                let left = Event::EndsIn(Millis(moment.0.0.saturating_sub(here.moment.0.0)));
                vec![Act::Retime(timeline), Act::Tell(left), Act::Say(vec![answer::ENDS_ON_TIME.to_owned()])]
            }
            Err(refusal) => refused(&refusal, here),
        }
    }

    /// After a pause or a move, a session that is to end on time is made to; if that cannot be any more, it is told.
    pub fn still_on_time(&mut self, from: FramePos, here: &Here<'_>, solve: Solve<'_>) -> Vec<Act> {
        let Some(moment) = self.goal else { return Vec::new() };
        match self.amend(from, Wish::EndAt(end(from, moment, here)), solve) {
            Ok(timeline) => vec![Act::Retime(timeline)],
            Err(refusal) => {
                self.goal = None;
                vec![Act::Tell(Event::Refused(answer::why_not(&refusal, from, here.timeline.rate)))]
            }
        }
    }

    fn amend(&mut self, now: FramePos, wish: Wish, solve: Solve<'_>) -> Result<Timeline, Refusal> {
        self.amendments.push(Amendment { now, wish });
        solve(&self.amendments).inspect_err(|_| self.amendments.truncate(self.amendments.len() - 1))
    }
}

/// Where the track has to end, if the frame `from` is heard at this moment.
fn end(from: FramePos, moment: Moment, here: &Here<'_>) -> FramePos {
    from + Millis(moment.0.0.saturating_sub(here.moment.0.0)).to_frames(here.timeline.rate)
}

fn refused(refusal: &Refusal, here: &Here<'_>) -> Vec<Act> {
    vec![
        Act::Tell(Event::Refused(answer::why_not(refusal, here.heard, here.timeline.rate))),
        Act::Say(vec![answer::refusal(refusal).to_owned()]),
    ]
}
