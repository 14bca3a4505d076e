//! The gain of a bed over time: its level, its fades, and its ducking under the voice.
//!
//! A function of the position, asked by `render` frame by frame and by `transform/splice`. Must not know samples.

use super::model::{BedSpan, Envelope, Ramp};
use crate::dsp::{equal_power, raised_cosine};
use crate::units::{FramePos, Frames, Gain};

impl BedSpan {
    /// The gain at one instant: level, fades and ducking.
    pub fn gain_at(&self, at: FramePos) -> Gain {
        Gain(self.gains(at, 1)[0])
    }

    /// The gain of each of so many frames from `begin` on.
    pub fn gains(&self, begin: FramePos, length: usize) -> Vec<f32> {
        let mut gains = vec![self.gain.0; length];
        let first = begin.saturating_since(self.start).0;
        let (fade_in, fade_out) = (self.fades.fade_in.0, self.fades.fade_out.0);
        let rising = fade_in.saturating_sub(first).min(length as u64) as usize;
        for (at, gain) in (first..).zip(&mut gains[..rising]) {
            *gain *= equal_power(at, fade_in).1;
        }
        let fading_from = self.length.0 - fade_out.min(self.length.0);
        let falling = fading_from.saturating_sub(first).min(length as u64) as usize;
        for (at, gain) in (first + falling as u64..).zip(&mut gains[falling..]) {
            *gain *= equal_power(at - fading_from, fade_out).0;
        }
        duck(&self.ducking, begin, &mut gains);
        gains
    }
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
