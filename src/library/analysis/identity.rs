//! The identity of a sound, as a short number: equal numbers, equal samples.
//!
//! Behind `sound_store.rs`. Must not know where files are.

pub(crate) use crate::audio::{BuiltIn, SoundKind as Treatment};
use crate::digest::{Digest, Digested, Digester, ENGINE_REVISION, digest_of};
use crate::library::files::open_file::Stamp;
use crate::units::SampleRate;

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
