//! Fades: how a sound comes and goes without a click.
//!
//! One curve for one sound, the raised cosine, whose slope is nought at both ends; one pair for two
//! sounds that change places, whose powers add up to one. Used for the edges of clips, for events and
//! beds, for ducking and inside the synthesis. Must not know what is being faded.

use std::ops::Mul;

use crate::units::{Frames, Gain};

/// The gain `position` frames into a rise of `length` frames: an S-curve, exactly 0.0 at 0 and exactly
/// 1.0 at `length` and after. Mirrored, `raised_cosine(length - position, length)`, the two add up to 1.
pub fn raised_cosine(position: u64, length: u64) -> f32 {
    if position >= length {
        return 1.0;
    }
    // As a squared sine, not as (1 - cos) / 2: the first values of a long fade keep all their digits.
    let sine = libm::sin(std::f64::consts::FRAC_PI_2 * share(position, length));
    (sine * sine) as f32
}

/// The gains (of what goes, of what comes) `position` frames into a crossfade of `length` frames. Their
/// squares add up to 1, so unlike sounds keep their joint power; exactly (1, 0) at 0, (0, 1) at `length`.
pub fn equal_power(position: u64, length: u64) -> (f32, f32) {
    match position {
        _ if position >= length => (0.0, 1.0),
        0 => (1.0, 0.0),
        _ => {
            let (sine, cosine) = libm::sincos(std::f64::consts::FRAC_PI_2 * share(position, length));
            (cosine as f32, sine as f32)
        }
    }
}

/// Fades the first `length` samples or frames in, by a raised cosine that starts at 0.0.
pub fn fade_in<S: Copy + Mul<Gain, Output = S>>(samples: &mut [S], length: Frames) {
    for (position, sample) in samples.iter_mut().take(length.as_usize()).enumerate() {
        *sample = *sample * Gain(raised_cosine(position as u64, length.0));
    }
}

/// Fades the last `length` samples or frames out, by a raised cosine that ends at 0.0.
pub fn fade_out<S: Copy + Mul<Gain, Output = S>>(samples: &mut [S], length: Frames) {
    for (position, sample) in samples.iter_mut().rev().take(length.as_usize()).enumerate() {
        *sample = *sample * Gain(raised_cosine(position as u64, length.0));
    }
}

/// Fades both ends, each over `length`, or over half of a sound that is shorter than both.
pub fn fade_edges<S: Copy + Mul<Gain, Output = S>>(samples: &mut [S], length: Frames) {
    let length = Frames(length.0.min(samples.len() as u64 / 2));
    fade_in(samples, length);
    fade_out(samples, length);
}

fn share(position: u64, length: u64) -> f64 {
    position as f64 / length as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Frame;

    #[test]
    fn a_raised_cosine_begins_at_nought_ends_at_one_and_never_falls() {
        for length in [1, 2, 3, 240, 480_000] {
            assert_eq!(raised_cosine(0, length), 0.0);
            assert_eq!(raised_cosine(length, length), 1.0);
            assert_eq!(raised_cosine(length + 7, length), 1.0);
            let step = (length / 1000).max(1) as usize;
            let curve: Vec<f32> = (0..=length).step_by(step).map(|at| raised_cosine(at, length)).collect();
            assert!(curve.windows(2).all(|pair| pair[0] <= pair[1]), "{length}");
        }
    }

    #[test]
    fn a_raised_cosine_and_its_mirror_add_up_to_one() {
        for at in 0..=100 {
            assert!((raised_cosine(at, 100) + raised_cosine(100 - at, 100) - 1.0).abs() < 1e-6, "{at}");
        }
        assert!((raised_cosine(25, 100) - 0.146_446_6).abs() < 1e-6); // (1 - cos 45 degrees) / 2
    }

    #[test]
    fn a_fade_of_no_length_is_already_over() {
        assert_eq!(raised_cosine(0, 0), 1.0);
        assert_eq!(equal_power(0, 0), (0.0, 1.0));
    }

    #[test]
    fn the_powers_of_a_crossfade_add_up_to_one() {
        assert_eq!(equal_power(0, 100), (1.0, 0.0));
        assert_eq!(equal_power(100, 100), (0.0, 1.0));
        for at in 0..=100 {
            let (out, into) = equal_power(at, 100);
            assert!((out * out + into * into - 1.0).abs() < 1e-6, "{at}");
        }
        let (out, into) = equal_power(50, 100);
        assert!((out - into).abs() < 1e-6);
    }

    #[test]
    fn edges_are_silent_and_the_middle_is_untouched() {
        let mut samples = [1.0_f32; 100];
        fade_edges(&mut samples, Frames(10));
        assert_eq!((samples[0], samples[99]), (0.0, 0.0));
        assert!(samples[10..90].iter().all(|&s| s == 1.0));
        assert!(samples[1] > 0.0 && samples[1] == samples[98]);

        let mut frames = [Frame::mono(1.0); 100];
        fade_edges(&mut frames, Frames(10));
        assert!(frames.iter().zip(samples).all(|(frame, sample)| *frame == Frame::mono(sample)));
    }

    #[test]
    fn a_sound_shorter_than_its_fades_is_faded_over_its_halves() {
        let mut samples = [1.0_f32; 5];
        fade_edges(&mut samples, Frames(480));
        assert_eq!((samples[0], samples[2], samples[4]), (0.0, 1.0, 0.0));
        fade_edges(&mut [0.5_f32], Frames(480));
        fade_edges::<f32>(&mut [], Frames(480));
    }
}
