//! A user's own recording, cut to a loop.

use crate::audio::Frame;
use crate::dsp::fade::equal_power;
use crate::units::{Frames, Gain};

/// `frames` as a loop that can be repeated for ever, shorter by `crossfade`: it begins that far into the recording, and
/// at its end the last of the recording goes over into the first. What follows there in the recording is where the
/// loop begins, so nothing jumps.
pub fn make_seamless(frames: &[Frame], crossfade: Frames) -> Box<[Frame]> {
    let overlap = Seam::length(Frames(frames.len() as u64), crossfade).as_usize();
    let (first, body) = frames.split_at(overlap);
    let mut round: Box<[Frame]> = body.into();
    let (_, last) = round.split_at_mut(body.len() - overlap);
    let seam = Seam::of(last, first);
    for ((at, going), coming) in (0..).zip(last).zip(first) {
        *going = seam.cross(Frames(at), *going, *coming);
    }
    round
}

/// The crossing from the last of a recording into its first.
///
/// The power stays even through it, also where the two are alike: how alike is measured first. Two strangers (rain)
/// cross with equal power, two parts of one steady tone with equal gain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seam {
    length: Frames,
    alike: f32,
}

impl Seam {
    /// Returns the length of a recording's seam: `crossfade`, but half of a recording that is shorter than two of them.
    pub fn length(recording: Frames, crossfade: Frames) -> Frames {
        crossfade.min(Frames(recording.0 / 2))
    }

    /// The seam of two stretches that are equally long.
    pub fn of(last: &[Frame], first: &[Frame]) -> Self {
        Self { length: Frames(first.len() as u64), alike: likeness(last, first) }
    }

    /// One frame of it, `at` after it began: what was heard alone before, and what will be alone after it.
    pub fn cross(&self, at: Frames, going: Frame, coming: Frame) -> Frame {
        let (out, into) = equal_power(at.0, self.length.0);
        // |out a + into b|^2 has the power out^2 + into^2 + 2 out into (a . b): divided by its root.
        let even = 1.0 / (1.0 + 2.0 * self.alike * out * into).sqrt();
        going * Gain(out * even) + coming * Gain(into * even)
    }
}

/// Measures the likeness of the end and the beginning: their correlation, from 0.0 (unlike) to 1.0 (the same). Less
/// than nought, where they cancel, is taken as unlike: no gain could fill that hole.
fn likeness(tail: &[Frame], head: &[Frame]) -> f32 {
    let dot = |a: &Frame, b: &Frame| {
        f64::from(a.left) * f64::from(b.left) + f64::from(a.right) * f64::from(b.right)
    };
    let (both, ends, heads) = tail
        .iter()
        .zip(head)
        .fold((0.0, 0.0, 0.0), |sum, (a, b)| (sum.0 + dot(a, b), sum.1 + dot(a, a), sum.2 + dot(b, b)));
    let powers = (ends * heads).sqrt();
    if powers > 0.0 { (both / powers).clamp(0.0, 1.0) as f32 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::measure::{db, rms};
    use crate::dsp::noise::Noise;

    fn noise(length: u64) -> Vec<Frame> {
        (0..length).map(|n| Frame::new(Noise::new(1).signed(n), Noise::new(2).signed(n))).collect()
    }

    fn left(frames: &[Frame]) -> Vec<f32> {
        frames.iter().map(|frame| frame.left).collect()
    }

    #[test]
    fn the_loop_is_shorter_by_the_crossfade_and_goes_on_where_it_ended() {
        let recording = noise(10_000);
        let round = make_seamless(&recording, Frames(1000));
        assert_eq!(round.len(), 9000);
        assert_eq!(round[..8000], recording[1000..9000]);
        assert_eq!(round[8000], recording[9000]);
        // The last frame is nearly what is before the first.
        assert!(round[8999] != recording[999] && (round[8999].left - recording[999].left).abs() < 0.01);
    }

    #[test]
    fn noise_keeps_its_level_through_the_seam() {
        let round = left(&make_seamless(&noise(40_000), Frames(10_000)));
        for stretch in round[20_000..].chunks(1000) {
            assert!((db(rms(stretch)) - db(rms(&round))).abs() < 1.0);
        }
    }

    #[test]
    fn a_steady_tone_keeps_its_level_through_the_seam() {
        // 250 samples hold ten whole waves, so the end and the beginning of the crossfade are in step.
        let tone = |n: u32| Frame::mono(libm::sinf(std::f32::consts::TAU * (n % 25) as f32 / 25.0));
        let recording: Vec<Frame> = (0..10_000).map(tone).collect();
        let round = left(&make_seamless(&recording, Frames(2500)));
        for stretch in round.chunks(250) {
            assert!((db(rms(stretch)) - db(rms(&round))).abs() < 0.1);
        }
    }

    #[test]
    fn a_short_recording_is_crossed_over_half_of_it() {
        let recording = noise(1000);
        assert_eq!(make_seamless(&recording, Frames(900)).len(), 500);
        assert_eq!(make_seamless(&recording[..1], Frames(900)), recording[..1].into());
        assert!(make_seamless(&[], Frames(900)).is_empty());
        assert_eq!(*make_seamless(&recording, Frames::ZERO), *recording);
    }
}
