//! The splice of two timelines: a bed that sounds while one is exchanged for the other goes on without a step.
//!
//! A listener who wants to rest longer may ask where the bed is low, because words are near or because it ends. In
//! the new timeline they are not near and it does not end.

use crate::timeline::model::{BedSpan, Envelope, Ramp, Timeline};
use crate::units::{FramePos, Gain, Millis, SampleRate};

/// From the old gain to the new one: as long as a bed takes to come back after words.
const SPLICE_FADE: Millis = Millis(1600);

/// Shorter than this it would be a step; then it goes straight on to what would have come next.
const SHORTEST_SPLICE_FADE: Millis = Millis(200);

/// Gives the beds of `after` that sound at `at` the gain which they have there in `before`, and from there on leads
/// them to their own.
pub fn splice_bed_gain(before: &Timeline, after: &mut Timeline, at: FramePos) {
    let rate = after.rate;
    for span in after.beds.iter_mut().filter(|span| span.start <= at && at < span.end()) {
        let same = |old: &&BedSpan| old.start == span.start && old.clip == span.clip && at < old.end();
        let old = before.beds.iter().find(same);
        let was = old.map_or(Gain(0.0), |old| old.gain_at(at));
        let own = BedSpan { ducking: Envelope::default(), ..span.clone() }.gain_at(at);
        // If it fades to nothing of its own there is no step to be heard.
        if was != span.gain_at(at) && own.0 > 0.0 {
            let Envelope(past) = old.map(|old| old.ducking.clone()).unwrap_or_default();
            span.ducking = spliced(past, &span.ducking, Gain(was.0 / own.0), at, rate);
        }
    }
}

/// An envelope that is `past` until `at`, `from` there, and after a while `to_come`.
fn spliced(mut past: Vec<Ramp>, to_come: &Envelope, from: Gain, at: FramePos, rate: SampleRate) -> Envelope {
    let Envelope(ramps) = to_come;
    let (begun, mut rest) = ramps.split_at(ramps.partition_point(|ramp| ramp.start <= at));
    let end = |ramp: &Ramp| ramp.start + ramp.length;
    let mut until = at + SPLICE_FADE.to_frames(rate);
    let mut to = Gain::UNITY;
    if let Some(last) = begun.last() {
        (to, until) = (last.to, until.max(end(last)));
    }
    if let Some((first, later)) = rest.split_first()
        && first.start < until
    {
        if first.start < at + SHORTEST_SPLICE_FADE.to_frames(rate) {
            (to, until, rest) = (first.to, end(first), later);
        } else {
            until = first.start;
        }
    }
    past.retain(|ramp| end(ramp) <= at);
    past.push(Ramp { start: at, length: until.saturating_since(at), from, to });
    past.extend(rest);
    Envelope(past)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::timeline::{ClipId, Fades};
    use crate::units::Frames;

    const RATE: SampleRate = SampleRate::new(1000).unwrap();

    /// A bed of 20 seconds at full level that is under words between these instants, and fades out over the last of it.
    fn timeline(words: &[(u64, u64)], length: u64, fade_out: u64) -> Timeline {
        let ramp = |start, length, from, to| Ramp {
            start: FramePos(start),
            length: Frames(length),
            from: Gain(from),
            to: Gain(to),
        };
        let ducking =
            words.iter().flat_map(|&(from, to)| [ramp(from - 400, 400, 1.0, 0.3), ramp(to, 1600, 0.3, 1.0)]);
        Timeline {
            rate: RATE,
            length: Frames(length),
            counted: Frames(length),
            sounds: Vec::new(),
            events: Vec::new(),
            beds: vec![BedSpan {
                start: FramePos(0),
                length: Frames(length),
                clip: ClipId(0),
                gain: Gain(0.5),
                fades: Fades { fade_in: Frames(0), fade_out: Frames(fade_out) },
                ducking: Envelope(ducking.collect()),
            }],
            chapters: Vec::new(),
            cues: Vec::new(),
        }
    }

    /// The gain of the bed at each frame.
    fn gains(timeline: &Timeline) -> Vec<f32> {
        (0..timeline.length.0).map(|at| timeline.beds[0].gain_at(FramePos(at)).0).collect()
    }

    #[track_caller]
    fn check(before: &Timeline, after: &Timeline, at: u64, own_from: u64) {
        let mut joined = after.clone();
        splice_bed_gain(before, &mut joined, FramePos(at));
        let (old, new, own) = (gains(before), gains(&joined), gains(after));
        let (at, own_from) = (at as usize, own_from as usize);
        assert!((new[at] - old[at]).abs() < 1e-6, "{} for {}", new[at], old[at]);
        assert_eq!(new[own_from..], own[own_from..]);
        let heard: Vec<f32> = old[..at].iter().chain(&new[at..]).copied().collect();
        let step = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        // The steepest is a bed that goes down for words: 0.35 in 400 frames, by a raised cosine.
        assert!(step < 0.0016, "a step of {step}");
    }

    #[test]
    fn a_bed_that_is_down_for_words_that_come_later_now_comes_back() {
        let after = timeline(&[(2000, 4000), (15_500, 17_000)], 20_000, 0);
        // In a short pause, in which it stays down, and while it goes down for the next words.
        check(&timeline(&[(2000, 7000)], 20_000, 0), &after, 4800, 6400);
        check(&timeline(&[(2000, 4000), (6500, 8000)], 20_000, 0), &after, 6300, 7900);
    }

    #[test]
    fn a_bed_that_was_going_comes_back() {
        check(&timeline(&[], 10_000, 5000), &timeline(&[], 20_000, 5000), 8000, 9600);
    }

    #[test]
    fn words_that_are_near_find_the_bed_down() {
        let before = timeline(&[], 20_000, 5000);
        check(&before, &timeline(&[(6000, 7000)], 20_000, 5000), 5000, 5600);
        check(&before, &timeline(&[(6000, 7000)], 20_000, 5000), 5500, 6000);
    }

    #[test]
    fn a_bed_that_is_the_same_there_is_left_alone() {
        let before = timeline(&[(2000, 4000)], 20_000, 0);
        let mut after = timeline(&[(2000, 4000), (12_000, 14_000)], 30_000, 0);
        let own = after.clone();
        splice_bed_gain(&before, &mut after, FramePos(9000));
        assert_eq!(after, own);
    }

    proptest! {
        #[test]
        fn ramps_never_overlap(words in prop::collection::vec(2500u64..6000, 0..5), at in 0u64..20_000, fade in 0u64..9000) {
            let places = words.iter().scan(0, |end, gap| {
                let from = *end + gap;
                *end = from + 500;
                Some((from, *end))
            });
            let mut after = timeline(&places.collect::<Vec<_>>(), 40_000, 0);
            splice_bed_gain(&timeline(&[(4000, 9000)], 20_000, fade), &mut after, FramePos(at));
            let Envelope(ramps) = &after.beds[0].ducking;
            prop_assert!(ramps.windows(2).all(|pair| pair[0].start + pair[0].length <= pair[1].start), "{ramps:?}");
        }
    }
}
