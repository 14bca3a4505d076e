//! The near end of the queue to a device: frames at their positions go in, the playhead comes out.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rtrb::{Producer, RingBuffer};

use super::callback::DeviceCallback;
use super::clock::DeviceClock;
use super::shared::{BLOCK_FRAMES, DeviceOrder, Phase, QueuedBlock, Shared, StreamEnd, StreamWords, Switch};
use crate::audio::Frame;
use crate::units::{FramePos, Frames, Gain, Millis, SampleRate};

/// The furthest that the engine may be ahead of the device: a machine may be busy for so long without a gap.
const SESSION_AHEAD: Millis = Millis(4000);

/// The longest prompt that can be spoken at once.
const PROMPT_LENGTH_MAX: Millis = Millis::from_secs(60);

/// The near end of the queue to a device: a session, and prompts that are heard over it.
pub struct OutputQueue {
    session: StreamWriter,
    prompts: StreamWriter,
    shared: Arc<Shared>,
    clock: DeviceClock,
}

impl OutputQueue {
    /// Both ends of a queue for a device of that rate and clock. Volume is full.
    pub fn new(rate: SampleRate, clock: DeviceClock) -> (Self, DeviceCallback) {
        let ring = |length: Millis| RingBuffer::new(length.to_frames(rate).as_usize().div_ceil(BLOCK_FRAMES));
        let (session, far_session) = ring(SESSION_AHEAD);
        let (prompts, far_prompts) = ring(PROMPT_LENGTH_MAX);
        let shared = Arc::<Shared>::default();
        shared.set_volume(Gain::UNITY);
        let callback = DeviceCallback::new(far_session, far_prompts, shared.clone(), rate, clock);
        let (session, prompts) = (StreamWriter::new(session), StreamWriter::new(prompts));
        (Self { session, prompts, shared, clock }, callback)
    }

    /// Returns the clock of the device.
    pub fn clock(&self) -> DeviceClock {
        self.clock
    }

    /// Returns the number of frames that can be pushed now.
    pub fn room(&self) -> usize {
        self.session.room()
    }

    /// Pushes frames of the session, which begin at a position and follow those that were pushed last; no more than
    /// there is room for. After [`OutputQueue::stop`] they begin anywhere, and are played as soon as they are there.
    pub fn push(&mut self, position: FramePos, frames: &[Frame], end: StreamEnd) {
        self.session.push(position, frames, end);
    }

    /// Fades the session out and drops all that is queued of it.
    pub fn stop(&mut self, over: Frames) {
        self.session.stop(&self.shared.session, over);
    }

    /// Drops what is queued of the session from a position on, or from the playhead if that is further, or from an
    /// earlier splice that is still to come. What is pushed next belongs where it returns: should the device be faster,
    /// that comes at its own time all the same.
    pub fn splice(&mut self, from: FramePos) -> FramePos {
        self.session.splice(&self.shared.session, from)
    }

    /// Returns the next frame of the session to be played, or where it stopped.
    pub fn position(&self) -> FramePos {
        self.session.position(&self.shared.session)
    }

    /// Returns the number of frames that were pushed and not played.
    pub fn queued(&self) -> Frames {
        self.session.end().map_or(Frames::ZERO, |end| end.saturating_since(self.position()))
    }

    /// True once the session has faded out after [`OutputQueue::stop`], or was played to its last frame.
    pub fn is_idle(&self) -> bool {
        self.session.is_idle(&self.shared.session)
    }

    /// Speaks a prompt at once, over the session; one that is spoken already fades out before. What is longer than a
    /// minute is cut.
    pub fn speak(&mut self, prompt: &[Frame], over: Frames) {
        self.fade_out_prompt(over);
        let count = prompt.len().min(self.prompts.room());
        self.prompts.push(FramePos::START, &prompt[..count], StreamEnd::Reached);
    }

    /// Fades out the prompt that is spoken, if there is one.
    pub fn fade_out_prompt(&mut self, over: Frames) {
        self.prompts.stop(&self.shared.prompts, over);
    }

    /// True while a prompt is heard.
    pub fn is_speaking(&self) -> bool {
        !self.prompts.is_idle(&self.shared.prompts)
    }

    /// Brings everything, prompts too, to a level.
    pub fn set_volume(&mut self, gain: Gain) {
        self.shared.set_volume(gain);
    }

    /// Returns the number of gaps since the last call: each counts once, however long it is.
    pub fn underruns(&mut self) -> u64 {
        self.shared.underruns.swap(0, Ordering::Relaxed)
    }

    /// True once the device went away.
    pub fn is_gone(&self) -> bool {
        self.shared.gone.load(Ordering::Relaxed) || self.session.blocks.is_abandoned()
    }
}

/// The near end of one stream.
struct StreamWriter {
    blocks: Producer<QueuedBlock>,
    generation: u16,
    /// The positions that were pushed in this generation; none while it is empty.
    pushed: Option<Range<FramePos>>,
}

impl StreamWriter {
    fn new(blocks: Producer<QueuedBlock>) -> Self {
        Self { blocks, generation: 0, pushed: None }
    }

    fn room(&self) -> usize {
        self.blocks.slots() * BLOCK_FRAMES
    }

    fn push(&mut self, position: FramePos, frames: &[Frame], end: StreamEnd) {
        let (mut at, mut rest) = (position, frames);
        loop {
            let (block, after) = rest.split_at(rest.len().min(BLOCK_FRAMES));
            let end = if after.is_empty() { end } else { StreamEnd::Open };
            // The caller has asked for the room.
            let _ = self.blocks.push(QueuedBlock::new(self.generation, at, block, end));
            (rest, at) = (after, at + Frames(block.len() as u64));
            if rest.is_empty() {
                break;
            }
        }
        self.pushed.get_or_insert(position..position).end = at;
    }

    fn stop(&mut self, words: &StreamWords, over: Frames) {
        // A generation to which nothing was pushed is stopped already.
        if self.pushed.take().is_some() {
            self.begin_generation(words, Switch::Faded(over));
        }
    }

    fn splice(&mut self, words: &StreamWords, from: FramePos) -> FramePos {
        let position = self.position(words);
        let mut at = from.max(position).min(self.end().unwrap_or(position));
        if words.playhead().generation != self.generation
            && let Switch::At(earlier) = words.order().switch
        {
            at = at.min(earlier);
        }
        self.pushed.get_or_insert(at..at).end = at;
        self.begin_generation(words, Switch::At(at));
        at
    }

    fn begin_generation(&mut self, words: &StreamWords, switch: Switch) {
        self.generation = self.generation.wrapping_add(1);
        words.give_order(DeviceOrder { generation: self.generation, switch });
    }

    fn end(&self) -> Option<FramePos> {
        self.pushed.as_ref().map(|pushed| pushed.end)
    }

    fn position(&self, words: &StreamWords) -> FramePos {
        let playhead = words.playhead();
        match &self.pushed {
            Some(pushed) if playhead.phase == Phase::Waiting => pushed.start,
            _ => playhead.position,
        }
    }

    fn is_idle(&self, words: &StreamWords) -> bool {
        let playhead = words.playhead();
        playhead.generation == self.generation && (playhead.phase == Phase::Ended || self.pushed.is_none())
    }
}
