//! A look-ahead true-peak limiter that can begin anywhere.
//!
//! It has no memory: the gain at an instant depends on the sound within [`Limiter::context`] frames of it, so any
//! stretch of a track comes out the same, whatever was limited before. Time is cut into slots of a millisecond,
//! counted from the start of the track. A slot needs a gain; the smallest gain needed nearby is held, and what is
//! held is smoothed, so that the gain has reached a peak's need before the peak and leaves it after.

use super::true_peak::{INTERPOLATOR_REACH, MAX_OVERSHOOT, true_peak};
use crate::audio::Frame;
use crate::units::{Dbtp, Gain, SampleRate};

/// Slots on either side over which the gain comes and goes: 20 ms, long against the period of a low voice (80 Hz:
/// 12.5 ms), so that a gain does not follow the wave, and short against a syllable.
const SMOOTHING_SLOTS: usize = 20;

/// Slots on either side over which a need is held: one more, because frames between two slots take from both.
const HOLD_SLOTS: usize = SMOOTHING_SLOTS + 1;

/// Slots on either side that a slot's gain depends on, with its neighbours'.
const CONTEXT_SLOTS: usize = SMOOTHING_SLOTS + HOLD_SLOTS + 1;

/// A limiter for one rate and one ceiling.
#[derive(Clone, Debug)]
pub struct Limiter {
    ceiling: f32,
    slot: usize,
    /// The weights of the smoothing, from the middle outwards; all of them and all but the first again are one.
    weights: [f32; SMOOTHING_SLOTS + 1],
}

impl Limiter {
    /// A limiter whose output stays under `ceiling`.
    pub fn new(ceiling: Dbtp, rate: SampleRate) -> Self {
        let shape = |slot: usize| 1.0 + libm::cosf(std::f32::consts::PI * slot as f32 / HOLD_SLOTS as f32);
        let mut weights = std::array::from_fn(shape);
        let sum = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let slot = (rate.hz() / 1000).max(1) as usize;
        Self { ceiling: ceiling.to_magnitude(), slot, weights }
    }

    /// Frames of a slot; stretches must begin and end with one.
    pub fn slot(&self) -> usize {
        self.slot
    }

    /// Frames on either side of a stretch that its gain depends on.
    pub fn context(&self) -> usize {
        CONTEXT_SLOTS * self.slot + INTERPOLATOR_REACH
    }

    /// Limits a stretch of whole slots that lies in `frames` with [`Limiter::context`] frames on either side, and
    /// returns the true peak of what comes out, exactly if it is over `known`, else anything up to `known`.
    ///
    /// `known` is a peak that has been reached elsewhere: softer slots need not be looked at closely. Whatever comes
    /// in, what comes out is finite.
    pub fn limit(&self, frames: &mut [Frame], known: f32) -> f32 {
        frames.iter_mut().for_each(|frame| *frame = frame.bounded());
        let peaks = self.peaks(frames, known.min(self.ceiling));
        let inside = CONTEXT_SLOTS..peaks.len() - CONTEXT_SLOTS;
        let needed: Vec<f32> = peaks.iter().map(|peak| (self.ceiling / peak).min(1.0)).collect();
        if needed.iter().all(|gain| *gain == 1.0) {
            return peaks[inside].iter().copied().fold(0.0, f32::max);
        }
        let held: Vec<f32> = needed.windows(2 * HOLD_SLOTS + 1).map(smallest).collect();
        let smooth: Vec<f32> =
            held.windows(2 * SMOOTHING_SLOTS + 1).map(|held| self.smoothed(held)).collect();
        // The first smooth gain is that of the slot before the stretch, the last that of the one after.
        let mut highest = 0.0f32;
        for ((index, gains), &peak) in smooth.windows(3).enumerate().zip(&peaks[inside]) {
            let first = self.context() + index * self.slot;
            self.apply(gains, &mut frames[first..first + self.slot]);
            highest = highest.max(peak * gains.iter().copied().fold(0.0, f32::max));
        }
        highest.min(self.ceiling)
    }

    /// The true peak of every slot; of a slot that cannot exceed `close` its largest sample.
    fn peaks(&self, frames: &[Frame], close: f32) -> Vec<f32> {
        let mut close = close;
        let slots = (frames.len() - 2 * INTERPOLATOR_REACH) / self.slot;
        let around =
            |index: usize| &frames[index * self.slot..(index + 1) * self.slot + 2 * INTERPOLATOR_REACH];
        (0..slots)
            .map(|index| {
                let around = around(index);
                let largest = around.iter().map(|frame| frame.peak()).fold(0.0, f32::max);
                if largest * MAX_OVERSHOOT <= close {
                    return largest;
                }
                let peak = true_peak(around);
                close = close.max(peak.min(self.ceiling));
                peak
            })
            .collect()
    }

