//! Errors of writing, with the file and the act.

use std::io;
use std::path::{Path, PathBuf};

/// The reason that a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Another program's file is in its place.
    #[error("'{0}' is there already and is not nidra's; `--force` replaces it")]
    NotOurs(PathBuf),
    /// A file of nidra's that another program has changed is in its place.
    #[error("'{0}' was changed by another program since nidra made it; `--force` replaces it")]
    Edited(PathBuf),
    /// The system refused.
    #[error("could not {act} '{path}': {reason}", path = path.display(), reason = plain_reason(source))]
    Io {
        /// The act that was tried, as a verb: `write`, `replace`.
        act: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl OutputError {
    /// `act` failed on `path`.
    pub fn io(act: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { act, path: path.to_owned(), source }
    }
}

/// An error of the system as people read it: without its number, its first letter small.
pub fn plain_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
