//! The identity of a sound, as a short number: equal numbers, equal samples.
//!
//! Behind `sound_store.rs`. Must not know where files are.

use crate::audio::{BreathPhase, Levelling};
use crate::digest::{Digest, Digested, Digester, ENGINE_REVISION, digest_of};
use crate::library::files::open_file::Stamp;
use crate::units::{Millis, Pitch, SampleRate};

/// The use that a sound is made ready for, which says how it is levelled and its ends are cared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    Speech,
    AsIs,
    Bell,
    Bed,
    Pacer,
}

/// The origin of the samples of a sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A file, by its path from the root.
    File(String, Treatment),
    /// nidra makes it.
    BuiltIn(BuiltIn),
}

impl Origin {
    /// Returns the name that people have for it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::File(path, _) => path,
            Self::BuiltIn(BuiltIn::Bell { name, .. } | BuiltIn::Bed { name }) => name,
            Self::BuiltIn(BuiltIn::Pacer { .. }) => "the breath",
        }
    }
}

/// A sound that nidra makes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    Bell { name: String, pitch: Option<Pitch> },
    Bed { name: String },
    Pacer { phase: BreathPhase, length: Millis },
}

impl BuiltIn {
    pub(crate) fn treatment(&self) -> Treatment {
        match self {
            Self::Bell { .. } => Treatment::Bell,
            Self::Bed { .. } => Treatment::Bed,
            Self::Pacer { .. } => Treatment::Pacer,
        }
    }
}

/// The identities by which a sound is known in a run.
pub(crate) struct Known {
    pub(crate) identity: Digest,
    /// Its identity in a run that only glances at files, so that a player of what was checked does not measure it
    /// again.
    pub(crate) at_a_glance: Option<Digest>,
}

impl From<Levelling> for Treatment {
    fn from(levelling: Levelling) -> Self {
        match levelling {
            Levelling::Speech => Self::Speech,
            Levelling::AsIs => Self::AsIs,
        }
    }
}

/// Returns what stands for the digest of a file that is not read: equal as long as the file is not written to.
pub(crate) fn of_stamp(path: &str, stamp: Stamp) -> Digest {
    digest_of(&(path, stamp))
}

/// The identity of a clip that is made of such a file.
pub(crate) fn of_file(file: &Digest, treatment: Treatment, rate: SampleRate) -> Digest {
    digest_of(&ClipOfFile { file, treatment, rate })
}

/// The identity of a built-in sound: its name says all, within one revision of the engine.
pub(crate) fn of_built_in(sound: &BuiltIn, rate: SampleRate) -> Digest {
    digest_of(&ClipOfNidra { sound, rate })
}

/// A clip at the rate of a session.
struct ClipOfFile<'a> {
    file: &'a Digest,
    treatment: Treatment,
    rate: SampleRate,
}

struct ClipOfNidra<'a> {
    sound: &'a BuiltIn,
    rate: SampleRate,
}

impl Digested for ClipOfFile<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Self { file, treatment, rate } = self;
        to.field("engine", &ENGINE_REVISION)
            .field("file", file)
            .field("treatment", treatment)
            .field("rate", rate);
    }
}

impl Digested for ClipOfNidra<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Self { sound, rate } = self;
        to.field("engine", &ENGINE_REVISION).field("built-in", sound).field("rate", rate);
    }
}

impl Digested for Treatment {
    fn digest_into(&self, to: &mut Digester) {
        let name = match self {
            Self::Speech => "speech",
            Self::AsIs => "as-is",
            Self::Bell => "bell",
            Self::Bed => "bed",
            Self::Pacer => "pacer",
        };
        name.digest_into(to);
    }
}

impl Digested for BuiltIn {
    fn digest_into(&self, to: &mut Digester) {
        match self {
            Self::Bell { name, pitch } => to.field("bell", name).field("pitch", pitch),
            Self::Bed { name } => to.field("bed", name),
            Self::Pacer { phase, length } => to.field("pacer", phase).field("length", length),
        };
    }
}
