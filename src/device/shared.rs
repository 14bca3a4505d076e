//! The values that both ends of the output queue share: blocks and orders on their way to the device, its playhead on
//! the way back.
//!
//! Every block belongs to a generation of its stream. A seek, a pause or another solution of the timeline begins the
//! next one: an order says when the device leaves the old generation, and what is still queued of that is dropped. An order
//! and a playhead are one atomic word each, so an end never reads half of what the other wrote.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::audio::Frame;
use crate::units::{FramePos, Frames, Gain};

/// Length of a block: short enough for an order that comes while it is played, long enough for its header to be cheap.
pub(super) const BLOCK_FRAMES: usize = 64;

/// The place of frames in their stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEnd {
    /// Others follow.
    Open,
    /// They are the last.
    Reached,
}

/// Frames of one generation, at their position.
pub(super) struct QueuedBlock {
    pub(super) generation: u16,
    /// Position of the first frame.
    pub(super) position: FramePos,
    pub(super) end: StreamEnd,
    frames: [Frame; BLOCK_FRAMES],
    count: usize,
}

impl QueuedBlock {
    /// Takes at most [`BLOCK_FRAMES`] frames.
    pub(super) fn new(generation: u16, position: FramePos, frames: &[Frame], end: StreamEnd) -> Self {
        let mut block = [Frame::SILENCE; BLOCK_FRAMES];
        block[..frames.len()].copy_from_slice(frames);
        Self { generation, position, end, frames: block, count: frames.len() }
    }

    pub(super) fn frames(&self) -> &[Frame] {
        &self.frames[..self.count]
    }
}

/// The latest order of the engine: the generation to be played, and when that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeviceOrder {
    pub(super) generation: u16,
    pub(super) switch: Switch,
}

/// The instant at which the device leaves a generation for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// Once the old one has faded out over this length. The new one begins at the position of its first block.
    Faded(Frames),
    /// When the old one has been played up to this position. The new one goes on there.
    At(FramePos),
}

/// The state of a stream on the device's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DevicePlayhead {
    pub(super) generation: u16,
    pub(super) phase: Phase,
    /// The next frame to be played. While nothing of a generation was played: where the one before it stopped.
    pub(super) position: FramePos,
}

/// The progress of the device in a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing of it was there yet.
    Waiting,
    /// It is played.
    Flowing,
    /// Nothing is there, though more was to come.
    Starved,
    /// Its last frame was played.
    Ended,
}

impl Phase {
    /// True while silence from the device would be a gap.
    pub(super) fn is_sounding(self) -> bool {
        matches!(self, Self::Flowing | Self::Starved)
    }
}

/// Words have 16 bits for the generation, 2 for a tag, and the rest for frames: eleven years at 192 kHz.
const FRAMES_BITS: u32 = 46;
const TAG_BITS: u32 = 2;

fn pack(generation: u16, tag: u64, frames: u64) -> u64 {
    u64::from(generation) << (FRAMES_BITS + TAG_BITS) | tag << FRAMES_BITS | frames
}

fn unpack(word: u64) -> (u16, u64, u64) {
    let tag = word >> FRAMES_BITS & ((1 << TAG_BITS) - 1);
    ((word >> (FRAMES_BITS + TAG_BITS)) as u16, tag, word & ((1 << FRAMES_BITS) - 1))
}

/// The order and the playhead of a stream.
#[derive(Debug, Default)]
pub(super) struct StreamWords {
    order: AtomicU64,
    playhead: AtomicU64,
}

impl StreamWords {
    pub(super) fn give_order(&self, DeviceOrder { generation, switch }: DeviceOrder) {
        let word = match switch {
            Switch::Faded(over) => pack(generation, 0, over.0),
            Switch::At(position) => pack(generation, 1, position.0),
        };
        self.order.store(word, Ordering::Release);
    }

    pub(super) fn order(&self) -> DeviceOrder {
        let (generation, tag, frames) = unpack(self.order.load(Ordering::Acquire));
        let switch = if tag == 0 { Switch::Faded(Frames(frames)) } else { Switch::At(FramePos(frames)) };
        DeviceOrder { generation, switch }
    }

    pub(super) fn publish(&self, playhead: DevicePlayhead) {
        let word = pack(playhead.generation, playhead.phase as u64, playhead.position.0);
        self.playhead.store(word, Ordering::Release);
    }

    pub(super) fn playhead(&self) -> DevicePlayhead {
        let (generation, tag, frames) = unpack(self.playhead.load(Ordering::Acquire));
        let phase = [Phase::Waiting, Phase::Flowing, Phase::Starved, Phase::Ended][tag as usize];
        DevicePlayhead { generation, phase, position: FramePos(frames) }
    }
}

/// The state that both ends share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) session: StreamWords,
    pub(super) prompts: StreamWords,
    /// The bits of the gain of everything.
    volume: AtomicU32,
    /// Gaps: how often the device found nothing, or was not served in time.
    pub(super) underruns: AtomicU64,
    /// The device went away.
    pub(super) gone: AtomicBool,
}

impl Shared {
    pub(super) fn set_volume(&self, Gain(gain): Gain) {
        self.volume.store(gain.to_bits(), Ordering::Relaxed);
    }

    pub(super) fn volume(&self) -> Gain {
        Gain(f32::from_bits(self.volume.load(Ordering::Relaxed)))
    }
}
