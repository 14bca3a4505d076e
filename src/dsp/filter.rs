//! One-pole filters, enough to colour noise.
//!
//! Used by the strike of a bell and by the beds. A frequency near or over half the rate is taken as 0.45
//! of the rate, so that every sound can be made at any rate.

use std::f64::consts::TAU;

use crate::units::SampleRate;

/// Lets low frequencies through; falls by 6 dB an octave above its corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct LowPass {
    share: f64,
    state: f64,
}

impl LowPass {
    pub(super) fn new(corner_hz: f64, rate: SampleRate) -> Self {
        let cycles = (corner_hz / f64::from(rate.hz())).min(0.45);
        Self { share: -libm::expm1(-TAU * cycles), state: 0.0 }
    }

    #[inline]
    pub(super) fn next(&mut self, input: f64) -> f64 {
        self.state += self.share * (input - self.state);
        self.state
    }
}

/// Lets high frequencies through; falls by 6 dB an octave under its corner, to nothing at 0 Hz.
#[derive(Clone, Copy, Debug)]
pub(super) struct HighPass(LowPass);

impl HighPass {
    pub(super) fn new(corner_hz: f64, rate: SampleRate) -> Self {
        Self(LowPass::new(corner_hz, rate))
    }

    #[inline]
    pub(super) fn next(&mut self, input: f64) -> f64 {
        input - self.0.next(input)
    }
}
