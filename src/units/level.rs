//! Level: relative (decibels, and the factor they stand for) and absolute
//! (LUFS, dBTP).
//!
//! Powers and logarithms come from `libm`, never from the platform, so that a level is the same
//! number on every machine.

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// A change of level in dB. A loudness difference in LU is one too.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Decibels(pub f64);

impl Decibels {
    /// No change.
    pub const ZERO: Self = Self(0.0);

    /// The factor this change stands for.
    pub fn to_gain(self) -> Gain {
        Gain(libm::pow(10.0, self.0 / 20.0) as f32)
    }
}

impl Add for Decibels {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Decibels {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Decibels {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Decibels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.1} dB", self.0)
    }
}

/// A factor on samples; the only level that multiplies them.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Gain(pub f32);

impl Gain {
    /// Times one.
    pub const UNITY: Self = Self(1.0);

    /// This factor as a change of level; minus infinity for zero.
    pub fn to_decibels(self) -> Decibels {
        Decibels(20.0 * libm::log10(f64::from(self.0)))
    }
}

impl Mul<Gain> for f32 {
    type Output = Self;
    fn mul(self, gain: Gain) -> Self {
        self * gain.0
    }
}

impl Mul for Gain {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

/// Loudness as ITU-R BS.1770 measures it, absolute.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Lufs(pub f64);

impl Sub for Lufs {
    type Output = Decibels;
    fn sub(self, other: Self) -> Decibels {
        Decibels(self.0 - other.0)
    }
}

impl Add<Decibels> for Lufs {
    type Output = Self;
    fn add(self, change: Decibels) -> Self {
        Self(self.0 + change.0)
    }
}

impl fmt::Display for Lufs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} LUFS", self.0)
    }
}

/// True peak: the peak of the waveform between the samples, as ITU-R BS.1770-5, annex 2 estimates it,
/// in decibels against full scale.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Dbtp(pub f64);

impl Dbtp {
    /// The magnitude this peak stands for; full scale is 1.0.
    pub fn to_magnitude(self) -> f32 {
        Decibels(self.0).to_gain().0
    }

    /// The peak of a magnitude; minus infinity for zero.
    pub fn of(magnitude: f32) -> Self {
        Self(Gain(magnitude).to_decibels().0)
    }
}

impl fmt::Display for Dbtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} dBTP", self.0)
    }
}

/// The position between the speakers, from -1.0 (left) to 1.0 (right).
///
/// A balance, not a pan pot: the centre leaves both channels as they are, so that a clip in the
/// middle keeps its measured loudness.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pan(pub f32);

impl Pan {
    /// In the middle.
    pub const CENTRE: Self = Self(0.0);

    /// The factors on the left and the right channel.
    pub fn to_gains(self) -> (Gain, Gain) {
        let away = |p: f32| Gain(libm::cosf(p.clamp(0.0, 1.0) * std::f32::consts::FRAC_PI_2));
        match self.0 {
            p if p > 0.0 => (away(p), Gain::UNITY),
            p if p < 0.0 => (Gain::UNITY, away(-p)),
            _ => (Gain::UNITY, Gain::UNITY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_are_the_published_factors() {
        // Amplitude ratios as in any table of decibels, e.g. IEC 60027-3.
        for (db, factor) in [(0.0, 1.0), (-6.0, 0.501_187), (-20.0, 0.1), (20.0, 10.0), (3.0, 1.412_538)] {
            assert!((Decibels(db).to_gain().0 - factor).abs() < 1e-5, "{db}");
        }
    }

    #[test]
    fn the_centre_leaves_both_channels_alone() {
        assert_eq!(Pan::CENTRE.to_gains(), (Gain::UNITY, Gain::UNITY));
        assert!(Pan(1.0).to_gains().0.0.abs() < 1e-6);
        assert_eq!(Pan(1.0).to_gains().1, Gain::UNITY);
    }
}
