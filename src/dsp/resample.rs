//! Resampling: the same sound at another rate, aligned to the frame. The home of `rubato`.
//!
//! Called by the library once for each file whose rate is not the session's. Must not know files.

use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Resampler as _};

use crate::units::{Frames, SampleRate, div_nearest};

/// Frames of input that a transform takes at least: long enough for a filter steep enough to keep 20 kHz.
const LEAST_CHUNK: u32 = 4096;

/// What brings sound from one rate to another. To plan its transforms costs as much as to resample a second or two,
/// so it is worth keeping; nothing of one sound reaches the next.
pub struct Resampler {
    from: SampleRate,
    to: SampleRate,
    transform: Fft<f64>,
}

impl Resampler {
    /// Plans it.
    pub fn new(from: SampleRate, to: SampleRate) -> Self {
        let (hz_in, hz_out) = (from.hz() as usize, to.hz() as usize);
        let transform = Fft::new(hz_in, hz_out, chunk(from, to), 1, FixedSync::Both);
        Self { from, to, transform: transform.expect("rates are not zero") }
    }

    /// `samples` of one channel at another rate: exactly `len * to / from` frames, to nearest, and frame
    /// `i * to / from` of the result sounds when frame `i` of `samples` does.
    ///
    /// Band-limited by FFT, residual under -130 dB.
    pub fn resample(&mut self, samples: &[f32]) -> Box<[f32]> {
        let length = resampled_length(Frames(samples.len() as u64), self.from, self.to).as_usize();
        if self.from == self.to || samples.is_empty() {
            return samples.into();
        }
        let input = [samples.iter().map(|&sample| f64::from(sample)).collect::<Vec<f64>>()];
        let adapter =
            SequentialSliceOfVecs::new(&input, 1, samples.len()).expect("one channel of that length");
        // It begins anew with every sound, as rubato's `process_all` says.
        let output = self
            .transform
            .process_all(&adapter, samples.len(), None)
            .expect("the buffers are as long as they say");
        let mut resampled: Vec<f32> = output.take_data().into_iter().map(|sample| sample as f32).collect();
        // rubato rounds the length its own way, and may be a frame long.
        resampled.resize(length, 0.0);
        resampled.into()
    }
}

/// How long a sound is at another rate: `length * to / from`, to the nearest frame.
pub fn resampled_length(length: Frames, from: SampleRate, to: SampleRate) -> Frames {
    Frames(div_nearest(length.0 * u64::from(to.hz()), u64::from(from.hz())))
}

/// An even number of the smallest chunks that both rates have in whole frames. rubato's delay is half of
/// its transform, and half of an odd one would leave everything half a frame early.
fn chunk(from: SampleRate, to: SampleRate) -> usize {
    let (mut a, mut b) = (from.hz(), to.hz());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let smallest = from.hz() / a;
    (smallest * LEAST_CHUNK.div_ceil(smallest).next_multiple_of(2)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resample(samples: &[f32], from: SampleRate, to: SampleRate) -> Box<[f32]> {
        Resampler::new(from, to).resample(samples)
    }

    const RATES: [u32; 6] = [22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

    fn pairs() -> impl Iterator<Item = (SampleRate, SampleRate)> {
        let rate = |hz| SampleRate::new(hz).unwrap();
        RATES.into_iter().flat_map(move |from| RATES.into_iter().map(move |to| (rate(from), rate(to))))
    }

    #[test]
    fn an_impulse_stays_at_its_instant() {
        for (from, to) in pairs() {
            // At the start, in the middle and near the end, each at an instant that is a whole frame of both rates.
            let second = from.hz() as usize;
            for tenth in [0, 1, 5, 9] {
                let at = second * tenth / 10;
                let mut samples = vec![0.0; second];
                samples[at] = 1.0;
                let out = resample(&samples, from, to);
                assert_eq!(out.len(), to.hz() as usize);
                let expected = to.hz() as usize * tenth / 10;
                let peak = (0..out.len()).max_by(|a, b| out[*a].abs().total_cmp(&out[*b].abs())).unwrap();
                assert_eq!(peak, expected, "{from:?} to {to:?}");
                if tenth > 0 {
                    let (before, after) = (out[peak - 1], out[peak + 1]);
                    assert!((before - after).abs() < 1e-3, "{from:?} to {to:?}: {before} {after}");
                }
            }
        }
    }

    #[test]
    fn a_tone_keeps_its_level_and_phase() {
        for (from, to) in pairs() {
            let tone = |rate: SampleRate, i: usize| {
                libm::sin(std::f64::consts::TAU * 3000.0 * i as f64 / f64::from(rate.hz())) * 0.5
            };
            let samples: Vec<f32> = (0..from.hz() as usize).map(|i| tone(from, i) as f32).collect();
            let out = resample(&samples, from, to);
            // The edges ring, as the band limit of a tone that begins at once must.
            let middle = out.len() / 4..out.len() * 3 / 4;
            let worst = middle.map(|i| (f64::from(out[i]) - tone(to, i)).abs()).fold(0.0, f64::max);
            assert!(worst < 2e-5, "{from:?} to {to:?}: {worst}");
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        let (from, to) = (SampleRate::HZ_48000, SampleRate::new(22_050).unwrap());
        let tone = |i: usize| libm::sin(std::f64::consts::TAU * 15_000.0 * i as f64 / 48_000.0) as f32;
        let samples: Vec<f32> = (0..48_000).map(tone).collect();
        let out = resample(&samples, from, to);
        let worst = out[4000..18_000].iter().fold(0.0f32, |worst, s| worst.max(s.abs()));
        assert!(worst < 1e-5, "{worst}");
    }

    #[test]
    fn lengths_are_rounded_to_the_nearest_frame() {
        let to = SampleRate::HZ_48000;
        for (samples, hz, frames) in
            [(1, 44_100, 1), (441, 44_100, 480), (12_345, 24_000, 24_690), (7, 96_000, 4), (0, 8000, 0)]
        {
            assert_eq!(resample(&vec![0.1; samples], SampleRate::new(hz).unwrap(), to).len(), frames);
        }
    }

    #[test]
    fn nothing_of_one_sound_reaches_the_next() {
        for (from, to) in pairs() {
            let sound = |seed: u64, length: u64| -> Vec<f32> {
                (0..length).map(|i| crate::dsp::Noise::new(seed).signed(i)).collect()
            };
            let mut kept = Resampler::new(from, to);
            for (seed, length) in [(1, 20_000), (2, 100), (3, 9001)] {
                let sound = sound(seed, length);
                assert_eq!(kept.resample(&sound), resample(&sound, from, to), "{from:?} to {to:?}");
            }
        }
    }
}
