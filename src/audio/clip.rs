//! One sound at the session rate, ready to be mixed.

use std::sync::Arc;

use super::{Fault, Frame, MomentaryPower, Pages};
use crate::units::{Frames, Gain};

/// One sound at the session rate. Loading has already levelled it and faded its edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// Its sound.
    pub sound: ClipSound,
    /// Its loudness over time, so that a track's loudness is known before the track is rendered.
    pub momentary: Arc<MomentaryPower>,
}

/// The sound of a clip.
#[derive(Clone, Debug)]
pub enum ClipSound {
    /// All of it is in memory.
    Held(ClipFrames),
    /// It is read while it is heard.
    Paged(Arc<dyn Pages>),
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
    /// Returns its length.
    pub fn length(&self) -> Frames {
        match &self.sound {
            ClipSound::Held(frames) => Frames(frames.len() as u64),
            ClipSound::Paged(pages) => pages.length(),
        }
    }

    /// Returns the memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let sound = match &self.sound {
            ClipSound::Held(ClipFrames::Mono(samples)) => size_of_val(&**samples),
            ClipSound::Held(ClipFrames::Stereo(frames)) => size_of_val(&**frames),
            ClipSound::Paged(pages) => pages.bytes(),
        };
        sound + size_of_val(&*self.momentary.0)
    }

    /// Fills `out` with the stretch that begins `from` after its first frame, and does not reach over its end.
    pub fn read(&self, from: Frames, out: &mut [Frame]) {
        let first = from.as_usize();
        match &self.sound {
            ClipSound::Held(ClipFrames::Mono(samples)) => {
                for (frame, &sample) in out.iter_mut().zip(&samples[first..]) {
                    *frame = Frame::mono(sample);
                }
            }
            ClipSound::Held(ClipFrames::Stereo(frames)) => out.copy_from_slice(&frames[first..][..out.len()]),
            ClipSound::Paged(pages) => pages.read(from, out),
        }
    }

    /// Returns the reason that what was heard of it is not what should have been; only a clip that is read while it is
    /// heard has one.
    pub fn fault(&self) -> Option<Fault> {
        match &self.sound {
            ClipSound::Held(_) => None,
            ClipSound::Paged(pages) => pages.fault(),
        }
    }
}

impl ClipFrames {
    /// Returns the number of frames.
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

impl PartialEq for ClipSound {
    /// A recording that is read while it is heard is equal to itself.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Held(frames), Self::Held(others)) => frames == others,
            (Self::Paged(pages), Self::Paged(others)) => Arc::ptr_eq(pages, others),
            (Self::Held(_), Self::Paged(_)) | (Self::Paged(_), Self::Held(_)) => false,
        }
    }
}

impl From<ClipFrames> for Clip {
    /// A clip whose loudness was never measured: as if it were silent.
    fn from(frames: ClipFrames) -> Self {
        Self { sound: ClipSound::Held(frames), momentary: Arc::default() }
    }
}
