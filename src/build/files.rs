//! The real files behind the includes of a script.

use std::io;
use std::path::PathBuf;

use crate::files::{self, ByteLimit};
use crate::library::project_path;
use crate::script::IncludedFiles;

/// The texts of a project.
pub(super) struct ProjectFiles {
    pub(super) root: PathBuf,
}

impl IncludedFiles for ProjectFiles {
    fn read(&self, path: &str) -> io::Result<String> {
        let file = project_path(&self.root, path).map_err(io::Error::other)?;
        files::read_text(&file, ByteLimit::TEXT).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => io::Error::other("it is not UTF-8 text"),
            _ => error,
        })
    }
}
