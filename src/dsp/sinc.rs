//! Resampling by a windowed sinc: for rates whose common periods are so long that the tables of a transform would be
//! too large.
//!
//! Behind `resample.rs`. Its table is as large whatever the rates are. Places are whole numbers, so no frame drifts;
//! rubato's filter of the same kind adds up fractions, and begins a fraction of a frame beside the first.

use crate::units::SampleRate;

/// Zero crossings of the sinc on either side of its middle.
const ZERO_CROSSINGS: u64 = 128;

/// Places between two frames of the lower rate for which the filter is in the table. Between two of them it is a
/// straight line, whose error is under -130 dB.
const TABLE_PHASES: u64 = 2048;

/// Of the Kaiser window: what the lower rate cannot hold comes out 135 dB lower (Oppenheim and Schafer, 7.5.3).
const KAISER_BETA: f64 = 14.0;

/// Cutoff of the filter, as a share of half the lower rate, so that it has fallen at half that rate: of 44.1 kHz,
/// 20.5 kHz is kept.
const CUTOFF_OF_NYQUIST: f64 = 0.9653;

/// A filter between two rates.
pub(super) struct Sinc {
    from: u64,
    to: u64,
    /// Frames of the input on either side of a place that it takes in.
    reach: usize,
    /// Places between two frames of the input.
    places: u64,
    /// The filter at each of these places, and at the next frame: twice the reach each.
    table: Box<[f64]>,
}

impl Sinc {
    pub(super) fn new(from: SampleRate, to: SampleRate) -> Self {
        let (from, to) = (u64::from(from.hz()), u64::from(to.hz()));
        // To a lower rate the sinc is wider, and as much smoother.
        let reach = (ZERO_CROSSINGS * from.max(to)).div_ceil(to);
        let places = (TABLE_PHASES * to).div_ceil(from.max(to));
        let cutoff = CUTOFF_OF_NYQUIST * to.min(from) as f64 / from as f64;
        let row = |place: u64| {
            (0..2 * reach).map(move |tap| {
                let away = place as f64 / places as f64 + (reach - 1) as f64 - tap as f64;
                cutoff * sinc(cutoff * away) * kaiser(away / reach as f64)
            })
        };
        let table = (0..=places).flat_map(row).collect();
        Self { from, to, reach: reach as usize, places, table }
    }

    /// The sound at the other rate, of so many frames.
    pub(super) fn resample(&self, samples: &[f32], length: usize) -> Box<[f32]> {
        let around = |frames| std::iter::repeat_n(0.0, frames);
        let padded: Vec<f32> =
            around(self.reach - 1).chain(samples.iter().copied()).chain(around(self.reach + 1)).collect();
        (0..length as u64).map(|frame| self.at(&padded, frame) as f32).collect()
    }

    /// A frame of the output: the filter at its place, between two of those in the table.
    fn at(&self, padded: &[f32], frame: u64) -> f64 {
        let (whole, rest) = (frame * self.from / self.to, frame * self.from % self.to);
        let (place, beyond) = (rest * self.places / self.to, rest * self.places % self.to);
        let taps = 2 * self.reach;
        let heard = &padded[whole as usize..][..taps];
        let rows = &self.table[place as usize * taps..][..2 * taps];
        let (here, next) = (sum(heard, &rows[..taps]), sum(heard, &rows[taps..]));
        here + (next - here) * (beyond as f64 / self.to as f64)
    }
}

/// The sum of products, in four parts, which a processor adds up at once.
fn sum(samples: &[f32], row: &[f64]) -> f64 {
    let mut parts = [0.0; 4];
    for (samples, row) in samples.chunks_exact(4).zip(row.chunks_exact(4)) {
        for (part, (sample, factor)) in parts.iter_mut().zip(samples.iter().zip(row)) {
            *part += f64::from(*sample) * factor;
        }
    }
    let left = samples.len() - samples.len() % 4;
    let rest = samples[left..].iter().zip(&row[left..]).map(|(sample, factor)| f64::from(*sample) * factor);
    parts.iter().sum::<f64>() + rest.sum::<f64>()
}

fn sinc(x: f64) -> f64 {
    let angle = std::f64::consts::PI * x;
    if angle == 0.0 { 1.0 } else { libm::sin(angle) / angle }
}

/// The window, from its middle at 0 to its end at 1.
fn kaiser(x: f64) -> f64 {
    let inside = (1.0 - x * x).max(0.0);
    bessel(KAISER_BETA * libm::sqrt(inside)) / bessel(KAISER_BETA)
}

/// The modified Bessel function of the first kind, of order nought, by its series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    let mut k = 1.0;
    while term > sum * 1e-17 {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
        k += 1.0;
    }
    sum
}
