//! Headroom: what a track is turned down by so that it cannot clip, found without rendering it.
//!
//! Each clip knows the peak of every stretch of itself; laid over each other as the timeline lays the
//! clips, they bound the mix from above. A sane session needs nothing; a true-peak limiter is the
//! business of mastering.

use super::renderer::Renderer;
use crate::audio::Clip;
use crate::timeline::BedSpan;
use crate::units::{FramePos, Frames, Gain};

/// No sample goes over this: -1 dBFS, which also leaves room for the dither.
const CEILING: f32 = 0.891;

/// The gain under which no sample of the mix can exceed the ceiling; unity if none would anyway.
pub(super) fn headroom(renderer: &Renderer<'_>) -> Gain {
    // A bed goes round and round, its loudest stretch may be anywhere: found once for each bed, not once a
    // stretch, which for a long loop under a long night would take longer than the mix itself.
    let beds: Vec<Loudest> = renderer.all_beds().iter().map(|bed| Loudest::of(bed, renderer)).collect();
    let mut highest = 0.0f32;
    for &(start, end) in renderer.regions() {
        let mut at = start;
        while at < end {
            let to = (at + Frames(Clip::PEAK_STRETCH as u64)).min(end);
            highest = highest.max(bound(renderer, &beds, at, to));
            at = to;
        }
    }
    if highest <= CEILING { Gain::UNITY } else { Gain(CEILING / highest) }
}

/// A bed and the magnitude that no sample of it exceeds.
struct Loudest {
    start: FramePos,
    end: FramePos,
    peak: f32,
}

impl Loudest {
    fn of(bed: &BedSpan, renderer: &Renderer<'_>) -> Self {
        let clip = renderer.clip(bed.clip);
        let peak = clip.peak_in(0..clip.frames.len()) * bed.gain.0;
        Self { start: bed.start, end: bed.end(), peak }
    }
}

/// A magnitude that no sample between two instants exceeds.
fn bound(renderer: &Renderer<'_>, beds: &[Loudest], from: FramePos, to: FramePos) -> f32 {
    let events = renderer.events(from, to).map(|event| {
        let first = from.saturating_since(event.start).as_usize();
        let last = to.saturating_since(event.start).as_usize();
        let (left, right) = event.pan.to_gains();
        renderer.clip(event.clip).peak_in(first..last) * event.gain.0 * left.0.max(right.0)
    });
    let beds = beds.iter().filter(|bed| bed.start < to && bed.end > from).map(|bed| bed.peak);
    events.chain(beds).sum()
}
