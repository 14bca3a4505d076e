//! What a sound is, as a short number: equal numbers, equal samples.
//!
//! Behind `shelf.rs`. Must not know where files are.

use std::io::{self, Read};

use super::open_file::Stamp;
use super::sound::{BreathPhase, Levelling};
use crate::units::{Millis, Pitch, SampleRate};

/// A BLAKE3 digest: equal digests, equal bytes.
pub type Digest = [u8; 32];

/// What a sound is made ready for: how it is levelled and its ends are cared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    Speech,
    AsIs,
    Bell,
    Bed,
    Pacer,
}

/// Where the samples of a sound come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file, by its path from the root.
    File(String, Treatment),
    /// nidra makes it.
    BuiltIn(BuiltIn),
}

impl Origin {
    /// What people call it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File(path, _) => path,
            Self::BuiltIn(BuiltIn::Bell { name, .. } | BuiltIn::Bed { name }) => name,
            Self::BuiltIn(BuiltIn::Pacer { .. }) => "the breath",
        }
    }
}

/// A sound that nidra makes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BuiltIn {
    Bell { name: String, pitch: Option<Pitch> },
    Bed { name: String },
    Pacer { phase: BreathPhase, length: Millis },
}

impl BuiltIn {
    pub(super) fn treatment(&self) -> Treatment {
        match self {
            Self::Bell { .. } => Treatment::Bell,
            Self::Bed { .. } => Treatment::Bed,
            Self::Pacer { .. } => Treatment::Pacer,
        }
    }
}

/// How a sound is known in a run.
pub(super) struct Known {
    pub(super) identity: Digest,
    /// And in one that only glances at files, so that whoever plays what was checked does not measure it again.
    pub(super) at_a_glance: Option<Digest>,
}

impl From<Levelling> for Treatment {
    fn from(levelling: Levelling) -> Self {
        match levelling {
            Levelling::Speech => Self::Speech,
            Levelling::AsIs => Self::AsIs,
        }
    }
}

/// The digest of a file's bytes, however many they are.
pub(super) fn of_bytes(bytes: impl Read) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(bytes)?;
    Ok(*hasher.finalize().as_bytes())
}

/// What stands for the digest of a file that is not read: equal as long as nobody writes to it.
pub(super) fn of_stamp(path: &str, stamp: Stamp) -> Digest {
    *blake3::hash(format!("{path} {stamp:?}").as_bytes()).as_bytes()
}

/// The identity of a clip that is made of such a file.
pub(super) fn of_file(file: &Digest, treatment: Treatment, rate: SampleRate) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(file);
    hasher.update(format!("{treatment:?} {}", rate.hz()).as_bytes());
    *hasher.finalize().as_bytes()
}

/// The identity of a built-in sound: its name says all, within one version of the program.
pub(super) fn of_built_in(sound: &BuiltIn, rate: SampleRate) -> Digest {
    *blake3::hash(format!("{sound:?} {}", rate.hz()).as_bytes()).as_bytes()
}
