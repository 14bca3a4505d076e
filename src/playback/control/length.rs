//! Changes of the length: more of a rest, another end, and the last of them taken back.
//!
//! What a timeline becomes is the solver's matter; here is decided what is asked of it, and what is told. Beside
//! `transport.rs`, which comes here with three of its commands.

use super::command::{LengthLimit, WallTime};
use super::landing::phrase_start;
use super::prompts;
use super::transport::{Effect, Intent, Playhead, Solve, Transport};
use super::update::{End, PlaybackEvent};
use crate::audio::SoundRef;
use crate::timeline::{Bus, EditRequest, LONGEST_TRACK, LiveEdit, Refusal, Timeline};
use crate::units::{FramePos, Millis};

/// The time that one press adds to a rest.
const MORE_REST_STEP: Millis = Millis::from_secs(60);

impl Transport {
    /// Makes the rest that is heard a minute longer.
    pub(super) fn more_rest(&mut self, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        match self.change(EditRequest::MoreRest(MORE_REST_STEP), here, solve) {
            Ok(change) => {
                // A listener who wants to rest longer wants to end later.
                self.goals.push(self.goal.take());
                let told = PlaybackEvent::RestLonger(self.end(&change.timeline, here));
                change.effects([Effect::Tell(told), speak(prompts::MORE_REST)])
            }
            Err(refusal) => refused(&refusal),
        }
    }

    /// Ends at a moment; asks for it again if that makes the track longer than `limit`.
    pub(super) fn end_at(
        &mut self,
        moment: WallTime,
        limit: LengthLimit,
        here: &Playhead<'_>,
        solve: Solve<'_>,
    ) -> Vec<Effect> {
        let from = self.from(here);
        match self.change(EditRequest::EndAt(end(from, moment, here)), here, solve) {
            Ok(change)
                if limit == LengthLimit::Twice && change.timeline.length > here.timeline.length * 2 =>
            {
                self.edits.truncate(self.edits.len() - 1);
                self.unconfirmed = Some(moment);
                let length = change.timeline.length.to_millis(change.timeline.rate);
                vec![
                    Effect::Tell(PlaybackEvent::MuchLonger { length, end: moment }),
                    speak(prompts::MUCH_LONGER),
                ]
            }
            Ok(change) => {
                self.goals.push(self.goal.replace(moment));
                let told = PlaybackEvent::Ends(self.end(&change.timeline, here));
                change.effects([Effect::Tell(told), speak(prompts::ENDS_ON_TIME)])
            }
            Err(refusal) => {
                let told = self.why_not_then(&refusal, moment, (from, self.changeable(here)), here, solve);
                vec![Effect::Tell(told), speak(prompts::refusal(&refusal))]
            }
        }
    }

    /// Takes the last change of the length back, for all that is left.
    pub(super) fn take_back(&mut self, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        let back = match self.change(EditRequest::TakeBack, here, solve) {
            Ok(change) => change,
            Err(refusal) => return refused(&refusal),
        };
        let goal = self.goals.pop().flatten();
        if back.timeline == *here.timeline {
            self.goal = None;
            let why = "The last change has been heard already, so it cannot be taken back.";
            return vec![Effect::Tell(PlaybackEvent::Refused(why.to_owned())), speak(prompts::HEARD_ALREADY)];
        }
        self.goal = goal;
        let from = back.again_from.unwrap_or_else(|| self.from(here));
        let now = back.again_from.unwrap_or_else(|| self.changeable(here));
        let mut effects = Vec::new();
        let change = match self.on_time((from, now), here, solve) {
            Some(Ok(timeline)) => Changed { timeline, ..back },
            Some(Err(told)) => {
                effects.push(Effect::Tell(told));
                back
            }
            None => back,
        };
        let told = PlaybackEvent::TakenBack(self.end(&change.timeline, here));
        effects.extend(change.effects([Effect::Tell(told), speak(prompts::TAKEN_BACK)]));
        effects
    }

    /// Changes the timeline from where that is possible on. Words that are said at the moment and would not be true any
    /// more are said again, as they are true then.
    fn change(
        &mut self,
        wish: EditRequest,
        here: &Playhead<'_>,
        solve: Solve<'_>,
    ) -> Result<Changed, Refusal> {
        let timeline = self.amend(self.changeable(here), wish, solve)?;
        let start = phrase_start(here.timeline, here.heard);
        if self.intent == Intent::Paused || start == here.heard {
            return Ok(Changed { timeline, again_from: None });
        }
        let without = self.edits.pop();
        let again = self.amend(start, wish, solve)?;
        if words_at(&again, start) != words_at(here.timeline, start) {
            return Ok(Changed { timeline: again, again_from: Some(start) });
        }
        self.edits.pop();
        self.edits.extend(without);
        Ok(Changed { timeline, again_from: None })
    }

    /// The first frame that may be another one after a change: nothing before it will be heard again.
    fn changeable(&self, here: &Playhead<'_>) -> FramePos {
        match self.intent {
            Intent::Playing => here.horizon,
            Intent::Paused => phrase_start(here.timeline, here.heard),
        }
    }

