//! A bed added to a block: the loop goes round, comes and goes, and makes room for the voice.

use crate::audio::{Clip, ClipFrames, Frame};
use crate::dsp::{equal_power, raised_cosine};
use crate::timeline::{BedSpan, Envelope, Ramp};
use crate::units::{FramePos, Frames, Gain};

/// Adds the part of `span` that sounds in the block that begins at `from`. Every frame depends on its
/// position alone: the clip is a loop without a seam, so going round is a remainder.
pub(super) fn add(span: &BedSpan, clip: &Clip, from: FramePos, out: &mut [Frame]) {
    let block_end = from + Frames(out.len() as u64);
    let begin = span.start.max(from);
    let end = span.end().min(block_end);
    if begin >= end || clip.frames.is_empty() {
        return;
    }
    let out = &mut out[begin.saturating_since(from).as_usize()..end.saturating_since(from).as_usize()];
    let gains = gains(span, begin, out.len());
    let first = begin.saturating_since(span.start).0;
    match &clip.frames {
        ClipFrames::Mono(samples) => round(samples, first, |&sample| Frame::mono(sample), &gains, out),
        ClipFrames::Stereo(frames) => round(frames, first, |&frame| frame, &gains, out),
    }
}

/// Adds a loop from its frame `first`, round and round.
fn round<T>(source: &[T], first: u64, frame: impl Fn(&T) -> Frame, gains: &[f32], out: &mut [Frame]) {
    let mut at = (first % source.len() as u64) as usize;
    let mut done = 0;
    while done < out.len() {
        let length = (source.len() - at).min(out.len() - done);
        let part = out[done..done + length].iter_mut().zip(&source[at..at + length]).zip(&gains[done..]);
        for ((sum, source), &gain) in part {
            *sum += frame(source) * Gain(gain);
        }
        done += length;
        at = 0;
    }
}

/// The gain at one instant of the bed.
pub(super) fn gain_at(span: &BedSpan, at: FramePos) -> Gain {
    Gain(gains(span, at, 1)[0])
}

/// The gain of each frame: level, fades and ducking.
fn gains(span: &BedSpan, begin: FramePos, length: usize) -> Vec<f32> {
    let mut gains = vec![span.gain.0; length];
    let first = begin.saturating_since(span.start).0;
    let (fade_in, fade_out) = (span.fades.fade_in.0, span.fades.fade_out.0);
    let rising = fade_in.saturating_sub(first).min(length as u64) as usize;
    for (at, gain) in (first..).zip(&mut gains[..rising]) {
        *gain *= equal_power(at, fade_in).1;
    }
    let fading_from = span.length.0 - fade_out.min(span.length.0);
    let falling = fading_from.saturating_sub(first).min(length as u64) as usize;
    for (at, gain) in (first + falling as u64..).zip(&mut gains[falling..]) {
        *gain *= equal_power(at - fading_from, fade_out).0;
    }
    duck(&span.ducking, begin, &mut gains);
    gains
}

/// Multiplies the gains of the block that begins at `begin` by an envelope.
fn duck(envelope: &Envelope, begin: FramePos, gains: &mut [f32]) {
    let end = begin + Frames(gains.len() as u64);
    let index = |at: FramePos| at.clamp(begin, end).saturating_since(begin).as_usize();
    let Envelope(ramps) = envelope;
    let next = ramps.partition_point(|ramp| ramp.start + ramp.length <= begin);
    let mut held = next.checked_sub(1).map_or(Gain::UNITY, |before| ramps[before].to);
    let mut from = begin;
    for ramp in ramps[next..].iter().take_while(|ramp| ramp.start < end) {
        scale(&mut gains[index(from)..index(ramp.start)], held);
        let (first, last) = (index(ramp.start), index(ramp.start + ramp.length));
        for (gain, at) in gains[first..last].iter_mut().zip((begin + Frames(first as u64)).0..) {
            *gain *= along(ramp, at);
        }
        held = ramp.to;
        from = ramp.start + ramp.length;
    }
    scale(&mut gains[index(from)..], held);
}

fn along(ramp: &Ramp, at: u64) -> f32 {
    ramp.from.0 + (ramp.to.0 - ramp.from.0) * raised_cosine(at - ramp.start.0, ramp.length.0)
}

fn scale(gains: &mut [f32], by: Gain) {
    if by != Gain::UNITY {
        gains.iter_mut().for_each(|gain| *gain *= by.0);
    }
}
