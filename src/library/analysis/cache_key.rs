//! The cache key of a sound, which is what it is: equal keys, equal samples.
//!
//! Behind `sound_store.rs`. Must not know where files are.

pub(crate) use crate::audio::{BuiltIn, SoundKind};
use crate::digest::{Digest, Digested, Digester, ENGINE_REVISION, digest_of};
use crate::units::SampleRate;

/// The origin of the samples of a sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A file, by its path from the root.
    File(String, SoundKind),
    /// nidra makes it.
    BuiltIn(BuiltIn),
}

impl Origin {
    pub(crate) fn treatment(&self) -> SoundKind {
        match self {
            Self::File(_, treatment) => *treatment,
            Self::BuiltIn(BuiltIn::Bell { .. }) => SoundKind::Bell,
            Self::BuiltIn(BuiltIn::Bed { .. }) => SoundKind::Bed,
            Self::BuiltIn(BuiltIn::Pacer { .. }) => SoundKind::Pacer,
        }
    }
}

/// The key of what is measured of a sound of a file with that digest. It is measured at its own rate, so it is known for
/// all.
pub(crate) fn key_of_file(file: &Digest, treatment: SoundKind) -> Digest {
    digest_of(&SoundOfFile { file, treatment })
}

/// The key of what is measured of a built-in sound, which is made at a rate: its name says all, within one revision of the
/// engine.
pub(crate) fn key_of_built_in(sound: &BuiltIn, rate: SampleRate) -> Digest {
    digest_of(&SoundOfNidra { sound, rate })
}

struct SoundOfFile<'a> {
    file: &'a Digest,
    treatment: SoundKind,
}

struct SoundOfNidra<'a> {
    sound: &'a BuiltIn,
    rate: SampleRate,
}

impl Digested for SoundOfFile<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Self { file, treatment } = self;
        to.field("engine", &ENGINE_REVISION).field("file", file).field("treatment", treatment);
    }
}

impl Digested for SoundOfNidra<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Self { sound, rate } = self;
        to.field("engine", &ENGINE_REVISION).field("built-in", sound).field("rate", rate);
    }
}
