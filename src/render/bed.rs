//! A bed added to a block: the loop goes round, comes and goes, and makes room for the voice.

use std::ops::Range;

use crate::audio::{Clip, ClipFrames, ClipSound, Frame};
use crate::dsp::{equal_power, raised_cosine};
use crate::timeline::{BedSpan, Envelope, Ramp};
use crate::units::{FramePos, Frames, Gain};

/// Adds the part of `span` that sounds in the block that begins at `from`. Every frame depends on its
/// position alone: the clip is a loop without a seam, so going round is a remainder.
pub(super) fn add(span: &BedSpan, clip: &Clip, from: FramePos, out: &mut [Frame]) {
    let block_end = from + Frames(out.len() as u64);
    let begin = span.start.max(from);
    let end = span.end().min(block_end);
    if begin >= end || clip.length() == Frames::ZERO {
        return;
    }
    let out = &mut out[begin.saturating_since(from).as_usize()..end.saturating_since(from).as_usize()];
    let gains = gains(span, begin, out.len());
    let first = begin.saturating_since(span.start).0;
    match &clip.sound {
        ClipSound::Held(ClipFrames::Mono(samples)) => {
            round(samples, first, |&sample| Frame::mono(sample), &gains, out);
        }
        ClipSound::Held(ClipFrames::Stereo(frames)) => round(frames, first, |&frame| frame, &gains, out),
        ClipSound::Paged(pages) => {
            let mut frames = vec![Frame::SILENCE; out.len()];
            for (at, part) in rounds(pages.length().0, first, out.len()) {
                pages.read(Frames(at), &mut frames[part]);
            }
            round(&frames, 0, |&frame| frame, &gains, out);
        }
    }
}

/// Adds a loop from its frame `first`, round and round.
fn round<T>(source: &[T], first: u64, frame: impl Fn(&T) -> Frame, gains: &[f32], out: &mut [Frame]) {
    for (at, part) in rounds(source.len() as u64, first, out.len()) {
        let heard = source[at as usize..].iter().zip(&gains[part.clone()]);
        for (sum, (source, &gain)) in out[part].iter_mut().zip(heard) {
            *sum += frame(source) * Gain(gain);
        }
    }
}

/// The stretches of a loop of `length` frames, from its frame `first` on, that make up `count` frames: where in the loop
/// each begins, and which of these frames it is.
fn rounds(length: u64, first: u64, count: usize) -> impl Iterator<Item = (u64, Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let at = (first + done as u64) % length;
        let part = done..count.min(done + usize::try_from(length - at).unwrap_or(usize::MAX));
        done = part.end;
        (!part.is_empty()).then_some((at, part))
    })
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
