//! The vocabulary of sounds: a sound as a script names it, and the reasons that there is none.
//!
//! Spoken from `timeline` to `sidecar`; `library` makes the sounds. Must not know how.

use crate::diag::Span;
use crate::digest::{Digested, Digester};
use crate::units::{Frames, Millis, Pitch};

use super::pages::Fault;

/// A sound as a script asks for it: what it is there for, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoundRef {
    /// The use that it is made ready for.
    pub kind: SoundKind,
    /// Its source.
    pub source: SoundSource,
}

/// The kind of a sound, which says how it is levelled, how its ends are cared for, and on which bus it is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SoundKind {
    /// As loud as every other spoken line.
    Speech,
    /// A sound of its own, left as it is.
    AsIs,
    /// A strike as loud as the voice.
    Bell,
    /// A loop without a seam, as loud as the voice.
    Bed,
    /// A soft tone that leads one phase of a breath.
    Pacer,
}

/// The source of a sound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SoundSource {
    /// A spoken line with its templates resolved, looked up by its normalised text in the voices of the session.
    Line(String),
    /// A file, by its path from the root of the project.
    File(String),
    /// A sound that nidra makes itself.
    BuiltIn(BuiltIn),
}

/// A sound that nidra makes itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltIn {
    /// A bell by its name, and its pitch if that is not its own.
    Bell {
        /// `bowl`, `tingsha`, `temple` or `handbell`, unless it is a mistake.
        name: String,
        /// The pitch.
        pitch: Option<Pitch>,
    },
    /// A bed.
    Bed {
        /// `brown-noise`, `rain` or `tanpura`, unless it is a mistake.
        name: String,
    },
    /// A breath tone.
    Pacer {
        /// The phase that it leads.
        phase: BreathPhase,
        /// Length of the phase.
        length: Millis,
    },
}

impl SoundRef {
    /// A spoken line.
    pub fn line(text: impl Into<String>) -> Self {
        Self { kind: SoundKind::Speech, source: SoundSource::Line(text.into()) }
    }

    /// A file of the project.
    pub fn file(kind: SoundKind, path: impl Into<String>) -> Self {
        Self { kind, source: SoundSource::File(path.into()) }
    }

    /// A built-in bell, or a file that sounds like one and has no other pitch.
    pub fn bell(name: impl Into<String>, pitch: Option<Pitch>) -> Self {
        Self::named(SoundKind::Bell, name.into(), |name| BuiltIn::Bell { name, pitch })
    }

    /// A built-in bed, or a file that is made to loop.
    pub fn bed(name: impl Into<String>) -> Self {
        Self::named(SoundKind::Bed, name.into(), |name| BuiltIn::Bed { name })
    }

    /// A breath tone.
    pub fn pacer(phase: BreathPhase, length: Millis) -> Self {
        let source = SoundSource::BuiltIn(BuiltIn::Pacer { phase, length });
        Self { kind: SoundKind::Pacer, source }
    }

    fn named(kind: SoundKind, name: String, built_in: impl FnOnce(String) -> BuiltIn) -> Self {
        // Built-in names are words; a path has a folder or an ending.
        let is_path = name.contains(['/', '.']);
        let source = if is_path { SoundSource::File(name) } else { SoundSource::BuiltIn(built_in(name)) };
        Self { kind, source }
    }

    /// Its name in a script, or the words of a line; of a breath tone what it leads.
    pub fn name(&self) -> &str {
        match &self.source {
            SoundSource::Line(name) | SoundSource::File(name) => name,
            SoundSource::BuiltIn(BuiltIn::Bell { name, .. } | BuiltIn::Bed { name }) => name,
            SoundSource::BuiltIn(BuiltIn::Pacer { .. }) => "the breath",
        }
    }
}

/// The part of a breath that a cue leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreathPhase {
    /// Breathing in.
    In,
    /// Holding the breath after it.
    Hold,
    /// Breathing out.
    Out,
    /// Resting after it.
    Rest,
}

impl Digested for SoundRef {
    fn digest_into(&self, to: &mut Digester) {
        match (self.kind, &self.source) {
            (_, SoundSource::BuiltIn(sound)) => sound.digest_into(to),
            (_, SoundSource::Line(text)) => _ = to.field("speech", text),
            (SoundKind::Bell, SoundSource::File(path)) => {
                to.field("bell", path).field("pitch", &None::<Pitch>);
            }
            (SoundKind::Bed, SoundSource::File(path)) => _ = to.field("bed", path),
            (kind, SoundSource::File(path)) => _ = to.field("file", path).field("levelling", &kind),
        }
    }
}

impl Digested for SoundKind {
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

impl Digested for BreathPhase {
    fn digest_into(&self, to: &mut Digester) {
        let name = match self {
            Self::In => "in",
            Self::Hold => "hold",
            Self::Out => "out",
            Self::Rest => "rest",
        };
        name.digest_into(to);
    }
}

/// Knows how long sounds are: all that the timeline asks of them.
pub trait Sounds: Sync {
    /// Returns the length of a sound, at the session rate.
    ///
    /// # Errors
    /// If nothing has that name, or its file cannot be read.
    fn length(&self, sound: &SoundRef) -> Result<Frames, SoundError>;

    /// The line of a voice that is most like one that none has, if one is near. To look for it takes longer than all else.
    fn nearest_line(&self, _text: &str) -> Option<String> {
        None
    }
}

/// The reason that there is no such sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// No voice of the session has this line.
    #[error("no voice has the line \"{text}\"")]
    MissingLine {
        /// The line.
        text: String,
    },
    /// The session names no voice at all.
    #[error("there is no voice to say \"{text}\"")]
    NoVoice {
        /// The line.
        text: String,
        /// The first voice of the project by name.
        known: Option<String>,
    },
    /// A voice has the line, and something is wrong with the file that it names.
    #[error("{fault}")]
    OfVoice {
        /// The error of the file.
        fault: Box<SoundError>,
        /// The place where the voice names it.
        file: Span,
        /// A file in the folder of the voice with a name that is like it.
        nearest: Option<String>,
    },
    /// No voice that could be read has this line, and in one there is a mistake that may be why, which was told when it was
    /// read.
    #[error("the voice that is to say \"{text}\" could not be read")]
    UnreadVoice {
        /// The line.
        text: String,
    },
    /// The name is neither built in nor a path.
    #[error("no {kind} named `{name}`")]
    UnknownName {
        /// "bell" or "bed".
        kind: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The file of the sound is not there.
    #[error("there is no file `{path}`")]
    MissingFile {
        /// Path from the project root.
        path: String,
    },
    /// The path leaves the project.
    #[error("`{path}` is outside the project")]
    OutsideProject {
        /// The path as written.
        path: String,
    },
    /// The file is there but cannot be decoded.
    #[error("could not read `{path}`: {reason}")]
    Unreadable {
        /// Path from the project root.
        path: String,
        /// The reason that the decoder gives.
        reason: String,
    },
    /// The file was changed while it was used.
    #[error("`{path}` was changed while it was used; run this again")]
    Changed {
        /// Path from the project root.
        path: String,
    },
}

impl SoundError {
    /// A file that is there but cannot be used, and why.
    pub(crate) fn unreadable(path: &str, reason: impl Into<String>) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: reason.into() }
    }
}

impl From<Fault> for SoundError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Changed { recording: path } => Self::Changed { path },
            Fault::Unreadable { recording: path, reason } => Self::Unreadable { path, reason },
        }
    }
}
