//! One decoded sound, at the session rate, ready to be mixed.

use std::ops::Range;

use crate::audio::Frame;
use crate::units::{Frames, Gain};

/// One decoded sound at the session rate. Loading has already levelled it and faded its edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// Its frames.
    pub frames: ClipFrames,
    /// The largest magnitude in each stretch of [`Clip::PEAK_STRETCH`] frames, so that the mix can
    /// be kept under full scale without being rendered first.
    pub peaks: Box<[f32]>,
}

/// The frames of a clip. Speech and bells are mono at the source; kept so, they take half the memory.
#[derive(Clone, Debug, PartialEq)]
pub enum ClipFrames {
    /// One sample a frame, the same for both channels.
    Mono(Box<[f32]>),
    /// Two samples a frame.
    Stereo(Box<[Frame]>),
}

impl Clip {
    /// Frames covered by one entry of [`Clip::peaks`].
    pub const PEAK_STRETCH: usize = 1024;

    /// A clip of these frames.
    pub fn new(frames: ClipFrames) -> Self {
        let peaks = match &frames {
            ClipFrames::Mono(samples) => peaks(samples, |s| s.abs()),
            ClipFrames::Stereo(frames) => peaks(frames, |f| f.peak()),
        };
        Self { frames, peaks }
    }

    /// How long it is.
    pub fn length(&self) -> Frames {
        Frames(self.frames.len() as u64)
    }

    /// The largest magnitude within `range`, or a little more: whole stretches are counted.
    pub fn peak_in(&self, range: Range<usize>) -> f32 {
        let stretches =
            range.start / Self::PEAK_STRETCH..range.end.div_ceil(Self::PEAK_STRETCH).min(self.peaks.len());
        self.peaks.get(stretches).unwrap_or(&[]).iter().copied().fold(0.0, f32::max)
    }

    /// The same sound, louder or softer.
    pub fn scaled(self, gain: Gain) -> Self {
        Self::new(match self.frames {
            ClipFrames::Mono(samples) => ClipFrames::Mono(samples.iter().map(|s| s * gain.0).collect()),
            ClipFrames::Stereo(frames) => ClipFrames::Stereo(frames.iter().map(|&f| f * gain).collect()),
        })
    }
}

impl ClipFrames {
    /// How many frames there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Mono(samples) => samples.len(),
            Self::Stereo(frames) => frames.len(),
        }
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn peaks<T>(values: &[T], magnitude: impl Fn(&T) -> f32) -> Box<[f32]> {
    values
        .chunks(Clip::PEAK_STRETCH)
        .map(|stretch| stretch.iter().map(&magnitude).fold(0.0, f32::max))
        .collect()
}
