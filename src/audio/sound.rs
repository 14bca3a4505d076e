//! The vocabulary of sounds: a sound as a script names it, and the reasons that there is none.
//!
//! Spoken from `timeline` to `sidecar`; `library` makes the sounds. Must not know how.

use crate::diag::Span;
use crate::digest::{Digested, Digester};
use crate::units::{Frames, Millis, Pitch};

use super::pages::Fault;

/// A sound as a script names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sound {
    /// A spoken line, looked up by its normalised text in the voices of the session.
    Speech {
        /// The line, with templates resolved.
        text: String,
    },
    /// A file of the project.
    File {
        /// Path from the project root.
        path: String,
        /// Its levelling: to the level of the voice, or none.
        levelling: Levelling,
    },
    /// A built-in bell by name, or a file of the project that sounds like one.
    Bell {
        /// `bowl`, `tingsha`, `temple`, `handbell`, or a path from the project root.
        name: String,
        /// The pitch, if not the bell's own.
        pitch: Option<Pitch>,
    },
    /// A built-in bed by name, or a file of the project, made to loop without a seam.
    Bed {
        /// `brown-noise`, `rain`, `tanpura`, or a path from the project root.
        name: String,
    },
    /// A soft tone that leads one phase of a breath.
    Pacer {
        /// The phase.
        phase: BreathPhase,
        /// Length of the phase.
        length: Millis,
    },
}

/// The levelling of a file: to the level of the voice, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Levelling {
    /// It is speech: as loud as every other spoken clip.
    Speech,
    /// It is a sound of its own: left as it is.
    AsIs,
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

impl Digested for Sound {
    fn digest_into(&self, to: &mut Digester) {
        match self {
            Self::Speech { text } => to.field("speech", text),
            Self::File { path, levelling } => to.field("file", path).field("levelling", levelling),
            Self::Bell { name, pitch } => to.field("bell", name).field("pitch", pitch),
            Self::Bed { name } => to.field("bed", name),
            Self::Pacer { phase, length } => to.field("pacer", phase).field("length", length),
        };
    }
}

impl Digested for Levelling {
    fn digest_into(&self, to: &mut Digester) {
        let name = match self {
            Self::Speech => "speech",
            Self::AsIs => "as-is",
        };
        name.digest_into(to);
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
    fn length(&self, sound: &Sound) -> Result<Frames, SoundError>;

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
