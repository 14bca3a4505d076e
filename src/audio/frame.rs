//! One instant of sound: a sample for the left and a sample for the right.

use std::ops::{Add, AddAssign, Mul};

use crate::digest::{Digested, Digester};
use crate::units::Gain;

/// One sample for each channel at one instant; full scale is 1.0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// The left sample.
    pub left: f32,
    /// The right sample.
    pub right: f32,
}

impl Frame {
    /// Digital silence.
    pub const SILENCE: Self = Self { left: 0.0, right: 0.0 };

    /// A frame from its two samples.
    pub const fn new(left: f32, right: f32) -> Self {
        Self { left, right }
    }

    /// The same sample in both channels.
    pub const fn mono(sample: f32) -> Self {
        Self { left: sample, right: sample }
    }

    /// The mono sum, halved, so that a frame made by [`Frame::mono`] comes back as it was.
    pub fn to_mono(self) -> f32 {
        (self.left + self.right) * 0.5
    }

    /// The same frame, finite whatever it was: no number is silence, and what is far beyond all sound comes down to where
    /// squares and sums of it are still numbers.
    pub fn bounded(self) -> Self {
        /// 360 dB over full scale.
        const LARGEST_SAMPLE: f32 = 1e18;
        let bounded =
            |sample: f32| if sample.is_nan() { 0.0 } else { sample.clamp(-LARGEST_SAMPLE, LARGEST_SAMPLE) };
        Self { left: bounded(self.left), right: bounded(self.right) }
    }

    /// The larger magnitude of the two samples.
    pub fn peak(self) -> f32 {
        self.left.abs().max(self.right.abs())
    }
}

impl Add for Frame {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { left: self.left + other.left, right: self.right + other.right }
    }
}

impl AddAssign for Frame {
    fn add_assign(&mut self, other: Self) {
        self.left += other.left;
        self.right += other.right;
    }
}

impl Mul<Gain> for Frame {
    type Output = Self;
    fn mul(self, gain: Gain) -> Self {
        Self { left: self.left * gain.0, right: self.right * gain.0 }
    }
}

/// The number of channels of a file. Inside, everything is stereo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelLayout {
    /// One channel, the mean of left and right.
    Mono,
    /// Left and right.
    Stereo,
}

impl Digested for ChannelLayout {
    fn digest_into(&self, to: &mut Digester) {
        u32::from(self.channels()).digest_into(to);
    }
}

impl ChannelLayout {
    /// One or two.
    pub const fn channels(self) -> u16 {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
        }
    }
}
