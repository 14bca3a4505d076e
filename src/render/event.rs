//! One event added to a block: gain, balance and fades.

use crate::audio::{Clip, Frame};
use crate::dsp::raised_cosine;
use crate::timeline::Event;
use crate::units::{FramePos, Frames, Gain};

/// Adds the part of `event` that sounds in the block that begins at `from`.
pub(super) fn add(event: &Event, clip: &Clip, from: FramePos, out: &mut [Frame]) {
    let length = event.length.min(clip.length());
    let block_end = from + Frames(out.len() as u64);
    let begin = event.start.max(from);
    let end = (event.start + length).min(block_end);
    if begin >= end {
        return;
    }
    let out = &mut out[begin.saturating_since(from).as_usize()..end.saturating_since(from).as_usize()];
    let first = begin.saturating_since(event.start).as_usize();
    let (left, right) = event.pan.to_gains();
    let level = Level { left: event.gain * left, right: event.gain * right };
    let mut frames = vec![Frame::SILENCE; out.len()];
    clip.read(Frames(first as u64), &mut frames);
    mix(event, first as u64, frames.into_iter(), level, out);
}

#[derive(Clone, Copy)]
struct Level {
    left: Gain,
    right: Gain,
}

impl Level {
    fn of(self, frame: Frame) -> Frame {
        Frame { left: frame.left * self.left.0, right: frame.right * self.right.0 }
    }
}

/// Adds `source`, whose first frame is the event's frame `first`. The fades are looked at once a
/// stretch, so that most of an event is one straight loop.
fn mix(event: &Event, first: u64, source: impl Iterator<Item = Frame>, level: Level, out: &mut [Frame]) {
    let (fade_in, fade_out) = (event.fades.fade_in.0, event.fades.fade_out.0);
    let fading_from = event.length.0.saturating_sub(fade_out).max(fade_in);
    let within = |at: u64| at.saturating_sub(first).min(out.len() as u64) as usize;
    let (plain, fading) = (within(fade_in), within(fading_from));
    let mut source = source.map(|frame| level.of(frame));
    for (at, sum) in (first..).zip(&mut out[..plain]) {
        let gain = raised_cosine(at, fade_in).min(raised_cosine(event.length.0 - at, fade_out));
        *sum += source.next().unwrap_or_default() * Gain(gain);
    }
    for sum in &mut out[plain..fading] {
        *sum += source.next().unwrap_or_default();
    }
    for (at, sum) in (first + fading as u64..).zip(&mut out[fading..]) {
        *sum += source.next().unwrap_or_default() * Gain(raised_cosine(event.length.0 - at, fade_out));
    }
}
