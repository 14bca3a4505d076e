//! Resampling: the same sound at another rate, aligned to the frame. The home of `rubato`.
//!
//! Called by the library once for each file whose rate is not the session's. Must not know files.

use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Resampler as _};

use super::sinc::Sinc;
use crate::units::{Frames, SampleRate, div_nearest};

/// Frames of input that a transform takes at least: long enough for a filter steep enough to keep 20 kHz.
const MIN_FFT_FRAMES: u32 = 4096;

/// Frames after which both rates meet again, at most, for a transform, whose tables grow with them. Rates that
/// recorders have meet soon; 48 kHz and 47981 Hz, which has no factor, do so once a second, and would take 800 MB.
const MAX_FFT_PERIOD: u32 = 16_384;

/// A converter of sound from one rate to another. To plan it costs as much as to resample a second or two, so it is
/// worth keeping; nothing of one sound reaches the next.
pub struct Resampler {
    from: SampleRate,
    to: SampleRate,
    way: Way,
}

/// The way from one rate to another.
enum Way {
    Transform(Box<Fft<f64>>),
    Filter(Sinc),
}

impl Resampler {
    /// Plans it.
    pub fn new(from: SampleRate, to: SampleRate) -> Self {
        let (hz_in, hz_out) = (from.hz() as usize, to.hz() as usize);
        let way = match chunk(from, to) {
            Some(chunk) => {
                let transform = Fft::new(hz_in, hz_out, chunk, 1, FixedSync::Both);
                Way::Transform(Box::new(transform.expect("rates are not zero")))
            }
            None => Way::Filter(Sinc::new(from, to)),
        };
        Self { from, to, way }
    }

    /// The rate it converts from, and the one it converts to.
    pub fn rates(&self) -> (SampleRate, SampleRate) {
        (self.from, self.to)
    }

    /// `samples` of one channel at another rate: exactly `len * to / from` frames, to nearest, and frame
    /// `i * to / from` of the result sounds when frame `i` of `samples` does.
    ///
    /// Band-limited, residual under -130 dB.
    pub fn resample(&mut self, samples: &[f32]) -> Box<[f32]> {
        let length = resampled_length(Frames(samples.len() as u64), self.from, self.to).as_usize();
        if self.from == self.to || samples.is_empty() {
            return samples.into();
        }
        match &mut self.way {
            Way::Transform(transform) => transformed(transform, samples, length),
            Way::Filter(filter) => filter.resample(samples, length),
        }
    }
}

fn transformed(transform: &mut Fft<f64>, samples: &[f32], length: usize) -> Box<[f32]> {
    let input = [samples.iter().map(|&sample| f64::from(sample)).collect::<Vec<f64>>()];
    let adapter = SequentialSliceOfVecs::new(&input, 1, samples.len()).expect("one channel of that length");
    // It begins anew with every sound, as rubato's `process_all` says.
    let output =
        transform.process_all(&adapter, samples.len(), None).expect("the buffers are as long as they say");
    let mut resampled: Vec<f32> = output.take_data().into_iter().map(|sample| sample as f32).collect();
    // rubato rounds the length its own way, and may be a frame long.
    resampled.resize(length, 0.0);
    resampled.into()
}

/// Returns the length of a sound at another rate: `length * to / from`, to the nearest frame.
pub fn resampled_length(length: Frames, from: SampleRate, to: SampleRate) -> Frames {
    Frames(div_nearest(length.0 * u64::from(to.hz()), u64::from(from.hz())))
}

/// An even number of the smallest chunks that both rates have in whole frames; `None` if these are too long. rubato's
/// delay is half of its transform, and half of an odd one would leave everything half a frame early.
fn chunk(from: SampleRate, to: SampleRate) -> Option<usize> {
    let (mut a, mut b) = (from.hz(), to.hz());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let smallest = from.hz() / a;
    let chunk = smallest * MIN_FFT_FRAMES.div_ceil(smallest).next_multiple_of(2);
    (smallest.max(to.hz() / a) <= MAX_FFT_PERIOD).then_some(chunk as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resample(samples: &[f32], from: SampleRate, to: SampleRate) -> Box<[f32]> {
        Resampler::new(from, to).resample(samples)
    }

    const RATES: [u32; 6] = [22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

    /// From the rates of old Macs, of video, and from primes, which have no factor in common with any.
    const ODD: [(u32, u32); 6] = [
        (11_127, 48_000),
        (22_255, 44_100),
        (44_056, 48_000),
        (4001, 48_000),
        (47_981, 48_000),
        (95_989, 22_050),
    ];

    fn pairs() -> impl Iterator<Item = (SampleRate, SampleRate)> {
        let common = RATES.into_iter().flat_map(|from| RATES.into_iter().map(move |to| (from, to)));
        let rate = |hz| SampleRate::new(hz).unwrap();
        common.chain(ODD).map(move |(from, to)| (rate(from), rate(to)))
    }

    #[test]
    fn an_impulse_stays_at_its_instant() {
        for (from, to) in pairs() {
            // At the start and after a second and two, each at an instant that is a whole frame of both rates.
            let mut resampler = Resampler::new(from, to);
            for second in [0, 1, 2] {
                let mut samples = vec![0.0; 5 * from.hz() as usize / 2];
                samples[second * from.hz() as usize] = 1.0;
                let out = resampler.resample(&samples);
                assert_eq!(out.len() as u64, resampled_length(Frames(samples.len() as u64), from, to).0);
                let expected = second * to.hz() as usize;
                let peak = (0..out.len()).max_by(|a, b| out[*a].abs().total_cmp(&out[*b].abs())).unwrap();
                assert_eq!(peak, expected, "{from:?} to {to:?}");
                if second > 0 {
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
                libm::sin(std::f64::consts::TAU * 1500.0 * i as f64 / f64::from(rate.hz())) * 0.5
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
    fn a_high_tone_of_an_odd_rate_is_clean() {
        for (from, to) in ODD {
            let (from, to) = (SampleRate::new(from).unwrap(), SampleRate::new(to).unwrap());
            let turn = std::f64::consts::TAU * 0.4 * f64::from(from.hz().min(to.hz()));
            let tone = |rate: SampleRate, i: usize| libm::sin(turn * i as f64 / f64::from(rate.hz()));
            let samples: Vec<f32> = (0..from.hz() as usize).map(|i| tone(from, i) as f32).collect();
            let out = resample(&samples, from, to);
            let middle = out.len() / 4..out.len() * 3 / 4;
            let worst = middle.map(|i| (f64::from(out[i]) - tone(to, i)).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-6, "{from:?} to {to:?}: {worst}");
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        for from in [48_000, 95_989] {
            let (from, to) = (SampleRate::new(from).unwrap(), SampleRate::new(22_050).unwrap());
            let turn = std::f64::consts::TAU * 15_000.0 / f64::from(from.hz());
            let samples: Vec<f32> = (0..from.hz()).map(|i| libm::sin(turn * f64::from(i)) as f32).collect();
            let out = resample(&samples, from, to);
            let worst = out[4000..18_000].iter().fold(0.0f32, |worst, s| worst.max(s.abs()));
            assert!(worst < 1e-5, "{from:?}: {worst}");
        }
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