    /// After a pause or a move, a session that is to end on time is made to; if that cannot be any more, it is told.
    pub fn still_on_time(&mut self, from: FramePos, here: &Playhead<'_>, solve: Solve<'_>) -> Vec<Effect> {
        match self.on_time((from, from), here, solve) {
            Some(Ok(timeline)) => vec![Effect::Retime(timeline)],
            Some(Err(told)) => vec![Effect::Tell(told)],
            None => Vec::new(),
        }
    }

    /// The timeline that ends on time, if it is to; or why there is none any more. `from` is heard at this moment, and
    /// what is before `now` cannot be another.
    fn on_time(
        &mut self,
        (from, now): (FramePos, FramePos),
        here: &Playhead<'_>,
        solve: Solve<'_>,
    ) -> Option<Result<Timeline, PlaybackEvent>> {
        let goal = self.goal?;
        Some(self.amend(now, EditRequest::StillEndAt(end(from, goal, here)), solve).map_err(|refusal| {
            self.goal = None;
            self.why_not_then(&refusal, goal, (from, now), here, solve)
        }))
    }

    /// The event that refuses an end at a moment and tells the possible ones.
    fn why_not_then(
        &self,
        refusal: &Refusal,
        wanted: WallTime,
        (from, now): (FramePos, FramePos),
        here: &Playhead<'_>,
        solve: Solve<'_>,
    ) -> PlaybackEvent {
        let rate = here.timeline.rate;
        let ask = |end| {
            let wish = LiveEdit { now, wish: EditRequest::EndAt(end) };
            solve(&[&self.edits[..], &[wish]].concat())
        };
        let is = FramePos::START + here.timeline.length;
        let earliest = || match ask(FramePos::START) {
            Err(Refusal::TooEarly { earliest }) => earliest,
            _ => is,
        };
        let latest = || match ask(FramePos::START + (LONGEST_TRACK + MORE_REST_STEP).to_frames(rate)) {
            Err(Refusal::TooLate { latest }) => latest,
            _ => is,
        };
        let (earliest, latest) = match refusal {
            Refusal::TooEarly { earliest } => (*earliest, latest().max(*earliest)),
            Refusal::TooLate { latest } => (earliest().min(*latest), *latest),
            _ => return PlaybackEvent::Refused(prompts::why_not(refusal)),
        };
        let moment = |end: FramePos| WallTime(here.moment.0 + end.saturating_since(from).to_millis(rate));
        PlaybackEvent::OutOfReach { wanted, earliest: moment(earliest), latest: moment(latest) }
    }

    /// When it ends, as an event.
    pub fn ends(&self, here: &Playhead<'_>) -> PlaybackEvent {
        PlaybackEvent::Ends(self.end(here.timeline, here))
    }

    /// The next frame to be heard, if nothing else is asked for.
    fn from(&self, here: &Playhead<'_>) -> FramePos {
        match self.intent {
            Intent::Playing => here.heard,
            Intent::Paused => phrase_start(here.timeline, here.heard),
        }
    }

    /// When a timeline that is played from now on ends.
    fn end(&self, timeline: &Timeline, here: &Playhead<'_>) -> End {
        let left = (FramePos::START + timeline.length).saturating_since(here.heard).to_millis(timeline.rate);
        match (self.goal, self.intent) {
            (Some(goal), _) => End { at: Some(goal), left: Millis(goal.0.0.saturating_sub(here.moment.0.0)) },
            (None, Intent::Playing) => End { at: Some(WallTime(here.moment.0 + left)), left },
            (None, Intent::Paused) => End { at: None, left },
        }
    }

    fn amend(&mut self, now: FramePos, wish: EditRequest, solve: Solve<'_>) -> Result<Timeline, Refusal> {
        self.edits.push(LiveEdit { now, wish });
        solve(&self.edits).inspect_err(|_| self.edits.truncate(self.edits.len() - 1))
    }
}

/// A change of the timeline.
struct Changed {
    timeline: Timeline,
    /// The start of words that were interrupted, and are said again as they are now.
    again_from: Option<FramePos>,
}

impl Changed {
    /// The effects of the change, and then these.
    fn effects(self, then: [Effect; 2]) -> Vec<Effect> {
        let again = self.again_from.map(Effect::Play);
        [Effect::Retime(self.timeline)].into_iter().chain(again).chain(then).collect()
    }
}

/// The words whose clip begins at an instant.
fn words_at(timeline: &Timeline, at: FramePos) -> Option<&SoundRef> {
    let mut words = timeline.events.iter().filter(|event| event.bus == Bus::Voice);
    words.find(|event| event.start == at).map(|event| &timeline.sounds[event.clip.index()])
}

/// Returns the position where the track has to end, if the frame `from` is heard at this moment.
fn end(from: FramePos, moment: WallTime, here: &Playhead<'_>) -> FramePos {
    from + Millis(moment.0.0.saturating_sub(here.moment.0.0)).to_frames(here.timeline.rate)
}

fn refused(refusal: &Refusal) -> Vec<Effect> {
    vec![Effect::Tell(PlaybackEvent::Refused(prompts::why_not(refusal))), speak(prompts::refusal(refusal))]
}

fn speak(line: &str) -> Effect {
    Effect::Speak(vec![line.to_owned()])
}
