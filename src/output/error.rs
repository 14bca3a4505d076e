//! Errors of writing, with the file and the act.

use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not {act} '{path}': {reason}", path = path.display(), reason = plain_reason(source))]
pub struct SinkError {
    /// The act that was tried, as a verb: `write`, `replace`.
    pub act: &'static str,
    /// The file.
    pub path: PathBuf,
    /// The reason.
    pub source: io::Error,
}

impl SinkError {
    /// `act` failed on `path`.
    pub fn new(act: &'static str, path: &Path, source: io::Error) -> Self {
        Self { act, path: path.to_owned(), source }
    }
}

/// An error of the system as people read it: without its number, its first letter small.
pub fn plain_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
