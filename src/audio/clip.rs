//! One decoded sound, at the session rate, ready to be mixed.

use std::sync::Arc;

use super::{Frame, Momentary};
use crate::units::{Frames, Gain};

/// One decoded sound at the session rate. Loading has already levelled it and faded its edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// Its frames.
    pub frames: ClipFrames,
    /// How loud it is when, so that a track's loudness is known before the track is rendered.
    pub momentary: Arc<Momentary>,
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
    /// How long it is.
    pub fn length(&self) -> Frames {
        Frames(self.frames.len() as u64)
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        let frames = match &self.frames {
            ClipFrames::Mono(samples) => size_of_val(&**samples),
            ClipFrames::Stereo(frames) => size_of_val(&**frames),
        };
        frames + size_of_val(&*self.momentary.0)
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

    /// The same frames, louder or softer.
    pub fn scaled(self, gain: Gain) -> Self {
        match self {
            Self::Mono(mut samples) => {
                samples.iter_mut().for_each(|sample| *sample *= gain.0);
                Self::Mono(samples)
            }
            Self::Stereo(mut frames) => {
                frames.iter_mut().for_each(|frame| *frame = *frame * gain);
                Self::Stereo(frames)
            }
        }
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<ClipFrames> for Clip {
    /// A clip whose loudness nobody has measured: as if it were silent.
    fn from(frames: ClipFrames) -> Self {
        Self { frames, momentary: Arc::default() }
    }
}
