//! A bed added to a block: the loop goes round, comes and goes, and makes room for the voice.

use crate::audio::{Clip, Frame};
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
    let mut frames = vec![Frame::SILENCE; out.len()];
    let mut done = 0;
    while done < frames.len() {
        let at = (first + done as u64) % clip.length().0;
        let until = frames.len().min(done + usize::try_from(clip.length().0 - at).unwrap_or(usize::MAX));
        clip.read(Frames(at), &mut frames[done..until]);
        done = until;
    }
    for ((sum, frame), gain) in out.iter_mut().zip(frames).zip(gains) {
        *sum += frame * Gain(gain);
    }
}
