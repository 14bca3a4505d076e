//! A sine without a sine: a point that turns round the origin and sinks towards it.
//!
//! Each frame is one complex multiplication, so a bell of 90 seconds with dozens of partials costs what
//! its additions cost. In f64 the rounding of ten million turns moves level and phase by about one part in
//! 10^9, so nothing needs renormalising; `libm` is asked only at the start, and the bits are the same on
//! every machine.

use std::f64::consts::TAU;

use crate::units::SampleRate;

/// A decaying sine, one frame at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phasor {
    re: f64,
    im: f64,
    turn_re: f64,
    turn_im: f64,
}

/// A decaying sine whose frequency rises.
#[derive(Clone, Copy, Debug)]
pub(super) struct RisingPhasor {
    phasor: Phasor,
    faster_re: f64,
    faster_im: f64,
}

/// Phasors that turn together: what is alike lies side by side, so that a processor turns two or more at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord<const N: usize> {
    re: [f64; N],
    im: [f64; N],
    turn_re: [f64; N],
    turn_im: [f64; N],
}

impl Phasor {
    /// A sine of `hz` that starts at `phase` (in turns) with `amplitude` and falls by 60 dB in `t60_s`
    /// seconds (infinite: never).
    pub(super) fn new(hz: f64, amplitude: f64, phase: f64, t60_s: f64, rate: SampleRate) -> Self {
        let rate = f64::from(rate.hz());
        let (im, re) = libm::sincos(TAU * phase);
        let (turn_im, turn_re) = libm::sincos(TAU * hz / rate);
        let sink = libm::exp(-std::f64::consts::LN_10 * 3.0 / (t60_s * rate));
        Self { re: amplitude * re, im: amplitude * im, turn_re: sink * turn_re, turn_im: sink * turn_im }
    }

    /// The sample of this frame.
    #[inline]
    pub(super) fn next(&mut self) -> f64 {
        let sample = self.im;
        (self.re, self.im) = (
            self.re * self.turn_re - self.im * self.turn_im,
            self.re * self.turn_im + self.im * self.turn_re,
        );
        sample
    }

    /// The same sine, rising by `hz_per_s`.
    pub(super) fn rising(self, hz_per_s: f64, rate: SampleRate) -> RisingPhasor {
        let rate = f64::from(rate.hz());
        let (faster_im, faster_re) = libm::sincos(TAU * hz_per_s / (rate * rate));
        RisingPhasor { phasor: self, faster_re, faster_im }
    }

    /// Returns what is left of the amplitude.
    pub(super) fn amplitude(&self) -> f64 {
        (self.re * self.re + self.im * self.im).sqrt()
    }
}

impl<const N: usize> Chord<N> {
    /// The first `N` phasors, as they stand; if there are fewer, the others are silent.
    pub(super) fn of(phasors: &[Phasor]) -> Self {
        let all = |of: fn(&Phasor) -> f64| std::array::from_fn(|n| phasors.get(n).map_or(0.0, of));
        Self {
            re: all(|phasor| phasor.re),
            im: all(|phasor| phasor.im),
            turn_re: all(|phasor| phasor.turn_re),
            turn_im: all(|phasor| phasor.turn_im),
        }
    }

    /// The samples of this frame, of each what [`Phasor::next`] gives.
    #[inline]
    pub(super) fn next(&mut self) -> [f64; N] {
        let samples = self.im;
        let (mut re, mut im) = ([0.0; N], [0.0; N]);
        for n in 0..N {
            re[n] = self.re[n] * self.turn_re[n] - self.im[n] * self.turn_im[n];
            im[n] = self.re[n] * self.turn_im[n] + self.im[n] * self.turn_re[n];
        }
        (self.re, self.im) = (re, im);
        samples
    }

    /// The phasors, as they stand now.
    pub(super) fn phasors(&self) -> [Phasor; N] {
        std::array::from_fn(|n| Phasor {
            re: self.re[n],
            im: self.im[n],
            turn_re: self.turn_re[n],
            turn_im: self.turn_im[n],
        })
    }
}

impl RisingPhasor {
    /// The sample of this frame.
    #[inline]
    pub(super) fn next(&mut self) -> f64 {
        let sample = self.phasor.next();
        let Phasor { turn_re, turn_im, .. } = self.phasor;
        self.phasor.turn_re = turn_re * self.faster_re - turn_im * self.faster_im;
        self.phasor.turn_im = turn_re * self.faster_im + turn_im * self.faster_re;
        sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_million_turns_later_it_is_still_the_same_sine() {
        let rate = SampleRate::HZ_48000;
        let mut phasor = Phasor::new(221.3, 0.5, 0.0, f64::INFINITY, rate);
        let last = 10_000_000_u64;
        let sample = (0..=last).map(|_| phasor.next()).last().unwrap();
        let exact = 0.5 * libm::sin(TAU * (221.3 * last as f64 / 48_000.0).fract());
        assert!((sample - exact).abs() < 1e-7, "{sample} {exact}");
        assert!((phasor.amplitude() - 0.5).abs() < 1e-8);
    }

    #[test]
    fn a_chord_is_its_phasors_to_the_last_bit() {
        let rate = SampleRate::HZ_48000;
        let mut alone: [Phasor; 4] =
            std::array::from_fn(|n| Phasor::new(100.0 + 37.0 * n as f64, 0.5, 0.1 * n as f64, 3.0, rate));
        let mut chord = Chord::of(&alone);
        for _ in 0..10_000 {
            assert_eq!(chord.next(), alone.each_mut().map(Phasor::next));
        }
        assert_eq!(chord.phasors().map(|mut phasor| phasor.next()), alone.map(|mut phasor| phasor.next()));
    }

    #[test]
    fn it_falls_by_sixty_decibels_in_its_time() {
        let rate = SampleRate::new(1000).unwrap();
        let mut phasor = Phasor::new(100.0, 1.0, 0.25, 2.0, rate);
        assert_eq!(phasor.next(), 1.0);
        for _ in 1..2000 {
            phasor.next();
        }
        assert!((phasor.amplitude() - 0.001).abs() < 1e-9);
    }
}
