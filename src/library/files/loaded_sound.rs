//! A sound, ready to be measured and heard: a short file decoded, a long one left where it is, a built-in one made.
//!
//! Behind `sound_store.rs`. Must not know the names of sounds.

use std::io::Read as _;
use std::sync::Arc;

use super::decode::{Decoded, decode};
use super::open_file::OpenFile;
use super::resamplers::Resamplers;
use super::shape::shaped;
use super::streamed::LongFile;
use crate::audio::SoundKind;
use crate::audio::{ClipFrames, ClipSound, SoundError};
use crate::digest::{Digest, digest_of_bytes};
use crate::library::analysis::measure::Measure;
use crate::units::{Frames, Gain, SampleRate};

/// The samples of a sound.
pub(crate) enum LoadedSound {
    /// All of a file.
    Short(Decoded),
    /// A file that is read while it is heard.
    Long(LongFile),
    /// A built-in sound, made at that rate.
    Synthesised(ClipFrames, SampleRate),
}

impl LoadedSound {
    /// The sound of a file. An author who saves it while it is used gets all of it or none of it.
    ///
    /// # Errors
    /// If it cannot be read or decoded, or does not have that digest any more: a long one by its stamp.
    pub(crate) fn of_file(
        path: &str,
        file: OpenFile,
        digest: &Digest,
        resamplers: &Arc<Resamplers>,
    ) -> Result<Self, SoundError> {
        let changed = || SoundError::Changed { path: path.to_owned() };
        let file = Arc::new(file);
        if let Some(long) = LongFile::of(path, &file, resamplers) {
            return if file.is_unchanged() { Ok(Self::Long(long)) } else { Err(changed()) };
        }
        let mut bytes = Vec::new();
        let read = file.reader().read_to_end(&mut bytes);
        read.map_err(|error| SoundError::unreadable(path, error.to_string()))?;
        if digest_of_bytes(&bytes) != *digest {
            return Err(changed());
        }
        decode(bytes).map(Self::Short).map_err(|reason| SoundError::unreadable(path, reason))
    }

    /// Measures it, a file at its own rate: that of a voice is often half a session's.
    ///
    /// # Errors
    /// If a long one is broken, or changes meanwhile.
    pub(crate) fn measure(&self, treatment: SoundKind) -> Result<Measure, SoundError> {
        match self {
            Self::Short(decoded) => {
                let sound = shaped(decoded.frames(), treatment, decoded.rate);
                Ok(Measure::of(&sound, treatment, decoded.length(), decoded.rate))
            }
            Self::Long(long) => Ok(long.measure(treatment)?),
            Self::Synthesised(frames, rate) => {
                Ok(Measure::of(frames, treatment, Frames(frames.len() as u64), *rate))
            }
        }
    }

    /// Returns its sound as it is heard at a rate.
    pub(crate) fn prepare_at(
        self,
        rate: SampleRate,
        treatment: SoundKind,
        gain: Gain,
        resamplers: &Resamplers,
    ) -> ClipSound {
        match self {
            Self::Short(decoded) => {
                ClipSound::Held(shaped(decoded.at(rate, resamplers), treatment, rate).scaled(gain))
            }
            Self::Long(long) => ClipSound::Paged(Arc::new(long.prepare_at(rate, treatment, gain))),
            Self::Synthesised(frames, _) => ClipSound::Held(frames.scaled(gain)),
        }
    }
}
