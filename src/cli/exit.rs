//! Exit codes, each with one meaning, and the failures that end a run with one.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;

use crate::diag::{Diagnostics, Severity, TOO_MANY_DIAGNOSTICS};

/// Exit code of a run. Wrong usage (2) is clap's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    Well = 0,
    Failed = 1,
    Usage = 2,
    Script = 3,
    Sound = 4,
    Device = 5,
    /// 128 and the number of SIGINT, as shells have it.
    Interrupted = 130,
}

/// Diagnostics that mean a sound is missing, not that the script is wrong.
const SOUND_IDS: [&str; 4] = ["missing-line", "missing-sound", "unknown-voice", "unreadable-sound"];

impl Exit {
    /// Returns the exit code for the diagnostics of one script: a mistake in it weighs more than a sound that is
    /// missing.
    pub(super) fn of(diagnostics: &Diagnostics) -> Self {
        let errors =
            || diagnostics.iter().filter(|d| d.severity == Severity::Error && d.id != TOO_MANY_DIAGNOSTICS);
        match (errors().next().is_some(), errors().all(|d| SOUND_IDS.contains(&d.id))) {
            (false, _) => Self::Well,
            (true, true) => Self::Sound,
            (true, false) => Self::Script,
        }
    }

    /// Returns the exit code of two runs together: the same failure, or just that something failed.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Well, other) => other,
            (one, Self::Well) => one,
            (_, Self::Interrupted) | (Self::Interrupted, _) => Self::Interrupted,
            (one, other) if one == other => one,
            _ => Self::Failed,
        }
    }
}

/// The end of a run before its work was done.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    /// The reason, without a full stop; empty if it has been told.
    why: String,
    /// Lines for a person who wants to go on.
    pub(super) help: &'static str,
}

impl Exit {
    /// The failure with this code for a reason, which is a sentence without its full stop.
    pub(super) fn because(self, why: impl ToString) -> Failure {
        Failure { exit: self, why: why.to_string(), help: "" }
    }

    /// The failure with this code for a reason that has been told.
    #[cfg(feature = "play")]
    pub(super) fn as_told(self) -> Failure {
        self.because("")
    }
}

impl Failure {
    /// The same failure with lines of help.
    pub(super) fn with_help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Error for Failure {}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
