//! A file of the project, ready to be measured and heard: a short one decoded, a long one left where it is.
//!
//! Behind `sound_store.rs`. Must not know the names of sounds.

use std::io::{self, Read as _};
use std::sync::Arc;

use super::decode::{Decoded, decode};
use super::open_file::OpenFile;
use super::resamplers::Resamplers;
use super::shape::{shaped, shaped_length};
use super::streamed::LongFile;
use crate::audio::{ClipSound, SoundError};
use crate::digest::{Digest, digest_of_bytes};
use crate::library::analysis::identity::Treatment;
use crate::library::analysis::level::{Ask, Level};
use crate::units::{Frames, Gain, SampleRate};

/// The sound of a file.
pub(crate) enum LoadedFile {
    /// All of it.
    Short(Decoded),
    /// A recording that is read while it is heard.
    Long(LongFile),
}

/// The check that a file is still what it was when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeCheck {
    /// By its bytes, if all of them are read.
    Bytes(Digest),
    /// By its length and when it was written.
    Stamp,
}

impl LoadedFile {
    /// Loads what a file holds. An author who saves it while it is used gets all of it or none of it.
    ///
    /// # Errors
    /// If it cannot be read or decoded, or holds something else by now.
    pub(crate) fn new(
        path: &str,
        file: OpenFile,
        proof: ChangeCheck,
        resamplers: &Arc<Resamplers>,
    ) -> Result<Self, SoundError> {
        let unreadable = |reason: String| SoundError::unreadable(path, reason);
        let changed = || SoundError::Changed { path: path.to_owned() };
        let file = Arc::new(file);
        if let Some(long) = LongFile::of(path, &file, resamplers) {
            return if file.is_unchanged() { Ok(Self::Long(long)) } else { Err(changed()) };
        }
        let mut bytes = Vec::new();
        file.reader().read_to_end(&mut bytes).map_err(|error: io::Error| unreadable(error.to_string()))?;
        let is_unchanged = match proof {
            ChangeCheck::Bytes(digest) => digest_of_bytes(&bytes) == digest,
            ChangeCheck::Stamp => file.is_unchanged(),
        };
        if !is_unchanged {
            return Err(changed());
        }
        decode(bytes).map(Self::Short).map_err(unreadable)
    }

    /// Returns its length at a rate.
    pub(crate) fn length(&self, treatment: Treatment, rate: SampleRate) -> Frames {
        match self {
            Self::Short(decoded) => shaped_length(decoded.length(rate), treatment, rate),
            Self::Long(long) => long.length(treatment, rate),
        }
    }

    /// Its level, measured at the file's own rate: that of a voice is often half a session's.
    ///
    /// # Errors
    /// If a long one is broken, or changes meanwhile.
    pub(crate) fn level(&self, treatment: Treatment, ask: Ask) -> Result<Level, SoundError> {
        match self {
            Self::Short(decoded) => {
                let sound = shaped(decoded.frames(), treatment, decoded.rate);
                Ok(Level::of(&sound, treatment, decoded.rate))
            }
            Self::Long(long) => Ok(long.level(treatment, ask)?),
        }
    }

    /// Returns its sound as it is heard.
    pub(crate) fn heard(
        self,
        treatment: Treatment,
        rate: SampleRate,
        gain: Gain,
        resamplers: &Resamplers,
    ) -> ClipSound {
        match self {
            Self::Short(decoded) => {
                ClipSound::Held(shaped(decoded.at(rate, resamplers), treatment, rate).scaled(gain))
            }
            Self::Long(long) => ClipSound::Paged(Arc::new(long.heard(treatment, rate, gain))),
        }
    }
}
