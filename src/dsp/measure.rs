//! Instruments for the tests: what is really in a sound, measured on its samples.
//!
//! Compiled for tests only.

use std::f64::consts::TAU;

use crate::units::SampleRate;

/// Root of the mean square; full scale is 1.0.
pub(super) fn rms(samples: &[f32]) -> f64 {
    (samples.iter().map(|&s| f64::from(s) * f64::from(s)).sum::<f64>() / samples.len() as f64).sqrt()
}

/// An amplitude in dB to full scale.
pub(super) fn db(amplitude: f64) -> f64 {
    20.0 * libm::log10(amplitude)
}

/// The amplitude of the sine of `hz` in `samples`, by a discrete Fourier transform under a Hann window.
pub(super) fn amplitude_at(samples: &[f32], rate: SampleRate, hz: f64) -> f64 {
    let step = TAU / samples.len() as f64;
    let (turn_im, turn_re) = libm::sincos(TAU * hz / f64::from(rate.hz()));
    let (window_im, window_re) = libm::sincos(step);
    let (mut turn, mut window) = ((1.0, 0.0), (1.0, 0.0));
    let (mut re, mut im) = (0.0, 0.0);
    for &sample in samples {
        let weighted = f64::from(sample) * (0.5 - 0.5 * window.0);
        re += weighted * turn.0;
        im += weighted * turn.1;
        turn = times(turn, (turn_re, turn_im));
        window = times(window, (window_re, window_im));
    }
    // A Hann window keeps half of the amplitude, a real sine has half of it at +hz.
    4.0 * (re * re + im * im).sqrt() / samples.len() as f64
}

/// The frequency between `low` and `high` at which the spectrum of `samples` is highest, to a hundredth of
/// the width of a bin.
pub(super) fn loudest_hz(samples: &[f32], rate: SampleRate, low: f64, high: f64) -> f64 {
    let bin = f64::from(rate.hz()) / samples.len() as f64;
    let scan = |low: f64, high: f64, step: f64| {
        let steps = ((high - low) / step).ceil() as usize;
        (0..=steps)
            .map(|n| low + n as f64 * step)
            .map(|hz| (hz, amplitude_at(samples, rate, hz)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(low, |(hz, _)| hz)
    };
    let coarse = scan(low, high, bin / 2.0);
    let fine = scan(coarse - bin / 2.0, coarse + bin / 2.0, bin / 20.0);
    scan(fine - bin / 20.0, fine + bin / 20.0, bin / 100.0)
}

/// The amplitude of the band of `width_hz` round `hz`, every `hop` samples: shifted to 0 Hz and averaged
/// twice over one period of the width.
pub(super) fn band_envelope(
    samples: &[f32],
    rate: SampleRate,
    hz: f64,
    width_hz: f64,
    hop: usize,
) -> Vec<f64> {
    let (turn_im, turn_re) = libm::sincos(TAU * hz / f64::from(rate.hz()));
    let mut turn = (1.0, 0.0);
    let mut shifted: Vec<(f64, f64)> = samples
        .iter()
        .map(|&sample| {
            let at = (f64::from(sample) * turn.0 * 2.0, f64::from(sample) * turn.1 * 2.0);
            turn = times(turn, (turn_re, turn_im));
            at
        })
        .collect();
    let length = (f64::from(rate.hz()) / width_hz) as usize;
    for _ in 0..2 {
        shifted = moving_average(&shifted, length);
    }
    shifted.iter().step_by(hop).map(|(re, im)| (re * re + im * im).sqrt()).collect()
}

/// The mean frequency of a sound, each weighed by its power.
pub(super) fn centroid_hz(samples: &[f32], rate: SampleRate) -> f64 {
    let power = power_spectrum(samples);
    let bin = f64::from(rate.hz()) / (2 * (power.len() - 1)) as f64;
    let weighed: f64 = power.iter().enumerate().map(|(n, p)| n as f64 * bin * p).sum();
    weighed / power.iter().sum::<f64>()
}

/// The mean of the power spectra of all stretches of 8192 samples.
pub(super) struct Spectrum {
    power: Vec<f64>,
    bin_hz: f64,
}

impl Spectrum {
    pub(super) fn of(samples: &[f32], rate: SampleRate) -> Self {
        let mut power = vec![0.0; 8192 / 2 + 1];
        for stretch in samples.chunks_exact(8192) {
            power.iter_mut().zip(power_spectrum(stretch)).for_each(|(sum, one)| *sum += one);
        }
        Self { power, bin_hz: f64::from(rate.hz()) / 8192.0 }
    }

    /// The power from `low` to `high` Hz, in dB to nothing in particular.
    pub(super) fn band_db(&self, low: f64, high: f64) -> f64 {
        let bin = |hz: f64| (hz / self.bin_hz).round() as usize;
        10.0 * libm::log10(self.power[bin(low)..bin(high)].iter().sum())
    }
}

/// The line through `points` that misses them least: its slope.
pub(super) fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (mean_x, mean_y) = points.iter().fold((0.0, 0.0), |m, p| (m.0 + p.0 / count, m.1 + p.1 / count));
    let (over, under) = points.iter().fold((0.0, 0.0), |s, p| {
        (s.0 + (p.0 - mean_x) * (p.1 - mean_y), s.1 + (p.0 - mean_x) * (p.0 - mean_x))
    });
    over / under
}

/// Power in each bin from 0 Hz to half the rate, of the first samples that fill a power of two.
fn power_spectrum(samples: &[f32]) -> Vec<f64> {
    let length = 1 << samples.len().ilog2();
    let mut values: Vec<(f64, f64)> = (0..length)
        .map(|n| {
            let window = 0.5 - 0.5 * libm::cos(TAU * n as f64 / length as f64);
            (f64::from(samples[n]) * window, 0.0)
        })
        .collect();
    transform(&mut values);
    values[..=length / 2].iter().map(|(re, im)| re * re + im * im).collect()
}

/// Cooley and Tukey's fast Fourier transform, for lengths that are powers of two.
fn transform(values: &mut [(f64, f64)]) {
    let half = values.len() / 2;
    if half == 0 {
        return;
    }
    let mut even: Vec<_> = values.iter().step_by(2).copied().collect();
    let mut odd: Vec<_> = values.iter().skip(1).step_by(2).copied().collect();
    transform(&mut even);
    transform(&mut odd);
    for n in 0..half {
        let (sine, cosine) = libm::sincos(-std::f64::consts::PI * n as f64 / half as f64);
        let turned = times(odd[n], (cosine, sine));
        values[n] = (even[n].0 + turned.0, even[n].1 + turned.1);
        values[n + half] = (even[n].0 - turned.0, even[n].1 - turned.1);
    }
}

fn moving_average(values: &[(f64, f64)], length: usize) -> Vec<(f64, f64)> {
    let mut sum = (0.0, 0.0);
    (0..values.len())
        .filter_map(|n| {
            sum = (sum.0 + values[n].0, sum.1 + values[n].1);
            if n + 1 < length {
                return None;
            }
            let mean = (sum.0 / length as f64, sum.1 / length as f64);
            let first = values[n + 1 - length];
            sum = (sum.0 - first.0, sum.1 - first.1);
            Some(mean)
        })
        .collect()
}

fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}
