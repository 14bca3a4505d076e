//! A bed added to a block: the loop goes round, comes and goes, and makes room for the voice.

use std::ops::Range;

use crate::audio::{Clip, ClipFrames, ClipSound, Frame};
use crate::timeline::BedSpan;
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
    let gains = span.gains(begin, out.len());
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
