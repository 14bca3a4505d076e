//! The speaker without a device: what goes in comes out, at its place.

mod device;
mod model;
mod output_queue;

use std::sync::atomic::Ordering;

use super::callback::DeviceCallback;
use super::output_queue::OutputQueue;
use crate::audio::Frame;
use crate::units::SampleRate;

fn line() -> (OutputQueue, DeviceCallback) {
    OutputQueue::new(SampleRate::new(8000).unwrap())
}

/// Frames that say for which position they were pushed, and after how many cuts.
fn frames(from: u64, count: u64, cuts: u32) -> Vec<Frame> {
    (from..from + count).map(|position| marked(position, cuts)).collect()
}

fn marked(position: u64, cuts: u32) -> Frame {
    Frame::new((position + 1) as f32, (cuts + 1) as f32)
}

/// A cut as it comes when the device took `ahead` frames between the look at the count and the order.
fn late(line: &mut OutputQueue, tap: &mut DeviceCallback, ahead: u64, from: u64) -> u64 {
    let played = line.played();
    tap.shared.played.store(played.saturating_sub(ahead), Ordering::Relaxed);
    let at = line.cut(from);
    tap.shared.played.store(played, Ordering::Relaxed);
    at
}
