//! The queue without a device: what goes in comes out, at its place.

mod device;
mod model;
mod output_queue;

use super::callback::DeviceCallback;
use super::clock::DeviceClock;
use super::output_queue::OutputQueue;
use super::shared::{DevicePlayhead, StreamEnd};
use crate::audio::Frame;
use crate::units::{FramePos, Frames, SampleRate};

fn queue() -> (OutputQueue, DeviceCallback) {
    OutputQueue::new(SampleRate::new(8000).unwrap(), DeviceClock::Realtime)
}

/// Frames that say for which position they were pushed, and after how many changes.
fn frames(from: u64, count: u64, changes: u32) -> Vec<Frame> {
    (from..from + count).map(|position| marked(position, changes)).collect()
}

fn marked(position: u64, changes: u32) -> Frame {
    Frame::new((position + 1) as f32, (changes + 1) as f32)
}

fn push(queue: &mut OutputQueue, from: u64, frames: &[Frame]) {
    queue.push(FramePos(from), frames, StreamEnd::Open);
}

fn push_last(queue: &mut OutputQueue, from: u64, frames: &[Frame]) {
    queue.push(FramePos(from), frames, StreamEnd::Reached);
}

fn pull(callback: &mut DeviceCallback, count: usize) -> Vec<Frame> {
    (0..count).map(|_| callback.next_frame()).collect()
}

fn splice(queue: &mut OutputQueue, from: u64) -> u64 {
    queue.splice(FramePos(from)).0
}

/// A splice as it comes when the device took `ahead` frames between the look at the playhead and the order.
fn late(queue: &mut OutputQueue, callback: &DeviceCallback, ahead: u64, from: u64) -> u64 {
    let words = &callback.shared.session;
    let playhead = words.playhead();
    words.publish(DevicePlayhead { position: playhead.position.saturating_sub(Frames(ahead)), ..playhead });
    let at = splice(queue, from);
    words.publish(playhead);
    at
}
