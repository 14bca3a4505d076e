//! Files of nidra's that are no tracks: written only where something changes, and in place only of what nidra wrote.
//!
//! How a file of nidra's is known again is for each kind to say; what is known to be somebody's work is not replaced
//! unless that was asked for.

use std::io::{self, Write};
use std::path::Path;

use super::render::{Overwrite, RenderError};
use crate::sink::{NewFile, SinkError};

/// What became of a file that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new, or was replaced.
    New,
    /// It was there, byte for byte, and was not touched.
    Same,
}

/// Says no to a file that is there and is somebody's, so that it can be said before anything is made.
///
/// # Errors
/// [`RenderError::NotOurs`], or if what is there cannot be read.
pub(super) fn may_replace(
    path: &Path,
    overwrite: Overwrite,
    is_ours: fn(&[u8]) -> bool,
) -> Result<(), RenderError> {
    match (std::fs::read(path), overwrite) {
        (_, Overwrite::Anything) => Ok(()),
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        (Err(error), _) => Err(SinkError::new("read", path, error).into()),
        (Ok(old), Overwrite::Ours) if is_ours(&old) => Ok(()),
        (Ok(_), Overwrite::Ours) => Err(RenderError::NotOurs(path.to_owned())),
    }
}

/// Puts `bytes` at `path`, whole or not at all, unless they are there already.
///
/// # Errors
/// As for [`may_replace`], and if the file cannot be written.
pub(super) fn write(
    path: &Path,
    bytes: &[u8],
    overwrite: Overwrite,
    is_ours: fn(&[u8]) -> bool,
) -> Result<Written, RenderError> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(Written::Same);
    }
    may_replace(path, overwrite, is_ours)?;
    let mut file = NewFile::create(path)?;
    file.write_all(bytes).map_err(|error| SinkError::new("write", path, error))?;
    file.finish()?;
    Ok(Written::New)
}
