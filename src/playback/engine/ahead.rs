//! Rendering ahead: how far the line is filled, and how long there is nothing to do then.

use super::super::loader::Supply;
use super::PlayError;
use super::flow::Flow;
use super::playback_engine::PlaybackEngine;
use super::source::PlaybackSource;
use crate::audio::Frame;
use crate::device::Pace;
use crate::playback::control::{Event, Update};
use crate::units::{Frames, Millis};

/// Time that a turn waits for a command, while nothing else is about to happen and while something is.
const TURN: Millis = Millis(50);
const SHORT_TURN: Millis = Millis(5);
const HURRY: Millis = Millis(1);

/// Length that is rendered at a time: less than what is as good as heard when the timeline changes, so that there is
/// room for a part of the other one before it is due.
const CHUNK: Millis = Millis(150);

/// The most that is rendered in one turn, so that a command never waits long.
const MOST_IN_A_TURN: Millis = Millis(1000);

/// Length that is pushed before it goes, and length that is enough if a clip is late: more than a device holds.
pub(super) const PRIMED: Millis = Millis(1000);
const ENOUGH: Millis = Millis(500);

/// A device that takes more than three times what time goes by, over this time, is no loudspeaker but a file. A
/// loudspeaker takes what it can hold at first, a third of a second, and then no more than is heard.
const LOOKED_AT: Millis = Millis(150);
const FAST: u64 = 3;

/// The last known rate at which the device takes frames.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConsumptionRate {
    /// When, and how many it had taken then.
    since: Millis,
    played: u64,
    pace: Pace,
}

impl Default for ConsumptionRate {
    fn default() -> Self {
        Self { since: Millis::ZERO, played: 0, pace: Pace::AsHeard }
    }
}

/// The result of filling the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filled {
    /// There is no room for more, or no more to come.
    Whole,
    /// There is room, and more to be rendered.
    InPart,
    /// A clip is being decoded.
    Late,
}

impl PlaybackEngine<'_> {
    /// Renders ahead, as far as there is room. Returns how long there is nothing more to do.
    pub(super) fn fill(&mut self, music: &mut PlaybackSource<'_>) -> Result<Millis, PlayError> {
        let going = self.flow == Flow::Going;
        if !going && !matches!(self.flow, Flow::Priming { .. }) {
            return Ok(if self.flow.is_settled() { TURN } else { SHORT_TURN });
        }
        let end = music.end();
        let chunk = self.frames(CHUNK);
        self.chunk.resize(chunk.as_usize(), Frame::SILENCE);
        let most = self.next + self.frames(MOST_IN_A_TURN);
        let Some(device) = &mut self.device else { return Ok(TURN) };
        let line = device.line();
        let mut filled = Filled::InPart;
        while self.next < end.min(most) && filled == Filled::InPart {
            let length = end.saturating_since(self.next).min(chunk).as_usize();
            let frames = &mut self.chunk[..length];
            filled = match line.room() < length {
                true => Filled::Whole,
                false if music.read(self.next, frames)? == Supply::Late => Filled::Late,
                false => {
                    self.next += Frames(line.push(frames) as u64);
                    Filled::InPart
                }
            };
        }
        for error in music.lost() {
            self.world.tell(Update::Event(Event::LeftOut(error.to_string())));
        }
        if self.next >= end {
            filled = Filled::Whole;
            if !self.is_last {
                line.finish();
                self.is_last = true;
            }
        }
        let pushed = Frames(line.pushed().saturating_sub(line.played()));
        let enough = if filled == Filled::Late { ENOUGH } else { PRIMED };
        if let Flow::Priming { over } = self.flow
            && (pushed >= self.frames(enough) || self.next >= end)
        {
            self.go(over);
        }
        Ok(match filled {
            Filled::InPart => Millis::ZERO,
            Filled::Whole if self.pace() == Pace::AsFastAsItCan => HURRY,
            Filled::Late => SHORT_TURN,
            Filled::Whole if self.flow == Flow::Going => TURN,
            Filled::Whole => SHORT_TURN,
        })
    }

    fn go(&mut self, over: Frames) {
        let since = self.turn;
        let Some(line) = self.line() else { return };
        // Until more is known of it. More is pushed than a loudspeaker takes until then, so that it never waits.
        let pace = Pace::AsFastAsItCan;
        line.pace(pace);
        line.go(over);
        self.taken = ConsumptionRate { since, played: line.played(), pace };
        self.flow = Flow::Going;
    }

    /// Measures how fast the device takes frames.
    fn pace(&mut self) -> Pace {
        let (now, before) = (self.turn, self.taken);
        let passed = Millis(now.0.saturating_sub(before.since.0));
        let heard = self.frames(passed);
        if passed >= LOOKED_AT
            && let Some(line) = self.line()
        {
            let played = line.played();
            let is_fast = played.saturating_sub(before.played) > heard.0 * FAST;
            let pace = if is_fast { Pace::AsFastAsItCan } else { Pace::AsHeard };
            line.pace(pace);
            self.taken = ConsumptionRate { since: now, played, pace };
        }
        self.taken.pace
    }
}
