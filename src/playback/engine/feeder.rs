//! The feeder of the device: renders a session a little ahead of what is heard, into the output queue.
//!
//! Must not know commands, nor which state the engine is in: it is started at a position, goes on elsewhere after a
//! splice, and is called again and again.

use super::super::loader::Supply;
use super::flow::PREBUFFER;
use super::request::PlayError;
use super::source::PlaybackSource;
use crate::audio::Frame;
use crate::device::{OutputQueue, StreamEnd};
use crate::units::{FramePos, Frames, Gain, Millis};

/// Whatever begins or stops in the middle of a sound fades over this time: no click, and no delay either.
pub(super) const EDGE_FADE: Millis = Millis(20);

/// Length that is rendered at a time: less than what is as good as heard when the timeline changes, so that there is
/// room for a part of the other one before it is due.
const CHUNK: Millis = Millis(150);

/// The longest that is rendered in one call, so that a command never waits long.
const RENDERED_AT_ONCE_MAX: Millis = Millis(1000);

/// Length that is enough to begin with if a clip is late: still more than a device holds.
const LATE_PREBUFFER: Millis = Millis(500);

/// Renders ahead of the device.
#[derive(Debug)]
pub(super) struct Feeder {
    /// The next frame to be rendered.
    next: FramePos,
    /// Frames that are rendered and not queued.
    rendered: Vec<Frame>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing is queued until enough is rendered.
    Prebuffering,
    /// All that is rendered is queued.
    Streaming,
    /// The last frame is queued.
    Finished,
}

/// The result of feeding the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    /// There is no room for more, or no more to come.
    Whole,
    /// There is room, and more to be rendered.
    InPart,
    /// A clip is being decoded.
    Late,
}

impl Feeder {
    /// Begins at a position, with a queue that is stopped.
    pub(super) fn start_at(position: FramePos) -> Self {
        Self { next: position, rendered: Vec::new(), stage: Stage::Prebuffering }
    }

    /// Goes on where the queue was spliced.
    pub(super) fn continue_at(&mut self, position: FramePos) {
        (self.next, self.stage) = (position, Stage::Streaming);
    }

    /// Returns the next frame to be rendered.
    pub(super) fn next(&self) -> FramePos {
        self.next
    }

    /// True once frames are queued since the start.
    pub(super) fn has_begun(&self) -> bool {
        self.stage != Stage::Prebuffering
    }

    /// Renders ahead, as far as there is room.
    ///
    /// # Errors
    /// If nothing can be decoded any more.
    pub(super) fn feed(
        &mut self,
        queue: &mut OutputQueue,
        source: &mut PlaybackSource<'_>,
    ) -> Result<Fed, PlayError> {
        let frames = |time: Millis| time.to_frames(source.timeline().rate);
        let (chunk, prebuffer, late) = (frames(CHUNK), frames(PREBUFFER), frames(LATE_PREBUFFER));
        let edge_fade = frames(EDGE_FADE);
        let end = source.end();
        let until = self.next + frames(RENDERED_AT_ONCE_MAX);
        while self.stage != Stage::Finished {
            if self.next >= until {
                return Ok(Fed::InPart);
            }
            let begun = self.rendered.len();
            let length = end.saturating_since(self.next).min(chunk);
            if queue.room() < (begun + length.as_usize()).max(1) {
                return Ok(Fed::Whole);
            }
            self.rendered.resize(begun + length.as_usize(), Frame::SILENCE);
            if source.read(self.next, &mut self.rendered[begun..])? == Supply::Late {
                self.rendered.truncate(begun);
                if begun >= late.as_usize() {
                    self.push(queue, StreamEnd::Open, edge_fade);
                }
                return Ok(Fed::Late);
            }
            self.next += length;
            if self.next >= end {
                self.push(queue, StreamEnd::Reached, edge_fade);
            } else if self.stage == Stage::Streaming || self.rendered.len() >= prebuffer.as_usize() {
                self.push(queue, StreamEnd::Open, edge_fade);
            }
        }
        Ok(Fed::Whole)
    }

    fn push(&mut self, queue: &mut OutputQueue, end: StreamEnd, edge_fade: Frames) {
        let position = self.next.saturating_sub(Frames(self.rendered.len() as u64));
        // The start of the session is as it is.
        if self.stage == Stage::Prebuffering && position != FramePos::START {
            fade_in(&mut self.rendered, edge_fade);
        }
        queue.push(position, &self.rendered, end);
        self.rendered.clear();
        self.stage = match end {
            StreamEnd::Open => Stage::Streaming,
            StreamEnd::Reached => Stage::Finished,
        };
    }
}

fn fade_in(frames: &mut [Frame], over: Frames) {
    for (number, frame) in (1..=over.0).zip(frames) {
        *frame = *frame * Gain(number as f32 / over.0 as f32);
    }
}
