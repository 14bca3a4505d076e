//! The far end of the queue, on the device's thread: it never allocates, locks or waits.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rtrb::Consumer;

use super::clock::DeviceClock;
use super::shared::{
    DeviceOrder, DevicePlayhead, Phase, QueuedBlock, Shared, StreamEnd, StreamWords, Switch,
};
use crate::audio::Frame;
use crate::units::{FramePos, Frames, Gain, Millis, SampleRate};

/// A change of the volume while something sounds.
const VOLUME_GLIDE: Millis = Millis(60);

/// Number of times that a freewheeling device gives way to other threads before it takes silence: some seconds. A device
/// in real time never waits.
const FREEWHEEL_YIELDS: u32 = 1_000_000;

/// The end of the queue that a device takes its frames from, one by one.
pub struct DeviceCallback {
    session: StreamReader,
    prompts: StreamReader,
    volume: Level,
    volume_glide: Frames,
    clock: DeviceClock,
    pub(super) shared: Arc<Shared>,
}

impl DeviceCallback {
    pub(super) fn new(
        session: Consumer<QueuedBlock>,
        prompts: Consumer<QueuedBlock>,
        shared: Arc<Shared>,
        rate: SampleRate,
        clock: DeviceClock,
    ) -> Self {
        let (session, prompts) = (StreamReader::new(session), StreamReader::new(prompts));
        let volume_glide = VOLUME_GLIDE.to_frames(rate);
        Self { session, prompts, volume: Level::UNITY, volume_glide, clock, shared }
    }

    /// The next frame for the device. Whatever is missing is silence: the device is kept open through all of it.
    pub fn next_frame(&mut self) -> Frame {
        self.set_volume();
        let session = self.session_frame().unwrap_or(Frame::SILENCE);
        let prompt = self.prompts.next_frame(&self.shared.prompts).unwrap_or(Frame::SILENCE);
        self.volume.apply(session + prompt)
    }

    fn session_frame(&mut self) -> Option<Frame> {
        let was = self.session.playhead.phase;
        let mut frame = self.session.next_frame(&self.shared.session);
        if self.clock == DeviceClock::Freewheel {
            for _ in 0..FREEWHEEL_YIELDS {
                if self.session.playhead.phase != Phase::Starved {
                    break;
                }
                std::thread::yield_now();
                frame = self.session.next_frame(&self.shared.session);
            }
        }
        if was == Phase::Flowing && self.session.playhead.phase == Phase::Starved {
            self.shared.underruns.fetch_add(1, Ordering::Relaxed);
        }
        frame
    }

    /// Takes over a new volume: at once as long as nothing sounds.
    fn set_volume(&mut self) {
        let volume = self.shared.volume();
        if volume != self.volume.to {
            let phases = [&self.session, &self.prompts].map(|stream| stream.playhead.phase);
            let is_sounding = phases.into_iter().any(Phase::is_sounding);
            self.volume.move_to(volume, if is_sounding { self.volume_glide } else { Frames::ZERO });
        }
    }
}

/// The far end of one stream.
struct StreamReader {
    blocks: Consumer<QueuedBlock>,
    playhead: DevicePlayhead,
    /// The last order that was seen.
    order: DeviceOrder,
    fade_out: Level,
}

impl StreamReader {
    fn new(blocks: Consumer<QueuedBlock>) -> Self {
        let playhead = DevicePlayhead { generation: 0, phase: Phase::Waiting, position: FramePos::START };
        let order = DeviceOrder { generation: 0, switch: Switch::Faded(Frames::ZERO) };
        Self { blocks, playhead, order, fade_out: Level::UNITY }
    }

    /// The next frame, if one is to be played and is there.
    fn next_frame(&mut self, words: &StreamWords) -> Option<Frame> {
        self.follow(words.order());
        let mut frame = self.take();
        if frame.is_none() && self.is_fading() {
            self.leave();
            frame = self.take();
        }
        if frame.is_none() && self.playhead.phase == Phase::Flowing {
            self.playhead.phase = Phase::Starved;
        }
        words.publish(self.playhead);
        frame.map(|frame| self.fade_out.apply(frame))
    }

    fn follow(&mut self, order: DeviceOrder) {
        if order != self.order
            && let Switch::Faded(over) = order.switch
        {
            self.fade_out.move_to(Gain(0.0), over);
        }
        self.order = order;
        let is_sounding = self.playhead.phase.is_sounding();
        if self.is_fading() && (self.fade_out.is_silent() || !is_sounding) {
            self.leave();
        } else if self.is_spliced_off() && is_sounding {
            self.playhead.generation = order.generation;
        }
    }

    fn is_fading(&self) -> bool {
        self.playhead.generation != self.order.generation && matches!(self.order.switch, Switch::Faded(_))
    }

    /// Leaves a generation that has faded out, or of which nothing is there that could.
    fn leave(&mut self) {
        self.fade_out = Level::UNITY;
        (self.playhead.generation, self.playhead.phase) = (self.order.generation, Phase::Waiting);
    }

    /// Takes the next frame of the generation that is played, up to a splice, and drops what nothing follows. A splice
    /// that came late takes frames from behind it, so that every frame after it comes at its own time.
    fn take(&mut self) -> Option<Frame> {
        while let Ok(block) = self.blocks.peek() {
            if block.generation == self.playhead.generation {
                if self.playhead.phase == Phase::Waiting {
                    self.playhead.position = block.position;
                }
                let offset = self.playhead.position.saturating_since(block.position).as_usize();
                if let Some(frame) = block.frames().get(offset).filter(|_| !self.is_spliced_off()) {
                    self.playhead.phase = Phase::Flowing;
                    self.playhead.position += Frames(1);
                    return Some(*frame);
                }
                if block.end == StreamEnd::Reached {
                    self.playhead.phase = Phase::Ended;
                }
            } else if block.generation == self.order.generation {
                // All that comes before a splice was played.
                let Switch::At(_) = self.order.switch else { return None };
                self.playhead.generation = block.generation;
                continue;
            }
            if let Ok(block) = self.blocks.read_chunk(1) {
                block.commit_all();
            }
        }
        None
    }

    /// True if the next frame of the generation that is played comes after a splice.
    fn is_spliced_off(&self) -> bool {
        self.playhead.generation != self.order.generation
            && matches!(self.order.switch, Switch::At(position) if position <= self.playhead.position)
    }
}

/// A gain on its way to another, in a straight line. No position comes of it, so floats may add up.
struct Level {
    now: Gain,
    to: Gain,
    left: Frames,
}

impl Level {
    const UNITY: Self = Self { now: Gain::UNITY, to: Gain::UNITY, left: Frames::ZERO };

    fn move_to(&mut self, to: Gain, over: Frames) {
        (self.to, self.left) = (to, over);
        if over == Frames::ZERO {
            self.now = to;
        }
    }

    fn is_silent(&self) -> bool {
        self.now == Gain(0.0)
    }

    fn apply(&mut self, frame: Frame) -> Frame {
        if self.left > Frames::ZERO {
            self.now.0 += (self.to.0 - self.now.0) / self.left.0 as f32;
            self.left.0 -= 1;
            if self.left == Frames::ZERO {
                self.now = self.to;
            }
        }
        if self.now == Gain::UNITY { frame } else { frame * self.now }
    }
}
