//! The files of the project that a script may include.

use std::io;

/// Reads texts of the project. The core does no I/O; `build` brings the real one.
pub trait Files {
    /// The text at a path from the project root.
    ///
    /// # Errors
    /// If it is outside the project, not there, or not UTF-8.
    fn read(&self, path: &str) -> io::Result<String>;
}

/// No files at all, for scripts that stand alone.
impl Files for () {
    fn read(&self, _path: &str) -> io::Result<String> {
        Err(io::Error::new(io::ErrorKind::NotFound, "there is no project here"))
    }
}
