//! The scripts that `[podcast]` names.
#![allow(clippy::disallowed_methods, reason = "the scripts of a project are looked for")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Podcast;
use crate::build::scripts;
use crate::diag::{Diagnostic, Diagnostics, Spanned};

/// The scripts that a podcast of the project at `root` names, each once, in their order; none if it names none, and
/// all are meant. What is not there, or not of the project, is added to `diagnostics`.
pub fn podcast_scripts(podcast: &Podcast, root: &Path, diagnostics: &mut Diagnostics) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut named = Vec::new();
    for written in &podcast.scripts {
        match within(&written.value, root) {
            Ok(found) => named.extend(found.into_iter().filter(|script| seen.insert(script.clone()))),
            Err(reason) => diagnostics.push(missing(written, &reason)),
        }
    }
    named
}

/// The scripts that a path of the project means; why there are none.
fn within(path: &str, root: &Path) -> Result<Vec<PathBuf>, String> {
    let found = root.join(path).canonicalize().map_err(|_| "there is no such script or folder")?;
    if !root.canonicalize().is_ok_and(|root| found.starts_with(root)) {
        return Err("it is outside the project".to_owned());
    }
    scripts(&[found]).map_err(|error| error.to_string())
}

fn missing(written: &Spanned<String>, reason: &str) -> Diagnostic {
    let message = format!("no episodes in `{}`: {reason}", written.value);
    let hint = "name scripts, or folders of them, from the root of the project: `[\"scripts/course/\"]`";
    Diagnostic::error("missing-script", written.span, message).hint(hint)
}
