//! The files of the project that a script may include, and the limits on them.

use std::io;

use crate::diag::{Diagnostic, Diagnostics, Hint, SourceMap, Spanned};

/// IncludedFiles that may be open at once; a deeper nest is a mistake even where it is no loop.
const DEEPEST_INCLUDE: usize = 16;

/// Includes of one script; a few files that include each other many times must not fill the memory.
const MAX_INCLUDES: usize = 1000;

/// Bytes of a script and all that it includes, each as often as it is included: some thirty thousand cues.
const MAX_INCLUDED_BYTES: usize = 2 << 20;

/// Reads texts of the project. The core does no I/O; `build` brings the real one.
pub trait IncludedFiles {
    /// The text at a path from the project root.
    ///
    /// # Errors
    /// If it is outside the project, not there, or not UTF-8.
    fn read(&self, path: &str) -> io::Result<String>;
}

/// No files at all, for scripts that stand alone.
impl IncludedFiles for () {
    fn read(&self, _path: &str) -> io::Result<String> {
        Err(io::Error::new(io::ErrorKind::NotFound, "there is no project here"))
    }
}

/// The state that reading needs besides the table at hand.
pub(crate) struct Reading<'a> {
    pub(crate) files: &'a dyn IncludedFiles,
    pub(crate) sources: &'a mut SourceMap,
    pub(crate) diagnostics: &'a mut Diagnostics,
    /// The files being read, the script first: an include of one of them would never end.
    pub(crate) open: Vec<String>,
    /// Bytes of the script and all that it has included so far.
    pub(crate) bytes: usize,
    /// Includes so far.
    pub(crate) includes: usize,
}

impl Reading<'_> {
    /// The text of another file of the project, unless it is one too many.
    pub(crate) fn text(&mut self, path: &Spanned<String>) -> Option<String> {
        if self.open.contains(&path.value) {
            let message = format!("`{}` includes itself", path.value);
            let hint = format!("the way was: {} -> {}", self.open.join(" -> "), path.value);
            self.diagnostics.push(Diagnostic::error("include-loop", path.span, message).hint(hint));
            return None;
        }
        if self.open.len() >= DEEPEST_INCLUDE {
            let message = format!("includes are nested more than {DEEPEST_INCLUDE} deep");
            self.diagnostics.push(Diagnostic::error("include-loop", path.span, message));
            return None;
        }
        self.includes += 1;
        if self.includes > MAX_INCLUDES + 1 {
            return None;
        }
        if self.includes > MAX_INCLUDES {
            let message = format!("this script includes more than {MAX_INCLUDES} files");
            self.diagnostics.push(Diagnostic::error("include-loop", path.span, message));
            return None;
        }
        match self.files.read(&path.value) {
            Ok(text) if self.bytes.saturating_add(text.len()) > MAX_INCLUDED_BYTES => {
                let message = format!(
                    "this script is more than {} MB with all that it includes",
                    MAX_INCLUDED_BYTES >> 20
                );
                let diagnostic = Diagnostic::error("include-loop", path.span, message);
                self.diagnostics.push(diagnostic.hint("include fewer files, or use `repeat`"));
                None
            }
            Ok(text) => {
                self.bytes += text.len();
                Some(text)
            }
            Err(reason) => {
                let message = format!("could not include `{}`: {reason}", path.value);
                let hint = match reason.kind() {
                    std::io::ErrorKind::NotFound => {
                        Some(Hint::from("the path is from the project root, as in \"common/close.toml\""))
                    }
                    _ => None,
                };
                let diagnostic = Diagnostic::error("unreadable-include", path.span, message);
                self.diagnostics.push(diagnostic.maybe_hint(hint));
                None
            }
        }
    }
}
