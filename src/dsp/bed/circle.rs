//! A loop in the making: frames in a circle.

use crate::audio::Frame;
use crate::units::Frames;

/// Frames in a circle: what is added past the end goes on at the beginning.
pub(super) struct Circle {
    frames: Vec<Frame>,
}

impl Circle {
    /// Silence all round.
    pub(super) fn new(length: Frames) -> Self {
        Self { frames: vec![Frame::SILENCE; length.as_usize()] }
    }

    /// Sound that is a round already.
    pub(super) fn from_frames(frames: Vec<Frame>) -> Self {
        Self { frames }
    }

    /// Adds a mono sound from frame `at` on, `left` and `right` times as loud. It may be longer than a round.
    pub(super) fn add(&mut self, at: u64, sound: impl IntoIterator<Item = f32>, left: f32, right: f32) {
        let mut place = (at % self.frames.len() as u64) as usize;
        for sample in sound {
            self.frames[place] += Frame::new(sample * left, sample * right);
            place += 1;
            if place == self.frames.len() {
                place = 0;
            }
        }
    }

    pub(super) fn into_frames(self) -> Vec<Frame> {
        self.frames
    }
}

/// One channel of endless noise that repeats after `length` samples: `process` colours the white noise that
/// `white` gives for each place. It runs `warm_up` samples ahead, so that its filters have settled into the
/// round and the last sample goes over into the first. Two channels are taken in turns, so that a processor does
/// both in the time of one.
pub(super) fn round(
    length: Frames,
    warm_up: Frames,
    white: impl Fn(u64) -> f64,
    mut process: impl FnMut(f64) -> f64,
) -> impl Iterator<Item = f32> {
    let before = warm_up.0.min(length.0);
    for place in length.0 - before..length.0 {
        process(white(place));
    }
    (0..length.0).map(move |place| process(white(place)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_past_the_end_goes_on_at_the_beginning() {
        let mut circle = Circle::new(Frames(4));
        circle.add(6, [1.0, 2.0, 3.0, 4.0, 5.0], 1.0, 0.5);
        let left: Vec<f32> = circle.into_frames().iter().map(|frame| frame.left).collect();
        assert_eq!(left, [3.0, 4.0, 1.0 + 5.0, 2.0]);
    }
}