    fn smoothed(&self, held: &[f32]) -> f32 {
        if held.iter().all(|gain| *gain == 1.0) {
            return 1.0;
        }
        let around = (1..=SMOOTHING_SLOTS)
            .map(|away| self.weights[away] * (held[SMOOTHING_SLOTS - away] + held[SMOOTHING_SLOTS + away]));
        (self.weights[0] * held[SMOOTHING_SLOTS] + around.sum::<f32>()).min(1.0)
    }

    /// Multiplies a slot by its gain, straight lines from the middle of one slot to that of the next.
    fn apply(&self, gains: &[f32], slot: &mut [Frame]) {
        let &[before, here, after] = gains else { return };
        if before == 1.0 && here == 1.0 && after == 1.0 {
            return;
        }
        let length = slot.len() as f32;
        for (index, frame) in slot.iter_mut().enumerate() {
            let from_middle = (index as f32 + 0.5) / length - 0.5;
            let towards = if from_middle < 0.0 { before } else { after };
            *frame = *frame * Gain(here + (towards - here) * from_middle.abs());
        }
    }
}

fn smallest(gains: &[f32]) -> f32 {
    gains.iter().copied().fold(1.0, f32::min)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: SampleRate = SampleRate::HZ_48000;

    /// A whole sound through the limiter, silence around it.
    fn limited(limiter: &Limiter, sound: &[Frame]) -> (Vec<Frame>, f32) {
        let context = limiter.context();
        let padded = sound.len().next_multiple_of(limiter.slot());
        let mut frames = vec![Frame::SILENCE; context];
        frames.extend_from_slice(sound);
        frames.resize(padded + 2 * context, Frame::SILENCE);
        let peak = limiter.limit(&mut frames, 0.0);
        (frames[context..context + sound.len()].to_vec(), peak)
    }

    fn noise(length: usize, gain: impl Fn(usize) -> f32) -> Vec<Frame> {
        let noise = crate::dsp::Noise::new(3);
        (0..length).map(|n| Frame::mono(noise.signed(n as u64) * gain(n))).collect()
    }

    #[test]
    fn what_is_soft_stays_as_it_is_to_the_bit() {
        let limiter = Limiter::new(Dbtp(-1.0), RATE);
        let soft = noise(9600, |_| 0.4);
        let (out, peak) = limited(&limiter, &soft);
        assert_eq!(out, soft);
        let padded: Vec<Frame> =
            [&[Frame::SILENCE; INTERPOLATOR_REACH][..], &soft, &[Frame::SILENCE; INTERPOLATOR_REACH]]
                .concat();
        assert_eq!(peak, true_peak(&padded));
    }

    #[test]
    fn a_burst_comes_down_to_the_ceiling_and_its_surroundings_come_back() {
        let limiter = Limiter::new(Dbtp(-1.5), RATE);
        let burst = |n: usize| if (24_000..24_100).contains(&n) { 1.8 } else { 0.1 };
        let loud = noise(48_000, burst);
        let (out, peak) = limited(&limiter, &loud);
        let ceiling = Dbtp(-1.5).to_magnitude();
        assert!(true_peak(&out) <= ceiling * 1.001, "{}", true_peak(&out));
        assert!(peak <= ceiling && peak > ceiling * 0.9);
        let reach = 45 * 48;
        assert_eq!(out[..24_000 - reach], loud[..24_000 - reach]);
        assert_eq!(out[24_100 + reach..], loud[24_100 + reach..]);
        // No step: from frame to frame the gain changes by less than 0.02 dB.
        let gains: Vec<f32> = out.iter().zip(&loud).map(|(out, loud)| out.left / loud.left).collect();
        assert!(gains.windows(2).all(|pair| (pair[1] / pair[0] - 1.0).abs() < 0.002));
    }

    proptest! {
        #[test]
        fn nothing_comes_out_over_the_ceiling(gains in prop::collection::vec(0.0f32..4.0, 30)) {
            let limiter = Limiter::new(Dbtp(-1.0), SampleRate::new(8000).unwrap());
            let (out, _) = limited(&limiter, &noise(3000, |n| gains[n / 100]));
            prop_assert!(true_peak(&out) <= Dbtp(-1.0).to_magnitude() * 1.005);
        }

        #[test]
        fn whatever_comes_in_comes_out_finite_and_under_the_ceiling(
            bits in prop::collection::vec((any::<u32>(), any::<u32>()), 200..600),
            odd in prop::collection::vec((0usize..200, prop::sample::select(vec![
                f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, f32::MIN_POSITIVE,
            ])), 0..9),
        ) {
            let limiter = Limiter::new(Dbtp(-1.0), SampleRate::new(8000).unwrap());
            let frame = |(left, right): &(u32, u32)| Frame::new(f32::from_bits(*left), f32::from_bits(*right));
            let mut frames: Vec<Frame> = bits.iter().map(frame).collect();
            odd.iter().for_each(|(at, sample)| frames[*at].right = *sample);
            let (out, peak) = limited(&limiter, &frames);
            prop_assert!(out.iter().all(|frame| frame.peak() <= Dbtp(-1.0).to_magnitude() * 1.005), "{out:?}");
            prop_assert!(peak.is_finite());
        }
    }
}
